//===- Sweep.cpp - One pass over the network --------------------*- C++ -*-===//
//
// Part of the shiftadd project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
#include "passes/Calibration/SweepState.h"

#include <cmath>
#include <cstring>

namespace shiftadd::calibration {

void Sweep::define(mlir::Value value, Live entry) {
  unsigned count = unsigned(llvm::range_size(value.getUses()));
  if (count == 0)
    return;
  uses[value] = count;
  live[value] = std::move(entry);
}

void Sweep::release(mlir::Value value) {
  auto found = uses.find(value);
  if (found != uses.end() && --found->second == 0) {
    uses.erase(found);
    live.erase(value);
  }
}

llvm::Expected<ActivationRange> Sweep::findRange(mlir::Value value,
                                                 const Batch &exact) {
  auto shared = sharedRanges.find(value);
  if (shared != sharedRanges.end())
    return shared->second;
  RangeOptions choice;
  choice.method = options.range;
  choice.percentile = options.options->percentile;
  choice.lowestCode = options.options->getLowestActivationCode();
  choice.highestCode = options.options->getHighestActivationCode();
  choice.threads = threads;
  ActivationRange range;
  std::string error;
  if (!chooseRange(exact.floats().data(), exact.size(), choice, range, error)) {
    mlir::Operation *op = value.getDefiningOp();
    return llvm::createStringError(
        "layer '" + (op ? getLayerName(op) : std::string("input")) +
        "': its values over the samples: " + error);
  }
  return range;
}

llvm::Error Sweep::roundToCodes(mlir::Value value, Live &entry,
                                const ValueCodes &codes) {
  if (network.feedsAdder(value))
    entry.unrounded = entry.rounded;
  auto round = [&](Batch &result) {
    fakeQuantize(entry.rounded.floats().data(), entry.rounded.size(),
                 codes.range, result.mutableFloats().data(), threads);
  };
  if (entry.rounded.isAlone()) {
    round(entry.rounded);
  } else {
    // Another value or the float network has the same elements.
    auto rounded =
        Batch::create(entry.rounded.getElementType(), entry.rounded.getShape(),
                      entry.rounded.getCount());
    if (!rounded)
      return rounded.takeError();
    round(*rounded);
    entry.rounded = std::move(*rounded);
  }
  entry.codes = codes;
  plan.values[value] = codes;
  return llvm::Error::success();
}

llvm::Error Sweep::chooseCodes(mlir::Value value, Live &entry) {
  auto range = findRange(value, entry.exact);
  if (!range)
    return range.takeError();
  return roundToCodes(value, entry, ValueCodes{*range, 8});
}

llvm::Error Sweep::defineArguments() {
  for (auto [index, argument] :
       llvm::enumerate(network.function.getArguments())) {
    llvm::SmallVector<int64_t> shape(tensorType(argument).getShape());
    for (int64_t &size : shape)
      if (mlir::ShapedType::isDynamic(size))
        size = 1;
    const SampleValues &given = samples.arguments[index];
    mlir::Type element = tensorType(argument).getElementType();
    llvm::Expected<Batch> batch = Batch();
    if (given.shared) {
      auto tensor = ref::Tensor::fromBytes(element, shape, given.bytes);
      if (!tensor)
        return tensor.takeError();
      batch = Batch::fromTensor(*tensor);
    } else {
      batch = Batch::create(element, shape, options.samples);
    }
    if (!batch)
      return batch.takeError();
    if (!given.shared)
      std::memcpy(batch->bytes().data(), given.bytes.data(),
                  batch->bytes().size());
    Live entry{*batch, *batch, Batch(), std::nullopt};
    if (network.wantsCodes(argument) && !given.shared)
      if (llvm::Error error = chooseCodes(argument, entry))
        return error;
    define(argument, std::move(entry));
  }
  return llvm::Error::success();
}

llvm::Expected<std::vector<Live>> Sweep::evaluateBoth(mlir::Operation *op) {
  llvm::SmallVector<Batch> exact, rounded;
  bool same = true;
  for (mlir::Value operand : op->getOperands()) {
    const Live &entry = live[operand];
    exact.push_back(entry.exact);
    rounded.push_back(entry.rounded);
    same &= entry.exact.isSameAs(entry.rounded);
  }
  auto exactResults = evaluate(op, exact);
  if (!exactResults)
    return exactResults.takeError();
  llvm::SmallVector<Batch> roundedResults = *exactResults;
  if (!same) {
    auto results = evaluate(op, rounded);
    if (!results)
      return results.takeError();
    roundedResults = *results;
  }
  std::vector<Live> results;
  for (auto [a, b] : llvm::zip_equal(*exactResults, roundedResults))
    results.push_back(Live{a, b, Batch(), std::nullopt});
  return results;
}

llvm::Error Sweep::evaluateOp(mlir::Operation *op) {
  auto results = evaluateBoth(op);
  if (!results)
    return results.takeError();
  // The codes that all operands with data share.
  std::optional<ValueCodes> codes;
  bool agree = true;
  for (auto [index, operand] : llvm::enumerate(op->getOperands())) {
    if (llvm::isa<GatherOp>(op) && index > 0)
      break;
    const Live &entry = live[operand];
    agree &= entry.codes && (index == 0 || entry.codes == codes);
    codes = entry.codes;
  }
  for (auto [value, entry] : llvm::zip_equal(op->getResults(), *results)) {
    bool wanted = entry.exact.isFloat() && !entry.exact.isShared() &&
                  network.wantsCodes(mlir::Value(value));
    if (movesElements(op) && agree && codes) {
      entry.codes = codes;
    } else if (wanted && llvm::isa<ClampOp, ReluOp>(op) && agree && codes &&
               !sharedRanges.count(mlir::Value(value))) {
      if (llvm::Error error = roundToCodes(value, entry, *codes))
        return error;
    } else if (wanted) {
      // A clamp behind an op becomes the bounds of its codes.
      bool clamped = value.hasOneUse() &&
                     llvm::isa<ClampOp, ReluOp>(*value.user_begin()) &&
                     !llvm::isa<ClampOp, ReluOp>(op);
      if (!clamped)
        if (llvm::Error error = chooseCodes(value, entry))
          return error;
    }
    define(value, std::move(entry));
  }
  return llvm::Error::success();
}

void Sweep::measureOutputs(mlir::func::ReturnOp op) {
  for (mlir::Value value : op.getOperands()) {
    const Live &entry = live[value];
    if (!entry.exact.isFloat() || entry.exact.isSameAs(entry.rounded))
      continue;
    // Every output counts alike, whatever its scale.
    double signal = 0.0, noise = 0.0;
    for (auto [f, q] :
         llvm::zip_equal(entry.exact.floats(), entry.rounded.floats())) {
      signal += double(f) * f;
      noise += (double(f) - q) * (double(f) - q);
    }
    if (signal <= 0.0)
      continue;
    plan.signal += 1.0;
    plan.noise += noise / signal;
  }
}

llvm::Error Sweep::findSharedRanges() {
  std::vector<llvm::SmallVector<mlir::Value>> families =
      network.getConcatFamilies();
  if (families.empty())
    return llvm::Error::success();
  // A range needs the values of all members, so the float network runs once
  // in advance.
  constexpr int64_t kValues = 300000;
  std::vector<std::vector<float>> values(families.size());
  llvm::DenseMap<mlir::Value, size_t> familyOf;
  for (auto [index, family] : llvm::enumerate(families))
    for (mlir::Value member : family)
      familyOf[member] = index;
  auto collect = [&](mlir::Value value, const Batch &batch) {
    auto found = familyOf.find(value);
    if (found == familyOf.end() || batch.size() == 0)
      return;
    auto members = int64_t(families[found->second].size());
    int64_t step = std::max<int64_t>(1, batch.size() * members / kValues);
    std::vector<float> &taken = values[found->second];
    float low = 0, high = 0;
    for (int64_t i = 0; i < batch.size(); ++i) {
      low = std::min(low, batch.floats()[size_t(i)]);
      high = std::max(high, batch.floats()[size_t(i)]);
      if (i % step == 0)
        taken.push_back(batch.floats()[size_t(i)]);
    }
    taken.push_back(low);
    taken.push_back(high);
  };
  if (llvm::Error error = defineArguments())
    return error;
  for (mlir::BlockArgument argument : network.function.getArguments())
    if (auto found = live.find(argument); found != live.end())
      collect(argument, found->second.exact);
  for (mlir::Operation &op : network.function.front()) {
    if (llvm::isa<mlir::func::ReturnOp>(op))
      break;
    llvm::SmallVector<Batch> operands;
    for (mlir::Value operand : op.getOperands()) {
      operands.push_back(live[operand].exact);
      release(operand);
    }
    auto results = evaluate(&op, operands);
    if (!results)
      return results.takeError();
    for (auto [value, batch] : llvm::zip_equal(op.getResults(), *results)) {
      collect(value, batch);
      define(value, Live{batch, batch, Batch(), std::nullopt});
    }
  }
  live.clear();
  uses.clear();
  plan.values.clear();
  for (auto [index, family] : llvm::enumerate(families)) {
    if (values[index].empty())
      continue;
    auto batch = Batch::create(mlir::Float32Type::get(context),
                               {int64_t(values[index].size())}, 1);
    if (!batch)
      return batch.takeError();
    llvm::copy(values[index], batch->mutableFloats().begin());
    auto range = findRange(family.front(), *batch);
    if (!range)
      return range.takeError();
    for (mlir::Value member : family)
      sharedRanges[member] = *range;
  }
  return llvm::Error::success();
}

llvm::Expected<Plan> Sweep::run() {
  plan.range = options.range;
  plan.trials.resize(network.groups.size());
  if (llvm::Error error = findSharedRanges())
    return error;
  if (llvm::Error error = defineArguments())
    return error;
  for (mlir::Operation &op : network.function.front()) {
    if (auto end = llvm::dyn_cast<mlir::func::ReturnOp>(op)) {
      measureOutputs(end);
      break;
    }
    LayerGroup *group = network.groupOf.lookup(&op);
    if (!group) {
      if (llvm::Error error = evaluateOp(&op))
        return error;
    } else if (op.getResult(0) == group->getResult()) {
      if (llvm::Error error = fitGroup(*group))
        return error;
      // The operands of all ops of the group, inner values excepted.
      for (mlir::Operation *member : group->getOps())
        if (member != &op)
          for (mlir::Value operand : member->getOperands())
            release(operand);
    } else {
      continue;
    }
    for (mlir::Value operand : op.getOperands())
      release(operand);
  }
  return std::move(plan);
}

llvm::Expected<Plan> sweep(const Network &network,
                           const CalibrationSamples &samples,
                           const SweepOptions &options) {
  return Sweep(network, samples, options).run();
}

} // namespace shiftadd::calibration
