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
#include "passes/Quantize/QuantizePattern.h"

#include "dialects/ShiftAdd/IR/Shapes.h"

namespace shiftadd {

namespace {

/// quantize(dequantize(a) +- dequantize(b)) on one grid (N36).
template <typename OpTy> struct ConvertAdd : QuantizePattern {
  using QuantizePattern::QuantizePattern;

  mlir::FailureOr<mlir::Value>
  convert(QuantizeOp op, mlir::PatternRewriter &rewriter) const override {
    auto add = op.getInput().getDefiningOp<OpTy>();
    auto output = getUniform(op);
    if (!add)
      return mlir::failure();
    mlir::Value lhs = getCodes(add.getLhs()), rhs = getCodes(add.getRhs());
    if (!lhs || !rhs)
      return rewriter.notifyMatchFailure(op, "operands are no narrow codes");
    auto a = getUniform(lhs), b = getUniform(rhs);
    double sign = std::is_same_v<OpTy, SubOp> ? -1.0 : 1.0;
    auto scale =
        chooseScale(a.getScale() / output.getScale(),
                    sign * b.getScale() / output.getScale(), getCentredRange(a),
                    getCentredRange(b), options.scaling);
    if (!scale)
      return rewriter.notifyMatchFailure(op, "scales are too far apart");
    return RequantizeAddOp::create(rewriter, op.getLoc(), op.getType(), lhs,
                                   rhs, scale->multiplier,
                                   scale->residualMultiplier, scale->shift,
                                   options.scaling.rounding,
                                   /*shift_add=*/false)
        .getResult();
  }
};

/// quantize(dequantize(a) * dequantize(b)): the integer product, scaled once.
struct ConvertMul : QuantizePattern {
  using QuantizePattern::QuantizePattern;

  mlir::FailureOr<mlir::Value>
  convert(QuantizeOp op, mlir::PatternRewriter &rewriter) const override {
    auto mul = op.getInput().getDefiningOp<MulOp>();
    auto output = getUniform(op);
    if (!mul)
      return mlir::failure();
    mlir::Value lhs = getCodes(mul.getLhs(), 8),
                rhs = getCodes(mul.getRhs(), 8);
    if (!lhs || !rhs)
      return rewriter.notifyMatchFailure(op, "operands are no 8-bit codes");
    auto a = getUniform(lhs), b = getUniform(rhs);
    __int128 bound =
        getCentredRange(a).magnitude() * getCentredRange(b).magnitude();
    auto scale =
        chooseScale(a.getScale() * b.getScale() / output.getScale(), 0.0,
                    Interval{-bound, bound}, Interval(), options.scaling);
    if (!scale)
      return rewriter.notifyMatchFailure(op, "scales are too far apart");
    return RequantizeMulOp::create(
               rewriter, op.getLoc(), op.getType(), lhs, rhs, scale->multiplier,
               scale->shift, options.scaling.rounding, /*shift_add=*/false)
        .getResult();
  }
};

/// quantize(dequantize(x)): the same values on another grid, as concatenations
/// of tensors with different scales need them.
struct ConvertRescale : QuantizePattern {
  using QuantizePattern::QuantizePattern;

  mlir::FailureOr<mlir::Value>
  convert(QuantizeOp op, mlir::PatternRewriter &rewriter) const override {
    mlir::Value codes = getCodes(op.getInput());
    auto output = getUniform(op);
    if (!codes)
      return mlir::failure();
    auto x = getUniform(codes);
    auto scale = chooseScale(x.getScale() / output.getScale(), 0.0,
                             getCentredRange(x), Interval(), options.scaling);
    if (!scale)
      return rewriter.notifyMatchFailure(op, "scales are too far apart");
    auto vector = [&](int64_t value) {
      return makeVector(rewriter, op.getLoc(), {value});
    };
    mlir::Value bias = vector(-x.getZeroPoint());
    mlir::Value multiplier = vector(scale->multiplier);
    mlir::Value shift = vector(scale->shift);
    return RequantizeOp::create(rewriter, op.getLoc(), op.getType(), codes,
                                bias, multiplier, shift,
                                options.scaling.rounding, ArithmeticAttr())
        .getResult();
  }
};

/// quantize(dequantize(x) * factor + offset) with constants per channel.
struct ConvertAffine : QuantizePattern {
  using QuantizePattern::QuantizePattern;

  mlir::FailureOr<mlir::Value>
  convert(QuantizeOp op, mlir::PatternRewriter &rewriter) const override {
    Affine affine;
    mlir::Value codes = getCodes(peelAffine(op.getInput(), affine));
    if (!codes || affine.isIdentity() || shapeOf(codes) != shapeOf(op))
      return rewriter.notifyMatchFailure(op, "no scaled codes");
    mlir::Value result =
        buildRequantize(rewriter, op.getType(), makeCodeSum(codes), affine,
                        nullptr, options.scaling);
    if (!result)
      return rewriter.notifyMatchFailure(op, "factors are out of range");
    return result;
  }
};

/// quantize(prelu(dequantize(x))) with a slope per channel: the negative codes
/// scaled by the slopes, and the others added to them.
struct ConvertPrelu : QuantizePattern {
  using QuantizePattern::QuantizePattern;

  mlir::FailureOr<mlir::Value>
  convert(QuantizeOp op, mlir::PatternRewriter &rewriter) const override {
    auto prelu = op.getInput().getDefiningOp<PreluOp>();
    mlir::Value codes = prelu ? getCodes(prelu.getLhs(), 8) : nullptr;
    if (!codes || shapeOf(codes) != shapeOf(op))
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
    if (!result) {
      rewriter.eraseOp(positive.getDefiningOp());
      rewriter.eraseOp(negative.getDefiningOp());
      return rewriter.notifyMatchFailure(op, "slopes are out of range");
    }
    return result;
  }
};

} // namespace

void addElementwisePatterns(mlir::RewritePatternSet &patterns,
                            PatternOptions options) {
  patterns.add<ConvertAdd<AddOp>, ConvertAdd<SubOp>, ConvertMul, ConvertRescale,
               ConvertAffine, ConvertPrelu>(patterns.getContext(), options);
}

} // namespace shiftadd
