//===- MixedPrecision.h - Codes layer by layer ------------------*- C++ -*-===//
//
// Part of the shiftadd project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Every layer is fitted with each of a few codes, and those layers give up
// accuracy first that save most for it (Q25).
//
//===----------------------------------------------------------------------===//
#ifndef SHIFTADD_PASSES_CALIBRATION_MIXEDPRECISION_H
#define SHIFTADD_PASSES_CALIBRATION_MIXEDPRECISION_H

#include "passes/Calibration/Sweep.h"

namespace shiftadd::calibration {

/// The codes that layers may get, from the best to the cheapest.
std::vector<WeightCode> getCandidates(const CostBudget &budget);

/// Fails if the costs of layers cannot be known.
llvm::Error checkPrices(const CostBudget &budget);

/// A sequence of choices, each cheaper than the one before.
class PrecisionPath {
public:
  /// `trials` come from a sweep with `candidates`; `products` and `weights`
  /// from its report.
  PrecisionPath(const Network &network, const Plan &trials,
                std::vector<WeightCode> candidates, const CostBudget &budget);

  size_t size() const { return steps.size() + 1; }
  /// The codes of all layers after so many steps.
  std::vector<WeightCode> getCodes(size_t count) const;
  /// Their cost as a share of that of int8 weights.
  double getCost(size_t count) const;
  /// The first choice within the budget; size() if there is none.
  size_t findBudget(double fraction) const;

private:
  struct Step {
    size_t layer, candidate;
    double saving;
  };
  std::vector<WeightCode> candidates;
  size_t layers = 0;
  std::vector<Step> steps;
  double start = 0.0;
};

} // namespace shiftadd::calibration

#endif // SHIFTADD_PASSES_CALIBRATION_MIXEDPRECISION_H
