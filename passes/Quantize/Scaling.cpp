//===- Scaling.cpp - Real factors as integers and shifts -*- C++ -*-===//
//
// Part of the shiftadd project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
#include "passes/Quantize/Scaling.h"

#include "dialects/Support/Rounding.h"

#include "llvm/Support/MathExtras.h"

#include <cmath>

namespace shiftadd {

/// Factors of 2^19 and more leave no bit behind the point.
static constexpr double kLargestFactor = 1 << 19;
/// Fewer bits than these cost accuracy (Q13).
static constexpr unsigned kFewestBits = 11;
/// A factor this close to a number is that number.
static constexpr double kExact = 1e-6;

static int64_t scaled(double factor, int shift) {
  return num::limitSignedDigits(
      static_cast<int64_t>(std::nearbyint(std::ldexp(factor, shift))));
}

/// Trailing zeros carry no information; dropping them keeps products narrow.
static void dropZeros(ChannelScale &scale) {
  while ((scale.multiplier || scale.residualMultiplier) && scale.shift > 0 &&
         scale.multiplier % 2 == 0 && scale.residualMultiplier % 2 == 0) {
    scale.multiplier /= 2;
    scale.residualMultiplier /= 2;
    --scale.shift;
  }
}

/// Whether multiplier * 2^-shift stands for the factor well enough.
static bool isPrecise(int64_t multiplier, int64_t shift, double factor) {
  return std::abs(multiplier) >= int64_t(1) << (kFewestBits - 1) ||
         std::fabs(std::ldexp(double(multiplier), -int(shift)) - factor) <=
             kExact * std::fabs(factor);
}

/// The larger factor uses all the bits.
static std::optional<ChannelScale>
withBits(double factor, double residual, unsigned bits, bool precise = false) {
  double largest = std::max(std::fabs(factor), std::fabs(residual));
  int exponent = 0;
  std::frexp(largest, &exponent);
  int shift = std::min(int(bits) - exponent, 62);
  int64_t limit = int64_t(1) << bits;
  if (scaled(largest, shift) >= limit)
    --shift;
  if (shift < 0)
    return std::nullopt;
  ChannelScale scale{scaled(factor, shift), scaled(residual, shift), shift};
  if (precise && !(isPrecise(scale.multiplier, shift, factor) &&
                   isPrecise(scale.residualMultiplier, shift, residual)))
    return std::nullopt;
  dropZeros(scale);
  return scale;
}

static __int128 reach(const ChannelScale &scale, Interval sum,
                      Interval residual) {
  return sum.magnitude() * std::abs(scale.multiplier) +
         residual.magnitude() * std::abs(scale.residualMultiplier);
}

/// The exponent of a power of two that stands for |factor|.
static std::optional<int> powerOfTwo(double factor) {
  double exponent = std::nearbyint(std::log2(std::fabs(factor)));
  double ratio = std::fabs(factor) / std::exp2(exponent);
  if (std::fabs(ratio - 1) > kExact)
    return std::nullopt;
  return int(exponent);
}

/// The nearest sums of powers of two, one more at a time, until the rest is
/// below 2^-12 of the value.
static int64_t withFewDigits(int64_t value) {
  int64_t magnitude = std::abs(value), result = 0;
  int64_t rest = magnitude;
  while (rest != 0 && std::abs(rest) * 4096 > magnitude) {
    // Halfway between 2^e and 2^(e + 1) lies 3/2 * 2^e.
    auto digit = int64_t(1) << llvm::Log2_64(uint64_t(std::abs(rest)) * 4 / 3);
    result += rest > 0 ? digit : -digit;
    rest = magnitude - result;
  }
  return value < 0 ? -result : result;
}

/// Powers of two where the factors are such.
static std::optional<ChannelScale> byShifts(double factor, double residual,
                                            unsigned bits) {
  int lowest = 0;
  for (double value : {factor, residual}) {
    if (value == 0)
      continue;
    auto exponent = powerOfTwo(value);
    if (!exponent)
      return std::nullopt;
    lowest = std::min(lowest, *exponent);
  }
  if (lowest < -62)
    return std::nullopt;
  int64_t limit = int64_t(1) << bits;
  auto power = [&](double value) -> int64_t {
    if (value == 0)
      return 0;
    int exponent = *powerOfTwo(value) - lowest;
    int64_t magnitude = exponent < 62 ? int64_t(1) << exponent : limit;
    return value < 0 ? -magnitude : magnitude;
  };
  ChannelScale scale{power(factor), power(residual), -lowest};
  if (std::abs(scale.multiplier) >= limit ||
      std::abs(scale.residualMultiplier) >= limit)
    return std::nullopt;
  return scale;
}

std::optional<ChannelScale> chooseScale(double factor, double residualFactor,
                                        Interval sum, Interval residual,
                                        const ScalingOptions &options) {
  for (double value : {factor, residualFactor})
    if (!std::isfinite(value) || std::fabs(value) >= kLargestFactor)
      return std::nullopt;
  if (factor == 0 && residualFactor == 0)
    return ChannelScale();
  if (options.shifts)
    if (auto scale = byShifts(factor, residualFactor, options.bits))
      return scale;
  auto scale = withBits(factor, residualFactor, options.bits);
  __int128 limit = __int128(1) << 30;
  if (options.narrow)
    for (unsigned bits = options.bits; bits > 0; --bits) {
      auto narrower = withBits(factor, residualFactor, bits, /*precise=*/true);
      if (!narrower || reach(*narrower, sum, residual) >= limit)
        continue;
      scale = narrower;
      break;
    }
  if (!scale)
    return std::nullopt;
  if (options.shifts) {
    ChannelScale few{withFewDigits(scale->multiplier),
                     withFewDigits(scale->residualMultiplier), scale->shift};
    dropZeros(few);
    int64_t bound = int64_t(1) << 20;
    if (std::abs(few.multiplier) < bound &&
        std::abs(few.residualMultiplier) < bound)
      scale = few;
  }
  return scale;
}

} // namespace shiftadd
