//===- TermCodes.cpp - Formats of signed powers of two for given numbers -*- C++
//-*-===//
//
// Part of the shiftadd project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
#include "passes/Rewrite/TermCodes.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <unordered_map>

namespace shiftadd {

std::vector<Term> getSignedDigits(int64_t value) {
  std::vector<Term> digits;
  // One bit more than the value has, so that the last carry has a place.
  __int128 rest = value;
  for (int exponent = 0; rest != 0; ++exponent, rest /= 2) {
    if (rest % 2 == 0)
      continue;
    // The digit that leaves a multiple of four: the next digit is 0.
    int digit = ((rest % 4) + 4) % 4 == 1 ? 1 : -1;
    digits.push_back({exponent, digit < 0});
    rest -= digit;
  }
  return digits;
}

std::optional<ScaledIntegers> toIntegers(const std::vector<double> &numbers) {
  ScaledIntegers result;
  int lowest = std::numeric_limits<int>::max();
  for (double number : numbers) {
    if (!std::isfinite(number))
      return std::nullopt;
    int exponent = 0;
    // 53 bits of mantissa as an integer, less its trailing zeros.
    auto mantissa =
        static_cast<int64_t>(std::ldexp(std::frexp(number, &exponent), 53));
    if (mantissa != 0)
      lowest = std::min(lowest, exponent - 53 + __builtin_ctzll(mantissa));
  }
  result.exponent = lowest == std::numeric_limits<int>::max() ? 0 : lowest;
  for (double number : numbers) {
    double scaled = std::ldexp(number, -result.exponent);
    if (std::fabs(scaled) > 9007199254740992.0)
      return std::nullopt;
    result.values.push_back(static_cast<int64_t>(scaled));
  }
  return result;
}

/// The distinct values; weights repeat a few.
static std::vector<int64_t> distinct(std::vector<int64_t> values) {
  std::sort(values.begin(), values.end());
  values.erase(std::unique(values.begin(), values.end()), values.end());
  return values;
}

std::optional<num::PowerOfTwoFormat>
smallestFormat(const std::vector<int64_t> &values) {
  std::vector<int64_t> known = distinct(values);
  num::PowerOfTwoFormat format;
  format.hasZero = false;
  int highest = 0;
  size_t terms = 1, fewest = known.empty() ? 1 : 64;
  for (int64_t value : known) {
    std::vector<Term> digits = getSignedDigits(value);
    terms = std::max(terms, digits.size());
    fewest = std::min(fewest, digits.size());
    if (!digits.empty())
      highest = std::max(highest, digits.back().exponent);
  }
  if (terms > 16)
    return std::nullopt;
  format.terms = static_cast<unsigned>(terms);
  format.hasZero = fewest < terms;
  // Another form with as many terms may do with a lower exponent: 96 is 64 + 32
  // and 128 - 32.
  auto reaches = [&](int64_t value, int exponent) {
    size_t digits = std::max<size_t>(getSignedDigits(value).size(), 1);
    num::PowerOfTwoFormat own{64, unsigned(digits), 0, exponent, value == 0};
    own.bits = own.terms * (64 / own.terms);
    return own.encode(double(value)).has_value();
  };
  while (highest > 0 &&
         std::all_of(known.begin(), known.end(), [&](int64_t value) {
           return reaches(value, highest - 1);
         }))
    --highest;
  format.maxExponent = highest;
  unsigned field = 1;
  while (field < 63 && (uint64_t(1) << field) < format.termCount())
    ++field;
  format.bits = field * format.terms;
  if (!format.check().empty())
    return std::nullopt;
  return format;
}

/// The code with the fewest terms: the fields behind them hold the zero term.
static uint64_t encodeShortest(const num::PowerOfTwoFormat &format,
                               int64_t value) {
  size_t digits = std::max<size_t>(getSignedDigits(value).size(), 1);
  for (unsigned terms = unsigned(digits); terms <= format.terms; ++terms) {
    num::PowerOfTwoFormat own = format;
    own.terms = terms;
    own.bits = terms * format.fieldBits();
    if (auto code = own.encode(std::ldexp(double(value), format.minExponent)))
      return *code;
  }
  return 0;
}

std::vector<uint64_t> encodeAll(const num::PowerOfTwoFormat &format,
                                const std::vector<int64_t> &values) {
  std::unordered_map<int64_t, uint64_t> known;
  std::vector<uint64_t> codes;
  codes.reserve(values.size());
  for (int64_t value : values) {
    auto [found, isNew] = known.try_emplace(value, 0);
    if (isNew)
      found->second = encodeShortest(format, value);
    codes.push_back(found->second);
  }
  return codes;
}

double nearestTermSum(double value, unsigned terms, int lowest) {
  if (value == 0 || terms == 0)
    return 0;
  double magnitude = std::fabs(value);
  int exponent = std::ilogb(magnitude);
  double best = 0, error = magnitude;
  // A sum whose first term is farther away can be replaced by a nearer one.
  for (int first : {exponent, exponent + 1}) {
    if (first < lowest)
      continue;
    double power = std::ldexp(1.0, first);
    double sum = power + nearestTermSum(magnitude - power, terms - 1, lowest);
    if (std::fabs(sum - magnitude) < error) {
      best = sum;
      error = std::fabs(sum - magnitude);
    }
  }
  return value < 0 ? -best : best;
}

double relativeError(const double *original, const double *approximation,
                     int64_t count) {
  double squares = 0, errors = 0;
  for (int64_t i = 0; i < count; ++i) {
    double difference = approximation[i] - original[i];
    squares += original[i] * original[i];
    errors += difference * difference;
  }
  return errors == 0 ? 0 : std::sqrt(errors / squares);
}

} // namespace shiftadd
