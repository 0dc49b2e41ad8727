//===- TopClasses.h - The best classes of an output -------------*- C++ -*-===//
//
// Part of the shiftadd project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Ranks the scores of a classifier and prints them as a table.
//
//===----------------------------------------------------------------------===//
#ifndef SHIFTADD_TOOLS_SHIFTADDRUN_TOPCLASSES_H
#define SHIFTADD_TOOLS_SHIFTADDRUN_TOPCLASSES_H

#include "tools/tensor-files/Tensor.h"

#include "llvm/Support/Error.h"
#include "llvm/Support/raw_ostream.h"

namespace shiftadd::tools {

/// All elements as numbers; every element type is exact or rounded to double.
std::vector<double> toDoubles(const Tensor &tensor);

/// Prints rank, class index, label and score of the `top` largest elements of
/// `scores`; equal scores are ranked by index. `labels` is empty or has one
/// name per element, otherwise an error names `labelsPath`.
llvm::Error printTopClasses(const Tensor &scores,
                            const std::vector<std::string> &labels,
                            const std::string &labelsPath, unsigned top,
                            llvm::raw_ostream &os);

} // namespace shiftadd::tools

#endif // SHIFTADD_TOOLS_SHIFTADDRUN_TOPCLASSES_H
