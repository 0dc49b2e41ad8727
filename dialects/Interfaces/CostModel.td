//===- CostModel.td - Operation counts -*- tablegen -*-===//
//
// Part of the shiftadd project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Counts of scalar operations by kind and width. Prices (energy, area, cycles)
// live in tables elsewhere: one count serves every target (E7).
//
//===----------------------------------------------------------------------===//
#ifndef SHIFTADD_INTERFACES_COSTMODEL_TD
#define SHIFTADD_INTERFACES_COSTMODEL_TD

include "mlir/IR/OpBase.td"

def CostModelOpInterface : OpInterface<"CostModelOpInterface"> {
  let cppNamespace = "::shiftadd";
  let description = [{
    Counts what one execution costs, per sample when the batch is free. Costs
    that depend on constants (the non-zero terms of power-of-two weights) read
    them through `source`; operands that are no constants count as if every
    element had all its terms.
  }];
  let methods = [
    InterfaceMethod<"Scalar operations of one execution.",
                    "::shiftadd::OperationCounts", "getOperationCounts",
                    (ins "::shiftadd::ValueSource":$source)>
  ];
}

#endif // SHIFTADD_INTERFACES_COSTMODEL_TD
