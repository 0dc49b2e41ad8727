//===- SweepOffsets.cpp - Layers whose weights stay -----------------------===//
//
// Part of the shiftadd project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Shift and adder layers have been trained as they are: only a factor and an
// offset behind them are fitted (Q24, Q26).
//
//===----------------------------------------------------------------------===//
#include "passes/Calibration/SweepState.h"

#include "passes/Calibration/AdderFit.h"
#include "passes/Calibration/LayerValues.h"
#include "passes/Calibration/OffsetFit.h"

#include <cmath>

namespace shiftadd::calibration {

llvm::Error Sweep::fitOffset(LayerGroup &group, PlannedLayer &planned,
                             Live &result) {
  const Live &input = live[group.getInput()];
  const Live *residual = group.residual ? &live[group.residual] : nullptr;
  int64_t count = input.exact.getCount();
  auto weights = readFloats(group.layer, group.getFilter());
  if (!weights)
    return weights.takeError();
  int64_t channels = group.getChannels();
  std::vector<double> factor = group.factor, offset = group.offset;
  if (factor.empty()) {
    factor.assign(size_t(channels), 1.0);
    offset.assign(size_t(channels), 0.0);
  }
  if (group.getBias()) {
    auto values = readFloats(group.layer, group.getBias());
    if (!values)
      return values.takeError();
    for (int64_t o = 0; o < channels; ++o)
      offset[size_t(o)] += factor[size_t(o)] * (*values)[size_t(o)];
  }
  for (int64_t o = 0; o < channels; ++o)
    if (!std::isfinite(factor[size_t(o)]) || !std::isfinite(offset[size_t(o)]))
      return layerError(group.layer,
                        "its scale or bias is not a finite number");

  ConvolutionShape shape = group.getShape(input.exact.getShape(), count);
  std::string error;
  auto compute = [&](const float *x, const float *w,
                     Batch &sums) -> llvm::Error {
    auto batch = Batch::create(result.exact.getElementType(),
                               getResultShape(group), count);
    if (!batch)
      return batch.takeError();
    sums = std::move(*batch);
    bool good = group.isAdder()
                    ? convolveAdder(shape, x, w, {},
                                    sums.mutableFloats().data(), threads, error)
                    : convolve(shape, x, w, {}, sums.mutableFloats().data(),
                               threads, error);
    return good ? llvm::Error::success() : layerError(group.layer, error);
  };
  // target = factor * sum + offset + residual, in the sums' place.
  auto finish = [&](Batch &sums, const std::vector<double> &offsets,
                    const Batch *added) {
    int64_t size = sums.getSampleSize();
    forEachSample(context, count, [&](int64_t sample) {
      float *y = sums.mutableFloats().data() + sample * size;
      const float *r = added ? added->floats().data() + sample * size : nullptr;
      for (int64_t i = 0; i < size; ++i) {
        auto o = size_t(i % channels);
        y[i] = float(factor[o] * y[i] + offsets[o] + (r ? r[i] : 0.0f));
      }
    });
  };
  Batch target, sums;
  if (llvm::Error problem =
          compute(input.exact.floats().data(), weights->data(), target))
    return problem;
  std::vector<uint8_t> kept = findKeptWeights(group.layer, *weights);
  for (size_t i = 0; i < kept.size(); ++i)
    if (!kept[i])
      (*weights)[i] = 0.0f;
  Batch exactSums = target;
  if (group.isAdder()) {
    const Batch &before = input.unrounded ? input.unrounded : input.rounded;
    AdderProblem problem;
    problem.shape = shape;
    problem.exact = input.exact.floats();
    problem.input = before.floats();
    problem.weights = *weights;
    problem.sums = exactSums.floats();
    problem.lowestCode = options.options->getLowestActivationCode();
    problem.highestCode = options.options->getHighestActivationCode();
    problem.threads = threads;
    AdderFit fit;
    if (!fitAdder(problem, fit, error))
      return layerError(group.layer, error);
    planned.shared = ValueCodes{fit.range, 8};
    planned.codes = fit.codes;
    planned.scales.assign(size_t(channels), fit.range.scale);
    if (llvm::Error problem =
            compute(fit.input.data(), fit.weights.data(), sums))
      return problem;
  } else if (llvm::Error problem = compute(input.rounded.floats().data(),
                                           weights->data(), sums)) {
    return problem;
  }
  finish(target, offset, residual ? &residual->exact : nullptr);
  auto exact = activate(group, target);
  if (!exact)
    return exact.takeError();
  result.exact = *exact;
  if (llvm::Error problem = decideCodes(group, result))
    return problem;

  OffsetProblem problem;
  problem.sums = sums.floats();
  problem.target = target.floats();
  if (residual)
    problem.residual = residual->rounded.floats();
  problem.channels = channels;
  problem.factor = factor;
  problem.lowest = group.lowest;
  problem.highest = group.highest;
  offset = fitOffsets(context, problem);
  if (group.affine.empty()) {
    planned.bias.assign(offset.begin(), offset.end());
  } else {
    // The layer's own bias moves into the offset.
    if (group.getBias())
      planned.bias.assign(size_t(channels), 0.0f);
    planned.factor.assign(factor.begin(), factor.end());
    planned.offset.assign(offset.begin(), offset.end());
  }
  finish(sums, offset, residual ? &residual->rounded : nullptr);
  double signal = 0.0, noise = 0.0;
  for (auto [f, q] : llvm::zip_equal(target.floats(), sums.floats())) {
    signal += double(f) * f;
    noise += (double(f) - q) * (double(f) - q);
  }
  planned.report.code = group.isAdder() ? "adder" : "kept";
  planned.report.ridge = std::numeric_limits<double>::infinity();
  planned.report.signalToNoise = 10.0 * std::log10(signal / noise);
  activate(group, sums, sums);
  result.rounded = std::move(sums);
  return llvm::Error::success();
}

} // namespace shiftadd::calibration
