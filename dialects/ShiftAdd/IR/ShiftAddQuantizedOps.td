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
    The one op that scales an accumulator (N50). `multiplier` and `shift` are
    `i32` tensors with one element, or one per index of the last dimension:
    0 <= multiplier < 2^20, 0 <= shift <= 62. `bias` (`i32` or `i64`) has the
    same form. Zero point and saturation bounds stand in the result's
    `!quant.uniform` element type. The rounding mode has no default (N109).

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
    Multipliers have at most 20 bits.
  }];
  let arguments = (ins AnyRankedTensor:$lhs, AnyRankedTensor:$rhs,
                       I64Attr:$lhs_multiplier, I64Attr:$rhs_multiplier, I64Attr:$shift,
                       ShiftAdd_RoundingAttr:$rounding);
  let results = (outs AnyRankedTensor:$result);
  let assemblyFormat = "$lhs `,` $rhs attr-dict `:` functional-type(operands, results)";
  let hasVerifier = 1;
}


#endif // SHIFTADD_IR_SHIFTADDQUANTIZEDOPS_TD
