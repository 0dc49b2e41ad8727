//===- IntegerSums.cpp - What the sums of a layer reach -*- C++ -*-===//
//
// Part of the shiftadd project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// The range analysis reads weights where they are defined, and in a layer they
// are arguments. It is asked about a copy of the ops that reads the constants
// themselves; the copy stands in no block and is gone afterwards.
//
//===----------------------------------------------------------------------===//
#include "passes/Cost/IntegerSums.h"

#include "dialects/ShiftAdd/IR/Shapes.h"
#include "passes/Quantize/AccumulatorRange.h"

#include "mlir/IR/IRMapping.h"

namespace shiftadd {

namespace {

class CopyWithConstants {
public:
  explicit CopyWithConstants(const LayerBody &body) {
    mlir::IRMapping mapping;
    for (mlir::BlockArgument argument : body.block->getArguments())
      if (mlir::Value outer = body.trace(argument); isConstant(outer))
        mapping.map(argument, outer);
    for (mlir::Operation &op : body.block->without_terminator())
      ops.push_back(op.clone(mapping));
  }
  CopyWithConstants(const CopyWithConstants &) = delete;
  ~CopyWithConstants() {
    for (mlir::Operation *op : llvm::reverse(ops))
      op->destroy();
  }

  std::vector<mlir::Operation *> ops;
};

/// The sum's interval over all channels, where it fits 64 bits.
std::optional<Interval> getInterval(mlir::Value value) {
  auto ranges = getAccumulatorRange(value);
  if (!ranges || ranges->empty())
    return std::nullopt;
  Interval all = ranges->front();
  for (const Interval &range : *ranges) {
    all.low = std::min(all.low, range.low);
    all.high = std::max(all.high, range.high);
  }
  if (!all.fits(64))
    return std::nullopt;
  return all;
}

template <typename OpTy> void addScaling(OpTy op, IntegerSum &sum) {
  if (auto reach = getReach(op)) {
    sum.biasedBits = countBits({-reach->sum, reach->sum});
    sum.scaledBits = countBits({-reach->product, reach->product});
  }
  if (op.getArithmetic())
    sum.arithmetic = stringifyArithmetic(*op.getArithmetic()).str();
}

/// The requantisation that reads a sum, if one does.
void addScaling(mlir::Value value, IntegerSum &sum) {
  for (mlir::Operation *user : value.getUsers()) {
    if (user->getOperand(0) != value)
      continue;
    if (auto op = llvm::dyn_cast<RequantizeOp>(user))
      return addScaling(op, sum);
    if (auto op = llvm::dyn_cast<RequantizeResidualOp>(user))
      return addScaling(op, sum);
  }
}

} // namespace

std::vector<IntegerSum> getIntegerSums(const LayerBody &body) {
  CopyWithConstants copy(body);
  std::vector<IntegerSum> sums;
  for (mlir::Operation *op : copy.ops) {
    if (op->getNumResults() != 1)
      continue;
    mlir::Value value = op->getResult(0);
    auto type =
        llvm::dyn_cast<mlir::IntegerType>(tensorType(value).getElementType());
    auto interval = type ? getInterval(value) : std::nullopt;
    if (!interval)
      continue;
    IntegerSum &sum = sums.emplace_back();
    sum.op = op->getName().stripDialect().str();
    sum.low = int64_t(interval->low);
    sum.high = int64_t(interval->high);
    sum.bits = countBits(*interval);
    sum.width = type.getWidth();
    addScaling(value, sum);
  }
  return sums;
}

} // namespace shiftadd
