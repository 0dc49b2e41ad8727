//===- ConstantEvaluation.cpp - Evaluates ops on constants ----------------===//
//
// Part of the shiftadd project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Values come from the reference interpreter, so folded and executed ops agree.
//
//===----------------------------------------------------------------------===//

#include "frontend/Onnx/ConstantEvaluation.h"

#include "dialects/Reference/Interpreter.h"

#include "llvm/ADT/STLExtras.h"

namespace shiftadd::onnx_import {

/// Larger results are left to the program: a stretched constant is cheaper to
/// compute than to store.
static constexpr int64_t kMaxElements = int64_t(1) << 27;

static bool isWorthEvaluating(mlir::Operation *op) {
  if (llvm::isa<ConstantOp>(op) || !ref::canEvaluate(op))
    return false;
  if (llvm::isa<DequantizeOp>(op))
    return false;
  return llvm::all_of(op->getResultTypes(), [](mlir::Type type) {
    auto tensor = llvm::dyn_cast<mlir::RankedTensorType>(type);
    return tensor && tensor.hasStaticShape() &&
           tensor.getNumElements() <= kMaxElements;
  });
}

/// Nothing when an operand is no constant.
static std::optional<llvm::SmallVector<ref::Tensor>>
readOperands(mlir::Operation *op) {
  llvm::SmallVector<ref::Tensor> tensors;
  for (mlir::Value operand : op->getOperands()) {
    auto constant = operand.getDefiningOp<ConstantOp>();
    if (!constant)
      return std::nullopt;
    auto tensor =
        ref::Tensor::fromAttribute(constant.getValue(), tensorType(operand));
    if (!tensor) {
      llvm::consumeError(tensor.takeError());
      return std::nullopt;
    }
    tensors.push_back(std::move(*tensor));
  }
  return tensors;
}

void evaluateConstants(llvm::ArrayRef<mlir::Operation *> ops,
                       llvm::MutableArrayRef<Symbol> results) {
  for (mlir::Operation *op : ops) {
    if (!isWorthEvaluating(op))
      continue;
    auto operands = readOperands(op);
    if (!operands)
      continue;
    auto values = ref::evaluateOperation(op, *operands);
    if (!values) {
      // Left for the interpreter or the compiled program to report.
      llvm::consumeError(values.takeError());
      continue;
    }
    mlir::OpBuilder builder(op);
    for (auto [result, value] : llvm::zip_equal(op->getResults(), *values)) {
      auto constant = makeConstant(builder, op->getLoc(), value.getType(),
                                   value.getBytes());
      for (Symbol &symbol : results)
        if (symbol.value == result)
          symbol.value = constant;
      result.replaceAllUsesWith(constant);
    }
    op->erase();
  }
}

} // namespace shiftadd::onnx_import
