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
  // A quantised result may differ in scale: codes say what they mean.
  if (!compares && result != types.front())
    return op->emitOpError("result has element type ")
           << result << " but the operands have " << types.front();
  return llvm::success();
}

} // namespace shiftadd

#define GET_OP_CLASSES
#include "dialects/ShiftAdd/IR/ShiftAddOps.cpp.inc"
