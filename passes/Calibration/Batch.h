//===- Batch.h - A value for many samples -*- C++ -*-===//
//
// Part of the shiftadd project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Calibration holds a value of the network for all samples at once, as many
// copies of the tensor that the IR names, one behind the other. Nothing is
// assumed about the dimensions of that tensor: a network of batch 1, of a free
// batch (which counts as 1) and of any other are the same here.
//
//===----------------------------------------------------------------------===//
#ifndef SHIFTADD_PASSES_CALIBRATION_BATCH_H
#define SHIFTADD_PASSES_CALIBRATION_BATCH_H

#include "dialects/Reference/Tensor.h"
#include "dialects/ShiftAdd/IR/ShiftAdd.h"
#include "passes/Calibration/LayerFit.h"

#include <memory>

namespace shiftadd::calibration {

class Batch {
public:
  Batch() = default;

  /// Uninitialised; nothing if the memory does not suffice.
  static llvm::Expected<Batch>
  create(mlir::Type elementType, llvm::ArrayRef<int64_t> shape, int64_t count);
  /// Takes over values, as many as fit.
  static Batch fromValues(mlir::Type elementType, llvm::ArrayRef<int64_t> shape,
                          int64_t count, OutputValues values);
  /// One tensor that all samples share.
  static llvm::Expected<Batch> fromTensor(const ref::Tensor &tensor);

  explicit operator bool() const { return data != nullptr; }

  mlir::Type getElementType() const { return elementType; }
  /// Of one sample.
  llvm::ArrayRef<int64_t> getShape() const { return shape; }
  int64_t getSampleSize() const { return sampleSize; }
  /// The number of samples, 1 of a value that they share.
  int64_t getCount() const { return count; }
  bool isShared() const { return shared; }
  bool isFloat() const { return elementType && elementType.isF32(); }
  /// Size of the last dimension, 1 of a scalar.
  int64_t getChannels() const { return shape.empty() ? 1 : shape.back(); }
  /// Elements of all samples.
  int64_t size() const { return sampleSize * count; }

  llvm::ArrayRef<float> floats() const {
    return {reinterpret_cast<const float *>(data.get()), size_t(size())};
  }
  llvm::MutableArrayRef<float> mutableFloats() {
    return {reinterpret_cast<float *>(data.get()), size_t(size())};
  }
  llvm::MutableArrayRef<char> bytes() {
    return {data.get(), size_t(size()) * elementBytes};
  }
  llvm::ArrayRef<char> bytes() const {
    return {data.get(), size_t(size()) * elementBytes};
  }

  /// A copy of one sample.
  llvm::Expected<ref::Tensor> getTensor(int64_t sample) const;

  /// The same elements under another shape of one sample.
  Batch withShape(llvm::ArrayRef<int64_t> newShape) const;

  /// Whether both hold their elements in the same place.
  bool isSameAs(const Batch &other) const { return data == other.data; }
  /// Whether no other batch holds its elements in the same place.
  bool isAlone() const { return data.use_count() == 1; }

private:
  mlir::Type elementType;
  llvm::SmallVector<int64_t, 4> shape;
  int64_t sampleSize = 0, count = 0;
  unsigned elementBytes = 0;
  bool shared = false;
  std::shared_ptr<char[]> data;
};

/// Runs `body` for 0 .. count - 1 on the threads of the context. The calls
/// write to places of their own, so results do not depend on the threads.
void forEachSample(mlir::MLIRContext *context, int64_t count,
                   llvm::function_ref<void(int64_t)> body);

/// Executes an op with one or more results on all samples: common ops of float
/// networks by loops of their own, all others by the reference interpreter.
llvm::Expected<llvm::SmallVector<Batch>>
evaluate(mlir::Operation *op, llvm::ArrayRef<Batch> operands);

} // namespace shiftadd::calibration

#endif // SHIFTADD_PASSES_CALIBRATION_BATCH_H
