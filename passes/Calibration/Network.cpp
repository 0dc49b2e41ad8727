//===- Network.cpp - What a sweep asks of the IR ----------------*- C++ -*-===//
//
// Part of the shiftadd project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
#include "passes/Calibration/Sweep.h"

#include "llvm/ADT/DenseSet.h"
#include "llvm/ADT/EquivalenceClasses.h"
#include "llvm/ADT/SmallPtrSet.h"

namespace shiftadd::calibration {

/// Values that differ between samples.
static llvm::DenseSet<mlir::Value> findVarying(mlir::func::FuncOp function,
                                               llvm::ArrayRef<bool> shared) {
  llvm::DenseSet<mlir::Value> varying;
  for (auto [argument, isShared] :
       llvm::zip_equal(function.getArguments(), shared))
    if (!isShared)
      varying.insert(argument);
  for (mlir::Operation &op : function.front())
    if (llvm::any_of(op.getOperands(), [&](mlir::Value operand) {
          return varying.contains(operand);
        }))
      varying.insert(op.result_begin(), op.result_end());
  return varying;
}

Network::Network(mlir::func::FuncOp function, llvm::ArrayRef<bool> shared)
    : function(function),
      groups(findLayerGroups(function, findVarying(function, shared))) {
  for (const auto &group : groups)
    for (mlir::Operation *op : group->getOps())
      groupOf[op] = group.get();
}

/// Ops that have an integer form when their operands are codes.
static bool hasIntegerForm(mlir::Operation *op) {
  auto isConstant = [](mlir::Value value) {
    return value.getDefiningOp<ConstantOp>() != nullptr;
  };
  if (llvm::isa<AddOp, MulOp, ConcatOp>(op))
    return llvm::none_of(op->getOperands(), isConstant);
  return movesElements(op) || mapsElements(op) ||
         llvm::isa<ClampOp, ReluOp, AvgPoolOp, ReduceMeanOp, SoftmaxOp>(op);
}

bool Network::wantsCodes(mlir::Operation *user, mlir::OpOperand &use) const {
  if (LayerGroup *group = groupOf.lookup(user)) {
    if (user == group->layer)
      return use.getOperandNumber() == 0 && !group->isAdder();
    // The other operand of a fused addition.
    return user == group->add && use.get() == group->residual;
  }
  return hasIntegerForm(user) && llvm::any_of(user->getResults(), [&](auto r) {
           return wantsCodes(mlir::Value(r));
         });
}

bool Network::wantsCodes(mlir::Value value) const {
  auto found = wanted.find(value);
  if (found != wanted.end())
    return found->second;
  bool result = tensorType(value).getElementType().isF32() &&
                llvm::any_of(value.getUses(), [&](mlir::OpOperand &use) {
                  return wantsCodes(use.getOwner(), use);
                });
  wanted[value] = result;
  return result;
}

static bool readsAsAdder(const Network &network, mlir::OpOperand &use) {
  LayerGroup *group = network.groupOf.lookup(use.getOwner());
  return group && group->isAdder() && use.getOwner() == group->layer &&
         use.getOperandNumber() == 0;
}

bool Network::feedsAdder(mlir::Value value) const {
  return llvm::any_of(value.getUses(), [&](mlir::OpOperand &use) {
    return readsAsAdder(*this, use);
  });
}

bool Network::feedsOnlyAdders(mlir::Value value) const {
  return !value.use_empty() &&
         llvm::all_of(value.getUses(), [&](mlir::OpOperand &use) {
           return readsAsAdder(*this, use);
         });
}

LayerClass Network::classify(const LayerGroup &group) const {
  llvm::ArrayRef<int64_t> filter = tensorType(group.getFilter()).getShape();
  if (llvm::isa<ConvOp, ShiftConvOp, AdderConvOp>(group.layer)) {
    auto groups =
        group.layer->getAttrOfType<mlir::IntegerAttr>("groups").getInt();
    if (groups > 1 && groups == filter.front() && filter.back() == 1)
      return LayerClass::Depthwise;
    mlir::Value input = group.getInput();
    while (mlir::Operation *producer = input.getDefiningOp()) {
      if (!movesElements(producer))
        return LayerClass::Other;
      input = producer->getOperand(0);
    }
    return LayerClass::Stem;
  }
  return LayerClass::Other;
}

bool Network::isBehindGlobalPool(const LayerGroup &group) const {
  mlir::Value input = group.getInput();
  while (mlir::Operation *producer = input.getDefiningOp()) {
    if (llvm::isa<ReduceMeanOp, AvgPoolOp>(producer)) {
      llvm::ArrayRef<int64_t> shape =
          tensorType(producer->getResult(0)).getShape();
      int64_t positions = 1;
      if (shape.size() > 2)
        for (int64_t size : shape.drop_front().drop_back())
          positions *= size;
      return positions == 1;
    }
    if (!movesElements(producer) && !llvm::isa<ClampOp, ReluOp>(producer))
      return false;
    input = producer->getOperand(0);
  }
  return false;
}

std::vector<llvm::SmallVector<mlir::Value>> Network::getConcatFamilies() const {
  llvm::EquivalenceClasses<void *> classes;
  llvm::SmallVector<mlir::Value> members;
  auto getSource = [](mlir::Value value) {
    mlir::Operation *op = value.getDefiningOp();
    while (op && movesElements(op) && !llvm::isa<ConcatOp>(op)) {
      value = op->getOperand(0);
      op = value.getDefiningOp();
    }
    return value;
  };
  for (ConcatOp concat : function.getOps<ConcatOp>()) {
    if (!hasIntegerForm(concat) || !wantsCodes(concat.getResult()))
      continue;
    mlir::Value result = concat.getResult();
    members.push_back(result);
    classes.insert(result.getAsOpaquePointer());
    for (mlir::Value operand : concat.getInputs()) {
      mlir::Value source = getSource(operand);
      members.push_back(source);
      classes.unionSets(result.getAsOpaquePointer(),
                        source.getAsOpaquePointer());
    }
  }
  // In the order of the function, which decides the order of sums.
  llvm::MapVector<void *, llvm::SmallVector<mlir::Value>> families;
  llvm::DenseSet<mlir::Value> seen;
  for (mlir::Value member : members)
    if (seen.insert(member).second &&
        !llvm::isa_and_nonnull<ConcatOp>(member.getDefiningOp()))
      families[classes.getLeaderValue(member.getAsOpaquePointer())].push_back(
          member);
  std::vector<llvm::SmallVector<mlir::Value>> result;
  for (auto &[leader, family] : families)
    if (!family.empty())
      result.push_back(family);
  return result;
}

uint64_t Network::getPeakBytes() const {
  llvm::DenseMap<mlir::Value, mlir::Operation *> lastUse;
  auto &block = function.front();
  for (mlir::Operation &op : block)
    for (mlir::Value operand : op.getOperands())
      lastUse[operand] = &op;
  auto bytes = [](mlir::Value value) -> uint64_t {
    uint64_t size = 4;
    for (int64_t dimension : tensorType(value).getShape())
      size *= uint64_t(mlir::ShapedType::isDynamic(dimension) ? 1 : dimension);
    return size;
  };
  uint64_t live = 0, peak = 0;
  for (mlir::BlockArgument argument : block.getArguments())
    live += 2 * bytes(argument);
  for (mlir::Operation &op : block) {
    if (llvm::isa<ConstantOp>(op))
      continue;
    uint64_t results = 0;
    for (mlir::Value result : op.getResults())
      results += bytes(result);
    // A fit holds the target, its activation and the output beside the inputs.
    peak = std::max(peak, live + 3 * results);
    live += 2 * results;
    llvm::SmallPtrSet<void *, 4> seen;
    for (mlir::Value operand : op.getOperands())
      if (lastUse[operand] == &op && !operand.getDefiningOp<ConstantOp>() &&
          seen.insert(operand.getAsOpaquePointer()).second)
        live -= std::min(live, 2 * bytes(operand));
  }
  return peak;
}

} // namespace shiftadd::calibration
