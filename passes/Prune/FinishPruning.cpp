//===- FinishPruning.cpp - Remove what pruning has marked -----------------===//
//
// Part of the shiftadd project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
#include "passes/Prune/Passes.h"

#include "passes/Prune/ChannelSpaces.h"

namespace shiftadd {

#define GEN_PASS_DEF_FINISHPRUNINGPASS
#include "passes/Prune/Passes.h.inc"

namespace {

/// The channels of every space that a layer reads with a weight other than
/// zero; all of those that must stay, and at least one.
std::vector<std::vector<int64_t>>
findReadChannels(mlir::func::FuncOp function, const ChannelSpaces &spaces) {
  std::vector<std::vector<bool>> isRead;
  for (const ChannelSpace &space : spaces.get())
    isRead.emplace_back(size_t(space.size),
                        space.isFrozen || space.sources.empty());
  for (const WeightLayer &layer : findWeightLayers(function)) {
    if (!readsChannels(layer) || isConstant(layer.op->getOperand(0)))
      continue;
    Channels channels = spaces.lookup(layer.op->getOperand(0));
    for (auto [index, magnitude] : llvm::enumerate(layer.magnitudes()))
      if (magnitude != 0)
        isRead[channels.space][index % size_t(channels.size)] = true;
  }
  std::vector<std::vector<int64_t>> kept;
  for (const std::vector<bool> &space : isRead) {
    std::vector<int64_t> &indices = kept.emplace_back();
    for (size_t index = 0; index < space.size(); ++index)
      if (space[index])
        indices.push_back(int64_t(index));
    if (indices.empty() && !space.empty())
      indices.push_back(0);
  }
  return kept;
}

struct FinishPruning : impl::FinishPruningPassBase<FinishPruning> {
  using FinishPruningPassBase::FinishPruningPassBase;

  void runOnOperation() override {
    mlir::func::FuncOp function = getOperation();
    for (const WeightLayer &layer : findWeightLayers(function)) {
      std::vector<bool> marks =
          readMarks(layer.op, tensorType(layer.weights).getNumElements());
      if (!marks.empty() && mlir::failed(removeWeights(layer, marks)))
        return signalPassFailure();
    }
    if (!channels || !llvm::hasSingleElement(function.getBody()))
      return;
    ChannelSpaces spaces(function);
    auto kept = findReadChannels(function, spaces);
    for (auto [space, indices] : llvm::zip_equal(spaces.get(), kept))
      removed += size_t(space.size) - indices.size();
    shrinkChannels(function, spaces, kept);
  }
};

} // namespace
} // namespace shiftadd
