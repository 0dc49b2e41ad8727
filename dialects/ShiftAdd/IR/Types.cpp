//===- Types.cpp - Code types and memory layouts -*- C++ -*-===//
//
// Part of the shiftadd project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
#include "dialects/ShiftAdd/IR/ShiftAdd.h"

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
  if (auto quantized = llvm::dyn_cast<mlir::quant::QuantizedType>(elementType))
    return mlir::IntegerType::get(
        context, quantized.getStorageTypeIntegralWidth(),
        quantized.isSigned() ? mlir::IntegerType::Signless
                             : mlir::IntegerType::Unsigned);
  if (auto code = llvm::dyn_cast<PowerOfTwoType>(elementType)) {
    // Codes are read as bytes; a code of an odd width takes the next power
    // of 2.
    unsigned width = code.getBits() <= 8 ? 8 : code.getBits() <= 16 ? 16 : 32;
    return mlir::IntegerType::get(context, width, mlir::IntegerType::Unsigned);
  }
  return elementType;
}

int64_t getZeroPoint(mlir::Type elementType) {
  if (auto uniform =
          llvm::dyn_cast<mlir::quant::UniformQuantizedType>(elementType))
    return uniform.getZeroPoint();
  return 0;
}

} // namespace shiftadd
