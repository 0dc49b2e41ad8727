//===- WithoutMultiplication.cpp - Products by constants as sums -*- C++ -*-==//
//
// Part of the shiftadd project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Rewrites products; the bounds of loop variables and codes keep the number of
// bits small.
//
//===----------------------------------------------------------------------===//
#include "codegen/Halide/WithoutMultiplication.h"

using namespace Halide;
using namespace Halide::Internal;

namespace shiftadd::halide_gen {

/// The constant that all lanes of an integer have, if there is one.
static std::optional<int64_t> constantOf(const Expr &value) {
  Expr scalar = value;
  while (const auto *broadcast = scalar.as<Broadcast>())
    scalar = broadcast->value;
  if (auto number = as_const_int(scalar))
    return *number;
  if (auto number = as_const_uint(scalar))
    return static_cast<int64_t>(*number);
  return std::nullopt;
}

/// 0 and powers of two with either sign. Others that take few instructions are
/// none: joined with a further factor they become a product again.
static bool isSimple(int64_t factor) {
  uint64_t magnitude = factor < 0 ? 0 - static_cast<uint64_t>(factor)
                                  : static_cast<uint64_t>(factor);
  return (magnitude & (magnitude - 1)) == 0;
}

/// The same for values of a known range, in signed numbers of which none wraps.
static Expr productInRange(const Expr &value, int64_t factor, int64_t lowest,
                           int count) {
  Type type = value.type();
  auto number = [&](int64_t n) { return make_const(type, n); };
  Expr bits = value - number(lowest);
  int64_t all = (int64_t(1) << count) - 1;
  Expr total = number((lowest + all) * factor);
  for (int bit = 0; bit < count; ++bit)
    total = total +
            select((bits & number(int64_t(1) << bit)) == make_zero(type),
                   number(-(factor * (int64_t(1) << bit))), make_zero(type));
  return total;
}

/// Whether everything that productInRange() forms has a bit to spare.
static bool staysInRange(Type type, int64_t factor, int64_t lowest, int count) {
  if (!type.is_int() || type.bits() < 32)
    return false;
  auto magnitude = [](__int128 number) {
    return number < 0 ? -number : number;
  };
  __int128 all = (__int128(1) << count) - 1;
  return (magnitude(lowest) + all) * magnitude(factor) <
         (__int128(1) << (type.bits() - 2));
}

Expr productBySelection(const Expr &value, int64_t factor,
                        const Scope<ConstantInterval> &bounds) {
  Type type = value.type(), modular = type.with_code(Type::UInt);
  ConstantInterval range = constant_integer_bounds(value, bounds);
  int count = type.bits();
  uint64_t lowest = 0;
  if (range.is_bounded() &&
      __int128(range.max) - range.min < (__int128(1) << 40)) {
    uint64_t extent =
        static_cast<uint64_t>(range.max) - static_cast<uint64_t>(range.min);
    for (count = 0; extent >> count != 0;)
      ++count;
    // What follows may rely on the bounds of the product, a saturation for
    // example. The bounds of numbers of 64 bits that wrap are taken for those
    // of numbers that do not.
    if (staysInRange(type, factor, range.min, count))
      return productInRange(value, factor, range.min, count);
    lowest = static_cast<uint64_t>(range.min);
  }
  // Modulo 2^width, so that the order and the sign do not matter.
  auto number = [&](uint64_t n) {
    if (type.bits() < 64)
      n &= (uint64_t(1) << type.bits()) - 1;
    return make_const(modular, n);
  };
  uint64_t step = static_cast<uint64_t>(factor);
  // All bits count at first and the clear ones take their share away again: a
  // sum of the shares of set bits is another form that is recognised.
  uint64_t all = count == 64 ? UINT64_MAX : (uint64_t(1) << count) - 1;
  Expr bits = cast(modular, value) - number(lowest);
  Expr total = number((lowest + all) * step);
  for (int bit = 0; bit < count; ++bit)
    total = total + select((bits & number(uint64_t(1) << bit)) == 0,
                           number(0 - (step << bit)), make_zero(modular));
  return cast(type, total);
}

Expr productOfBits(const Expr &value, int bits, const Expr &factor) {
  Type type = factor.type();
  Expr total = make_zero(type);
  for (int bit = 0; bit < bits; ++bit)
    total =
        total + select((value & make_const(value.type(), int64_t(1) << bit)) ==
                           make_zero(value.type()),
                       make_zero(type), factor << make_const(type, bit));
  return total;
}

Expr quotientBySubtraction(const Expr &numerator, const Expr &denominator,
                           int bits) {
  Type type = numerator.type();
  // Each remainder is read several times: it has a name.
  Expr divisor = Variable::make(type, unique_name("divisor"));
  std::vector<Expr> remainders;
  for (int bit = 0; bit < bits; ++bit)
    remainders.push_back(Variable::make(type, unique_name("remainder")));
  auto nameOf = [](const Expr &variable) {
    return variable.as<Variable>()->name;
  };
  // Bit by bit from the highest one, whose remainder is the numerator.
  auto ifContained = [&](int bit, const Expr &value) {
    Expr amount = make_const(type, bit);
    return select((remainders[bit] >> amount) >= divisor, value << amount,
                  make_zero(type));
  };
  Expr result = make_zero(type);
  for (int bit = 0; bit < bits; ++bit)
    result = result + ifContained(bit, make_one(type));
  for (int bit = 0; bit < bits; ++bit)
    result = Let::make(nameOf(remainders[bit]),
                       bit + 1 == bits ? numerator
                                       : remainders[bit + 1] -
                                             ifContained(bit + 1, divisor),
                       result);
  return Let::make(nameOf(divisor), denominator, result);
}

Expr WithoutMultiplication::visit(const Mul *op) {
  Expr a = mutate(op->a), b = mutate(op->b);
  if (op->type.is_int_or_uint()) {
    auto left = constantOf(a), right = constantOf(b);
    if (right && !left && !isSimple(*right))
      return productBySelection(a, *right, bounds);
    if (left && !right && !isSimple(*left))
      return productBySelection(b, *left, bounds);
  }
  return Mul::make(a, b);
}

Expr WithoutMultiplication::visit(const Let *op) {
  Expr value = mutate(op->value);
  if (!op->value.type().is_int_or_uint())
    return Let::make(op->name, value, mutate(op->body));
  ScopedBinding<Interval> bind(bounds, op->name,
                               constant_integer_bounds(op->value, bounds));
  return Let::make(op->name, value, mutate(op->body));
}

Stmt WithoutMultiplication::visit(const LetStmt *op) {
  Expr value = mutate(op->value);
  if (!op->value.type().is_int_or_uint())
    return LetStmt::make(op->name, value, mutate(op->body));
  ScopedBinding<Interval> bind(bounds, op->name,
                               constant_integer_bounds(op->value, bounds));
  return LetStmt::make(op->name, value, mutate(op->body));
}

Stmt WithoutMultiplication::visit(const For *op) {
  Expr min = mutate(op->min), extent = mutate(op->extent);
  Interval first = constant_integer_bounds(op->min, bounds);
  Interval last = constant_integer_bounds(op->min + op->extent - 1, bounds);
  Interval range = first;
  range.max = last.max;
  range.max_defined = last.max_defined;
  ScopedBinding<Interval> bind(bounds, op->name, range);
  return For::make(op->name, min, extent, op->for_type, op->partition_policy,
                   op->device_api, mutate(op->body));
}

} // namespace shiftadd::halide_gen
