//===- Passes.td - Integers, and all that executes them -*- tablegen -*-===//
//
// Part of the shiftadd project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
#ifndef SHIFTADD_PASSES_QUANTIZE_PASSES_TD
#define SHIFTADD_PASSES_QUANTIZE_PASSES_TD

include "mlir/Pass/PassBase.td"

def MoveDequantizePass
    : Pass<"shiftadd-move-dequantize", "::mlir::func::FuncOp"> {
  let summary = "let data movement and pooling work on codes";
  let description = [{
    Moves `dequantize` behind transposes, reshapes, slices, max pooling and the
    like, and `quantize` in front of a clamp, until the two meet and vanish.
    Exact: these ops commute with a monotone map of the elements.
  }];
  let statistics = [Statistic<"moved", "moved", "Ops that work on codes">];
}

def IntegerLayersPass
    : Pass<"shiftadd-integer-layers", "::mlir::func::FuncOp"> {
  let summary = "turn dequantize, layer, quantize into an integer layer";
  let description = [{
    A convolution, dense layer, sum, or average between `dequantize` and
    `quantize` becomes an exact integer sum and one `requantize` (N43, N50). The
    accumulator is `i32` when the exact interval of the sum without bias fits
    (N45), else `i64`; the bias takes up the zero point's constant.
  }];
  let options = [
    Option<"multiplierBits", "multiplier-bits", "unsigned", "20",
           "Bits of the integer multipliers (1 to 20)">
  ];
  let statistics = [Statistic<"converted", "converted", "Layers converted">];
}

def ChooseArithmeticPass
    : Pass<"shiftadd-choose-arithmetic", "::mlir::func::FuncOp"> {
  let summary = "prove which arithmetic requantises exactly";
  let description = [{
    Sets `arithmetic` on every `requantize` from the exact interval of its
    accumulator and bias: `int32` when every |acc + bias| * multiplier stays
    below 2^31, `double` when it stays below 2^53, else `int64`. Fails when the
    product could exceed 63 bits (N52).
  }];
}

#endif // SHIFTADD_PASSES_QUANTIZE_PASSES_TD
