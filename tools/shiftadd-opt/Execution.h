//===- Execution.h - Running instead of printing -*- C++ -*-===//
//
// Part of the shiftadd project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Besides what every opt tool does, shiftadd-opt executes functions in the
// reference interpreter: to see their results, and to see that a pass keeps
// them.
//
//===----------------------------------------------------------------------===//
#ifndef SHIFTADD_TOOLS_SHIFTADD_OPT_EXECUTION_H
#define SHIFTADD_TOOLS_SHIFTADD_OPT_EXECUTION_H

#include "dialects/Reference/Tensor.h"

#include "mlir/Dialect/Func/IR/FuncOps.h"
#include "mlir/IR/BuiltinOps.h"
#include "mlir/IR/OwningOpRef.h"
#include "llvm/Support/CommandLine.h"

namespace shiftadd {

/// The command line options of both modes; exists once, before parsing.
struct ExecutionOptions {
  ExecutionOptions();

  llvm::cl::OptionCategory category;
  llvm::cl::opt<bool> run;
  llvm::cl::opt<std::string> comparedPipeline;
  llvm::cl::opt<std::string> functionName;
  llvm::cl::opt<uint64_t> seed;
  llvm::cl::opt<unsigned> runs;
  llvm::cl::opt<int64_t> batch;
  llvm::cl::opt<double> tolerance;

  bool wantsExecution() const {
    return run || comparedPipeline.getNumOccurrences();
  }
};

/// The function of that name, or every public one. Fails with an error when
/// there is none.
llvm::FailureOr<llvm::SmallVector<mlir::func::FuncOp>>
selectFunctions(mlir::ModuleOp module, llvm::StringRef name);

/// Random inputs; an argument that may take one value only has that value.
llvm::Expected<llvm::SmallVector<ref::Tensor>>
makeInputs(mlir::func::FuncOp function, uint64_t seed, int64_t batch);

/// Executes the functions and prints their results.
llvm::LogicalResult run(mlir::ModuleOp module, const ExecutionOptions &options,
                        llvm::raw_ostream &output);

/// Runs the pass pipeline on a copy of the module and compares the results of
/// each function with those of its copy.
llvm::LogicalResult compareByRunning(mlir::ModuleOp module,
                                     const ExecutionOptions &options,
                                     llvm::raw_ostream &output);

} // namespace shiftadd

#endif // SHIFTADD_TOOLS_SHIFTADD_OPT_EXECUTION_H
