//===- Calibrate.cpp - Quantisation after training -*- C++ -*-===//
//
// Part of the shiftadd project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
#include "passes/Calibration/Calibrate.h"

#include "passes/Calibration/LinearAlgebra.h"
#include "passes/Calibration/MixedPrecision.h"

#include "llvm/Support/FormatVariadic.h"

#include <cmath>
#include <limits>
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

/// As many samples as suffice to compare ways of quantising; a sweep takes as
/// long as there are samples (Q27).
int64_t getDecidingSamples(int64_t samples) {
  constexpr int64_t kEnough = 32;
  return samples <= 2 * kEnough ? samples : std::max(kEnough, samples / 4);
}

double getError(const Plan &plan) {
  return std::pow(10.0, -plan.getSignalToNoise() / 20.0);
}

/// One calibration: the questions to ask before the plan is known.
class Calibration {
public:
  Calibration(const Network &network, const CalibrationSamples &samples,
              const CalibrationOptions &options, int64_t count)
      : network(network), samples(samples), options(options) {
    settings.options = &options;
    settings.samples = count;
    settings.codes = getCodes(network, options.scheme);
  }

  llvm::Expected<Plan> run();
  double getCost() const { return cost; }

private:
  /// Decides between ranges, when the options leave it open.
  llvm::Error chooseRange();
  /// Decides on the codes of every layer.
  llvm::Error chooseCodes();

  const Network &network;
  const CalibrationSamples &samples;
  const CalibrationOptions &options;
  SweepOptions settings;
  double cost = 0.0;
  /// The plan of the settings, where a question was asked of all samples.
  std::optional<Plan> known;
};

llvm::Error Calibration::chooseRange() {
  if (options.range) {
    settings.range = *options.range;
    return llvm::Error::success();
  }
  SweepOptions trial = settings;
  trial.samples = getDecidingSamples(settings.samples);
  std::optional<Plan> best;
  for (RangeMethod range : {RangeMethod::SquaredError, RangeMethod::MinMax}) {
    trial.range = range;
    auto plan = sweep(network, samples, trial);
    if (!plan)
      return plan.takeError();
    if (!best || plan->getSignalToNoise() > best->getSignalToNoise())
      best = std::move(*plan);
  }
  settings.range = best->range;
  if (trial.samples == settings.samples)
    known = std::move(best);
  return llvm::Error::success();
}

llvm::Error Calibration::chooseCodes() {
  known.reset();
  SweepOptions trial = settings;
  trial.samples = getDecidingSamples(settings.samples);
  trial.candidates = getCandidates(options.budget);
  auto trials = sweep(network, samples, trial);
  if (!trials)
    return trials.takeError();
  PrecisionPath path(network, *trials, trial.candidates, options.budget);
  trial.candidates.clear();
  size_t count = path.size() - 1;
  bool hasBudget = options.budget.measure != CostBudget::Measure::None;
  if (hasBudget) {
    count = path.findBudget(options.budget.fraction);
    if (count == path.size())
      return llvm::createStringError(llvm::formatv(
          "the budget of {0:f3} cannot be met: the cheapest codes of all "
          "layers cost {1:f3} of int8; allow more with --budget",
          options.budget.fraction, path.getCost(path.size() - 1)));
  } else {
    // The cheapest choice whose error stays below the bound, by bisection:
    // `good` meets it, as far as is known, and `bad` does not.
    size_t good = 0, bad = path.size();
    while (bad - good > std::max<size_t>(1, path.size() / 32)) {
      size_t middle = good + (bad - good) / 2;
      trial.codes = path.getCodes(middle);
      auto plan = sweep(network, samples, trial);
      if (!plan)
        return plan.takeError();
      (getError(*plan) <= options.maxError ? good : bad) = middle;
    }
    count = good;
  }
  while (true) {
    settings.codes = path.getCodes(count);
    cost = path.getCost(count);
    if (hasBudget || count == 0)
      return llvm::Error::success();
    // All samples may be harder than some of them.
    auto plan = sweep(network, samples, settings);
    if (!plan)
      return plan.takeError();
    if (getError(*plan) <= options.maxError) {
      known = std::move(*plan);
      return llvm::Error::success();
    }
    count -= std::max<size_t>(1, count / 4);
  }
}

llvm::Expected<Plan> Calibration::run() {
  if (options.scheme.isAuto)
    if (llvm::Error error = checkPrices(options.budget))
      return error;
  if (llvm::Error error = chooseRange())
    return error;
  if (options.scheme.isAuto)
    if (llvm::Error error = chooseCodes())
      return error;
  if (known)
    return std::move(*known);
  return sweep(network, samples, settings);
}

/// The name of the layer over which the share of noise grows most.
std::string getSteepestLoss(const Plan &plan) {
  double before = std::numeric_limits<double>::infinity();
  double steepest = 0.0;
  const LayerReport *found = &plan.layers.front().report;
  for (const PlannedLayer &layer : plan.layers) {
    double noise = std::pow(10.0, -layer.report.signalToNoise / 10.0);
    double grown = noise - std::pow(10.0, -before / 10.0);
    if (grown > steepest) {
      steepest = grown;
      found = &layer.report;
    }
    before = layer.report.signalToNoise;
  }
  return found->name;
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
                           "the network has no layer with constant float "
                           "weights to calibrate");
  uint64_t fitting =
      getMemoryLimit(options) / std::max<uint64_t>(network.getPeakBytes(), 1);
  if (fitting == 0)
    return mlir::emitError(function.getLoc(),
                           "one sample does not fit the memory");
  auto count = int64_t(std::min<uint64_t>(uint64_t(samples.count), fitting));
  if (options.warn && count < samples.count)
    options.warn(llvm::formatv("calibration uses {0} of {1} samples: more do "
                               "not fit the {2} MiB that values may take",
                               count, samples.count,
                               getMemoryLimit(options) >> 20)
                     .str());
  if (options.warn && options.threads > 1 && callsWaitForEachOther())
    options.warn("OpenBLAS is a build without threads: calibration uses little "
                 "more than one core; install libopenblas0-pthread");
  Calibration calibration(network, samples, options, count);
  auto plan = calibration.run();
  if (!plan) {
    // Location and cause stand in one line; the location is the file's.
    return mlir::emitError(function.getLoc(), llvm::toString(plan.takeError()));
  }
  double error = getError(*plan);
  if (options.maxError > 0.0 && error > options.maxError)
    return mlir::emitError(
        function.getLoc(),
        llvm::formatv("the outputs have a relative error of {0:f4} over the "
                      "samples, above the bound of {1:f4}; it grows most at "
                      "layer '{2}'; allow more with --max-error, or use "
                      "more weight bits or terms",
                      error, options.maxError, getSteepestLoss(*plan))
            .str());
  report.samples = count;
  report.cost = calibration.getCost();
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
  if (report.cost > 0.0)
    stream << llvm::formatv("the weights cost {0:f3} of int8\n", report.cost);
}

} // namespace shiftadd::calibration
