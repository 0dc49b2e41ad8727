//===- LayerFit.cpp - Codes, scales and bias of one layer -----------------===//
//
// Part of the shiftadd project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// The order of the steps (Q12); each step has a file of its own.
//
//===----------------------------------------------------------------------===//
#include "passes/Calibration/LayerFit.h"
#include "passes/Calibration/BiasCorrection.h"
#include "passes/Calibration/Moments.h"
#include "passes/Calibration/RoundLayer.h"
#include "passes/Calibration/TargetShift.h"

#include <algorithm>
#include <cmath>
#include <new>
#include <optional>

namespace shiftadd::calibration {
namespace {

bool checkProblem(const LayerProblem &problem, std::string &error) {
  if (!problem.shape.verify(error))
    return false;
  auto fail = [&](const std::string &what) {
    error = what;
    return false;
  };
  if (!problem.input || !problem.target || !problem.weights)
    return fail("input, target and weights must be given");
  if (!(problem.inputScale > 0.0) || !std::isfinite(problem.inputScale))
    return fail("the scale of the input must be a positive number");
  if (!(problem.outputScale >= 0.0) || !std::isfinite(problem.outputScale))
    return fail("the scale of the output must not be negative");
  const int64_t taps = problem.shape.taps();
  for (int64_t i = 0; i < problem.shape.weightSize(); ++i)
    if (!std::isfinite(problem.weights[i]))
      return fail("weight " + std::to_string(i % taps) + " of output channel " +
                  std::to_string(i / taps) + " is not a finite number");
  for (int64_t i = 0; problem.bias && i < problem.shape.outChannels; ++i)
    if (!std::isfinite(problem.bias[i]))
      return fail("the bias of output channel " + std::to_string(i) +
                  " is not a finite number");
  if (problem.kind != LayerWeights::Fixed)
    return true;
  const int64_t scales = int64_t(problem.fixedScales.size());
  if (scales != 1 && scales != problem.shape.outChannels)
    return fail("fixed weights need one scale, or one per output channel");
  for (double scale : problem.fixedScales)
    if (!(scale > 0.0) || !std::isfinite(scale))
      return fail("the scales of fixed weights must be positive numbers");
  return true;
}

/// Statistics and, if it is wanted, the ridge by cross-validation.
Moments gatherMoments(const LayerProblem &problem, const FitOptions &options,
                      const std::vector<double> &weights, double &ridge) {
  const ImageSelection all = selectImages(problem.shape);
  const bool validate =
      options.ridge == Ridge::CrossValidation && !problem.behindGlobalPool;
  MomentSums sums(problem.shape);
  if (validate) {
    // Neighbouring samples are often alike: the halves alternate.
    MomentSums second(problem.shape);
    sums.addImages(problem.input, problem.target, problem.residual,
                   {0, 2 * all.step}, options.threads);
    second.addImages(problem.input, problem.target, problem.residual,
                     {all.step, 2 * all.step}, options.threads);
    ridge = crossValidatedRidge(sums.centred(), second.centred(), weights,
                                problem.kept, options.threads);
    sums.add(second);
  } else {
    sums.addImages(problem.input, problem.target, problem.residual, all,
                   options.threads);
  }
  return sums.centred();
}

double chosenRidge(const LayerProblem &problem, const FitOptions &options) {
  if (problem.behindGlobalPool)
    return std::numeric_limits<double>::infinity();
  switch (options.ridge) {
  case Ridge::TapsOverPositions:
    return defaultRidge(problem.shape);
  case Ridge::Fixed:
    return options.fixedRidge;
  case Ridge::CrossValidation:
  case Ridge::Infinite:
    break;
  }
  return std::numeric_limits<double>::infinity();
}

/// How large the bias of each output channel may get.
std::vector<double> biasMagnitudes(const LayerProblem &problem,
                                   const Moments *moments,
                                   const std::vector<double> &weights) {
  std::vector<double> magnitudes(problem.shape.outChannels);
  for (int64_t row = 0; row < problem.shape.outChannels; ++row) {
    double &magnitude = magnitudes[row];
    if (problem.bias)
      magnitude = std::abs(double(problem.bias[row]));
    if (!moments)
      continue;
    const int64_t taps = moments->taps;
    const double *mean = &moments->inputMean[row / moments->rows * taps];
    double sum = std::abs(moments->targetMean[row]) +
                 std::sqrt(moments->targetVariance[row]);
    for (int64_t tap = 0; tap < taps; ++tap)
      sum += std::abs(weights[row * taps + tap] * mean[tap]);
    magnitude = std::max(magnitude, sum);
  }
  return magnitudes;
}

/// Codes and scales into `fit`; returns the expected error of plain rounding.
std::optional<double> fitCodes(const LayerProblem &problem,
                               const FitOptions &options, LayerFit &fit) {
  std::vector<double> weights(problem.weights,
                              problem.weights + problem.shape.weightSize());
  fit.ridge = chosenRidge(problem, options);
  const bool mayShift =
      !problem.behindGlobalPool && options.ridge != Ridge::Infinite;
  std::optional<Moments> moments;
  if ((!options.plainRounding || mayShift) &&
      problem.shape.taps() <= mostStatisticsTaps)
    moments = gatherMoments(problem, options, weights, fit.ridge);
  else
    fit.ridge = std::numeric_limits<double>::infinity();
  const Moments *known = moments ? &*moments : nullptr;

  std::vector<double> magnitudes = biasMagnitudes(problem, known, weights);
  std::optional<double> errorBefore;
  if (moments) {
    FitOptions plain = options;
    plain.plainRounding = true;
    const ScaleGrid grid(problem, plain, weights, known);
    errorBefore = moments->expectedError(
        roundLayer(problem, plain, grid, nullptr, weights,
                   chooseScales(problem, plain, grid, weights, magnitudes))
            .values());
    weights = shiftWeights(*moments, weights, problem.kept, fit.ridge,
                           options.threads);
  }
  const ScaleGrid grid(problem, options, weights, known);
  RoundedLayer layer =
      roundLayer(problem, options, grid, known, weights,
                 chooseScales(problem, options, grid, weights, magnitudes));
  fit.codes = std::move(layer.codes);
  fit.weightScales = std::move(layer.scales);
  return errorBefore;
}

bool runLayer(const LayerProblem &problem, const FitOptions &options,
              LayerFit &fit, std::string &error) {
  fit.output.resize(problem.shape.outputSize());
  const ConvolutionAddends addends{nullptr, problem.residual};
  if (problem.kind == LayerWeights::FixedAdder)
    return convolveAdder(problem.shape, problem.input, problem.weights, addends,
                         fit.output.data(), options.threads, error);
  if (problem.kind == LayerWeights::Fixed)
    return convolve(problem.shape, problem.input, problem.weights, addends,
                    fit.output.data(), options.threads, error);
  std::vector<float> weights(fit.codes.size());
  for (std::size_t i = 0; i < weights.size(); ++i)
    weights[i] =
        float(fit.weightScales[i / problem.shape.taps()] * fit.codes[i]);
  return convolve(problem.shape, problem.input, weights.data(), addends,
                  fit.output.data(), options.threads, error);
}

void fitBias(const LayerProblem &problem, const FitOptions &options,
             LayerFit &fit) {
  const int64_t channels = problem.shape.outChannels;
  const BiasProblem biasProblem{
      fit.output.data(),         problem.target, problem.shape.images,
      problem.shape.positions(), channels,       problem.lowest,
      problem.highest,           options.threads};
  std::vector<double> bias(channels);
  if (options.bias != BiasFit::None)
    bias = meanBias(biasProblem);
  else if (problem.bias)
    bias.assign(problem.bias, problem.bias + channels);
  if (options.bias == BiasFit::AfterActivation)
    correctBehindActivation(biasProblem, bias);

  // Requantisation adds the bias as a 32-bit integer.
  constexpr double mostSteps = 2147483647.0;
  fit.bias.resize(channels);
  fit.biasSteps.resize(channels);
  for (int64_t channel = 0; channel < channels; ++channel) {
    double grid = problem.inputScale * fit.weightScales[channel];
    double steps = std::nearbyint(bias[channel] / grid);
    steps = std::isnan(steps) ? 0.0 : std::clamp(steps, -mostSteps, mostSteps);
    fit.biasSteps[channel] = int64_t(steps);
    fit.bias[channel] = float(steps * grid);
  }
}

} // namespace

bool fitLayer(const LayerProblem &problem, const FitOptions &given,
              LayerFit &fit, std::string &error) {
  FitOptions options = given;
  options.threads = std::max(options.threads, 1u);
  if (!checkProblem(problem, error))
    return false;
  try {
    fit = LayerFit();
    std::optional<double> errorBefore;
    if (problem.kind == LayerWeights::Real)
      errorBefore = fitCodes(problem, options, fit);
    else if (problem.kind == LayerWeights::FixedAdder)
      fit.weightScales.assign(problem.shape.outChannels, 1.0);
    else if (problem.fixedScales.size() == 1)
      fit.weightScales.assign(problem.shape.outChannels,
                              problem.fixedScales[0]);
    else
      fit.weightScales = problem.fixedScales;

    if (!runLayer(problem, options, fit, error))
      return false;
    fitBias(problem, options, fit);
    OutputPower power = applyBias(
        fit.output.data(), problem.target, fit.bias,
        problem.shape.images * problem.shape.positions(), options.threads);
    if (!std::isfinite(power.error) || !std::isfinite(power.target)) {
      error = "the layer's input or output holds a value that is not a finite "
              "number";
      return false;
    }
    const double target = std::max(power.target, 1e-300);
    fit.errorAfter = power.error / target;
    fit.errorBefore = errorBefore ? *errorBefore / target : fit.errorAfter;
    fit.signalToNoise = -10.0 * std::log10(std::max(fit.errorAfter, 1e-300));
    return true;
  } catch (const std::bad_alloc &) {
    error = "not enough memory to fit a layer to all samples";
    return false;
  }
}

} // namespace shiftadd::calibration
