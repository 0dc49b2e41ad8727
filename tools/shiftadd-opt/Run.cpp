//===- Run.cpp - Results of functions -*- C++ -*-===//
//
// Part of the shiftadd project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
#include "tools/shiftadd-opt/Execution.h"

#include "dialects/Reference/Interpreter.h"

#include "llvm/Support/Format.h"
#include "llvm/Support/xxhash.h"

namespace shiftadd {

namespace {

/// Tensors above this size are printed as a checksum.
constexpr int64_t kMostPrintedElements = 64;

/// The elements from `index` on with the brackets of dimension `dimension`.
void printElements(const ref::Tensor &tensor, int64_t dimension, int64_t &index,
                   llvm::raw_ostream &output) {
  if (dimension == tensor.getRank()) {
    output << tensor.elementToString(index++);
    return;
  }
  output << '[';
  for (int64_t i = 0; i < tensor.getDimension(dimension); ++i) {
    if (i)
      output << ", ";
    printElements(tensor, dimension + 1, index, output);
  }
  output << ']';
}

void printTensor(const ref::Tensor &tensor, llvm::raw_ostream &output) {
  output << tensor.getType() << ' ';
  if (tensor.getElementCount() <= kMostPrintedElements) {
    int64_t index = 0;
    printElements(tensor, 0, index, output);
    return;
  }
  llvm::ArrayRef<char> bytes = tensor.getBytes();
  llvm::ArrayRef<uint8_t> data(reinterpret_cast<const uint8_t *>(bytes.data()),
                               bytes.size());
  output << "checksum " << llvm::format_hex(llvm::xxh3_64bits(data), 18);
}

} // namespace

llvm::LogicalResult run(mlir::ModuleOp module, const ExecutionOptions &options,
                        llvm::raw_ostream &output) {
  auto functions = selectFunctions(module, options.functionName);
  if (mlir::failed(functions))
    return mlir::failure();
  for (mlir::func::FuncOp function : *functions) {
    auto inputs = makeInputs(function, options.seed, options.batch);
    if (!inputs)
      return function.emitError(llvm::toString(inputs.takeError()));
    auto results = ref::runFunction(function, *inputs);
    if (!results)
      return function.emitError(llvm::toString(results.takeError()));
    output << '@' << function.getName() << '\n';
    for (auto [i, result] : llvm::enumerate(*results)) {
      output << "  result " << i << ": ";
      printTensor(result, output);
      output << '\n';
    }
  }
  return mlir::success();
}

} // namespace shiftadd
