//===- Rounding.cpp - Exact scaling by a multiplier and a shift -*- C++ -*-===//
//
// Part of the shiftadd project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
#include "dialects/Support/Rounding.h"

#include <cmath>

namespace shiftadd::num {

__int128 roundShift(__int128 value, unsigned shift, RoundingMode mode) {
  if (shift == 0)
    return value;
  // Arithmetic shift: floor, also of negative values.
  __int128 floor = value >> shift;
  __int128 remainder = value - (floor << shift);
  __int128 half = __int128(1) << (shift - 1);
  switch (mode) {
  case RoundingMode::HalfEven:
    return floor + (remainder > half || (remainder == half && (floor & 1)));
  case RoundingMode::HalfUp:
    return floor + (remainder >= half);
  case RoundingMode::Floor:
    return floor;
  case RoundingMode::TruncZero:
    return floor + (value < 0 && remainder != 0);
  }
  return floor;
}

int64_t limitSignedDigits(int64_t multiplier) {
  int64_t rest = multiplier, lowest = 0;
  int digits = 0;
  for (int64_t power = 1; rest != 0; rest /= 2, power *= 2) {
    if (rest % 2 == 0)
      continue;
    // The digit that leaves a multiple of four.
    int64_t digit = ((rest % 4) + 4) % 4 == 1 ? 1 : -1;
    if (++digits == 1)
      lowest = digit * power;
    rest -= digit;
  }
  return digits > 10 ? multiplier - lowest : multiplier;
}

FixedPointScale toFixedPoint(double scale, unsigned bits) {
  int exponent = 0;
  double fraction = std::frexp(scale, &exponent); // in [0.5, 1)
  auto multiplier =
      static_cast<int64_t>(std::nearbyint(std::ldexp(fraction, int(bits))));
  int shift = int(bits) - exponent;
  if (multiplier == (int64_t(1) << bits)) {
    multiplier >>= 1;
    --shift;
  }
  multiplier = limitSignedDigits(multiplier);
  // Trailing zeros carry no information; dropping them keeps ranges narrow.
  while (multiplier != 0 && (multiplier & 1) == 0 && shift > 0) {
    multiplier >>= 1;
    --shift;
  }
  while (shift > 62 && multiplier != 0) {
    multiplier = (multiplier + 1) >> 1;
    --shift;
  }
  // A scale of 2^bits and more has no such form; saturate and let the caller's
  // range check speak.
  if (shift < 0) {
    multiplier = (int64_t(1) << bits) - 1;
    shift = 0;
  }
  return {static_cast<int32_t>(multiplier), shift > 62 ? 62 : shift};
}

} // namespace shiftadd::num
