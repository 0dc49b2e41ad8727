//===- LayerCounter.h - Counts of one layer -*- C++ -*-===//
//
// Part of the shiftadd project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// What one layer counts as compiled and with multipliers.
//
//===----------------------------------------------------------------------===//
#ifndef SHIFTADD_COST_LAYERCOUNTER_H
#define SHIFTADD_COST_LAYERCOUNTER_H

#include "passes/Cost/LayerBody.h"
#include "passes/Cost/NetworkCost.h"

#include "llvm/ADT/StringSet.h"

namespace shiftadd {

/// What tells sums that a rewrite has added from those of the network.
struct Rewrites {
  /// Nodes with an adder layer behind their shift layer.
  llvm::StringSet<> extended;
  /// Taps of each node of the imported network that are still to be met.
  std::optional<std::map<std::string, int64_t>> remaining;
};

LayerCost countLayer(const LayerBody &body, MemoryModel &memory,
                     Rewrites &rewrites);

} // namespace shiftadd

#endif // SHIFTADD_COST_LAYERCOUNTER_H
