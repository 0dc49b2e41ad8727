//===- Shapes.cpp - Shape arithmetic of the ops -*- C++ -*-===//
//
// Part of the shiftadd project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
#include "dialects/ShiftAdd/IR/Shapes.h"

using mlir::ShapedType;

namespace shiftadd {

llvm::ArrayRef<int64_t> shapeOf(mlir::Value value) {
  return llvm::cast<mlir::RankedTensorType>(value.getType()).getShape();
}

std::optional<Shape> broadcastShapes(llvm::ArrayRef<int64_t> lhs,
                                     llvm::ArrayRef<int64_t> rhs) {
  size_t rank = std::max(lhs.size(), rhs.size());
  Shape result(rank);
  for (size_t d = 0; d < rank; ++d) {
    int64_t a = d + lhs.size() < rank ? 1 : lhs[d + lhs.size() - rank];
    int64_t b = d + rhs.size() < rank ? 1 : rhs[d + rhs.size() - rank];
    if (a != b && a != 1 && b != 1 && !ShapedType::isDynamic(a) &&
        !ShapedType::isDynamic(b))
      return std::nullopt;
    // A fixed size above 1 decides over a dynamic one.
    if (a == 1)
      result[d] = b;
    else if (b == 1 || a == b)
      result[d] = a;
    else
      result[d] = ShapedType::isDynamic(a) ? b : a;
  }
  return result;
}

std::optional<int64_t> windowCount(int64_t size, int64_t kernel, int64_t stride,
                                   int64_t low, int64_t high,
                                   int64_t dilation) {
  if (ShapedType::isDynamic(size))
    return size;
  int64_t room = size + low + high - dilation * (kernel - 1) - 1;
  if (kernel <= 0 || room < 0)
    return std::nullopt;
  return room / stride + 1;
}

llvm::LogicalResult verifyWindow(mlir::Operation *op, size_t spatialRank,
                                 llvm::ArrayRef<int64_t> strides,
                                 llvm::ArrayRef<int64_t> padding,
                                 llvm::ArrayRef<int64_t> dilations) {
  if (spatialRank < 1 || spatialRank > 3)
    return op->emitOpError("needs 1 to 3 spatial dimensions, has ")
           << int64_t(spatialRank);
  if (strides.size() != spatialRank || dilations.size() != spatialRank ||
      padding.size() != 2 * spatialRank)
    return op->emitOpError("needs one stride, one dilation and a (low, high) "
                           "padding pair per spatial dimension");
  auto below = [](int64_t bound) {
    return [bound](int64_t value) { return value < bound; };
  };
  if (llvm::any_of(strides, below(1)) || llvm::any_of(dilations, below(1)))
    return op->emitOpError("strides and dilations must be positive");
  if (llvm::any_of(padding, below(0)))
    return op->emitOpError("padding must not be negative");
  return llvm::success();
}

llvm::LogicalResult verifyAxis(mlir::Operation *op, int64_t axis,
                               int64_t rank) {
  if (axis < 0 || axis >= rank)
    return op->emitOpError("axis ")
           << axis << " is outside the " << rank << " dimensions";
  return llvm::success();
}

int64_t elementsPerSample(llvm::ArrayRef<int64_t> shape) {
  int64_t count = 1;
  for (int64_t size : shape)
    count *= ShapedType::isDynamic(size) ? 1 : size;
  return count;
}

} // namespace shiftadd
