//===- Types.cpp - Code types and memory layouts -*- C++ -*-===//
//
// Part of the shiftadd project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
#include "dialects/ShiftAdd/IR/ShiftAdd.h"
#include "dialects/Support/PackedCodes.h"

#include "llvm/Support/MathExtras.h"

namespace shiftadd {

num::PowerOfTwoFormat getFormat(PowerOfTwoType type) {
  return {type.getBits(), type.getTerms(), type.getMinExponent(),
          type.getMaxExponent(), type.getZero()};
}

llvm::LogicalResult
PowerOfTwoType::verify(llvm::function_ref<mlir::InFlightDiagnostic()> emitError,
                       unsigned bits, unsigned terms, int minExponent,
                       int maxExponent, bool zero) {
  std::string reason =
      num::PowerOfTwoFormat{bits, terms, minExponent, maxExponent, zero}
          .check();
  if (!reason.empty())
    return emitError() << reason;
  return llvm::success();
}

llvm::LogicalResult
LayoutAttr::verify(llvm::function_ref<mlir::InFlightDiagnostic()> emitError,
                   mlir::DenseI64ArrayAttr low, mlir::DenseI64ArrayAttr high) {
  if (low.size() != high.size())
    return emitError() << "a layout has as many high as low amounts";
  auto negative = [](int64_t amount) { return amount < 0; };
  if (llvm::any_of(low.asArrayRef(), negative) ||
      llvm::any_of(high.asArrayRef(), negative))
    return emitError() << "a layout's halo cannot be negative";
  return llvm::success();
}

mlir::Type getStorageType(mlir::Type elementType) {
  mlir::MLIRContext *context = elementType.getContext();
  // In flight a code of an odd width takes the next power of two.
  auto wholeBytes = [](unsigned bits) {
    return std::max(8u, unsigned(llvm::PowerOf2Ceil(bits)));
  };
  if (auto quantized = llvm::dyn_cast<mlir::quant::QuantizedType>(elementType))
    return mlir::IntegerType::get(
        context, wholeBytes(quantized.getStorageTypeIntegralWidth()),
        quantized.isSigned() ? mlir::IntegerType::Signless
                             : mlir::IntegerType::Unsigned);
  if (auto code = llvm::dyn_cast<PowerOfTwoType>(elementType))
    return mlir::IntegerType::get(context, wholeBytes(code.getBits()),
                                  mlir::IntegerType::Unsigned);
  return elementType;
}

unsigned getPackedBits(mlir::Type elementType) {
  unsigned bits = 0;
  if (auto quantized = llvm::dyn_cast<mlir::quant::QuantizedType>(elementType))
    bits = quantized.getStorageTypeIntegralWidth();
  else if (auto code = llvm::dyn_cast<PowerOfTwoType>(elementType))
    bits = code.getBits();
  return bits % 8 == 0 && llvm::isPowerOf2_32(bits) ? 0 : bits;
}

mlir::RankedTensorType getStoredType(mlir::RankedTensorType type) {
  mlir::Type element = type.getElementType();
  unsigned bits = getPackedBits(element);
  if (!bits || type.getRank() == 0)
    return type.clone(getStorageType(element));
  llvm::SmallVector<int64_t> shape(type.getShape());
  shape.back() = num::packedRowBytes(shape.back(), bits);
  return mlir::RankedTensorType::get(
      shape, mlir::IntegerType::get(type.getContext(), 8,
                                    mlir::IntegerType::Unsigned));
}

int64_t getZeroPoint(mlir::Type elementType) {
  if (auto uniform =
          llvm::dyn_cast<mlir::quant::UniformQuantizedType>(elementType))
    return uniform.getZeroPoint();
  return 0;
}

} // namespace shiftadd
