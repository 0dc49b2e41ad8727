//===- ReductionOps.cpp - Shapes of reductions -*- C++ -*-===//
//
// Part of the shiftadd project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
#include "dialects/ShiftAdd/IR/Shapes.h"
#include "dialects/ShiftAdd/IR/ShiftAdd.h"

using llvm::LogicalResult;

namespace shiftadd {

template <typename OpTy>
static LogicalResult inferReduction(OpTy op, llvm::ArrayRef<int64_t> axes,
                                    Shapes &shapes) {
  auto input = shapeOf(op.getInput());
  llvm::SmallVector<bool> reduced(input.size());
  int64_t previous = -1;
  for (int64_t axis : axes) {
    if (failed(verifyAxis(op, axis, input.size())))
      return llvm::failure();
    if (axis <= previous)
      return op.emitOpError("axes must be sorted and differ");
    reduced[axis] = true;
    previous = axis;
  }
  Shape shape;
  for (auto [size, gone] : llvm::zip_equal(input, reduced)) {
    if (!gone)
      shape.push_back(size);
    else if (op.getKeepDims())
      shape.push_back(1);
  }
  shapes.push_back(shape);
  return llvm::success();
}

#define SHIFTADD_REDUCES(OpTy)                                                 \
  LogicalResult OpTy::inferResultShapes(Shapes &shapes) {                      \
    return inferReduction(*this, getAxes(), shapes);                           \
  }
SHIFTADD_REDUCES(ReduceSumOp)
SHIFTADD_REDUCES(ReduceMeanOp)
SHIFTADD_REDUCES(ReduceMaxOp)
SHIFTADD_REDUCES(ReduceMinOp)
SHIFTADD_REDUCES(ReduceProdOp)
#undef SHIFTADD_REDUCES

template <typename OpTy>
static LogicalResult inferArgument(OpTy op, Shapes &shapes) {
  int64_t axis = op.getAxis();
  auto input = shapeOf(op.getInput());
  if (failed(inferReduction(op, axis, shapes)))
    return llvm::failure();
  if (input[axis] == 0)
    return op.emitOpError("has no elements to choose from");
  return llvm::success();
}

LogicalResult ArgMaxOp::inferResultShapes(Shapes &shapes) {
  return inferArgument(*this, shapes);
}

LogicalResult ArgMinOp::inferResultShapes(Shapes &shapes) {
  return inferArgument(*this, shapes);
}

LogicalResult TopKOp::inferResultShapes(Shapes &shapes) {
  Shape shape(shapeOf(getInput()));
  int64_t axis = getAxis(), k = getK();
  if (failed(verifyAxis(*this, axis, shape.size())))
    return llvm::failure();
  if (k < 0 || k > shape[axis])
    return emitOpError("cannot take ")
           << k << " of " << shape[axis] << " elements";
  shape[axis] = k;
  shapes.push_back(shape);
  shapes.push_back(shape);
  return llvm::success();
}

template <typename OpTy>
static LogicalResult inferSoftmax(OpTy op, Shapes &shapes) {
  shapes.push_back(Shape(shapeOf(op.getInput())));
  return verifyAxis(op, op.getAxis(), shapes.back().size());
}

LogicalResult SoftmaxOp::inferResultShapes(Shapes &shapes) {
  return inferSoftmax(*this, shapes);
}

LogicalResult LogSoftmaxOp::inferResultShapes(Shapes &shapes) {
  return inferSoftmax(*this, shapes);
}

} // namespace shiftadd
