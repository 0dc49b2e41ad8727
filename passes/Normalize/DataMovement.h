//===- DataMovement.h - Where elements come from -*- C++ -*-===//
//
// Part of the shiftadd project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// The interpreter runs data movement on the numbers of a tensor's elements: the
// numbers then stand where the elements would, whatever ops moved them.
//
//===----------------------------------------------------------------------===//
#ifndef SHIFTADD_PASSES_NORMALIZE_DATAMOVEMENT_H
#define SHIFTADD_PASSES_NORMALIZE_DATAMOVEMENT_H

#include "dialects/Reference/Tensor.h"
#include "dialects/ShiftAdd/IR/ShiftAdd.h"

#include <optional>

namespace shiftadd {

/// The ops that move elements of at most one tensor, the source, and of
/// constants into a value.
class DataMovement {
public:
  /// Nothing when there is more than one source.
  static std::optional<DataMovement> find(mlir::Value value);

  bool isConstant() const { return !source; }

  /// The source, then every tensor on the way that alone decides about the
  /// value.
  llvm::SmallVector<mlir::Value> getSources() const;

  /// The value, with the elements of `from` numbered from 1 in row-major order
  /// and zeros in all constants. Nothing when a constant is not zero, or when
  /// the tensors are too large.
  std::optional<ref::Tensor> runOnNumbers(mlir::Value from) const;

  /// The value itself, when it is constant.
  std::optional<ref::Tensor> runOnConstants() const;

  /// The shape that runOnNumbers() gives a tensor: two samples stand for a free
  /// batch.
  static llvm::SmallVector<int64_t> withSamples(llvm::ArrayRef<int64_t> shape);

private:
  explicit DataMovement(mlir::Value value) : value(value) {}

  std::optional<ref::Tensor> run(mlir::Value from) const;

  mlir::Value value, source;
  llvm::SmallVector<mlir::Operation *> ops; ///< in the order of the block
};

} // namespace shiftadd

#endif // SHIFTADD_PASSES_NORMALIZE_DATAMOVEMENT_H
