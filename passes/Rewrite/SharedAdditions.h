//===- SharedAdditions.h - Constant matrices as few additions -*- C++ -*-===//
//
// Part of the shiftadd project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Common subexpressions of the signed digits of a constant matrix: which sums
// of two to compute once so that few additions make all outputs.
//
//===----------------------------------------------------------------------===//
#ifndef SHIFTADD_PASSES_REWRITE_SHAREDADDITIONS_H
#define SHIFTADD_PASSES_REWRITE_SHAREDADDITIONS_H

#include <cstdint>
#include <vector>

namespace shiftadd {

/// value = (lhs << lhsShift) + (rhs << rhsShift), or minus.
struct SharedSum {
  int lhs = 0, rhs = 0; ///< an input, or inputs + the index of an earlier sum
  int lhsShift = 0, rhsShift = 0;
  bool subtract = false;
};

/// output = +-(value << shift); value -1 is 0.
struct SharedOutput {
  int value = -1;
  int shift = 0;
  bool negative = false;
};

struct SharedAdditions {
  std::vector<SharedSum> sums;
  std::vector<SharedOutput> outputs;
  /// Additions of the signed digits without any sharing.
  int64_t plainAdders = 0;
};

/// `matrix` is [outputs, inputs], row-major. Deterministic. Greedy: the pair of
/// digits with the same distance and signs that occurs most often becomes a
/// value of its own, until no pair occurs twice.
SharedAdditions shareAdditions(const std::vector<int64_t> &matrix, int outputs,
                               int inputs);

} // namespace shiftadd

#endif // SHIFTADD_PASSES_REWRITE_SHAREDADDITIONS_H
