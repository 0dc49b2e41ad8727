//===- BiasCorrection.cpp - The bias that makes the mean output right -----===//
//
// Part of the shiftadd project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Means over fixed runs of samples, added in order.
//
//===----------------------------------------------------------------------===//
#include "passes/Calibration/BiasCorrection.h"
#include "passes/Calibration/Parallel.h"
#include "passes/Calibration/Vectorize.h"

#include <algorithm>
#include <cmath>
#include <functional>

namespace shiftadd::calibration {
namespace {

/// Every third image is enough where one has more positions (Q11).
constexpr int64_t fewPositions = 28 * 28;
constexpr int newtonSteps = 3;
constexpr double largestStep = 0.5;
constexpr double smallestShare = 0.05;

/// Samples per fp32 sum.
constexpr int64_t runSamples = 256;

/// Adds the rows of one run to sums [channels]: of the target behind the
/// activation minus the output behind it, and of the outputs strictly between
/// the bounds.
SHIFTADD_TARGET_CLONES
void addClamped(const float *output, const float *target, const float *bias,
                int64_t samples, int64_t channels, float lowest, float highest,
                float *differences, float *inside) {
  for (int64_t s = 0; s < samples; ++s)
    for (int64_t c = 0; c < channels; ++c) {
      float want = target[s * channels + c];
      float have = output[s * channels + c] + bias[c];
      want = want < lowest ? lowest : want;
      want = want > highest ? highest : want;
      inside[c] += (have > lowest) & (have < highest) ? 1.0f : 0.0f;
      have = have < lowest ? lowest : have;
      have = have > highest ? highest : have;
      differences[c] += want - have;
    }
}

SHIFTADD_TARGET_CLONES
void addDifferences(const float *output, const float *target, int64_t samples,
                    int64_t channels, float *differences) {
  for (int64_t s = 0; s < samples; ++s)
    for (int64_t c = 0; c < channels; ++c)
      differences[c] += target[s * channels + c] - output[s * channels + c];
}

SHIFTADD_TARGET_CLONES
void addBias(float *output, const float *target, const float *bias,
             int64_t samples, int64_t channels, float *errors, float *powers) {
  for (int64_t s = 0; s < samples; ++s)
    for (int64_t c = 0; c < channels; ++c) {
      float have = output[s * channels + c] + bias[c];
      float want = target[s * channels + c];
      output[s * channels + c] = have;
      errors[c] += (want - have) * (want - have);
      powers[c] += want * want;
    }
}

using RunBody = std::function<void(int64_t first, int64_t count, float *sums)>;

/// Sums of `width` numbers over runs of samples: `body` writes a run's sums,
/// which start at zero.
std::vector<double> sumRuns(int64_t samples, int64_t width, unsigned threads,
                            const RunBody &body) {
  constexpr int64_t lanes = 16;
  const int64_t runs = (samples + runSamples - 1) / runSamples;
  std::vector<double> sums(lanes * width);
  parallelFor(threads, lanes, [&](int64_t lane, unsigned) {
    std::vector<float> run(width);
    for (int64_t index = lane; index < runs; index += lanes) {
      std::fill(run.begin(), run.end(), 0.0f);
      int64_t first = index * runSamples;
      body(first, std::min(runSamples, samples - first), run.data());
      for (int64_t i = 0; i < width; ++i)
        sums[lane * width + i] += run[i];
    }
  });
  std::vector<double> total(width);
  for (int64_t lane = 0; lane < lanes; ++lane)
    for (int64_t i = 0; i < width; ++i)
      total[i] += sums[lane * width + i];
  return total;
}

} // namespace

std::vector<double> meanBias(const BiasProblem &problem) {
  const int64_t samples = problem.images * problem.positions;
  std::vector<double> bias =
      sumRuns(samples, problem.channels, problem.threads,
              [&](int64_t first, int64_t count, float *sums) {
                int64_t start = first * problem.channels;
                addDifferences(problem.output + start, problem.target + start,
                               count, problem.channels, sums);
              });
  for (double &value : bias)
    value /= double(samples);
  return bias;
}

void correctBehindActivation(const BiasProblem &problem,
                             std::vector<double> &bias) {
  if (std::isinf(problem.lowest) && std::isinf(problem.highest))
    return;
  const int64_t channels = problem.channels, positions = problem.positions;
  const int64_t step = positions > fewPositions ? 3 : 1;
  const int64_t images = (problem.images + step - 1) / step;
  // Runs do not cross images: those between the selected ones are skipped.
  const int64_t runsPerImage = (positions + runSamples - 1) / runSamples;
  std::vector<double> shift(channels);
  for (int iteration = 0; iteration < newtonSteps; ++iteration) {
    std::vector<float> moved(channels);
    for (int64_t c = 0; c < channels; ++c)
      moved[c] = float(bias[c] + shift[c]);
    std::vector<double> sums = sumRuns(
        images * runsPerImage * runSamples, 2 * channels, problem.threads,
        [&](int64_t first, int64_t, float *run) {
          int64_t index = first / runSamples;
          int64_t image = index / runsPerImage * step;
          int64_t position = index % runsPerImage * runSamples;
          int64_t count = std::min(runSamples, positions - position);
          int64_t start = (image * positions + position) * channels;
          addClamped(problem.output + start, problem.target + start,
                     moved.data(), count, channels, float(problem.lowest),
                     float(problem.highest), run, run + channels);
        });
    for (int64_t c = 0; c < channels; ++c) {
      double samples = double(images * positions);
      double share = sums[channels + c] / samples;
      double move = sums[c] / samples / std::max(share, smallestShare);
      shift[c] += std::clamp(move, -largestStep, largestStep);
    }
  }
  for (int64_t c = 0; c < channels; ++c)
    bias[c] += shift[c];
}

OutputPower applyBias(float *output, const float *target,
                      const std::vector<float> &bias, int64_t samples,
                      unsigned threads) {
  const int64_t channels = int64_t(bias.size());
  std::vector<double> sums =
      sumRuns(samples, 2 * channels, threads,
              [&](int64_t first, int64_t count, float *run) {
                addBias(output + first * channels, target + first * channels,
                        bias.data(), count, channels, run, run + channels);
              });
  OutputPower power;
  for (int64_t c = 0; c < channels; ++c) {
    power.error += sums[c] / double(samples);
    power.target += sums[channels + c] / double(samples);
  }
  return power;
}

} // namespace shiftadd::calibration
