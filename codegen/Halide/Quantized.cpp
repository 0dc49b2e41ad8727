//===- Quantized.cpp - Ops between reals, codes and sums --------*- C++ -*-===//
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

namespace {

/// round(v * 2^-shift) of a signed integer, 0 <= shift <= 62.
Expr roundShift(const Expr &v, const Expr &shift, const std::string &mode) {
  Type type = v.type();
  Type modular = type.with_code(Type::UInt);
  int width = type.bits();
  Expr widest = constant(type, int64_t(width - 1));
  Expr amount = min(shift, widest);
  Expr one = Internal::make_one(type), zero = Internal::make_zero(type);
  Expr down = v >> amount;
  if (mode == "floor")
    return down;
  Expr bit = Internal::make_one(modular) << cast(modular, amount);
  Expr rest = cast(modular, v) & (bit - Internal::make_one(modular));
  Expr beyond = shift > widest;
  Expr restIsZero = rest == Internal::make_zero(modular);
  if (mode == "trunc_zero") {
    Expr near = down + select(v < zero && !restIsZero, one, zero);
    return select(beyond, zero, near);
  }
  Expr half = bit >> Internal::make_one(modular);
  Expr up;
  if (mode == "half_up")
    up = !restIsZero && rest >= half;
  else if (mode == "half_even")
    up = rest > half || (!restIsZero && rest == half && (down & one) != zero);
  else
    throw SpecError("unknown rounding '" + mode + "'");
  // More than the width: the magnitude is at most one half, and exactly one
  // half only below 0, which both modes take to 0.
  return select(beyond, zero, down + select(up, one, zero));
}

Expr roundReal(const Expr &x, const std::string &mode) {
  if (mode == "half_even")
    return round(x);
  if (mode == "floor")
    return floor(x);
  if (mode == "trunc_zero")
    return trunc(x);
  if (mode != "half_up")
    throw SpecError("unknown rounding '" + mode + "'");
  // floor(x + 1/2) would round the sum; x - floor(x) is exact.
  Expr down = floor(x);
  return down + select(x - down >= Expr(0.5), Expr(1.0), Expr(0.0));
}

/// min(max(x, low), high), NaN to low.
Expr saturate(const Expr &x, const Expr &low, const Expr &high) {
  Expr above = select(x > low, x, low);
  return select(above < high, above, high);
}

} // namespace

Expr Emitter::requantize(int number, const OperandAt &operand,
                         const Coordinates &at) const {
  const Op &op = spec.ops[number];
  const ValueType &result = op.results[0];
  const Quantization &q = result.quantization;
  if (op.operands.size() != 4 || !result.quantized || q.zeroPoints.size() != 1)
    throw SpecError("requantize: input, bias, multiplier and shift, and a "
                    "result with one zero point are expected");
  std::string mode = textAttribute(op, "rounding");
  std::string arithmetic = textAttribute(op, "arithmetic", "int64");
  Type stored = computeType(result.scalar);
  bool hasBias = op.operands[1] >= 0;
  int64_t zeroPoint = q.zeroPoints[0];
  if (arithmetic == "double") {
    Expr sum = operand(0);
    int bias =
        hasBias ? plan.find(BlobKind::RequantizeBias, op.operands[1]) : -1;
    // A per-tensor constant has one element.
    auto channel = [&](int blob) {
      return plan.blobs[blob].count == 1 ? Expr(0) : at.back();
    };
    // The bias joins the integer sum where both have the same width or the sum
    // is wide; else both are exact in float64.
    if (hasBias && bias >= 0)
      sum = cast<double>(sum) + blobs[bias](channel(bias));
    else if (hasBias)
      sum = cast<double>(cast<int64_t>(sum) + cast<int64_t>(operand(1)));
    else
      sum = cast<double>(sum);
    int scale =
        plan.find(BlobKind::RequantizeScale, op.operands[2], op.operands[3]);
    Expr factor;
    if (scale >= 0)
      factor = blobs[scale](channel(scale));
    else
      factor = cast<double>(operand(2)) *
               reinterpret<double>((1023 - cast<int64_t>(operand(3))) << 52);
    // Saturated to the bounds less the zero point, which are integers, before
    // it is rounded; then 1.5 * 2^52 leaves no bits for a fraction, so that the
    // addition rounds half to even, and its low bits are the integer.
    if (mode == "half_even" && q.minimum - zeroPoint >= INT32_MIN &&
        q.maximum - zeroPoint <= INT32_MAX) {
      Expr scaled = clamp(sum * factor, Expr(double(q.minimum - zeroPoint)),
                          Expr(double(q.maximum - zeroPoint)));
      Expr bits = reinterpret<int64_t>(scaled + Expr(6755399441055744.0));
      return cast(stored, bits) + constant(stored, zeroPoint);
    }
    Expr rounded = roundReal(sum * factor, mode);
    Expr code = saturate(rounded + Expr(static_cast<double>(zeroPoint)),
                         constant(Float(64), double(q.minimum)),
                         constant(Float(64), double(q.maximum)));
    bool narrow = q.minimum >= INT32_MIN && q.maximum <= INT32_MAX;
    return cast(stored, cast(narrow ? Int(32) : Int(64), code));
  }
  Type type = arithmetic == "int32" ? Int(32) : Int(64);
  Expr sum = cast(type, operand(0));
  if (hasBias)
    sum = sum + cast(type, operand(1));
  Expr rounded =
      roundShift(sum * cast(type, operand(2)), cast(type, operand(3)), mode);
  if (type.bits() == 32) {
    // Saturating before the zero point stays in 32 bits.
    auto bound = [&](int64_t edge) {
      return constant(
          type, std::min<int64_t>(
                    std::max<int64_t>(edge - zeroPoint, INT32_MIN), INT32_MAX));
    };
    Expr limited = clamp(rounded, bound(q.minimum), bound(q.maximum));
    return cast(stored, limited + static_cast<int32_t>(zeroPoint));
  }
  return cast(stored, clamp(rounded + Expr(zeroPoint), Expr(q.minimum),
                            Expr(q.maximum)));
}

Expr Emitter::requantizeAdd(int number, const OperandAt &operand) const {
  const Op &op = spec.ops[number];
  const ValueType &result = op.results[0];
  if (op.operands.size() != 2)
    throw SpecError("requantize_add: two operands are expected");
  int bits = 0;
  for (int value : {op.operands[0], op.operands[1], firstResult[number]}) {
    const ValueType &type = typeOf(value);
    if (!type.quantized || type.quantization.zeroPoints.size() != 1)
      throw SpecError("requantize_add: per-tensor quantised operands and "
                      "result are expected");
    bits = std::max(bits, computeType(type.scalar).bits());
  }
  // 9 bits of difference, 20 of multiplier, one of the sum.
  Type type = bits <= 8 ? Int(32) : Int(64);
  auto term = [&](int i, const char *name) {
    int64_t zero = typeOf(op.operands[i]).quantization.zeroPoints[0];
    return (cast(type, operand(i)) - constant(type, zero)) *
           constant(type, integerAttribute(op, name));
  };
  Expr sum = term(0, "lhs_multiplier") + term(1, "rhs_multiplier");
  Expr rounded = roundShift(sum, constant(type, integerAttribute(op, "shift")),
                            textAttribute(op, "rounding"));
  const Quantization &q = result.quantization;
  Expr code = rounded + constant(type, q.zeroPoints[0]);
  return cast(computeType(result.scalar), clamp(code, constant(type, q.minimum),
                                                constant(type, q.maximum)));
}

Expr Emitter::quantizedElement(int number, const OperandAt &operand,
                               const Coordinates &at) const {
  const Op &op = spec.ops[number];
  if (op.op == "requantize")
    return requantize(number, operand, at);
  if (op.op == "requantize_add")
    return requantizeAdd(number, operand);
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
