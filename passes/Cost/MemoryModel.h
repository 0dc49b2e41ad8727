//===- MemoryModel.h - Memory accesses of a layer by level -*- C++ -*-===//
//
// Part of the shiftadd project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// A model, not a measurement: the accesses that a spatial accelerator with
// DRAM, a global buffer, a network of processing elements and register files
// makes for one layer (E8 to E11), with the tiling of least energy.
//
//===----------------------------------------------------------------------===//
#ifndef SHIFTADD_COST_MEMORYMODEL_H
#define SHIFTADD_COST_MEMORYMODEL_H

#include "passes/Cost/PriceTable.h"

#include <map>
#include <tuple>

namespace shiftadd {

/// Bits that are read or written at each level.
struct MemoryTraffic {
  double dram = 0, globalBuffer = 0, network = 0, networkPartialSums = 0;
  double registerFile = 0, registerFileWeights = 0;

  MemoryTraffic &operator+=(const MemoryTraffic &other);
  MemoryTraffic operator*(double factor) const;

  /// In pJ.
  double getDramEnergy(const MemoryPrices &prices) const;
  double getOnChipEnergy(const MemoryPrices &prices) const;
};

/// The loops of one group of a layer; rows are all spatial dimensions but the
/// last.
struct LayerLoops {
  int64_t outputChannels = 1, inputChannels = 1;
  int64_t outputRows = 1, outputColumns = 1;
  int64_t inputRows = 1, inputColumns = 1;
  int64_t filterRows = 1, filterColumns = 1;

  auto asTuple() const {
    return std::make_tuple(outputChannels, inputChannels, outputRows,
                           outputColumns, inputRows, inputColumns, filterRows,
                           filterColumns);
  }
};

/// Bits of one element, and what never leaves the chip because the layer's
/// neighbour runs in the same fused layer (E12).
struct OperandWidths {
  unsigned input = 8, weights = 8, output = 8, partialSums = 32;
  bool inputStaysInside = false, outputStaysInside = false;

  auto asTuple() const {
    return std::make_tuple(input, weights, output, partialSums,
                           inputStaysInside, outputStaysInside);
  }
};

class MemoryModel {
public:
  explicit MemoryModel(const MemoryPrices &prices) : prices(prices) {}

  /// Accesses of one group in the tiling of least energy.
  MemoryTraffic getTraffic(const LayerLoops &loops,
                           const OperandWidths &widths);

  /// A tensor that crosses the chip's border once, through the global buffer.
  static MemoryTraffic getTransfer(double bits);

private:
  using Key = decltype(std::tuple_cat(LayerLoops().asTuple(),
                                      OperandWidths().asTuple()));
  MemoryPrices prices;
  std::map<Key, MemoryTraffic> known;
};

} // namespace shiftadd

#endif // SHIFTADD_COST_MEMORYMODEL_H
