//===- ElementwiseOps.cpp - Shapes and folds of elementwise ops -*- C++ -*-===//
//
// Part of the shiftadd project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
#include "dialects/ShiftAdd/IR/Shapes.h"
#include "dialects/ShiftAdd/IR/ShiftAdd.h"
#include "dialects/ShiftAdd/IR/WeightView.h"

#include "mlir/IR/PatternMatch.h"

using llvm::LogicalResult;

namespace shiftadd {

static LogicalResult inferBroadcast(mlir::Operation *op, Shapes &shapes) {
  Shape shape(shapeOf(op->getOperand(0)));
  for (mlir::Value operand : op->getOperands().drop_front()) {
    auto joined = broadcastShapes(shape, shapeOf(operand));
    if (!joined)
      return op->emitOpError("operands do not broadcast: ")
             << op->getOperandTypes();
    shape = *joined;
  }
  shapes.push_back(shape);
  return llvm::success();
}

#define SHIFTADD_BROADCASTS(OpTy)                                              \
  LogicalResult OpTy::inferResultShapes(Shapes &shapes) {                      \
    return inferBroadcast(*this, shapes);                                      \
  }
SHIFTADD_BROADCASTS(AddOp)
SHIFTADD_BROADCASTS(SubOp)
SHIFTADD_BROADCASTS(MulOp)
SHIFTADD_BROADCASTS(DivOp)
SHIFTADD_BROADCASTS(PowOp)
SHIFTADD_BROADCASTS(ModOp)
SHIFTADD_BROADCASTS(MinOp)
SHIFTADD_BROADCASTS(MaxOp)
SHIFTADD_BROADCASTS(PreluOp)
SHIFTADD_BROADCASTS(EqualOp)
SHIFTADD_BROADCASTS(LessOp)
SHIFTADD_BROADCASTS(LessEqualOp)
SHIFTADD_BROADCASTS(GreaterOp)
SHIFTADD_BROADCASTS(GreaterEqualOp)
SHIFTADD_BROADCASTS(AndOp)
SHIFTADD_BROADCASTS(OrOp)
SHIFTADD_BROADCASTS(XorOp)
SHIFTADD_BROADCASTS(BitShiftOp)
SHIFTADD_BROADCASTS(WhereOp)
SHIFTADD_BROADCASTS(AbsOp)
SHIFTADD_BROADCASTS(NegOp)
SHIFTADD_BROADCASTS(SignOp)
SHIFTADD_BROADCASTS(SqrtOp)
SHIFTADD_BROADCASTS(ExpOp)
SHIFTADD_BROADCASTS(LogOp)
SHIFTADD_BROADCASTS(ReciprocalOp)
SHIFTADD_BROADCASTS(RoundOp)
SHIFTADD_BROADCASTS(FloorOp)
SHIFTADD_BROADCASTS(CeilOp)
SHIFTADD_BROADCASTS(NotOp)
SHIFTADD_BROADCASTS(SinOp)
SHIFTADD_BROADCASTS(CosOp)
SHIFTADD_BROADCASTS(ErfOp)
SHIFTADD_BROADCASTS(SigmoidOp)
SHIFTADD_BROADCASTS(TanhOp)
SHIFTADD_BROADCASTS(SoftplusOp)
SHIFTADD_BROADCASTS(ReluOp)
SHIFTADD_BROADCASTS(LeakyReluOp)
SHIFTADD_BROADCASTS(EluOp)
SHIFTADD_BROADCASTS(HardSigmoidOp)
SHIFTADD_BROADCASTS(ClampOp)
SHIFTADD_BROADCASTS(CastOp)
#undef SHIFTADD_BROADCASTS

/// Whether all elements of `value` equal `number`. A float zero counts only
/// with the sign that `number` has: x + 0.0 is not x for x = -0.0.
static bool isSplatOf(mlir::Value value, double number) {
  auto view = WeightView::get(value);
  // A code is not the number that it stands for.
  if (view && tensorType(value).getElementType() != view->getElementType())
    return false;
  if (!view || view->size() == 0 || !(view->isSplat() || view->size() == 1))
    return false;
  double element = view->getDouble(0);
  return element == number && std::signbit(element) == std::signbit(number);
}

/// `operand` when it can stand for the result of `op`: the types are equal.
static mlir::OpFoldResult sameType(mlir::Operation *op, mlir::Value operand) {
  if (operand.getType() == op->getResult(0).getType())
    return operand;
  return {};
}

static bool isInteger(mlir::Operation *op) {
  return llvm::isa<mlir::IntegerType>(
      mlir::getElementTypeOrSelf(op->getResult(0)));
}

mlir::OpFoldResult AddOp::fold(FoldAdaptor) {
  double zero = isInteger(*this) ? 0.0 : -0.0;
  if (isSplatOf(getRhs(), zero))
    return sameType(*this, getLhs());
  if (isSplatOf(getLhs(), zero))
    return sameType(*this, getRhs());
  return {};
}

mlir::OpFoldResult SubOp::fold(FoldAdaptor) {
  return isSplatOf(getRhs(), 0.0) ? sameType(*this, getLhs())
                                  : mlir::OpFoldResult();
}

mlir::OpFoldResult MulOp::fold(FoldAdaptor) {
  if (isSplatOf(getRhs(), 1.0))
    return sameType(*this, getLhs());
  if (isSplatOf(getLhs(), 1.0))
    return sameType(*this, getRhs());
  return {};
}

mlir::OpFoldResult DivOp::fold(FoldAdaptor) {
  return isSplatOf(getRhs(), 1.0) ? sameType(*this, getLhs())
                                  : mlir::OpFoldResult();
}

mlir::OpFoldResult ClampOp::fold(FoldAdaptor) {
  return getMinimum() || getMaximum() ? mlir::OpFoldResult()
                                      : sameType(*this, getInput());
}

mlir::OpFoldResult CastOp::fold(FoldAdaptor) {
  return sameType(*this, getInput());
}

void ReluOp::getCanonicalizationPatterns(mlir::RewritePatternSet &patterns,
                                         mlir::MLIRContext *) {
  patterns.add(+[](ReluOp op, mlir::PatternRewriter &rewriter) {
    rewriter.replaceOpWithNewOp<ClampOp>(op, op.getType(), op.getInput(),
                                         rewriter.getF64FloatAttr(0.0),
                                         mlir::FloatAttr());
    return llvm::success();
  });
}

} // namespace shiftadd
