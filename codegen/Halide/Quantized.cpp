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

#include <cmath>
#include <cstdlib>
#include <optional>

using namespace Halide;

namespace shiftadd::halide_gen {

/// min(max(x, low), high), NaN to low.
static Expr saturate(const Expr &x, const Expr &low, const Expr &high) {
  Expr above = select(x > low, x, low);
  return select(above < high, above, high);
}

/// The exponent of a scale that is a power of two, where the numbers of a
/// code's range keep exponents of their own; nothing otherwise.
static std::optional<int> exponentOf(const Quantization &q) {
  if (q.axis >= 0 || q.scales.size() != 1 || q.minimum < -(1 << 16) ||
      q.maximum > 1 << 16)
    return std::nullopt;
  int exponent = 0;
  if (std::frexp(q.scales[0], &exponent) != 0.5 || std::abs(exponent) > 64)
    return std::nullopt;
  return exponent - 1;
}

/// x * 2^exponent of a float that is 0, or normal like the result.
static Expr addExponent(const Expr &x, int exponent) {
  Expr bits = reinterpret<int32_t>(x) + Expr(exponent * (1 << 23));
  return select(x == Expr(0.0f), Expr(0.0f), reinterpret<float>(bits));
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
    Expr steps = cast<float>(cast(wide, code) - cast(wide, zeroPoint));
    auto exponent = spec.shiftAdd ? exponentOf(q) : std::nullopt;
    Expr real = exponent ? addExponent(steps, *exponent) : steps * scale;
    return convert(real, op.results[0].scalar);
  }
  if (auto exponent = spec.shiftAdd ? exponentOf(q) : std::nullopt) {
    // Saturated first, so that all numbers are finite; what is below a quarter
    // of a step rounds to 0.
    auto bound = [&](int64_t code) {
      return Expr(static_cast<float>(
          std::ldexp(double(code - q.zeroPoints[0]), *exponent)));
    };
    Expr x = saturate(convert(operand(0), ScalarType::Float32),
                      bound(q.minimum), bound(q.maximum));
    Expr quarter = Expr(static_cast<float>(std::ldexp(0.25, *exponent)));
    Expr steps =
        addExponent(select(abs(x) < quarter, Expr(0.0f), x), -*exponent);
    return cast(computeType(type.scalar),
                cast<int32_t>(round(steps)) + zeroPoint);
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
