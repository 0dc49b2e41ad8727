//===- ShiftAdd.h - The shiftadd dialect -*- C++ -*-===//
//
// Part of the shiftadd project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Everything a user of the dialect includes: types, attributes, interfaces,
// ops.
//
//===----------------------------------------------------------------------===//
#ifndef SHIFTADD_IR_SHIFTADD_H
#define SHIFTADD_IR_SHIFTADD_H

#include "dialects/Interfaces/Interfaces.h"
#include "dialects/Support/PowerOfTwoFormat.h"

#include "mlir/Bytecode/BytecodeOpInterface.h"
#include "mlir/Dialect/Func/IR/FuncOps.h"
#include "mlir/Dialect/Quant/IR/Quant.h"
#include "mlir/Dialect/Quant/IR/QuantTypes.h"
#include "mlir/IR/BuiltinTypes.h"
#include "mlir/IR/Dialect.h"
#include "mlir/IR/OpImplementation.h"
#include "mlir/IR/PatternMatch.h"
#include "mlir/IR/SymbolTable.h"
#include "mlir/Interfaces/SideEffectInterfaces.h"

#include "dialects/ShiftAdd/IR/ShiftAddDialect.h.inc"

#include "dialects/ShiftAdd/IR/ShiftAddEnums.h.inc"

#define GET_TYPEDEF_CLASSES
#include "dialects/ShiftAdd/IR/ShiftAddTypes.h.inc"

#define GET_ATTRDEF_CLASSES
#include "dialects/ShiftAdd/IR/ShiftAddAttributes.h.inc"

namespace shiftadd {

/// Module attribute that names the stage a module has reached.
inline constexpr llvm::StringLiteral kStageAttribute = "shiftadd.stage";
/// Argument and result attribute: the ONNX tensor's name.
inline constexpr llvm::StringLiteral kNameAttribute = "shiftadd.name";
/// Argument attribute: the one value that the argument may take.
inline constexpr llvm::StringLiteral kRequiredValueAttribute =
    "shiftadd.required_value";

/// The power-of-two format that a code type names.
num::PowerOfTwoFormat getFormat(PowerOfTwoType type);

/// The integer type that holds one element: itself for builtin types, the
/// storage integer (`ui8`, `i8`...) of a quantised or coded type. Codes of odd
/// widths take the next power of two of at least 8 bits.
mlir::Type getStorageType(mlir::Type elementType);

/// The width of a code that constants pack; 0 for types of 8, 16, 32 or 64
/// bits, which lie in memory as they are.
unsigned getPackedBits(mlir::Type elementType);

/// The type of a constant's stored data: elements of getStorageType(), or for
/// packed codes bytes, with the last dimension that of num::packedRowBytes().
mlir::RankedTensorType getStoredType(mlir::RankedTensorType type);

/// The zero point of a per-tensor quantised type, 0 for plain types.
int64_t getZeroPoint(mlir::Type elementType);

inline mlir::RankedTensorType tensorType(mlir::Value value) {
  return llvm::cast<mlir::RankedTensorType>(value.getType());
}

/// Element by element, with numpy broadcasting between the operands.
template <typename ConcreteType>
class BroadcastsElements
    : public mlir::OpTrait::TraitBase<ConcreteType, BroadcastsElements> {};

/// Operands and result have one element type.
template <typename ConcreteType>
class SameElementType
    : public mlir::OpTrait::TraitBase<ConcreteType, SameElementType> {
public:
  static llvm::LogicalResult verifyTrait(mlir::Operation *op);
};

/// The operands have one element type, the result is `i1`.
template <typename ConcreteType>
class ComparesElements
    : public mlir::OpTrait::TraitBase<ConcreteType, ComparesElements> {
public:
  static llvm::LogicalResult verifyTrait(mlir::Operation *op);
};

namespace detail {
llvm::LogicalResult verifyElementTypes(mlir::Operation *op, bool compares);
} // namespace detail

template <typename ConcreteType>
llvm::LogicalResult
SameElementType<ConcreteType>::verifyTrait(mlir::Operation *op) {
  return detail::verifyElementTypes(op, /*compares=*/false);
}
template <typename ConcreteType>
llvm::LogicalResult
ComparesElements<ConcreteType>::verifyTrait(mlir::Operation *op) {
  return detail::verifyElementTypes(op, /*compares=*/true);
}

} // namespace shiftadd

#define GET_OP_CLASSES
#include "dialects/ShiftAdd/IR/ShiftAddOps.h.inc"

#endif // SHIFTADD_IR_SHIFTADD_H
