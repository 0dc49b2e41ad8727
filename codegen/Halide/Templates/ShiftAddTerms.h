//===- ShiftAddTerms.h - Numbers as sums of powers of two -------*- C++ -*-===//
//
// Part of the shiftadd project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Constants of kernels that multiply by shifts and additions. A term is a sign
// and an exponent; kernels read it as one byte: the sign in the top bit, the
// amount of the shift in the low ones.
//
//===----------------------------------------------------------------------===//
#ifndef SHIFTADD_CODEGEN_HALIDE_TEMPLATES_SHIFTADDTERMS_H
#define SHIFTADD_CODEGEN_HALIDE_TEMPLATES_SHIFTADDTERMS_H

#include <cstdint>
#include <vector>

namespace shiftadd::halide_gen {

struct Term {
  bool negative = false;
  int exponent = 0;
};

/// The canonical signed digits of a number, which are the fewest terms, largest
/// exponent first. |value| < 2^62.
std::vector<Term> canonicalTerms(int64_t value);

/// Exactly `count` terms of the same sum, so that no lane needs a zero; false
/// when the number has more, or is zero and `count` is one.
bool exactTerms(int64_t value, int count, std::vector<Term> &terms);

/// The least `count` that exactTerms takes.
int64_t exactTermCount(int64_t value);

/// The byte of a term: x is multiplied by shifting it left by `amount`, or
/// right where the kernel holds it shifted to the left.
inline uint8_t termCode(bool negative, int amount) {
  return static_cast<uint8_t>((negative ? 0x80 : 0) | amount);
}

} // namespace shiftadd::halide_gen

#endif // SHIFTADD_CODEGEN_HALIDE_TEMPLATES_SHIFTADDTERMS_H
