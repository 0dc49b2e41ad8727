//===- Dialect.cpp - The shiftadd dialect -*- C++ -*-===//
//
// Part of the shiftadd project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
#include "dialects/ShiftAdd/IR/ShiftAdd.h"

#include "mlir/IR/Builders.h"
#include "mlir/IR/DialectImplementation.h"
#include "llvm/ADT/TypeSwitch.h"

#include "dialects/ShiftAdd/IR/ShiftAddDialect.cpp.inc"

#include "dialects/ShiftAdd/IR/ShiftAddEnums.cpp.inc"

#define GET_TYPEDEF_CLASSES
#include "dialects/ShiftAdd/IR/ShiftAddTypes.cpp.inc"

#define GET_ATTRDEF_CLASSES
#include "dialects/ShiftAdd/IR/ShiftAddAttributes.cpp.inc"

namespace shiftadd {

void ShiftAddDialect::initialize() {
  addTypes<
#define GET_TYPEDEF_LIST
#include "dialects/ShiftAdd/IR/ShiftAddTypes.cpp.inc"
      >();
  addAttributes<
#define GET_ATTRDEF_LIST
#include "dialects/ShiftAdd/IR/ShiftAddAttributes.cpp.inc"
      >();
  addOperations<
#define GET_OP_LIST
#include "dialects/ShiftAdd/IR/ShiftAddOps.cpp.inc"
      >();
}

mlir::Operation *ShiftAddDialect::materializeConstant(mlir::OpBuilder &builder,
                                                      mlir::Attribute value,
                                                      mlir::Type type,
                                                      mlir::Location location) {
  auto elements = llvm::dyn_cast<mlir::ElementsAttr>(value);
  auto tensor = llvm::dyn_cast<mlir::RankedTensorType>(type);
  if (!elements || !tensor || !tensor.hasStaticShape() ||
      getStoredType(tensor) != elements.getShapedType())
    return nullptr;
  return ConstantOp::create(builder, location, type, elements);
}

} // namespace shiftadd
