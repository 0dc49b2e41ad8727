//===- SparsityCurve.h - Accuracy against sparsity --------------*- C++ -*-===//
//
// Part of the shiftadd project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// shiftadd-run --sparsity-curve: what pruning costs a network before anything
// repairs it.
//
//===----------------------------------------------------------------------===//
#ifndef SHIFTADD_TOOLS_SHIFTADDRUN_SPARSITYCURVE_H
#define SHIFTADD_TOOLS_SHIFTADDRUN_SPARSITYCURVE_H

#include "tools/shiftadd-run/Options.h"

#include "llvm/Support/Error.h"

namespace shiftadd::tools {

/// Prints one row for every share from 0 to 90 %.
llvm::Error runSparsityCurve(const Options &options);

} // namespace shiftadd::tools

#endif // SHIFTADD_TOOLS_SHIFTADDRUN_SPARSITYCURVE_H
