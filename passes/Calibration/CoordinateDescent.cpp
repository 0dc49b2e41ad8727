//===- CoordinateDescent.cpp - Codes improved one at a time ---------------===//
//
// Part of the shiftadd project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Keeps the gradient of each row up to date, so that only changed codes cost
// more than a look.
//
//===----------------------------------------------------------------------===//
#include "passes/Calibration/CoordinateDescent.h"
#include "passes/Calibration/LinearAlgebra.h"
#include "passes/Calibration/Parallel.h"

#include <algorithm>
#include <vector>

namespace shiftadd::calibration {
namespace {

constexpr int mostSweeps = 4;
/// Rows that are improved together, whatever the number of threads.
constexpr int64_t rowsPerItem = 32;

/// One sweep over the codes of a row; whether one changed.
bool sweepRow(const RoundingMetric &metric, const CodeSet &codes, double scale,
              const uint8_t *kept, double *gradient, int16_t *row) {
  const int64_t taps = metric.taps;
  bool changed = false;
  for (int64_t j = 0; j < taps; ++j) {
    if (kept && !kept[j])
      continue;
    const double *column = &metric.matrix[j * taps];
    // The error is a parabola in this weight alone; its lowest code is the one
    // nearest to its lowest point.
    double best = scale * row[j] - gradient[j] / column[j];
    int16_t code = codes.nearest(best / scale);
    if (code == row[j])
      continue;
    double step = scale * (code - row[j]);
    // Where two codes are equally good, nothing is gained by the other one.
    if (step * (2.0 * gradient[j] + step * column[j]) >= 0.0)
      continue;
    for (int64_t i = 0; i < taps; ++i)
      gradient[i] += step * column[i];
    row[j] = code;
    changed = true;
  }
  return changed;
}

} // namespace

void descend(const RoundingMetric &metric, const RowsToRound &rows,
             const CodeSet &codes, int16_t *result, double *errors,
             unsigned threads) {
  const int64_t taps = metric.taps;
  parallelFor(
      threads, (rows.rows + rowsPerItem - 1) / rowsPerItem,
      [&](int64_t item, unsigned) {
        int64_t first = item * rowsPerItem;
        int64_t count = std::min(rowsPerItem, rows.rows - first);
        std::vector<double> difference(count * taps), gradient(count * taps);
        auto differences = [&](int64_t row) {
          for (int64_t j = row * taps; j < (row + 1) * taps; ++j)
            difference[j] =
                rows.scales[first + row] * result[first * taps + j] -
                rows.weights[first * taps + j];
        };
        for (int64_t row = 0; row < count; ++row)
          differences(row);
        accumulateProduct(count, taps, taps, 1.0, difference.data(), taps,
                          metric.matrix.data(), taps, gradient.data(), taps);
        for (int64_t row = 0; row < count; ++row) {
          for (int sweep = 0; sweep < mostSweeps; ++sweep)
            if (!sweepRow(metric, codes, rows.scales[first + row],
                          rows.kept ? rows.kept + (first + row) * taps
                                    : nullptr,
                          &gradient[row * taps], result + (first + row) * taps))
              break;
          differences(row);
          double error = 0.0;
          for (int64_t j = row * taps; j < (row + 1) * taps; ++j)
            error += difference[j] * gradient[j];
          errors[first + row] = error;
        }
      });
}

} // namespace shiftadd::calibration
