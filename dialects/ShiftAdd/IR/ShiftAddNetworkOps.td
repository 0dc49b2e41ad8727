//===- ShiftAddNetworkOps.td - Layers of a network -*- tablegen -*-===//
//
// Part of the shiftadd project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
#ifndef SHIFTADD_IR_SHIFTADDNETWORKOPS_TD
#define SHIFTADD_IR_SHIFTADDNETWORKOPS_TD

include "dialects/ShiftAdd/IR/ShiftAddBase.td"

// Channels-last throughout: activations [N, spatial..., C], filters
// [O, kernel..., C / groups], 1 to 3 spatial dimensions. `padding` holds a
// (low, high) pair per spatial dimension. Output size per dimension:
// floor((size + low + high - dilation * (kernel - 1) - 1) / stride) + 1 (N27).

class ShiftAdd_FilterOp<string mnemonic, list<Trait> traits = []>
    : ShiftAdd_TensorOp<mnemonic, !listconcat([
        DeclareOpInterfaceMethods<ConvolutionGeometryOpInterface>], traits)> {
  let arguments = (ins AnyRankedTensor:$input, AnyRankedTensor:$filter,
                       Optional<AnyRankedTensor>:$bias,
                       DenseI64ArrayAttr:$strides, DenseI64ArrayAttr:$padding,
                       DenseI64ArrayAttr:$dilations, I64Attr:$groups);
  let results = (outs AnyRankedTensor:$result);
  let assemblyFormat = "$input `,` $filter (`,` `bias` $bias^)? attr-dict `:` functional-type(operands, results)";
  let hasVerifier = 1;
}

class ShiftAdd_DenseLikeOp<string mnemonic, list<Trait> traits = []>
    : ShiftAdd_TensorOp<mnemonic, traits> {
  let arguments = (ins AnyRankedTensor:$input, AnyRankedTensor:$filter,
                       Optional<AnyRankedTensor>:$bias);
  let results = (outs AnyRankedTensor:$result);
  let assemblyFormat = "$input `,` $filter (`,` `bias` $bias^)? attr-dict `:` functional-type(operands, results)";
  let hasVerifier = 1;
}

def ShiftAdd_ConvOp : ShiftAdd_FilterOp<"conv"> {
  let summary = "y = sum of x * w over the window (+ bias)";
  let description = [{
    On floats, padded positions are 0. On quantised or integer tensors the sum is
    over the stored codes, padded positions hold the input's zero point code,
    and the result is a plain `i32` or `i64` accumulator; the constant part of
    a zero point belongs into the bias of `requantize` (N43).
  }];
}

def ShiftAdd_ShiftConvOp : ShiftAdd_FilterOp<"shift_conv"> {
  let summary = "y = sum of w * x with every w a code of powers of two (+ bias)";
  let description = [{
    The filter's element type is `!shiftadd.pot`; otherwise as `conv`. No term is
    truncated (N43).
  }];
}

def ShiftAdd_AdderConvOp : ShiftAdd_FilterOp<"adder_conv"> {
  let summary = "y = -sum of |x - w| over the window (+ bias)";
  let description = [{
    Padding is a real operand: a padded position has x = 0 (or the zero point
    code) and contributes -|0 - w| (N25, N26). Quantised operands share scale
    and zero point (N31, N106).
  }];
}

def ShiftAdd_ConvTransposeOp : ShiftAdd_TensorOp<"conv_transpose"> {
  let summary = "each input element adds x * w to a window of the output (+ bias)";
  let description = [{
    The transpose of `conv` in its input: filter [O, kernel..., C / groups].
    Output size per dimension: stride * (size - 1) + output_padding +
    dilation * (kernel - 1) + 1 - low - high. Floating point.
  }];
  let arguments = (ins AnyRankedTensor:$input, AnyRankedTensor:$filter,
                       Optional<AnyRankedTensor>:$bias,
                       DenseI64ArrayAttr:$strides, DenseI64ArrayAttr:$padding,
                       DenseI64ArrayAttr:$dilations, I64Attr:$groups,
                       DenseI64ArrayAttr:$output_padding);
  let results = (outs AnyRankedTensor:$result);
  let assemblyFormat = "$input `,` $filter (`,` `bias` $bias^)? attr-dict `:` functional-type(operands, results)";
  let hasVerifier = 1;
}

def ShiftAdd_DenseOp : ShiftAdd_DenseLikeOp<"dense"> {
  let summary = "y[..., n] = sum over k of x[..., k] * w[n, k] (+ bias[n])";
  let description = [{
    Element types and zero points as in `conv`.
  }];
}

def ShiftAdd_ShiftDenseOp : ShiftAdd_DenseLikeOp<"shift_dense"> {
  let summary = "dense with every weight a code of powers of two";
  let description = [{
    The filter's element type is `!shiftadd.pot` (N43).
  }];
}

def ShiftAdd_AdderDenseOp : ShiftAdd_DenseLikeOp<"adder_dense"> {
  let summary = "y[..., n] = -sum over k of |x[..., k] - w[n, k]| (+ bias[n])";
  let description = [{
    Element types as in `adder_conv`.
  }];
}

def ShiftAdd_MatmulOp : ShiftAdd_TensorOp<"matmul"> {
  let summary = "y[..., m, n] = sum over k of a[..., m, k] * b[..., k, n]";
  let description = [{
    Leading dimensions broadcast; both operands have at least two dimensions.
    Integer operands give an `i32` or `i64` result.
  }];
  let arguments = (ins AnyRankedTensor:$lhs, AnyRankedTensor:$rhs);
  let results = (outs AnyRankedTensor:$result);
  let assemblyFormat = "$lhs `,` $rhs attr-dict `:` functional-type(operands, results)";
}

def ShiftAdd_MaxPoolOp : ShiftAdd_TensorOp<"max_pool"> {
  let summary = "maximum over the window";
  let description = [{
    Padded positions are left out.
  }];
  let arguments = (ins AnyRankedTensor:$input, DenseI64ArrayAttr:$kernel, DenseI64ArrayAttr:$strides,
                       DenseI64ArrayAttr:$padding, DenseI64ArrayAttr:$dilations);
  let results = (outs AnyRankedTensor:$result);
  let assemblyFormat = "$input attr-dict `:` functional-type(operands, results)";
  let hasVerifier = 1;
}

def ShiftAdd_MaxPoolWithIndicesOp : ShiftAdd_TensorOp<"max_pool_with_indices"> {
  let summary = "maximum over the window, and where it stands";
  let description = [{
    The `i64` index counts in the channels-first flattened input
    `[N, C, spatial...]`; among equal elements the first. Padded positions are
    left out.
  }];
  let arguments = (ins AnyRankedTensor:$input, DenseI64ArrayAttr:$kernel, DenseI64ArrayAttr:$strides,
                       DenseI64ArrayAttr:$padding, DenseI64ArrayAttr:$dilations);
  let results = (outs AnyRankedTensor:$values, AnyRankedTensor:$indices);
  let assemblyFormat = "$input attr-dict `:` functional-type(operands, results)";
  let hasVerifier = 1;
}

def ShiftAdd_AvgPoolOp : ShiftAdd_TensorOp<"avg_pool"> {
  let summary = "average over the window";
  let description = [{
    Padded positions count as 0 with `count_include_pad` and are left out of
    sum and count without. Positions beyond the padding are never counted.
  }];
  let arguments = (ins AnyRankedTensor:$input, DenseI64ArrayAttr:$kernel, DenseI64ArrayAttr:$strides,
                       DenseI64ArrayAttr:$padding, DenseI64ArrayAttr:$dilations, BoolAttr:$count_include_pad);
  let results = (outs AnyRankedTensor:$result);
  let assemblyFormat = "$input attr-dict `:` functional-type(operands, results)";
  let hasVerifier = 1;
}

def ShiftAdd_SumPoolOp : ShiftAdd_TensorOp<"sum_pool"> {
  let summary = "sum over the window";
  let description = [{
    Of the stored codes on quantised tensors; the result is then a plain `i32`
    accumulator. Padded positions count as 0 (or the zero point code).
  }];
  let arguments = (ins AnyRankedTensor:$input, DenseI64ArrayAttr:$kernel, DenseI64ArrayAttr:$strides,
                       DenseI64ArrayAttr:$padding, DenseI64ArrayAttr:$dilations);
  let results = (outs AnyRankedTensor:$result);
  let assemblyFormat = "$input attr-dict `:` functional-type(operands, results)";
  let hasVerifier = 1;
}

def ShiftAdd_LpPoolOp : ShiftAdd_TensorOp<"lp_pool"> {
  let summary = "y = (sum of |x|^p over the window)^(1/p)";
  let description = [{
    Padded positions count as 0.
  }];
  let arguments = (ins AnyRankedTensor:$input, DenseI64ArrayAttr:$kernel, DenseI64ArrayAttr:$strides,
                       DenseI64ArrayAttr:$padding, DenseI64ArrayAttr:$dilations, I64Attr:$p);
  let results = (outs AnyRankedTensor:$result);
  let assemblyFormat = "$input attr-dict `:` functional-type(operands, results)";
  let hasVerifier = 1;
}

def ShiftAdd_LrnOp : ShiftAdd_TensorOp<"lrn"> {
  let summary = "local response normalisation across channels";
  let description = [{
    y = x / (bias + alpha / size * sum of x^2)^beta over the `size` channels
    around it, floor((size - 1) / 2) before and ceil((size - 1) / 2) behind.
  }];
  let arguments = (ins AnyRankedTensor:$input, I64Attr:$size, F64Attr:$alpha, F64Attr:$beta,
                       F64Attr:$bias, I64Attr:$axis);
  let results = (outs AnyRankedTensor:$result);
  let assemblyFormat = "$input attr-dict `:` functional-type(operands, results)";
}

def ShiftAdd_BatchNormOp : ShiftAdd_TensorOp<"batch_norm"> {
  let summary = "y = scale * (x - mean) / sqrt(variance + epsilon) + bias";
  let description = [{
    The four parameters have one element per index of `axis` (N53, N54).
  }];
  let arguments = (ins AnyRankedTensor:$input, AnyRankedTensor:$scale, AnyRankedTensor:$bias,
                       AnyRankedTensor:$mean, AnyRankedTensor:$variance,
                       F64Attr:$epsilon, I64Attr:$axis);
  let results = (outs AnyRankedTensor:$result);
  let assemblyFormat = "$input `,` $scale `,` $bias `,` $mean `,` $variance attr-dict `:` functional-type(operands, results)";
}


#endif // SHIFTADD_IR_SHIFTADDNETWORKOPS_TD
