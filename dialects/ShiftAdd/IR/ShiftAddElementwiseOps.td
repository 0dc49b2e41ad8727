//===- ShiftAddElementwiseOps.td - Element by element -*- tablegen -*-===//
//
// Part of the shiftadd project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
#ifndef SHIFTADD_IR_SHIFTADDELEMENTWISEOPS_TD
#define SHIFTADD_IR_SHIFTADDELEMENTWISEOPS_TD

include "dialects/ShiftAdd/IR/ShiftAddBase.td"

// Operands broadcast against each other as in numpy: shapes are aligned at the
// last dimension and a dimension of 1 stretches.

class ShiftAdd_UnaryOp<string mnemonic, list<Trait> traits = []>
    : ShiftAdd_TensorOp<mnemonic, !listconcat([BroadcastsElements], traits)> {
  let arguments = (ins AnyRankedTensor:$input);
  let results = (outs AnyRankedTensor:$result);
  let assemblyFormat = "$input attr-dict `:` functional-type(operands, results)";
}

class ShiftAdd_BinaryOp<string mnemonic, list<Trait> traits = []>
    : ShiftAdd_TensorOp<mnemonic, !listconcat([BroadcastsElements], traits)> {
  let arguments = (ins AnyRankedTensor:$lhs, AnyRankedTensor:$rhs);
  let results = (outs AnyRankedTensor:$result);
  let assemblyFormat = "$lhs `,` $rhs attr-dict `:` functional-type(operands, results)";
}

// Both operands and the result have one element type.
class ShiftAdd_ArithmeticOp<string mnemonic, list<Trait> traits = []>
    : ShiftAdd_BinaryOp<mnemonic, !listconcat([SameElementType], traits)>;
// The operands have one element type, the result is i1.
class ShiftAdd_CompareOp<string mnemonic>
    : ShiftAdd_BinaryOp<mnemonic, [ComparesElements]>;
class ShiftAdd_LogicOp<string mnemonic>
    : ShiftAdd_BinaryOp<mnemonic, [SameElementType, Commutative]>;
class ShiftAdd_MathOp<string mnemonic>
    : ShiftAdd_UnaryOp<mnemonic, [SameElementType]>;

def ShiftAdd_AddOp : ShiftAdd_ArithmeticOp<"add", [Commutative]> {
  let summary = "y = a + b";
  let description = [{
    Integers wrap.
  }];
  let hasFolder = 1;
}

def ShiftAdd_SubOp : ShiftAdd_ArithmeticOp<"sub"> {
  let summary = "y = a - b";
  let description = [{
    Integers wrap.
  }];
  let hasFolder = 1;
}

def ShiftAdd_MulOp : ShiftAdd_ArithmeticOp<"mul", [Commutative]> {
  let summary = "y = a * b";
  let description = [{
    Integers wrap.
  }];
  let hasFolder = 1;
}

def ShiftAdd_DivOp : ShiftAdd_ArithmeticOp<"div"> {
  let summary = "y = a / b";
  let description = [{
    Integers truncate toward zero; an integer divided by 0 is 0, and the
    lowest integer divided by -1 wraps to itself.
  }];
  let hasFolder = 1;
}

def ShiftAdd_PowOp : ShiftAdd_BinaryOp<"pow"> {
  let summary = "y = a to the power b";
  let description = [{
    The operands may differ in element type; the result has that of the base.
    The power is computed in double precision and converted to it.
  }];
}

def ShiftAdd_ModOp : ShiftAdd_ArithmeticOp<"mod"> {
  let summary = "y = remainder of a / b";
  let description = [{
    The remainder has the sign of the divisor, or with `fmod` that of the
    dividend. An integer modulo 0 is 0.
  }];
  let arguments = (ins AnyRankedTensor:$lhs, AnyRankedTensor:$rhs, UnitAttr:$fmod);
}

def ShiftAdd_MinOp : ShiftAdd_ArithmeticOp<"min", [Commutative]> {
  let summary = "y = min(a, b)";
  let description = [{
    A NaN in either operand gives NaN.
  }];
}

def ShiftAdd_MaxOp : ShiftAdd_ArithmeticOp<"max", [Commutative]> {
  let summary = "y = max(a, b)";
  let description = [{
    A NaN in either operand gives NaN.
  }];
}

def ShiftAdd_PreluOp : ShiftAdd_ArithmeticOp<"prelu"> {
  let summary = "y = x if x >= 0, else slope * x";
  let description = [{
    The slope broadcasts to the input.
  }];
}

def ShiftAdd_EqualOp : ShiftAdd_CompareOp<"equal"> {
  let summary = "y = a == b";
  let description = [{
    The result is boolean (`i1`).
  }];
}

def ShiftAdd_LessOp : ShiftAdd_CompareOp<"less"> {
  let summary = "y = a < b";
  let description = [{
    The result is boolean (`i1`).
  }];
}

def ShiftAdd_LessEqualOp : ShiftAdd_CompareOp<"less_equal"> {
  let summary = "y = a <= b";
  let description = [{
    The result is boolean (`i1`).
  }];
}

def ShiftAdd_GreaterOp : ShiftAdd_CompareOp<"greater"> {
  let summary = "y = a > b";
  let description = [{
    The result is boolean (`i1`).
  }];
}

def ShiftAdd_GreaterEqualOp : ShiftAdd_CompareOp<"greater_equal"> {
  let summary = "y = a >= b";
  let description = [{
    The result is boolean (`i1`).
  }];
}

def ShiftAdd_AndOp : ShiftAdd_LogicOp<"and"> {
  let summary = "y = a and b";
  let description = [{
    Boolean (`i1`) operands, or integers bit by bit.
  }];
}

def ShiftAdd_OrOp : ShiftAdd_LogicOp<"or"> {
  let summary = "y = a or b";
  let description = [{
    Boolean (`i1`) operands, or integers bit by bit.
  }];
}

def ShiftAdd_XorOp : ShiftAdd_LogicOp<"xor"> {
  let summary = "y = a xor b";
  let description = [{
    Boolean (`i1`) operands, or integers bit by bit.
  }];
}

def ShiftAdd_BitShiftOp : ShiftAdd_ArithmeticOp<"bit_shift"> {
  let summary = "y = x shifted by n bits";
  let description = [{
    To the left on any integers, to the right on unsigned ones; a shift by the
    width or more gives 0.
  }];
  let arguments = (ins AnyRankedTensor:$lhs, AnyRankedTensor:$rhs,
                       ShiftAdd_ShiftDirectionAttr:$direction);
}

def ShiftAdd_WhereOp : ShiftAdd_TensorOp<"where", [BroadcastsElements]> {
  let summary = "y = a where the condition holds, else b";
  let description = [{
    The condition is boolean (`i1`); all three operands broadcast.
  }];
  let arguments = (ins AnyRankedTensor:$condition, AnyRankedTensor:$lhs,
                       AnyRankedTensor:$rhs);
  let results = (outs AnyRankedTensor:$result);
  let assemblyFormat = "$condition `,` $lhs `,` $rhs attr-dict `:` functional-type(operands, results)";
}

def ShiftAdd_AbsOp : ShiftAdd_MathOp<"abs"> {
  let summary = "y = |x|";
  let description = [{
    The lowest integer wraps to itself.
  }];
}

def ShiftAdd_NegOp : ShiftAdd_MathOp<"neg"> {
  let summary = "y = -x";
  let description = [{
    Integers wrap.
  }];
}

def ShiftAdd_SignOp : ShiftAdd_MathOp<"sign"> {
  let summary = "y = -1, 0 or 1";
  let description = [{
    NaN stays NaN.
  }];
}

def ShiftAdd_SqrtOp : ShiftAdd_MathOp<"sqrt"> {
  let summary = "y = square root of x";
  let description = [{
    Negative values give NaN.
  }];
}

def ShiftAdd_ExpOp : ShiftAdd_MathOp<"exp"> {
  let summary = "y = e to the power x";
  let description = [{
    Floating point.
  }];
}

def ShiftAdd_LogOp : ShiftAdd_MathOp<"log"> {
  let summary = "y = natural logarithm of x";
  let description = [{
    Floating point.
  }];
}

def ShiftAdd_ReciprocalOp : ShiftAdd_MathOp<"reciprocal"> {
  let summary = "y = 1 / x";
  let description = [{
    Floating point.
  }];
}

def ShiftAdd_RoundOp : ShiftAdd_MathOp<"round"> {
  let summary = "y = x rounded to an integer";
  let description = [{
    Halves go to the even neighbour.
  }];
}

def ShiftAdd_FloorOp : ShiftAdd_MathOp<"floor"> {
  let summary = "y = largest integer not above x";
  let description = [{
    Floating point.
  }];
}

def ShiftAdd_CeilOp : ShiftAdd_MathOp<"ceil"> {
  let summary = "y = smallest integer not below x";
  let description = [{
    Floating point.
  }];
}

def ShiftAdd_NotOp : ShiftAdd_MathOp<"not"> {
  let summary = "y = not x";
  let description = [{
    Boolean (`i1`), or integers bit by bit.
  }];
}

def ShiftAdd_SinOp : ShiftAdd_MathOp<"sin"> {
  let summary = "y = sin x";
  let description = [{
    Floating point.
  }];
}

def ShiftAdd_CosOp : ShiftAdd_MathOp<"cos"> {
  let summary = "y = cos x";
  let description = [{
    Floating point.
  }];
}

def ShiftAdd_ErfOp : ShiftAdd_MathOp<"erf"> {
  let summary = "y = error function of x";
  let description = [{
    Floating point.
  }];
}

def ShiftAdd_SigmoidOp : ShiftAdd_MathOp<"sigmoid"> {
  let summary = "y = 1 / (1 + exp(-x))";
  let description = [{
    Floating point.
  }];
}

def ShiftAdd_TanhOp : ShiftAdd_MathOp<"tanh"> {
  let summary = "y = tanh x";
  let description = [{
    Floating point.
  }];
}

def ShiftAdd_SoftplusOp : ShiftAdd_MathOp<"softplus"> {
  let summary = "y = log(1 + exp(x))";
  let description = [{
    Floating point; does not overflow.
  }];
}

def ShiftAdd_ReluOp : ShiftAdd_MathOp<"relu"> {
  let summary = "y = max(x, 0)";
  let description = [{
    Normalised to `clamp`.
  }];
  let hasCanonicalizer = 1;
}

def ShiftAdd_LeakyReluOp : ShiftAdd_MathOp<"leaky_relu"> {
  let summary = "y = x if x >= 0, else alpha * x";
  let description = [{
    Floating point.
  }];
  let arguments = (ins AnyRankedTensor:$input, F64Attr:$alpha);
}

def ShiftAdd_EluOp : ShiftAdd_MathOp<"elu"> {
  let summary = "y = x if x >= 0, else alpha * (exp(x) - 1)";
  let description = [{
    Floating point.
  }];
  let arguments = (ins AnyRankedTensor:$input, F64Attr:$alpha);
}

def ShiftAdd_HardSigmoidOp : ShiftAdd_MathOp<"hard_sigmoid"> {
  let summary = "y = min(1, max(0, alpha * x + beta))";
  let description = [{
    Floating point.
  }];
  let arguments = (ins AnyRankedTensor:$input, F64Attr:$alpha, F64Attr:$beta);
}

def ShiftAdd_ClampOp : ShiftAdd_MathOp<"clamp"> {
  let summary = "y = min(max(x, minimum), maximum)";
  let description = [{
    An absent bound does not bind. On a quantised tensor the bounds are real
    values, as they are on floats. NaN stays NaN.
  }];
  let arguments = (ins AnyRankedTensor:$input, OptionalAttr<F64Attr>:$minimum,
                       OptionalAttr<F64Attr>:$maximum);
  let hasFolder = 1;
}

def ShiftAdd_CastOp : ShiftAdd_UnaryOp<"cast"> {
  let summary = "y = x in another element type";
  let description = [{
    Floats to integers truncate toward zero and saturate (NaN gives 0);
    integers to narrower integers wrap; anything to `i1` is x != 0; to a
    narrower float rounds to nearest, halves to even. Between a quantised type
    and the plain type of its storage the codes stay as they are.
  }];
  let hasFolder = 1;
}


#endif // SHIFTADD_IR_SHIFTADDELEMENTWISEOPS_TD
