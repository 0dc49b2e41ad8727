//===- Batch.cpp - A value for many samples -*- C++ -*-===//
//
// Part of the shiftadd project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
#include "passes/Calibration/Batch.h"

#include "dialects/Reference/Interpreter.h"
#include "passes/Calibration/FloatOps.h"

#include "mlir/IR/Threading.h"

#include <cstring>
#include <mutex>
#include <new>

namespace shiftadd::calibration {

llvm::Expected<Batch> Batch::create(mlir::Type elementType,
                                    llvm::ArrayRef<int64_t> shape,
                                    int64_t count) {
  Batch batch;
  batch.elementType = elementType;
  batch.shape.assign(shape.begin(), shape.end());
  batch.count = count;
  batch.sampleSize = 1;
  for (int64_t size : shape)
    batch.sampleSize *= size;
  auto kind = ref::getElementKind(elementType);
  if (!kind)
    return ref::makeError("has an element type that cannot be calibrated");
  batch.elementBytes = ref::getByteWidth(*kind);
  size_t bytes = size_t(batch.size()) * batch.elementBytes;
  batch.data.reset(new (std::nothrow) char[std::max<size_t>(bytes, 1)]);
  if (!batch.data)
    return ref::makeError("needs " + llvm::Twine(bytes >> 20) +
                          " MiB for the samples; give fewer with "
                          "--calibration-samples");
  return batch;
}

Batch Batch::fromValues(mlir::Type elementType, llvm::ArrayRef<int64_t> shape,
                        int64_t count, OutputValues values) {
  Batch batch;
  batch.elementType = elementType;
  batch.shape.assign(shape.begin(), shape.end());
  batch.count = count;
  batch.sampleSize = int64_t(values.size()) / count;
  batch.elementBytes = sizeof(float);
  auto owner = std::make_shared<OutputValues>(std::move(values));
  batch.data =
      std::shared_ptr<char[]>(owner, reinterpret_cast<char *>(owner->data()));
  return batch;
}

llvm::Expected<Batch> Batch::fromTensor(const ref::Tensor &tensor) {
  llvm::Expected<Batch> batch =
      create(tensor.getElementType(), tensor.getShape(), 1);
  if (!batch)
    return batch;
  batch->shared = true;
  std::memcpy(batch->bytes().data(), tensor.getBytes().data(),
              tensor.getBytes().size());
  return batch;
}

llvm::Expected<ref::Tensor> Batch::getTensor(int64_t sample) const {
  size_t bytesPerSample = size_t(sampleSize) * elementBytes;
  return ref::Tensor::fromBytes(
      elementType, shape,
      bytes().slice((shared ? 0 : size_t(sample)) * bytesPerSample,
                    bytesPerSample));
}

Batch Batch::withShape(llvm::ArrayRef<int64_t> newShape) const {
  Batch result = *this;
  result.shape.assign(newShape.begin(), newShape.end());
  return result;
}

void forEachSample(mlir::MLIRContext *context, int64_t count,
                   llvm::function_ref<void(int64_t)> body) {
  mlir::parallelFor(context, 0, size_t(count),
                    [&](size_t i) { body(int64_t(i)); });
}

/// The interpreter's results, sample by sample.
static llvm::Expected<llvm::SmallVector<Batch>>
interpret(mlir::Operation *op, llvm::ArrayRef<Batch> operands) {
  int64_t count = 1;
  bool shared = true;
  for (const Batch &operand : operands)
    if (!operand.isShared()) {
      shared = false;
      count = operand.getCount();
    }
  auto evaluateSample =
      [&](int64_t sample) -> llvm::Expected<llvm::SmallVector<ref::Tensor>> {
    llvm::SmallVector<ref::Tensor> tensors;
    for (const Batch &operand : operands) {
      auto tensor = operand.getTensor(sample);
      if (!tensor)
        return tensor.takeError();
      tensors.push_back(*tensor);
    }
    return ref::evaluateOperation(op, tensors);
  };
  auto first = evaluateSample(0);
  if (!first)
    return first.takeError();
  llvm::SmallVector<Batch> results;
  for (const ref::Tensor &tensor : *first) {
    auto batch = shared ? Batch::fromTensor(tensor)
                        : Batch::create(tensor.getElementType(),
                                        tensor.getShape(), count);
    if (!batch)
      return batch.takeError();
    results.push_back(std::move(*batch));
  }
  if (shared)
    return results;
  std::mutex mutex;
  std::string problem;
  int64_t failed = count;
  forEachSample(op->getContext(), count, [&](int64_t sample) {
    auto tensors = evaluateSample(sample);
    if (!tensors) {
      std::lock_guard<std::mutex> lock(mutex);
      std::string text = llvm::toString(tensors.takeError());
      if (sample < failed) {
        failed = sample;
        problem = text;
      }
      return;
    }
    for (auto [batch, tensor] : llvm::zip_equal(results, *tensors)) {
      size_t bytes = tensor.getBytes().size();
      if (bytes * size_t(count) == batch.bytes().size())
        std::memcpy(batch.bytes().data() + size_t(sample) * bytes,
                    tensor.getBytes().data(), bytes);
    }
  });
  if (failed < count)
    return ref::makeError(problem);
  return results;
}

llvm::Expected<llvm::SmallVector<Batch>>
evaluate(mlir::Operation *op, llvm::ArrayRef<Batch> operands) {
  bool shared = llvm::all_of(
      operands, [](const Batch &operand) { return operand.isShared(); });
  if (!shared) {
    llvm::Expected<Batch> fast = evaluateFloat(op, operands);
    if (!fast)
      return fast.takeError();
    if (*fast)
      return llvm::SmallVector<Batch>{*fast};
  }
  return interpret(op, operands);
}

} // namespace shiftadd::calibration
