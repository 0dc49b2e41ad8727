//===- CalibrationArguments.cpp - Command line of quantisation after training
//-*- C++ -*-===//
//
// Part of the shiftadd project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
#include "tools/shiftadd-compile/CalibrationArguments.h"

#include <cmath>

namespace shiftadd::tools {

namespace cl = llvm::cl;

CalibrationArguments::CalibrationArguments(cl::OptionCategory &category)
    : data("calibrate",
           cl::desc("Quantise a float network with samples of its inputs: an "
                    ".npz with an array per input (first axis: samples) or "
                    "with pictures in `images`, an .npy, or a folder of .npy "
                    "files or pictures"),
           cl::value_desc("DATA.npz|DIR"), cl::cat(category)),
      samples("calibration-samples",
              cl::desc("Use at most this many samples (default: all)"),
              cl::value_desc("N"), cl::init(0), cl::cat(category)),
      memory("calibration-memory",
             cl::desc("MiB that the values of all samples may take; fewer "
                      "samples are used where they need more (default: half "
                      "of the machine's)"),
             cl::value_desc("MIB"), cl::init(0), cl::cat(category)),
      weightBits("weight-bits",
                 cl::desc("Bits of integer weights with --calibrate, 2 to 8 "
                          "(default: 8, or those of --scheme=int4 and its "
                          "like)"),
                 cl::value_desc("N"), cl::init(0), cl::cat(category)),
      activationBits("activation-bits",
                     cl::desc("Bits of values between layers with --calibrate, "
                              "2 to 8 (default: 8); with fewer, kernels "
                              "for AVX2 add up more products in 16 bits"),
                     cl::value_desc("N"), cl::init(8), cl::cat(category)),
      signedActivations(
          "signed-activations",
          cl::desc("Store values between layers as signed integers, with "
                   "--calibrate (default: unsigned)"),
          cl::cat(category)),
      weightRounding(
          "weight-rounding",
          cl::desc("How weights become codes with --calibrate: feedback, which "
                   "fits them to the samples (default), or nearest, which fits "
                   "the bias only"),
          cl::value_desc("HOW"), cl::init("feedback"), cl::cat(category)),
      equalizeLayers(
          "equalize-layers",
          cl::desc("Before --calibrate, move factors per channel between "
                   "layers that only ReLU and pools separate, until their "
                   "weights are of like magnitude; not across ReLU6, whose "
                   "bound is one for all channels"),
          cl::cat(category)),
      range("range",
            cl::desc("Range of values between layers with --calibrate: minmax, "
                     "mse (least squared error), percentile:P, or auto, the "
                     "better one of the first two (default)"),
            cl::value_desc("HOW"), cl::init("auto"), cl::cat(category)),
      requantize("requantize",
                 cl::desc("How layers scale their sums with --calibrate: "
                          "multiplier (default) or shift, which needs no "
                          "multiplier"),
                 cl::value_desc("HOW"), cl::init("multiplier"),
                 cl::cat(category)),
      budget("budget",
             cl::desc("With --scheme=auto: what the weights may cost, as a "
                      "share of int8's energy or size"),
             cl::value_desc("energy:X|size:X"), cl::cat(category)) {}

static llvm::Error parseRange(llvm::StringRef text,
                              calibration::CalibrationOptions &options) {
  using calibration::RangeMethod;
  if (text == "auto")
    return llvm::Error::success();
  if (text == "minmax") {
    options.range = RangeMethod::MinMax;
    return llvm::Error::success();
  }
  if (text == "mse") {
    options.range = RangeMethod::SquaredError;
    return llvm::Error::success();
  }
  llvm::StringRef share = text;
  if (share.consume_front("percentile:") &&
      !share.getAsDouble(options.percentile) && options.percentile > 50.0 &&
      options.percentile <= 100.0) {
    options.range = RangeMethod::Percentile;
    return llvm::Error::success();
  }
  return llvm::createStringError(
      "--range takes auto, minmax, mse or percentile:P with P above 50 and at "
      "most 100, not '" +
      text + "'");
}

static llvm::Error parseBudget(llvm::StringRef text,
                               calibration::CostBudget &budget) {
  using Measure = calibration::CostBudget::Measure;
  auto [measure, share] = text.split(':');
  budget.measure = measure == "energy" ? Measure::Energy
                   : measure == "size" ? Measure::Size
                                       : Measure::None;
  if (budget.measure == Measure::None || share.getAsDouble(budget.fraction) ||
      !(budget.fraction > 0.0 && budget.fraction <= 1.0))
    return llvm::createStringError("--budget takes energy:X or size:X with X "
                                   "above 0 and at most 1, not '" +
                                   text + "'");
  return llvm::Error::success();
}

llvm::Error CalibrationArguments::fill(llvm::StringRef scheme, double maxError,
                                       CompilerOptions &options) const {
  if (!isGiven()) {
    for (const cl::Option *option : std::initializer_list<const cl::Option *>{
             &samples, &memory, &weightBits, &activationBits,
             &signedActivations, &weightRounding, &equalizeLayers, &range,
             &requantize, &budget})
      if (option->getNumOccurrences())
        return llvm::createStringError("--" + option->ArgStr +
                                       " needs --calibrate");
    return llvm::Error::success();
  }
  CalibrationRequest &request = options.calibration;
  calibration::CalibrationOptions &settings = request.options;
  request.data = data;
  if (samples < 0 || (samples == 0 && samples.getNumOccurrences()))
    return llvm::createStringError("--calibration-samples takes a number of "
                                   "at least 1");
  request.samples = samples;
  if (memory < 0 || (memory == 0 && memory.getNumOccurrences()))
    return llvm::createStringError("--calibration-memory takes a number of MiB "
                                   "of at least 1");
  settings.memoryLimit = uint64_t(memory) << 20;
  for (auto [name, bits] :
       {std::pair("--weight-bits", int(weightBits)),
        std::pair("--activation-bits", int(activationBits))})
    if ((bits < 2 || bits > 8) && !(bits == 0 && name[2] == 'w'))
      return llvm::createStringError(llvm::Twine(name) +
                                     " takes a number from 2 to 8, not " +
                                     llvm::Twine(bits));
  settings.activationBits = activationBits;
  settings.signedActivations = signedActivations;
  if (weightRounding != "feedback" && weightRounding != "nearest")
    return llvm::createStringError("--weight-rounding takes feedback or "
                                   "nearest, not '" +
                                   weightRounding + "'");
  if (weightRounding == "nearest")
    settings.weightRounding = calibration::WeightRounding::Nearest;
  auto parsed = calibration::WeightScheme::parse(
      scheme.empty() ? "int8" : scheme, weightBits);
  if (!parsed)
    return parsed.takeError();
  settings.scheme = *parsed;
  if (requantize != "multiplier" && requantize != "shift")
    return llvm::createStringError("--requantize takes multiplier or shift, "
                                   "not '" +
                                   requantize + "'");
  settings.snapToShift = requantize == "shift";
  settings.maxError = maxError;
  if (!budget.empty())
    if (auto error = parseBudget(budget, settings.budget))
      return error;
  if (!budget.empty() && !settings.scheme.isAuto)
    return llvm::createStringError("--budget needs --scheme=auto");
  if (settings.scheme.isAuto && budget.empty() && maxError <= 0.0)
    return llvm::createStringError(
        "--scheme=auto needs --budget or --max-error");
  // What has been fitted is rewritten exactly.
  StageOptions &stages = options.stages;
  stages.isCalibrated = true;
  stages.equalizeLayers = equalizeLayers;
  stages.requantizeByShift = settings.snapToShift;
  stages.maxError = 0.0;
  stages.scheme =
      settings.scheme.usesIntegersOnly() && scheme != "csd" ? "int8" : "csd";
  return parseRange(range, settings);
}

} // namespace shiftadd::tools
