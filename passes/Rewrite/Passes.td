//===- Passes.td - Multiplications as shifts and additions -*- tablegen -*-===//
//
// Part of the shiftadd project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
#ifndef SHIFTADD_PASSES_REWRITE_PASSES_TD
#define SHIFTADD_PASSES_REWRITE_PASSES_TD

include "mlir/Pass/PassBase.td"

def DecomposeMulPass
    : Pass<"shiftadd-decompose-mul", "::mlir::func::FuncOp"> {
  let summary = "write constant weights and scales as sums of powers of two";
  let description = [{
    A constant integer filter of `conv` or `dense` becomes a tensor of
    `!shiftadd.pot` codes with the fewest terms, exponents and bits that hold
    every weight of the layer exactly (canonical signed digits: at most four
    terms for 8-bit weights), and the op its shift form (N43). A float filter
    does when every weight is such a sum. Multipliers of requantisations become
    codes in the same way, those of `requantize_add` are marked `shift_add`
    (N50). None of this changes a result.

    With `max-error` E a filter gets the fewest terms whose relative error
    stays within E: the root mean square of the change over that of the weights,
    the largest of all output channels. The zero point's constant in the bias
    follows the weights. A layer that `max-terms` terms cannot bring within E is
    an error.
  }];
  let options = [
    Option<"maxTerms", "max-terms", "unsigned", "0",
           "Most terms of a code; a layer that needs more keeps its "
           "multiplications (0: no limit, and 8 with max-error)">,
    Option<"maxError", "max-error", "double", "0",
           "Largest relative error of a channel's weights (0: exact)">,
    Option<"strict", "strict", "bool", "false",
           "A layer on codes that needs more than max-terms is an error">,
    Option<"perChannel", "per-channel", "bool", "false",
           "With max-error choose the number of terms per output channel">,
    Option<"weights", "weights", "bool", "true", "Decompose filters">,
    Option<"scales", "scales", "bool", "true",
           "Decompose the multipliers of requantisations">
  ];
  let statistics = [
    Statistic<"layers", "layers", "Layers whose weights became codes">,
    Statistic<"rescaled", "scales", "Requantisations by shifts and additions">
  ];
}

def VerifyMultiplierFreePass
    : Pass<"shiftadd-verify-multiplier-free", "::mlir::func::FuncOp"> {
  let summary = "list the multiplications that are left";
  let description = [{
    Names every op that multiplies or divides, with its layer and the reason
    (N108): two variable operands, floating point, a division by a sum known
    only at run time, constants that are not decomposed. The conversions
    between floats and codes at the network's inputs and outputs belong to the
    caller's format and are remarked upon only.
  }];
  let options = [
    Option<"fail", "fail", "bool", "true",
           "Whether a multiplication is an error, or only a remark">
  ];
}

def SimplifyArithmeticPass
    : Pass<"shiftadd-simplify-arithmetic", "::mlir::func::FuncOp"> {
  let summary = "remove and cheapen elementwise arithmetic with constants";
  let description = [{
    x + x and x * 2^k on integers become shifts, other integer multiplications
    by one constant the shifted sums of its canonical signed digits where at
    most `max-terms` are needed; x * -1 and 0 - x become negations, double
    negations vanish; a division of floats by a power of two becomes the exact
    multiplication by its inverse. Exact for every input, overflow, -0 and NaN
    included.
  }];
  let options = [
    Option<"maxTerms", "max-terms", "unsigned", "4",
           "Most signed digits of a constant that becomes shifts and additions">
  ];
  let statistics = [Statistic<"simplified", "simplified", "Ops replaced">];
}

def ExpandMinFormPass
    : Pass<"shiftadd-expand-min-form", "::mlir::func::FuncOp"> {
  let summary = "write adder layers with minima instead of distances";
  let description = [{
    -sum of |x - w| = 2 * sum of min(x, w) - sum of x - sum of w (N33): one
    minimum and one addition per tap, with the sum of x shared by all output
    channels and that of w constant. Written out with elementwise ops over the
    taps, padding an operand as everywhere (N26). Exact on integers and codes;
    floats are left alone unless `floats` is set, for they cancel.
  }];
  let options = [
    Option<"floats", "floats", "bool", "false",
           "Also rewrite adder layers on floats, which reassociates">
  ];
}

def GroupExponentsPass
    : Pass<"shiftadd-group-exponents", "::mlir::func::FuncOp"> {
  let summary = "shift once per exponent instead of once per weight";
  let description = [{
    sum of 2^P x = sum over P of 2^P * (sum of the x with that exponent) (N49):
    a shift layer on integers becomes one layer of signs per distinct exponent,
    each sum shifted once, and their sum. Exact.
  }];
}

def ShareAdditionsPass
    : Pass<"shiftadd-share-additions", "::mlir::func::FuncOp"> {
  let summary = "constant matrices and scales as adder graphs";
  let description = [{
    A dense layer on codes with a constant matrix of at most `max-size` rows and
    columns becomes an `adder_graph.graph`: the sums of two digits that occur
    most often are computed once, over and over, before each output adds up what
    is left of it. With `scales`, requantisations of at most `max-size` channels
    multiply by a graph too. Exact. A remark gives the number of additions with
    and without sharing.
  }];
  let options = [
    Option<"maxSize", "max-size", "unsigned", "64",
           "Most rows and columns of a matrix">,
    Option<"matrices", "matrices", "bool", "true", "Share in dense layers">,
    Option<"scales", "scales", "bool", "true",
           "Share in the multipliers of requantisations">
  ];
  let dependentDialects = ["::shiftadd::adder_graph::AdderGraphDialect"];
}

def LowerAdderGraphsPass
    : Pass<"shiftadd-lower-adder-graphs", "::mlir::func::FuncOp"> {
  let summary = "turn adder graphs back into layers";
  let description = [{
    The matrix that a graph multiplies by follows from its value on unit
    vectors; the graph becomes a `dense` layer with that matrix.
  }];
}

def ConvertNetworkPass
    : Pass<"shiftadd-convert-network", "::mlir::func::FuncOp"> {
  let summary = "replace convolutions by shift and adder layers";
  let description = [{
    The form of a network that would be trained as one without multiplications
    (N34 to N38): another function with the same shapes, for counts and as a
    start for training, never a translation of the trained weights.

    `shift` turns every convolution and dense layer into a shift layer with the
    nearest powers of two. `adder` turns all but the first and last layer into
    adder layers. `shiftaddnet` turns all into shift layers and puts an adder
    layer of kernel size 3 (or 1 behind kernels of size 1) and stride 1 behind
    all but the first and last; shapes stay.
  }];
  let options = [
    Option<"form", "form", "std::string", "\"\"",
           "shift, adder or shiftaddnet">
  ];
}

#endif // SHIFTADD_PASSES_REWRITE_PASSES_TD
