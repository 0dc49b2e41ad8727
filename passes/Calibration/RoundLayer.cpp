//===- RoundLayer.cpp - Scales and codes of a whole layer -----------------===//
//
// Part of the shiftadd project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// One group uses all threads for its rows; many groups are divided among the
// threads.
//
//===----------------------------------------------------------------------===//
#include "passes/Calibration/RoundLayer.h"
#include "passes/Calibration/CoordinateDescent.h"
#include "passes/Calibration/FeedbackRounding.h"
#include "passes/Calibration/Parallel.h"
#include "passes/Calibration/WeightScale.h"

#include <algorithm>
#include <cmath>

namespace shiftadd::calibration {
namespace {

/// A bias fits this many steps of its grid.
constexpr double mostBiasSteps = double(1 << 24);
/// A channel's scale is at least this share of the layer's largest: what is
/// smaller vanishes in the layer's result, which has one scale.
constexpr double smallestShare = 1.0 / double(1 << 20);
/// Steps of a bias in one of the result, in a layer without any weights.
constexpr double biasStepsPerCode = double(1 << 10);

void roundGroup(const LayerProblem &problem, const FitOptions &options,
                const ScaleGrid &grid, const Moments &moments,
                const std::vector<double> &weights, int64_t group,
                unsigned threads, RoundedLayer &layer) {
  const int64_t taps = moments.taps, rows = moments.rows, first = group * rows;
  const RoundingMetric metric(&moments.covariance[group * taps * taps], taps);
  RowsToRound toRound{rows, &weights[first * taps], &layer.scales[first],
                      problem.kept ? problem.kept + first * taps : nullptr};
  int16_t *codes = &layer.codes[first * taps];
  std::vector<double> errors(rows);
  auto round = [&](const RowsToRound &trial, int16_t *result, double *error) {
    roundWithFeedback(metric, trial, options.codes, result, error, threads);
    if (options.descent)
      descend(metric, trial, options.codes, result, error, threads);
  };
  round(toRound, codes, errors.data());
  if (!options.scaleTrials)
    return;
  const std::vector<double> searched(toRound.scales, toRound.scales + rows);
  std::vector<double> scales(rows), trialErrors(rows);
  std::vector<int16_t> trialCodes(rows * taps);
  for (double factor : trialFactors()) {
    for (int64_t row = 0; row < rows; ++row)
      scales[row] = grid.snap(first + row, searched[row] * factor);
    if (scales == searched)
      continue;
    round({rows, toRound.weights, scales.data(), toRound.kept},
          trialCodes.data(), trialErrors.data());
    for (int64_t row = 0; row < rows; ++row) {
      if (trialErrors[row] >= errors[row])
        continue;
      errors[row] = trialErrors[row];
      layer.scales[first + row] = scales[row];
      std::copy_n(&trialCodes[row * taps], taps, codes + row * taps);
    }
  }
}

} // namespace

std::vector<double> RoundedLayer::values() const {
  std::vector<double> values(codes.size());
  const std::size_t taps = codes.size() / scales.size();
  for (std::size_t i = 0; i < codes.size(); ++i)
    values[i] = scales[i / taps] * codes[i];
  return values;
}

std::vector<double> chooseScales(const LayerProblem &problem,
                                 const FitOptions &options,
                                 const ScaleGrid &grid,
                                 const std::vector<double> &weights,
                                 const std::vector<double> &magnitudes) {
  const int64_t rows = problem.shape.outChannels;
  std::vector<double> present = weights;
  for (std::size_t i = 0; problem.kept && i < present.size(); ++i)
    if (!problem.kept[i])
      present[i] = 0.0;
  std::vector<double> scales =
      searchScales(present.data(), rows, problem.shape.taps(), options.codes,
                   options.maximumScale, options.threads);
  double largest = 0.0, sum = 0.0;
  int64_t used = 0;
  for (double scale : scales)
    if (scale > 0.0) {
      largest = std::max(largest, scale);
      sum += scale;
      ++used;
    }
  // A channel without weights has only a bias, which any scale of the layer's
  // size serves.
  double usual = 1.0;
  if (used > 0)
    usual = sum / double(used);
  else if (problem.outputScale > 0.0)
    usual = problem.outputScale / problem.inputScale / biasStepsPerCode;
  for (int64_t row = 0; row < rows; ++row) {
    if (!(scales[row] > 0.0))
      scales[row] = usual;
    scales[row] =
        std::max({scales[row], largest * smallestShare,
                  magnitudes[row] / problem.inputScale / mostBiasSteps});
    scales[row] = grid.snap(row, scales[row]);
  }
  return scales;
}

RoundedLayer roundLayer(const LayerProblem &problem, const FitOptions &options,
                        const ScaleGrid &grid, const Moments *moments,
                        const std::vector<double> &weights,
                        const std::vector<double> &scales) {
  RoundedLayer layer;
  layer.scales = scales;
  layer.codes.resize(weights.size());
  if (options.plainRounding || !moments) {
    roundToNearest(problem.shape.taps(),
                   {problem.shape.outChannels, weights.data(), scales.data(),
                    problem.kept},
                   options.codes, layer.codes.data());
    return layer;
  }
  if (moments->groups == 1)
    roundGroup(problem, options, grid, *moments, weights, 0, options.threads,
               layer);
  else
    parallelFor(options.threads, moments->groups, [&](int64_t group, unsigned) {
      roundGroup(problem, options, grid, *moments, weights, group, 1, layer);
    });
  return layer;
}

} // namespace shiftadd::calibration
