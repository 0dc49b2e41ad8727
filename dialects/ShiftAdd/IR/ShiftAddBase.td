//===- ShiftAddBase.td - Base classes of the ops -*- tablegen -*-===//
//
// Part of the shiftadd project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
#ifndef SHIFTADD_IR_SHIFTADDBASE_TD
#define SHIFTADD_IR_SHIFTADDBASE_TD

include "dialects/Interfaces/ConvolutionGeometry.td"
include "dialects/Interfaces/CostModel.td"
include "dialects/Interfaces/ShapeInference.td"
include "dialects/ShiftAdd/IR/ShiftAddTypes.td"
include "mlir/IR/OpBase.td"
include "mlir/Interfaces/SideEffectInterfaces.td"

// Element by element, with numpy broadcasting between the operands.
def BroadcastsElements : NativeOpTrait<"BroadcastsElements"> {
  let cppNamespace = "::shiftadd";
}
// Operands and result have one element type.
def SameElementType : NativeOpTrait<"SameElementType"> {
  let cppNamespace = "::shiftadd";
}
// The operands have one element type, the result is i1.
def ComparesElements : NativeOpTrait<"ComparesElements"> {
  let cppNamespace = "::shiftadd";
}

// A tensor op: no effects, shapes inferred, scalar operations counted.
class ShiftAdd_Op<string mnemonic, list<Trait> traits = []>
    : Op<ShiftAdd_Dialect, mnemonic, traits>;

class ShiftAdd_TensorOp<string mnemonic, list<Trait> traits = []>
    : ShiftAdd_Op<mnemonic, !listconcat([
        Pure,
        DeclareOpInterfaceMethods<ShapeInferenceOpInterface>,
        DeclareOpInterfaceMethods<CostModelOpInterface>], traits)>;

#endif // SHIFTADD_IR_SHIFTADDBASE_TD
