//===- Build.h - Building ops whose shapes are inferred -*- C++ -*-===//
//
// Part of the shiftadd project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Ops know their result shapes and callers know the element types: this builds
// an op from both, so that no caller computes a shape.
//
//===----------------------------------------------------------------------===//
#ifndef SHIFTADD_IR_BUILD_H
#define SHIFTADD_IR_BUILD_H

#include "dialects/ShiftAdd/IR/ShiftAdd.h"

namespace shiftadd {

namespace detail {
/// Sets the inferred shapes on `op`; erases it after an error.
mlir::Operation *refineOrErase(mlir::Operation *op);
} // namespace detail

/// Builds an op with one result of the given element type; `arguments` are the
/// operands and attributes in the order of the op's definition. Returns a null
/// op after emitting an error when the operands do not fit together.
template <typename OpTy, typename... Args>
OpTy buildInferred(mlir::OpBuilder &builder, mlir::Location location,
                   mlir::Type elementType, Args &&...arguments) {
  auto type = mlir::RankedTensorType::get({}, elementType);
  OpTy op = OpTy::create(builder, location, mlir::TypeRange{type},
                         std::forward<Args>(arguments)...);
  return llvm::cast_if_present<OpTy>(detail::refineOrErase(op));
}

/// The same for ops with two results.
template <typename OpTy, typename... Args>
OpTy buildInferredPair(mlir::OpBuilder &builder, mlir::Location location,
                       mlir::Type first, mlir::Type second,
                       Args &&...arguments) {
  mlir::Type types[] = {mlir::RankedTensorType::get({}, first),
                        mlir::RankedTensorType::get({}, second)};
  OpTy op = OpTy::create(builder, location, mlir::TypeRange(types),
                         std::forward<Args>(arguments)...);
  return llvm::cast_if_present<OpTy>(detail::refineOrErase(op));
}

/// The attribute for constant data: dense below 1 KiB and for booleans, a
/// resource blob above. `bytes` is row-major, little-endian, one byte per
/// boolean; `type` is a tensor of plain integers or floats.
mlir::ElementsAttr makeElements(mlir::RankedTensorType type,
                                llvm::ArrayRef<char> bytes,
                                llvm::StringRef name = "constant");

/// The attribute for elements of getStorageType(type.getElementType()), packed
/// where getStoredType() says so.
mlir::ElementsAttr makeStoredElements(mlir::RankedTensorType type,
                                      llvm::ArrayRef<char> bytes,
                                      llvm::StringRef name = "constant");

/// A `shiftadd.constant` of plain or coded element type: `bytes` holds elements
/// of getStorageType(type.getElementType()).
ConstantOp makeConstant(mlir::OpBuilder &builder, mlir::Location location,
                        mlir::RankedTensorType type, llvm::ArrayRef<char> bytes,
                        llvm::StringRef name = "constant");

/// Typed shorthands.
ConstantOp makeConstant(mlir::OpBuilder &builder, mlir::Location location,
                        llvm::ArrayRef<int64_t> shape,
                        llvm::ArrayRef<float> values);
ConstantOp makeConstant(mlir::OpBuilder &builder, mlir::Location location,
                        llvm::ArrayRef<int64_t> shape,
                        llvm::ArrayRef<int32_t> values);
ConstantOp makeConstant(mlir::OpBuilder &builder, mlir::Location location,
                        llvm::ArrayRef<int64_t> shape,
                        llvm::ArrayRef<int64_t> values);

} // namespace shiftadd

#endif // SHIFTADD_IR_BUILD_H
