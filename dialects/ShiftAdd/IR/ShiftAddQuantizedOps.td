//===- ShiftAddQuantizedOps.td - Between real values, codes and accumulators -*- tablegen -*-===//
//
// Part of the shiftadd project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
#ifndef SHIFTADD_IR_SHIFTADDQUANTIZEDOPS_TD
#define SHIFTADD_IR_SHIFTADDQUANTIZEDOPS_TD

include "dialects/ShiftAdd/IR/ShiftAddBase.td"

def ShiftAdd_QuantizeOp : ShiftAdd_TensorOp<"quantize", [BroadcastsElements]> {
  let summary = "q = saturate(round_half_even(x / scale) + zero_point)";
  let description = [{
    Scale, zero point and storage range stand in the result's `!quant.uniform`
    element type. The division is one `f32` division (N51). NaN gives the
    lowest code.
  }];
  let arguments = (ins AnyRankedTensor:$input);
  let results = (outs AnyRankedTensor:$result);
  let assemblyFormat = "$input attr-dict `:` functional-type(operands, results)";
  let hasVerifier = 1;
  let hasFolder = 1;
}

def ShiftAdd_DequantizeOp : ShiftAdd_TensorOp<"dequantize", [BroadcastsElements]> {
  let summary = "x = (q - zero_point) * scale";
  let description = [{
    Scale and zero point stand in the operand's element type; computed in `f32`.
  }];
  let arguments = (ins AnyRankedTensor:$input);
  let results = (outs AnyRankedTensor:$result);
  let assemblyFormat = "$input attr-dict `:` functional-type(operands, results)";
  let hasVerifier = 1;
}

def ShiftAdd_RequantizeOp : ShiftAdd_TensorOp<"requantize"> {
  let summary = "q = saturate(round((acc + bias) * multiplier * 2^-shift) + zero_point)";
  let description = [{
    Scales an accumulator (N50), or stored codes of at most 16 bits, whose zero
    point the bias then takes away. `multiplier` and `shift` are `i32` tensors
    with one element, or one per index of the last dimension: |multiplier| <
    2^20, 0 <= shift <= 62. `bias` (`i32` or `i64`) has the same form. Negative
    multipliers stand for negative factors of a batch normalisation (N53). The
    multipliers may be codes of powers of two with exponents of at least 0: a
    scale by shifts and additions. Zero point and saturation bounds stand in the
    result's `!quant.uniform` element type. The rounding mode has no default
    (N109).

    `arithmetic` is what a backend may use because the ranges prove it exact;
    it does not change the result.
  }];
  let arguments = (ins AnyRankedTensor:$input, Optional<AnyRankedTensor>:$bias,
                       AnyRankedTensor:$multiplier, AnyRankedTensor:$shift,
                       ShiftAdd_RoundingAttr:$rounding,
                       OptionalAttr<ShiftAdd_ArithmeticAttr>:$arithmetic);
  let results = (outs AnyRankedTensor:$result);
  let assemblyFormat = "$input `,` `multiplier` $multiplier `,` `shift` $shift (`,` `bias` $bias^)? attr-dict `:` functional-type(operands, results)";
  let hasVerifier = 1;
}

def ShiftAdd_RequantizeAddOp : ShiftAdd_TensorOp<"requantize_add", [BroadcastsElements]> {
  let summary = "q = saturate(round(((a - za) * ma + (b - zb) * mb) * 2^-shift) + zero_point)";
  let description = [{
    Adds two quantised tensors on one integer grid with one rounding (N36).
    |multiplier| < 2^20; a negative one subtracts. With `shift_add` each product
    is the sum of the shifts that the multiplier's canonical signed digits name;
    the result is the same.
  }];
  let arguments = (ins AnyRankedTensor:$lhs, AnyRankedTensor:$rhs,
                       I64Attr:$lhs_multiplier, I64Attr:$rhs_multiplier, I64Attr:$shift,
                       ShiftAdd_RoundingAttr:$rounding, UnitAttr:$shift_add);
  let results = (outs AnyRankedTensor:$result);
  let assemblyFormat = "$lhs `,` $rhs attr-dict `:` functional-type(operands, results)";
  let hasVerifier = 1;
}

def ShiftAdd_RequantizeResidualOp : ShiftAdd_TensorOp<"requantize_residual"> {
  let summary = "q = saturate(round(((acc + bias) * multiplier + (r - zero_r) * residual_multiplier) * 2^-shift) + zero_point)";
  let description = [{
    `requantize` of a layer onto whose result codes `residual` are added, with
    one rounding for both (N117). The residual has the accumulator's shape and
    per-tensor codes of at most 16 bits. `residual_multiplier` has the form of
    `multiplier`; both may be codes of powers of two.
  }];
  let arguments = (ins AnyRankedTensor:$input, Optional<AnyRankedTensor>:$bias,
                       AnyRankedTensor:$multiplier, AnyRankedTensor:$shift,
                       AnyRankedTensor:$residual, AnyRankedTensor:$residual_multiplier,
                       ShiftAdd_RoundingAttr:$rounding,
                       OptionalAttr<ShiftAdd_ArithmeticAttr>:$arithmetic);
  let results = (outs AnyRankedTensor:$result);
  let assemblyFormat = "$input `,` `multiplier` $multiplier `,` `shift` $shift `,` `residual` $residual `,` `residual_multiplier` $residual_multiplier (`,` `bias` $bias^)? attr-dict `:` functional-type(operands, results)";
  let hasVerifier = 1;
}

def ShiftAdd_RequantizeMulOp : ShiftAdd_TensorOp<"requantize_mul", [BroadcastsElements]> {
  let summary = "q = saturate(round((a - za) * (b - zb) * multiplier * 2^-shift) + zero_point)";
  let description = [{
    The product of two quantised tensors of at most 8 bits on the grid of the
    result, with one rounding (N118): a gate, or the scale of a
    squeeze-and-excitation block. |multiplier| < 2^20; `shift_add` as in
    `requantize_add`.
  }];
  let arguments = (ins AnyRankedTensor:$lhs, AnyRankedTensor:$rhs,
                       I64Attr:$multiplier, I64Attr:$shift,
                       ShiftAdd_RoundingAttr:$rounding, UnitAttr:$shift_add);
  let results = (outs AnyRankedTensor:$result);
  let assemblyFormat = "$lhs `,` $rhs attr-dict `:` functional-type(operands, results)";
  let hasVerifier = 1;
}

def ShiftAdd_LookupOp : ShiftAdd_TensorOp<"lookup"> {
  let summary = "y = table[code - lowest code], element by element";
  let description = [{
    Any function of one code (N119). The codes are per-tensor quantised or plain
    integers of at most 8 bits; the lowest code is that of the storage type,
    whatever its bounds, and the table has one element per code: 2^bits. The
    result has the table's element type.
  }];
  let arguments = (ins AnyRankedTensor:$input, AnyRankedTensor:$table);
  let results = (outs AnyRankedTensor:$result);
  let assemblyFormat = "$input `,` $table attr-dict `:` functional-type(operands, results)";
  let hasVerifier = 1;
}

def ShiftAdd_QuantizedSoftmaxOp : ShiftAdd_TensorOp<"quantized_softmax"> {
  let summary = "q = saturate(floor((2 * e * multiplier + S * 2^shift) / (S * 2^(shift + 1))) + zero_point)";
  let description = [{
    Softmax along `axis` in integers (N120): e_i = exponentials[max - q_i], with
    the maximum over the axis, and S is the sum of the e_i.
    `exponentials` is a constant of 2^bits `i32` elements, the first one
    positive and none negative; multiplier * 2^-shift is the inverse of the
    result's scale. The verifier proves that no intermediate exceeds 62 bits.
  }];
  let arguments = (ins AnyRankedTensor:$input, AnyRankedTensor:$exponentials,
                       I64Attr:$axis, I64Attr:$multiplier, I64Attr:$shift);
  let results = (outs AnyRankedTensor:$result);
  let assemblyFormat = "$input `,` $exponentials attr-dict `:` functional-type(operands, results)";
  let hasVerifier = 1;
}

#endif // SHIFTADD_IR_SHIFTADDQUANTIZEDOPS_TD
