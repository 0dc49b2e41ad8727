//===- TargetShift.cpp - Weights for the inputs that a layer really sees --===//
//
// Part of the shiftadd project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// One factorisation per group, solved for all output channels, unless weights
// are left out.
//
//===----------------------------------------------------------------------===//
#include "passes/Calibration/TargetShift.h"
#include "passes/Calibration/LinearAlgebra.h"
#include "passes/Calibration/MaskedRegression.h"
#include "passes/Calibration/Parallel.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <limits>
#include <optional>

namespace shiftadd::calibration {
namespace {

constexpr double infinite = std::numeric_limits<double>::infinity();

/// The ridges that cross-validation compares (Q7).
constexpr std::array<double, 7> candidates = {0.01, 0.1,  0.3,     1.0,
                                              3.0,  10.0, infinite};

/// Output channels that are solved together, whatever the number of threads.
constexpr int64_t rowsPerItem = 64;

/// The same where rows have masks of their own, which take long: 16 channels
/// often share one.
constexpr int64_t maskedRowsPerItem = 16;

} // namespace

std::vector<double> shiftWeights(const Moments &moments,
                                 const std::vector<double> &weights,
                                 const uint8_t *kept, double ridge,
                                 unsigned threads) {
  if (std::isinf(ridge))
    return weights;
  const int64_t taps = moments.taps, rows = moments.rows;
  std::vector<double> shifted = weights;
  for (std::size_t i = 0; kept && i < shifted.size(); ++i)
    if (!kept[i])
      shifted[i] = 0.0;
  auto shiftGroup = [&](int64_t group, unsigned groupThreads) {
    const double *matrix = &moments.covariance[group * taps * taps];
    double diagonal = 0.0;
    for (int64_t i = 0; i < taps; ++i)
      diagonal += matrix[i * taps + i];
    double damping = ridge * std::max(diagonal / double(taps), 1e-9);
    std::vector<double> factor;
    std::optional<MaskedRegression> masked;
    if (kept)
      masked.emplace(matrix, taps, damping, kept + group * rows * taps, rows);
    else
      factor = choleskyLower(std::vector<double>(matrix, matrix + taps * taps),
                             taps, damping);
    const int64_t atOnce = kept ? maskedRowsPerItem : rowsPerItem;
    parallelFor(groupThreads, (rows + atOnce - 1) / atOnce,
                [&](int64_t item, unsigned) {
                  int64_t first = group * rows + item * atOnce;
                  int64_t count = std::min(atOnce, rows - item * atOnce);
                  std::vector<double> change(&moments.cross[first * taps],
                                             &moments.cross[first * taps] +
                                                 count * taps);
                  accumulateProduct(count, taps, taps, -1.0,
                                    &shifted[first * taps], taps, matrix, taps,
                                    change.data(), taps);
                  if (masked)
                    masked->solve(item * atOnce, count, change.data());
                  else
                    solveRows(factor, taps, change.data(), count);
                  for (int64_t i = 0; i < count * taps; ++i)
                    shifted[first * taps + i] += change[i];
                });
  };
  if (moments.groups == 1)
    shiftGroup(0, threads);
  else
    parallelFor(threads, moments.groups,
                [&](int64_t group, unsigned) { shiftGroup(group, 1); });
  return shifted;
}

double defaultRidge(const ConvolutionShape &shape) {
  double samples = double(shape.images) * double(shape.positions());
  return std::max(0.01, 30.0 * double(shape.taps()) / samples);
}

double crossValidatedRidge(const Moments &first, const Moments &second,
                           const std::vector<double> &weights,
                           const uint8_t *kept, unsigned threads) {
  if (first.samples == 0 || second.samples == 0)
    return infinite;
  // Weights that are left out would make the infinite ridge look exact.
  std::vector<double> present = weights;
  for (std::size_t i = 0; kept && i < present.size(); ++i)
    if (!kept[i])
      present[i] = 0.0;
  std::array<double, candidates.size()> errors;
  for (std::size_t i = 0; i < candidates.size(); ++i)
    errors[i] = second.expectedError(shiftWeights(first, present, kept,
                                                  candidates[i], threads)) +
                first.expectedError(shiftWeights(second, present, kept,
                                                 candidates[i], threads));
  return candidates[std::min_element(errors.begin(), errors.end()) -
                    errors.begin()];
}

} // namespace shiftadd::calibration
