//===- RecognizeShiftLayers.cpp - Weights that are powers of two -*- C++
//-*-===//
//
// Part of the shiftadd project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// A shift network is exported as a network of convolutions whose weights happen
// to be powers of two. Their codes hold the weights exactly, so that nothing is
// lost by saying so.
//
//===----------------------------------------------------------------------===//
#include "passes/Normalize/Passes.h"

#include "dialects/ShiftAdd/IR/Build.h"
#include "dialects/ShiftAdd/IR/WeightView.h"

#include "mlir/Transforms/GreedyPatternRewriteDriver.h"

namespace shiftadd {

#define GEN_PASS_DEF_RECOGNIZESHIFTLAYERSPASS
#include "passes/Normalize/Passes.h.inc"

namespace {

/// The filter as codes; null when a weight is no power of two.
mlir::Value makeCodes(mlir::PatternRewriter &rewriter, mlir::Value filter) {
  auto view = WeightView::get(filter);
  if (!view || !view->getElementType().isF32())
    return nullptr;
  std::vector<float> weights(view->size());
  for (int64_t i = 0; i < view->size(); ++i)
    weights[i] = static_cast<float>(view->getDouble(i));
  // Weights that are all zero are the mark of a missing layer, not of shifts.
  if (llvm::all_of(weights, [](float weight) { return weight == 0.0F; }))
    return nullptr;
  auto format = num::smallestOneTermFormat(weights);
  if (!format || format->bits != 8)
    return nullptr;
  llvm::SmallVector<char, 0> codes;
  for (float weight : weights) {
    auto code = format->encode(weight);
    if (!code)
      return nullptr;
    codes.push_back(static_cast<char>(*code));
  }
  auto element = PowerOfTwoType::get(rewriter.getContext(), format->bits,
                                     format->terms, format->minExponent,
                                     format->maxExponent, format->hasZero);
  return makeConstant(
      rewriter, filter.getLoc(),
      mlir::RankedTensorType::get(tensorType(filter).getShape(), element),
      codes, "weights");
}

template <typename OpTy, typename ShiftTy>
struct RecognizeShifts : mlir::OpRewritePattern<OpTy> {
  RecognizeShifts(mlir::MLIRContext *context, mlir::Pass::Statistic &found)
      : mlir::OpRewritePattern<OpTy>(context), found(found) {}

  mlir::LogicalResult
  matchAndRewrite(OpTy op, mlir::PatternRewriter &rewriter) const override {
    if (!tensorType(op.getInput()).getElementType().isF32())
      return rewriter.notifyMatchFailure(op, "input is no f32");
    mlir::Value codes = makeCodes(rewriter, op.getFilter());
    if (!codes)
      return rewriter.notifyMatchFailure(op, "weights are no powers of two");
    llvm::SmallVector<mlir::Value> operands(op->getOperands());
    operands[1] = codes;
    rewriter.replaceOpWithNewOp<ShiftTy>(op, op->getResultTypes(), operands,
                                         op->getAttrs());
    ++found;
    return mlir::success();
  }

  mlir::Pass::Statistic &found;
};

struct RecognizeShiftLayers
    : impl::RecognizeShiftLayersPassBase<RecognizeShiftLayers> {
  void runOnOperation() override {
    mlir::RewritePatternSet patterns(&getContext());
    patterns.add<RecognizeShifts<ConvOp, ShiftConvOp>,
                 RecognizeShifts<DenseOp, ShiftDenseOp>>(&getContext(), found);
    if (mlir::failed(
            mlir::applyPatternsGreedily(getOperation(), std::move(patterns))))
      signalPassFailure();
  }
};

} // namespace
} // namespace shiftadd
