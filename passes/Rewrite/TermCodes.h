//===- TermCodes.h - Formats of signed powers of two for given numbers -*- C++
//-*-===//
//
// Part of the shiftadd project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Which code holds a set of weights: exactly with the fewest terms, or with a
// stated number of terms and the least error.
//
//===----------------------------------------------------------------------===//
#ifndef SHIFTADD_PASSES_REWRITE_TERMCODES_H
#define SHIFTADD_PASSES_REWRITE_TERMCODES_H

#include "dialects/Support/PowerOfTwoFormat.h"

#include <cstdint>
#include <optional>
#include <vector>

namespace shiftadd {

/// One signed power of two.
struct Term {
  int exponent = 0;
  bool negative = false;
};

/// The canonical signed digits of an integer, lowest first: no two neighbours,
/// and no sum of signed powers of two with fewer terms.
std::vector<Term> getSignedDigits(int64_t value);

/// Numbers as multiples of 2^exponent; nothing when a number is not finite or
/// the multiples need more than 53 bits.
struct ScaledIntegers {
  std::vector<int64_t> values;
  int exponent = 0;
};
std::optional<ScaledIntegers> toIntegers(const std::vector<double> &numbers);

/// The smallest format with exponents from 0 that holds every value with as few
/// terms as it has signed digits: the fewest terms, then exponents, then bits,
/// a zero term only when a value has fewer terms than the format. Nothing when
/// no code of 64 bits can.
std::optional<num::PowerOfTwoFormat>
smallestFormat(const std::vector<int64_t> &values);

/// The codes of values in a format that holds them all.
std::vector<uint64_t> encodeAll(const num::PowerOfTwoFormat &format,
                                const std::vector<int64_t> &values);

/// The sum of at most `terms` signed powers of two, with exponents of at least
/// `lowest`, that is nearest to `value`.
double nearestTermSum(double value, unsigned terms, int lowest);

/// Root mean square of the difference over that of the original; 0 for equal
/// vectors.
double relativeError(const double *original, const double *approximation,
                     int64_t count);

} // namespace shiftadd

#endif // SHIFTADD_PASSES_REWRITE_TERMCODES_H
