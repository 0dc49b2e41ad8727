//===- ShiftAddReductionOps.td - From many elements to few -*- tablegen -*-===//
//
// Part of the shiftadd project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
#ifndef SHIFTADD_IR_SHIFTADDREDUCTIONOPS_TD
#define SHIFTADD_IR_SHIFTADDREDUCTIONOPS_TD

include "dialects/ShiftAdd/IR/ShiftAddBase.td"

def ShiftAdd_ReduceSumOp : ShiftAdd_TensorOp<"reduce_sum"> {
  let summary = "sums over axes";
  let description = [{
    Integers wrap. The axes are sorted, without repeats.
  }];
  let arguments = (ins AnyRankedTensor:$input, DenseI64ArrayAttr:$axes, BoolAttr:$keep_dims);
  let results = (outs AnyRankedTensor:$result);
  let assemblyFormat = "$input attr-dict `:` functional-type(operands, results)";
}

def ShiftAdd_ReduceMeanOp : ShiftAdd_TensorOp<"reduce_mean"> {
  let summary = "averages over axes";
  let description = [{
    Integers truncate toward zero.
  }];
  let arguments = (ins AnyRankedTensor:$input, DenseI64ArrayAttr:$axes, BoolAttr:$keep_dims);
  let results = (outs AnyRankedTensor:$result);
  let assemblyFormat = "$input attr-dict `:` functional-type(operands, results)";
}

def ShiftAdd_ReduceMaxOp : ShiftAdd_TensorOp<"reduce_max"> {
  let summary = "maxima over axes";
  let description = [{
    An empty reduction gives the lowest value (-infinity on floats).
  }];
  let arguments = (ins AnyRankedTensor:$input, DenseI64ArrayAttr:$axes, BoolAttr:$keep_dims);
  let results = (outs AnyRankedTensor:$result);
  let assemblyFormat = "$input attr-dict `:` functional-type(operands, results)";
}

def ShiftAdd_ReduceMinOp : ShiftAdd_TensorOp<"reduce_min"> {
  let summary = "minima over axes";
  let description = [{
    An empty reduction gives the highest value (infinity on floats).
  }];
  let arguments = (ins AnyRankedTensor:$input, DenseI64ArrayAttr:$axes, BoolAttr:$keep_dims);
  let results = (outs AnyRankedTensor:$result);
  let assemblyFormat = "$input attr-dict `:` functional-type(operands, results)";
}

def ShiftAdd_ReduceProdOp : ShiftAdd_TensorOp<"reduce_prod"> {
  let summary = "products over axes";
  let description = [{
    Integers wrap.
  }];
  let arguments = (ins AnyRankedTensor:$input, DenseI64ArrayAttr:$axes, BoolAttr:$keep_dims);
  let results = (outs AnyRankedTensor:$result);
  let assemblyFormat = "$input attr-dict `:` functional-type(operands, results)";
}

def ShiftAdd_ArgMaxOp : ShiftAdd_TensorOp<"arg_max"> {
  let summary = "index of the maximum along an axis";
  let description = [{
    Among equal elements the first, or with `select_last_index` the last. The
    result is `i64`.
  }];
  let arguments = (ins AnyRankedTensor:$input, I64Attr:$axis, BoolAttr:$keep_dims,
                       BoolAttr:$select_last_index);
  let results = (outs AnyRankedTensor:$result);
  let assemblyFormat = "$input attr-dict `:` functional-type(operands, results)";
}

def ShiftAdd_ArgMinOp : ShiftAdd_TensorOp<"arg_min"> {
  let summary = "index of the minimum along an axis";
  let description = [{
    Among equal elements the first, or with `select_last_index` the last. The
    result is `i64`.
  }];
  let arguments = (ins AnyRankedTensor:$input, I64Attr:$axis, BoolAttr:$keep_dims,
                       BoolAttr:$select_last_index);
  let results = (outs AnyRankedTensor:$result);
  let assemblyFormat = "$input attr-dict `:` functional-type(operands, results)";
}

def ShiftAdd_TopKOp : ShiftAdd_TensorOp<"top_k"> {
  let summary = "the k largest or smallest elements along an axis, in order";
  let description = [{
    Results are the values and their `i64` indices. Among equal elements the
    lower index comes first.
  }];
  let arguments = (ins AnyRankedTensor:$input, I64Attr:$axis, I64Attr:$k, BoolAttr:$largest);
  let results = (outs AnyRankedTensor:$values, AnyRankedTensor:$indices);
  let assemblyFormat = "$input attr-dict `:` functional-type(operands, results)";
}

def ShiftAdd_SoftmaxOp : ShiftAdd_TensorOp<"softmax"> {
  let summary = "y = exp(x) / sum of exp(x) along an axis";
  let description = [{
    The maximum is subtracted first.
  }];
  let arguments = (ins AnyRankedTensor:$input, I64Attr:$axis);
  let results = (outs AnyRankedTensor:$result);
  let assemblyFormat = "$input attr-dict `:` functional-type(operands, results)";
}

def ShiftAdd_LogSoftmaxOp : ShiftAdd_TensorOp<"log_softmax"> {
  let summary = "y = x - log(sum of exp(x)) along an axis";
  let description = [{
    The maximum is subtracted first.
  }];
  let arguments = (ins AnyRankedTensor:$input, I64Attr:$axis);
  let results = (outs AnyRankedTensor:$result);
  let assemblyFormat = "$input attr-dict `:` functional-type(operands, results)";
}


#endif // SHIFTADD_IR_SHIFTADDREDUCTIONOPS_TD
