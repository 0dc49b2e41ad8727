//===- LayerResults.cpp - Where the layers of a network end ---------------===//
//
// Part of the shiftadd project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
#include "tools/compiler/LayerResults.h"

#include "dialects/ShiftAdd/IR/ShiftAdd.h"

#include "llvm/ADT/STLExtras.h"

namespace shiftadd::tools {

/// The names of all nodes in a location.
static void addNames(mlir::Location location, std::vector<std::string> &names) {
  location->walk([&](mlir::Location part) {
    if (auto named = llvm::dyn_cast<mlir::NameLoc>(part))
      if (!llvm::is_contained(names, named.getName().str()))
        names.push_back(named.getName().str());
    return mlir::WalkResult::advance();
  });
}

/// The op that finishes what `value` begins: its only reader, element by
/// element, with constants as its other operands.
static mlir::Operation *getFinish(mlir::Value value) {
  if (!value.hasOneUse())
    return nullptr;
  mlir::OpOperand &use = *value.getUses().begin();
  mlir::Operation *user = use.getOwner();
  if (user->getNumResults() != 1 || use.getOperandNumber() != 0)
    return nullptr;
  if (llvm::isa<RequantizeOp, RequantizeResidualOp, LookupOp>(user))
    return user;
  bool unary =
      user->getNumOperands() == 1 && user->hasTrait<BroadcastsElements>();
  return unary ? user : nullptr;
}

LayerResults::LayerResults(mlir::func::FuncOp function) {
  for (mlir::BlockArgument argument : function.getArguments())
    if (!argument.use_empty())
      addLayer(argument, nullptr);
  addBlock(function.getBody().front());
  for (auto [index, layer] : llvm::enumerate(layers))
    for (const std::string &name : layer.names)
      byName[name] = index;
  // The producers of a layer are known once all values have theirs.
  for (auto [value, index] : layerOf) {
    mlir::Operation *op = value.getDefiningOp();
    if (!op || llvm::isa<LayerOp>(op))
      continue;
    for (mlir::Value operand : op->getOperands())
      findProducers(operand, layers[index].producers);
  }
  for (auto [index, layer] : llvm::enumerate(layers)) {
    llvm::sort(layer.producers);
    layer.producers.erase(llvm::unique(layer.producers), layer.producers.end());
    llvm::erase(layer.producers, index);
  }
}

void LayerResults::addBlock(mlir::Block &block) {
  for (mlir::Operation &op : block) {
    if (auto layer = llvm::dyn_cast<LayerOp>(op)) {
      addBlock(layer.getBody().front());
      continue;
    }
    if (op.getNumResults() != 1 || llvm::isa<ConstantOp>(op) ||
        layerOf.contains(op.getResult(0)))
      continue;
    addLayer(op.getResult(0), &op);
  }
}

void LayerResults::addLayer(mlir::Value head, mlir::Operation *op) {
  size_t index = layers.size();
  LayerResult &layer = layers.emplace_back();
  layer.operation = op ? op->getName().stripDialect().str() : "input";
  layer.value = head;
  addNames(head.getLoc(), layer.names);
  layerOf[head] = index;
  while (mlir::Operation *next = getFinish(layer.value)) {
    layer.value = next->getResult(0);
    layer.addsResidual |= llvm::isa<RequantizeResidualOp>(next);
    addNames(next->getLoc(), layer.names);
    layerOf[layer.value] = index;
  }
}

/// Looks through layers, whose values are those of their bodies.
void LayerResults::findProducers(mlir::Value value,
                                 std::vector<size_t> &producers) const {
  if (auto found = layerOf.find(value); found != layerOf.end()) {
    producers.push_back(found->second);
    return;
  }
  if (auto argument = llvm::dyn_cast<mlir::BlockArgument>(value)) {
    if (auto layer =
            llvm::dyn_cast<LayerOp>(argument.getOwner()->getParentOp()))
      findProducers(layer->getOperand(argument.getArgNumber()), producers);
    return;
  }
  if (auto layer = value.getDefiningOp<LayerOp>())
    findProducers(layer.getBody().front().getTerminator()->getOperand(
                      llvm::cast<mlir::OpResult>(value).getResultNumber()),
                  producers);
}

std::optional<size_t> LayerResults::find(llvm::StringRef name) const {
  auto found = byName.find(name);
  if (found == byName.end())
    return std::nullopt;
  return found->second;
}

std::optional<size_t> LayerResults::findAddition(size_t index) const {
  mlir::Value value = layers[index].value;
  if (!value.hasOneUse())
    return std::nullopt;
  mlir::Operation *user = *value.user_begin();
  if (!llvm::isa<AddOp, RequantizeAddOp>(user))
    return std::nullopt;
  auto found = layerOf.find(user->getResult(0));
  if (found == layerOf.end())
    return std::nullopt;
  return found->second;
}

} // namespace shiftadd::tools
