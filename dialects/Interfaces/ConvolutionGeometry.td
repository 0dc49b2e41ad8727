//===- ConvolutionGeometry.td - Strides, padding, dilation, groups -*- tablegen -*-===//
//
// Part of the shiftadd project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// What all sliding-window ops with a filter share, so that padding fusion, halo
// planning, cost and code generation are written once for convolutions, shift
// and adder layers.
//
//===----------------------------------------------------------------------===//
#ifndef SHIFTADD_INTERFACES_CONVOLUTIONGEOMETRY_TD
#define SHIFTADD_INTERFACES_CONVOLUTIONGEOMETRY_TD

include "mlir/IR/OpBase.td"

def ConvolutionGeometryOpInterface
    : OpInterface<"ConvolutionGeometryOpInterface"> {
  let cppNamespace = "::shiftadd";
  let description = [{
    A channels-last op `[N, spatial..., C] x [O, kernel..., C / groups]`.
    `padding` holds a (low, high) pair per spatial dimension.
  }];
  let methods = [
    InterfaceMethod<"The activations.", "::mlir::Value", "getInput">,
    InterfaceMethod<"The weights.", "::mlir::Value", "getFilter">,
    InterfaceMethod<"One stride per spatial dimension.",
                    "::llvm::ArrayRef<int64_t>", "getStrides">,
    InterfaceMethod<"(low, high) per spatial dimension.",
                    "::llvm::ArrayRef<int64_t>", "getPadding">,
    InterfaceMethod<"One dilation per spatial dimension.",
                    "::llvm::ArrayRef<int64_t>", "getDilations">,
    InterfaceMethod<"Number of groups.", "int64_t", "getGroups">
  ];
}

#endif // SHIFTADD_INTERFACES_CONVOLUTIONGEOMETRY_TD
