//===- Interpretation.h - Model inputs for the interpreter ------*- C++ -*-===//
//
// Part of the shiftadd project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// From the tensors that a user gives to the interpreter's arguments, in parts
// where there are more samples than the model takes at once.
//
//===----------------------------------------------------------------------===//
#ifndef SHIFTADD_TOOLS_COMPILER_INTERPRETATION_H
#define SHIFTADD_TOOLS_COMPILER_INTERPRETATION_H

#include "dialects/Reference/Tensor.h"
#include "tools/tensor-files/ModelInputs.h"

#include "mlir/Dialect/Func/IR/FuncOps.h"

namespace shiftadd::tools {

/// Name, type and shape of an input or output; `name` is null or a string.
TensorSpec getSpec(mlir::Type type, mlir::Attribute name);

/// The inputs of a function with their fixed values.
std::vector<TensorSpec> getInputSpecs(mlir::func::FuncOp function);

/// Part `part` of `parts` of the tensors, which are in the order of the
/// function's inputs: shared ones whole, the others cut along the first
/// dimension.
llvm::Expected<llvm::SmallVector<ref::Tensor>>
getArguments(mlir::func::FuncOp function, const std::vector<Tensor> &inputs,
             const std::vector<bool> &shared, int64_t part, int64_t parts);

} // namespace shiftadd::tools

#endif // SHIFTADD_TOOLS_COMPILER_INTERPRETATION_H
