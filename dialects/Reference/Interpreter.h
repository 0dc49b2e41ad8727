//===- Interpreter.h - Executes the dialect's IR ----------------*- C++ -*-===//
//
// Part of the shiftadd project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// The oracle: every op of the dialect in plain code, at every stage of
// compilation. Integers are exact; floats are computed and summed in double and
// rounded once per op. Passes are tested by running it before and after, the
// importer folds constants with it, and compiled code is compared with it.
//
//===----------------------------------------------------------------------===//
#ifndef SHIFTADD_REFERENCE_INTERPRETER_H
#define SHIFTADD_REFERENCE_INTERPRETER_H

#include "dialects/Reference/Tensor.h"

#include "mlir/Dialect/Func/IR/FuncOps.h"
#include "mlir/IR/Operation.h"
#include "llvm/ADT/STLFunctionalExtras.h"

namespace shiftadd::ref {

/// Called after every op of a run, those inside layers and kernels included.
using Observer =
    llvm::function_ref<void(mlir::Operation *op, llvm::ArrayRef<Tensor>)>;

/// Whether evaluateOperation() knows this kind of op.
bool canEvaluate(mlir::Operation *op);

/// Executes one op. Result element types are those the op declares; result
/// shapes follow from the operands, so declared ones may have a free batch.
/// The error says which op (name and location) failed and why.
llvm::Expected<llvm::SmallVector<Tensor>>
evaluateOperation(mlir::Operation *op, llvm::ArrayRef<Tensor> operands);

/// Executes a function of one block. Inputs must have the declared element
/// types and shapes, where a free dimension accepts any size. Values are freed
/// after their last use.
llvm::Expected<llvm::SmallVector<Tensor>>
runFunction(mlir::func::FuncOp function, llvm::ArrayRef<Tensor> inputs,
            Observer observer = nullptr);

/// Succeeds when both tensors have the same type and, with tolerance 0, the
/// same bits (one NaN is as good as another), else |actual - expected| <=
/// tolerance * max |expected| everywhere. The error names the first differing
/// element, both values and how many elements differ.
llvm::Error compare(const Tensor &actual, const Tensor &expected,
                    double tolerance);

} // namespace shiftadd::ref

#endif // SHIFTADD_REFERENCE_INTERPRETER_H
