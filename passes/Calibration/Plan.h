//===- Plan.h - What a calibration has decided -*- C++ -*-===//
//
// Part of the shiftadd project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// The sweep decides, and only then the IR is changed: sweeps with different
// options can be compared first.
//
//===----------------------------------------------------------------------===//
#ifndef SHIFTADD_PASSES_CALIBRATION_PLAN_H
#define SHIFTADD_PASSES_CALIBRATION_PLAN_H

#include "passes/Calibration/Calibrate.h"
#include "passes/Calibration/LayerGroup.h"

#include "llvm/ADT/MapVector.h"

namespace shiftadd::calibration {

/// The codes of a value.
struct ValueCodes {
  ActivationRange range;
  /// Of the storage: 8, or 16 for values that are read as sums.
  unsigned bits = 8;

  mlir::quant::UniformQuantizedType getType(mlir::MLIRContext *context) const;
  bool operator==(const ValueCodes &other) const {
    return bits == other.bits && range.scale == other.range.scale &&
           range.zeroPoint == other.range.zeroPoint &&
           range.lowestCode == other.range.lowestCode &&
           range.highestCode == other.range.highestCode;
  }
};

/// One layer as it will be.
struct PlannedLayer {
  LayerGroup *group = nullptr;
  /// New weights, [channels, taps], in 8 bits, or 16 if a code needs them.
  /// Empty where the layer keeps its own codes of powers of two.
  std::vector<int16_t> codes;
  std::vector<double> scales; ///< one per channel
  /// The bounds of the codes.
  int lowestCode = -127, highestCode = 127;
  /// Of the layer; empty to keep what it has.
  std::vector<float> bias;
  /// What the scale and offset behind the layer become; empty to drop them.
  std::vector<float> factor, offset;
  /// An adder layer: the codes that its input and weights share.
  std::optional<ValueCodes> shared;
  LayerReport report;
};

/// What a code would do to a layer.
struct CodeTrial {
  double error = 0.0; ///< as LayerReport::errorAfter
  double terms = 0.0; ///< as LayerReport::terms
};

struct Plan {
  /// Values that are stored as codes.
  llvm::MapVector<mlir::Value, ValueCodes> values;
  std::vector<PlannedLayer> layers;
  /// For each group of the function, what each candidate would do; empty
  /// without candidates and for layers that keep their codes.
  std::vector<std::vector<CodeTrial>> trials;
  RangeMethod range = RangeMethod::MinMax;
  /// Of the outputs.
  double signal = 0.0, noise = 0.0;
  double getSignalToNoise() const;
};

/// Changes the IR accordingly.
void apply(const Plan &plan, mlir::func::FuncOp function);

} // namespace shiftadd::calibration

#endif // SHIFTADD_PASSES_CALIBRATION_PLAN_H
