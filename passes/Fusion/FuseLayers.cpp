//===- FuseLayers.cpp - Group ops into layers -*- C++ -*-===//
//
// Part of the shiftadd project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// The rule is deliberately simple: an op takes in the elementwise ops behind it
// while nothing else needs the value in between. Whatever a layer's operands
// are is its memory traffic, so a reader sees the cost of a network in its
// layers.
//
//===----------------------------------------------------------------------===//
#include "passes/Fusion/Passes.h"

#include "dialects/ShiftAdd/IR/Costs.h"
#include "dialects/ShiftAdd/IR/ShiftAdd.h"

#include "mlir/IR/IRMapping.h"
#include "llvm/ADT/SetVector.h"
#include "llvm/ADT/StringSet.h"

namespace shiftadd {

#define GEN_PASS_DEF_FUSELAYERSPASS
#include "passes/Fusion/Passes.h.inc"

namespace {

/// Constants and reshapes are views; the terminator stays.
bool staysOutside(mlir::Operation *op) {
  return llvm::isa<ConstantOp, ReshapeOp>(op) ||
         op->hasTrait<mlir::OpTrait::IsTerminator>();
}

/// The op that may run in the epilogue of the layer that ends with `op`.
mlir::Operation *getEpilogue(mlir::Operation *op) {
  if (op->getNumResults() != 1 || !op->getResult(0).hasOneUse())
    return nullptr;
  mlir::Operation *user = *op->getResult(0).user_begin();
  bool elementwise =
      user->hasTrait<BroadcastsElements>() || llvm::isa<RequantizeOp>(user);
  // The layer whose sums it scales, not the one that gives the residual.
  if (auto residual = llvm::dyn_cast<RequantizeResidualOp>(user))
    elementwise = residual.getInput() == op->getResult(0);
  if (!elementwise || user->getBlock() != op->getBlock() ||
      tensorType(user->getResult(0)).getShape() !=
          tensorType(op->getResult(0)).getShape())
    return nullptr;
  return user;
}

/// The name that the importer gave to the op's node.
llvm::StringRef getNodeName(mlir::Operation *op) {
  llvm::StringRef name;
  op->getLoc()->walk([&](mlir::Location location) {
    if (auto named = llvm::dyn_cast<mlir::NameLoc>(location)) {
      name = named.getName();
      return mlir::WalkResult::interrupt();
    }
    return mlir::WalkResult::advance();
  });
  return name;
}

int64_t getWork(mlir::Operation *op) { return countOperations(op).getTotal(); }

/// Names of layers: the node that does most of the work, unique in the
/// function.
class LayerNames {
public:
  std::string choose(llvm::ArrayRef<mlir::Operation *> group) {
    mlir::Operation *main = group.front();
    for (mlir::Operation *op : group)
      if (getWork(op) > getWork(main))
        main = op;
    llvm::StringRef mnemonic = main->getName().stripDialect();
    std::string base = getNodeName(main).str();
    if (base.empty())
      base = mnemonic.str();
    // A node's name belongs to its computation; what only moves data says so.
    bool computes = getWork(main) > 0;
    std::string name = base;
    if (!computes || !taken.insert(name).second) {
      base = name = getNodeName(main).empty() ? mnemonic.str()
                                              : base + "/" + mnemonic.str();
      for (int count = 2; !taken.insert(name).second; ++count)
        name = base + "_" + std::to_string(count);
    }
    return name;
  }

private:
  llvm::StringSet<> taken;
};

struct FuseLayers : impl::FuseLayersPassBase<FuseLayers> {
  void runOnOperation() override {
    mlir::func::FuncOp function = getOperation();
    if (!llvm::hasSingleElement(function.getBody())) {
      function.emitError("has control flow; layers need one block");
      return signalPassFailure();
    }
    mlir::Block &block = function.getBody().front();
    giveOutputsLayers(block);

    llvm::SmallVector<mlir::Operation *> ops;
    for (mlir::Operation &op : block)
      if (!staysOutside(&op) && !llvm::isa<LayerOp>(op))
        ops.push_back(&op);
    llvm::DenseSet<mlir::Operation *> grouped;
    LayerNames names;
    for (mlir::Operation *op : ops) {
      if (grouped.contains(op))
        continue;
      llvm::SmallVector<mlir::Operation *> group{op};
      while (mlir::Operation *next = getEpilogue(group.back())) {
        if (grouped.contains(next))
          break;
        group.push_back(next);
      }
      grouped.insert(group.begin(), group.end());
      outline(group, names.choose(group));
      ++layers;
    }
  }

  /// A result that is an argument, a constant, another result or also read
  /// elsewhere is copied: every output buffer is written by one layer.
  void giveOutputsLayers(mlir::Block &block) {
    mlir::Operation *terminator = block.getTerminator();
    for (mlir::OpOperand &result : terminator->getOpOperands()) {
      mlir::Value value = result.get(), source = value;
      bool shared = !value.hasOneUse();
      while (auto reshape = source.getDefiningOp<ReshapeOp>()) {
        source = reshape.getInput();
        shared |= !source.hasOneUse();
      }
      if (!shared && source.getDefiningOp() &&
          !source.getDefiningOp<ConstantOp>())
        continue;
      mlir::OpBuilder builder(terminator);
      auto type = tensorType(value);
      llvm::SmallVector<int64_t> identity(
          llvm::to_vector(llvm::seq<int64_t>(0, type.getRank())));
      result.set(
          TransposeOp::create(builder, value.getLoc(), type, value, identity));
    }
  }

  void outline(llvm::ArrayRef<mlir::Operation *> group, llvm::StringRef name) {
    llvm::SetVector<mlir::Value> inputs;
    llvm::DenseSet<mlir::Operation *> members(group.begin(), group.end());
    for (mlir::Operation *op : group)
      for (mlir::Value operand : op->getOperands())
        if (!members.contains(operand.getDefiningOp()))
          inputs.insert(operand);
    mlir::Operation *last = group.back();
    // Everything the group reads stands above its last op.
    mlir::OpBuilder builder(last);
    auto layer = LayerOp::create(
        builder, group.front()->getLoc(), last->getResultTypes(),
        builder.getStringAttr(name), inputs.getArrayRef());
    mlir::Block &body = layer.getBody().emplaceBlock();
    mlir::IRMapping mapping;
    for (mlir::Value input : inputs)
      mapping.map(input, body.addArgument(input.getType(), input.getLoc()));
    builder.setInsertionPointToStart(&body);
    for (mlir::Operation *op : group)
      builder.clone(*op, mapping);
    llvm::SmallVector<mlir::Value> yielded;
    for (mlir::Value result : last->getResults())
      yielded.push_back(mapping.lookup(result));
    YieldOp::create(builder, last->getLoc(), yielded);
    last->replaceAllUsesWith(layer.getResults());
    for (mlir::Operation *op : llvm::reverse(group))
      op->erase();
  }
};

} // namespace
} // namespace shiftadd
