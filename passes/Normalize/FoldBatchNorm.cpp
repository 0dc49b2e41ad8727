//===- FoldBatchNorm.cpp - Batch normalisation into weights -*- C++ -*-===//
//
// Part of the shiftadd project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// y = scale * (x - mean) / sqrt(variance + epsilon) + bias is one
// multiplication and one addition per channel, with factors that are constants:
// computed in double precision and rounded once.
//
//===----------------------------------------------------------------------===//
#include "passes/Normalize/Passes.h"

#include "dialects/ShiftAdd/IR/Build.h"
#include "dialects/ShiftAdd/IR/WeightView.h"

#include "mlir/Transforms/GreedyPatternRewriteDriver.h"

#include <cmath>

namespace shiftadd {

#define GEN_PASS_DEF_FOLDBATCHNORMPASS
#include "passes/Normalize/Passes.h.inc"

namespace {

struct Affine {
  std::vector<double> factor, offset;
};

std::optional<Affine> getAffine(BatchNormOp op) {
  auto scale = WeightView::get(op.getScale());
  auto bias = WeightView::get(op.getBias());
  auto mean = WeightView::get(op.getMean());
  auto variance = WeightView::get(op.getVariance());
  if (!scale || !bias || !mean || !variance)
    return std::nullopt;
  Affine affine;
  for (int64_t i = 0; i < scale->size(); ++i) {
    double factor =
        scale->getDouble(i) /
        std::sqrt(variance->getDouble(i) + op.getEpsilon().convertToDouble());
    affine.factor.push_back(factor);
    affine.offset.push_back(bias->getDouble(i) - mean->getDouble(i) * factor);
  }
  return affine;
}

/// Folds into a layer whose first filter dimension is the output channel.
template <typename OpTy>
mlir::LogicalResult foldInto(OpTy layer, BatchNormOp op, const Affine &affine,
                             mlir::PatternRewriter &rewriter) {
  auto filter = WeightView::get(layer.getFilter());
  std::optional<WeightView> bias;
  if (layer.getBias() && !(bias = WeightView::get(layer.getBias())))
    return rewriter.notifyMatchFailure(op, "bias is not constant");
  if (!filter || !filter->getElementType().isF32())
    return rewriter.notifyMatchFailure(op, "weights are not constant f32");
  int64_t channels = affine.factor.size();
  int64_t taps = filter->size() / std::max<int64_t>(channels, 1);
  std::vector<float> weights(filter->size()), offsets(channels);
  for (int64_t o = 0; o < channels; ++o) {
    for (int64_t k = 0; k < taps; ++k)
      weights[o * taps + k] = static_cast<float>(
          filter->getDouble(o * taps + k) * affine.factor[o]);
    double old = bias ? bias->getDouble(o) : 0.0;
    offsets[o] = static_cast<float>(old * affine.factor[o] + affine.offset[o]);
  }
  rewriter.setInsertionPoint(layer);
  auto location = layer.getLoc();
  mlir::Value newFilter =
      makeConstant(rewriter, location, tensorType(layer.getFilter()).getShape(),
                   llvm::ArrayRef<float>(weights));
  mlir::Value newBias = makeConstant(rewriter, location, {channels},
                                     llvm::ArrayRef<float>(offsets));
  rewriter.modifyOpInPlace(layer, [&] {
    layer.getFilterMutable().assign(newFilter);
    layer.getBiasMutable().assign(newBias);
  });
  rewriter.replaceOp(op, layer);
  return mlir::success();
}

struct FoldNorm : mlir::OpRewritePattern<BatchNormOp> {
  FoldNorm(mlir::MLIRContext *context, mlir::Pass::Statistic &folded)
      : OpRewritePattern(context), folded(folded) {}

  mlir::LogicalResult
  matchAndRewrite(BatchNormOp op,
                  mlir::PatternRewriter &rewriter) const override {
    auto affine = getAffine(op);
    if (!affine || !op.getType().getElementType().isF32())
      return rewriter.notifyMatchFailure(op, "parameters are not constant f32");
    ++folded;
    bool lastAxis = int64_t(op.getAxis()) == op.getType().getRank() - 1;
    if (lastAxis && op.getInput().hasOneUse()) {
      mlir::Operation *producer = op.getInput().getDefiningOp();
      if (auto conv = llvm::dyn_cast_or_null<ConvOp>(producer))
        if (succeeded(foldInto(conv, op, *affine, rewriter)))
          return mlir::success();
      if (auto dense = llvm::dyn_cast_or_null<DenseOp>(producer))
        if (succeeded(foldInto(dense, op, *affine, rewriter)))
          return mlir::success();
    }
    // Per channel: [C] or [C, 1, ...] broadcasts from the last dimension.
    int64_t channels = affine->factor.size();
    llvm::SmallVector<int64_t> shape(op.getType().getRank() - op.getAxis(), 1);
    shape.front() = channels;
    std::vector<float> factor(affine->factor.begin(), affine->factor.end());
    std::vector<float> offset(affine->offset.begin(), affine->offset.end());
    mlir::Value scale = makeConstant(rewriter, op.getLoc(), shape,
                                     llvm::ArrayRef<float>(factor));
    mlir::Value shift = makeConstant(rewriter, op.getLoc(), shape,
                                     llvm::ArrayRef<float>(offset));
    mlir::Value scaled = MulOp::create(rewriter, op.getLoc(), op.getType(),
                                       op.getInput(), scale);
    rewriter.replaceOpWithNewOp<AddOp>(op, op.getType(), scaled, shift);
    return mlir::success();
  }

  mlir::Pass::Statistic &folded;
};

struct FoldBatchNorm : impl::FoldBatchNormPassBase<FoldBatchNorm> {
  void runOnOperation() override {
    mlir::RewritePatternSet patterns(&getContext());
    patterns.add<FoldNorm>(&getContext(), folded);
    if (mlir::failed(
            mlir::applyPatternsGreedily(getOperation(), std::move(patterns))))
      signalPassFailure();
  }
};

} // namespace
} // namespace shiftadd
