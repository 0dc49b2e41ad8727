//===- PruneChannels.cpp - Remove whole output channels -------------------===//
//
// Part of the shiftadd project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
#include "passes/Prune/Passes.h"

#include "passes/Prune/ChannelSpaces.h"

#include <algorithm>
#include <cmath>
#include <numeric>

namespace shiftadd {

#define GEN_PASS_DEF_PRUNECHANNELSPASS
#include "passes/Prune/Passes.h.inc"

namespace {

/// The weights' energy of each channel, relative to that of its layer, over all
/// layers that give it.
std::vector<double> rateChannels(const ChannelSpace &space) {
  std::vector<double> rates(size_t(space.size), 0);
  for (const WeightLayer &layer : space.sources) {
    std::vector<double> magnitudes = layer.magnitudes();
    std::vector<double> energy(size_t(space.size), 0);
    for (auto [index, magnitude] : llvm::enumerate(magnitudes))
      energy[index / size_t(layer.inputs())] += magnitude * magnitude;
    double total = std::accumulate(energy.begin(), energy.end(), 0.0);
    if (total > 0)
      for (auto [rate, part] : llvm::zip_equal(rates, energy))
        rate += part / total;
  }
  return rates;
}

struct PruneChannels : impl::PruneChannelsPassBase<PruneChannels> {
  using PruneChannelsPassBase::PruneChannelsPassBase;

  std::vector<int64_t> choose(const ChannelSpace &space) {
    std::vector<int64_t> order(static_cast<size_t>(space.size));
    std::iota(order.begin(), order.end(), int64_t(0));
    bool open = !space.isFrozen && !space.sources.empty() && space.size > 0;
    if (!open)
      return order;
    auto count = size_t(std::floor(double(space.size) * fraction + 0.5));
    // At least one channel has to stay.
    count = std::min(count, size_t(space.size) - 1);
    std::vector<double> rates = rateChannels(space);
    std::stable_sort(order.begin(), order.end(), [&](int64_t a, int64_t b) {
      return rates[size_t(a)] < rates[size_t(b)];
    });
    order.erase(order.begin(), order.begin() + ptrdiff_t(count));
    llvm::sort(order);
    removed += count;
    considered += size_t(space.size);
    return order;
  }

  /// Marks the weights of all layers that read a channel which goes.
  void markReaders(mlir::func::FuncOp function, const ChannelSpaces &spaces,
                   llvm::ArrayRef<std::vector<int64_t>> kept) {
    for (const WeightLayer &layer : findWeightLayers(function)) {
      if (!readsChannels(layer))
        continue;
      Channels channels = spaces.lookup(layer.op->getOperand(0));
      const std::vector<int64_t> &indices = kept[channels.space];
      if (int64_t(indices.size()) == channels.size)
        continue;
      std::vector<bool> stays(size_t(channels.size), false);
      for (int64_t index : indices)
        stays[size_t(index)] = true;
      std::vector<bool> remove;
      for (int64_t i = 0; i < layer.outputs() * layer.inputs(); ++i)
        remove.push_back(!stays[size_t(i % channels.size)]);
      markWeights(layer, remove);
    }
  }

  void runOnOperation() override {
    mlir::func::FuncOp function = getOperation();
    if (mlir::failed(checkFraction(function, fraction)))
      return signalPassFailure();
    if (!llvm::hasSingleElement(function.getBody()))
      return;
    ChannelSpaces spaces(function);
    std::vector<std::vector<int64_t>> kept;
    for (const ChannelSpace &space : spaces.get())
      kept.push_back(choose(space));
    if (mark)
      markReaders(function, spaces, kept);
    else
      shrinkChannels(function, spaces, kept);
  }
};

} // namespace
} // namespace shiftadd
