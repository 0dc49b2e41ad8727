//===- Passes.td - One way to say each thing -*- tablegen -*-===//
//
// Part of the shiftadd project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
#ifndef SHIFTADD_PASSES_NORMALIZE_PASSES_TD
#define SHIFTADD_PASSES_NORMALIZE_PASSES_TD

include "mlir/Pass/PassBase.td"

def FoldConstantsPass : Pass<"shiftadd-fold-constants", "::mlir::func::FuncOp"> {
  let summary = "evaluate ops whose operands are all constant";
  let description = [{
    Runs the reference interpreter on every op whose operands are constants and
    puts the result in its place. Before the quantize stage dequantized weights
    are kept as they are, because that stage reads their codes.
  }];
  let options = [
    Option<"foldDequantize", "fold-dequantize", "bool", "false",
           "Also evaluate dequantize ops">
  ];
  let statistics = [Statistic<"folded", "folded", "Ops evaluated">];
}

def FoldBatchNormPass : Pass<"shiftadd-fold-batch-norm", "::mlir::func::FuncOp"> {
  let summary = "fold batch normalisation into the layer before it";
  let description = [{
    A `batch_norm` behind a `conv` or `dense` with constant weights and one use
    becomes part of weights and bias (N54). Behind anything else, an adder layer
    above all (N53), it becomes one multiplication and one addition per channel.
    Reassociates floats.
  }];
  let statistics = [Statistic<"folded", "folded", "Normalisations folded">];
}

def FusePaddingPass : Pass<"shiftadd-fuse-padding", "::mlir::func::FuncOp"> {
  let summary = "move zero padding into the layer behind it";
  let description = [{
    A `pad` with constant 0 on spatial dimensions in front of a convolution,
    shift or adder layer becomes part of the layer's padding. Padding at the end
    of a dimension that no window reads, as strides leave it, goes.
  }];
  let statistics = [Statistic<"fused", "fused", "Paddings fused">,
                    Statistic<"trimmed", "trimmed", "Paddings shortened">];
}

def MoveTransposesPass : Pass<"shiftadd-move-transposes", "::mlir::func::FuncOp"> {
  let summary = "move transposes toward the results and cancel them";
  let description = [{
    Moves each transpose behind the elementwise, concat, split, pad and reduce
    ops that use it until it meets its inverse. Constant operands are transposed
    instead, and a flatten in front of a dense layer permutes the columns of the
    constant weights. What is left stands at the borders of the network.
  }];
  let statistics = [Statistic<"moved", "moved", "Ops passed by a transpose">];
}

def RecognizeAdderLayersPass
    : Pass<"shiftadd-recognize-adder-layers", "::mlir::func::FuncOp"> {
  let summary = "find adder layers written as im2col, Sub, Abs, ReduceSum, Neg";
  let description = [{
    Frameworks export an L1 layer as data movement that gathers the windows,
    a subtraction of the weights, an absolute value, a sum and a negation
    (N111). Which input element each window element comes from is found by
    running the data movement on element numbers; when that is the access
    pattern of a convolution, the ops become one `adder_conv`. Reassociates
    floats.
  }];
  let statistics = [Statistic<"found", "found", "Adder layers found">];
}

def RecognizeShiftLayersPass
    : Pass<"shiftadd-recognize-shift-layers", "::mlir::func::FuncOp"> {
  let summary = "find layers whose weights are powers of two";
  let description = [{
    A convolution or dense layer whose constant `f32` weights all are 0 or a
    signed power of two becomes a shift layer with codes of one byte (N7, N14).
    The codes hold the weights exactly.
  }];
  let statistics = [Statistic<"found", "found", "Shift layers found">];
}

def SimplifyReshapesPass
    : Pass<"shiftadd-simplify-reshapes", "::mlir::func::FuncOp"> {
  let summary = "write transposes of unit dimensions as reshapes";
  let description = [{
    A transpose that keeps the order of all dimensions larger than 1 does not
    move an element in memory: it becomes a `reshape`.
  }];
}

#endif // SHIFTADD_PASSES_NORMALIZE_PASSES_TD
