//===- Normalization.cpp - Normalisation by channel -----------------------===//
//
// Part of the shiftadd project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
#include "dialects/Reference/Evaluators.h"

#include <cmath>

namespace shiftadd::ref {

namespace {

llvm::Expected<Tensor> lrn(LrnOp op, llvm::ArrayRef<Tensor> operands) {
  const Tensor &input = operands[0];
  if (!input.isFloat())
    return makeError("is defined on floating point tensors only");
  llvm::Expected<int64_t> axis = checkAxis(int64_t(op.getAxis()), input);
  if (!axis)
    return axis.takeError();
  auto size = int64_t(op.getSize());
  if (size < 1)
    return makeError("the size must be positive");
  llvm::Expected<Tensor> result =
      Tensor::create(resultElementType(op), input.getShape());
  if (!result)
    return result;
  double alpha = op.getAlpha().convertToDouble();
  double beta = op.getBeta().convertToDouble();
  double bias = op.getBias().convertToDouble();
  int64_t channels = input.getDimension(*axis);
  int64_t inner =
      product(input.getShape(), size_t(*axis) + 1, size_t(input.getRank()));
  Writer writer(*result);
  for (int64_t i = 0, e = input.getElementCount(); i < e; ++i) {
    int64_t channel = i / inner % channels;
    int64_t first = std::max<int64_t>(channel - (size - 1) / 2, 0);
    int64_t last = std::min(channel + size / 2, channels - 1);
    double sum = 0;
    for (int64_t c = first; c <= last; ++c) {
      double value = input.getDouble(i + (c - channel) * inner);
      sum += value * value;
    }
    writer.setDouble(i, input.getDouble(i) /
                            std::pow(bias + alpha / double(size) * sum, beta));
  }
  return result;
}

llvm::Expected<Tensor> batchNorm(BatchNormOp op,
                                 llvm::ArrayRef<Tensor> operands) {
  const Tensor &input = operands[0];
  llvm::Expected<int64_t> axis = checkAxis(int64_t(op.getAxis()), input);
  if (!axis)
    return axis.takeError();
  int64_t channels = input.getDimension(*axis);
  for (const Tensor &operand : operands)
    if (!operand.isFloat())
      return makeError("is defined on floating point tensors only");
  for (const Tensor &parameter : operands.drop_front())
    if (parameter.getElementCount() != channels)
      return makeError("needs one parameter per index of its axis");
  llvm::Expected<Tensor> result =
      Tensor::create(resultElementType(op), input.getShape());
  if (!result)
    return result;
  double epsilon = op.getEpsilon().convertToDouble();
  int64_t inner =
      product(input.getShape(), size_t(*axis) + 1, size_t(input.getRank()));
  Writer writer(*result);
  for (int64_t i = 0, e = input.getElementCount(); i < e; ++i) {
    int64_t c = i / inner % channels;
    double deviation = std::sqrt(operands[4].getDouble(c) + epsilon);
    writer.setDouble(
        i, operands[1].getDouble(c) *
                   (input.getDouble(i) - operands[3].getDouble(c)) / deviation +
               operands[2].getDouble(c));
  }
  return result;
}

} // namespace

void addNormalization(EvaluatorTable &table) {
  table.add<LrnOp>(lrn);
  table.add<BatchNormOp>(batchNorm);
}

} // namespace shiftadd::ref
