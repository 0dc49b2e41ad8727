//===- WeightView.h - Typed reading of constant data -*- C++ -*-===//
//
// Part of the shiftadd project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// One way to read a constant, whether it is dense, a splat or a resource blob,
// without copying (booleans, which MLIR packs into bits, excepted).
//
//===----------------------------------------------------------------------===//
#ifndef SHIFTADD_IR_WEIGHTVIEW_H
#define SHIFTADD_IR_WEIGHTVIEW_H

#include "mlir/IR/BuiltinAttributeInterfaces.h"
#include "mlir/IR/BuiltinTypes.h"
#include "llvm/ADT/ArrayRef.h"
#include "llvm/ADT/SmallVector.h"

#include <optional>
#include <vector>

namespace shiftadd {

/// Bytes that one element takes when stored (1 for booleans); 0 for types that
/// have no storage here.
unsigned getElementBytes(mlir::Type storageType);

class WeightView {
public:
  /// Nothing when the attribute's element type is not a plain integer or float,
  /// or when its blob is missing or has the wrong size.
  static std::optional<WeightView> get(mlir::ElementsAttr attribute);
  /// The same for data that stand for a tensor of `type`: packed codes are
  /// unpacked into elements of getStorageType().
  static std::optional<WeightView> get(mlir::ElementsAttr attribute,
                                       mlir::RankedTensorType type);
  /// The same for the result of a `shiftadd.constant`.
  static std::optional<WeightView> get(mlir::Value value);

  /// Type of the stored elements: a plain integer or float.
  mlir::Type getElementType() const { return elementType; }
  int64_t size() const { return count; }

  /// Element i as a real number, or as an integer of its signedness.
  double getDouble(int64_t i) const;
  int64_t getInteger(int64_t i) const;

  bool isSplat() const { return splat; }
  /// Whether the bytes live in this view, and not in the attribute.
  bool ownsBytes() const { return !owned.empty(); }
  /// Dense row-major bytes, splats spread out.
  llvm::SmallVector<char, 0> toBytes() const;
  /// The bytes themselves, when they are dense.
  std::optional<llvm::ArrayRef<char>> getDenseBytes() const;

private:
  const char *element(int64_t i) const {
    llvm::ArrayRef<char> bytes = owned.empty() ? raw : llvm::ArrayRef(owned);
    return bytes.data() + (splat ? 0 : i * width);
  }

  mlir::Type elementType;
  llvm::ArrayRef<char> raw;
  llvm::SmallVector<char, 0> owned;
  int64_t count = 0;
  unsigned width = 0;
  bool splat = false;
};

/// The integers that a constant's elements stand for: codes of powers of two
/// on the grid of their smallest exponent (N14), others as stored. Nothing when
/// `value` is no constant of integers.
std::optional<std::vector<int64_t>> readCodedIntegers(mlir::Value value);

} // namespace shiftadd

#endif // SHIFTADD_IR_WEIGHTVIEW_H
