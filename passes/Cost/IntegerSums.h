//===- IntegerSums.h - What the sums of a layer reach -*- C++ -*-===//
//
// Part of the shiftadd project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// The proof that no sum overflows, as the report prints it.
//
//===----------------------------------------------------------------------===//
#ifndef SHIFTADD_COST_INTEGERSUMS_H
#define SHIFTADD_COST_INTEGERSUMS_H

#include "passes/Cost/LayerBody.h"
#include "passes/Cost/NetworkCost.h"

#include <vector>

namespace shiftadd {

/// The sums of integers whose exact interval is known.
std::vector<IntegerSum> getIntegerSums(const LayerBody &body);

} // namespace shiftadd

#endif // SHIFTADD_COST_INTEGERSUMS_H
