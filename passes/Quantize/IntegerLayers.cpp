//===- IntegerLayers.cpp - Ops between dequantize and quantize -*- C++ -*-===//
//
// Part of the shiftadd project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Replaces float ops between codes by their integer forms. What has none stays
// as it is, between the ops that convert.
//
//===----------------------------------------------------------------------===//
#include "passes/Quantize/Passes.h"

#include "passes/Quantize/IntegerForms.h"

#include "mlir/Transforms/GreedyPatternRewriteDriver.h"

namespace shiftadd {

#define GEN_PASS_DEF_INTEGERLAYERSPASS
#include "passes/Quantize/Passes.h.inc"

namespace {

struct IntegerLayers : impl::IntegerLayersPassBase<IntegerLayers> {
  using IntegerLayersPassBase::IntegerLayersPassBase;

  void runOnOperation() override {
    if (multiplierBits < 1 || multiplierBits > 20) {
      getOperation().emitError("multiplier-bits lies between 1 and 20, not ")
          << multiplierBits.getValue();
      return signalPassFailure();
    }
    PatternOptions options;
    options.converted = &converted;
    options.scaling.bits = multiplierBits;
    options.scaling.narrow = narrowProducts;
    options.scaling.shifts = shifts;
    options.scaling.rounding = halfUp ? Rounding::HalfUp : Rounding::HalfEven;
    mlir::RewritePatternSet patterns(&getContext());
    addSumPatterns(patterns, options);
    addElementwisePatterns(patterns, options);
    addTablePatterns(patterns, options);
    if (mlir::failed(
            mlir::applyPatternsGreedily(getOperation(), std::move(patterns))))
      return signalPassFailure();
    if (outputs)
      convertOutputs(getOperation(), options);
  }
};

} // namespace
} // namespace shiftadd
