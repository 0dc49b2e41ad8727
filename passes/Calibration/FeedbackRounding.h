//===- FeedbackRounding.h - Rounding that lets later weights repair earlier ones
//*- C++ -*-===//
//
// Part of the shiftadd project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Column-wise rounding with error feedback (Q9): what rounding one weight
// costs is compensated, as far as the inputs are correlated, by the weights
// that are not yet rounded.
//
//===----------------------------------------------------------------------===//
#ifndef SHIFTADD_PASSES_CALIBRATION_FEEDBACKROUNDING_H
#define SHIFTADD_PASSES_CALIBRATION_FEEDBACKROUNDING_H

#include "passes/Calibration/CodeSet.h"

#include <cstdint>
#include <vector>

namespace shiftadd::calibration {

/// The covariance of a group's inputs, prepared for rounding: all scales that
/// are tried share it.
struct RoundingMetric {
  /// Damps the covariance and factors it.
  RoundingMetric(const double *covariance, int64_t taps);

  int64_t taps;
  /// The damped covariance H'.
  std::vector<double> matrix;
  /// The columns by falling diagonal of H'.
  std::vector<int64_t> order;
  /// Upper triangular U in that order, with transpose(U) U = inverse(H').
  std::vector<double> factor;
};

/// Rows of weights that share a metric. A weight becomes scale * code.
struct RowsToRound {
  int64_t rows = 0;
  const double *weights = nullptr; // [rows, taps]
  const double *scales = nullptr;  // [rows]
  /// The weights that may get a code other than 0; null: all.
  const uint8_t *kept = nullptr; // [rows, taps]
};

/// Writes codes [rows, taps] and for each row the error
/// (q - w) H' transpose(q - w).
void roundWithFeedback(const RoundingMetric &metric, const RowsToRound &rows,
                       const CodeSet &codes, int16_t *result, double *errors,
                       unsigned threads);

/// The nearest code of each weight by itself.
void roundToNearest(int64_t taps, const RowsToRound &rows, const CodeSet &codes,
                    int16_t *result);

} // namespace shiftadd::calibration

#endif // SHIFTADD_PASSES_CALIBRATION_FEEDBACKROUNDING_H
