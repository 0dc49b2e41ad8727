//===- FeedbackRounding.cpp - Rounding that lets later weights repair earlier
// ones ===//
//
// Part of the shiftadd project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Blocks of 64 columns: inside a block each weight updates the next ones at
// once, the columns behind it are updated by one matrix product.
//
//===----------------------------------------------------------------------===//
#include "passes/Calibration/FeedbackRounding.h"
#include "passes/Calibration/LinearAlgebra.h"
#include "passes/Calibration/Parallel.h"

#include <algorithm>
#include <numeric>

namespace shiftadd::calibration {
namespace {

constexpr int64_t blockColumns = 64;
/// Rows that are rounded together, whatever the number of threads.
constexpr int64_t rowsPerItem = 32;

/// Rounds rows whose weights are already in the metric's order; `work` and
/// `errors` are [count, taps], the latter receives (w - q) / U_jj.
void roundRows(const RoundingMetric &metric, const CodeSet &codes,
               const double *scales, const uint8_t *kept, int64_t count,
               double *work, double *errors, int16_t *result) {
  const int64_t taps = metric.taps;
  const double *factor = metric.factor.data();
  for (int64_t first = 0; first < taps; first += blockColumns) {
    const int64_t end = std::min(first + blockColumns, taps);
    for (int64_t row = 0; row < count; ++row) {
      double *weights = work + row * taps;
      const double scale = scales[row], inverse = 1.0 / scale;
      for (int64_t j = first; j < end; ++j) {
        const double *u = factor + j * taps;
        bool free = !kept || kept[row * taps + metric.order[j]];
        int16_t code = free ? codes.nearest(weights[j] * inverse) : int16_t(0);
        double error = (weights[j] - scale * code) / u[j];
        result[row * taps + metric.order[j]] = code;
        errors[row * taps + j] = error;
        for (int64_t i = j + 1; i < end; ++i)
          weights[i] -= error * u[i];
      }
    }
    if (end < taps)
      accumulateProduct(count, taps - end, end - first, -1.0, errors + first,
                        taps, factor + first * taps + end, taps, work + end,
                        taps);
  }
}

} // namespace

RoundingMetric::RoundingMetric(const double *covariance, int64_t taps)
    : taps(taps), matrix(covariance, covariance + taps * taps), order(taps) {
  double diagonal = 0.0;
  for (int64_t i = 0; i < taps; ++i)
    diagonal += matrix[i * taps + i];
  double damping = std::max(0.01 * diagonal / double(taps), 1e-12);
  for (int64_t i = 0; i < taps; ++i)
    matrix[i * taps + i] += damping;

  std::iota(order.begin(), order.end(), 0);
  std::stable_sort(order.begin(), order.end(), [&](int64_t a, int64_t b) {
    return matrix[a * taps + a] > matrix[b * taps + b];
  });
  std::vector<double> ordered(taps * taps);
  for (int64_t i = 0; i < taps; ++i)
    for (int64_t j = 0; j < taps; ++j)
      ordered[i * taps + j] = matrix[order[i] * taps + order[j]];
  double more = 0.0;
  factor = inverseUpperFactor(ordered, taps, more);
  for (int64_t i = 0; i < taps; ++i)
    matrix[i * taps + i] += more;
}

void roundWithFeedback(const RoundingMetric &metric, const RowsToRound &rows,
                       const CodeSet &codes, int16_t *result, double *errors,
                       unsigned threads) {
  const int64_t taps = metric.taps;
  parallelFor(threads, (rows.rows + rowsPerItem - 1) / rowsPerItem,
              [&](int64_t item, unsigned) {
                int64_t first = item * rowsPerItem;
                int64_t count = std::min(rowsPerItem, rows.rows - first);
                std::vector<double> work(count * taps), steps(count * taps);
                for (int64_t row = 0; row < count; ++row)
                  for (int64_t j = 0; j < taps; ++j)
                    work[row * taps + j] =
                        rows.weights[(first + row) * taps + metric.order[j]];
                roundRows(metric, codes, rows.scales + first,
                          rows.kept ? rows.kept + first * taps : nullptr, count,
                          work.data(), steps.data(), result + first * taps);
                // The squared steps sum to the error in the metric.
                for (int64_t row = 0; row < count; ++row)
                  errors[first + row] = std::inner_product(
                      &steps[row * taps], &steps[row * taps] + taps,
                      &steps[row * taps], 0.0);
              });
}

void roundToNearest(int64_t taps, const RowsToRound &rows, const CodeSet &codes,
                    int16_t *result) {
  for (int64_t row = 0; row < rows.rows; ++row) {
    const double inverse = 1.0 / rows.scales[row];
    for (int64_t i = row * taps; i < (row + 1) * taps; ++i)
      result[i] = rows.kept && !rows.kept[i]
                      ? int16_t(0)
                      : codes.nearest(rows.weights[i] * inverse);
  }
}

} // namespace shiftadd::calibration
