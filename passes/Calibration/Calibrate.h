//===- Calibrate.h - Quantisation after training -*- C++ -*-===//
//
// Part of the shiftadd project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Turns a float network into a quantised one with samples of its inputs (Q1 to
// Q17): one sweep over the layers, in which the float network and the quantised
// network run side by side and every layer is fitted on the quantised inputs
// that it will really see.
//
//===----------------------------------------------------------------------===//
#ifndef SHIFTADD_PASSES_CALIBRATION_CALIBRATE_H
#define SHIFTADD_PASSES_CALIBRATION_CALIBRATE_H

#include "passes/Calibration/WeightScheme.h"
#include "passes/Cost/PriceTable.h"

#include "mlir/Dialect/Func/IR/FuncOps.h"

#include <functional>
#include <vector>

namespace shiftadd::calibration {

/// The values of one function argument.
struct SampleValues {
  /// As many tensors of the argument's type (a free batch is 1) as there are
  /// samples, or one that all share.
  llvm::ArrayRef<char> bytes;
  bool shared = false;
};

struct CalibrationSamples {
  int64_t count = 0;
  std::vector<SampleValues> arguments;
};

/// A bound on what the network costs relative to int8 weights (Q25).
struct CostBudget {
  enum class Measure { None, Energy, Size };
  Measure measure = Measure::None;
  double fraction = 1.0;
  /// What operations cost; a choice of codes by anything but size needs it.
  std::optional<PriceTable> prices;
};

/// How real weights become codes.
enum class WeightRounding {
  /// Moved to the best ones for the quantised inputs (Q7), then rounded column
  /// by column with error feedback (Q9).
  Feedback,
  /// Each to its nearest code; only the bias is fitted (Q11).
  Nearest,
};

struct CalibrationOptions {
  WeightScheme scheme;
  WeightRounding weightRounding = WeightRounding::Feedback;
  /// Of activations: 2 to 8, stored in bytes.
  int activationBits = 8;
  /// Codes of activations lie around 0 instead of above it.
  bool signedActivations = false;
  /// Absent: the better one of minimum-maximum and squared error (Q5).
  std::optional<RangeMethod> range;
  double percentile = 99.99;
  /// Requantisation by shifts alone (Q13).
  bool snapToShift = false;
  /// Largest relative error of the outputs over the samples, the root of noise
  /// over signal; 0: no bound.
  double maxError = 0.0;
  CostBudget budget;
  unsigned threads = 1;
  /// Bytes that live values may take; 0: half of the machine's memory.
  uint64_t memoryLimit = 0;
  /// Called while layers are fitted.
  std::function<void(size_t done, size_t total)> progress;
  /// Receives what makes the result worse or later than it could be, as one
  /// line each.
  std::function<void(llvm::StringRef line)> warn;

  int64_t getLowestActivationCode() const {
    return signedActivations ? -(int64_t(1) << (activationBits - 1)) : 0;
  }
  int64_t getHighestActivationCode() const {
    return (int64_t(1) << (activationBits - signedActivations)) - 1;
  }
};

/// What became of one layer (Q3).
struct LayerReport {
  std::string name, kind, code;
  int64_t weights = 0;
  /// Multiplications for one sample.
  int64_t products = 0;
  /// Mean number of non-zero signed digits of a weight.
  double terms = 0.0;
  double ridge = 0.0;
  /// Expected squared error relative to the target's variance, with nearest
  /// codes and after the fit.
  double errorBefore = 0.0, errorAfter = 0.0;
  /// Of the layer's sum, in dB.
  double signalToNoise = 0.0;
};

struct CalibrationReport {
  std::vector<LayerReport> layers;
  /// Of all outputs over the samples, in dB.
  double signalToNoise = 0.0;
  RangeMethod range = RangeMethod::MinMax;
  /// Of the samples given, how many were used.
  int64_t samples = 0;
  /// With a budget: the cost as a share of that of int8 weights.
  double cost = 0.0;
};

/// Rewrites `function`, in the form that the stage normalize leaves, to
/// `quantize` and `dequantize` pairs around integer layers and to constants of
/// codes. Fails after an error at the op concerned when the weights or samples
/// cannot be used or a bound cannot be met.
mlir::LogicalResult calibrate(mlir::func::FuncOp function,
                              const CalibrationSamples &samples,
                              const CalibrationOptions &options,
                              CalibrationReport &report);

/// A table of the layers and the line of figures below it.
void print(const CalibrationReport &report, llvm::raw_ostream &stream);

} // namespace shiftadd::calibration

#endif // SHIFTADD_PASSES_CALIBRATION_CALIBRATE_H
