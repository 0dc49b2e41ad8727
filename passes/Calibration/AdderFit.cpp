//===- AdderFit.cpp - One grid for the input and the weights of an adder layer
//-*- C++ -*-===//
//
// Part of the shiftadd project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
#include "passes/Calibration/AdderFit.h"

#include <algorithm>
#include <cmath>

namespace shiftadd::calibration {

namespace {

/// Images that decide between grids.
constexpr int64_t kDecidingImages = 16;

ActivationRange makeRange(double low, double high,
                          const AdderProblem &problem) {
  ActivationRange range;
  range.lowestCode = problem.lowestCode;
  range.highestCode = problem.highestCode;
  double scale =
      (high - low) / double(problem.highestCode - problem.lowestCode);
  // A network that is dead up to here needs some grid.
  range.scale =
      scale > 0.0 && std::isfinite(scale) ? double(float(scale)) : 1.0;
  range.zeroPoint = std::clamp<int64_t>(
      range.lowestCode + int64_t(std::nearbyint(-low / range.scale)),
      range.lowestCode, range.highestCode);
  return range;
}

/// Squared error of the sums less that of their means per channel.
double measure(const AdderProblem &problem, const ConvolutionShape &shape,
               const std::vector<float> &sums) {
  int64_t channels = shape.outChannels;
  auto rows = int64_t(sums.size()) / channels;
  std::vector<double> mean(size_t(channels), 0.0), square(mean);
  for (int64_t row = 0; row < rows; ++row)
    for (int64_t c = 0; c < channels; ++c) {
      auto i = size_t(row * channels + c);
      double difference = double(problem.sums[i]) - sums[i];
      mean[size_t(c)] += difference;
      square[size_t(c)] += difference * difference;
    }
  double error = 0.0;
  for (size_t c = 0; c < size_t(channels); ++c)
    error += square[c] - mean[c] * mean[c] / double(rows);
  return error;
}

} // namespace

bool fitAdder(const AdderProblem &problem, AdderFit &fit, std::string &error) {
  double low = 0.0, high = 0.0;
  for (llvm::ArrayRef<float> values : {problem.exact, problem.weights})
    for (float value : values) {
      if (!std::isfinite(value)) {
        error = "a value over the samples is not a finite number";
        return false;
      }
      low = std::min(low, double(value));
      high = std::max(high, double(value));
    }
  ConvolutionShape shape = problem.shape;
  shape.images = std::min(shape.images, kDecidingImages);
  std::vector<float> input(size_t(shape.inputSize())),
      weights(problem.weights.size()), sums(size_t(shape.outputSize()));
  double best = std::numeric_limits<double>::infinity();
  for (int step = 0; step <= 12; ++step) {
    double part = 1.0 - 0.05 * step;
    ActivationRange range = makeRange(part * low, part * high, problem);
    fakeQuantize(problem.input.data(), int64_t(input.size()), range,
                 input.data(), problem.threads);
    fakeQuantize(problem.weights.data(), int64_t(weights.size()), range,
                 weights.data(), problem.threads);
    if (!convolveAdder(shape, input.data(), weights.data(), {}, sums.data(),
                       problem.threads, error))
      return false;
    double found = measure(problem, shape, sums);
    if (found < best) {
      best = found;
      fit.range = range;
    }
  }
  fit.input.resize(problem.input.size());
  fit.weights.resize(problem.weights.size());
  fakeQuantize(problem.input.data(), int64_t(fit.input.size()), fit.range,
               fit.input.data(), problem.threads);
  fakeQuantize(problem.weights.data(), int64_t(fit.weights.size()), fit.range,
               fit.weights.data(), problem.threads);
  for (float weight : fit.weights)
    fit.codes.push_back(
        int16_t(std::lround(weight / fit.range.scale) + fit.range.zeroPoint));
  return true;
}

} // namespace shiftadd::calibration
