//===- IntegerProducts.cpp - Sums of products of codes -*- C++ -*-===//
//
// Part of the shiftadd project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Convolutions and dense layers with constant codes or shifts as weights (N43),
// and products of two matrices of codes.
//
//===----------------------------------------------------------------------===//
#include "passes/Quantize/IntegerForms.h"

#include "dialects/ShiftAdd/IR/Build.h"
#include "dialects/ShiftAdd/IR/Shapes.h"
#include "dialects/ShiftAdd/IR/WeightView.h"

#include "llvm/ADT/TypeSwitch.h"

#include <cmath>

namespace shiftadd {

using mlir::quant::UniformQuantizedPerAxisType;
using mlir::quant::UniformQuantizedType;

namespace {

/// Integer weights without zero points, [channels, taps], and their scales.
struct Weights {
  mlir::Value codes; ///< of the layer, with zero points
  bool centred = false;
  std::vector<int64_t> values;
  std::vector<double> scales; ///< one per channel
};

std::optional<Weights> readPowersOfTwo(mlir::Value filter) {
  auto code =
      llvm::dyn_cast<PowerOfTwoType>(tensorType(filter).getElementType());
  auto values = code ? readCodedIntegers(filter) : std::nullopt;
  if (!values)
    return std::nullopt;
  Weights weights{filter, true, *values, {}};
  weights.scales.assign(
      tensorType(filter).getDimSize(0),
      std::ldexp(1.0, std::min<int>(0, int(code.getMinExponent()))));
  return weights;
}

std::optional<Weights> readWeights(mlir::Value filter) {
  if (filter.getDefiningOp<ConstantOp>())
    return readPowersOfTwo(filter);
  auto dequantize = filter.getDefiningOp<DequantizeOp>();
  auto view =
      dequantize ? WeightView::get(dequantize.getInput()) : std::nullopt;
  if (!view)
    return std::nullopt;
  auto type = tensorType(dequantize.getInput());
  int64_t channels = type.getDimSize(0);
  int64_t taps = channels ? view->size() / channels : 0;
  Weights weights;
  weights.codes = dequantize.getInput();
  std::vector<int64_t> zeroPoints(channels, 0);
  if (auto uniform =
          llvm::dyn_cast<UniformQuantizedType>(type.getElementType())) {
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
  for (int64_t i = 0; i < view->size(); ++i) {
    int64_t code = view->getInteger(i) - zeroPoints[i / taps];
    // What still fits the widest weights.
    if (code < -32768 || code > 32767)
      return std::nullopt;
    weights.values.push_back(code);
  }
  weights.centred =
      llvm::all_of(zeroPoints, [](int64_t zero) { return zero == 0; });
  return weights;
}

/// The quantised weights as a constant without zero points.
mlir::Value makeWeights(mlir::OpBuilder &builder, const Weights &weights) {
  if (weights.centred)
    return weights.codes;
  std::vector<int16_t> centred(weights.values.begin(), weights.values.end());
  auto type = tensorType(weights.codes);
  llvm::SmallVector<int64_t> zeroPoints(weights.scales.size(), 0);
  auto element = UniformQuantizedPerAxisType::get(
      mlir::quant::QuantizationFlags::Signed, builder.getIntegerType(16),
      builder.getF32Type(), weights.scales, zeroPoints, 0, -32768, 32767);
  llvm::ArrayRef<char> bytes(reinterpret_cast<const char *>(centred.data()),
                             centred.size() * sizeof(int16_t));
  return makeConstant(builder, weights.codes.getLoc(),
                      mlir::RankedTensorType::get(type.getShape(), element),
                      bytes);
}

/// The bias on the grid of the sum, per channel: stored integers as they are
/// when their scale is that of the grid, real values rounded to the grid.
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
      result[o] = onGrid ? code : code * scale / grid[o];
    }
    return result;
  }
  auto view = WeightView::get(bias);
  if (!view)
    return std::nullopt;
  for (int64_t o = 0; o < channels; ++o)
    result[o] = view->getDouble(o) / grid[o];
  return result;
}

/// A copy of `layer` that sums codes.
template <typename OpTy>
mlir::Value makeLayerSum(mlir::OpBuilder &builder, OpTy layer,
                         mlir::Value input, mlir::Value filter,
                         unsigned width) {
  auto *sum = builder.clone(*layer.getOperation());
  auto typed = llvm::cast<OpTy>(sum);
  typed.getInputMutable().assign(input);
  typed.getFilterMutable().assign(filter);
  typed.getBiasMutable().clear();
  sum->getResult(0).setType(mlir::RankedTensorType::get(
      tensorType(layer.getResult()).getShape(), builder.getIntegerType(width)));
  return sum->getResult(0);
}

template <typename OpTy> std::optional<IntegerSum> matchLayer(OpTy layer) {
  mlir::Value codes = getCodes(layer.getInput(), 32);
  auto weights = codes ? readWeights(layer.getFilter()) : std::nullopt;
  if (!weights)
    return std::nullopt;
  auto x = getUniform(codes);
  IntegerSum sum{nullptr, layer.getLoc()};
  sum.channels = weights->scales.size();
  for (double scale : weights->scales)
    sum.grid.push_back(x.getScale() * scale);
  auto bias = readBias(layer.getBias(), sum.channels, sum.grid);
  if (!bias)
    return std::nullopt;
  sum.bias = *bias;
  sum.range = sumOfProducts(weights->values, sum.channels, *getCodeRange(x));
  bool narrow =
      llvm::all_of(sum.range, [](const Interval &r) { return r.fits(32); });
  if (!narrow &&
      !llvm::all_of(sum.range, [](const Interval &r) { return r.fits(62); }))
    return std::nullopt;
  int64_t taps =
      int64_t(weights->values.size()) / std::max<int64_t>(sum.channels, 1);
  sum.zeroPointTerm.assign(sum.channels, 0);
  for (int64_t o = 0; o < sum.channels; ++o)
    for (int64_t k = 0; k < taps; ++k)
      sum.zeroPointTerm[o] -=
          __int128(x.getZeroPoint()) * weights->values[o * taps + k];
  sum.build = [layer, codes, weights = std::move(*weights),
               narrow](mlir::OpBuilder &builder) mutable {
    return makeLayerSum(builder, layer, codes, makeWeights(builder, weights),
                        narrow ? 32 : 64);
  };
  return sum;
}

/// Codes without a zero point: themselves, or 16-bit codes less it.
mlir::Value makeCentred(mlir::OpBuilder &builder, mlir::Value codes) {
  auto type = getUniform(codes);
  if (type.getZeroPoint() == 0)
    return codes;
  auto element = UniformQuantizedType::get(
      mlir::quant::QuantizationFlags::Signed, builder.getIntegerType(16),
      builder.getF32Type(), type.getScale(), 0, -32768, 32767);
  auto vector = [&](int64_t value) {
    return makeVector(builder, codes.getLoc(), {value});
  };
  return RequantizeOp::create(
      builder, codes.getLoc(),
      mlir::RankedTensorType::get(shapeOf(codes), element), codes,
      vector(-type.getZeroPoint()), vector(1), vector(0), Rounding::Floor,
      ArithmeticAttr());
}

} // namespace

std::optional<IntegerSum> matchProduct(mlir::Operation *op) {
  return llvm::TypeSwitch<mlir::Operation *, std::optional<IntegerSum>>(op)
      .Case<ConvOp, DenseOp, ShiftConvOp, ShiftDenseOp>(
          [](auto layer) { return matchLayer(layer); })
      .Default([](mlir::Operation *) { return std::nullopt; });
}

std::optional<IntegerSum> matchMatmul(mlir::Operation *op) {
  auto matmul = llvm::dyn_cast<MatmulOp>(op);
  if (!matmul)
    return std::nullopt;
  mlir::Value lhs = getCodes(matmul.getLhs(), 8);
  mlir::Value rhs = getCodes(matmul.getRhs(), 8);
  int64_t depth = shapeOf(matmul.getLhs()).back();
  if (!lhs || !rhs || mlir::ShapedType::isDynamic(depth))
    return std::nullopt;
  auto a = getUniform(lhs), b = getUniform(rhs);
  IntegerSum sum{nullptr, op->getLoc()};
  sum.channels = shapeOf(matmul.getResult()).back();
  sum.grid = {a.getScale() * b.getScale()};
  __int128 bound =
      getCentredRange(a).magnitude() * getCentredRange(b).magnitude() * depth;
  sum.range = {{-bound, bound}};
  if (!sum.range.front().fits(32))
    return std::nullopt;
  sum.build = [matmul, lhs,
               rhs](mlir::OpBuilder &builder) mutable -> mlir::Value {
    return buildInferred<MatmulOp>(
        builder, matmul->getLoc(), builder.getI32Type(),
        makeCentred(builder, lhs), makeCentred(builder, rhs));
  };
  return sum;
}

} // namespace shiftadd
