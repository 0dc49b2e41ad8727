//===- NetworkCost.cpp - Counts of a network, layer by layer -*- C++ -*-===//
//
// Part of the shiftadd project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Walks the layers and adds up what they count.
//
//===----------------------------------------------------------------------===//
#include "passes/Cost/NetworkCost.h"

#include "dialects/ShiftAdd/IR/Costs.h"
#include "passes/Cost/LayerCounter.h"

namespace shiftadd {

LayerForm &LayerForm::operator+=(const LayerForm &more) {
  taps += more.taps;
  other += more.other;
  traffic += more.traffic;
  return *this;
}

Energy &Energy::operator+=(const Energy &more) {
  taps += more.taps;
  other += more.other;
  onChip += more.onChip;
  dram += more.dram;
  return *this;
}

const IntegerSum *LayerCost::getWidestSum() const {
  auto widest =
      llvm::max_element(sums, [](const IntegerSum &a, const IntegerSum &b) {
        return a.bits < b.bits;
      });
  return widest == sums.end() ? nullptr : &*widest;
}

LayerForm NetworkCost::getTotal(LayerForm LayerCost::*form) const {
  LayerForm total;
  for (const LayerCost &layer : layers)
    total += layer.*form;
  return total;
}

int64_t NetworkCost::getTotal(int64_t LayerCost::*count) const {
  int64_t total = 0;
  for (const LayerCost &layer : layers)
    total += layer.*count;
  return total;
}

static double priceOperations(const OperationCounts &counts,
                              const PriceTable &table,
                              std::vector<UsedPrice> *used) {
  double energy = 0;
  for (const OperationCounts::Entry &entry : counts.getEntries()) {
    auto price = table.getPrice(entry.kind, entry.format);
    if (price)
      energy += price->picojoules * double(entry.count);
    if (!used)
      continue;
    auto same = llvm::find_if(*used, [&](const UsedPrice &other) {
      return other.kind == entry.kind && other.format == entry.format;
    });
    if (same == used->end())
      used->push_back({entry.kind, entry.format, entry.count, price});
    else
      same->count += entry.count;
  }
  return energy;
}

Energy getEnergy(const LayerForm &form, const PriceTable &table,
                 std::vector<UsedPrice> *used) {
  Energy energy;
  energy.taps = priceOperations(form.taps, table, used);
  energy.other = priceOperations(form.other, table, used);
  energy.onChip = form.traffic.getOnChipEnergy(table.getMemory());
  energy.dram = form.traffic.getDramEnergy(table.getMemory());
  return energy;
}

/// Names of nodes that have become a shift layer with an adder layer behind it
/// (N34).
static llvm::StringSet<> getExtendedNodes(llvm::ArrayRef<LayerBody> bodies) {
  llvm::StringSet<> shiftNodes, extended;
  for (const LayerBody &body : bodies)
    for (mlir::Operation &op : *body.block) {
      std::string node = getNodeName(&op);
      if (node.empty())
        continue;
      if (llvm::isa<ShiftConvOp, ShiftDenseOp>(op))
        shiftNodes.insert(node);
      else if (llvm::isa<AdderConvOp, AdderDenseOp>(op) &&
               shiftNodes.contains(node))
        extended.insert(node);
    }
  return extended;
}

NetworkCost getNetworkCost(mlir::ModuleOp module, MemoryModel &memory,
                           const NetworkCost *imported) {
  NetworkCost network;
  auto function = module.lookupSymbol<mlir::func::FuncOp>("main");
  if (!function || function.getBody().empty())
    return network;
  mlir::SymbolTable symbols(module);
  std::vector<LayerBody> bodies;
  for (mlir::Operation &op : function.getBody().front()) {
    if (auto layer = llvm::dyn_cast<LayerOp>(op)) {
      bodies.push_back({layer.getName().str(), &layer.getBody().front(),
                        layer.getInputs(), layer.getResults()});
    } else if (auto launch = llvm::dyn_cast<LaunchOp>(op)) {
      if (auto kernel = symbols.lookup<KernelOp>(launch.getKernel()))
        bodies.push_back({launch.getName().str(), &kernel.getBody().front(),
                          launch.getInputs(), launch.getResults()});
    }
  }
  Rewrites rewrites;
  rewrites.extended = getExtendedNodes(bodies);
  if (imported)
    rewrites.remaining = imported->nodeTaps;
  for (const LayerBody &body : bodies) {
    network.layers.push_back(countLayer(body, memory, rewrites));
    for (mlir::Operation &op : *body.block)
      if (int64_t taps = countTaps(&op))
        if (std::string node = getNodeName(&op); !node.empty())
          network.nodeTaps[node] += taps;
  }
  return network;
}

} // namespace shiftadd
