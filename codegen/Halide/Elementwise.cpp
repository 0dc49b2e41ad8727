//===- Elementwise.cpp - Ops element by element -----------------*- C++ -*-===//
//
// Part of the shiftadd project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// One op as an expression of its operands' elements. Integer sums and products
// are formed unsigned, where wrapping is defined; divisors are made safe, since
// the machine's division traps.
//
//===----------------------------------------------------------------------===//
#include "codegen/Halide/Emitter.h"
#include "codegen/Halide/Math.h"
#include "codegen/Halide/Types.h"

#include <cmath>

using namespace Halide;

namespace shiftadd::halide_gen {

namespace {

Expr wrapping(const Expr &a, const Expr &b,
              const std::function<Expr(const Expr &, const Expr &)> &apply) {
  Type type = a.type();
  if (type.is_float())
    return apply(a, b);
  Type modular = modularType(type);
  return cast(type, apply(cast(modular, a), cast(modular, b)));
}

Expr quotient(const Expr &a, const Expr &b) {
  Type type = a.type();
  if (type.is_float())
    return a / b;
  Expr zero = Internal::make_zero(type), one = Internal::make_one(type);
  if (!type.is_int())
    return select(b == zero, zero,
                  div_round_to_zero(a, select(b == zero, one, b)));
  // lowest / -1 overflows and traps.
  Expr minusOne = constant(type, int64_t(-1));
  Expr safe = select(b == zero || b == minusOne, one, b);
  return select(b == zero, zero, b == minusOne,
                wrapping(zero, a, [](Expr x, Expr y) { return x - y; }),
                div_round_to_zero(a, safe));
}

Expr modulo(const Expr &a, const Expr &b, bool dividendSign) {
  Type type = a.type();
  Expr zero = Internal::make_zero(type), one = Internal::make_one(type);
  Expr rest;
  if (type.is_float()) {
    rest = math::remainder(a, b);
  } else {
    Expr unsafe = b == zero;
    if (type.is_int())
      unsafe = unsafe || b == constant(type, int64_t(-1));
    rest = select(unsafe, zero, mod_round_to_zero(a, select(unsafe, one, b)));
  }
  if (dividendSign || type.is_uint())
    return rest;
  return select(rest != zero && (rest < zero) != (b < zero), rest + b, rest);
}

Expr magnitude(const Expr &x) {
  Type type = x.type();
  if (type.is_float())
    return abs(x);
  if (type.is_uint())
    return x;
  return cast(type, abs(x));
}

Expr signOf(const Expr &x) {
  Type type = x.type();
  Expr zero = Internal::make_zero(type), one = Internal::make_one(type);
  if (type.is_uint())
    return select(x != zero, one, zero);
  Expr minusOne = constant(type, int64_t(-1));
  return select(x > zero, one, x < zero, minusOne, x);
}

Expr shifted(const Expr &x, const Expr &amount, bool left) {
  Type type = x.type();
  if (!type.is_uint() && !left)
    throw SpecError("bit_shift: unsigned operands are expected");
  // Bits leave a number on the left in the same way with and without a sign.
  Type bits = type.with_code(halide_type_uint);
  Expr value = cast(bits, x), count = cast(bits, amount);
  Expr width = constant(bits, int64_t(type.bits()));
  Expr safe = min(count, width - Internal::make_one(bits));
  return cast(type, select(count >= width, Internal::make_zero(bits),
                           left ? value << safe : value >> safe));
}

Expr clampTo(const Expr &x, const Expr &low, const Expr &high) {
  Expr result = x;
  // NaN fails both tests and stays.
  if (low.defined())
    result = select(result < low, low, result);
  if (high.defined())
    result = select(result > high, high, result);
  return result;
}

Expr clampOp(const Op &op, const Expr &x, const ValueType &type) {
  bool isRelu = op.op == "relu";
  std::optional<double> low, high;
  if (isRelu) {
    low = 0.0;
  } else {
    low = optionalReal(op, "minimum");
    high = optionalReal(op, "maximum");
  }
  auto bound = [&](std::optional<double> real, bool isLow) -> Expr {
    if (!real)
      return Expr();
    if (type.quantized)
      return constant(x.type(), codeOf(*real, type.quantization));
    if (x.type().is_float())
      return constant(x.type(), *real);
    return constant(x.type(), isLow ? std::ceil(*real) : std::floor(*real));
  };
  return clampTo(x, bound(low, true), bound(high, false));
}

bool isCodeOp(const std::string &name) {
  return name == "relu" || name == "clamp" || name == "where" ||
         name == "min" || name == "max" || name == "broadcast" ||
         name == "equal" || name == "not_equal" || name == "less" ||
         name == "less_equal" || name == "greater" || name == "greater_equal";
}

Expr unary(const Op &op, const Expr &x) {
  const std::string &name = op.op;
  Type type = x.type();
  if (name == "abs")
    return magnitude(x);
  if (name == "neg")
    return type.is_float() ? -x
                           : wrapping(Internal::make_zero(type), x,
                                      [](Expr a, Expr b) { return a - b; });
  if (name == "sign")
    return signOf(x);
  if (name == "not")
    return type.is_bool() ? !x : ~x;
  if (!type.is_float()) {
    if (name == "round" || name == "floor" || name == "ceil")
      return x;
    throw SpecError(name + ": a floating-point operand is expected");
  }
  Expr one = Internal::make_one(type), zero = Internal::make_zero(type);
  if (name == "sqrt")
    return sqrt(x);
  if (name == "exp")
    return math::exponential(x);
  if (name == "log")
    return math::logarithm(x);
  if (name == "reciprocal")
    return one / x;
  if (name == "round")
    return round(x);
  if (name == "floor")
    return floor(x);
  if (name == "ceil")
    return ceil(x);
  if (name == "sin")
    return math::sine(x);
  if (name == "cos")
    return math::cosine(x);
  if (name == "erf")
    return math::errorFunction(x);
  if (name == "sigmoid")
    return math::sigmoid(x);
  if (name == "tanh")
    return math::hyperbolicTangent(x);
  if (name == "softplus")
    return math::softplus(x);
  if (name == "leaky_relu")
    return select(x < zero, x * constant(type, realAttribute(op, "alpha")), x);
  if (name == "elu")
    return select(x < zero,
                  math::exponentialMinusOne(select(x < zero, x, zero)) *
                      constant(type, realAttribute(op, "alpha")),
                  x);
  if (name == "hard_sigmoid")
    return clampTo(x * constant(type, realAttribute(op, "alpha")) +
                       constant(type, realAttribute(op, "beta")),
                   zero, one);
  return Expr();
}

Expr binary(const Op &op, const Expr &a, const Expr &b) {
  const std::string &name = op.op;
  Type type = a.type();
  if (name == "add")
    return wrapping(a, b, [](Expr x, Expr y) { return x + y; });
  if (name == "sub")
    return wrapping(a, b, [](Expr x, Expr y) { return x - y; });
  if (name == "mul")
    return wrapping(a, b, [](Expr x, Expr y) { return x * y; });
  if (name == "div")
    return quotient(a, b);
  if (name == "mod")
    return modulo(a, b, flagAttribute(op, "fmod"));
  if (name == "min")
    return minimum(a, b);
  if (name == "max")
    return maximum(a, b);
  if (name == "prelu")
    return select(a < Internal::make_zero(type),
                  wrapping(a, b, [](Expr x, Expr y) { return x * y; }), a);
  if (name == "equal")
    return a == b;
  if (name == "not_equal")
    return a != b;
  // Halide turns <= and >= into negated comparisons, which NaN passes.
  if (name == "less")
    return a < b;
  if (name == "less_equal")
    return type.is_float() ? a < b || a == b : a <= b;
  if (name == "greater")
    return a > b;
  if (name == "greater_equal")
    return type.is_float() ? b < a || a == b : a >= b;
  if (name == "and")
    return type.is_bool() ? a && b : a & b;
  if (name == "or")
    return type.is_bool() ? a || b : a | b;
  if (name == "xor")
    return type.is_bool() ? a != b : a ^ b;
  if (name == "bit_shift")
    return shifted(a, b, textAttribute(op, "direction") == "left");
  return Expr();
}

} // namespace

Expr Emitter::element(int number, const OperandAt &operand,
                      const Coordinates &at) const {
  const Op &op = spec.ops[number];
  const ValueType &result = op.results[0];
  if (Expr special = quantizedElement(number, operand, at); special.defined())
    return special;
  if (op.op == "lookup")
    return lookup(number, operand);
  if (op.operands.empty() || op.operands[0] < 0)
    throw SpecError(op.op + ": an operand is missing");
  for (int value : op.operands)
    if (value >= 0 && typeOf(value).quantized && !isCodeOp(op.op) &&
        // Between codes and their storage nothing changes but the meaning.
        !(op.op == "cast" && typeOf(value).scalar == result.scalar))
      throw SpecError(op.op + ": quantised operands are not accepted; "
                              "dequantize first");
  const ValueType &type = typeOf(op.operands[0]);
  Expr x = operand(0);
  if (op.op == "broadcast")
    return x;
  if (op.op == "cast" && type.scalar == result.scalar)
    return x;
  if (op.op == "cast")
    return convert(x, result.scalar);
  if (op.op == "relu" || op.op == "clamp")
    return clampOp(op, x, type);
  if (op.op == "where")
    return select(x, operand(1), operand(2));
  if (op.op == "pow")
    return convert(math::power(x, operand(1)), result.scalar);
  Expr value =
      op.operands.size() == 1 ? unary(op, x) : binary(op, x, operand(1));
  if (!value.defined())
    throw SpecError("op '" + op.op + "' has the wrong number of operands");
  return isFloat(result.scalar) ? roundTo(result.scalar, value) : value;
}

} // namespace shiftadd::halide_gen
