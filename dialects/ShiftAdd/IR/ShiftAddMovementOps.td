//===- ShiftAddMovementOps.td - Moving elements without computing -*- tablegen -*-===//
//
// Part of the shiftadd project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
#ifndef SHIFTADD_IR_SHIFTADDMOVEMENTOPS_TD
#define SHIFTADD_IR_SHIFTADDMOVEMENTOPS_TD

include "dialects/ShiftAdd/IR/ShiftAddBase.td"

def ShiftAdd_TransposeOp : ShiftAdd_TensorOp<"transpose", [SameElementType]> {
  let summary = "result dimension d is input dimension permutation[d]";
  let description = [{
    `permutation` is a permutation of all dimensions.
  }];
  let arguments = (ins AnyRankedTensor:$input, DenseI64ArrayAttr:$permutation);
  let results = (outs AnyRankedTensor:$result);
  let assemblyFormat = "$input $permutation attr-dict `:` functional-type(operands, results)";
  let hasFolder = 1;
  let hasCanonicalizer = 1;
}

def ShiftAdd_ReshapeOp : ShiftAdd_TensorOp<"reshape", [SameElementType]> {
  let summary = "the same elements in row-major order under another shape";
  let description = [{
    `shape` is the result shape; a leading -1 stands for the free batch and then
    every sample is reshaped by itself.
  }];
  let arguments = (ins AnyRankedTensor:$input, DenseI64ArrayAttr:$shape);
  let results = (outs AnyRankedTensor:$result);
  let assemblyFormat = "$input $shape attr-dict `:` functional-type(operands, results)";
  let hasFolder = 1;
}

def ShiftAdd_PadOp : ShiftAdd_TensorOp<"pad", [SameElementType]> {
  let summary = "adds elements at the borders";
  let description = [{
    `low[d]` elements before and `high[d]` behind dimension d; negative amounts
    remove elements. Mode `constant` adds `value` (a real value, also on a
    quantised tensor); `reflect` mirrors without repeating the border, `edge`
    repeats it, `wrap` continues from the other side.
  }];
  let arguments = (ins AnyRankedTensor:$input, DenseI64ArrayAttr:$low, DenseI64ArrayAttr:$high,
                       ShiftAdd_PadModeAttr:$mode, F64Attr:$value);
  let results = (outs AnyRankedTensor:$result);
  let assemblyFormat = "$input attr-dict `:` functional-type(operands, results)";
  let hasFolder = 1;
}

def ShiftAdd_ConcatOp : ShiftAdd_TensorOp<"concat", [SameElementType]> {
  let summary = "joins tensors along an axis";
  let description = [{
    All inputs agree in element type and in every other dimension.
  }];
  let arguments = (ins Variadic<AnyRankedTensor>:$inputs, I64Attr:$axis);
  let results = (outs AnyRankedTensor:$result);
  let assemblyFormat = "$inputs attr-dict `:` functional-type(operands, results)";
  let hasFolder = 1;
}

def ShiftAdd_SliceOp : ShiftAdd_TensorOp<"slice", [SameElementType]> {
  let summary = "result[i] = input[starts + i * steps]";
  let description = [{
    One entry per dimension. Steps may be negative, never 0; all indices lie
    inside the input. A size of -1 on the free batch keeps it whole.
  }];
  let arguments = (ins AnyRankedTensor:$input, DenseI64ArrayAttr:$starts, DenseI64ArrayAttr:$sizes,
                       DenseI64ArrayAttr:$steps);
  let results = (outs AnyRankedTensor:$result);
  let assemblyFormat = "$input attr-dict `:` functional-type(operands, results)";
  let hasFolder = 1;
}

def ShiftAdd_GatherOp : ShiftAdd_TensorOp<"gather"> {
  let summary = "picks slices along an axis";
  let description = [{
    The result shape is that of `data` with dimension `axis` replaced by the
    shape of `indices`. Negative indices count from the end; indices outside
    the dimension are clamped to it.
  }];
  let arguments = (ins AnyRankedTensor:$data, AnyRankedTensor:$indices, I64Attr:$axis);
  let results = (outs AnyRankedTensor:$result);
  let assemblyFormat = "$data `,` $indices attr-dict `:` functional-type(operands, results)";
  let hasVerifier = 1;
}

def ShiftAdd_BroadcastOp : ShiftAdd_TensorOp<"broadcast", [SameElementType]> {
  let summary = "stretches to a shape as numpy does";
  let description = [{
    `shape` is the result shape; -1 stands for the free batch.
  }];
  let arguments = (ins AnyRankedTensor:$input, DenseI64ArrayAttr:$shape);
  let results = (outs AnyRankedTensor:$result);
  let assemblyFormat = "$input $shape attr-dict `:` functional-type(operands, results)";
  let hasFolder = 1;
}

def ShiftAdd_TileOp : ShiftAdd_TensorOp<"tile", [SameElementType]> {
  let summary = "repeats the tensor in each dimension";
  let description = [{
    One repeat count per dimension.
  }];
  let arguments = (ins AnyRankedTensor:$input, DenseI64ArrayAttr:$repeats);
  let results = (outs AnyRankedTensor:$result);
  let assemblyFormat = "$input $repeats attr-dict `:` functional-type(operands, results)";
}


#endif // SHIFTADD_IR_SHIFTADDMOVEMENTOPS_TD
