//===- IntegerLayers.cpp - Layers between dequantize and quantize -*- C++
//-*-===//
//
// Part of the shiftadd project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// The integer contract (N43, N44, N50): one exact sum of stored codes, one bias
// that also takes up the zero point's constant, one rounding.
//
//   quantize(layer(dequantize(x), dequantize(w)) + b)
//     = requantize(layer(x, w), bias = b / (sx sw) - zx * sum(w),
//                  multiplier * 2^-shift = sx sw / sy)
//
// Clamps need no part in it: MoveDequantize has moved them behind the quantize.
//
//===----------------------------------------------------------------------===//
#include "passes/Quantize/Passes.h"

#include "dialects/ShiftAdd/IR/Build.h"
#include "dialects/ShiftAdd/IR/Shapes.h"
#include "dialects/ShiftAdd/IR/WeightView.h"
#include "dialects/Support/Rounding.h"
#include "passes/Quantize/AccumulatorRange.h"

#include "mlir/Transforms/GreedyPatternRewriteDriver.h"

#include <cmath>

namespace shiftadd {

#define GEN_PASS_DEF_INTEGERLAYERSPASS
#include "passes/Quantize/Passes.h.inc"

namespace {

using mlir::quant::QuantizedType;
using mlir::quant::UniformQuantizedPerAxisType;
using mlir::quant::UniformQuantizedType;

UniformQuantizedType perTensor(mlir::Value value) {
  return llvm::dyn_cast<UniformQuantizedType>(
      tensorType(value).getElementType());
}

/// Integer weights without zero points, [channels, taps], and their scales.
struct Weights {
  std::vector<int64_t> codes;
  std::vector<double> scales; ///< one per channel
};

std::optional<Weights> readWeights(mlir::Value codes) {
  auto view = WeightView::get(codes);
  if (!view)
    return std::nullopt;
  auto type = tensorType(codes);
  int64_t channels = type.getDimSize(0);
  int64_t taps = channels ? view->size() / channels : 0;
  Weights weights;
  std::vector<int64_t> zeroPoints(channels, 0);
  if (auto uniform = perTensor(codes)) {
    weights.scales.assign(channels, uniform.getScale());
    zeroPoints.assign(channels, uniform.getZeroPoint());
  } else if (auto perAxis = llvm::dyn_cast<UniformQuantizedPerAxisType>(
                 type.getElementType());
             perAxis && perAxis.getQuantizedDimension() == 0) {
    weights.scales.assign(perAxis.getScales().begin(),
                          perAxis.getScales().end());
    zeroPoints.assign(perAxis.getZeroPoints().begin(),
                      perAxis.getZeroPoints().end());
  } else {
    return std::nullopt;
  }
  for (int64_t i = 0; i < view->size(); ++i)
    weights.codes.push_back(view->getInteger(i) - zeroPoints[i / taps]);
  return weights;
}

/// The bias on the grid of the sum, per channel: stored integers as they are
/// when their scale is sx * sw, real values rounded to the grid.
std::optional<std::vector<double>> readBias(mlir::Value bias, int64_t channels,
                                            llvm::ArrayRef<double> grid) {
  std::vector<double> result(channels, 0.0);
  if (!bias)
    return result;
  if (auto dequantize = bias.getDefiningOp<DequantizeOp>()) {
    auto view = WeightView::get(dequantize.getInput());
    if (!view)
      return std::nullopt;
    auto type = tensorType(dequantize.getInput()).getElementType();
    auto uniform = llvm::dyn_cast<UniformQuantizedType>(type);
    auto perAxis = llvm::dyn_cast<UniformQuantizedPerAxisType>(type);
    for (int64_t o = 0; o < channels; ++o) {
      double scale = uniform ? uniform.getScale() : perAxis.getScales()[o];
      int64_t zero =
          uniform ? uniform.getZeroPoint() : perAxis.getZeroPoints()[o];
      double code = double(view->getInteger(o) - zero);
      // Exporters write the grid itself, rounded to f32.
      bool onGrid = std::fabs(scale - grid[o]) <= 1e-5 * grid[o];
      result[o] = onGrid ? code : std::nearbyint(code * scale / grid[o]);
    }
    return result;
  }
  auto view = WeightView::get(bias);
  if (!view)
    return std::nullopt;
  for (int64_t o = 0; o < channels; ++o)
    result[o] = std::nearbyint(view->getDouble(o) / grid[o]);
  return result;
}

/// Codes less their zero points that still fit the widest weights, 16 bits.
bool fitsWeights(const Weights &weights) {
  return llvm::all_of(weights.codes, [](int64_t code) {
    return code >= -32768 && code <= 32767;
  });
}

/// The quantised weights as a constant without zero points.
mlir::Value makeWeights(mlir::PatternRewriter &rewriter, mlir::Value codes,
                        const Weights &weights) {
  bool symmetric = true;
  auto view = *WeightView::get(codes);
  for (int64_t i = 0; i < view.size() && symmetric; ++i)
    symmetric = view.getInteger(i) == weights.codes[i];
  if (symmetric)
    return codes;
  std::vector<int16_t> centred(weights.codes.begin(), weights.codes.end());
  auto type = tensorType(codes);
  llvm::SmallVector<int64_t> zeroPoints(weights.scales.size(), 0);
  auto element = UniformQuantizedPerAxisType::get(
      mlir::quant::QuantizationFlags::Signed, rewriter.getIntegerType(16),
      rewriter.getF32Type(), weights.scales, zeroPoints, 0, -32768, 32767);
  llvm::ArrayRef<char> bytes(reinterpret_cast<const char *>(centred.data()),
                             centred.size() * sizeof(int16_t));
  return makeConstant(rewriter, codes.getLoc(),
                      mlir::RankedTensorType::get(type.getShape(), element),
                      bytes);
}

mlir::Value makeVector(mlir::PatternRewriter &rewriter, mlir::Location location,
                       const std::vector<int64_t> &values) {
  bool narrow = llvm::all_of(
      values, [](int64_t value) { return value == int64_t(int32_t(value)); });
  int64_t size = values.size();
  if (!narrow)
    return makeConstant(rewriter, location, {size},
                        llvm::ArrayRef<int64_t>(values));
  std::vector<int32_t> small(values.begin(), values.end());
  return makeConstant(rewriter, location, {size},
                      llvm::ArrayRef<int32_t>(small));
}

/// requantize of `sum` with one factor (real multiplier) per channel.
RequantizeOp makeRequantize(mlir::PatternRewriter &rewriter,
                            mlir::Location location, mlir::Type type,
                            mlir::Value sum, const std::vector<int64_t> &bias,
                            const std::vector<double> &factors, unsigned bits) {
  std::vector<int64_t> multipliers, shifts;
  for (double factor : factors) {
    num::FixedPointScale scale = num::toFixedPoint(factor, bits);
    multipliers.push_back(scale.multiplier);
    shifts.push_back(scale.shift);
  }
  return RequantizeOp::create(rewriter, location, type, sum,
                              makeVector(rewriter, location, bias),
                              makeVector(rewriter, location, multipliers),
                              makeVector(rewriter, location, shifts),
                              Rounding::HalfEven, ArithmeticAttr());
}

struct PatternOptions {
  unsigned multiplierBits;
  mlir::Pass::Statistic *converted;
};

/// Factors that no multiplier and shift can hold: scales that differ by 2^20
/// and more, or that are not positive numbers.
bool isUsable(const std::vector<double> &factors) {
  return llvm::all_of(factors, [](double factor) {
    return factor > 0 && factor < 1 << 19 && std::isfinite(factor);
  });
}

/// Convolutions and dense layers.
template <typename OpTy>
struct ConvertProduct : mlir::OpRewritePattern<QuantizeOp> {
  ConvertProduct(mlir::MLIRContext *context, PatternOptions options)
      : OpRewritePattern(context), options(options) {}

  mlir::LogicalResult
  matchAndRewrite(QuantizeOp op,
                  mlir::PatternRewriter &rewriter) const override {
    auto layer = op.getInput().getDefiningOp<OpTy>();
    auto output = perTensor(op);
    if (!layer || !output)
      return mlir::failure();
    auto input = layer.getInput().template getDefiningOp<DequantizeOp>();
    auto filter = layer.getFilter().template getDefiningOp<DequantizeOp>();
    auto x = input ? perTensor(input.getInput()) : nullptr;
    if (!x || !filter)
      return rewriter.notifyMatchFailure(op, "layer does not read codes");
    auto weights = readWeights(filter.getInput());
    if (!weights || !fitsWeights(*weights))
      return rewriter.notifyMatchFailure(op, "weights are not constant codes "
                                             "of 16 bits per output channel");
    int64_t channels = weights->scales.size();
    std::vector<double> grid, factors;
    for (double scale : weights->scales) {
      grid.push_back(x.getScale() * scale);
      factors.push_back(grid.back() / output.getScale());
    }
    if (!isUsable(factors))
      return rewriter.notifyMatchFailure(op, "scales are too far apart");
    auto bias = readBias(layer.getBias(), channels, grid);
    if (!bias)
      return rewriter.notifyMatchFailure(op, "bias is not constant");

    auto sums = sumOfProducts(weights->codes, channels, *getCodeRange(x));
    bool narrow =
        llvm::all_of(sums, [](const Interval &sum) { return sum.fits(32); });
    std::vector<int64_t> offsets(channels);
    int64_t taps =
        int64_t(weights->codes.size()) / std::max<int64_t>(channels, 1);
    for (int64_t o = 0; o < channels; ++o) {
      if (!(std::fabs((*bias)[o]) < 4.0e18))
        return rewriter.notifyMatchFailure(op, "bias is out of range");
      __int128 offset = static_cast<int64_t>((*bias)[o]);
      for (int64_t k = 0; k < taps; ++k)
        offset -= __int128(x.getZeroPoint()) * weights->codes[o * taps + k];
      offsets[o] = static_cast<int64_t>(offset);
    }

    rewriter.setInsertionPoint(layer);
    auto *sum = rewriter.clone(*layer.getOperation());
    auto typed = llvm::cast<OpTy>(sum);
    typed.getInputMutable().assign(input.getInput());
    typed.getFilterMutable().assign(
        makeWeights(rewriter, filter.getInput(), *weights));
    typed.getBiasMutable().clear();
    rewriter.moveOpBefore(sum, layer);
    sum->getResult(0).setType(
        mlir::RankedTensorType::get(tensorType(layer.getResult()).getShape(),
                                    rewriter.getIntegerType(narrow ? 32 : 64)));
    rewriter.setInsertionPoint(op);
    rewriter.replaceOp(op,
                       makeRequantize(rewriter, layer.getLoc(), op.getType(),
                                      sum->getResult(0), offsets, factors,
                                      options.multiplierBits));
    ++*options.converted;
    return mlir::success();
  }

  PatternOptions options;
};

/// quantize(dequantize(a) + dequantize(b)) on one grid (N36).
struct ConvertAdd : mlir::OpRewritePattern<QuantizeOp> {
  ConvertAdd(mlir::MLIRContext *context, PatternOptions options)
      : OpRewritePattern(context), options(options) {}

  mlir::LogicalResult
  matchAndRewrite(QuantizeOp op,
                  mlir::PatternRewriter &rewriter) const override {
    auto add = op.getInput().getDefiningOp<AddOp>();
    auto output = perTensor(op);
    if (!add || !output)
      return mlir::failure();
    auto lhs = add.getLhs().getDefiningOp<DequantizeOp>();
    auto rhs = add.getRhs().getDefiningOp<DequantizeOp>();
    auto a = lhs ? perTensor(lhs.getInput()) : nullptr;
    auto b = rhs ? perTensor(rhs.getInput()) : nullptr;
    if (!a || !b || a.getStorageTypeIntegralWidth() > 16 ||
        b.getStorageTypeIntegralWidth() > 16)
      return rewriter.notifyMatchFailure(op, "operands are no narrow codes");
    double factorA = a.getScale() / output.getScale();
    double factorB = b.getScale() / output.getScale();
    // One shift for both: the larger factor uses all the bits.
    double larger = std::max(factorA, factorB);
    if (!isUsable({factorA, factorB}))
      return rewriter.notifyMatchFailure(op, "scales are too far apart");
    int exponent = 0;
    std::frexp(larger, &exponent);
    int shift = int(options.multiplierBits) - exponent;
    if (shift < 0)
      return rewriter.notifyMatchFailure(op, "scales are too far apart");
    shift = std::min(shift, 40);
    int64_t limit = (int64_t(1) << options.multiplierBits) - 1;
    auto fixed = [&](double factor) {
      return std::min<int64_t>(limit, static_cast<int64_t>(std::nearbyint(
                                          std::ldexp(factor, shift))));
    };
    rewriter.replaceOpWithNewOp<RequantizeAddOp>(
        op, op.getType(), lhs.getInput(), rhs.getInput(), fixed(factorA),
        fixed(factorB), shift, Rounding::HalfEven);
    ++*options.converted;
    return mlir::success();
  }

  PatternOptions options;
};

/// Averages: the sum of the codes, scaled by 1 / count (N56).
template <typename OpTy>
struct ConvertAverage : mlir::OpRewritePattern<QuantizeOp> {
  ConvertAverage(mlir::MLIRContext *context, PatternOptions options)
      : OpRewritePattern(context), options(options) {}

  mlir::LogicalResult
  matchAndRewrite(QuantizeOp op,
                  mlir::PatternRewriter &rewriter) const override {
    auto average = op.getInput().getDefiningOp<OpTy>();
    auto output = perTensor(op);
    if (!average || !output)
      return mlir::failure();
    auto input = average.getInput().template getDefiningOp<DequantizeOp>();
    auto x = input ? perTensor(input.getInput()) : nullptr;
    if (!x || x.getStorageTypeIntegralWidth() > 16)
      return rewriter.notifyMatchFailure(op, "operand is no narrow code");
    auto sum = makeSum(average, input.getInput(), rewriter);
    if (!sum)
      return rewriter.notifyMatchFailure(op, "window is not a plain average");
    int64_t area = elementsPerSample(sum.getKernel());
    Interval codes = *getCodeRange(x);
    if (!Interval{codes.low * area, codes.high * area}.fits(32)) {
      rewriter.eraseOp(sum);
      return rewriter.notifyMatchFailure(op, "the sum may exceed 32 bits");
    }
    std::vector<double> factor{x.getScale() / (output.getScale() * area)};
    if (!isUsable(factor)) {
      rewriter.eraseOp(sum);
      return rewriter.notifyMatchFailure(op, "scales are too far apart");
    }
    auto type = mlir::RankedTensorType::get(sum.getType().getShape(), output);
    mlir::Value result = makeRequantize(rewriter, average.getLoc(), type, sum,
                                        {-x.getZeroPoint() * area}, factor,
                                        options.multiplierBits);
    if (type != op.getType()) {
      llvm::SmallVector<int64_t> shape(op.getType().getShape());
      for (int64_t &size : shape)
        if (mlir::ShapedType::isDynamic(size))
          size = -1;
      result =
          ReshapeOp::create(rewriter, op.getLoc(), op.getType(), result, shape);
    }
    rewriter.replaceOp(op, result);
    ++*options.converted;
    return mlir::success();
  }

  static SumPoolOp makeSum(AvgPoolOp pool, mlir::Value codes,
                           mlir::PatternRewriter &rewriter) {
    auto padded = [](int64_t amount) { return amount != 0; };
    if (llvm::any_of(pool.getPadding(), padded) && !pool.getCountIncludePad())
      return nullptr;
    // With padding counted, the window's size is the divisor everywhere only
    // when no window reaches beyond the padding; inference guarantees that.
    return buildInferred<SumPoolOp>(
        rewriter, pool.getLoc(), rewriter.getI32Type(), codes, pool.getKernel(),
        pool.getStrides(), pool.getPadding(), pool.getDilations());
  }

  /// A mean over all spatial dimensions.
  static SumPoolOp makeSum(ReduceMeanOp mean, mlir::Value codes,
                           mlir::PatternRewriter &rewriter) {
    auto type = tensorType(codes);
    int64_t spatial = type.getRank() - 2;
    if (spatial < 1 || spatial > 3 ||
        int64_t(mean.getAxes().size()) != spatial || mean.getAxes()[0] != 1)
      return nullptr;
    for (int64_t axis : mean.getAxes())
      if (axis == type.getRank() - 1)
        return nullptr;
    llvm::SmallVector<int64_t> kernel(type.getShape().slice(1, spatial));
    llvm::SmallVector<int64_t> ones(spatial, 1), none(2 * spatial, 0);
    return buildInferred<SumPoolOp>(rewriter, mean.getLoc(),
                                    rewriter.getI32Type(), codes, kernel, ones,
                                    none, ones);
  }

  PatternOptions options;
};

struct IntegerLayers : impl::IntegerLayersPassBase<IntegerLayers> {
  using IntegerLayersPassBase::IntegerLayersPassBase;

  void runOnOperation() override {
    if (multiplierBits < 1 || multiplierBits > 20) {
      getOperation().emitError("multiplier-bits lies between 1 and 20, not ")
          << multiplierBits.getValue();
      return signalPassFailure();
    }
    PatternOptions options{multiplierBits, &converted};
    mlir::RewritePatternSet patterns(&getContext());
    patterns.add<ConvertProduct<ConvOp>, ConvertProduct<DenseOp>, ConvertAdd,
                 ConvertAverage<AvgPoolOp>, ConvertAverage<ReduceMeanOp>>(
        &getContext(), options);
    if (mlir::failed(
            mlir::applyPatternsGreedily(getOperation(), std::move(patterns))))
      signalPassFailure();
  }
};

} // namespace
} // namespace shiftadd
