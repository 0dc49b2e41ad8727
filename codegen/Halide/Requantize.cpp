//===- Requantize.cpp - Ops from sums and codes to codes --------*- C++ -*-===//
//
// Part of the shiftadd project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// All results here are exact; they equal those of the reference interpreter bit
// by bit. The op's `arithmetic` says which type holds every intermediate.
//
//===----------------------------------------------------------------------===//
#include "codegen/Halide/Emitter.h"
#include "codegen/Halide/Scaling.h"
#include "codegen/Halide/Types.h"
#include "codegen/Halide/WithoutMultiplication.h"

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
  // Exact: x is an integer below 2^52 divided by a power of two, so one half
  // more has at most 53 bits, or x is below one quarter.
  return floor(x + Expr(0.5));
}

bool fitsInt32(int64_t value) {
  return value >= INT32_MIN && value <= INT32_MAX;
}

/// The code of a real number that is rounded to an integer of at most 2^52.
Expr codeOfReal(const Expr &scaled, const std::string &mode,
                const Quantization &q, Type stored) {
  int64_t zeroPoint = q.zeroPoints[0];
  int64_t low = q.minimum - zeroPoint, high = q.maximum - zeroPoint;
  if (!fitsInt32(low) || !fitsInt32(high)) {
    Expr code = clamp(roundReal(scaled, mode) + Expr(double(zeroPoint)),
                      constant(Float(64), double(q.minimum)),
                      constant(Float(64), double(q.maximum)));
    return cast(stored, cast<int64_t>(code));
  }
  // Saturated to the bounds less the zero point, which are integers, before it
  // is rounded.
  if (mode == "half_even") {
    // 1.5 * 2^52 leaves no bits for a fraction, so that the addition rounds
    // half to even, and its low bits are the integer.
    Expr limited = clamp(scaled, Expr(double(low)), Expr(double(high)));
    Expr bits = reinterpret<int64_t>(limited + Expr(6755399441055744.0));
    return cast(stored, bits) + constant(stored, zeroPoint);
  }
  Expr limited =
      clamp(roundReal(scaled, mode), Expr(double(low)), Expr(double(high)));
  return cast(stored, cast<int32_t>(limited) + static_cast<int32_t>(zeroPoint));
}

/// The code of an integer that is already rounded, in 32 or 64 bits. Saturating
/// before the zero point is added stays in 32 bits.
Expr codeOfInteger(const Expr &rounded, const Quantization &q, Type stored) {
  int64_t zeroPoint = q.zeroPoints[0];
  int64_t low = q.minimum - zeroPoint, high = q.maximum - zeroPoint;
  if (rounded.type().bits() == 32 || (fitsInt32(low) && fitsInt32(high))) {
    auto bound = [&](int64_t edge) {
      return constant(
          rounded.type(),
          std::min<int64_t>(std::max<int64_t>(edge, INT32_MIN), INT32_MAX));
    };
    Expr limited = cast<int32_t>(clamp(rounded, bound(low), bound(high)));
    return cast(stored, limited + static_cast<int32_t>(zeroPoint));
  }
  return cast(stored, clamp(rounded + Expr(zeroPoint), Expr(q.minimum),
                            Expr(q.maximum)));
}

} // namespace

Expr Emitter::readChannel(int blob, const Coordinates &at) const {
  return blobs[static_cast<size_t>(blob)](
      plan.blobs[static_cast<size_t>(blob)].count == 1 ? Expr(0) : at.back());
}

Expr Emitter::termProduct(const Expr &value, int constant,
                          const Coordinates &at) const {
  int blob = plan.find(BlobKind::Terms, constant);
  if (blob < 0)
    throw SpecError("a multiplier is used as terms that was not packed so");
  Type modular = value.type().with_code(Type::UInt);
  Type integer = value.type().with_code(Type::Int);
  int64_t stride = termPlaneElements(spec, constant);
  Expr channel = stride == 1 ? Expr(0) : at.back();
  Expr bits = cast(modular, value), total = Internal::make_zero(modular);
  for (int64_t plane = 0; plane < termPlanes(spec, constant); ++plane) {
    Expr code =
        cast(integer, blobs[static_cast<size_t>(blob)](
                          channel + static_cast<int32_t>(plane * stride)));
    Expr amount = cast(modular, code) & cast(modular, integer.bits() - 1);
    Expr sign = cast(modular, code >> cast(integer, integer.bits() - 1));
    total = total + ((bits << amount) ^ sign) - sign;
  }
  return cast(value.type(), total);
}

Expr Emitter::requantizeFolded(int number, const FoldedScaling &folded,
                               const OperandAt &operand,
                               const Coordinates &at) const {
  const ValueType &result = spec.ops[number].results[0];
  auto parameter = [&](BlobKind kind, int second = -1) {
    int blob = plan.find(kind, number, second);
    if (blob < 0)
      throw SpecError("a requantisation is folded that was not packed so");
    return readChannel(blob, at);
  };
  // Modulo 2^32: the parts may wrap, their total does not.
  auto scaled = [&](const Expr &value, int part,
                    const std::optional<uint32_t> &left) -> Expr {
    Expr wide = cast<uint32_t>(cast<int32_t>(value));
    if (!folded.powersOfTwo && spec.shiftAdd)
      return termProduct(wide, spec.ops[number].operands[part == 0 ? 2 : 5],
                         at);
    if (!folded.powersOfTwo)
      return wide * cast<uint32_t>(parameter(BlobKind::FoldedMultiplier, part));
    if (!left)
      return wide << parameter(BlobKind::FoldedLeftShift, part);
    return *left == 0 ? wide : wide << Expr(*left);
  };
  Expr total = scaled(operand(0), 0, folded.leftShift);
  if (folded.residual)
    total = total + scaled(operand(4), 1, folded.residualShift);
  total = total + parameter(BlobKind::FoldedOffset);
  Expr rounded = cast<int32_t>(total);
  if (!folded.rightShift)
    rounded = rounded >> parameter(BlobKind::FoldedRightShift);
  else if (*folded.rightShift > 0)
    rounded = rounded >> Expr(*folded.rightShift);
  Quantization q = result.quantization;
  if (folded.zeroFolded)
    q.zeroPoints[0] = 0;
  return codeOfInteger(rounded, q, computeType(result.scalar));
}

Expr Emitter::requantize(int number, const OperandAt &operand,
                         const Coordinates &at) const {
  const Op &op = spec.ops[number];
  const ValueType &result = op.results[0];
  const Quantization &q = result.quantization;
  bool residual = op.op == "requantize_residual";
  if (op.operands.size() != (residual ? 6 : 4) || !result.quantized ||
      q.zeroPoints.size() != 1)
    throw SpecError(op.op + ": the operands of the op, and a result with one "
                            "zero point are expected");
  if (auto folded = getFoldedScaling(spec, number))
    return requantizeFolded(number, *folded, operand, at);
  int64_t residualZero = 0;
  if (residual) {
    const ValueType &type = typeOf(op.operands[4]);
    if (!type.quantized || type.quantization.zeroPoints.size() != 1)
      throw SpecError(op.op + ": a residual with one zero point is expected");
    residualZero = type.quantization.zeroPoints[0];
  }
  std::string mode = textAttribute(op, "rounding");
  std::string arithmetic = textAttribute(op, "arithmetic", "int64");
  Type stored = computeType(result.scalar);
  bool hasBias = op.operands[1] >= 0;
  auto hasTerms = [&](int multiplier) {
    return plan.find(BlobKind::Terms, op.operands[multiplier]) >= 0;
  };
  if (arithmetic == "double" && !hasTerms(2)) {
    Expr sum = operand(0);
    int offset = plan.find(BlobKind::RealOffset, number);
    if (offset >= 0) {
      auto product = [&](const Expr &value, int multiplier) {
        return cast<double>(value) *
               readChannel(plan.find(BlobKind::RequantizeScale,
                                     op.operands[multiplier], op.operands[3]),
                           at);
      };
      Expr total = product(sum, 2);
      if (residual)
        total = total + product(cast<int32_t>(operand(4)), 5);
      Expr code = clamp(cast<int32_t>(total + readChannel(offset, at)), 0,
                        static_cast<int32_t>(q.maximum - q.minimum));
      return cast(stored, code + static_cast<int32_t>(q.minimum));
    }
    int bias =
        hasBias ? plan.find(BlobKind::RequantizeBias, op.operands[1]) : -1;
    // The bias joins the integer sum where both have the same width or the sum
    // is wide; else both are exact in float64.
    if (hasBias && bias >= 0)
      sum = cast<double>(sum) + readChannel(bias, at);
    else if (hasBias)
      sum = cast<double>(cast<int64_t>(sum) + cast<int64_t>(operand(1)));
    else
      sum = cast<double>(sum);
    auto scaled = [&](const Expr &value, int multiplier) -> Expr {
      int scale = plan.find(BlobKind::RequantizeScale, op.operands[multiplier],
                            op.operands[3]);
      if (scale >= 0)
        return value * readChannel(scale, at);
      return value *
             (cast<double>(operand(multiplier)) *
              reinterpret<double>((1023 - cast<int64_t>(operand(3))) << 52));
    };
    Expr total = scaled(sum, 2);
    if (residual)
      total = total + scaled(cast<double>(cast<int32_t>(operand(4)) -
                                          static_cast<int32_t>(residualZero)),
                             5);
    return codeOfReal(total, mode, q, stored);
  }
  Type type = arithmetic == "int32" ? Int(32) : Int(64);
  Expr sum = cast(type, operand(0));
  if (hasBias)
    sum = sum + cast(type, operand(1));
  auto scaled = [&](const Expr &value, int multiplier) {
    return hasTerms(multiplier)
               ? termProduct(value, op.operands[multiplier], at)
               : value * cast(type, operand(multiplier));
  };
  Expr total = scaled(sum, 2);
  if (residual)
    total = total +
            scaled(cast(type, operand(4)) - constant(type, residualZero), 5);
  return codeOfInteger(roundShift(total, cast(type, operand(3)), mode), q,
                       stored);
}

/// `requantize_add`, and `requantize_mul` of two codes.
Expr Emitter::requantizePair(int number, const OperandAt &operand) const {
  const Op &op = spec.ops[number];
  const ValueType &result = op.results[0];
  if (op.operands.size() != 2)
    throw SpecError(op.op + ": two operands are expected");
  int bits = 0;
  for (int value : {op.operands[0], op.operands[1], firstResult[number]}) {
    const ValueType &type = typeOf(value);
    if (!type.quantized || type.quantization.zeroPoints.size() != 1)
      throw SpecError(op.op + ": per-tensor quantised operands and result are "
                              "expected");
    bits = std::max(bits, computeType(type.scalar).bits());
  }
  bool product = op.op == "requantize_mul";
  // A sum has 9 bits of difference, 20 of multiplier and one of the sum; a
  // product has 18 and 20.
  Type type = bits <= 8 && !product ? Int(32) : Int(64);
  auto centred = [&](int i, Type wide) {
    int64_t zero = typeOf(op.operands[i]).quantization.zeroPoints[0];
    return cast(wide, operand(i)) - constant(wide, zero);
  };
  auto scaled = [&](const Expr &value, const char *name) {
    int64_t factor = integerAttribute(op, name);
    return spec.shiftAdd ? productBySelection(value, factor)
                         : value * constant(type, factor);
  };
  // (a - z) * b is a * b - z * b, where the bits of a code that starts at 0
  // choose among shifted b.
  auto productOfCodes = [&]() -> Expr {
    Expr second = centred(1, Int(32));
    if (!spec.shiftAdd)
      return centred(0, Int(32)) * second;
    const ValueType &first = typeOf(op.operands[0]);
    int64_t lowest = computeType(first.scalar).is_int() ? -128 : 0;
    Expr code = cast<int32_t>(operand(0)) - static_cast<int32_t>(lowest);
    return productOfBits(code, 8, second) +
           productBySelection(second,
                              lowest - first.quantization.zeroPoints[0]);
  };
  Expr total;
  if (product)
    total = scaled(cast(type, productOfCodes()), "multiplier");
  else
    total = scaled(centred(0, type), "lhs_multiplier") +
            scaled(centred(1, type), "rhs_multiplier");
  Expr rounded =
      roundShift(total, constant(type, integerAttribute(op, "shift")),
                 textAttribute(op, "rounding"));
  return codeOfInteger(rounded, result.quantization,
                       computeType(result.scalar));
}

Expr Emitter::requantizedElement(int number, const OperandAt &operand,
                                 const Coordinates &at) const {
  const std::string &op = spec.ops[number].op;
  if (op == "requantize" || op == "requantize_residual")
    return requantize(number, operand, at);
  if (op == "requantize_add" || op == "requantize_mul")
    return requantizePair(number, operand);
  return Expr();
}

} // namespace shiftadd::halide_gen
