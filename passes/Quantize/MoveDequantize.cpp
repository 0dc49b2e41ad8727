//===- MoveDequantize.cpp - Movement and pooling on codes -*- C++ -*-===//
//
// Part of the shiftadd project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Quantisation is an increasing map of the elements. Ops that only move
// elements or choose among them give the same result on codes as on the values
// that the codes stand for, so the reading of the codes can wait.
//
//===----------------------------------------------------------------------===//
#include "passes/Quantize/Passes.h"

#include "dialects/ShiftAdd/IR/ShiftAdd.h"

#include "mlir/Transforms/GreedyPatternRewriteDriver.h"

namespace shiftadd {

#define GEN_PASS_DEF_MOVEDEQUANTIZEPASS
#include "passes/Quantize/Passes.h.inc"

namespace {

bool chooses(mlir::Operation *op) {
  if (auto pad = llvm::dyn_cast<PadOp>(op))
    return pad.getMode() != PadMode::Constant || pad.getValue().isZero();
  return llvm::isa<TransposeOp, ReshapeOp, SliceOp, GatherOp, BroadcastOp,
                   TileOp, ConcatOp, MaxPoolOp, ReduceMaxOp, ReduceMinOp, MaxOp,
                   MinOp>(op);
}

/// The per-tensor codes that a value is read from, or null.
mlir::Value codesOf(mlir::Value value) {
  auto dequantize = value.getDefiningOp<DequantizeOp>();
  if (!dequantize || !llvm::isa<mlir::quant::UniformQuantizedType>(
                         tensorType(dequantize.getInput()).getElementType()))
    return nullptr;
  return dequantize.getInput();
}

/// op(dequantize(q)) becomes dequantize(op(q)).
struct MoveBehind : mlir::RewritePattern {
  MoveBehind(mlir::MLIRContext *context, mlir::Pass::Statistic &moved)
      : RewritePattern(MatchAnyOpTypeTag(), /*benefit=*/1, context),
        moved(moved) {}

  mlir::LogicalResult
  matchAndRewrite(mlir::Operation *op,
                  mlir::PatternRewriter &rewriter) const override {
    if (!chooses(op))
      return mlir::failure();
    // A gather's indices are no elements of the result.
    unsigned data = llvm::isa<GatherOp>(op) ? 1 : op->getNumOperands();
    mlir::Type element;
    for (mlir::Value operand : op->getOperands().take_front(data)) {
      mlir::Value codes = codesOf(operand);
      if (!codes)
        return mlir::failure();
      mlir::Type type = tensorType(codes).getElementType();
      if (element && element != type)
        return rewriter.notifyMatchFailure(op, "operands differ in scale");
      element = type;
    }
    auto type = tensorType(op->getResult(0));
    mlir::Operation *clone = op->clone();
    for (unsigned i = 0; i < data; ++i)
      clone->setOperand(i, codesOf(op->getOperand(i)));
    clone->getResult(0).setType(
        mlir::RankedTensorType::get(type.getShape(), element));
    rewriter.insert(clone);
    rewriter.replaceOpWithNewOp<DequantizeOp>(op, type, clone->getResult(0));
    ++moved;
    return mlir::success();
  }

  mlir::Pass::Statistic &moved;
};

/// quantize(op(x)) becomes op(quantize(x)) for what exporters put between a
/// layer and its quantisation: clamps, reshapes and transposes with one use,
/// and joins of layers that have scales of their own.
struct MoveInFront : mlir::OpRewritePattern<QuantizeOp> {
  MoveInFront(mlir::MLIRContext *context, mlir::Pass::Statistic &moved)
      : OpRewritePattern(context), moved(moved) {}

  mlir::LogicalResult
  matchAndRewrite(QuantizeOp op,
                  mlir::PatternRewriter &rewriter) const override {
    mlir::Operation *producer = op.getInput().getDefiningOp();
    if (!producer || !producer->hasOneUse() ||
        !llvm::isa<ClampOp, ReshapeOp, TransposeOp, ConcatOp, MaxPoolOp>(
            producer) ||
        !llvm::isa<mlir::quant::UniformQuantizedType>(
            op.getType().getElementType()))
      return mlir::failure();
    rewriter.setInsertionPoint(producer);
    llvm::SmallVector<mlir::Value> codes;
    for (mlir::Value operand : producer->getOperands())
      codes.push_back(QuantizeOp::create(
          rewriter, op.getLoc(),
          mlir::RankedTensorType::get(tensorType(operand).getShape(),
                                      op.getType().getElementType()),
          operand));
    mlir::Operation *clone = producer->clone();
    clone->setOperands(codes);
    clone->getResult(0).setType(op.getType());
    rewriter.insert(clone);
    rewriter.replaceOp(op, clone->getResults());
    rewriter.eraseOp(producer);
    ++moved;
    return mlir::success();
  }

  mlir::Pass::Statistic &moved;
};

struct MoveDequantize : impl::MoveDequantizePassBase<MoveDequantize> {
  void runOnOperation() override {
    mlir::RewritePatternSet patterns(&getContext());
    patterns.add<MoveBehind, MoveInFront>(&getContext(), moved);
    if (mlir::failed(
            mlir::applyPatternsGreedily(getOperation(), std::move(patterns))))
      signalPassFailure();
  }
};

} // namespace
} // namespace shiftadd
