//===- ShiftAddDialect.td - The shiftadd dialect -*- tablegen -*-===//
//
// Part of the shiftadd project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
#ifndef SHIFTADD_IR_SHIFTADDDIALECT_TD
#define SHIFTADD_IR_SHIFTADDDIALECT_TD

include "mlir/IR/DialectBase.td"

def ShiftAdd_Dialect : Dialect {
  let name = "shiftadd";
  let cppNamespace = "::shiftadd";
  let summary = "Neural networks as shifts and additions";
  let description = [{
    Tensor ops of neural networks, from what an ONNX file says to what a kernel
    computes. There is one layout: spatial ops are channels-last,
    `[N, spatial..., C]` with filters `[O, kernel..., C / groups]`.

    Stored tensors say what their integers mean in the element type
    (`!quant.uniform`, `!shiftadd.pot`); accumulators are plain `i32` or `i64`
    tensors, and `requantize` alone carries multiplier, shift, zero point and
    rounding. Booleans are `i1`; signed integers are signless `iN`, unsigned
    ones `uiN`.

    Only the first dimension of a tensor may be dynamic: the free batch.
  }];
  let useDefaultTypePrinterParser = 1;
  let useDefaultAttributePrinterParser = 1;
  let dependentDialects = [
    "::mlir::func::FuncDialect", "::mlir::quant::QuantDialect"
  ];
  let hasConstantMaterializer = 1;
}

#endif // SHIFTADD_IR_SHIFTADDDIALECT_TD
