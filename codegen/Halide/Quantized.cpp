//===- Quantized.cpp - Ops between reals and codes --------------*- C++ -*-===//
//
// Part of the shiftadd project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// All results here are exact; they equal those of the reference interpreter bit
// by bit.
//
//===----------------------------------------------------------------------===//
#include "codegen/Halide/Emitter.h"
#include "codegen/Halide/Types.h"

using namespace Halide;

namespace shiftadd::halide_gen {

/// min(max(x, low), high), NaN to low.
static Expr saturate(const Expr &x, const Expr &low, const Expr &high) {
  Expr above = select(x > low, x, low);
  return select(above < high, above, high);
}

Expr Emitter::quantizedElement(int number, const OperandAt &operand,
                               const Coordinates &at) const {
  const Op &op = spec.ops[number];
  if (Expr code = requantizedElement(number, operand, at); code.defined())
    return code;
  bool quantizes = op.op == "quantize";
  if (!quantizes && op.op != "dequantize")
    return Expr();
  if (op.operands.size() != 1)
    throw SpecError(op.op + ": one operand is expected");

  int value = quantizes ? firstResult[number] : op.operands[0];
  const ValueType &type = typeOf(value);
  const Quantization &q = type.quantization;
  Expr scale, zeroPoint;
  if (!type.quantized)
    throw SpecError(op.op + ": a quantised type is expected");
  if (q.axis >= 0) {
    if (q.axis >= static_cast<int64_t>(at.size()))
      throw SpecError(op.op + ": the quantisation axis is not a dimension");
    Expr index = at[static_cast<size_t>(q.axis)];
    scale = readBlob(BlobKind::Scales, value, -1, index);
    zeroPoint = readBlob(BlobKind::ZeroPoints, value, -1, index);
  } else {
    if (q.scales.size() != 1 || q.zeroPoints.size() != 1)
      throw SpecError(op.op + ": one scale and zero point are expected");
    scale = Expr(static_cast<float>(q.scales[0]));
    zeroPoint = Expr(static_cast<int32_t>(q.zeroPoints[0]));
  }
  if (!quantizes) {
    Expr code = operand(0);
    Type wide = code.type().bits() < 32 ? Int(32) : Int(64);
    Expr real = cast<float>(cast(wide, code) - cast(wide, zeroPoint)) * scale;
    return convert(real, op.results[0].scalar);
  }
  Expr rounded = round(convert(operand(0), ScalarType::Float32) / scale);
  if (q.minimum < -(1 << 20) || q.maximum > (1 << 20)) {
    Expr code = saturate(cast<double>(rounded) + cast<double>(zeroPoint),
                         constant(Float(64), double(q.minimum)),
                         constant(Float(64), double(q.maximum)));
    return cast(computeType(type.scalar), cast<int64_t>(code));
  }
  Expr low = cast<float>(static_cast<int32_t>(q.minimum) - zeroPoint);
  Expr high = cast<float>(static_cast<int32_t>(q.maximum) - zeroPoint);
  return cast(computeType(type.scalar),
              cast<int32_t>(saturate(rounded, low, high)) + zeroPoint);
}

} // namespace shiftadd::halide_gen
