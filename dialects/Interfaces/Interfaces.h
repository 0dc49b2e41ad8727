//===- Interfaces.h - Interfaces of the dialect's ops -*- C++ -*-===//
//
// Part of the shiftadd project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
#ifndef SHIFTADD_INTERFACES_INTERFACES_H
#define SHIFTADD_INTERFACES_INTERFACES_H

#include "mlir/IR/OpDefinition.h"

#include <cstdint>

namespace shiftadd {

/// Scalar operations of one execution of an op. A multiply-accumulate counts
/// one multiplication and one addition.
struct OperationCounts {
  int64_t multiplications = 0;
  int64_t additions = 0;
  int64_t shifts = 0;
  int64_t comparisons = 0;

  OperationCounts &operator+=(const OperationCounts &other) {
    multiplications += other.multiplications;
    additions += other.additions;
    shifts += other.shifts;
    comparisons += other.comparisons;
    return *this;
  }
};

namespace detail {
/// Compares the op's result shapes with the inferred ones; a dynamic dimension
/// agrees with anything.
llvm::LogicalResult verifyInferredShapes(mlir::Operation *op);
} // namespace detail

} // namespace shiftadd

#include "dialects/Interfaces/ConvolutionGeometry.h.inc"
#include "dialects/Interfaces/CostModel.h.inc"
#include "dialects/Interfaces/ShapeInference.h.inc"

#endif // SHIFTADD_INTERFACES_INTERFACES_H
