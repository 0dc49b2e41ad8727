//===- ActivationRange.h - Scale and zero point of activations --*- C++ -*-===//
//
// Part of the shiftadd project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Chooses the range of an activation tensor from its float values (Q5) and
// rounds values to it, as the compiled network does (N51).
//
//===----------------------------------------------------------------------===//
#ifndef SHIFTADD_PASSES_CALIBRATION_ACTIVATIONRANGE_H
#define SHIFTADD_PASSES_CALIBRATION_ACTIVATIONRANGE_H

#include <cstdint>
#include <string>

namespace shiftadd::calibration {

/// How the range of an activation follows from its values.
enum class RangeMethod {
  /// The smallest and the largest value.
  MinMax,
  /// The part of that range with the least squared rounding error.
  SquaredError,
  /// The range without a share of the values at each end.
  Percentile,
};

struct RangeOptions {
  RangeMethod method = RangeMethod::MinMax;
  /// Share of the values inside the range, in percent, for `Percentile`.
  double percentile = 99.99;
  /// The lowest and highest code.
  int64_t lowestCode = 0;
  int64_t highestCode = 255;
  /// Whether the zero point is fixed at the middle code (0 for signed codes);
  /// the range is then symmetric.
  bool symmetric = false;
  unsigned threads = 1;
};

/// real = (code - zeroPoint) * scale.
struct ActivationRange {
  double scale = 1.0; // a float32 value, as N51 divides by one
  int64_t zeroPoint = 0;
  int64_t lowestCode = 0;
  int64_t highestCode = 255;

  double lowest() const { return double(lowestCode - zeroPoint) * scale; }
  double highest() const { return double(highestCode - zeroPoint) * scale; }
};

/// The range for `count` values. False, with the reason in `error`, if a value
/// is not finite or the options make no sense.
bool chooseRange(const float *values, int64_t count,
                 const RangeOptions &options, ActivationRange &range,
                 std::string &error);

/// Rounds each value to the nearest code of the range and back (N51): half to
/// even, saturating. `output` may be `values`.
void fakeQuantize(const float *values, int64_t count,
                  const ActivationRange &range, float *output,
                  unsigned threads);

} // namespace shiftadd::calibration

#endif // SHIFTADD_PASSES_CALIBRATION_ACTIVATIONRANGE_H
