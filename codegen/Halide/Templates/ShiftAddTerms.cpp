//===- ShiftAddTerms.cpp - Numbers as sums of powers of two -----*- C++ -*-===//
//
// Part of the shiftadd project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Canonical signed digits and their widening to a fixed number of terms.
//
//===----------------------------------------------------------------------===//
#include "codegen/Halide/Templates/ShiftAddTerms.h"

#include <algorithm>

namespace shiftadd::halide_gen {

std::vector<Term> canonicalTerms(int64_t value) {
  std::vector<Term> terms;
  for (int exponent = 0; value != 0; ++exponent, value /= 2) {
    if (value % 2 == 0)
      continue;
    // An odd value ends in 01 (digit 1) or 11 (digit -1, with a carry).
    int64_t digit = (value & 3) == 3 ? -1 : 1;
    terms.push_back({digit < 0, exponent});
    value -= digit;
  }
  std::reverse(terms.begin(), terms.end());
  return terms;
}

bool exactTerms(int64_t value, int count, std::vector<Term> &terms) {
  terms = canonicalTerms(value);
  if (static_cast<int>(terms.size()) > count || (value == 0 && count == 1))
    return false;
  if (count > 0 && terms.empty())
    terms = {{false, 0}, {true, 0}};
  while (static_cast<int>(terms.size()) < count) {
    // 2^e = 2^(e-1) + 2^(e-1); 1 = 2 - 1.
    Term &largest = *std::max_element(
        terms.begin(), terms.end(),
        [](const Term &a, const Term &b) { return a.exponent < b.exponent; });
    bool negative = largest.negative;
    if (largest.exponent > 0) {
      int half = --largest.exponent;
      terms.push_back({negative, half});
    } else {
      largest.exponent = 1;
      terms.push_back({!negative, 0});
    }
  }
  std::stable_sort(
      terms.begin(), terms.end(),
      [](const Term &a, const Term &b) { return a.exponent > b.exponent; });
  return true;
}

int64_t exactTermCount(int64_t value) {
  return value == 0 ? 2 : static_cast<int64_t>(canonicalTerms(value).size());
}

} // namespace shiftadd::halide_gen
