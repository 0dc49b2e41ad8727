//===- AccumulatorRange.h - Exact intervals of integer sums -*- C++ -*-===//
//
// Part of the shiftadd project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// What an accumulator can reach, from the real weights and the range of the
// input's codes (N45). Never wider than the width formula, and usually far
// narrower.
//
//===----------------------------------------------------------------------===//
#ifndef SHIFTADD_PASSES_QUANTIZE_ACCUMULATORRANGE_H
#define SHIFTADD_PASSES_QUANTIZE_ACCUMULATORRANGE_H

#include "dialects/ShiftAdd/IR/ShiftAdd.h"

#include <optional>
#include <vector>

namespace shiftadd {

struct Interval {
  __int128 low = 0, high = 0;

  bool fits(unsigned bits) const {
    return low >= -(__int128(1) << (bits - 1)) &&
           high < (__int128(1) << (bits - 1));
  }
  /// The largest magnitude.
  __int128 magnitude() const { return high > -low ? high : -low; }
};

/// Codes that a tensor of this element type can hold; nothing for floats.
std::optional<Interval> getCodeRange(mlir::Type elementType);

/// Sum of code * weight per output channel: `weights` is [channels, taps] as
/// stored codes. A padded tap holds a code of the range, so it is covered.
std::vector<Interval> sumOfProducts(const std::vector<int64_t> &weights,
                                    int64_t channels, Interval input);

/// The same of -|weight - code|: every tap lies between -(largest difference)
/// and 0.
std::vector<Interval> sumOfDistances(const std::vector<int64_t> &weights,
                                     int64_t channels, Interval input);

/// The interval of every channel of an integer accumulator (one entry when all
/// channels share it), or nothing when the producer is not understood.
std::optional<std::vector<Interval>> getAccumulatorRange(mlir::Value value);

/// What a requantisation computes with, over all channels.
struct Reach {
  /// Whether the sum's own interval is known, and not only its type.
  bool known = false;
  Interval accumulator; ///< the sum without the bias
  __int128 sum = 0;     ///< largest |sum + bias|
  __int128 product = 0; ///< largest magnitude that is rounded
};

/// Nothing when the parameters are no constants.
std::optional<Reach> getReach(RequantizeOp op);
std::optional<Reach> getReach(RequantizeResidualOp op);

/// Bits of two's complement that hold an interval.
unsigned countBits(Interval interval);

} // namespace shiftadd

#endif // SHIFTADD_PASSES_QUANTIZE_ACCUMULATORRANGE_H
