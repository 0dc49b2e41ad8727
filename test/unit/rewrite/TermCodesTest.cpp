//===- TermCodesTest.cpp - Codes of powers of two, number by number -------===//
//
// Part of the shiftadd project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
#include "passes/Rewrite/TermCodes.h"
#include "dialects/Support/Rounding.h"

#include "gtest/gtest.h"

#include <cmath>
#include <set>

namespace shiftadd {

namespace {

using num::PowerOfTwoFormat;

int64_t valueOf(const std::vector<Term> &digits) {
  __int128 sum = 0;
  for (Term digit : digits)
    sum += (digit.negative ? -1 : 1) * (__int128(1) << digit.exponent);
  return int64_t(sum);
}

/// Values that a format can stand for.
std::set<double> valuesOf(const PowerOfTwoFormat &format) {
  std::set<double> values;
  for (uint64_t code = 0; code < uint64_t(1) << format.bits; ++code)
    if (format.isValid(code))
      values.insert(format.decode(code));
  return values;
}

TEST(SignedDigits, AreExactWithoutNeighbours) {
  std::vector<int64_t> numbers;
  for (int64_t value = -70000; value <= 70000; ++value)
    numbers.push_back(value);
  for (int64_t value : {INT64_MAX, INT64_MIN, INT64_MAX - 1, INT64_MIN + 1})
    numbers.push_back(value);
  for (int64_t value : numbers) {
    auto digits = getSignedDigits(value);
    EXPECT_EQ(valueOf(digits), value);
    for (size_t i = 1; i < digits.size(); ++i)
      EXPECT_GE(digits[i].exponent, digits[i - 1].exponent + 2) << value;
  }
}

TEST(SignedDigits, EightBitsNeedAtMostFour) {
  size_t most = 0;
  for (int64_t value = -128; value <= 127; ++value)
    most = std::max(most, getSignedDigits(value).size());
  EXPECT_EQ(most, 4u);
}

/// No sum of fewer signed powers of two gives the number: all sums of up to
/// three of them are tried.
TEST(SignedDigits, AreFewest) {
  std::set<int64_t> reached{0};
  std::vector<std::set<int64_t>> byTerms{reached};
  for (int terms = 1; terms <= 3; ++terms) {
    std::set<int64_t> next = byTerms.back();
    for (int64_t sum : byTerms.back())
      for (int exponent = 0; exponent <= 9; ++exponent)
        for (int64_t sign : {-1, 1})
          next.insert(sum + sign * (int64_t(1) << exponent));
    byTerms.push_back(next);
  }
  for (int64_t value = -128; value <= 127; ++value) {
    size_t digits = getSignedDigits(value).size();
    for (size_t terms = 0; terms < std::min<size_t>(digits, 4); ++terms)
      EXPECT_EQ(byTerms[terms].count(value), 0u) << value;
  }
}

TEST(SmallestFormat, HoldsAllEightBitValues) {
  std::vector<int64_t> values;
  for (int64_t value = -128; value <= 127; ++value)
    values.push_back(value);
  auto format = smallestFormat(values);
  ASSERT_TRUE(format);
  EXPECT_EQ(format->terms, 4u);
  EXPECT_EQ(format->minExponent, 0);
  EXPECT_EQ(format->maxExponent, 7);
  EXPECT_EQ(format->bits, 20u);
  EXPECT_TRUE(format->hasZero);
  auto codes = encodeAll(*format, values);
  for (size_t i = 0; i < values.size(); ++i) {
    EXPECT_TRUE(format->isValid(codes[i]));
    EXPECT_EQ(format->decodeInteger(codes[i]), values[i]);
  }
}

/// Every single value: exact, with as few terms as it has digits, and no zero
/// term, since nothing needs it.
TEST(SmallestFormat, FitsSingleValues) {
  for (int64_t value = -40000; value <= 40000; value += 7) {
    auto format = smallestFormat({value});
    ASSERT_TRUE(format) << value;
    EXPECT_EQ(format->terms,
              std::max<size_t>(1, getSignedDigits(value).size()));
    EXPECT_EQ(format->hasZero, value == 0);
    EXPECT_EQ(format->decodeInteger(encodeAll(*format, {value})[0]), value);
    EXPECT_LE(int64_t(1) << format->maxExponent,
              2 * std::max<int64_t>(std::abs(value), 1));
  }
}

TEST(SmallestFormat, UsesFewestTermsPerCode) {
  // In a format of four terms, 96 is still two.
  std::vector<int64_t> values{85, 96, 1, 0, -127};
  auto format = smallestFormat(values);
  ASSERT_TRUE(format);
  auto codes = encodeAll(*format, values);
  for (size_t i = 0; i < values.size(); ++i) {
    EXPECT_EQ(format->decodeInteger(codes[i]), values[i]);
    size_t used = 0;
    for (unsigned t = 0; t < format->terms; ++t)
      used += ((codes[i] >> (t * format->fieldBits())) &
               ((uint64_t(1) << format->fieldBits()) - 1)) != 0;
    EXPECT_EQ(used, getSignedDigits(values[i]).size()) << values[i];
  }
}

TEST(SmallestFormat, RefusesWhatSixtyFourBitsCannotHold) {
  // Eleven digits of 21 exponents: 66 bits.
  EXPECT_FALSE(smallestFormat({699051, 0}));
  EXPECT_TRUE(smallestFormat({699050, 0}));
}

/// So that a code of 64 bits holds every multiplier (N121).
TEST(Multipliers, HaveAtMostTenDigits) {
  int changed = 0;
  for (int64_t multiplier = 0; multiplier < 1 << 20; ++multiplier) {
    int64_t limited = num::limitSignedDigits(multiplier);
    EXPECT_LE(getSignedDigits(limited).size(), 10u) << multiplier;
    EXPECT_LT(limited, 1 << 20);
    EXPECT_EQ(num::limitSignedDigits(-multiplier), -limited);
    bool tooMany = getSignedDigits(multiplier).size() > 10;
    EXPECT_EQ(limited != multiplier, tooMany) << multiplier;
    EXPECT_LE(std::abs(limited - multiplier), 1);
    changed += tooMany;
  }
  EXPECT_GT(changed, 0);
  EXPECT_LT(changed, 1024);
}

/// The grids of N100: one-term formats of 2 to 5 bits with a zero, the 5-bit
/// format without one.
TEST(Grids, OneTerm) {
  for (auto [bits, count] :
       {std::pair(2u, 3u), {3u, 7u}, {4u, 15u}, {5u, 31u}}) {
    PowerOfTwoFormat format{bits, 1, -int((1 << (bits - 1)) - 2), 0, true};
    EXPECT_EQ(format.check(), "");
    EXPECT_EQ(valuesOf(format).size(), count);
  }
  PowerOfTwoFormat zeroFree{5, 1, -15, 0, false};
  EXPECT_EQ(zeroFree.check(), "");
  EXPECT_EQ(valuesOf(zeroFree).size(), 32u);
  EXPECT_EQ(valuesOf(zeroFree).count(0), 0u);
}

/// The published level sets of additive powers of two (N17): all of them are
/// sums of two terms, so one format holds each.
TEST(Grids, AdditivePowersOfTwo) {
  auto levels = [](const std::vector<double> &first,
                   const std::vector<double> &second) {
    std::set<double> sums;
    for (double a : first)
      for (double b : second) {
        sums.insert(a + b);
        sums.insert(-a - b);
      }
    return sums;
  };
  auto threeBits = levels({0, 0.5, 0.25, 0.0625}, {0, 0.125});
  auto fourBits = levels({0, 1, 0.25, 0.0625}, {0, 0.5, 0.125, 0.03125});
  EXPECT_EQ(threeBits.size(), 2 * 8u - 1);
  EXPECT_EQ(fourBits.size(), 2 * 16u - 1);
  for (const auto &set : {threeBits, fourBits}) {
    std::vector<double> numbers(set.begin(), set.end());
    auto scaled = toIntegers(numbers);
    ASSERT_TRUE(scaled);
    auto format = smallestFormat(scaled->values);
    ASSERT_TRUE(format);
    EXPECT_EQ(format->terms, 2u);
    auto codes = encodeAll(*format, scaled->values);
    format->minExponent += scaled->exponent;
    format->maxExponent += scaled->exponent;
    for (size_t i = 0; i < numbers.size(); ++i)
      EXPECT_EQ(format->decode(codes[i]), numbers[i]);
  }
}

TEST(ToIntegers, IsExact) {
  auto scaled = toIntegers({0.75, -6, 0, 1.0 / 1024});
  ASSERT_TRUE(scaled);
  EXPECT_EQ(scaled->exponent, -10);
  EXPECT_EQ(scaled->values, (std::vector<int64_t>{768, -6144, 0, 1}));
  EXPECT_FALSE(toIntegers({1.0, INFINITY}));
  EXPECT_FALSE(toIntegers({1.0, NAN}));
  EXPECT_FALSE(toIntegers({1e30, 1e-30}));
  EXPECT_EQ(toIntegers({0, 0})->values, (std::vector<int64_t>{0, 0}));
}

/// Against all sums of up to three terms.
TEST(NearestTermSum, IsNearest) {
  std::vector<std::set<double>> sums{{0.0}};
  for (int terms = 1; terms <= 3; ++terms) {
    std::set<double> next = sums.back();
    for (double sum : sums.back())
      for (int exponent = -6; exponent <= 4; ++exponent)
        for (double sign : {-1.0, 1.0})
          next.insert(sum + sign * std::ldexp(1.0, exponent));
    sums.push_back(next);
  }
  for (int i = -1200; i <= 1200; ++i) {
    double value = i / 100.0;
    for (unsigned terms = 1; terms <= 3; ++terms) {
      double least = 1e9;
      for (double sum : sums[terms])
        least = std::min(least, std::fabs(sum - value));
      double sum = nearestTermSum(value, terms, -6);
      EXPECT_DOUBLE_EQ(std::fabs(sum - value), least) << value << " " << terms;
      EXPECT_EQ(sums[terms].count(sum), 1u) << value << " " << terms;
    }
  }
  EXPECT_EQ(nearestTermSum(0.001, 2, -6), 0);
  EXPECT_EQ(nearestTermSum(-0.015, 2, -6), -0.015625);
}

TEST(RelativeError, IsOfTheChannel) {
  double original[] = {3, -4}, changed[] = {3, -3};
  EXPECT_DOUBLE_EQ(relativeError(original, changed, 2), 1.0 / 5);
  EXPECT_EQ(relativeError(original, original, 2), 0);
  double zero[] = {0, 0};
  EXPECT_EQ(relativeError(zero, zero, 2), 0);
}

} // namespace

} // namespace shiftadd
