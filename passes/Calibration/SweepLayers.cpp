//===- SweepLayers.cpp - Layers in a sweep --------------------------------===//
//
// Part of the shiftadd project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
#include "passes/Calibration/SweepState.h"

#include "passes/Calibration/LayerValues.h"

#include <cmath>

namespace shiftadd::calibration {

namespace {

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

llvm::Error Sweep::fitGroup(LayerGroup &group) {
  Live &input = live[group.getInput()];
  if (!group.isAdder() && (!input.codes || input.codes->bits != 8))
    return layerError(group.layer,
                      "reads a value that cannot be rounded to codes");
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
