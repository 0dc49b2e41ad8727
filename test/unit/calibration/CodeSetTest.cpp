//===- CodeSetTest.cpp - Tables of codes ----------------------------------===//
//
// Part of the shiftadd project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// The sizes that the recipe names, and nearest codes by comparison with all.
//
//===----------------------------------------------------------------------===//
#include "passes/Calibration/CodeSet.h"

#include <gtest/gtest.h>

#include <cmath>
#include <limits>

using namespace shiftadd::calibration;

namespace {

constexpr int uncut = 1 << 14;

std::vector<CodeSet> allSets() {
  return {CodeSet::integers(2),    CodeSet::integers(3),
          CodeSet::integers(4),    CodeSet::integers(8),
          CodeSet::termSums(1, 6), CodeSet::termSums(1, 3),
          CodeSet::termSums(2, 7), CodeSet::termSums(3, 7),
          CodeSet::termSums(2, 3), CodeSet::termSums(3, 7, uncut),
          CodeSet::ternary()};
}

TEST(CodeSet, HasTheSizesOfTheRecipe) {
  struct Expected {
    CodeSet set;
    std::size_t values;
    int largest;
    double mapped;
  };
  const Expected cases[] = {
      {CodeSet::integers(8), 255, 127, 127},
      {CodeSet::integers(7), 127, 63, 63},
      {CodeSet::integers(4), 15, 7, 7},
      {CodeSet::integers(3), 7, 3, 3},
      {CodeSet::termSums(3, 7, uncut), 313, 384, 128},
      {CodeSet::termSums(2, 7, uncut), 105, 256, 128},
      {CodeSet::termSums(2, 3), 25, 16, 8},
      {CodeSet::termSums(1, 7, uncut), 17, 128, 128},
      {CodeSet::termSums(1, 3), 9, 8, 8},
      {CodeSet::ternary(), 3, 1, 1},
  };
  for (const Expected &expected : cases) {
    EXPECT_EQ(expected.set.codes().size(), expected.values);
    EXPECT_EQ(expected.set.largest(), expected.largest);
    EXPECT_EQ(expected.set.mappedMaximum(), expected.mapped);
  }
}

TEST(CodeSet, FitsABytesNarrowRange) {
  for (const CodeSet &set :
       {CodeSet::termSums(1, 7), CodeSet::termSums(2, 7),
        CodeSet::termSums(3, 7), CodeSet::termSums(4, 7)}) {
    EXPECT_LE(set.largest(), 127);
    EXPECT_GE(set.codes().front(), -127);
  }
  // Four signed digits are all bytes.
  EXPECT_EQ(CodeSet::termSums(4, 7).codes().size(), 255u);
  EXPECT_EQ(CodeSet::termSums(1, 7).largest(), 64);
}

TEST(CodeSet, FindsTheNearestCode) {
  for (const CodeSet &set : allSets()) {
    double edge = set.largest() + 2.0;
    for (double value = -edge; value <= edge; value += 1.0 / 64) {
      double nearest = std::numeric_limits<double>::infinity();
      int best = 0;
      for (int code : set.codes())
        if (std::abs(code - value) <= nearest) {
          nearest = std::abs(code - value);
          best = code;
        }
      ASSERT_EQ(set.nearest(value), best) << value;
    }
  }
}

TEST(CodeSet, TakesAnyNumber) {
  CodeSet set = CodeSet::termSums(2, 7);
  const double infinite = std::numeric_limits<double>::infinity();
  EXPECT_EQ(set.nearest(infinite), set.largest());
  EXPECT_EQ(set.nearest(-infinite), -set.largest());
  EXPECT_EQ(set.nearest(1e300), set.largest());
  EXPECT_EQ(set.nearest(std::nan("")), 0);
}

TEST(CodeSet, SearchesAWholeOctaveOfTerms) {
  for (const CodeSet &set : {CodeSet::termSums(1, 6), CodeSet::termSums(2, 7),
                             CodeSet::termSums(3, 7)}) {
    EXPECT_EQ(set.scaleFactors().size(), 31u);
    EXPECT_GE(set.scaleFactors().back() / set.scaleFactors().front(), 2.0);
    // The search must reach a scale that clips nothing.
    EXPECT_LE(set.mappedMaximum() / set.scaleFactors().back(), set.largest());
  }
  EXPECT_EQ(CodeSet::integers(8).scaleFactors().back(), 1.0);
}

} // namespace
