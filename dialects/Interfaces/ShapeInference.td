//===- ShapeInference.td - Result shapes from operands and attributes -*- tablegen -*-===//
//
// Part of the shiftadd project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Every tensor op computes the shapes of its results from its operands and
// attributes in one place. The importer builds ops through it, the verifier
// compares with it and the shape inference pass refines types with it. Element
// types are not inferred: on quantised tensors they carry meaning of their own.
//
//===----------------------------------------------------------------------===//
#ifndef SHIFTADD_INTERFACES_SHAPEINFERENCE_TD
#define SHIFTADD_INTERFACES_SHAPEINFERENCE_TD

include "mlir/IR/OpBase.td"

def ShapeInferenceOpInterface : OpInterface<"ShapeInferenceOpInterface"> {
  let cppNamespace = "::shiftadd";
  let description = [{
    Computes the result shapes of an op. Dimensions may be
    `mlir::ShapedType::kDynamic` (only the leading, batch, dimension in
    practice).
  }];
  let methods = [
    InterfaceMethod<[{
      Appends one shape per result. Emits an error on the op and fails when the
      operands do not fit together.
    }], "::llvm::LogicalResult", "inferResultShapes",
    (ins "::llvm::SmallVectorImpl<::llvm::SmallVector<int64_t>> &":$shapes)>
  ];
  let verify = [{
    return ::shiftadd::detail::verifyInferredShapes($_op);
  }];
}

#endif // SHIFTADD_INTERFACES_SHAPEINFERENCE_TD
