//===- Tables.cpp - Functions of codes by table ---------------------------===//
//
// Part of the shiftadd project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// A code of 8 bits has 256 values: whatever function of it a network needs is a
// table, and integers suffice.
//
//===----------------------------------------------------------------------===//
#include "dialects/Reference/Evaluators.h"

namespace shiftadd::ref {

namespace {

/// The lowest value of the integers that hold codes of a type.
int64_t getLowestCode(mlir::Type elementType) {
  bool isSigned = true;
  unsigned bits = 8;
  if (auto quantized =
          llvm::dyn_cast<mlir::quant::QuantizedType>(elementType)) {
    isSigned = quantized.isSigned();
    bits = quantized.getStorageTypeIntegralWidth();
  } else if (auto integer = llvm::dyn_cast<mlir::IntegerType>(elementType)) {
    isSigned = !integer.isUnsigned();
    bits = integer.getWidth();
  }
  return isSigned ? -(int64_t(1) << (bits - 1)) : 0;
}

llvm::Expected<Tensor> lookup(LookupOp op, llvm::ArrayRef<Tensor> operands) {
  const Tensor &input = operands[0];
  const Tensor &table = operands[1];
  int64_t lowest = getLowestCode(input.getElementType());
  llvm::Expected<Tensor> result =
      Tensor::create(resultElementType(op), input.getShape());
  if (!result)
    return result;
  Writer writer(*result);
  for (int64_t i = 0, e = input.getElementCount(); i < e; ++i) {
    int64_t index = input.getInteger(i) - lowest;
    if (index < 0 || index >= table.getElementCount())
      return makeError("the code " + input.elementToString(i) + " at " +
                       input.indexToString(i) + " has no entry in the table");
    if (table.isFloat())
      writer.setDouble(i, table.getDouble(index));
    else
      writer.setInteger(i, table.getInteger(index));
  }
  return result;
}

llvm::Expected<Tensor> quantizedSoftmax(QuantizedSoftmaxOp op,
                                        llvm::ArrayRef<Tensor> operands) {
  const Tensor &input = operands[0];
  llvm::SmallVector<int64_t> exponentials = operands[1].toIntegers();
  auto quantization = Quantization::get(resultElementType(op));
  if (!quantization || quantization->axis >= 0)
    return makeError("needs a result quantised by one scale");
  llvm::Expected<int64_t> axis = checkAxis(op.getAxis(), input);
  if (!axis)
    return axis.takeError();
  llvm::Expected<Tensor> result =
      Tensor::create(resultElementType(op), input.getShape());
  if (!result)
    return result;
  Writer writer(*result);
  int64_t size = input.getDimension(*axis);
  int64_t inner =
      product(input.getShape(), size_t(*axis) + 1, size_t(input.getRank()));
  int64_t outer = product(input.getShape(), 0, size_t(*axis));
  for (int64_t row = 0; row < outer * inner; ++row) {
    int64_t first = row / inner * size * inner + row % inner;
    auto at = [&](int64_t k) { return input.getInteger(first + k * inner); };
    int64_t largest = INT64_MIN;
    for (int64_t k = 0; k < size; ++k)
      largest = std::max(largest, at(k));
    __int128 sum = 0;
    auto exponential = [&](int64_t k) -> __int128 {
      int64_t distance = largest - at(k);
      return distance < int64_t(exponentials.size())
                 ? exponentials[size_t(distance)]
                 : 0;
    };
    for (int64_t k = 0; k < size; ++k)
      sum += exponential(k);
    if (size != 0 && sum <= 0)
      return makeError("the exponentials sum to nothing");
    for (int64_t k = 0; k < size; ++k) {
      __int128 numerator = 2 * exponential(k) * int64_t(op.getMultiplier()) +
                           (sum << op.getShift());
      __int128 code = numerator / (sum << (op.getShift() + 1)) +
                      quantization->zeroPoints[0];
      writer.setInteger(first + k * inner, int64_t(std::clamp<__int128>(
                                               code, quantization->minimum,
                                               quantization->maximum)));
    }
  }
  return result;
}

} // namespace

void addTables(EvaluatorTable &table) {
  table.add<LookupOp>(lookup);
  table.add<QuantizedSoftmaxOp>(quantizedSoftmax);
}

} // namespace shiftadd::ref
