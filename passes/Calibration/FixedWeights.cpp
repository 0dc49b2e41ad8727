//===- FixedWeights.cpp - Weights that already are codes -*- C++ -*-===//
//
// Part of the shiftadd project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
#include "passes/Calibration/FixedWeights.h"

#include "llvm/ADT/bit.h"

#include <cmath>

namespace shiftadd::calibration {

int countSignedDigits(int64_t value) {
  auto magnitude = uint64_t(value < 0 ? -value : value);
  // The digits of the non-adjacent form are where x and 3x differ.
  return llvm::popcount((magnitude ^ (3 * magnitude)) >> 1);
}

std::optional<FixedWeights>
findFixedWeights(const std::vector<float> &weights) {
  int unit = 1000;
  for (float weight : weights) {
    if (!std::isfinite(weight))
      return std::nullopt;
    if (weight == 0.0f)
      continue;
    int exponent = 0;
    auto mantissa = uint32_t(
        std::ldexp(std::fabs(std::frexp(double(weight), &exponent)), 24));
    unit = std::min(unit, exponent - 24 + llvm::countr_zero(mantissa));
  }
  if (unit == 1000)
    return std::nullopt;
  FixedWeights fixed;
  fixed.unit = std::ldexp(1.0, unit);
  int most = 0;
  double largest = 0.0;
  for (float weight : weights) {
    double code = std::ldexp(double(weight), -unit);
    largest = std::max(largest, std::fabs(code));
    if (largest > 16384.0)
      return std::nullopt;
    most = std::max(most, countSignedDigits(int64_t(code)));
    fixed.codes.push_back(int16_t(code));
  }
  bool few = most <= 1 || (most <= 3 && largest <= 127.0);
  return few ? std::optional(fixed) : std::nullopt;
}

} // namespace shiftadd::calibration
