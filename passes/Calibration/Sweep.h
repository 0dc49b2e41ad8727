//===- Sweep.h - One pass over the network with all samples -*- C++ -*-===//
//
// Part of the shiftadd project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Q4: in topological order, with the float value and the rounded value of every
// live tensor for all samples.
//
//===----------------------------------------------------------------------===//
#ifndef SHIFTADD_PASSES_CALIBRATION_SWEEP_H
#define SHIFTADD_PASSES_CALIBRATION_SWEEP_H

#include "passes/Calibration/Batch.h"
#include "passes/Calibration/Plan.h"

namespace shiftadd::calibration {

struct SweepOptions {
  const CalibrationOptions *options = nullptr;
  RangeMethod range = RangeMethod::MinMax;
  /// The codes of each group's weights.
  std::vector<WeightCode> codes;
  /// Codes to try on every layer besides.
  std::vector<WeightCode> candidates;
  /// How many of the samples to use.
  int64_t samples = 0;
};

/// What is known about a function before a sweep.
class Network {
public:
  /// `shared` tells of each argument whether all samples share its value.
  Network(mlir::func::FuncOp function, llvm::ArrayRef<bool> shared);

  mutable mlir::func::FuncOp function;
  LayerGroups groups;
  /// The group that an op belongs to.
  llvm::DenseMap<mlir::Operation *, LayerGroup *> groupOf;

  /// Whether a value has to be codes of at most 8 bits because an integer op
  /// reads it.
  bool wantsCodes(mlir::Value value) const;
  /// Whether layers of the adder kind are all that reads a value.
  bool feedsOnlyAdders(mlir::Value value) const;
  bool feedsAdder(mlir::Value value) const;
  LayerClass classify(const LayerGroup &group) const;
  /// Whether a layer reads averages over all positions, one for each sample.
  bool isBehindGlobalPool(const LayerGroup &group) const;

  /// Groups of values that meet in concatenations of codes and thus need one
  /// range: each value is that at which codes are made.
  std::vector<llvm::SmallVector<mlir::Value>> getConcatFamilies() const;

  /// Bytes that one sample takes where most values are live.
  uint64_t getPeakBytes() const;

private:
  bool wantsCodes(mlir::Operation *user, mlir::OpOperand &use) const;

  mutable llvm::DenseMap<mlir::Value, bool> wanted;
};

/// Fits all layers. The error names the layer.
llvm::Expected<Plan> sweep(const Network &network,
                           const CalibrationSamples &samples,
                           const SweepOptions &options);

} // namespace shiftadd::calibration

#endif // SHIFTADD_PASSES_CALIBRATION_SWEEP_H
