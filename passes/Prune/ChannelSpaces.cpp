//===- ChannelSpaces.cpp - Channels that belong together ------------------===//
//
// Part of the shiftadd project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Ops that are not known to treat channels one by one freeze what they touch.
//
//===----------------------------------------------------------------------===//
#include "passes/Prune/ChannelSpaces.h"

#include "llvm/ADT/TypeSwitch.h"

namespace shiftadd {

bool isConstant(mlir::Value value) {
  if (auto dequantize = value.getDefiningOp<DequantizeOp>())
    value = dequantize.getInput();
  return bool(value.getDefiningOp<ConstantOp>());
}

bool keepsChannels(const WeightLayer &layer) {
  return layer.isDepthwise && layer.outputs() == layer.groups;
}

bool readsChannels(const WeightLayer &layer) {
  return !layer.isAdder && layer.groups == 1;
}

static int64_t lastSize(mlir::Value value) {
  auto type = llvm::dyn_cast<mlir::RankedTensorType>(value.getType());
  if (!type || type.getRank() == 0)
    return 1;
  return type.getShape().back();
}

static bool hasRank(mlir::Value value) {
  auto type = llvm::dyn_cast<mlir::RankedTensorType>(value.getType());
  return type && type.getRank() > 0 &&
         !mlir::ShapedType::isDynamic(type.getShape().back());
}

/// Codes whose scales belong to channels cannot lose a channel without a
/// change of every type on the way.
static bool hasScalePerChannel(mlir::Value value) {
  if (isConstant(value))
    return false;
  auto type = llvm::dyn_cast<mlir::RankedTensorType>(value.getType());
  return type && llvm::isa<mlir::quant::UniformQuantizedPerAxisType>(
                     type.getElementType());
}

ChannelSpaces::ChannelSpaces(mlir::func::FuncOp function) {
  for (const WeightLayer &layer : findWeightLayers(function))
    layers.try_emplace(layer.op, layer);
  for (mlir::BlockArgument argument : function.getArguments())
    define(argument, /*frozen=*/true);
  for (mlir::Operation &op : function.getBody().front())
    addOp(&op);
  resolve();
}

Channels ChannelSpaces::lookup(mlir::Value value) const {
  Channels channels = channelsOf.lookup(value);
  return {joined.getLeaderValue(channels.space), channels.size};
}

void ChannelSpaces::define(mlir::Value value, bool frozen) {
  channelsOf[value] = {spaces.size(), lastSize(value)};
  joined.insert(spaces.size());
  spaces.push_back({lastSize(value), frozen || !hasRank(value), {}});
}

void ChannelSpaces::freeze(mlir::Value value) {
  if (auto found = channelsOf.find(value); found != channelsOf.end())
    spaces[found->second.space].isFrozen = true;
}

void ChannelSpaces::freeze(mlir::Operation *op) {
  for (mlir::Value operand : op->getOperands())
    freeze(operand);
  for (mlir::Value result : op->getResults())
    define(result, /*frozen=*/true);
}

/// The last dimension of `b`, which has channels, is that of `a`.
void ChannelSpaces::join(mlir::Value a, mlir::Value b) {
  Channels x = channelsOf.lookup(a);
  auto [position, isNew] = channelsOf.try_emplace(b, x);
  if (isNew)
    return;
  Channels y = position->second;
  if (x.size != y.size) {
    freeze(a);
    freeze(b);
    return;
  }
  joined.unionSets(x.space, y.space);
}

void ChannelSpaces::addOp(mlir::Operation *op) {
  // Constants have no channels of their own: they follow their readers.
  bool constant = llvm::all_of(op->getResults(), isConstant);
  if (op->getNumResults() && constant)
    return;
  if (op->getNumResults() == 1 && !op->getNumRegions() &&
      llvm::none_of(op->getOperands(), hasScalePerChannel) &&
      (addLayer(op) || addFollower(op)))
    return;
  freeze(op);
}

/// Layers with weights read one space and give another.
bool ChannelSpaces::addLayer(mlir::Operation *op) {
  auto found = layers.find(op);
  if (found == layers.end())
    return false;
  const WeightLayer &layer = found->second;
  mlir::Value input = op->getOperand(0), result = op->getResult(0);
  bool hasBias = op->getNumOperands() > 2;
  // What an adder layer reads counts even where it is zero (N58).
  if (layer.isAdder || !hasRank(result) ||
      (hasBias && !isConstant(op->getOperand(2))))
    return false;
  if (keepsChannels(layer)) {
    join(input, result);
    return true;
  }
  if (!readsChannels(layer))
    return false;
  define(result, layer.isFirst);
  spaces.back().sources.push_back(layer);
  return true;
}

bool ChannelSpaces::addReshape(mlir::Value from, mlir::Value to) {
  Channels channels = channelsOf.lookup(from);
  if (!hasRank(to) || lastSize(to) == 0 || lastSize(to) % channels.size)
    return false;
  channelsOf[to] = channels;
  return true;
}

/// Ops that treat channels one by one.
bool ChannelSpaces::addFollower(mlir::Operation *op) {
  mlir::Value result = op->getResult(0);
  if (!hasRank(result) || op->getNumOperands() == 0)
    return false;
  mlir::Value input = op->getOperand(0);
  if (op->hasTrait<BroadcastsElements>()) {
    mlir::Value leader;
    for (mlir::Value operand : op->getOperands()) {
      if (isConstant(operand) || lastSize(operand) != lastSize(result))
        continue;
      if (leader)
        join(leader, operand);
      leader = operand;
    }
    if (!leader)
      return false;
    // A single channel that is stretched over all is no member.
    for (mlir::Value operand : op->getOperands())
      if (!isConstant(operand) && lastSize(operand) != lastSize(result))
        freeze(operand);
    join(leader, result);
    return true;
  }
  if (isConstant(input) || !hasRank(input))
    return false;
  int64_t last = tensorType(input).getRank() - 1;
  auto follows = [&](bool does) {
    if (does)
      join(input, result);
    return does;
  };
  return llvm::TypeSwitch<mlir::Operation *, bool>(op)
      .Case<MaxPoolOp, AvgPoolOp, SumPoolOp, LpPoolOp>(
          [&](auto) { return follows(true); })
      .Case([&](BatchNormOp norm) {
        bool constant =
            llvm::all_of(llvm::drop_begin(norm->getOperands()), isConstant);
        return follows(constant && int64_t(norm.getAxis()) == last);
      })
      .Case([&](PadOp pad) {
        return follows(pad.getLow().back() == 0 && pad.getHigh().back() == 0);
      })
      .Case<ReduceSumOp, ReduceMeanOp, ReduceMaxOp, ReduceMinOp, ReduceProdOp>(
          [&](auto reduce) {
            return follows(!llvm::is_contained(reduce.getAxes(), last));
          })
      .Case([&](ReshapeOp) { return addReshape(input, result); })
      .Default(false);
}

/// Gathers what is known of joined spaces in the leader of each.
void ChannelSpaces::resolve() {
  for (size_t index = 0; index < spaces.size(); ++index) {
    size_t leader = joined.getLeaderValue(index);
    if (leader == index)
      continue;
    spaces[leader].isFrozen |= spaces[index].isFrozen;
    llvm::append_range(spaces[leader].sources, spaces[index].sources);
    spaces[index].sources.clear();
    spaces[index].isFrozen = true;
  }
}

} // namespace shiftadd
