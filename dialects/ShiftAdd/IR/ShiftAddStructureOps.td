//===- ShiftAddStructureOps.td - Constants, layers, kernels, checks -*- tablegen -*-===//
//
// Part of the shiftadd project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
#ifndef SHIFTADD_IR_SHIFTADDSTRUCTUREOPS_TD
#define SHIFTADD_IR_SHIFTADDSTRUCTUREOPS_TD

include "dialects/ShiftAdd/IR/ShiftAddBase.td"

include "mlir/IR/BuiltinAttributeInterfaces.td"
include "mlir/IR/SymbolInterfaces.td"
include "mlir/IR/OpAsmInterface.td"
include "mlir/IR/RegionKindInterface.td"

def ShiftAdd_ConstantOp : ShiftAdd_Op<"constant", [Pure, ConstantLike]> {
  let summary = "a constant tensor";
  let description = [{
    `value` holds plain integers or floats, dense or as a resource; the result
    is a tensor of the same shape whose element type is that of `value`, or a
    coded type stored in it: `!quant.uniform` on its storage integers,
    `!shiftadd.pot` on integers of `bits` bits. Codes of other widths than 8,
    16, 32 and 64 bits are packed: `value` then holds bytes, rows of the last
    axis with the low bits first. Every code is checked (N105).
  }];
  let arguments = (ins ElementsAttr:$value);
  let results = (outs AnyStaticShapeTensor:$result);
  let assemblyFormat = "$value attr-dict `as` type($result)";
  let hasFolder = 1;
  let hasVerifier = 1;
  let builders = [OpBuilder<(ins "::mlir::ElementsAttr":$value), [{
    build($_builder, $_state, value.getType(), value);
  }]>];
}

def ShiftAdd_YieldOp : ShiftAdd_Op<"yield", [Pure, Terminator,
    ParentOneOf<["LayerOp", "KernelOp"]>]> {
  let summary = "the results of a layer or kernel";
  let arguments = (ins Variadic<AnyRankedTensor>:$values);
  let assemblyFormat = "attr-dict ($values^ `:` type($values))?";
  let builders = [OpBuilder<(ins), [{ build($_builder, $_state, ::mlir::ValueRange()); }]>];
}

def ShiftAdd_LayerOp : ShiftAdd_Op<"layer", [Pure, IsolatedFromAbove,
    SingleBlockImplicitTerminator<"YieldOp">]> {
  let summary = "ops that run together";
  let description = [{
    The unit that becomes one kernel, one hardware stage, one row of every
    report. Its operands are its memory traffic. `name` is the ONNX node's.
  }];
  let arguments = (ins StrAttr:$name, Variadic<AnyRankedTensor>:$inputs);
  let results = (outs Variadic<AnyRankedTensor>:$results);
  let regions = (region SizedRegion<1>:$body);
  let assemblyFormat = "$name `(` $inputs `)` attr-dict `:` functional-type($inputs, $results) $body";
  let hasVerifier = 1;
}

def ShiftAdd_KernelOp : ShiftAdd_Op<"kernel", [IsolatedFromAbove, Symbol,
    SingleBlockImplicitTerminator<"YieldOp">]> {
  let summary = "code shared by all layers of one signature";
  let description = [{
    Like a layer's region, with the memory layout of every argument and result.
    Shapes are static: a free batch is one sample here. `constants[i]` says
    whether argument i is a compile-time constant (weights), which reaches the
    code packed.
  }];
  let arguments = (ins SymbolNameAttr:$sym_name,
                       TypedArrayAttrBase<ShiftAdd_LayoutAttr, "memory layouts">:$argument_layouts,
                       TypedArrayAttrBase<ShiftAdd_LayoutAttr, "memory layouts">:$result_layouts,
                       DenseBoolArrayAttr:$constants);
  let regions = (region SizedRegion<1>:$body);
  let assemblyFormat = "$sym_name attr-dict-with-keyword $body";
  let hasVerifier = 1;
}

def ShiftAdd_LaunchOp : ShiftAdd_Op<"launch", [Pure,
    DeclareOpInterfaceMethods<SymbolUserOpInterface>]> {
  let summary = "one execution of a kernel";
  let description = [{
    `arena_offsets[i]` is the byte offset of result i's stored box in the arena,
    or -1 when the result is an output of the function and lies in the caller's
    buffer. `name` is the layer's.
  }];
  let arguments = (ins FlatSymbolRefAttr:$kernel, StrAttr:$name,
                       Variadic<AnyRankedTensor>:$inputs,
                       DenseI64ArrayAttr:$arena_offsets);
  let results = (outs Variadic<AnyRankedTensor>:$results);
  let assemblyFormat = "$kernel $name `(` $inputs `)` attr-dict `:` functional-type($inputs, $results)";
}

def ShiftAdd_CheckEqualOp : ShiftAdd_Op<"check_equal"> {
  let summary = "states that two tensors are equal bit by bit";
  let description = [{
    Evaluated by the reference interpreter; a difference fails the run and
    names the first differing element.
  }];
  let arguments = (ins AnyRankedTensor:$actual, AnyRankedTensor:$expected);
  let assemblyFormat = "$actual `,` $expected attr-dict `:` type($actual) `,` type($expected)";
}

def ShiftAdd_CheckCloseOp : ShiftAdd_Op<"check_close"> {
  let summary = "states that two float tensors are close";
  let description = [{
    |actual - expected| <= tolerance * max |expected|, element by element.
  }];
  let arguments = (ins AnyRankedTensor:$actual, AnyRankedTensor:$expected,
                       F64Attr:$tolerance);
  let assemblyFormat = "$actual `,` $expected attr-dict `:` type($actual) `,` type($expected)";
}

def ShiftAdd_OnnxNodeOp : ShiftAdd_Op<"onnx_node"> {
  let summary = "an ONNX node that has no op here";
  let description = [{
    Keeps a node that the importer does not know, with its attributes, so that a
    partial import can be printed. No later stage accepts it.
  }];
  let arguments = (ins StrAttr:$domain, StrAttr:$operator_name,
                       I64Attr:$since_version, DictionaryAttr:$node_attributes,
                       Variadic<AnyType>:$inputs);
  let results = (outs Variadic<AnyType>:$results);
  let assemblyFormat = "$domain $operator_name `version` $since_version `(` $inputs `)` $node_attributes attr-dict `:` functional-type($inputs, $results)";
}

#endif // SHIFTADD_IR_SHIFTADDSTRUCTUREOPS_TD
