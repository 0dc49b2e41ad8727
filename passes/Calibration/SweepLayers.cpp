//===- SweepLayers.cpp - Layers in a sweep ----------------------*- C++ -*-===//
//
// Part of the shiftadd project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
#include "passes/Calibration/SweepState.h"

#include "dialects/ShiftAdd/IR/WeightView.h"
#include "passes/Calibration/AdderFit.h"
#include "passes/Calibration/FixedWeights.h"
#include "passes/Calibration/OffsetFit.h"
#include "passes/Prune/WeightLayers.h"

#include <cmath>
#include <cstring>

namespace shiftadd::calibration {

namespace {

llvm::Error fail(mlir::Operation *op, const llvm::Twine &text) {
  return llvm::createStringError("layer '" + getLayerName(op) + "': " + text);
}

llvm::Expected<std::vector<float>> readFloats(mlir::Operation *op,
                                              mlir::Value value) {
  std::vector<float> values;
  auto view = WeightView::get(value);
  if (!view)
    return fail(op, "its weights are not readable");
  bool coded = llvm::isa<PowerOfTwoType>(tensorType(value).getElementType());
  auto integers = coded ? readCodedIntegers(value) : std::nullopt;
  if (coded && !integers)
    return fail(op, "its codes are not readable");
  double unit = 1.0;
  if (coded)
    unit = std::ldexp(
        1.0, llvm::cast<PowerOfTwoType>(tensorType(value).getElementType())
                 .getMinExponent());
  values.reserve(size_t(view->size()));
  for (int64_t i = 0; i < view->size(); ++i) {
    values.push_back(coded ? float(double((*integers)[size_t(i)]) * unit)
                           : float(view->getDouble(i)));
    if (!std::isfinite(values.back()))
      return fail(op, "holds a weight that is not a finite number");
  }
  return values;
}

double getMeanDigits(const std::vector<int16_t> &codes) {
  int64_t digits = 0;
  for (int16_t code : codes)
    digits += countSignedDigits(code);
  return codes.empty() ? 0.0 : double(digits) / double(codes.size());
}

/// Which weights the quantised network has: all but those that pruning has
/// marked, or the zeros of a layer that came pruned (Q26). Empty for all.
std::vector<uint8_t> findKeptWeights(mlir::Operation *layer,
                                     llvm::ArrayRef<float> weights) {
  std::vector<bool> marks = readMarks(layer, int64_t(weights.size()));
  std::vector<uint8_t> kept;
  for (bool mark : marks)
    kept.push_back(!mark);
  bool cameSparse =
      llvm::count(weights, 0.0f) * 4 >= std::ptrdiff_t(weights.size());
  if (marks.empty() && (cameSparse || layer->hasAttr(kPrunedAttribute)))
    for (float weight : weights)
      kept.push_back(weight != 0.0f);
  return kept;
}

/// Moves the scale of a range to a power of two times `scale`, so that a
/// residual needs a shift only (Q23): up or down, whichever rounds the values
/// better.
void alignScale(ActivationRange &range, double scale,
                llvm::ArrayRef<float> values) {
  constexpr size_t kDecidingValues = 100000;
  // No small divisor in common with a number of channels.
  size_t distance = values.size() / (6 * kDecidingValues) * 6 + 1;
  std::vector<float> sample, rounded;
  for (size_t i = 0; i < values.size(); i += distance)
    sample.push_back(values[i]);
  rounded.resize(sample.size());
  double exponent = std::floor(std::log2(range.scale / scale) + 1e-4);
  double least = std::numeric_limits<double>::infinity();
  ActivationRange best = range;
  for (double each : {exponent, exponent + 1.0}) {
    ActivationRange moved = range;
    moved.scale = double(float(scale * std::exp2(each)));
    fakeQuantize(sample.data(), int64_t(sample.size()), moved, rounded.data(),
                 1);
    double error = 0.0;
    for (size_t i = 0; i < sample.size(); ++i) {
      double difference = double(sample[i]) - double(rounded[i]);
      error += difference * difference;
    }
    if (error < least) {
      least = error;
      best = moved;
    }
  }
  range = best;
}

/// The shape of a group's result for one sample.
llvm::SmallVector<int64_t> getResultShape(const LayerGroup &group) {
  llvm::SmallVector<int64_t> shape(
      tensorType(group.layer->getResult(0)).getShape());
  for (int64_t &size : shape)
    if (mlir::ShapedType::isDynamic(size))
      size = 1;
  return shape;
}

} // namespace

llvm::Expected<Batch> Sweep::activate(const LayerGroup &group,
                                      const Batch &values) const {
  if (!group.activation)
    return values;
  auto result = Batch::create(values.getElementType(), values.getShape(),
                              values.getCount());
  if (result)
    activate(group, values, *result);
  return result;
}

void Sweep::activate(const LayerGroup &group, const Batch &values,
                     Batch &result) const {
  if (!group.activation)
    return;
  auto low = float(group.lowest), high = float(group.highest);
  int64_t size = values.getSampleSize();
  forEachSample(context, values.getCount(), [&](int64_t sample) {
    const float *x = values.floats().data() + sample * size;
    float *y = result.mutableFloats().data() + sample * size;
    for (int64_t i = 0; i < size; ++i) {
      float value = x[i] < low ? low : x[i];
      y[i] = value > high ? high : value;
    }
  });
}

ValueCodes Sweep::getWideCodes(const Batch &exact) const {
  double largest = 1e-30;
  for (float value : exact.floats())
    largest = std::max(largest, double(std::fabs(value)));
  // Two bits of room for values beyond those of the samples still leave steps
  // far below the noise of 8-bit operands (Q22).
  ValueCodes codes;
  codes.bits = 16;
  codes.range.scale = double(float(largest / 8191.0));
  codes.range.zeroPoint = 0;
  codes.range.lowestCode = -32768;
  codes.range.highestCode = 32767;
  return codes;
}

llvm::Error Sweep::decideCodes(LayerGroup &group, Live &result) {
  mlir::Value value = group.getResult();
  if (!network.wantsCodes(value)) {
    if (!network.feedsOnlyAdders(value))
      result.codes = getWideCodes(result.exact);
  } else {
    auto range = findRange(value, result.exact);
    if (!range)
      return range.takeError();
    result.codes = ValueCodes{*range, 8};
  }
  if (result.codes && options.options->snapToShift && group.residual &&
      !sharedRanges.count(value))
    if (const auto &residual = live[group.residual].codes)
      alignScale(result.codes->range, residual->range.scale,
                 result.exact.floats());
  return llvm::Error::success();
}

llvm::Error Sweep::fitProduct(LayerGroup &group, PlannedLayer &planned,
                              Live &result) {
  const Live &input = live[group.getInput()];
  const Live *residual = group.residual ? &live[group.residual] : nullptr;
  int64_t count = input.exact.getCount();
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
  // A scale and offset behind the layer are part of its weights and bias.
  int64_t taps = int64_t(weights->size()) / channels;
  if (!group.factor.empty())
    for (int64_t o = 0; o < channels; ++o) {
      double factor = group.factor[size_t(o)];
      bias[size_t(o)] =
          float(bias[size_t(o)] * factor + group.offset[size_t(o)]);
      for (int64_t k = 0; k < taps; ++k)
        (*weights)[size_t(o * taps + k)] *= float(factor);
      if (!std::isfinite(factor) || !std::isfinite(bias[size_t(o)]))
        return fail(group.layer, "its scale or bias is not a finite number");
    }

  LayerProblem problem;
  problem.shape = group.getShape(input.exact.getShape(), count);
  auto target = Batch::create(result.exact.getElementType(),
                              getResultShape(group), count);
  if (!target)
    return target.takeError();
  std::string error;
  if (!convolve(
          problem.shape, input.exact.floats().data(), weights->data(),
          {bias.data(), residual ? residual->exact.floats().data() : nullptr},
          target->mutableFloats().data(), threads, error))
    return fail(group.layer, error);
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
  problem.weights = weights->data();
  std::vector<uint8_t> kept = findKeptWeights(group.layer, *weights);
  if (!kept.empty())
    problem.kept = kept.data();
  // Codes that stay as they are run from the weights.
  for (size_t i = 0; fixed && i < kept.size(); ++i)
    if (!kept[i])
      (*weights)[i] = float(fixed->codes[i] = 0);
  problem.bias = bias.data();
  problem.lowest = group.lowest;
  problem.highest = group.highest;
  problem.inputScale = input.codes->range.scale;
  problem.inputLowest = input.codes->range.lowest();
  problem.inputHighest = input.codes->range.highest();
  problem.behindGlobalPool = network.isBehindGlobalPool(group);
  if (fixed) {
    problem.kind = LayerWeights::Fixed;
    for (int64_t o = 0; o < channels; ++o) {
      double factor = group.factor.empty() ? 1.0 : group.factor[size_t(o)];
      problem.fixedScales.push_back(fixed->unit * std::fabs(factor));
      if (factor == 0.0)
        problem.fixedScales.back() = fixed->unit;
      for (int64_t k = 0; factor <= 0.0 && k < taps; ++k)
        fixed->codes[size_t(o * taps + k)] *= factor < 0.0 ? -1 : 0;
    }
  }
  auto getFitOptions = [&](const WeightCode &code) {
    FitOptions fitOptions = code.getFitOptions();
    fitOptions.threads = threads;
    fitOptions.snapToShift = options.options->snapToShift;
    if (options.options->weightRounding == WeightRounding::Nearest) {
      fitOptions.plainRounding = true;
      fitOptions.ridge = Ridge::Infinite;
    }
    return fitOptions;
  };
  const FitOptions fitOptions = getFitOptions(options.codes[group.index]);
  if (result.codes)
    problem.outputScale = result.codes->range.scale;
  LayerFit fit;
  for (const WeightCode &candidate : options.candidates) {
    if (fixed)
      break;
    if (!fitLayer(problem, getFitOptions(candidate), fit, error))
      return fail(group.layer, error);
    plan.trials[group.index].push_back(
        {fit.errorAfter, getMeanDigits(fit.codes)});
  }
  if (!fitLayer(problem, fitOptions, fit, error))
    return fail(group.layer, error);

  planned.bias = fit.bias;
  planned.codes = fixed ? fixed->codes : fit.codes;
  planned.scales = fit.weightScales;
  planned.highestCode = fitOptions.codes.largest();
  if (fixed) {
    planned.highestCode = 127;
    for (int16_t code : fixed->codes)
      planned.highestCode = std::max(planned.highestCode, std::abs(int(code)));
    if (planned.highestCode > 127)
      planned.highestCode = 32767;
  }
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
      return fail(group.layer, "its scale or bias is not a finite number");

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
    return good ? llvm::Error::success() : fail(group.layer, error);
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
      return fail(group.layer, error);
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
  auto rounded = activate(group, sums);
  if (!rounded)
    return rounded.takeError();
  result.rounded = *rounded;
  return llvm::Error::success();
}

llvm::Error Sweep::fitGroup(LayerGroup &group) {
  Live &input = live[group.getInput()];
  if (!group.isAdder() && (!input.codes || input.codes->bits != 8))
    return fail(group.layer, "reads a value that cannot be rounded to codes");
  PlannedLayer planned;
  planned.group = &group;
  Live result;
  result.exact = input.exact;
  bool keepsOffset =
      llvm::isa<ShiftConvOp, ShiftDenseOp, AdderConvOp, AdderDenseOp>(
          group.layer);
  if (llvm::Error error = keepsOffset ? fitOffset(group, planned, result)
                                      : fitProduct(group, planned, result))
    return error;

  mlir::Value value = group.getResult();
  LayerReport &report = planned.report;
  report.name = getLayerName(group.layer);
  report.kind = group.layer->getName().stripDialect().str();
  report.weights = tensorType(group.getFilter()).getNumElements();
  ConvolutionShape shape = group.getShape(input.exact.getShape(), 1);
  report.products = shape.outputSize() * shape.taps();
  report.terms = getMeanDigits(planned.codes);
  plan.layers.push_back(std::move(planned));

  if (result.codes)
    if (llvm::Error error = roundToCodes(value, result, *result.codes))
      return error;
  define(value, std::move(result));
  if (options.options->progress)
    options.options->progress(++done, network.groups.size());
  return llvm::Error::success();
}

} // namespace shiftadd::calibration
