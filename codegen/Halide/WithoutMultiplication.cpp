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

Expr productBySelection(const Expr &value, int64_t factor,
                        const Scope<ConstantInterval> &bounds) {
  Type type = value.type(), modular = type.with_code(Type::UInt);
  // Modulo 2^width, so that the order and the sign do not matter.
  Expr bits = cast(modular, value), total = make_zero(modular);
  int count = type.bits();
  ConstantInterval range = constant_integer_bounds(value, bounds);
  auto number = [&](uint64_t n) {
    if (type.bits() < 64)
      n &= (uint64_t(1) << type.bits()) - 1;
    return make_const(modular, n);
  };
  uint64_t step = static_cast<uint64_t>(factor);
  if (range.is_bounded() && range.max - range.min < (int64_t(1) << 31)) {
    uint64_t extent = static_cast<uint64_t>(range.max - range.min);
    for (count = 0; extent >> count != 0;)
      ++count;
    uint64_t lowest = static_cast<uint64_t>(range.min);
    bits = bits - number(lowest);
    total = number(lowest * step);
  }
  // All bits count at first and the clear ones take their share away again: a
  // sum of the shares of set bits is another form that is recognised.
  uint64_t all = count == 64 ? UINT64_MAX : (uint64_t(1) << count) - 1;
  total = total + number(all * step);
  for (int bit = 0; bit < count; ++bit)
    total = total + select((bits & number(uint64_t(1) << bit)) == 0,
                           number(0 - (step << bit)), make_zero(modular));
  return cast(type, total);
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
