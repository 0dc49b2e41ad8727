//===- Lookup.cpp - Functions of one code by tables -------------*- C++ -*-===//
//
// Part of the shiftadd project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Tables with one element per code, and the integer softmax that is built on
// one. Both are exact.
//
//===----------------------------------------------------------------------===//
#include "codegen/Halide/Emitter.h"
#include "codegen/Halide/Types.h"
#include "codegen/Halide/WithoutMultiplication.h"

using namespace Halide;

namespace shiftadd::halide_gen {

static std::vector<Expr> reversed(const Coordinates &at) {
  return std::vector<Expr>(at.rbegin(), at.rend());
}

/// Elements of a table, which has one dimension.
static int64_t tableSize(const Op &op, const ValueType &table) {
  if (table.shape.size() != 1 || table.shape[0] < 1)
    throw SpecError(op.op + ": a table with one dimension is expected");
  return table.shape[0];
}

Expr Emitter::tableElement(int table, const Expr &index) const {
  int64_t size = typeOf(table).shape[0];
  return read(table, {unsafe_promise_clamped(index, 0,
                                             static_cast<int32_t>(size - 1))});
}

Expr Emitter::lookup(int number, const OperandAt &operand) const {
  const Op &op = spec.ops[number];
  if (op.operands.size() != 2 || op.operands[1] < 0)
    throw SpecError("lookup: codes and a table are expected");
  int64_t size = tableSize(op, typeOf(op.operands[1]));
  Expr code = operand(0);
  if (!code.type().is_int_or_uint() || code.type().bits() > 8)
    throw SpecError("lookup: codes of at most 8 bits are expected");
  int64_t lowest = code.type().is_int() ? -(size / 2) : 0;
  return tableElement(op.operands[1],
                      cast<int32_t>(code) - static_cast<int32_t>(lowest));
}

void Emitter::emitQuantizedSoftmax(int number, int result) {
  const Op &op = spec.ops[number];
  if (op.operands.size() != 2 || op.operands[0] < 0 || op.operands[1] < 0)
    throw SpecError("quantized_softmax: codes and a table are expected");
  int input = op.operands[0], table = op.operands[1];
  const ValueType &type = typeOf(input), &to = op.results[0];
  size_t axis = static_cast<size_t>(integerAttribute(op, "axis"));
  tableSize(op, typeOf(table));
  if (axis >= type.shape.size() || !to.quantized ||
      to.quantization.zeroPoints.size() != 1)
    throw SpecError("quantized_softmax: one of the dimensions and a result "
                    "with one zero point are expected");
  store(input); // read three times
  auto without = [&](const Coordinates &at) {
    Coordinates kept = at;
    kept.erase(kept.begin() + static_cast<std::ptrdiff_t>(axis));
    return kept;
  };
  std::vector<int64_t> axes = {static_cast<int64_t>(axis)};
  Func largest = fold(
      result, "m", type.shape, axes, lowest(computeType(type.scalar)),
      [](const Expr &a, const Expr &b) { return max(a, b); },
      [&](const Coordinates &at) { return read(input, at); });
  Func exponentials(nameOf(result, "e"));
  std::vector<Var> vars = variables(type.shape.size());
  Coordinates own(vars.begin(), vars.end());
  exponentials(std::vector<Var>(vars.rbegin(), vars.rend())) = cast<int32_t>(
      tableElement(table, cast<int32_t>(largest(reversed(without(own)))) -
                              cast<int32_t>(read(input, own))));
  values[result].stages.push_back({exponentials, type.shape, true, false,
                                   double(elementCount(type.shape))});
  Func total = fold(
      result, "s", type.shape, axes, Internal::make_zero(Int(64)),
      [](const Expr &a, const Expr &b) { return a + b; },
      [&](const Coordinates &at) {
        return cast<int64_t>(exponentials(reversed(at)));
      });
  // Everything is positive, and below 2^62.
  int64_t multiplier = integerAttribute(op, "multiplier");
  uint64_t shift = static_cast<uint64_t>(integerAttribute(op, "shift"));
  // An exponential is at most the sum.
  int quotientBits = 1;
  while (quotientBits < 62 && (multiplier >> shift) >> quotientBits != 0)
    ++quotientBits;
  ++quotientBits;
  define(result, [&](const Coordinates &at) {
    Expr sum = cast<uint64_t>(total(reversed(without(at))));
    Expr exponential = cast<int64_t>(exponentials(reversed(at)));
    Expr scaled = spec.shiftAdd
                      ? productBySelection(exponential, 2 * multiplier)
                      : exponential * Expr(2 * multiplier);
    Expr numerator = cast<uint64_t>(scaled) + (sum << Expr(shift));
    Expr denominator = max(sum << Expr(shift + 1), Expr(uint64_t(1)));
    Expr quotient =
        spec.shiftAdd
            ? quotientBySubtraction(numerator, denominator, quotientBits)
            : numerator / denominator;
    Expr code = cast<int64_t>(quotient) + Expr(to.quantization.zeroPoints[0]);
    return cast(computeType(to.scalar),
                clamp(code, Expr(to.quantization.minimum),
                      Expr(to.quantization.maximum)));
  });
}

} // namespace shiftadd::halide_gen
