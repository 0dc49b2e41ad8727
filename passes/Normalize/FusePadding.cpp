//===- FusePadding.cpp - Zero padding into the layer behind it -*- C++ -*-===//
//
// Part of the shiftadd project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Exporters write asymmetric padding as a Pad of its own. Fused, it costs
// nothing: the layer's input buffer carries the border.
//
//===----------------------------------------------------------------------===//
#include "passes/Normalize/Passes.h"

#include "dialects/ShiftAdd/IR/ShiftAdd.h"

#include "mlir/Transforms/GreedyPatternRewriteDriver.h"

namespace shiftadd {

#define GEN_PASS_DEF_FUSEPADDINGPASS
#include "passes/Normalize/Passes.h.inc"

namespace {

template <typename OpTy> struct FusePad : mlir::OpRewritePattern<OpTy> {
  FusePad(mlir::MLIRContext *context, mlir::Pass::Statistic &fused)
      : mlir::OpRewritePattern<OpTy>(context), fused(fused) {}

  mlir::LogicalResult
  matchAndRewrite(OpTy op, mlir::PatternRewriter &rewriter) const override {
    auto pad = op.getInput().template getDefiningOp<PadOp>();
    if (!pad)
      return rewriter.notifyMatchFailure(op, "input is not padded");
    if (pad.getMode() != PadMode::Constant || !pad.getValue().isZero())
      return rewriter.notifyMatchFailure(op, "padding is not zero");
    auto low = pad.getLow(), high = pad.getHigh();
    auto negative = [](int64_t amount) { return amount < 0; };
    if (llvm::any_of(low, negative) || llvm::any_of(high, negative))
      return rewriter.notifyMatchFailure(op, "padding removes elements");
    if (low.front() || high.front() || low.back() || high.back())
      return rewriter.notifyMatchFailure(op, "pads batch or channels");
    llvm::SmallVector<int64_t> padding(op.getPadding());
    for (size_t d = 0; 2 * d < padding.size(); ++d) {
      padding[2 * d] += low[d + 1];
      padding[2 * d + 1] += high[d + 1];
    }
    rewriter.modifyOpInPlace(op, [&] {
      op.setPadding(padding);
      op.getInputMutable().assign(pad.getInput());
    });
    ++fused;
    return mlir::success();
  }

  mlir::Pass::Statistic &fused;
};

struct FusePadding : impl::FusePaddingPassBase<FusePadding> {
  void runOnOperation() override {
    mlir::RewritePatternSet patterns(&getContext());
    patterns.add<FusePad<ConvOp>, FusePad<ShiftConvOp>, FusePad<AdderConvOp>>(
        &getContext(), fused);
    if (mlir::failed(
            mlir::applyPatternsGreedily(getOperation(), std::move(patterns))))
      signalPassFailure();
  }
};

} // namespace
} // namespace shiftadd
