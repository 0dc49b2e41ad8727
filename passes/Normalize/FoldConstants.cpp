//===- FoldConstants.cpp - Evaluate what is constant -*- C++ -*-===//
//
// Part of the shiftadd project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// The reference interpreter is the only thing that evaluates ops, so folding
// cannot disagree with execution.
//
//===----------------------------------------------------------------------===//
#include "passes/Normalize/Passes.h"

#include "dialects/Reference/Interpreter.h"
#include "dialects/ShiftAdd/IR/Build.h"

namespace shiftadd {

#define GEN_PASS_DEF_FOLDCONSTANTSPASS
#include "passes/Normalize/Passes.h.inc"

namespace {

/// Results above this size are left to run time: a stretched constant would
/// cost more memory than its computation costs time.
constexpr int64_t kLargestResult = int64_t(256) << 20;

bool isFoldable(mlir::Operation *op, bool foldDequantize) {
  if ((!foldDequantize && llvm::isa<DequantizeOp>(op)) ||
      llvm::isa<ConstantOp, LayerOp, LaunchOp>(op) ||
      op->getNumOperands() == 0 || op->getNumResults() == 0 ||
      !mlir::isMemoryEffectFree(op) || !ref::canEvaluate(op))
    return false;
  for (mlir::Value operand : op->getOperands())
    if (!operand.getDefiningOp<ConstantOp>())
      return false;
  int64_t grown = 0, given = 0;
  for (mlir::Value result : op->getResults()) {
    auto type = llvm::dyn_cast<mlir::RankedTensorType>(result.getType());
    if (!type || !type.hasStaticShape())
      return false;
    grown += type.getNumElements();
  }
  for (mlir::Value operand : op->getOperands())
    given += tensorType(operand).getNumElements();
  return grown <= std::max(kLargestResult / 8, given);
}

struct FoldConstants : impl::FoldConstantsPassBase<FoldConstants> {
  using FoldConstantsPassBase::FoldConstantsPassBase;

  void runOnOperation() override {
    llvm::SmallVector<mlir::Operation *> ops;
    getOperation().walk([&](mlir::Operation *op) { ops.push_back(op); });
    for (mlir::Operation *op : ops) {
      if (!isFoldable(op, foldDequantize))
        continue;
      if (mlir::failed(fold(op)))
        return signalPassFailure();
      ++folded;
    }
  }

  mlir::LogicalResult fold(mlir::Operation *op) {
    llvm::SmallVector<ref::Tensor> operands;
    for (mlir::Value operand : op->getOperands()) {
      auto constant = operand.getDefiningOp<ConstantOp>();
      auto tensor =
          ref::Tensor::fromAttribute(constant.getValue(), tensorType(constant));
      if (!tensor)
        return op->emitError(llvm::toString(tensor.takeError()));
      operands.push_back(*tensor);
    }
    auto results = ref::evaluateOperation(op, operands);
    if (!results)
      return op->emitError(llvm::toString(results.takeError()));
    mlir::OpBuilder builder(op);
    for (auto [result, tensor] : llvm::zip_equal(op->getResults(), *results)) {
      auto constant = ConstantOp::create(
          builder, op->getLoc(), result.getType(), tensor.toAttribute());
      result.replaceAllUsesWith(constant);
    }
    op->erase();
    return mlir::success();
  }
};

} // namespace
} // namespace shiftadd
