//===- RandomTensor.cpp - Random data for a type --------------------------===//
//
// Part of the shiftadd project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
#include "dialects/Reference/RandomTensor.h"

#include "dialects/Reference/Evaluators.h"
#include "dialects/Reference/Interpreter.h"

#include <random>

namespace shiftadd::ref {

/// An integer in [low, high]. The standard's distributions may differ between
/// libraries; its engines do not.
static int64_t draw(std::mt19937_64 &engine, int64_t low, int64_t high) {
  uint64_t span = uint64_t(high) - uint64_t(low) + 1;
  uint64_t value = engine();
  return int64_t(uint64_t(low) + (span ? value % span : value));
}

/// A code whose every term belongs to the format (N105).
static uint64_t drawCode(std::mt19937_64 &engine,
                         const num::PowerOfTwoFormat &format) {
  uint64_t code = 0;
  for (unsigned term = 0; term < format.terms; ++term)
    code |= (engine() % format.termCount()) << (term * format.fieldBits());
  return code;
}

llvm::Expected<Tensor> randomTensor(mlir::RankedTensorType type, uint64_t seed,
                                    int64_t batch) {
  Shape shape(type.getShape());
  for (int64_t &size : shape)
    if (mlir::ShapedType::isDynamic(size))
      size = batch;
  llvm::Expected<Tensor> tensor = Tensor::create(type.getElementType(), shape);
  if (!tensor)
    return tensor;
  std::mt19937_64 engine(seed);
  Writer writer(*tensor);
  int64_t count = tensor->getElementCount();
  if (tensor->isFloat()) {
    for (int64_t i = 0; i < count; ++i)
      writer.setDouble(i, double(engine() >> 11) * 0x1p-52 - 1);
    return tensor;
  }
  if (auto code = llvm::dyn_cast<PowerOfTwoType>(type.getElementType())) {
    num::PowerOfTwoFormat format = getFormat(code);
    for (int64_t i = 0; i < count; ++i)
      writer.setUnsigned(i, drawCode(engine, format));
    return tensor;
  }
  int64_t low = tensor->isUnsigned() ? 0 : -1000;
  int64_t high = 1000;
  unsigned width = getByteWidth(tensor->getKind());
  if (tensor->getKind() == ElementKind::Bool) {
    high = 1;
  } else if (auto quantization = Quantization::get(type.getElementType())) {
    low = quantization->minimum;
    high = quantization->maximum;
  } else if (width <= 2) {
    low = tensor->isUnsigned() ? 0 : llvm::minIntN(8 * width);
    high = tensor->isUnsigned() ? int64_t(llvm::maxUIntN(8 * width))
                                : llvm::maxIntN(8 * width);
  }
  for (int64_t i = 0; i < count; ++i)
    writer.setInteger(i, draw(engine, low, high));
  return tensor;
}

llvm::Expected<Tensors> randomInputs(mlir::func::FuncOp function, uint64_t seed,
                                     int64_t batch) {
  Tensors inputs;
  for (auto [i, type] :
       llvm::enumerate(function.getFunctionType().getInputs())) {
    auto ranked = llvm::dyn_cast<mlir::RankedTensorType>(type);
    if (!ranked)
      return makeError("argument " + llvm::Twine(i) + " is no ranked tensor");
    // Seeds of one run must not overlap those of the next one's arguments.
    std::seed_seq sequence{uint32_t(seed), uint32_t(seed >> 32), uint32_t(i)};
    std::array<uint32_t, 2> words{};
    sequence.generate(words.begin(), words.end());
    llvm::Expected<Tensor> input =
        randomTensor(ranked, (uint64_t(words[0]) << 32) | words[1], batch);
    if (!input)
      return input.takeError();
    inputs.push_back(std::move(*input));
  }
  return inputs;
}

llvm::Error compareFunctions(mlir::func::FuncOp actual,
                             mlir::func::FuncOp expected,
                             llvm::ArrayRef<Tensor> inputs, double tolerance) {
  llvm::Expected<Tensors> expectedResults = runFunction(expected, inputs);
  if (!expectedResults)
    return expectedResults.takeError();
  llvm::Expected<Tensors> actualResults = runFunction(actual, inputs);
  if (!actualResults)
    return actualResults.takeError();
  if (actualResults->size() != expectedResults->size())
    return makeError("the functions differ in their number of results");
  for (size_t i = 0; i < actualResults->size(); ++i)
    if (llvm::Error error =
            compare((*actualResults)[i], (*expectedResults)[i], tolerance))
      return makeError("result " + llvm::Twine(i) + ": " +
                       llvm::toString(std::move(error)));
  return llvm::Error::success();
}

} // namespace shiftadd::ref
