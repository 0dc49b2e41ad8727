//===- CodeSet.cpp - The integers that a weight may become ----------------===//
//
// Part of the shiftadd project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Builds the tables of codes, of nearest codes and of scale factors.
//
//===----------------------------------------------------------------------===//
#include "passes/Calibration/CodeSet.h"

#include <algorithm>
#include <cmath>
#include <cstdlib>
#include <set>

namespace shiftadd::calibration {
namespace {

std::vector<double> evenSteps(int count, double first, double last) {
  std::vector<double> steps;
  for (int i = 0; i < count; ++i)
    steps.push_back(first + (last - first) * i / (count - 1));
  return steps;
}

std::vector<double> geometricSteps(int count, double first, double last) {
  std::vector<double> steps;
  for (int i = 0; i < count; ++i)
    steps.push_back(first * std::pow(last / first, double(i) / (count - 1)));
  return steps;
}

} // namespace

CodeSet::CodeSet(std::vector<int16_t> codes) : sorted(std::move(codes)) {
  lowest = sorted.front();
  std::size_t code = 0;
  for (int half = 0; half < 4 * sorted.back() + 1; ++half) {
    double middle = lowest + 0.5 * half + 0.25;
    while (code + 1 < sorted.size() &&
           sorted[code + 1] - middle < middle - sorted[code])
      ++code;
    table.push_back(sorted[code]);
  }
}

CodeSet CodeSet::integers(int bits) {
  int limit = (1 << (std::clamp(bits, 2, 16) - 1)) - 1;
  std::vector<int16_t> codes;
  for (int code = -limit; code <= limit; ++code)
    codes.push_back(static_cast<int16_t>(code));
  CodeSet set(std::move(codes));
  set.maximum = limit;
  set.factors = bits == 2 ? evenSteps(33, 0.2, 1.0) : evenSteps(27, 0.35, 1.0);
  set.coarse = bits <= 4;
  return set;
}

CodeSet CodeSet::termSums(int terms, int maxExponent, int limit) {
  std::set<int> sums = {0};
  for (int term = 0; term < terms; ++term) {
    std::set<int> longer = sums;
    for (int sum : sums)
      for (int exponent = 0; exponent <= maxExponent; ++exponent) {
        longer.insert(sum + (1 << exponent));
        longer.insert(sum - (1 << exponent));
      }
    sums = std::move(longer);
  }
  std::vector<int16_t> codes;
  bool cut = false;
  for (int sum : sums) {
    if (std::abs(sum) <= limit)
      codes.push_back(static_cast<int16_t>(sum));
    else
      cut = true;
  }
  CodeSet set(std::move(codes));
  // The largest weight is mapped to the largest power of two, and the search
  // covers from half to about 1.4 times that: the codes are spread alike over
  // all octaves. Where the sums above it are cut off, larger codes than the
  // limit cannot take part, so the same octave and a half is searched lower.
  bool sumsAreCut = cut && terms > 1;
  set.maximum =
      std::min<double>(sumsAreCut ? limit : 1 << maxExponent, set.largest());
  set.factors =
      sumsAreCut ? geometricSteps(31, 0.7, 2.0) : geometricSteps(31, 0.5, 1.42);
  set.coarse = terms == 1;
  set.logarithmic = true;
  return set;
}

CodeSet CodeSet::ternary() { return integers(2); }

} // namespace shiftadd::calibration
