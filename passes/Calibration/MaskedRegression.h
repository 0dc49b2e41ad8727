//===- MaskedRegression.h - Regression over some of the weights -*- C++ -*-===//
//
// Part of the shiftadd project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Every output channel of a pruned layer may keep other weights, so every one
// has a system of equations of its own. What they share is factored once.
//
//===----------------------------------------------------------------------===//
#ifndef SHIFTADD_PASSES_CALIBRATION_MASKEDREGRESSION_H
#define SHIFTADD_PASSES_CALIBRATION_MASKEDREGRESSION_H

#include <cstdint>
#include <vector>

namespace shiftadd::calibration {

class MaskedRegression {
public:
  /// For a symmetric matrix [taps, taps] and masks kept[rows, taps], which have
  /// to stay.
  MaskedRegression(const double *matrix, int64_t taps, double damping,
                   const uint8_t *kept, int64_t rows);

  /// Of rows from `first` on, values[count, taps] * inverse(matrix + damping
  /// I), both without the places that a row does not keep. There values is 0
  /// afterwards. May be called by several threads.
  void solve(int64_t first, int64_t count, double *values) const;

private:
  void solveAlike(const uint8_t *mask, int64_t count, double *values) const;
  void solveKept(const std::vector<int64_t> &places, int64_t count,
                 double *values) const;
  void solveWithoutRemoved(const std::vector<int64_t> &places, int64_t count,
                           double *values) const;

  const double *matrix;
  int64_t taps;
  double damping;
  const uint8_t *kept;
  /// Of the whole damped matrix; empty where no row keeps most of its places.
  std::vector<double> inverse;
};

} // namespace shiftadd::calibration

#endif // SHIFTADD_PASSES_CALIBRATION_MASKEDREGRESSION_H
