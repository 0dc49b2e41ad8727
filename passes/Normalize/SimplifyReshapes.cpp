//===- SimplifyReshapes.cpp - Transposes that move nothing -*- C++ -*-===//
//
// Part of the shiftadd project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Behind a global pooling, or on images of one channel, a transpose only moves
// dimensions of size 1. As a reshape it is a view and costs nothing.
//
//===----------------------------------------------------------------------===//
#include "passes/Normalize/Passes.h"

#include "dialects/ShiftAdd/IR/ShiftAdd.h"

#include "mlir/Transforms/GreedyPatternRewriteDriver.h"

namespace shiftadd {

#define GEN_PASS_DEF_SIMPLIFYRESHAPESPASS
#include "passes/Normalize/Passes.h.inc"

namespace {

struct TransposeOfUnits : mlir::OpRewritePattern<TransposeOp> {
  using OpRewritePattern::OpRewritePattern;

  mlir::LogicalResult
  matchAndRewrite(TransposeOp op,
                  mlir::PatternRewriter &rewriter) const override {
    auto input = tensorType(op.getInput());
    int64_t last = -1;
    for (int64_t from : op.getPermutation()) {
      if (input.getDimSize(from) == 1)
        continue;
      if (from < last)
        return rewriter.notifyMatchFailure(op, "moves elements");
      last = from;
    }
    llvm::SmallVector<int64_t> shape(op.getType().getShape());
    for (auto [d, size] : llvm::enumerate(shape))
      if (mlir::ShapedType::isDynamic(size)) {
        if (d != 0)
          return rewriter.notifyMatchFailure(op, "moves the free batch");
        size = -1;
      }
    rewriter.replaceOpWithNewOp<ReshapeOp>(op, op.getType(), op.getInput(),
                                           shape);
    return mlir::success();
  }
};

struct SimplifyReshapes : impl::SimplifyReshapesPassBase<SimplifyReshapes> {
  void runOnOperation() override {
    mlir::RewritePatternSet patterns(&getContext());
    patterns.add<TransposeOfUnits>(&getContext());
    if (mlir::failed(
            mlir::applyPatternsGreedily(getOperation(), std::move(patterns))))
      signalPassFailure();
  }
};

} // namespace
} // namespace shiftadd
