//===- NetworkCost.h - Counts of a network, layer by layer -*- C++ -*-===//
//
// Part of the shiftadd project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Operations and memory accesses of every layer, and the same for the network
// with multipliers that a report has to stand beside (E15). Counts only; a
// PriceTable turns them into energy.
//
//===----------------------------------------------------------------------===//
#ifndef SHIFTADD_COST_NETWORKCOST_H
#define SHIFTADD_COST_NETWORKCOST_H

#include "dialects/ShiftAdd/IR/ShiftAdd.h"
#include "passes/Cost/MemoryModel.h"

#include <map>
#include <optional>
#include <string>
#include <vector>

namespace shiftadd {

/// One way to compute a layer.
struct LayerForm {
  /// Of the sums over weights, and of everything else (scales, activations,
  /// pooling).
  OperationCounts taps, other;
  MemoryTraffic traffic;

  LayerForm &operator+=(const LayerForm &other);
};

/// A sum of integers and what it can reach: the proof that it cannot overflow.
struct IntegerSum {
  std::string op; ///< "shift_conv", "sum_pool", ...
  /// The exact interval over all inputs, without the bias (N45).
  int64_t low = 0, high = 0;
  unsigned bits = 0;  ///< two's complement width that holds both
  unsigned width = 0; ///< of the accumulator that was chosen
  /// What a requantisation of the sum reaches: the bits of the sum with its
  /// bias and of the scaled sum, and the arithmetic that holds the latter
  /// ("int32", "double", "int64"; empty before the stage fuse has chosen).
  unsigned biasedBits = 0, scaledBits = 0;
  std::string arithmetic;

  /// Bits of the accumulator that are never used.
  int getHeadroom() const { return int(width) - int(bits); }
};

struct LayerCost {
  std::string name;
  std::vector<std::string> ops;
  /// Names of the ONNX nodes whose sums over weights the layer computes.
  std::vector<std::string> nodes;
  std::vector<int64_t> outputShape; ///< -1 for a free batch
  NumberFormat output;
  /// Of the first sum over weights; no bits without one.
  NumberFormat activations, weights;
  /// The weights are codes of powers of two.
  bool hasTermCodes = false;

  /// Taps by what computes them, and the shifts of the shift taps' non-zero
  /// terms.
  int64_t multiplyTaps = 0, shiftTaps = 0, adderTaps = 0;
  int64_t shiftTerms = 0;
  /// Taps that the network with multipliers has, too.
  int64_t baselineTaps = 0;

  int64_t weightElements = 0, weightBytes = 0;
  int64_t constantBytes = 0; ///< weights and all other constants
  int64_t inputBytes = 0, outputBytes = 0;
  /// All sums of integers in the layer, in order.
  std::vector<IntegerSum> sums;

  LayerForm compiled;
  /// The layer with multiplications instead of shifts and distances: at the
  /// widths of the layer, and with 8-bit integers.
  LayerForm equalPrecision, int8;

  /// Whether the layer sums over weights.
  bool hasTaps() const { return multiplyTaps + shiftTaps + adderTaps > 0; }
  /// Nothing in a layer without integer sums.
  const IntegerSum *getWidestSum() const;
};

struct NetworkCost {
  std::vector<LayerCost> layers;
  /// Taps of the sums over weights that stand for one ONNX node.
  std::map<std::string, int64_t> nodeTaps;

  LayerForm getTotal(LayerForm LayerCost::*form) const;
  int64_t getTotal(int64_t LayerCost::*count) const;
};

/// Costs of the layers of @main in a module behind fusion, before or after
/// scheduling. The network with multipliers has no counterpart of sums that a
/// rewrite has added: those beyond the taps that `imported` has for their ONNX
/// node or, without it, adder layers behind a shift layer of the same node.
NetworkCost getNetworkCost(mlir::ModuleOp module, MemoryModel &memory,
                           const NetworkCost *imported = nullptr);

/// Energy in pJ by part (E16), and what it rests on.
struct Energy {
  double taps = 0, other = 0, onChip = 0, dram = 0;

  Energy &operator+=(const Energy &more);
};

/// A price that the energy of a report rests on.
struct UsedPrice {
  OperationKind kind;
  NumberFormat format;
  int64_t count = 0;
  std::optional<Price> price; ///< nothing: not priced, not part of the energy
};

/// Prices a form; what was used is added to `used` when it is given.
Energy getEnergy(const LayerForm &form, const PriceTable &table,
                 std::vector<UsedPrice> *used = nullptr);

} // namespace shiftadd

#endif // SHIFTADD_COST_NETWORKCOST_H
