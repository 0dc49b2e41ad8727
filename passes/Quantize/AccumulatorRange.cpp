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

/// Whether sums of products with numbers of 64 bits stay in the 128 bits that
/// intervals are computed in.
static bool isTractable(Interval range) {
  return range.magnitude() < (__int128(1) << 40);
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

template <typename OpTy>
static std::optional<std::vector<Interval>> productRange(OpTy op) {
  auto input = getCodeRange(tensorType(op.getInput()).getElementType());
  auto weights = readCodedIntegers(op.getFilter());
  // A bias inside the accumulator is not part of the integer contract.
  if (!input || !isTractable(*input) || !weights || op.getBias())
    return std::nullopt;
  return sumOfProducts(*weights, shapeOf(op.getFilter()).front(), *input);
}

std::vector<Interval> sumOfDistances(const std::vector<int64_t> &weights,
                                     int64_t channels, Interval input) {
  int64_t taps = channels ? int64_t(weights.size()) / channels : 0;
  std::vector<Interval> sums(channels);
  for (int64_t o = 0; o < channels; ++o)
    for (int64_t k = 0; k < taps; ++k) {
      __int128 weight = weights[o * taps + k];
      __int128 a = weight - input.low, b = input.high - weight;
      sums[o].low -= std::max(a < 0 ? -a : a, b < 0 ? -b : b);
    }
  return sums;
}

template <typename OpTy>
static std::optional<std::vector<Interval>> distanceRange(OpTy op) {
  auto input = getCodeRange(tensorType(op.getInput()).getElementType());
  auto weights = readCodedIntegers(op.getFilter());
  if (!input || !weights || op.getBias())
    return std::nullopt;
  return sumOfDistances(*weights, shapeOf(op.getFilter()).front(), *input);
}

/// What the elements of an integer tensor can be: what their type holds, less
/// where they are codes that only lost their zero point.
static std::optional<Interval> getElementRange(mlir::Value value) {
  if (auto cast = value.getDefiningOp<CastOp>()) {
    auto inner = getElementRange(cast.getInput());
    auto own = getCodeRange(tensorType(value).getElementType());
    if (inner && own && inner->low >= own->low && inner->high <= own->high)
      return inner;
    return own;
  }
  auto range = getCodeRange(tensorType(value).getElementType());
  auto requantize = value.getDefiningOp<RequantizeOp>();
  if (!range || !requantize)
    return range;
  auto multiplier = readCodedIntegers(requantize.getMultiplier());
  auto shift = readCodedIntegers(requantize.getShift());
  auto bias = requantize.getBias() ? readCodedIntegers(requantize.getBias())
                                   : std::vector<int64_t>{0};
  auto inner = getCodeRange(tensorType(requantize.getInput()).getElementType());
  if (!inner || multiplier != std::vector<int64_t>{1} ||
      shift != std::vector<int64_t>{0} || !bias || bias->size() != 1)
    return range;
  __int128 moved =
      bias->front() + getZeroPoint(tensorType(value).getElementType());
  return Interval{std::max(range->low, inner->low + moved),
                  std::min(range->high, inner->high + moved)};
}

static std::optional<std::vector<Interval>> matmulRange(MatmulOp op) {
  auto lhs = getElementRange(op.getLhs()), rhs = getElementRange(op.getRhs());
  int64_t depth = shapeOf(op.getLhs()).back();
  if (!lhs || !rhs || !isTractable(*lhs) || !isTractable(*rhs) ||
      mlir::ShapedType::isDynamic(depth) || depth > (int64_t(1) << 32))
    return std::nullopt;
  __int128 bound = lhs->magnitude() * rhs->magnitude() * depth;
  return std::vector<Interval>{Interval{-bound, bound}};
}

static std::optional<std::vector<Interval>> reductionRange(ReduceSumOp op) {
  auto input = getElementRange(op.getInput());
  if (!input || !isTractable(*input))
    return std::nullopt;
  __int128 count = 1;
  for (int64_t axis : op.getAxes()) {
    int64_t size = shapeOf(op.getInput())[axis];
    if (mlir::ShapedType::isDynamic(size) || count > (int64_t(1) << 32))
      return std::nullopt;
    count *= size;
  }
  return std::vector<Interval>{
      Interval{input->low * count, input->high * count}};
}

static std::optional<std::vector<Interval>> shiftRange(BitShiftOp op) {
  auto ranges = getAccumulatorRange(op.getLhs());
  if (!ranges)
    if (auto input = getElementRange(op.getLhs()))
      ranges = {*input};
  auto amount = readCodedIntegers(op.getRhs());
  if (!ranges || !amount || amount->size() != 1 || amount->front() < 0 ||
      amount->front() > 62 || op.getDirection() != ShiftDirection::Left)
    return std::nullopt;
  for (Interval &range : *ranges) {
    if (range.magnitude() >= (__int128(1) << 64))
      return std::nullopt;
    range.low <<= amount->front();
    range.high <<= amount->front();
  }
  return ranges;
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
      .Case(matmulRange)
      .Case(reductionRange)
      .Case(shiftRange)
      .Case([](SumPoolOp pool) -> Result {
        auto input = getCodeRange(tensorType(pool.getInput()).getElementType());
        if (!input || !isTractable(*input))
          return std::nullopt;
        __int128 area = elementsPerSample(pool.getKernel());
        return std::vector<Interval>{
            Interval{input->low * area, input->high * area}};
      })
      .Default([](mlir::Operation *) { return std::nullopt; });
}

/// Parameters of a requantisation, one element or one per channel.
static int64_t pick(const std::vector<int64_t> &values, int64_t channel) {
  return values[values.size() == 1 ? 0 : size_t(channel)];
}

template <typename OpTy>
static std::optional<Reach> reachOf(OpTy op, std::optional<Interval> residual,
                                    mlir::Value residualMultiplier) {
  Reach reach;
  auto ranges = getAccumulatorRange(op.getInput());
  reach.known = ranges.has_value();
  if (!ranges)
    ranges = {*getElementRange(op.getInput())};
  auto multiplier = readCodedIntegers(op.getMultiplier());
  auto added = residualMultiplier ? readCodedIntegers(residualMultiplier)
                                  : std::vector<int64_t>{0};
  auto bias =
      op.getBias() ? readCodedIntegers(op.getBias()) : std::vector<int64_t>{0};
  if (!multiplier || !bias || !added)
    return std::nullopt;
  auto channels = int64_t(std::max(
      {ranges->size(), multiplier->size(), bias->size(), added->size()}));
  for (int64_t c = 0; c < channels; ++c) {
    Interval sum = ranges->size() == 1 ? ranges->front() : (*ranges)[c];
    reach.accumulator.low = std::min(reach.accumulator.low, sum.low);
    reach.accumulator.high = std::max(reach.accumulator.high, sum.high);
    sum.low += pick(*bias, c);
    sum.high += pick(*bias, c);
    __int128 product = sum.magnitude() * std::abs(pick(*multiplier, c));
    if (residual)
      product += residual->magnitude() * std::abs(pick(*added, c));
    reach.sum = std::max(reach.sum, sum.magnitude());
    reach.product = std::max(reach.product, product);
  }
  return reach;
}

std::optional<Reach> getReach(RequantizeOp op) {
  return reachOf(op, std::nullopt, nullptr);
}

std::optional<Reach> getReach(RequantizeResidualOp op) {
  mlir::Type type = tensorType(op.getResidual()).getElementType();
  auto range = getCodeRange(type);
  if (range) {
    range->low -= getZeroPoint(type);
    range->high -= getZeroPoint(type);
  }
  return reachOf(op, range, op.getResidualMultiplier());
}

unsigned countBits(Interval interval) {
  unsigned bits = 1;
  while (!interval.fits(bits))
    ++bits;
  return bits;
}

} // namespace shiftadd
