//===- AdderGraphOps.td - Constant products as shared additions -*- tablegen -*-===//
//
// Part of the shiftadd project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
#ifndef SHIFTADD_ADDERGRAPH_IR_ADDERGRAPHOPS_TD
#define SHIFTADD_ADDERGRAPH_IR_ADDERGRAPHOPS_TD

include "dialects/Interfaces/CostModel.td"
include "dialects/Interfaces/ShapeInference.td"
include "mlir/IR/OpBase.td"
include "mlir/Interfaces/SideEffectInterfaces.td"

def AdderGraph_Dialect : Dialect {
  let name = "adder_graph";
  let cppNamespace = "::shiftadd::adder_graph";
  let summary = "Products with constants as graphs of additions";
  let description = [{
    A `graph` multiplies the last dimension of an integer tensor by a constant
    matrix with nothing but shifts by constants and additions; a value that
    several results need is computed once. Inside a graph every value is a plain
    `i64`. The exact interval of every value follows from the element type of
    the input; a graph in which one could leave 64 bits, or a result the element
    type of the output, does not verify.
  }];
}

class AdderGraph_Op<string mnemonic, list<Trait> traits = []>
    : Op<AdderGraph_Dialect, mnemonic, traits>;

class AdderGraph_ValueOp<string mnemonic>
    : AdderGraph_Op<mnemonic, [Pure, ParentOneOf<["GraphOp"]>]>;

def AdderGraph_OutputOp : AdderGraph_Op<"output", [Pure, Terminator,
    ParentOneOf<["GraphOp"]>]> {
  let summary = "the results of a graph, in the order of the last dimension";
  let arguments = (ins Variadic<I64>:$values);
  let assemblyFormat = "attr-dict $values";
  let builders = [OpBuilder<(ins), [{ build($_builder, $_state, ::mlir::ValueRange()); }]>];
}

def AdderGraph_GraphOp : AdderGraph_Op<"graph", [Pure, IsolatedFromAbove,
    SingleBlockImplicitTerminator<"OutputOp">,
    DeclareOpInterfaceMethods<ShapeInferenceOpInterface>,
    DeclareOpInterfaceMethods<CostModelOpInterface>]> {
  let summary = "y[..., n] = sum over k of x[..., k] * constant[n, k], by additions";
  let description = [{
    The block has one argument per index of the input's last dimension; its
    terminator lists one value per index of the output's. Quantised inputs are
    read as stored codes.
  }];
  let arguments = (ins AnyRankedTensor:$input);
  let results = (outs AnyRankedTensor:$result);
  let regions = (region SizedRegion<1>:$body);
  let assemblyFormat = "$input attr-dict `:` functional-type(operands, results) $body";
  let hasVerifier = 1;
}

def AdderGraph_ShiftAddOp : AdderGraph_ValueOp<"shift_add"> {
  let summary = "y = a * 2^i + b * 2^j, or minus with `subtract`";
  let description = [{
    One adder. Shifts lie between 0 and 62.
  }];
  let arguments = (ins I64:$lhs, I64:$rhs, I64Attr:$lhs_shift,
                       I64Attr:$rhs_shift, UnitAttr:$subtract);
  let results = (outs I64:$result);
  let assemblyFormat = "$lhs `shl` $lhs_shift `,` $rhs `shl` $rhs_shift (`subtract` $subtract^)? attr-dict";
}

def AdderGraph_ShiftOp : AdderGraph_ValueOp<"shift"> {
  let summary = "y = a * 2^i";
  let description = [{
    Wires only. Shifts lie between 0 and 62.
  }];
  let arguments = (ins I64:$input, I64Attr:$amount);
  let results = (outs I64:$result);
  let assemblyFormat = "$input `shl` $amount attr-dict";
}

def AdderGraph_NegateOp : AdderGraph_ValueOp<"negate"> {
  let summary = "y = -a";
  let arguments = (ins I64:$input);
  let results = (outs I64:$result);
  let assemblyFormat = "$input attr-dict";
}

def AdderGraph_ZeroOp : AdderGraph_ValueOp<"zero"> {
  let summary = "y = 0";
  let description = [{
    The result of a row without weights.
  }];
  let results = (outs I64:$result);
  let assemblyFormat = "attr-dict";
}

#endif // SHIFTADD_ADDERGRAPH_IR_ADDERGRAPHOPS_TD
