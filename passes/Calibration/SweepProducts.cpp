//===- SweepProducts.cpp - Layers with weights to choose ------------------===//
//
// Part of the shiftadd project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// The layer's sums are those of the quantised input with weights and bias that
// bring them nearest to the float network's (Q6 to Q11).
//
//===----------------------------------------------------------------------===//
#include "passes/Calibration/SweepState.h"

#include "passes/Calibration/FixedWeights.h"
#include "passes/Calibration/LayerValues.h"

#include <cmath>

namespace shiftadd::calibration {

namespace {

/// A scale and offset behind the layer are part of its weights and bias; fixed
/// weights are those of the layer alone.
struct ProductValues {
  std::vector<float> weights, bias;
  std::optional<FixedWeights> fixed;
};

llvm::Expected<ProductValues> readProduct(const LayerGroup &group) {
  auto weights = readFloats(group.layer, group.getFilter());
  if (!weights)
    return weights.takeError();
  int64_t channels = group.getChannels();
  std::vector<float> bias(size_t(channels), 0.0f);
  if (group.getBias()) {
    auto values = readFloats(group.layer, group.getBias());
    if (!values)
      return values.takeError();
    bias = std::move(*values);
  }
  auto fixed = findFixedWeights(*weights);
  int64_t taps = int64_t(weights->size()) / channels;
  if (!group.factor.empty())
    for (int64_t o = 0; o < channels; ++o) {
      double factor = group.factor[size_t(o)];
      bias[size_t(o)] =
          float(bias[size_t(o)] * factor + group.offset[size_t(o)]);
      for (int64_t k = 0; k < taps; ++k)
        (*weights)[size_t(o * taps + k)] *= float(factor);
      if (!std::isfinite(factor) || !std::isfinite(bias[size_t(o)]))
        return layerError(group.layer,
                          "its scale or bias is not a finite number");
    }
  return ProductValues{std::move(*weights), std::move(bias), std::move(fixed)};
}

/// The scales of fixed weights; the signs of the factors behind the layer move
/// into the codes.
std::vector<double> takeSigns(const LayerGroup &group, FixedWeights &fixed) {
  int64_t channels = group.getChannels();
  int64_t taps = int64_t(fixed.codes.size()) / channels;
  std::vector<double> scales;
  for (int64_t o = 0; o < channels; ++o) {
    double factor = group.factor.empty() ? 1.0 : group.factor[size_t(o)];
    scales.push_back(factor == 0.0 ? fixed.unit
                                   : fixed.unit * std::fabs(factor));
    for (int64_t k = 0; factor <= 0.0 && k < taps; ++k)
      fixed.codes[size_t(o * taps + k)] *= factor < 0.0 ? -1 : 0;
  }
  return scales;
}

/// Of the element type that stores fixed codes.
int getHighestCode(const std::vector<int16_t> &codes) {
  for (int16_t code : codes)
    if (std::abs(int(code)) > 127)
      return 32767;
  return 127;
}

FitOptions getFitOptions(const CalibrationOptions &options,
                         const WeightCode &code) {
  FitOptions fitOptions = code.getFitOptions();
  fitOptions.threads = options.threads;
  fitOptions.snapToShift = options.snapToShift;
  if (options.weightRounding == WeightRounding::Nearest) {
    fitOptions.plainRounding = true;
    fitOptions.ridge = Ridge::Infinite;
  }
  return fitOptions;
}

} // namespace

llvm::Error Sweep::fitProduct(LayerGroup &group, PlannedLayer &planned,
                              Live &result) {
  const Live &input = live[group.getInput()];
  const Live *residual = group.residual ? &live[group.residual] : nullptr;
  int64_t count = input.exact.getCount();
  auto values = readProduct(group);
  if (!values)
    return values.takeError();
  auto &[weights, bias, fixed] = *values;

  LayerProblem problem;
  problem.shape = group.getShape(input.exact.getShape(), count);
  auto target = Batch::create(result.exact.getElementType(),
                              getResultShape(group), count);
  if (!target)
    return target.takeError();
  std::string error;
  if (!convolve(
          problem.shape, input.exact.floats().data(), weights.data(),
          {bias.data(), residual ? residual->exact.floats().data() : nullptr},
          target->mutableFloats().data(), threads, error))
    return layerError(group.layer, error);
  auto exact = activate(group, *target);
  if (!exact)
    return exact.takeError();
  result.exact = *exact;
  if (llvm::Error problem = decideCodes(group, result))
    return problem;

  problem.input = input.rounded.floats().data();
  problem.target = target->floats().data();
  problem.residual = residual ? residual->rounded.floats().data() : nullptr;
  if (residual && residual->codes)
    problem.residualReach = std::max(std::fabs(residual->codes->range.lowest()),
                                     residual->codes->range.highest());
  problem.weights = weights.data();
  std::vector<uint8_t> kept = findKeptWeights(group.layer, weights);
  if (!kept.empty())
    problem.kept = kept.data();
  // Codes that stay as they are run from the weights.
  for (size_t i = 0; fixed && i < kept.size(); ++i)
    if (!kept[i])
      weights[i] = float(fixed->codes[i] = 0);
  problem.bias = bias.data();
  problem.lowest = group.lowest;
  problem.highest = group.highest;
  problem.inputScale = input.codes->range.scale;
  problem.inputLowest = input.codes->range.lowest();
  problem.inputHighest = input.codes->range.highest();
  problem.behindGlobalPool = network.isBehindGlobalPool(group);
  if (fixed) {
    problem.kind = LayerWeights::Fixed;
    problem.fixedScales = takeSigns(group, *fixed);
  }
  const FitOptions fitOptions =
      getFitOptions(*options.options, options.codes[group.index]);
  if (result.codes)
    problem.outputScale = result.codes->range.scale;
  LayerFit fit;
  for (const WeightCode &candidate : options.candidates) {
    if (fixed)
      break;
    if (!fitLayer(problem, getFitOptions(*options.options, candidate), fit,
                  error))
      return layerError(group.layer, error);
    plan.trials[group.index].push_back(
        {fit.errorAfter, getMeanDigits(fit.codes)});
  }
  if (!fitLayer(problem, fitOptions, fit, error))
    return layerError(group.layer, error);

  planned.bias = fit.bias;
  planned.codes = fixed ? fixed->codes : fit.codes;
  planned.scales = fit.weightScales;
  planned.highestCode =
      fixed ? getHighestCode(fixed->codes) : fitOptions.codes.largest();
  planned.lowestCode = -planned.highestCode;
  LayerReport &report = planned.report;
  report.code = fixed ? "kept" : options.codes[group.index].getName();
  report.ridge = fit.ridge;
  report.errorBefore = fit.errorBefore;
  report.errorAfter = fit.errorAfter;
  report.signalToNoise = fit.signalToNoise;
  result.rounded =
      Batch::fromValues(result.exact.getElementType(), getResultShape(group),
                        count, std::move(fit.output));
  activate(group, result.rounded, result.rounded);
  return llvm::Error::success();
}

} // namespace shiftadd::calibration
