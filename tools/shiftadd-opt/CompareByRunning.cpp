//===- CompareByRunning.cpp - Passes against the interpreter -*- C++ -*-===//
//
// Part of the shiftadd project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// A pass is right when every function computes the same before and after it.
//
//===----------------------------------------------------------------------===//
#include "tools/shiftadd-opt/Execution.h"

#include "dialects/Reference/Interpreter.h"
#include "dialects/Reference/RandomTensor.h"

#include "mlir/Pass/PassManager.h"
#include "mlir/Pass/PassRegistry.h"

namespace shiftadd {

/// Runs a function and its copy once and explains a difference.
static llvm::LogicalResult compareOnce(mlir::func::FuncOp function,
                                       mlir::func::FuncOp changed,
                                       uint64_t seed,
                                       const ExecutionOptions &options) {
  auto inputs = makeInputs(function, seed, options.batch);
  if (!inputs)
    return function.emitError(llvm::toString(inputs.takeError()));
  if (llvm::Error error =
          ref::compareFunctions(changed, function, *inputs, options.tolerance))
    return function.emitError("@")
           << function.getName() << " differs behind the passes (seed " << seed
           << "): " << llvm::toString(std::move(error));
  return mlir::success();
}

llvm::LogicalResult compareByRunning(mlir::ModuleOp module,
                                     const ExecutionOptions &options,
                                     llvm::raw_ostream &output) {
  auto functions = selectFunctions(module, options.functionName);
  if (mlir::failed(functions))
    return mlir::failure();

  mlir::OwningOpRef<mlir::ModuleOp> copy(module.clone());
  mlir::PassManager passes(module.getContext(),
                           mlir::ModuleOp::getOperationName(),
                           mlir::PassManager::Nesting::Implicit);
  if (mlir::failed(mlir::parsePassPipeline(options.comparedPipeline, passes)) ||
      mlir::failed(mlir::applyPassManagerCLOptions(passes)) ||
      mlir::failed(passes.run(*copy)))
    return mlir::failure();

  unsigned compared = 0;
  for (mlir::func::FuncOp function : *functions) {
    auto changed = copy->lookupSymbol<mlir::func::FuncOp>(function.getName());
    if (!changed)
      return function.emitError("@")
             << function.getName() << " is gone behind the passes";
    for (unsigned i = 0; i < options.runs; ++i, ++compared)
      if (mlir::failed(
              compareOnce(function, changed, options.seed + i, options)))
        return mlir::failure();
  }
  output << "equal: " << compared << " runs\n";
  return mlir::success();
}

} // namespace shiftadd
