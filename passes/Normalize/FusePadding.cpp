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

/// Strides may end the last window in front of the padding's end.
template <typename OpTy> struct TrimPad : mlir::OpRewritePattern<OpTy> {
  TrimPad(mlir::MLIRContext *context, mlir::Pass::Statistic &trimmed)
      : mlir::OpRewritePattern<OpTy>(context), trimmed(trimmed) {}

  mlir::LogicalResult
  matchAndRewrite(OpTy op, mlir::PatternRewriter &rewriter) const override {
    auto input = tensorType(op.getInput()).getShape();
    auto output = tensorType(op.getResult()).getShape();
    llvm::ArrayRef<int64_t> kernel = getKernel(op);
    llvm::SmallVector<int64_t> padding(op.getPadding());
    for (size_t d = 0; 2 * d < padding.size(); ++d) {
      if (mlir::ShapedType::isDynamic(input[d + 1]) || output[d + 1] < 1)
        continue;
      int64_t read = (output[d + 1] - 1) * op.getStrides()[d] +
                     op.getDilations()[d] * (kernel[d] - 1) + 1;
      int64_t unread =
          padding[2 * d] + input[d + 1] + padding[2 * d + 1] - read;
      padding[2 * d + 1] -= std::clamp<int64_t>(unread, 0, padding[2 * d + 1]);
    }
    if (llvm::ArrayRef<int64_t>(padding) == op.getPadding())
      return rewriter.notifyMatchFailure(op, "all padding is read");
    rewriter.modifyOpInPlace(op, [&] { op.setPadding(padding); });
    ++trimmed;
    return mlir::success();
  }

  static llvm::ArrayRef<int64_t> getKernel(OpTy op) {
    if constexpr (std::is_same_v<OpTy, MaxPoolOp> ||
                  std::is_same_v<OpTy, AvgPoolOp>)
      return op.getKernel();
    else
      return tensorType(op.getFilter()).getShape().drop_front();
  }

  mlir::Pass::Statistic &trimmed;
};

struct FusePadding : impl::FusePaddingPassBase<FusePadding> {
  void runOnOperation() override {
    mlir::RewritePatternSet patterns(&getContext());
    patterns.add<FusePad<ConvOp>, FusePad<ShiftConvOp>, FusePad<AdderConvOp>>(
        &getContext(), fused);
    patterns.add<TrimPad<ConvOp>, TrimPad<ShiftConvOp>, TrimPad<AdderConvOp>,
                 TrimPad<MaxPoolOp>, TrimPad<AvgPoolOp>>(&getContext(),
                                                         trimmed);
    if (mlir::failed(
            mlir::applyPatternsGreedily(getOperation(), std::move(patterns))))
      signalPassFailure();
  }
};

} // namespace
} // namespace shiftadd
