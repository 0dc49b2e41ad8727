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
  let summary = "turn float ops between codes into integer ops";
  let description = [{
    Layers with constant weights (codes, or powers of two in shift layers),
    adder layers whose weights share the input's scale (N31), averages and
    matrix products between `dequantize` and `quantize` become an exact integer
    sum and one `requantize` (N43, N44, N50, N56), which also takes up a scale
    and offset per channel behind the layer (N53); an addition of codes behind
    it makes that a `requantize_residual` (N117). Sums, differences and products
    of codes, changes of scale, softmax and any elementwise function of one
    8-bit code get integer forms of their own (N36, N118, N119, N120).

    The accumulator is `i32` when the exact interval of the sum without bias
    fits (N45), else `i64`; the bias takes up the zero point's constant. What
    has no integer form stays float between `dequantize` and `quantize`.
  }];
  let options = [
    Option<"multiplierBits", "multiplier-bits", "unsigned", "20",
           "Bits of the integer multipliers (1 to 20)">,
    Option<"narrowProducts", "narrow-products", "bool", "false",
           "Choose each channel's multiplier so that its products stay below "
           "2^30 where at least 11 bits remain for it">,
    Option<"shifts", "shifts", "bool", "false",
           "Scale by a shift alone where the factor is a power of two, and by "
           "multipliers of few signed digits elsewhere">,
    Option<"halfUp", "half-up", "bool", "false",
           "Round halves up, not to even">,
    Option<"outputs", "outputs", "bool", "true",
           "Convert layers whose result stays real, too">
  ];
  let statistics = [Statistic<"converted", "converted", "Layers converted">];
}

def EqualizeLayersPass
    : Pass<"shiftadd-equalize-layers", "::mlir::func::FuncOp"> {
  let summary = "give the channels between two layers like magnitudes";
  let description = [{
    Where nothing but ReLU and pools lies between two convolutions or dense
    layers, a channel may be divided by any positive number in the first and
    multiplied by it in the second (Q16). It is the root of r1 / r2, the largest
    weights that give and that read the channel, rounded to a power of two: no
    result changes by a bit. Chains of layers are scaled until nothing moves.

    Bounds other than 0 would have to differ from channel to channel, so
    activations such as ReLU6 end a chain, as do values with more than one
    reader, all other ops, and channels without weights on one side.
  }];
  let statistics = [
    Statistic<"factors", "factors", "Factors other than 1, over all rounds">
  ];
}

def ChooseArithmeticPass
    : Pass<"shiftadd-choose-arithmetic", "::mlir::func::FuncOp"> {
  let summary = "prove which arithmetic requantises exactly";
  let description = [{
    Sets `arithmetic` on every `requantize` and `requantize_residual` from the
    exact interval of its accumulator, bias and residual: `int32` when the
    magnitudes of all products and their sum stay below 2^30, `double` when they
    stay below 2^52, else `int64`. Fails when a product could exceed 63 bits, or
    a sum of codes its accumulator (N52).
  }];
}

def PrintRangesPass
    : Pass<"shiftadd-print-ranges", "::mlir::func::FuncOp"> {
  let summary = "state what every accumulator can reach";
  let description = [{
    A remark at every requantisation: the exact interval of the sum (N45), the
    bits that it needs, those that it has, the largest product and the
    arithmetic that holds it. This is the proof that nothing overflows.
  }];
}

def RequireIntegerPass
    : Pass<"shiftadd-require-integer", "::mlir::func::FuncOp"> {
  let summary = "refuse a network that computes in floating point";
  let description = [{
    One error names every op with its layer that computes on floats between the
    network's inputs and outputs. `quantize` of inputs, `dequantize` of outputs
    and movement of elements are no computation.
  }];
}

#endif // SHIFTADD_PASSES_QUANTIZE_PASSES_TD
