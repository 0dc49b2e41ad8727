//===- NetworkOps.cpp - Shapes and rules of network layers -*- C++ -*-===//
//
// Part of the shiftadd project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
#include "dialects/ShiftAdd/IR/Shapes.h"
#include "dialects/ShiftAdd/IR/ShiftAdd.h"

using llvm::LogicalResult;
using mlir::ShapedType;

namespace shiftadd {

/// [N, spatial..., C] and [O, kernel..., C / groups].
template <typename OpTy> static LogicalResult verifyFilter(OpTy op) {
  auto input = shapeOf(op.getInput()), filter = shapeOf(op.getFilter());
  if (input.size() < 3 || input.size() > 5 || filter.size() != input.size())
    return op.emitOpError("needs an input [N, spatial..., C] and a filter "
                          "[O, kernel..., C / groups] with 1 to 3 spatial "
                          "dimensions, got ")
           << op.getInput().getType() << " and " << op.getFilter().getType();
  if (failed(verifyWindow(op, input.size() - 2, op.getStrides(),
                          op.getPadding(), op.getDilations())))
    return llvm::failure();
  int64_t groups = op.getGroups();
  if (groups < 1 || input.back() != filter.back() * groups ||
      filter.front() % groups != 0)
    return op.emitOpError("cannot split ")
           << input.back() << " input and " << filter.front()
           << " output channels into " << groups << " groups of filters with "
           << filter.back() << " channels";
  return llvm::success();
}

static LogicalResult verifyBias(mlir::Operation *op, mlir::Value bias,
                                int64_t channels) {
  if (bias && shapeOf(bias) != llvm::ArrayRef<int64_t>{channels})
    return op->emitOpError("needs one bias per output channel (")
           << channels << "), got " << bias.getType();
  return llvm::success();
}

template <typename OpTy>
static LogicalResult inferConvolution(OpTy op, Shapes &shapes) {
  if (failed(verifyFilter(op)))
    return llvm::failure();
  auto input = shapeOf(op.getInput()), filter = shapeOf(op.getFilter());
  Shape shape{input.front()};
  for (size_t d = 0; d + 2 < input.size(); ++d) {
    auto count = windowCount(input[d + 1], filter[d + 1], op.getStrides()[d],
                             op.getPadding()[2 * d], op.getPadding()[2 * d + 1],
                             op.getDilations()[d]);
    if (!count)
      return op.emitOpError("the window does not fit into dimension ")
             << int64_t(d + 1) << " of " << op.getInput().getType();
    shape.push_back(*count);
  }
  shape.push_back(filter.front());
  shapes.push_back(shape);
  return verifyBias(op, op.getBias(), filter.front());
}

LogicalResult ConvOp::inferResultShapes(Shapes &shapes) {
  return inferConvolution(*this, shapes);
}
LogicalResult ShiftConvOp::inferResultShapes(Shapes &shapes) {
  return inferConvolution(*this, shapes);
}
LogicalResult AdderConvOp::inferResultShapes(Shapes &shapes) {
  return inferConvolution(*this, shapes);
}

LogicalResult ConvTransposeOp::inferResultShapes(Shapes &shapes) {
  auto input = shapeOf(getInput()), filter = shapeOf(getFilter());
  if (failed(verifyFilter(*this)))
    return llvm::failure();
  if (getOutputPadding().size() != input.size() - 2)
    return emitOpError("needs one output padding per spatial dimension");
  Shape shape{input.front()};
  for (size_t d = 0; d + 2 < input.size(); ++d) {
    int64_t size = getStrides()[d] * (input[d + 1] - 1) +
                   getOutputPadding()[d] +
                   getDilations()[d] * (filter[d + 1] - 1) + 1 -
                   getPadding()[2 * d] - getPadding()[2 * d + 1];
    if (ShapedType::isDynamic(input[d + 1]) || size < 0 ||
        getOutputPadding()[d] < 0)
      return emitOpError("dimension ")
             << int64_t(d + 1) << " has no output size";
    shape.push_back(size);
  }
  shape.push_back(filter.front());
  shapes.push_back(shape);
  return verifyBias(*this, getBias(), filter.front());
}

/// Element types of a multiplying layer: floats of one type, or integers and
/// codes with a plain accumulator.
template <typename OpTy>
static LogicalResult verifyProduct(OpTy op, mlir::Value lhs, mlir::Value rhs) {
  mlir::Type a = tensorType(lhs).getElementType();
  mlir::Type b = tensorType(rhs).getElementType();
  mlir::Type result = tensorType(op.getResult()).getElementType();
  if (llvm::isa<mlir::FloatType>(a)) {
    if ((a != b && !llvm::isa<PowerOfTwoType>(b)) || a != result)
      return op.emitOpError("on floats needs one element type throughout, got ")
             << a << ", " << b << " and " << result;
    return llvm::success();
  }
  if (!result.isInteger(32) && !result.isInteger(64))
    return op.emitOpError("on integers gives an i32 or i64 accumulator, not ")
           << result;
  if (llvm::isa<mlir::FloatType>(b))
    return op.emitOpError("mixes integers and floats");
  return llvm::success();
}

static LogicalResult verifyNoCodes(mlir::Operation *op, mlir::Value filter) {
  if (llvm::isa<PowerOfTwoType>(tensorType(filter).getElementType()))
    return op->emitOpError("takes no power-of-two codes; use the shift form");
  return llvm::success();
}

static LogicalResult verifyCodes(mlir::Operation *op, mlir::Value filter) {
  if (!llvm::isa<PowerOfTwoType>(tensorType(filter).getElementType()))
    return op->emitOpError("needs a filter of !shiftadd.pot codes (N14), got ")
           << filter.getType();
  return llvm::success();
}

/// N31, N106: the codes of an L1 distance share scale and zero point.
template <typename OpTy> static LogicalResult verifyDistance(OpTy op) {
  mlir::Type x = tensorType(op.getInput()).getElementType();
  mlir::Type w = tensorType(op.getFilter()).getElementType();
  auto qx = llvm::dyn_cast<mlir::quant::UniformQuantizedType>(x);
  auto qw = llvm::dyn_cast<mlir::quant::UniformQuantizedType>(w);
  if (qx && qw &&
      (qx.getScale() != qw.getScale() ||
       qx.getZeroPoint() != qw.getZeroPoint()))
    return op.emitOpError("operands must share scale and zero point (N106)");
  if (bool(qx) != bool(qw) || (!qx && x != w))
    return op.emitOpError("needs operands of one element type, got ")
           << x << " and " << w;
  return verifyProduct(op, op.getInput(), op.getFilter());
}

LogicalResult ConvOp::verify() {
  if (failed(verifyNoCodes(*this, getFilter())))
    return llvm::failure();
  return verifyProduct(*this, getInput(), getFilter());
}
LogicalResult ShiftConvOp::verify() {
  if (failed(verifyCodes(*this, getFilter())))
    return llvm::failure();
  return verifyProduct(*this, getInput(), getFilter());
}
LogicalResult AdderConvOp::verify() { return verifyDistance(*this); }
LogicalResult ConvTransposeOp::verify() {
  if (failed(verifyNoCodes(*this, getFilter())))
    return llvm::failure();
  return verifyProduct(*this, getInput(), getFilter());
}
LogicalResult DenseOp::verify() {
  if (failed(verifyNoCodes(*this, getFilter())))
    return llvm::failure();
  return verifyProduct(*this, getInput(), getFilter());
}
LogicalResult ShiftDenseOp::verify() {
  if (failed(verifyCodes(*this, getFilter())))
    return llvm::failure();
  return verifyProduct(*this, getInput(), getFilter());
}
LogicalResult AdderDenseOp::verify() { return verifyDistance(*this); }

template <typename OpTy>
static LogicalResult inferDense(OpTy op, Shapes &shapes) {
  auto input = shapeOf(op.getInput()), filter = shapeOf(op.getFilter());
  if (input.empty() || filter.size() != 2 || input.back() != filter.back())
    return op.emitOpError("needs an input [..., K] and a filter [N, K], got ")
           << op.getInput().getType() << " and " << op.getFilter().getType();
  Shape shape(input.drop_back());
  shape.push_back(filter.front());
  shapes.push_back(shape);
  return verifyBias(op, op.getBias(), filter.front());
}

LogicalResult DenseOp::inferResultShapes(Shapes &shapes) {
  return inferDense(*this, shapes);
}
LogicalResult ShiftDenseOp::inferResultShapes(Shapes &shapes) {
  return inferDense(*this, shapes);
}
LogicalResult AdderDenseOp::inferResultShapes(Shapes &shapes) {
  return inferDense(*this, shapes);
}

LogicalResult MatmulOp::inferResultShapes(Shapes &shapes) {
  auto lhs = shapeOf(getLhs()), rhs = shapeOf(getRhs());
  if (lhs.size() < 2 || rhs.size() < 2 || lhs.back() != rhs[rhs.size() - 2])
    return emitOpError("needs [..., M, K] and [..., K, N], got ")
           << getLhs().getType() << " and " << getRhs().getType();
  auto batch = broadcastShapes(lhs.drop_back(2), rhs.drop_back(2));
  if (!batch)
    return emitOpError("leading dimensions do not broadcast: ")
           << getLhs().getType() << " and " << getRhs().getType();
  Shape shape = *batch;
  shape.push_back(lhs[lhs.size() - 2]);
  shape.push_back(rhs.back());
  shapes.push_back(shape);
  return llvm::success();
}

template <typename OpTy>
static LogicalResult inferPool(OpTy op, Shapes &shapes) {
  auto input = shapeOf(op.getInput());
  if (input.size() < 3 || input.size() > 5)
    return op.emitOpError("needs an input [N, spatial..., C], got ")
           << op.getInput().getType();
  Shape shape{input.front()};
  if (op.getKernel().size() != input.size() - 2)
    return op.emitOpError("needs one kernel size per spatial dimension");
  if (failed(verifyWindow(op, input.size() - 2, op.getStrides(),
                          op.getPadding(), op.getDilations())))
    return llvm::failure();
  for (size_t d = 0; d + 2 < input.size(); ++d) {
    auto count = windowCount(input[d + 1], op.getKernel()[d],
                             op.getStrides()[d], op.getPadding()[2 * d],
                             op.getPadding()[2 * d + 1], op.getDilations()[d]);
    if (!count)
      return op.emitOpError("the window does not fit into dimension ")
             << int64_t(d + 1) << " of " << op.getInput().getType();
    shape.push_back(*count);
  }
  shape.push_back(input.back());
  shapes.append(op->getNumResults(), shape);
  return llvm::success();
}

#define SHIFTADD_POOLS(OpTy)                                                   \
  LogicalResult OpTy::inferResultShapes(Shapes &shapes) {                      \
    return inferPool(*this, shapes);                                           \
  }
SHIFTADD_POOLS(MaxPoolOp)
SHIFTADD_POOLS(MaxPoolWithIndicesOp)
SHIFTADD_POOLS(AvgPoolOp)
SHIFTADD_POOLS(SumPoolOp)
SHIFTADD_POOLS(LpPoolOp)
#undef SHIFTADD_POOLS

LogicalResult MaxPoolOp::verify() {
  if (tensorType(getInput()).getElementType() != getType().getElementType())
    return emitOpError("keeps the element type");
  return llvm::success();
}

LogicalResult MaxPoolWithIndicesOp::verify() {
  if (!tensorType(getIndices()).getElementType().isInteger(64))
    return emitOpError("gives i64 indices");
  return llvm::success();
}

LogicalResult AvgPoolOp::verify() {
  if (tensorType(getInput()).getElementType() != getType().getElementType())
    return emitOpError("keeps the element type");
  return llvm::success();
}

LogicalResult SumPoolOp::verify() {
  mlir::Type result = getType().getElementType();
  bool coded = llvm::isa<mlir::quant::QuantizedType>(
      tensorType(getInput()).getElementType());
  if (coded && !result.isInteger(32))
    return emitOpError("on codes gives an i32 accumulator");
  return llvm::success();
}

LogicalResult LpPoolOp::verify() {
  if (getP() < 1)
    return emitOpError("needs a positive p");
  return llvm::success();
}

LogicalResult LrnOp::inferResultShapes(Shapes &shapes) {
  shapes.push_back(Shape(shapeOf(getInput())));
  if (getSize() < 1)
    return emitOpError("needs a positive size");
  return verifyAxis(*this, getAxis(), shapes.back().size());
}

LogicalResult BatchNormOp::inferResultShapes(Shapes &shapes) {
  auto input = shapeOf(getInput());
  if (failed(verifyAxis(*this, getAxis(), input.size())))
    return llvm::failure();
  llvm::ArrayRef<int64_t> channels = input.slice(getAxis(), 1);
  for (mlir::Value parameter :
       {getScale(), getBias(), getMean(), getVariance()})
    if (shapeOf(parameter) != channels)
      return emitOpError("needs parameters of ")
             << channels.front() << " elements, got " << parameter.getType();
  shapes.push_back(Shape(input));
  return llvm::success();
}

} // namespace shiftadd
