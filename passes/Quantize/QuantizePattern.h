//===- QuantizePattern.h - A quantised value in integers -*- C++ -*-===//
//
// Part of the shiftadd project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// What all patterns of shiftadd-integer-layers have in common: they stand at a
// `quantize` to per-tensor codes, look at what computes the real value in front
// of it, and compute the codes from codes.
//
//===----------------------------------------------------------------------===//
#ifndef SHIFTADD_PASSES_QUANTIZE_QUANTIZEPATTERN_H
#define SHIFTADD_PASSES_QUANTIZE_QUANTIZEPATTERN_H

#include "passes/Quantize/IntegerForms.h"

#include "mlir/IR/PatternMatch.h"

namespace shiftadd {

class QuantizePattern : public mlir::OpRewritePattern<QuantizeOp> {
public:
  QuantizePattern(mlir::MLIRContext *context, PatternOptions options,
                  unsigned benefit = 1)
      : OpRewritePattern(context, benefit), options(options) {}

  mlir::LogicalResult
  matchAndRewrite(QuantizeOp op, mlir::PatternRewriter &rewriter) const final {
    if (!getUniform(op))
      return rewriter.notifyMatchFailure(op, "codes of several scales");
    mlir::FailureOr<mlir::Value> codes = convert(op, rewriter);
    if (mlir::failed(codes))
      return mlir::failure();
    rewriter.replaceOp(op, *codes);
    ++*options.converted;
    return mlir::success();
  }

protected:
  /// The codes that `op` gives, computed in integers; on failure nothing has
  /// been changed.
  virtual mlir::FailureOr<mlir::Value>
  convert(QuantizeOp op, mlir::PatternRewriter &rewriter) const = 0;

  PatternOptions options;
};

} // namespace shiftadd

#endif // SHIFTADD_PASSES_QUANTIZE_QUANTIZEPATTERN_H
