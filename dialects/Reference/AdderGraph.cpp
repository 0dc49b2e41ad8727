//===- AdderGraph.cpp - Values of adder graphs ----------------------------===//
//
// Part of the shiftadd project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// A graph is executed row by row, adder by adder: what is compared with a
// matrix product is the graph itself, not the matrix that it stands for.
//
//===----------------------------------------------------------------------===//
#include "dialects/AdderGraph/IR/AdderGraph.h"

#include "dialects/Reference/Evaluators.h"

namespace shiftadd::ref {

namespace {

llvm::Expected<Tensor> evaluateGraph(adder_graph::GraphOp op,
                                     llvm::ArrayRef<Tensor> operands) {
  const Tensor &input = operands[0];
  if (input.isFloat())
    return makeError("is not defined on floating point tensors");
  auto inputs = int64_t(op.getBody().front().getNumArguments());
  if (input.getRank() == 0 || input.getDimension(input.getRank() - 1) != inputs)
    return makeError("the input has another number of columns");
  auto outputs =
      int64_t(op.getBody().front().getTerminator()->getNumOperands());
  Shape shape(input.getShape());
  shape.back() = outputs;
  llvm::Expected<Tensor> result = Tensor::create(resultElementType(op), shape);
  if (!result)
    return result;
  Writer writer(*result);
  llvm::SmallVector<int64_t> row(size_t(inputs), 0);
  int64_t rows = inputs ? input.getElementCount() / inputs : 0;
  for (int64_t r = 0; r < rows; ++r) {
    for (int64_t k = 0; k < inputs; ++k)
      row[size_t(k)] = input.getInteger(r * inputs + k);
    for (auto [n, value] : llvm::enumerate(adder_graph::evaluate(op, row)))
      writer.setInteger(r * outputs + int64_t(n), value);
  }
  return result;
}

} // namespace

void addAdderGraph(EvaluatorTable &table) {
  table.add<adder_graph::GraphOp>(evaluateGraph);
}

} // namespace shiftadd::ref
