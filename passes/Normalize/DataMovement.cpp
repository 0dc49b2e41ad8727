//===- DataMovement.cpp - Where elements come from -*- C++ -*-===//
//
// Part of the shiftadd project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
#include "passes/Normalize/DataMovement.h"

#include "dialects/Reference/Interpreter.h"
#include "dialects/ShiftAdd/IR/Shapes.h"

#include "mlir/IR/OwningOpRef.h"
#include "llvm/ADT/SetVector.h"

#include <numeric>

namespace shiftadd {

/// Tensors above this size are not looked into.
static constexpr int64_t kMostElements = int64_t(1) << 25;

static constexpr int64_t kSamples = 2;

/// The tensor, or nothing: what cannot be evaluated is not understood.
static std::optional<ref::Tensor> take(llvm::Expected<ref::Tensor> tensor) {
  if (tensor)
    return *tensor;
  llvm::consumeError(tensor.takeError());
  return std::nullopt;
}

static bool moves(mlir::Operation *op) {
  // Any other padding has no number.
  if (auto pad = llvm::dyn_cast<PadOp>(op))
    return pad.getMode() != PadMode::Constant || pad.getValue().isZero();
  if (auto gather = llvm::dyn_cast<GatherOp>(op))
    return gather.getIndices().getDefiningOp<ConstantOp>() != nullptr;
  return llvm::isa<TransposeOp, ReshapeOp, SliceOp, ConcatOp, BroadcastOp,
                   TileOp>(op);
}

llvm::SmallVector<int64_t>
DataMovement::withSamples(llvm::ArrayRef<int64_t> shape) {
  llvm::SmallVector<int64_t> result(shape);
  for (int64_t &size : result)
    if (mlir::ShapedType::isDynamic(size))
      size = kSamples;
  return result;
}

std::optional<DataMovement> DataMovement::find(mlir::Value value) {
  DataMovement movement(value);
  llvm::SetVector<mlir::Value> values;
  values.insert(value);
  for (size_t i = 0; i < values.size(); ++i) {
    mlir::Value next = values[i];
    mlir::Operation *op = next.getDefiningOp();
    if (llvm::isa_and_present<ConstantOp>(op))
      continue;
    if (!op || !moves(op) || next.getParentBlock() != value.getParentBlock()) {
      if (movement.source)
        return std::nullopt;
      movement.source = next;
      continue;
    }
    movement.ops.push_back(op);
    values.insert(op->operand_begin(), op->operand_end());
  }
  llvm::sort(movement.ops, [](mlir::Operation *a, mlir::Operation *b) {
    return a->isBeforeInBlock(b);
  });
  return movement;
}

llvm::SmallVector<mlir::Value> DataMovement::getSources() const {
  llvm::SmallVector<mlir::Value> sources;
  for (mlir::Value next = source; next;) {
    sources.push_back(next);
    llvm::SmallVector<mlir::Operation *> users;
    for (mlir::Operation *op : ops)
      if (llvm::is_contained(op->getOperands(), next))
        users.push_back(op);
    next = users.size() == 1 ? users.front()->getResult(0) : mlir::Value();
  }
  return sources;
}

static std::optional<ref::Tensor> number(mlir::RankedTensorType type) {
  auto shape = DataMovement::withSamples(type.getShape());
  if (elementsPerSample(shape) > kMostElements)
    return std::nullopt;
  std::vector<int64_t> numbers(elementsPerSample(shape));
  std::iota(numbers.begin(), numbers.end(), 1);
  return take(ref::Tensor::fromIntegers(
      mlir::IntegerType::get(type.getContext(), 64), shape, numbers));
}

/// A constant; only zeros have a number, that of padding.
static std::optional<ref::Tensor> read(mlir::Value value, bool asNumbers) {
  auto constant = value.getDefiningOp<ConstantOp>();
  if (!constant)
    return std::nullopt;
  auto tensor = take(
      ref::Tensor::fromAttribute(constant.getValue(), tensorType(constant)));
  if (!tensor || !asNumbers)
    return tensor;
  for (int64_t i = 0; i < tensor->getElementCount(); ++i)
    if (tensor->getDouble(i) != 0)
      return std::nullopt;
  return take(ref::Tensor::create(
      mlir::IntegerType::get(value.getContext(), 64), tensor->getShape()));
}

static std::optional<ref::Tensor> evaluate(mlir::Operation *op,
                                           llvm::ArrayRef<ref::Tensor> operands,
                                           bool onNumbers) {
  auto type = tensorType(op->getResult(0));
  if (elementsPerSample(DataMovement::withSamples(type.getShape())) >
      kMostElements)
    return std::nullopt;
  mlir::OwningOpRef<mlir::Operation *> clone(op->clone());
  if (onNumbers)
    clone->getResult(0).setType(
        type.clone(mlir::IntegerType::get(op->getContext(), 64)));
  auto results = ref::evaluateOperation(clone.get(), operands);
  if (results)
    return results->front();
  llvm::consumeError(results.takeError());
  return std::nullopt;
}

std::optional<ref::Tensor> DataMovement::run(mlir::Value from) const {
  llvm::DenseMap<mlir::Value, ref::Tensor> values;
  if (from) {
    auto numbers = number(tensorType(from));
    if (!numbers)
      return std::nullopt;
    values[from] = std::move(*numbers);
  }
  for (mlir::Operation *op : ops) {
    if (values.contains(op->getResult(0)))
      continue;
    llvm::SmallVector<ref::Tensor> operands;
    for (mlir::OpOperand &operand : op->getOpOperands()) {
      auto known = values.find(operand.get());
      if (known != values.end()) {
        operands.push_back(known->second);
        continue;
      }
      bool indices = llvm::isa<GatherOp>(op) && operand.getOperandNumber() == 1;
      auto constant = read(operand.get(), /*asNumbers=*/from && !indices);
      if (!constant)
        break;
      operands.push_back(std::move(*constant));
    }
    // Ops in front of `from` lack operands, and so does what reads a constant
    // that has no number.
    if (operands.size() != op->getNumOperands())
      continue;
    auto result = evaluate(op, operands, /*onNumbers=*/bool(from));
    if (!result)
      return std::nullopt;
    values[op->getResult(0)] = std::move(*result);
  }
  auto known = values.find(value);
  if (known != values.end())
    return known->second;
  return from ? std::nullopt : read(value, /*asNumbers=*/false);
}

std::optional<ref::Tensor> DataMovement::runOnNumbers(mlir::Value from) const {
  return run(from);
}

std::optional<ref::Tensor> DataMovement::runOnConstants() const {
  return isConstant() ? run(nullptr) : std::nullopt;
}

} // namespace shiftadd
