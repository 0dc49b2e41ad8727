//===- WeightLayers.h - Layers whose weights can be pruned ------*- C++ -*-===//
//
// Part of the shiftadd project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// What the pruning passes have in common: which layers there are, what their
// weights are worth, whatever their element type, and how weights become zero.
//
//===----------------------------------------------------------------------===//
#ifndef SHIFTADD_PASSES_PRUNE_WEIGHTLAYERS_H
#define SHIFTADD_PASSES_PRUNE_WEIGHTLAYERS_H

#include "dialects/ShiftAdd/IR/ShiftAdd.h"

#include <vector>

namespace shiftadd {

/// Attribute of a layer whose weights were pruned. As a unit: weights that are
/// exactly zero stay zero whatever fits the others anew. As elements of the
/// filter's shape: those that are true have to become zero.
inline constexpr llvm::StringLiteral kPrunedAttribute = "shiftadd.pruned";

struct WeightLayer {
  mlir::Operation *op;
  /// The constant that the filter comes from, through a `dequantize` or not.
  mlir::Value weights;
  int64_t groups = 1;
  bool isAdder = false;
  bool isDepthwise = false;
  /// No other layer with weights lies between it and an input of the graph.
  bool isFirst = false;

  /// [outputs, taps, channels / groups] of the filter.
  int64_t outputs() const;
  int64_t inputs() const; ///< taps * channels / groups
  /// |value| of every weight, codes decoded and scaled.
  std::vector<double> magnitudes() const;
};

/// The `conv`, `dense`, shift and adder layers of a function with constant
/// weights, in its order.
std::vector<WeightLayer> findWeightLayers(mlir::func::FuncOp function);

/// Says in the layer's attribute which weights have to become zero.
void markWeights(const WeightLayer &layer, const std::vector<bool> &remove);

/// The weights that the attribute of a layer with so many weights says, or
/// none.
std::vector<bool> readMarks(mlir::Operation *layer, int64_t weights);

/// Sets weights to zero and marks the layer as pruned. Fails with an error on
/// the op when no format of codes has a zero beside the weights that stay.
llvm::LogicalResult removeWeights(const WeightLayer &layer,
                                  const std::vector<bool> &remove);

/// Fails with an error on the function unless 0 <= fraction < 1.
llvm::LogicalResult checkFraction(mlir::func::FuncOp function, double fraction);

} // namespace shiftadd

#endif // SHIFTADD_PASSES_PRUNE_WEIGHTLAYERS_H
