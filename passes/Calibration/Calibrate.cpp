//===- Calibrate.cpp - Quantisation after training -*- C++ -*-===//
//
// Part of the shiftadd project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
#include "passes/Calibration/Calibrate.h"

#include "passes/Calibration/Sweep.h"

#include "llvm/Support/FormatVariadic.h"

#include <cmath>
#include <unistd.h>

namespace shiftadd::calibration {

namespace {

uint64_t getMemoryLimit(const CalibrationOptions &options) {
  if (options.memoryLimit)
    return options.memoryLimit;
  return uint64_t(sysconf(_SC_PHYS_PAGES)) * uint64_t(sysconf(_SC_PAGE_SIZE)) /
         2;
}

std::vector<WeightCode> getCodes(const Network &network,
                                 const WeightScheme &scheme) {
  std::vector<WeightCode> codes;
  for (const auto &group : network.groups)
    codes.push_back(scheme.get(network.classify(*group)));
  return codes;
}

/// The better plan of those for the ranges that may be chosen.
llvm::Expected<Plan> sweepWithBestRange(const Network &network,
                                        const CalibrationSamples &samples,
                                        const CalibrationOptions &options,
                                        SweepOptions sweepOptions) {
  if (options.range) {
    sweepOptions.range = *options.range;
    return sweep(network, samples, sweepOptions);
  }
  sweepOptions.range = RangeMethod::SquaredError;
  auto first = sweep(network, samples, sweepOptions);
  if (!first)
    return first;
  sweepOptions.range = RangeMethod::MinMax;
  auto second = sweep(network, samples, sweepOptions);
  if (!second)
    return second;
  return second->getSignalToNoise() > first->getSignalToNoise()
             ? std::move(second)
             : std::move(first);
}

} // namespace

mlir::LogicalResult calibrate(mlir::func::FuncOp function,
                              const CalibrationSamples &samples,
                              const CalibrationOptions &options,
                              CalibrationReport &report) {
  llvm::SmallVector<bool> shared;
  for (const SampleValues &values : samples.arguments)
    shared.push_back(values.shared);
  Network network(function, shared);
  if (network.groups.empty())
    return mlir::emitError(function.getLoc(),
                           "has no layer with constant float weights to "
                           "calibrate");
  SweepOptions sweepOptions;
  sweepOptions.options = &options;
  sweepOptions.codes = getCodes(network, options.scheme);
  uint64_t fitting =
      getMemoryLimit(options) / std::max<uint64_t>(network.getPeakBytes(), 1);
  if (fitting == 0)
    return mlir::emitError(function.getLoc(),
                           "one sample does not fit the memory");
  sweepOptions.samples =
      int64_t(std::min<uint64_t>(uint64_t(samples.count), fitting));
  auto plan = sweepWithBestRange(network, samples, options, sweepOptions);
  if (!plan) {
    // Location and cause stand in one line; the location is the file's.
    return mlir::emitError(function.getLoc(), llvm::toString(plan.takeError()));
  }
  double error = std::pow(10.0, -plan->getSignalToNoise() / 20.0);
  if (options.maxError > 0.0 && error > options.maxError)
    return mlir::emitError(
        function.getLoc(),
        llvm::formatv("the outputs have a relative error of {0:f4} over the "
                      "samples, above the bound of {1:f4}; allow more with "
                      "--max-error, or use more weight bits or terms",
                      error, options.maxError)
            .str());
  report.samples = sweepOptions.samples;
  report.range = plan->range;
  report.signalToNoise = plan->getSignalToNoise();
  for (const PlannedLayer &layer : plan->layers)
    report.layers.push_back(layer.report);
  apply(*plan, function);
  return mlir::success();
}

void print(const CalibrationReport &report, llvm::raw_ostream &stream) {
  size_t width = 5;
  for (const LayerReport &layer : report.layers)
    width = std::max(width, layer.name.size());
  stream << llvm::left_justify("layer", unsigned(width))
         << "  kind         code     weights  terms   ridge  error before  "
            "after     SNR dB\n";
  for (const LayerReport &layer : report.layers) {
    stream << llvm::left_justify(layer.name, unsigned(width)) << "  "
           << llvm::left_justify(layer.kind, 11) << "  "
           << llvm::left_justify(layer.code, 7) << "  "
           << llvm::formatv(
                  "{0,7}  {1,5:f2}  {2,6}  {3,12:e2}  {4:e2}  {5:f1}\n",
                  layer.weights, layer.terms,
                  std::isfinite(layer.ridge)
                      ? llvm::formatv("{0:f3}", layer.ridge).str()
                      : std::string("inf"),
                  layer.errorBefore, layer.errorAfter, layer.signalToNoise);
  }
  llvm::StringRef range = report.range == RangeMethod::MinMax ? "minmax"
                          : report.range == RangeMethod::SquaredError
                              ? "mse"
                              : "percentile";
  stream << llvm::formatv("calibrated on {0} samples, ranges by {1}: outputs "
                          "at {2:f1} dB\n",
                          report.samples, range, report.signalToNoise);
}

} // namespace shiftadd::calibration
