//===- ScaleGrid.cpp - Weight scales that requantisation states -----------===//
//
// Part of the shiftadd project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
#include "passes/Calibration/ScaleGrid.h"
#include "passes/Calibration/WeightScale.h"

#include <algorithm>
#include <cmath>

namespace shiftadd::calibration {
namespace {

/// Products stay below 2^30 (N128).
constexpr int productBits = 30;
/// Multipliers from here on are precise enough for any factor.
constexpr double fewestSteps = 1 << 10;
/// Rounded weights may reach further than those they come from.
constexpr double margin = 1.1;

/// How far the layer's output before the activation can lie from 0, in real
/// units: over all values that the input can have, not over the samples.
double getReach(const LayerProblem &problem, const std::vector<double> &weights,
                const Moments *moments, int64_t row) {
  const int64_t taps = problem.shape.taps();
  const double *own = &weights[row * taps];
  double low = 0.0, high = 0.0;
  for (int64_t tap = 0; tap < taps; ++tap) {
    double first = own[tap] * problem.inputLowest;
    double second = own[tap] * problem.inputHighest;
    low += std::min(first, second);
    high += std::max(first, second);
  }
  double bias = problem.bias ? problem.bias[row] : 0.0, slack = 0.0;
  if (moments) {
    const double *mean = &moments->inputMean[row / moments->rows * taps];
    bias = moments->targetMean[row];
    for (int64_t tap = 0; tap < taps; ++tap)
      bias -= own[tap] * mean[tap];
    // What the fit behind the activation may add.
    slack = 0.1 * std::sqrt(moments->targetVariance[row]);
  }
  return std::max(high + bias, -(low + bias)) + slack + problem.residualReach;
}

} // namespace

ScaleGrid::ScaleGrid(const LayerProblem &problem, const FitOptions &options,
                     const std::vector<double> &weights, const Moments *moments)
    : inputScale(problem.inputScale), outputScale(problem.outputScale),
      byShift(options.snapToShift) {
  if (!(outputScale > 0.0) || byShift || !std::isfinite(problem.inputLowest) ||
      !std::isfinite(problem.inputHighest))
    return;
  fractions.resize(problem.shape.outChannels);
  for (int64_t row = 0; row < problem.shape.outChannels; ++row) {
    double reach = margin * getReach(problem, weights, moments, row);
    double steps = std::max(reach / outputScale, 1.0);
    fractions[row] =
        std::isfinite(steps) ? productBits - 1 - std::ilogb(steps) : -1;
  }
}

double ScaleGrid::snap(int64_t row, double scale) const {
  if (!(outputScale > 0.0))
    return scale;
  if (byShift)
    return snapScale(scale, inputScale, outputScale);
  if (fractions.empty() || fractions[row] < 0)
    return scale;
  double steps = std::ldexp(scale * inputScale / outputScale, fractions[row]);
  if (!(steps < fewestSteps))
    return scale;
  // A scale on the grid stays where it is.
  steps = std::max(std::ceil(steps * (1.0 - 1e-9)), 1.0);
  return std::ldexp(steps, -fractions[row]) * outputScale / inputScale;
}

} // namespace shiftadd::calibration
