//===- PowerOfTwoFormat.h - Codes of signed powers of two -*- C++ -*-===//
//
// Part of the shiftadd project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// The one place where codes of signed powers of two are encoded and decoded
// (N7, N14, N17). A code is a sum of `terms` terms S * 2^P with S in {-1, +1}
// and P in [minExponent, maxExponent]; with `hasZero` a term may be 0.
//
// Term t is the t-th lowest field of fieldBits() bits. Field value 0 is the
// zero term of formats that have one; else, with z = hasZero, field = z + 2 *
// (P - minExponent) + (S < 0).
//
//===----------------------------------------------------------------------===//
#ifndef SHIFTADD_SUPPORT_POWEROFTWOFORMAT_H
#define SHIFTADD_SUPPORT_POWEROFTWOFORMAT_H

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace shiftadd::num {

struct PowerOfTwoFormat {
  unsigned bits = 8; ///< of a whole code; a multiple of `terms`
  unsigned terms = 1;
  int minExponent = 0;
  int maxExponent = 0;
  bool hasZero = true;

  unsigned fieldBits() const { return bits / terms; }

  /// Number of values that one term can take.
  uint64_t termCount() const {
    return 2 * (uint64_t(int64_t(maxExponent) - minExponent) + 1) + hasZero;
  }

  /// Why the format cannot exist, or an empty text.
  std::string check() const;

  /// Whether every field of the code holds a term of the format (N105).
  bool isValid(uint64_t code) const;

  /// The code's value times 2^-minExponent: an exact integer (N14). Exponent
  /// ranges are limited so that it fits (see check()).
  int64_t decodeInteger(uint64_t code) const;

  /// The code's value; exact.
  double decode(uint64_t code) const;

  /// The code of a value that the format can represent exactly, using as few
  /// terms as the canonical signed digit form of the value.
  std::optional<uint64_t> encode(double value) const;
};

/// The smallest one-term format that holds all `values` exactly (each 0 or a
/// signed power of two), with codes in whole bytes; nothing if there is none.
std::optional<PowerOfTwoFormat>
smallestOneTermFormat(const std::vector<float> &values);

} // namespace shiftadd::num

#endif // SHIFTADD_SUPPORT_POWEROFTWOFORMAT_H
