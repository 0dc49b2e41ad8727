//===- Interfaces.h - Interfaces of the dialect's ops -*- C++ -*-===//
//
// Part of the shiftadd project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
#ifndef SHIFTADD_INTERFACES_INTERFACES_H
#define SHIFTADD_INTERFACES_INTERFACES_H

#include "mlir/IR/OpDefinition.h"
#include "llvm/ADT/ArrayRef.h"
#include "llvm/ADT/STLFunctionalExtras.h"
#include "llvm/ADT/SmallVector.h"

#include <cstdint>

namespace shiftadd {

/// What a scalar operation does. `Function` is a transcendental function
/// (exp, tanh, ...), `Lookup` one read of a table.
enum class OperationKind {
  Multiply,
  Add,
  Shift,
  Compare,
  Divide,
  Lookup,
  Function
};
inline constexpr unsigned kOperationKinds = 7;

/// The numbers that an operation works on: integers (fixed point) or floats of
/// a width. It is the format of the operands: a multiply-accumulate of 8-bit
/// codes is an 8-bit multiplication and an 8-bit addition, as published tables
/// of energy per operation count it (E7).
struct NumberFormat {
  bool isFloat = false;
  unsigned bits = 0;

  friend bool operator==(NumberFormat lhs, NumberFormat rhs) {
    return lhs.isFloat == rhs.isFloat && lhs.bits == rhs.bits;
  }
};

/// Scalar operations of one execution of an op, by kind and format. A
/// multiply-accumulate counts one multiplication and one addition.
class OperationCounts {
public:
  struct Entry {
    OperationKind kind;
    NumberFormat format;
    int64_t count;
  };

  void add(OperationKind kind, NumberFormat format, int64_t count);
  OperationCounts &operator+=(const OperationCounts &other);

  /// Without zeros, in order of kind, floats first, and width.
  llvm::ArrayRef<Entry> getEntries() const { return entries; }
  int64_t getTotal(OperationKind kind) const;
  /// All operations, of whatever kind.
  int64_t getTotal() const;

private:
  llvm::SmallVector<Entry, 4> entries;
};

/// Finds what a block argument of a layer or kernel stands for outside of it,
/// so that costs which depend on the weights can read them; returns any other
/// value as it is.
using ValueSource = llvm::function_ref<mlir::Value(mlir::Value)>;

namespace detail {
/// Compares the op's result shapes with the inferred ones; a dynamic dimension
/// agrees with anything.
llvm::LogicalResult verifyInferredShapes(mlir::Operation *op);
} // namespace detail

} // namespace shiftadd

#include "dialects/Interfaces/ConvolutionGeometry.h.inc"
#include "dialects/Interfaces/CostModel.h.inc"
#include "dialects/Interfaces/ShapeInference.h.inc"

#endif // SHIFTADD_INTERFACES_INTERFACES_H
