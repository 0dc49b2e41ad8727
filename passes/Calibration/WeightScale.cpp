//===- WeightScale.cpp - The scale of each output channel's weights -------===//
//
// Part of the shiftadd project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// A search over the factors that the code set names.
//
//===----------------------------------------------------------------------===//
#include "passes/Calibration/WeightScale.h"
#include "passes/Calibration/Parallel.h"

#include <algorithm>
#include <cmath>
#include <limits>

namespace shiftadd::calibration {
namespace {

constexpr int64_t rowsPerItem = 16;

double bestScale(const double *weights, int64_t taps, double atMaximum,
                 const CodeSet &codes) {
  double best = atMaximum;
  double leastError = std::numeric_limits<double>::infinity();
  for (double factor : codes.scaleFactors()) {
    const double scale = factor * atMaximum, inverse = 1.0 / scale;
    double error = 0.0;
    for (int64_t i = 0; i < taps; ++i) {
      double difference =
          weights[i] - scale * codes.nearest(weights[i] * inverse);
      error += difference * difference;
    }
    if (error < leastError) {
      leastError = error;
      best = scale;
    }
  }
  return best;
}

} // namespace

std::vector<double> searchScales(const double *weights, int64_t rows,
                                 int64_t taps, const CodeSet &codes,
                                 bool maximumOnly, unsigned threads) {
  std::vector<double> scales(rows);
  parallelFor(threads, (rows + rowsPerItem - 1) / rowsPerItem,
              [&](int64_t item, unsigned) {
                int64_t end = std::min(rows, (item + 1) * rowsPerItem);
                for (int64_t row = item * rowsPerItem; row < end; ++row) {
                  const double *own = weights + row * taps;
                  double largest = 0.0;
                  for (int64_t i = 0; i < taps; ++i)
                    largest = std::max(largest, std::abs(own[i]));
                  double atMaximum = largest / codes.mappedMaximum();
                  // Below this the factors would leave the normal numbers.
                  if (atMaximum < 1e-300)
                    continue;
                  scales[row] = maximumOnly
                                    ? atMaximum
                                    : bestScale(own, taps, atMaximum, codes);
                }
              });
  return scales;
}

double snapScale(double scale, double inputScale, double outputScale) {
  double multiplier = scale * inputScale / outputScale;
  if (!(multiplier > 0.0) || !std::isfinite(multiplier))
    return scale;
  int exponent;
  double fraction = std::frexp(multiplier, &exponent);
  // The fraction is in [0.5, 1): exactly 0.5 is a power of two already.
  if (fraction <= 0.5 * (1.0 + 1e-4))
    --exponent;
  return std::ldexp(outputScale / inputScale, exponent);
}

const std::vector<double> &trialFactors() {
  static const std::vector<double> factors = {1.0, 0.7, 0.8, 0.9,
                                              1.1, 1.2, 1.35};
  return factors;
}

} // namespace shiftadd::calibration
