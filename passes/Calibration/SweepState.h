//===- SweepState.h - What a sweep holds while it runs ----------*- C++ -*-===//
//
// Part of the shiftadd project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
#ifndef SHIFTADD_PASSES_CALIBRATION_SWEEPSTATE_H
#define SHIFTADD_PASSES_CALIBRATION_SWEEPSTATE_H

#include "passes/Calibration/Sweep.h"

namespace shiftadd::calibration {

/// A value for all samples in both networks.
struct Live {
  Batch exact;   ///< in the float network
  Batch rounded; ///< in the quantised network
  /// `rounded` before it was rounded to codes; for adder layers, whose inputs
  /// have codes of their own.
  Batch unrounded;
  /// What `rounded` is stored as, if it is.
  std::optional<ValueCodes> codes;
};

/// The walk over the ops is in Sweep.cpp, what all layers have in common in
/// SweepLayers.cpp, and their fit in SweepProducts.cpp and SweepOffsets.cpp.
class Sweep {
public:
  Sweep(const Network &network, const CalibrationSamples &samples,
        const SweepOptions &options)
      : network(network), samples(samples), options(options),
        context(network.function.getContext()),
        threads(options.options->threads) {}

  llvm::Expected<Plan> run();

private:
  llvm::Error defineArguments();
  /// Ranges that the operands of concatenations share.
  llvm::Error findSharedRanges();
  llvm::Error evaluateOp(mlir::Operation *op);
  llvm::Error fitGroup(LayerGroup &group);
  /// A layer whose weights may change or are codes with a scale.
  llvm::Error fitProduct(LayerGroup &group, PlannedLayer &planned,
                         Live &result);
  /// A layer with fixed weights and an offset behind it.
  llvm::Error fitOffset(LayerGroup &group, PlannedLayer &planned, Live &result);
  /// The codes of a group's result, from its exact values; nothing for one
  /// that only adder layers read.
  llvm::Error decideCodes(LayerGroup &group, Live &result);
  void measureOutputs(mlir::func::ReturnOp op);

  llvm::Expected<ActivationRange> findRange(mlir::Value value,
                                            const Batch &exact);
  /// Stores a value as codes from here on.
  llvm::Error roundToCodes(mlir::Value value, Live &entry,
                           const ValueCodes &codes);
  llvm::Error chooseCodes(mlir::Value value, Live &entry);
  /// Codes for a layer's result that no integer op reads.
  ValueCodes getWideCodes(const Batch &exact) const;

  void define(mlir::Value value, Live entry);
  void release(mlir::Value value);
  llvm::Expected<std::vector<Live>> evaluateBoth(mlir::Operation *op);
  /// What the group's activation makes of values.
  llvm::Expected<Batch> activate(const LayerGroup &group,
                                 const Batch &values) const;
  /// The same in a place that is there, which may be that of the values.
  void activate(const LayerGroup &group, const Batch &values,
                Batch &result) const;

  const Network &network;
  const CalibrationSamples &samples;
  const SweepOptions &options;
  mlir::MLIRContext *context;
  unsigned threads;
  llvm::DenseMap<mlir::Value, Live> live;
  llvm::DenseMap<mlir::Value, unsigned> uses;
  llvm::DenseMap<mlir::Value, ActivationRange> sharedRanges;
  Plan plan;
  size_t done = 0;
};

} // namespace shiftadd::calibration

#endif // SHIFTADD_PASSES_CALIBRATION_SWEEPSTATE_H
