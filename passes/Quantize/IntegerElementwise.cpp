//===- IntegerElementwise.cpp - Elementwise ops on codes -*- C++ -*-===//
//
// Part of the shiftadd project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Sums, differences and products of two tensors of codes, codes on another
// grid, and codes scaled per channel.
//
//===----------------------------------------------------------------------===//
#include "passes/Quantize/IntegerForms.h"

#include "dialects/ShiftAdd/IR/Shapes.h"

#include "mlir/IR/PatternMatch.h"

namespace shiftadd {

namespace {

Interval centredRange(mlir::quant::UniformQuantizedType type) {
  Interval range = *getCodeRange(type);
  range.low -= type.getZeroPoint();
  range.high -= type.getZeroPoint();
  return range;
}

/// quantize(dequantize(a) +- dequantize(b)) on one grid (N36).
template <typename OpTy>
struct ConvertAdd : mlir::OpRewritePattern<QuantizeOp> {
  ConvertAdd(mlir::MLIRContext *context, PatternOptions options)
      : OpRewritePattern(context, /*benefit=*/1), options(options) {}

  mlir::LogicalResult
  matchAndRewrite(QuantizeOp op,
                  mlir::PatternRewriter &rewriter) const override {
    auto add = op.getInput().getDefiningOp<OpTy>();
    auto output = getUniform(op);
    if (!add || !output)
      return mlir::failure();
    mlir::Value lhs = getCodes(add.getLhs()), rhs = getCodes(add.getRhs());
    if (!lhs || !rhs)
      return rewriter.notifyMatchFailure(op, "operands are no narrow codes");
    auto a = getUniform(lhs), b = getUniform(rhs);
    double sign = std::is_same_v<OpTy, SubOp> ? -1.0 : 1.0;
    auto scale = chooseScale(a.getScale() / output.getScale(),
                             sign * b.getScale() / output.getScale(),
                             centredRange(a), centredRange(b), options.scaling);
    if (!scale)
      return rewriter.notifyMatchFailure(op, "scales are too far apart");
    rewriter.replaceOpWithNewOp<RequantizeAddOp>(
        op, op.getType(), lhs, rhs, scale->multiplier,
        scale->residualMultiplier, scale->shift, options.scaling.rounding,
        /*shift_add=*/false);
    ++*options.converted;
    return mlir::success();
  }

  PatternOptions options;
};

/// quantize(dequantize(a) * dequantize(b)): the integer product, scaled once.
struct ConvertMul : mlir::OpRewritePattern<QuantizeOp> {
  ConvertMul(mlir::MLIRContext *context, PatternOptions options)
      : OpRewritePattern(context, /*benefit=*/1), options(options) {}

  mlir::LogicalResult
  matchAndRewrite(QuantizeOp op,
                  mlir::PatternRewriter &rewriter) const override {
    auto mul = op.getInput().getDefiningOp<MulOp>();
    auto output = getUniform(op);
    if (!mul || !output)
      return mlir::failure();
    mlir::Value lhs = getCodes(mul.getLhs(), 8),
                rhs = getCodes(mul.getRhs(), 8);
    if (!lhs || !rhs)
      return rewriter.notifyMatchFailure(op, "operands are no 8-bit codes");
    auto a = getUniform(lhs), b = getUniform(rhs);
    __int128 bound = centredRange(a).magnitude() * centredRange(b).magnitude();
    auto scale =
        chooseScale(a.getScale() * b.getScale() / output.getScale(), 0.0,
                    Interval{-bound, bound}, Interval(), options.scaling);
    if (!scale)
      return rewriter.notifyMatchFailure(op, "scales are too far apart");
    rewriter.replaceOpWithNewOp<RequantizeMulOp>(
        op, op.getType(), lhs, rhs, scale->multiplier, scale->shift,
        options.scaling.rounding, /*shift_add=*/false);
    ++*options.converted;
    return mlir::success();
  }

  PatternOptions options;
};

/// quantize(dequantize(x)): the same values on another grid, as concatenations
/// of tensors with different scales need them.
struct ConvertRescale : mlir::OpRewritePattern<QuantizeOp> {
  ConvertRescale(mlir::MLIRContext *context, PatternOptions options)
      : OpRewritePattern(context, /*benefit=*/1), options(options) {}

  mlir::LogicalResult
  matchAndRewrite(QuantizeOp op,
                  mlir::PatternRewriter &rewriter) const override {
    mlir::Value codes = getCodes(op.getInput());
    auto output = getUniform(op);
    if (!codes || !output)
      return mlir::failure();
    auto x = getUniform(codes);
    auto scale = chooseScale(x.getScale() / output.getScale(), 0.0,
                             centredRange(x), Interval(), options.scaling);
    if (!scale)
      return rewriter.notifyMatchFailure(op, "scales are too far apart");
    auto vector = [&](int64_t value) {
      return makeVector(rewriter, op.getLoc(), {value});
    };
    mlir::Value bias = vector(-x.getZeroPoint());
    mlir::Value multiplier = vector(scale->multiplier);
    mlir::Value shift = vector(scale->shift);
    rewriter.replaceOpWithNewOp<RequantizeOp>(
        op, op.getType(), codes, bias, multiplier, shift,
        options.scaling.rounding, ArithmeticAttr());
    ++*options.converted;
    return mlir::success();
  }

  PatternOptions options;
};

/// quantize(dequantize(x) * factor + offset) with constants per channel.
struct ConvertAffine : mlir::OpRewritePattern<QuantizeOp> {
  ConvertAffine(mlir::MLIRContext *context, PatternOptions options)
      : OpRewritePattern(context, /*benefit=*/1), options(options) {}

  mlir::LogicalResult
  matchAndRewrite(QuantizeOp op,
                  mlir::PatternRewriter &rewriter) const override {
    if (!getUniform(op))
      return mlir::failure();
    Affine affine;
    mlir::Value codes = getCodes(peelAffine(op.getInput(), affine));
    if (!codes || affine.isIdentity() || shapeOf(codes) != shapeOf(op))
      return rewriter.notifyMatchFailure(op, "no scaled codes");
    mlir::Value result =
        buildRequantize(rewriter, op.getType(), makeCodeSum(codes), affine,
                        nullptr, options.scaling);
    if (!result)
      return rewriter.notifyMatchFailure(op, "factors are out of range");
    rewriter.replaceOp(op, result);
    ++*options.converted;
    return mlir::success();
  }

  PatternOptions options;
};

/// quantize(prelu(dequantize(x))) with a slope per channel: the negative codes
/// scaled by the slopes, and the others added to them.
struct ConvertPrelu : mlir::OpRewritePattern<QuantizeOp> {
  ConvertPrelu(mlir::MLIRContext *context, PatternOptions options)
      : OpRewritePattern(context, /*benefit=*/1), options(options) {}

  mlir::LogicalResult
  matchAndRewrite(QuantizeOp op,
                  mlir::PatternRewriter &rewriter) const override {
    auto prelu = op.getInput().getDefiningOp<PreluOp>();
    mlir::Value codes = prelu ? getCodes(prelu.getLhs(), 8) : nullptr;
    if (!codes || !getUniform(op) || shapeOf(codes) != shapeOf(op))
      return mlir::failure();
    auto slopes = readChannels(prelu.getRhs(), codes);
    if (!slopes)
      return rewriter.notifyMatchFailure(op, "no slope per channel");
    auto clamp = [&](mlir::FloatAttr minimum, mlir::FloatAttr maximum) {
      return ClampOp::create(rewriter, op.getLoc(), codes.getType(), codes,
                             minimum, maximum);
    };
    auto zero = rewriter.getF64FloatAttr(0.0);
    mlir::Value positive = clamp(zero, nullptr);
    mlir::Value negative = clamp(nullptr, zero);
    IntegerSum sum = makeCodeSum(codes);
    sum.range.front().high = getUniform(codes).getZeroPoint();
    sum.build = [negative](mlir::OpBuilder &) { return negative; };
    Affine affine{*slopes, {0.0}};
    mlir::Value result = buildRequantize(rewriter, op.getType(), sum, affine,
                                         positive, options.scaling);
    if (!result)
      return rewriter.notifyMatchFailure(op, "slopes are out of range");
    rewriter.replaceOp(op, result);
    ++*options.converted;
    return mlir::success();
  }

  PatternOptions options;
};

} // namespace

void addElementwisePatterns(mlir::RewritePatternSet &patterns,
                            PatternOptions options) {
  patterns.add<ConvertAdd<AddOp>, ConvertAdd<SubOp>, ConvertMul, ConvertRescale,
               ConvertAffine, ConvertPrelu>(patterns.getContext(), options);
}

} // namespace shiftadd
