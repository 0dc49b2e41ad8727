//===- Shapes.h - Shape arithmetic of the ops -*- C++ -*-===//
//
// Part of the shiftadd project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Shared by the shape inference of the op groups. Sizes may be
// `mlir::ShapedType::kDynamic`; arithmetic with it stays dynamic.
//
//===----------------------------------------------------------------------===//
#ifndef SHIFTADD_IR_SHAPES_H
#define SHIFTADD_IR_SHAPES_H

#include "mlir/IR/BuiltinTypes.h"
#include "mlir/IR/Operation.h"
#include "llvm/ADT/ArrayRef.h"
#include "llvm/ADT/SmallVector.h"

#include <optional>

namespace shiftadd {

using Shape = llvm::SmallVector<int64_t>;
using Shapes = llvm::SmallVectorImpl<llvm::SmallVector<int64_t>>;

llvm::ArrayRef<int64_t> shapeOf(mlir::Value value);

/// The common shape of operands that broadcast as in numpy; nothing when two
/// sizes disagree.
std::optional<Shape> broadcastShapes(llvm::ArrayRef<int64_t> lhs,
                                     llvm::ArrayRef<int64_t> rhs);

/// Output size of a sliding window (N27); nothing when the window does not fit.
std::optional<int64_t> windowCount(int64_t size, int64_t kernel, int64_t stride,
                                   int64_t low, int64_t high, int64_t dilation);

/// Checks the attributes of a sliding window over `spatialRank` dimensions:
/// lengths, positive strides and dilations, padding that is not negative.
llvm::LogicalResult verifyWindow(mlir::Operation *op, size_t spatialRank,
                                 llvm::ArrayRef<int64_t> strides,
                                 llvm::ArrayRef<int64_t> padding,
                                 llvm::ArrayRef<int64_t> dilations);

/// Checks that `axis` is one of `rank` dimensions.
llvm::LogicalResult verifyAxis(mlir::Operation *op, int64_t axis, int64_t rank);

/// Number of elements, a dynamic size counting as 1 (one sample).
int64_t elementsPerSample(llvm::ArrayRef<int64_t> shape);

} // namespace shiftadd

#endif // SHIFTADD_IR_SHAPES_H
