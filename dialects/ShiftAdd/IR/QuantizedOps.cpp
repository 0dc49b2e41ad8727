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
SHIFTADD_KEEPS_SHAPE(RequantizeResidualOp)
SHIFTADD_KEEPS_SHAPE(LookupOp)
#undef SHIFTADD_KEEPS_SHAPE

template <typename OpTy>
static LogicalResult inferBroadcast(OpTy op, Shapes &shapes) {
  auto joined = broadcastShapes(shapeOf(op.getLhs()), shapeOf(op.getRhs()));
  if (!joined)
    return op.emitOpError("operands do not broadcast: ")
           << op->getOperandTypes();
  shapes.push_back(*joined);
  return llvm::success();
}

LogicalResult RequantizeAddOp::inferResultShapes(Shapes &shapes) {
  return inferBroadcast(*this, shapes);
}

LogicalResult RequantizeMulOp::inferResultShapes(Shapes &shapes) {
  return inferBroadcast(*this, shapes);
}

LogicalResult QuantizedSoftmaxOp::inferResultShapes(Shapes &shapes) {
  shapes.push_back(Shape(shapeOf(getInput())));
  return verifyAxis(*this, getAxis(), shapes.back().size());
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

/// Per-tensor codes of at most `bits` bits.
static bool isNarrowCode(mlir::Value value, unsigned bits) {
  auto uniform =
      llvm::dyn_cast<UniformQuantizedType>(tensorType(value).getElementType());
  return uniform && uniform.getStorageTypeIntegralWidth() <= bits;
}

/// The parameters of a requantisation: one element, or one per channel.
template <typename OpTy>
static LogicalResult verifyScaling(OpTy op,
                                   llvm::ArrayRef<mlir::Value> multipliers) {
  mlir::Type accumulator = tensorType(op.getInput()).getElementType();
  if (!accumulator.isInteger(32) && !accumulator.isInteger(64) &&
      !isNarrowCode(op.getInput(), 16))
    return op.emitOpError("scales an i32 or i64 accumulator or codes of at "
                          "most 16 bits, got ")
           << accumulator;
  if (!llvm::isa<UniformQuantizedType>(op.getType().getElementType()))
    return op.emitOpError("gives a per-tensor !quant.uniform, not ")
           << op.getType();
  int64_t channels =
      shapeOf(op.getInput()).empty() ? 1 : shapeOf(op.getInput()).back();
  llvm::SmallVector<mlir::Value> parameters(multipliers);
  parameters.push_back(op.getShift());
  if (op.getBias())
    parameters.push_back(op.getBias());
  for (mlir::Value parameter : parameters) {
    auto type = tensorType(parameter);
    mlir::Type element = type.getElementType();
    bool wide = parameter == op.getBias() && element.isInteger(64);
    if (auto code = llvm::dyn_cast<PowerOfTwoType>(element))
      wide = llvm::is_contained(multipliers, parameter) &&
             code.getMinExponent() == 0;
    if (type.getRank() != 1 ||
        (type.getDimSize(0) != 1 && type.getDimSize(0) != channels) ||
        (!element.isInteger(32) && !wide))
      return op.emitOpError("needs parameters of 1 or ")
             << channels << " i32 elements, got " << type;
  }
  for (mlir::Value parameter : multipliers)
    if (auto values = readCodedIntegers(parameter))
      for (auto [i, multiplier] : llvm::enumerate(*values))
        if (multiplier <= -(1 << 20) || multiplier >= (1 << 20))
          return op.emitOpError("multipliers have at most 20 bits, got ")
                 << multiplier << " for channel " << i;
  if (auto view = WeightView::get(op.getShift()))
    for (int64_t i = 0; i < view->size(); ++i)
      if (view->getInteger(i) < 0 || view->getInteger(i) > 62)
        return op.emitOpError("shifts lie between 0 and 62, got ")
               << view->getInteger(i) << " for channel " << i;
  return llvm::success();
}

LogicalResult RequantizeOp::verify() {
  return verifyScaling(*this, {getMultiplier()});
}

LogicalResult RequantizeResidualOp::verify() {
  if (!isNarrowCode(getResidual(), 16))
    return emitOpError("needs a residual of per-tensor codes of at most 16 "
                       "bits, got ")
           << getResidual().getType();
  if (shapeOf(getResidual()) != shapeOf(getInput()))
    return emitOpError("needs a residual of the accumulator's shape, got ")
           << getResidual().getType();
  return verifyScaling(*this, {getMultiplier(), getResidualMultiplier()});
}

static LogicalResult verifyFactor(mlir::Operation *op, int64_t multiplier) {
  if (multiplier <= -(1 << 20) || multiplier >= (1 << 20))
    return op->emitOpError("multipliers have at most 20 bits, got ")
           << multiplier;
  return llvm::success();
}

static LogicalResult verifyShift(mlir::Operation *op, uint64_t shift) {
  if (shift > 62)
    return op->emitOpError("the shift lies between 0 and 62, got ") << shift;
  return llvm::success();
}

LogicalResult RequantizeAddOp::verify() {
  for (mlir::Value value : {getLhs(), getRhs(), getResult()})
    if (!llvm::isa<UniformQuantizedType>(tensorType(value).getElementType()))
      return emitOpError("needs per-tensor !quant.uniform types, got ")
             << value.getType();
  if (failed(verifyFactor(*this, getLhsMultiplier())) ||
      failed(verifyFactor(*this, getRhsMultiplier())))
    return llvm::failure();
  return verifyShift(*this, getShift());
}

LogicalResult RequantizeMulOp::verify() {
  for (mlir::Value value : {getLhs(), getRhs()})
    if (!isNarrowCode(value, 8))
      return emitOpError("needs per-tensor codes of at most 8 bits, got ")
             << value.getType();
  if (!llvm::isa<UniformQuantizedType>(getType().getElementType()))
    return emitOpError("gives a per-tensor !quant.uniform, not ") << getType();
  if (failed(verifyFactor(*this, getMultiplier())))
    return llvm::failure();
  return verifyShift(*this, getShift());
}

/// The number of codes of a table's index type, or nothing.
static std::optional<int64_t> countCodes(mlir::Type elementType) {
  unsigned bits = 0;
  if (auto uniform = llvm::dyn_cast<UniformQuantizedType>(elementType))
    bits = uniform.getStorageTypeIntegralWidth();
  else if (auto integer = llvm::dyn_cast<mlir::IntegerType>(elementType))
    bits = integer.getWidth();
  if (bits < 2 || bits > 8)
    return std::nullopt;
  return int64_t(1) << bits;
}

static LogicalResult verifyTable(mlir::Operation *op, mlir::Value input,
                                 mlir::Value table) {
  auto codes = countCodes(tensorType(input).getElementType());
  if (!codes)
    return op->emitOpError("needs per-tensor codes or integers of 2 to 8 "
                           "bits, got ")
           << input.getType();
  if (shapeOf(table) != llvm::ArrayRef<int64_t>{*codes})
    return op->emitOpError("needs a table of ")
           << *codes << " elements, got " << table.getType();
  return llvm::success();
}

LogicalResult LookupOp::verify() {
  if (tensorType(getTable()).getElementType() != getType().getElementType())
    return emitOpError("gives elements of its table, ")
           << getTable().getType() << ", not " << getType();
  return verifyTable(*this, getInput(), getTable());
}

LogicalResult QuantizedSoftmaxOp::verify() {
  if (failed(verifyTable(*this, getInput(), getExponentials())) ||
      failed(verifyFactor(*this, getMultiplier())) ||
      failed(verifyShift(*this, getShift())))
    return llvm::failure();
  if (!llvm::isa<UniformQuantizedType>(getType().getElementType()))
    return emitOpError("gives a per-tensor !quant.uniform, not ") << getType();
  if (!tensorType(getExponentials()).getElementType().isInteger(32))
    return emitOpError("needs a table of i32, got ")
           << getExponentials().getType();
  auto view = WeightView::get(getExponentials());
  int64_t axis = getAxis();
  if (!view || axis < 0 || axis >= tensorType(getInput()).getRank())
    return llvm::success();
  int64_t largest = 0;
  for (int64_t i = 0; i < view->size(); ++i) {
    if (view->getInteger(i) < (i == 0))
      return emitOpError("needs exponentials of at least 0, the first one "
                         "positive, got ")
             << view->getInteger(i) << " at " << i;
    largest = std::max(largest, view->getInteger(i));
  }
  int64_t size = std::max<int64_t>(shapeOf(getInput())[axis], 1);
  __int128 limit = __int128(1) << 62;
  __int128 sum = __int128(size) * largest;
  if (int64_t(getMultiplier()) < 0)
    return emitOpError("needs a positive multiplier");
  if (sum >= (limit >> (getShift() + 1)) ||
      2 * __int128(largest) * getMultiplier() + (sum << getShift()) >= limit)
    return emitOpError("sums over ") << size << " exponentials of up to "
                                     << largest << " could exceed 62 bits";
  return llvm::success();
}

} // namespace shiftadd
