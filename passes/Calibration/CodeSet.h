//===- CodeSet.h - The integers that a weight may become --------*- C++ -*-===//
//
// Part of the shiftadd project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// A weight is scale * code with the code from a finite set of integers
// (Q2): all integers of some bits, or the sums of at most n signed powers of
// two. Rounding, scale search and error feedback see only this table, so one
// loop serves every set.
//
//===----------------------------------------------------------------------===//
#ifndef SHIFTADD_PASSES_CALIBRATION_CODESET_H
#define SHIFTADD_PASSES_CALIBRATION_CODESET_H

#include <cstdint>
#include <vector>

namespace shiftadd::calibration {

/// A sorted set of integer codes, symmetric about zero and containing it.
class CodeSet {
public:
  /// The largest magnitude that an 8-bit code of a weight may have: the
  /// narrow range, which every code set shares.
  static constexpr int byteLimit = 127;

  /// -(2^(bits-1)-1) ... 2^(bits-1)-1, for 2 to 16 bits.
  static CodeSet integers(int bits);

  /// All sums of at most `terms` of +-2^e with 0 <= e <= maxExponent, without
  /// those larger than `limit`. One term is the power-of-two code.
  static CodeSet termSums(int terms, int maxExponent, int limit = byteLimit);

  /// -1, 0 and 1.
  static CodeSet ternary();

  const std::vector<int16_t> &codes() const { return sorted; }
  int largest() const { return sorted.back(); }

  /// The code that the largest weight of a row gets at scale factor 1 (Q2).
  double mappedMaximum() const { return maximum; }
  /// The factors on that scale which the search tries (Q8).
  const std::vector<double> &scaleFactors() const { return factors; }
  /// Whether rounding is so coarse that several scales deserve error feedback
  /// and the result coordinate descent (Q8, Q10).
  bool isCoarse() const { return coarse; }
  /// Whether each octave of the scale looks like the next one, so that the
  /// search must cover one whole octave.
  bool isLogarithmic() const { return logarithmic; }

  /// The code nearest to a value; the larger one where two are equally near.
  /// Anything that is not a number becomes 0.
  int16_t nearest(double value) const {
    double position = (value - lowest) * 2.0;
    if (!(position > 0.0))
      return position <= 0.0 ? sorted.front() : int16_t(0);
    if (position >= double(table.size()))
      return sorted.back();
    return table[static_cast<std::size_t>(position)];
  }

private:
  explicit CodeSet(std::vector<int16_t> codes);

  std::vector<int16_t> sorted;
  /// Midpoints between integers are multiples of one half, so the nearest code
  /// is constant on each half-open interval of that length, from the lowest
  /// code on.
  std::vector<int16_t> table;
  double lowest = 0.0;
  double maximum = 1.0;
  std::vector<double> factors;
  bool coarse = false;
  bool logarithmic = false;
};

} // namespace shiftadd::calibration

#endif // SHIFTADD_PASSES_CALIBRATION_CODESET_H
