//===- PruneBlocks.cpp - Set balanced blocks of weights to zero -----------===//
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

#define GEN_PASS_DEF_PRUNEBLOCKSPASS
#include "passes/Prune/Passes.h.inc"

namespace {

/// What integer kernels take at once.
constexpr int64_t blockOutputs = 16;
constexpr int64_t blockInputs = 4;

struct PruneBlocks : impl::PruneBlocksPassBase<PruneBlocks> {
  using PruneBlocksPassBase::PruneBlocksPassBase;

  llvm::LogicalResult prune(const WeightLayer &layer) {
    int64_t outputs = layer.outputs(), inputs = layer.inputs();
    int64_t blocks = (inputs + blockInputs - 1) / blockInputs;
    auto count = int64_t(std::floor(double(blocks) * fraction + 0.5));
    // A layer of zeros is no layer.
    count = std::min(count, blocks - 1);
    std::vector<double> magnitudes = layer.magnitudes();
    std::vector<bool> remove(magnitudes.size(), false);
    for (int64_t tile = 0; tile < outputs; tile += blockOutputs) {
      int64_t end = std::min(outputs, tile + blockOutputs);
      std::vector<double> energy(size_t(blocks), 0);
      for (int64_t o = tile; o < end; ++o)
        for (int64_t k = 0; k < inputs; ++k) {
          double magnitude = magnitudes[size_t(o * inputs + k)];
          energy[size_t(k / blockInputs)] += magnitude * magnitude;
        }
      std::vector<int64_t> order(static_cast<size_t>(blocks));
      std::iota(order.begin(), order.end(), int64_t(0));
      std::stable_sort(order.begin(), order.end(), [&](int64_t a, int64_t b) {
        return energy[size_t(a)] < energy[size_t(b)];
      });
      for (int64_t block : llvm::ArrayRef(order).take_front(size_t(count)))
        for (int64_t o = tile; o < end; ++o)
          for (int64_t k = block * blockInputs;
               k < std::min(inputs, (block + 1) * blockInputs); ++k)
            remove[size_t(o * inputs + k)] = true;
      removed += size_t(count);
      considered += size_t(blocks);
    }
    if (!mark)
      return removeWeights(layer, remove);
    markWeights(layer, remove);
    return mlir::success();
  }

  void runOnOperation() override {
    if (mlir::failed(checkFraction(getOperation(), fraction)))
      return signalPassFailure();
    for (const WeightLayer &layer : findWeightLayers(getOperation()))
      if (!layer.isFirst && layer.groups == 1 && !layer.isAdder &&
          layer.outputs() > 0 && layer.inputs() > 0)
        if (mlir::failed(prune(layer)))
          return signalPassFailure();
  }
};

} // namespace
} // namespace shiftadd
