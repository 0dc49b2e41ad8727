//===- PlanArena.cpp - One arena for all intermediate tensors -*- C++ -*-===//
//
// Part of the shiftadd project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
#include "codegen/Schedule/Passes.h"

#include "codegen/Native/MemoryPlan.h"
#include "codegen/Schedule/Layouts.h"

#include "mlir/IR/Builders.h"

namespace shiftadd {

#define GEN_PASS_DEF_PLANARENAPASS
#include "codegen/Schedule/Passes.h.inc"

namespace {

/// The function's own result, possibly behind views.
bool reachesReturn(mlir::Value value) {
  for (mlir::Operation *user : value.getUsers()) {
    if (llvm::isa<mlir::func::ReturnOp>(user))
      return true;
    if (auto view = llvm::dyn_cast<ReshapeOp>(user))
      if (reachesReturn(view))
        return true;
  }
  return false;
}

/// Number of the last launch that reads the value, also through views.
uint32_t lastUse(mlir::Value value, uint32_t written,
                 const llvm::DenseMap<mlir::Operation *, uint32_t> &order) {
  uint32_t last = written;
  for (mlir::Operation *user : value.getUsers()) {
    if (auto view = llvm::dyn_cast<ReshapeOp>(user))
      last = std::max(last, lastUse(view, written, order));
    else if (auto found = order.find(user); found != order.end())
      last = std::max(last, found->second);
  }
  return last;
}

struct PlanArena : impl::PlanArenaPassBase<PlanArena> {
  void runOnOperation() override {
    mlir::func::FuncOp function = getOperation();
    mlir::SymbolTableCollection symbols;
    llvm::SmallVector<LaunchOp> launches(function.getOps<LaunchOp>());
    llvm::DenseMap<mlir::Operation *, uint32_t> order;
    for (LaunchOp launch : launches)
      order.try_emplace(launch, order.size());

    std::vector<native::LiveBuffer> buffers;
    llvm::SmallVector<std::pair<LaunchOp, unsigned>> owners;
    for (LaunchOp launch : launches) {
      auto kernel = symbols.lookupNearestSymbolFrom<KernelOp>(
          launch, launch.getKernelAttr());
      for (auto [index, result] : llvm::enumerate(launch.getResults())) {
        if (reachesReturn(result))
          continue;
        auto layout = llvm::cast<LayoutAttr>(kernel.getResultLayouts()[index]);
        uint32_t written = order.lookup(launch);
        buffers.push_back(
            {uint64_t(getStoredBytes(tensorType(result), layout) + kReadSlack),
             written, lastUse(result, written, order)});
        owners.emplace_back(launch, index);
      }
    }

    native::MemoryPlan plan = native::planMemory(buffers);
    for (auto [owner, offset] : llvm::zip_equal(owners, plan.offsets)) {
      auto [launch, index] = owner;
      llvm::SmallVector<int64_t> offsets(launch.getArenaOffsets());
      offsets[index] = int64_t(offset);
      launch.setArenaOffsets(offsets);
    }
    mlir::Builder builder(&getContext());
    function->setAttr(kArenaBytesAttribute,
                      builder.getI64IntegerAttr(int64_t(plan.arenaBytes)));
    function->setAttr(kLiveBytesAttribute,
                      builder.getI64IntegerAttr(int64_t(plan.lowerBound)));
  }
};

} // namespace
} // namespace shiftadd
