//===- ShiftAddTypes.td - Code types and attributes -*- tablegen -*-===//
//
// Part of the shiftadd project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
#ifndef SHIFTADD_IR_SHIFTADDTYPES_TD
#define SHIFTADD_IR_SHIFTADDTYPES_TD

include "dialects/ShiftAdd/IR/ShiftAddDialect.td"
include "mlir/IR/AttrTypeBase.td"
include "mlir/IR/EnumAttr.td"

def ShiftAdd_PowerOfTwoType : TypeDef<ShiftAdd_Dialect, "PowerOfTwo"> {
  let mnemonic = "pot";
  let summary = "a sum of signed powers of two, as a code";
  let description = [{
    An element that stands for `sum of terms S * 2^P` with S in {-1, +1} and P
    in [min_exponent, max_exponent] (N7, N14, N17); with `zero`, a term may also
    be 0. Exponents are signed: positive ones are left shifts.

    A code has `bits` bits, at most 64. Constants pack codes whose width is not
    8, 16, 32 or 64 along the last axis, low bits first, each row padded to a
    byte; in flight a code takes the next such width. Term t occupies the t-th
    lowest field of `bits / terms` bits. Field value 0 is the zero term when the
    format has one; else, with z = 1 if the format has a zero and 0 if not,
    field = z + 2 * (P - min_exponent) + (1 if S is -1). The codec is
    `shiftadd::num::PowerOfTwoFormat`.

    Example: `!shiftadd.pot<bits = 8, terms = 1, min_exponent = -6,
    max_exponent = 0, zero = true>`.
  }];
  let parameters = (ins "unsigned":$bits, "unsigned":$terms,
                        "int":$min_exponent, "int":$max_exponent, "bool":$zero);
  let assemblyFormat = "`<` struct(params) `>`";
  let genVerifyDecl = 1;
}

def ShiftAdd_LayoutAttr : AttrDef<ShiftAdd_Dialect, "Layout"> {
  let mnemonic = "layout";
  let summary = "how a kernel's tensor lies in memory";
  let description = [{
    A dense row-major box that reaches `low[d]` elements before and `high[d]`
    elements behind the tensor in dimension d. The surplus is the halo: padding
    that a consumer reads in place. Its content is the padding value.
  }];
  let parameters = (ins "::mlir::DenseI64ArrayAttr":$low,
                        "::mlir::DenseI64ArrayAttr":$high);
  let assemblyFormat = "`<` struct(params) `>`";
  let genVerifyDecl = 1;
}

class ShiftAdd_Enum<string name, string summary, list<I32EnumAttrCase> cases>
    : I32EnumAttr<name, summary, cases> {
  let cppNamespace = "::shiftadd";
  let genSpecializedAttr = 0;
}

def ShiftAdd_Rounding : ShiftAdd_Enum<"Rounding", "rounding of a scaled sum (N50)", [
  I32EnumAttrCase<"HalfEven", 0, "half_even">,
  I32EnumAttrCase<"HalfUp", 1, "half_up">,
  I32EnumAttrCase<"Floor", 2, "floor">,
  I32EnumAttrCase<"TruncZero", 3, "trunc_zero">]>;
def ShiftAdd_RoundingAttr
    : EnumAttr<ShiftAdd_Dialect, ShiftAdd_Rounding, "rounding">;

def ShiftAdd_PadMode : ShiftAdd_Enum<"PadMode", "where padded elements come from", [
  I32EnumAttrCase<"Constant", 0, "constant">,
  I32EnumAttrCase<"Reflect", 1, "reflect">,
  I32EnumAttrCase<"Edge", 2, "edge">,
  I32EnumAttrCase<"Wrap", 3, "wrap">]>;
def ShiftAdd_PadModeAttr
    : EnumAttr<ShiftAdd_Dialect, ShiftAdd_PadMode, "pad_mode">;

def ShiftAdd_ShiftDirection : ShiftAdd_Enum<"ShiftDirection", "direction of a bit shift", [
  I32EnumAttrCase<"Left", 0, "left">,
  I32EnumAttrCase<"Right", 1, "right">]>;
def ShiftAdd_ShiftDirectionAttr
    : EnumAttr<ShiftAdd_Dialect, ShiftAdd_ShiftDirection, "shift_direction">;

def ShiftAdd_Arithmetic : ShiftAdd_Enum<"Arithmetic",
    "arithmetic that is proven exact for a requantisation", [
  I32EnumAttrCase<"Int32", 0, "int32">,
  I32EnumAttrCase<"Int64", 1, "int64">,
  I32EnumAttrCase<"Double", 2, "double">]>;
def ShiftAdd_ArithmeticAttr
    : EnumAttr<ShiftAdd_Dialect, ShiftAdd_Arithmetic, "arithmetic">;

#endif // SHIFTADD_IR_SHIFTADDTYPES_TD
