//===- Ops.cpp - Generated parts of the ops, shared checks -*- C++ -*-===//
//
// Part of the shiftadd project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
#include "dialects/ShiftAdd/IR/ShiftAdd.h"

#include "mlir/IR/Builders.h"

namespace shiftadd {

/// Moving elements may move the dimension that the scales belong to.
static bool areEqualUpToAxis(mlir::Type a, mlir::Type b) {
  using PerAxis = mlir::quant::UniformQuantizedPerAxisType;
  auto x = llvm::dyn_cast<PerAxis>(a), y = llvm::dyn_cast<PerAxis>(b);
  if (!x || !y)
    return a == b;
  return x.getStorageType() == y.getStorageType() &&
         x.isSigned() == y.isSigned() && x.getScales() == y.getScales() &&
         x.getZeroPoints() == y.getZeroPoints() &&
         x.getStorageTypeMin() == y.getStorageTypeMin() &&
         x.getStorageTypeMax() == y.getStorageTypeMax();
}

llvm::LogicalResult detail::verifyElementTypes(mlir::Operation *op,
                                               bool compares) {
  llvm::SmallVector<mlir::Type> types;
  for (mlir::Value operand : op->getOperands())
    types.push_back(mlir::getElementTypeOrSelf(operand));
  if (!llvm::all_equal(types))
    return op->emitOpError("needs operands of one element type");
  mlir::Type result = mlir::getElementTypeOrSelf(op->getResult(0));
  if (compares && !result.isInteger(1))
    return op->emitOpError("gives booleans (i1), not ") << result;
  if (!compares && !areEqualUpToAxis(result, types.front()))
    return op->emitOpError("result has element type ")
           << result << " but the operands have " << types.front();
  return llvm::success();
}

} // namespace shiftadd

#define GET_OP_CLASSES
#include "dialects/ShiftAdd/IR/ShiftAddOps.cpp.inc"
