//===- LayerCounter.cpp - Counts of one layer -*- C++ -*-===//
//
// Part of the shiftadd project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// The network with multipliers is not built: every op of the compiled network
// says what it would count with multiplications, so that both sides share
// shapes, fusion and memory model by construction.
//
//===----------------------------------------------------------------------===//
#include "passes/Cost/LayerCounter.h"

#include "dialects/ShiftAdd/IR/Costs.h"
#include "dialects/ShiftAdd/IR/Shapes.h"
#include "dialects/ShiftAdd/IR/WeightView.h"
#include "passes/Cost/IntegerSums.h"

namespace shiftadd {

using Kind = OperationKind;

std::string getNodeName(mlir::Operation *op) {
  std::string name;
  op->getLoc()->walk([&](mlir::Location location) {
    auto named = llvm::dyn_cast<mlir::NameLoc>(location);
    if (!named)
      return mlir::WalkResult::advance();
    name = named.getName().str();
    return mlir::WalkResult::interrupt();
  });
  return name;
}

namespace {

constexpr NumberFormat kInt8{false, 8}, kInt32{false, 32};

int64_t getBits(mlir::Value value) {
  return elementsPerSample(shapeOf(value)) *
         getNumberFormat(tensorType(value).getElementType()).bits;
}

/// Bytes of a tensor in memory; constants of codes are packed.
int64_t getBytes(mlir::Value value, bool packed) {
  auto type = tensorType(value);
  if (packed)
    type = getStoredType(type);
  return elementsPerSample(type.getShape()) *
         getElementBytes(getStorageType(type.getElementType()));
}

mlir::Value getWeights(mlir::Operation *op) { return op->getOperand(1); }

/// All rows but the last spatial dimension, which are the columns.
void setSpatial(llvm::ArrayRef<int64_t> sizes, int64_t &rows,
                int64_t &columns) {
  rows = columns = 1;
  if (sizes.empty())
    return;
  rows = elementsPerSample(sizes.drop_back());
  columns = sizes.back();
}

/// The loops of one group, and the number of groups (times the samples of a
/// fixed batch).
std::pair<LayerLoops, int64_t> getLoops(mlir::Operation *op) {
  LayerLoops loops;
  auto input = shapeOf(op->getOperand(0));
  auto filter = shapeOf(getWeights(op));
  auto output = shapeOf(op->getResult(0));
  if (auto product = llvm::dyn_cast<MatmulOp>(op)) {
    loops.outputChannels = output.back();
    loops.inputChannels = input.back();
    loops.outputColumns = loops.inputColumns = output[output.size() - 2];
    return {loops, elementsPerSample(output.drop_back(2))};
  }
  if (llvm::isa<DenseOp, ShiftDenseOp, AdderDenseOp>(op)) {
    loops.outputChannels = output.back();
    loops.inputChannels = input.back();
    loops.outputColumns = loops.inputColumns =
        elementsPerSample(output.drop_back());
    return {loops, 1};
  }
  int64_t groups = 1;
  if (auto geometry = llvm::dyn_cast<ConvolutionGeometryOpInterface>(op))
    groups = geometry.getGroups();
  else if (auto transposed = llvm::dyn_cast<ConvTransposeOp>(op))
    groups = transposed.getGroups();
  groups = std::max<int64_t>(1, groups);
  loops.outputChannels = output.back() / groups;
  loops.inputChannels = input.back() / groups;
  setSpatial(input.drop_front().drop_back(), loops.inputRows,
             loops.inputColumns);
  setSpatial(output.drop_front().drop_back(), loops.outputRows,
             loops.outputColumns);
  setSpatial(filter.drop_front().drop_back(), loops.filterRows,
             loops.filterColumns);
  return {loops, groups * elementsPerSample(output.take_front())};
}

unsigned getPartialSumBits(mlir::Operation *op) {
  // Integer sums are i32 or i64, floats are summed in their own width.
  return getNumberFormat(tensorType(op->getResult(0)).getElementType()).bits;
}

/// A float operation in a network of 8-bit integers: codes, and tables for
/// functions.
void addAsInt8(OperationCounts &counts, const OperationCounts &more) {
  for (const OperationCounts::Entry &entry : more.getEntries())
    counts.add(entry.format.isFloat && entry.kind == Kind::Function
                   ? Kind::Lookup
                   : entry.kind,
               entry.format.isFloat ? kInt8 : entry.format, entry.count);
}

bool scalesByTerms(mlir::Value multiplier, const LayerBody &body) {
  if (llvm::isa<PowerOfTwoType>(tensorType(multiplier).getElementType()))
    return true;
  auto view = WeightView::get(body.trace(multiplier));
  if (!view)
    return false;
  for (int64_t i = 0; i < view->size(); ++i)
    if (!llvm::isPowerOf2_64(std::abs(view->getInteger(i))))
      return false;
  return true;
}

/// What an op that is no sum over weights counts in the network with
/// multipliers: scales by shifts and additions become multiplications.
OperationCounts countWithMultipliers(mlir::Operation *op,
                                     const OperationCounts &compiled,
                                     const LayerBody &body) {
  int64_t scales = 0;
  NumberFormat format = kInt32;
  if (auto requantize = llvm::dyn_cast<RequantizeOp>(op)) {
    scales = scalesByTerms(requantize.getMultiplier(), body);
    format =
        getNumberFormat(tensorType(requantize.getInput()).getElementType());
  } else if (auto residual = llvm::dyn_cast<RequantizeResidualOp>(op)) {
    scales = scalesByTerms(residual.getMultiplier(), body) ||
                     scalesByTerms(residual.getResidualMultiplier(), body)
                 ? 2
                 : 0;
    format = getNumberFormat(tensorType(residual.getInput()).getElementType());
  } else if (auto add = llvm::dyn_cast<RequantizeAddOp>(op)) {
    scales = add.getShiftAdd() ? 2 : 0;
  }
  if (scales == 0)
    return compiled;
  // One shift, the rounded and offset sum, two bounds (N50).
  int64_t elements = elementsPerSample(shapeOf(op->getResult(0)));
  OperationCounts counts;
  counts.add(Kind::Multiply, format, scales * elements);
  counts.add(Kind::Shift, format, elements);
  counts.add(Kind::Add, format, (scales + 1) * elements);
  counts.add(Kind::Compare, format, 2 * elements);
  return counts;
}

class LayerCounter {
public:
  LayerCounter(const LayerBody &body, MemoryModel &memory, Rewrites &rewrites)
      : body(body), memory(memory), rewrites(rewrites) {}

  LayerCost run() {
    cost.name = body.name;
    describeTensors();
    cost.sums = getIntegerSums(body);
    for (mlir::Operation &op : body.block->without_terminator())
      isBorder |= llvm::isa<QuantizeOp, DequantizeOp>(op);
    for (mlir::Operation &op : body.block->without_terminator()) {
      cost.ops.push_back(op.getName().stripDialect().str());
      if (countTaps(&op) > 0)
        countLayer(&op);
      else
        countOther(&op);
    }
    countTransfers();
    return std::move(cost);
  }

private:
  static OperationCounts count(mlir::Operation *op, const LayerBody &body) {
    auto model = llvm::dyn_cast<CostModelOpInterface>(op);
    return model ? model.getOperationCounts(
                       [&](mlir::Value value) { return body.trace(value); })
                 : OperationCounts();
  }

  void describeTensors() {
    if (!body.results.empty()) {
      auto type = tensorType(body.results.front());
      for (int64_t size : type.getShape())
        cost.outputShape.push_back(mlir::ShapedType::isDynamic(size) ? -1
                                                                     : size);
      cost.output = getNumberFormat(type.getElementType());
    }
    for (mlir::Value input : body.inputs) {
      if (isConstant(input))
        cost.constantBytes += getBytes(input, /*packed=*/true);
      else
        cost.inputBytes += getBytes(input, /*packed=*/false);
    }
    for (mlir::Value result : body.results)
      cost.outputBytes += getBytes(result, /*packed=*/false);
  }

  /// Whether a rewrite has added this sum to its node.
  bool isAdded(const std::string &node, int64_t taps, bool isAdder) {
    if (node.empty())
      return false;
    if (!rewrites.remaining)
      return isAdder && rewrites.extended.contains(node);
    auto place = rewrites.remaining->find(node);
    if (place == rewrites.remaining->end())
      return false;
    // Pruned layers have fewer taps than their node.
    if (place->second < taps)
      return true;
    place->second -= taps;
    return false;
  }

  void countLayer(mlir::Operation *op) {
    std::string node = getNodeName(op);
    bool isShift = llvm::isa<ShiftConvOp, ShiftDenseOp>(op);
    bool isAdder = llvm::isa<AdderConvOp, AdderDenseOp>(op);
    bool isAddition = isAdded(node, countTaps(op), isAdder);
    if (!node.empty())
      cost.nodes.push_back(node);

    int64_t taps = countTaps(op);
    OperationCounts compiled = count(op, body);
    (isShift   ? cost.shiftTaps
     : isAdder ? cost.adderTaps
               : cost.multiplyTaps) += taps;
    if (isShift)
      cost.shiftTerms += compiled.getTotal(Kind::Shift);
    cost.compiled.taps += compiled;

    NumberFormat activations =
        getNumberFormat(tensorType(op->getOperand(0)).getElementType());
    NumberFormat weights =
        getNumberFormat(tensorType(getWeights(op)).getElementType());
    if (cost.activations.bits == 0) {
      cost.activations = activations;
      cost.weights = weights;
      cost.hasTermCodes = isShift;
    }
    mlir::Value filter = body.trace(getWeights(op));
    if (isConstant(filter)) {
      cost.weightElements += elementsPerSample(shapeOf(filter));
      cost.weightBytes += getBytes(filter, /*packed=*/true);
    }

    OperandWidths widths;
    widths.input = activations.bits;
    widths.weights = weights.bits;
    widths.output = cost.output.bits;
    widths.partialSums = getPartialSumBits(op);
    widths.inputStaysInside = comesFromLayer(op->getOperand(0));
    widths.outputStaysInside = feedsLayer(op);
    auto [loops, groups] = getLoops(op);
    cost.compiled.traffic += memory.getTraffic(loops, widths) * double(groups);
    if (isAddition)
      return;

    cost.baselineTaps += taps;
    // Multipliers as wide as the numbers that the layer works on.
    NumberFormat equal = activations;
    if (!isShift)
      equal = {activations.isFloat || weights.isFloat,
               std::max(activations.bits, weights.bits)};
    for (auto [form, format] : {std::pair(&cost.equalPrecision, equal),
                                std::pair(&cost.int8, kInt8)}) {
      form->taps.add(Kind::Multiply, format, taps);
      form->taps.add(Kind::Add, format, taps);
    }
    widths.weights = equal.bits;
    cost.equalPrecision.traffic +=
        memory.getTraffic(loops, widths) * double(groups);
    widths.weights = widths.input = 8;
    widths.output = cost.output.isFloat && !isBorder ? 8 : widths.output;
    widths.partialSums = 32;
    cost.int8.traffic += memory.getTraffic(loops, widths) * double(groups);
    if (!activations.isFloat)
      return;
    // A float layer has no requantisation; the integer one would.
    int64_t elements = elementsPerSample(shapeOf(op->getResult(0)));
    cost.int8.other.add(Kind::Multiply, kInt32, elements);
    cost.int8.other.add(Kind::Shift, kInt32, elements);
    cost.int8.other.add(Kind::Add, kInt32, 2 * elements);
    cost.int8.other.add(Kind::Compare, kInt32, 2 * elements);
  }

  void countOther(mlir::Operation *op) {
    OperationCounts compiled = count(op, body);
    cost.compiled.other += compiled;
    // The scale between a shift layer and the adder layer put behind it.
    if (llvm::isa<RequantizeOp>(op))
      if (mlir::Operation *layer = op->getOperand(0).getDefiningOp())
        if (llvm::isa<ShiftConvOp, ShiftDenseOp>(layer) &&
            rewrites.extended.contains(getNodeName(layer)))
          return;
    OperationCounts multiplying = countWithMultipliers(op, compiled, body);
    cost.equalPrecision.other += multiplying;
    if (isBorder)
      cost.int8.other += multiplying;
    else
      addAsInt8(cost.int8.other, multiplying);
  }

  /// Whether a value comes from another sum over weights of the layer,
  /// through ops that follow their first operand.
  bool comesFromLayer(mlir::Value value) const {
    while (mlir::Operation *op = value.getDefiningOp()) {
      if (countTaps(op) > 0)
        return true;
      if (op->getNumOperands() == 0)
        return false;
      value = op->getOperand(0);
    }
    return false;
  }

  /// Whether another sum over weights in the layer reads this one's result
  /// through element-wise ops, and nothing outside of the layer does.
  bool feedsLayer(mlir::Operation *op) const {
    while (op->getNumResults() == 1 && op->getResult(0).hasOneUse()) {
      op = *op->getResult(0).user_begin();
      if (countTaps(op) > 0)
        return true;
    }
    return false;
  }

  /// Tensors that no sum over weights reads or writes cross the chip's border
  /// once; so do constants that are no weights.
  void countTransfers() {
    llvm::DenseSet<mlir::Value> counted;
    bool hasLayer = false;
    for (mlir::Operation &op : body.block->without_terminator())
      if (countTaps(&op) > 0) {
        hasLayer = true;
        counted.insert(body.trace(op.getOperand(0)));
        counted.insert(body.trace(getWeights(&op)));
      }
    double bits = 0, int8Bits = 0;
    auto add = [&](mlir::Value value) {
      double amount = isConstant(value) ? 8.0 * getBytes(value, true)
                                        : double(getBits(value));
      NumberFormat format = getNumberFormat(tensorType(value).getElementType());
      bits += amount;
      int8Bits += format.isFloat && format.bits && !isBorder
                      ? amount * 8 / format.bits
                      : amount;
    };
    for (mlir::Value input : body.inputs)
      if (counted.insert(input).second)
        add(input);
    if (!hasLayer)
      for (mlir::Value result : body.results)
        add(result);
    cost.compiled.traffic += MemoryModel::getTransfer(bits);
    cost.equalPrecision.traffic += MemoryModel::getTransfer(bits);
    cost.int8.traffic += MemoryModel::getTransfer(int8Bits);
  }

  const LayerBody &body;
  MemoryModel &memory;
  Rewrites &rewrites;
  LayerCost cost;
  /// The layer has floats because it is where they become codes, or codes
  /// become floats; the network with 8-bit integers has it, too.
  bool isBorder = false;
};

} // namespace

LayerCost countLayer(const LayerBody &body, MemoryModel &memory,
                     Rewrites &rewrites) {
  return LayerCounter(body, memory, rewrites).run();
}

} // namespace shiftadd
