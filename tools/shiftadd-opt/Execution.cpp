//===- Execution.cpp - Options, functions and inputs of a run -*- C++ -*-===//
//
// Part of the shiftadd project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
#include "tools/shiftadd-opt/Execution.h"

#include "dialects/Reference/RandomTensor.h"
#include "dialects/ShiftAdd/IR/ShiftAdd.h"

namespace shiftadd {

ExecutionOptions::ExecutionOptions()
    : category("Execution in the reference interpreter"),
      run("run", llvm::cl::cat(category),
          llvm::cl::desc("Run the functions behind the passes on random inputs "
                         "and print the results; fail on a failed check")),
      comparedPipeline(
          "compare-by-running", llvm::cl::cat(category),
          llvm::cl::value_desc("pass pipeline"),
          llvm::cl::desc(
              "Run the functions with and without these passes of "
              "a module, e.g. \"func.func(canonicalize)\", on random "
              "inputs; fail when results differ")),
      functionName("run-function", llvm::cl::cat(category),
                   llvm::cl::value_desc("name"),
                   llvm::cl::desc("The only function to run (default: every "
                                  "public function)")),
      seed("seed", llvm::cl::cat(category), llvm::cl::init(1),
           llvm::cl::desc("Seed of the first run's inputs (default: 1)")),
      runs("runs", llvm::cl::cat(category), llvm::cl::init(3),
           llvm::cl::desc("Compared runs per function, each with a seed of its "
                          "own (default: 3)")),
      batch("batch", llvm::cl::cat(category), llvm::cl::init(2),
            llvm::cl::desc("Size of free dimensions (default: 2)")),
      tolerance("tolerance", llvm::cl::cat(category), llvm::cl::init(0),
                llvm::cl::desc("Allowed difference, as a fraction of the "
                               "largest expected magnitude (default: 0, equal "
                               "bit for bit)")) {}

llvm::FailureOr<llvm::SmallVector<mlir::func::FuncOp>>
selectFunctions(mlir::ModuleOp module, llvm::StringRef name) {
  llvm::SmallVector<mlir::func::FuncOp> functions;
  for (auto function : module.getOps<mlir::func::FuncOp>())
    if (!function.isExternal() &&
        (name.empty() ? function.isPublic() : function.getName() == name))
      functions.push_back(function);
  if (!functions.empty())
    return functions;
  if (name.empty())
    return module.emitError("has no public function to run");
  return module.emitError("has no function @") << name << " to run";
}

llvm::Expected<llvm::SmallVector<ref::Tensor>>
makeInputs(mlir::func::FuncOp function, uint64_t seed, int64_t batch) {
  auto inputs = ref::randomInputs(function, seed, batch);
  if (!inputs)
    return inputs;
  for (auto [i, input] : llvm::enumerate(*inputs)) {
    auto value = function.getArgAttrOfType<mlir::ElementsAttr>(
        unsigned(i), kRequiredValueAttribute);
    if (!value)
      continue;
    auto type =
        llvm::cast<mlir::RankedTensorType>(function.getArgument(i).getType());
    auto required = ref::Tensor::fromAttribute(value, type);
    if (!required)
      return required.takeError();
    input = std::move(*required);
  }
  return inputs;
}

} // namespace shiftadd
