//===- QuantizedOps.cpp - Rules of quantised ops -*- C++ -*-===//
//
// Part of the shiftadd project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
#include "dialects/ShiftAdd/IR/Shapes.h"
#include "dialects/ShiftAdd/IR/ShiftAdd.h"
#include "dialects/ShiftAdd/IR/WeightView.h"

using llvm::LogicalResult;
using mlir::quant::QuantizedType;
using mlir::quant::UniformQuantizedPerAxisType;
using mlir::quant::UniformQuantizedType;

namespace shiftadd {

#define SHIFTADD_KEEPS_SHAPE(OpTy)                                             \
  LogicalResult OpTy::inferResultShapes(Shapes &shapes) {                      \
    shapes.push_back(Shape(shapeOf(getInput())));                              \
    return llvm::success();                                                    \
  }
SHIFTADD_KEEPS_SHAPE(QuantizeOp)
SHIFTADD_KEEPS_SHAPE(DequantizeOp)
SHIFTADD_KEEPS_SHAPE(RequantizeOp)
#undef SHIFTADD_KEEPS_SHAPE

LogicalResult RequantizeAddOp::inferResultShapes(Shapes &shapes) {
  auto joined = broadcastShapes(shapeOf(getLhs()), shapeOf(getRhs()));
  if (!joined)
    return emitOpError("operands do not broadcast: ") << getOperandTypes();
  shapes.push_back(*joined);
  return llvm::success();
}

/// A uniform type, per tensor or per axis, on a tensor that has the axis.
static LogicalResult verifyCoded(mlir::Operation *op, mlir::Value value) {
  auto tensor = tensorType(value);
  if (llvm::isa<UniformQuantizedType>(tensor.getElementType()))
    return llvm::success();
  auto perAxis =
      llvm::dyn_cast<UniformQuantizedPerAxisType>(tensor.getElementType());
  if (!perAxis)
    return op->emitOpError("needs a !quant.uniform element type, got ")
           << tensor;
  int64_t axis = perAxis.getQuantizedDimension();
  if (axis >= tensor.getRank() ||
      tensor.getDimSize(axis) != int64_t(perAxis.getScales().size()))
    return op->emitOpError("has ")
           << int64_t(perAxis.getScales().size()) << " scales on dimension "
           << axis << " of " << tensor;
  return llvm::success();
}

static bool isF32(mlir::Value value) {
  return tensorType(value).getElementType().isF32();
}

LogicalResult QuantizeOp::verify() {
  if (!isF32(getInput()))
    return emitOpError("takes f32, got ") << getInput().getType();
  return verifyCoded(*this, getResult());
}

mlir::OpFoldResult QuantizeOp::fold(FoldAdaptor) {
  // (q - z) * s / s differs from q - z by less than half: the code comes back.
  auto inner = getInput().getDefiningOp<DequantizeOp>();
  if (inner && inner.getInput().getType() == getType() &&
      llvm::cast<QuantizedType>(getType().getElementType())
              .getStorageTypeIntegralWidth() <= 16)
    return inner.getInput();
  return {};
}

LogicalResult DequantizeOp::verify() {
  if (!isF32(getResult()))
    return emitOpError("gives f32, not ") << getResult().getType();
  return verifyCoded(*this, getInput());
}

LogicalResult RequantizeOp::verify() {
  mlir::Type accumulator = tensorType(getInput()).getElementType();
  if (!accumulator.isInteger(32) && !accumulator.isInteger(64))
    return emitOpError("scales an i32 or i64 accumulator, got ") << accumulator;
  if (!llvm::isa<UniformQuantizedType>(getType().getElementType()))
    return emitOpError("gives a per-tensor !quant.uniform, not ") << getType();
  int64_t channels =
      shapeOf(getInput()).empty() ? 1 : shapeOf(getInput()).back();
  for (mlir::Value parameter : getOperands().drop_front()) {
    auto type = tensorType(parameter);
    mlir::Type element = type.getElementType();
    bool wide = parameter == getBias() && element.isInteger(64);
    if (type.getRank() != 1 ||
        (type.getDimSize(0) != 1 && type.getDimSize(0) != channels) ||
        (!element.isInteger(32) && !wide))
      return emitOpError("needs parameters of 1 or ")
             << channels << " i32 elements, got " << type;
  }
  if (auto view = WeightView::get(getMultiplier()))
    for (int64_t i = 0; i < view->size(); ++i)
      if (view->getInteger(i) < 0 || view->getInteger(i) >= (1 << 20))
        return emitOpError("multipliers have at most 20 bits, got ")
               << view->getInteger(i) << " for channel " << i;
  if (auto view = WeightView::get(getShift()))
    for (int64_t i = 0; i < view->size(); ++i)
      if (view->getInteger(i) < 0 || view->getInteger(i) > 62)
        return emitOpError("shifts lie between 0 and 62, got ")
               << view->getInteger(i) << " for channel " << i;
  return llvm::success();
}

LogicalResult RequantizeAddOp::verify() {
  for (mlir::Value value : {getLhs(), getRhs(), getResult()})
    if (!llvm::isa<UniformQuantizedType>(tensorType(value).getElementType()))
      return emitOpError("needs per-tensor !quant.uniform types, got ")
             << value.getType();
  for (uint64_t multiplier : {getLhsMultiplier(), getRhsMultiplier()})
    if (multiplier >= (1 << 20))
      return emitOpError("multipliers have at most 20 bits, got ")
             << multiplier;
  if (getShift() > 62)
    return emitOpError("the shift lies between 0 and 62, got ") << getShift();
  return llvm::success();
}

} // namespace shiftadd
