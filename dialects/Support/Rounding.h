//===- Rounding.h - Exact scaling by a multiplier and a shift -*- C++ -*-===//
//
// Part of the shiftadd project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// The rounding of the integer contract, stated once (N50): rounding modes of an
// exact value divided by a power of two. Reference, passes and tests share it.
//
//===----------------------------------------------------------------------===//
#ifndef SHIFTADD_SUPPORT_ROUNDING_H
#define SHIFTADD_SUPPORT_ROUNDING_H

#include <cstdint>

namespace shiftadd::num {

/// The modes of N50; the numbers are those of the dialect's enum.
enum class RoundingMode { HalfEven = 0, HalfUp = 1, Floor = 2, TruncZero = 3 };

/// value * 2^-shift, rounded to an integer; 0 <= shift <= 120.
__int128 roundShift(__int128 value, unsigned shift, RoundingMode mode);

/// An integer multiplier of at most `bits` bits and a shift of at most 62 with
/// multiplier * 2^-shift as near to `scale` (positive) as they allow.
struct FixedPointScale {
  int32_t multiplier = 0;
  int32_t shift = 0;
};
FixedPointScale toFixedPoint(double scale, unsigned bits);

/// The multiplier of at most 20 bits, or the next one when it has eleven
/// canonical signed digits: a code of 64 bits holds ten with exponents of 0 to
/// 20 (N121). One multiplier in a thousand changes, in its lowest bit.
int64_t limitSignedDigits(int64_t multiplier);

} // namespace shiftadd::num

#endif // SHIFTADD_SUPPORT_ROUNDING_H
