//===- PruneMagnitude.cpp - Set the smallest weights to zero --------------===//
//
// Part of the shiftadd project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
#include "passes/Prune/Passes.h"

#include "passes/Prune/WeightLayers.h"

#include <algorithm>
#include <cmath>
#include <numeric>

namespace shiftadd {

#define GEN_PASS_DEF_PRUNEMAGNITUDEPASS
#include "passes/Prune/Passes.h.inc"

namespace {

/// Marks the `count` smallest of all magnitudes, of equal ones the first.
std::vector<bool> markSmallest(llvm::ArrayRef<double> magnitudes,
                               size_t count) {
  std::vector<size_t> order(magnitudes.size());
  std::iota(order.begin(), order.end(), size_t(0));
  auto smaller = [&](size_t a, size_t b) {
    return magnitudes[a] < magnitudes[b] ||
           (magnitudes[a] == magnitudes[b] && a < b);
  };
  std::nth_element(order.begin(), order.begin() + ptrdiff_t(count), order.end(),
                   smaller);
  std::vector<bool> marked(magnitudes.size(), false);
  for (size_t i = 0; i < count; ++i)
    marked[order[i]] = true;
  return marked;
}

size_t shareOf(size_t count, double fraction) {
  return size_t(std::floor(double(count) * fraction + 0.5));
}

struct PruneMagnitude : impl::PruneMagnitudePassBase<PruneMagnitude> {
  using PruneMagnitudePassBase::PruneMagnitudePassBase;

  /// Prunes layers by one ranking of their weights.
  llvm::LogicalResult prune(llvm::ArrayRef<WeightLayer> layers) {
    std::vector<double> magnitudes;
    for (const WeightLayer &layer : layers)
      llvm::append_range(magnitudes, layer.magnitudes());
    std::vector<bool> marked =
        markSmallest(magnitudes, shareOf(magnitudes.size(), fraction));
    auto next = marked.begin();
    for (const WeightLayer &layer : layers) {
      auto end = next + layer.outputs() * layer.inputs();
      std::vector<bool> remove(next, end);
      next = end;
      considered += remove.size();
      removed += size_t(llvm::count(remove, true));
      if (mark)
        markWeights(layer, remove);
      else if (mlir::failed(removeWeights(layer, remove)))
        return mlir::failure();
    }
    return mlir::success();
  }

  void runOnOperation() override {
    if (mlir::failed(checkFraction(getOperation(), fraction)))
      return signalPassFailure();
    std::vector<WeightLayer> together;
    for (const WeightLayer &layer : findWeightLayers(getOperation())) {
      if (layer.isFirst || layer.isDepthwise)
        continue;
      if (!perLayer && !layer.isAdder)
        together.push_back(layer);
      else if (mlir::failed(prune(layer)))
        return signalPassFailure();
    }
    if (mlir::failed(prune(together)))
      signalPassFailure();
  }
};

} // namespace
} // namespace shiftadd
