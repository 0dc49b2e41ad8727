//===- AccumulatorRange.cpp - Exact intervals of integer sums -*- C++ -*-===//
//
// Part of the shiftadd project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
#include "passes/Quantize/AccumulatorRange.h"

#include "dialects/ShiftAdd/IR/Shapes.h"
#include "dialects/ShiftAdd/IR/WeightView.h"

#include "llvm/ADT/TypeSwitch.h"

namespace shiftadd {

std::optional<Interval> getCodeRange(mlir::Type type) {
  if (auto quantized = llvm::dyn_cast<mlir::quant::QuantizedType>(type)) {
    // Padding holds the zero point, which explicit bounds may leave out.
    Interval range{quantized.getStorageTypeMin(),
                   quantized.getStorageTypeMax()};
    range.low = std::min<__int128>(range.low, getZeroPoint(type));
    range.high = std::max<__int128>(range.high, getZeroPoint(type));
    return range;
  }
  auto integer = llvm::dyn_cast<mlir::IntegerType>(type);
  if (!integer || integer.getWidth() > 64)
    return std::nullopt;
  unsigned bits = integer.getWidth();
  if (integer.isUnsigned() || bits == 1)
    return Interval{0, (__int128(1) << bits) - 1};
  return Interval{-(__int128(1) << (bits - 1)),
                  (__int128(1) << (bits - 1)) - 1};
}

std::vector<Interval> sumOfProducts(const std::vector<int64_t> &weights,
                                    int64_t channels, Interval input) {
  std::vector<Interval> sums(channels);
  int64_t taps = channels ? int64_t(weights.size()) / channels : 0;
  for (int64_t o = 0; o < channels; ++o)
    for (int64_t k = 0; k < taps; ++k) {
      __int128 weight = weights[o * taps + k];
      __int128 a = weight * input.low, b = weight * input.high;
      sums[o].low += std::min(a, b);
      sums[o].high += std::max(a, b);
    }
  return sums;
}

/// Weights as integers: stored codes, or decoded powers of two on their grid.
static std::optional<std::vector<int64_t>> readWeights(mlir::Value filter) {
  auto view = WeightView::get(filter);
  if (!view || llvm::isa<mlir::FloatType>(view->getElementType()))
    return std::nullopt;
  auto code =
      llvm::dyn_cast<PowerOfTwoType>(tensorType(filter).getElementType());
  std::vector<int64_t> weights(view->size());
  for (int64_t i = 0; i < view->size(); ++i)
    weights[i] = code ? getFormat(code).decodeInteger(view->getInteger(i))
                      : view->getInteger(i);
  return weights;
}

template <typename OpTy>
static std::optional<std::vector<Interval>> productRange(OpTy op) {
  auto input = getCodeRange(tensorType(op.getInput()).getElementType());
  auto weights = readWeights(op.getFilter());
  // A bias inside the accumulator is not part of the integer contract.
  if (!input || !weights || op.getBias())
    return std::nullopt;
  return sumOfProducts(*weights, shapeOf(op.getFilter()).front(), *input);
}

/// Every tap of an L1 layer lies between -(largest difference) and 0 (N45).
template <typename OpTy>
static std::optional<std::vector<Interval>> distanceRange(OpTy op) {
  auto input = getCodeRange(tensorType(op.getInput()).getElementType());
  auto weights = readWeights(op.getFilter());
  if (!input || !weights || op.getBias())
    return std::nullopt;
  int64_t channels = shapeOf(op.getFilter()).front();
  int64_t taps = channels ? int64_t(weights->size()) / channels : 0;
  std::vector<Interval> sums(channels);
  for (int64_t o = 0; o < channels; ++o)
    for (int64_t k = 0; k < taps; ++k) {
      __int128 weight = (*weights)[o * taps + k];
      __int128 a = weight - input->low, b = input->high - weight;
      sums[o].low -= std::max(a < 0 ? -a : a, b < 0 ? -b : b);
    }
  return sums;
}

std::optional<std::vector<Interval>> getAccumulatorRange(mlir::Value value) {
  using Result = std::optional<std::vector<Interval>>;
  mlir::Operation *op = value.getDefiningOp();
  if (!op)
    return std::nullopt;
  return llvm::TypeSwitch<mlir::Operation *, Result>(op)
      .Case<ConvOp, DenseOp, ShiftConvOp, ShiftDenseOp>(
          [](auto layer) { return productRange(layer); })
      .Case<AdderConvOp, AdderDenseOp>(
          [](auto layer) { return distanceRange(layer); })
      .Case<SumPoolOp>([](SumPoolOp pool) -> Result {
        auto input = getCodeRange(tensorType(pool.getInput()).getElementType());
        if (!input)
          return std::nullopt;
        __int128 area = elementsPerSample(pool.getKernel());
        return std::vector<Interval>{
            Interval{input->low * area, input->high * area}};
      })
      .Default([](mlir::Operation *) { return std::nullopt; });
}

} // namespace shiftadd
