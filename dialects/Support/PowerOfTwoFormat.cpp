//===- PowerOfTwoFormat.cpp - Codes of signed powers of two -*- C++ -*-===//
//
// Part of the shiftadd project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
#include "dialects/Support/PowerOfTwoFormat.h"

#include <algorithm>
#include <cmath>

namespace shiftadd::num {

std::string PowerOfTwoFormat::check() const {
  if (terms == 0 || terms > 16)
    return "a code has 1 to 16 terms";
  if (bits == 0 || bits > 64 || bits % terms != 0)
    return "a code has at most 64 bits, the same number for each term";
  if (minExponent > maxExponent)
    return "the exponent range is empty";
  if (minExponent < -126 || maxExponent > 126)
    return "exponents lie between -126 and 126";
  // decodeInteger() sums `terms` values of at most 2^range.
  if (maxExponent - minExponent > 57)
    return "the exponent range spans more than 57 powers";
  if (fieldBits() < 64 && termCount() > (uint64_t(1) << fieldBits()))
    return "the terms do not fit into their bits";
  return {};
}

static uint64_t field(const PowerOfTwoFormat &format, uint64_t code,
                      unsigned term) {
  unsigned width = format.fieldBits();
  return (code >> (term * width)) & (~uint64_t(0) >> (64 - width));
}

bool PowerOfTwoFormat::isValid(uint64_t code) const {
  if (bits < 64 && (code >> bits) != 0)
    return false;
  for (unsigned term = 0; term < terms; ++term)
    if (field(*this, code, term) >= termCount())
      return false;
  return true;
}

int64_t PowerOfTwoFormat::decodeInteger(uint64_t code) const {
  int64_t sum = 0;
  for (unsigned term = 0; term < terms; ++term) {
    uint64_t value = field(*this, code, term);
    if (hasZero && value == 0)
      continue;
    value -= hasZero;
    int64_t magnitude = int64_t(1) << (value >> 1);
    sum += (value & 1) ? -magnitude : magnitude;
  }
  return sum;
}

double PowerOfTwoFormat::decode(uint64_t code) const {
  return std::ldexp(double(decodeInteger(code)), minExponent);
}

// Writes `rest` * 2^digit as signed digits, lowest first, into the fields from
// `used` on. The digit that leaves a multiple of four is tried first: that is
// the canonical signed digit form, which has the fewest nonzero digits.
static bool encodeDigits(const PowerOfTwoFormat &format, int64_t rest,
                         int digit, unsigned used, uint64_t &code) {
  if (rest == 0)
    return used == format.terms || format.hasZero;
  if (used == format.terms)
    return false;
  while ((rest & 1) == 0) {
    rest >>= 1;
    ++digit;
  }
  if (digit > format.maxExponent - format.minExponent)
    return false;
  int64_t first = (rest & 3) == 3 ? -1 : 1;
  for (int64_t sign : {first, -first}) {
    uint64_t attempt =
        code |
        (uint64_t(format.hasZero) + 2 * uint64_t(digit) + (sign < 0 ? 1 : 0))
            << (used * format.fieldBits());
    if (encodeDigits(format, (rest - sign) >> 1, digit + 1, used + 1,
                     attempt)) {
      code = attempt;
      return true;
    }
  }
  return false;
}

std::optional<uint64_t> PowerOfTwoFormat::encode(double value) const {
  double scaled = std::ldexp(value, -minExponent);
  if (!(std::fabs(scaled) < 9.0e18) || scaled != std::floor(scaled))
    return std::nullopt;
  uint64_t code = 0;
  if (!encodeDigits(*this, static_cast<int64_t>(scaled), 0, 0, code))
    return std::nullopt;
  return code;
}

std::optional<PowerOfTwoFormat>
smallestOneTermFormat(const std::vector<float> &values) {
  PowerOfTwoFormat format;
  format.hasZero = false;
  bool any = false;
  for (float value : values) {
    if (value == 0) {
      format.hasZero = true;
      continue;
    }
    int exponent = 0;
    if (!std::isfinite(value) ||
        std::fabs(std::frexp(value, &exponent)) != 0.5f)
      return std::nullopt;
    --exponent;
    format.minExponent =
        any ? std::min(format.minExponent, exponent) : exponent;
    format.maxExponent =
        any ? std::max(format.maxExponent, exponent) : exponent;
    any = true;
  }
  for (unsigned bits : {8u, 16u, 32u}) {
    format.bits = bits;
    if (format.check().empty())
      return format;
  }
  return std::nullopt;
}

} // namespace shiftadd::num
