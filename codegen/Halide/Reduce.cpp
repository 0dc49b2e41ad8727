//===- Reduce.cpp - Reductions along axes -----------------------*- C++ -*-===//
//
// Part of the shiftadd project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Sums and products of floats are formed in float64 and rounded once, so that
// their error does not grow with the number of elements; integers wrap.
//
//===----------------------------------------------------------------------===//
#include "codegen/Halide/Emitter.h"
#include "codegen/Halide/Math.h"
#include "codegen/Halide/Types.h"

#include <algorithm>

using namespace Halide;

namespace shiftadd::halide_gen {

static std::vector<Expr> reversed(const Coordinates &at) {
  return std::vector<Expr>(at.rbegin(), at.rend());
}

/// An RDom over extents given innermost first; no dimension becomes one of one.
static RDom domain(std::vector<int64_t> extents, const std::string &name) {
  if (extents.empty())
    extents.push_back(1);
  Region region;
  for (int64_t extent : extents)
    region.emplace_back(0, static_cast<int32_t>(extent));
  return RDom(region, name);
}

Func Emitter::fold(int result, const std::string &suffix,
                   const std::vector<int64_t> &shape,
                   const std::vector<int64_t> &axes, const Expr &identity,
                   const Combine &combine, const ExpressionAt &element) {
  size_t rank = shape.size();
  std::vector<bool> reduced(rank, false);
  for (int64_t axis : axes) {
    if (axis < 0 || axis >= static_cast<int64_t>(rank))
      throw SpecError("a reduced axis is not a dimension");
    reduced[static_cast<size_t>(axis)] = true;
  }
  std::vector<int64_t> kept, extents;
  std::vector<size_t> order; // reduced axes, innermost first
  for (size_t d = 0; d < rank; ++d)
    if (!reduced[d])
      kept.push_back(shape[d]);
  for (size_t d = rank; d-- > 0;)
    if (reduced[d]) {
      order.push_back(d);
      extents.push_back(shape[d]);
    }
  std::vector<Var> vars = variables(kept.size());
  std::vector<Var> halideVars(vars.rbegin(), vars.rend());
  auto coordinates = [&](const RDom &r) {
    Coordinates at(rank);
    size_t next = 0;
    for (size_t d = 0; d < rank; ++d)
      if (!reduced[d])
        at[d] = vars[next++];
    for (size_t i = 0; i < order.size(); ++i)
      at[order[i]] = r[static_cast<int>(i)];
    return at;
  };
  double work = static_cast<double>(elementCount(shape));

  // Reducing along contiguous elements: one partial result per vector lane.
  int width = std::max(4, lanes);
  if (!order.empty() && order[0] == rank - 1 && extents[0] >= 2 * width) {
    int64_t size = extents[0];
    std::vector<int64_t> blocks = extents;
    blocks[0] = (size + width - 1) / width;
    RDom r = domain(blocks, nameOf(result, suffix + "r"));
    Var lane = variables(kept.size() + 1).back();
    Coordinates at = coordinates(r);
    Expr inner = r[0] * width + lane;
    Expr term;
    if (size % width == 0) {
      at[rank - 1] = inner;
      term = element(at);
    } else {
      at[rank - 1] = min(inner, static_cast<int32_t>(size - 1));
      term = select(inner < static_cast<int32_t>(size), element(at), identity);
    }
    Func partial(nameOf(result, suffix + "p"));
    std::vector<Var> laneVars = halideVars;
    laneVars.insert(laneVars.begin(), lane);
    std::vector<Expr> laneAt(laneVars.begin(), laneVars.end());
    partial(laneVars) = identity;
    partial(laneVars) = combine(partial(laneAt), term);
    std::vector<int64_t> laneShape = kept;
    laneShape.push_back(width);
    values[result].stages.push_back({partial, laneShape, true, false, work});

    RDom all = domain({width}, nameOf(result, suffix + "l"));
    Func folded(nameOf(result, suffix + "f"));
    std::vector<Expr> foldedAt(halideVars.begin(), halideVars.end());
    laneAt[0] = all[0];
    folded(halideVars) = identity;
    folded(halideVars) = combine(folded(foldedAt), partial(laneAt));
    values[result].stages.push_back(
        {folded, kept, true, false, double(elementCount(laneShape))});
    return folded;
  }

  RDom r = domain(extents, nameOf(result, suffix + "r"));
  Func folded(nameOf(result, suffix + "f"));
  std::vector<Expr> foldedAt(halideVars.begin(), halideVars.end());
  folded(halideVars) = identity;
  folded(halideVars) = combine(folded(foldedAt), element(coordinates(r)));
  values[result].stages.push_back({folded, kept, true, false, work});
  return folded;
}

/// The coordinates of a folded Func for those of a result whose reduced
/// dimensions are kept as ones, or are gone already.
static Coordinates keptOnly(const Coordinates &at,
                            const std::vector<int64_t> &axes, bool ones) {
  if (!ones)
    return at;
  Coordinates result;
  for (size_t d = 0; d < at.size(); ++d)
    if (!std::count(axes.begin(), axes.end(), static_cast<int64_t>(d)))
      result.push_back(at[d]);
  return result;
}

void Emitter::emitReduce(const Op &op, int result) {
  int input = op.operands[0];
  const ValueType &type = typeOf(input);
  const ValueType &to = op.results[0];
  std::vector<int64_t> axes = listAttribute(op, "axes");
  bool ones = flagAttribute(op, "keep_dims");
  Type compute = computeType(type.scalar);
  const std::string &name = op.op;
  bool mean = name == "reduce_mean";
  bool sum = name == "reduce_sum" || mean, product = name == "reduce_prod";

  if (type.quantized && !(name == "reduce_max" || name == "reduce_min"))
    throw SpecError(name + ": quantised operands are not accepted");
  Type wide = compute;
  if (sum || product)
    wide = compute.is_float() ? Float(64)
           : mean             ? (compute.is_uint() ? UInt(64) : Int(64))
                              : modularType(computeType(to.scalar));
  Expr identity = sum                    ? Internal::make_zero(wide)
                  : product              ? Internal::make_one(wide)
                  : name == "reduce_max" ? lowest(wide)
                                         : highest(wide);
  Combine combine = [&](const Expr &a, const Expr &b) {
    if (sum)
      return a + b;
    if (product)
      return a * b;
    if (wide.is_bool())
      return name == "reduce_max" ? a || b : a && b;
    return name == "reduce_max" ? maximum(a, b) : minimum(a, b);
  };
  Func folded =
      fold(result, "", type.shape, axes, identity, combine,
           [&](const Coordinates &at) { return cast(wide, read(input, at)); });
  int64_t count = 1;
  for (int64_t axis : axes)
    count *= type.shape[static_cast<size_t>(axis)];
  define(result, [&](const Coordinates &at) {
    Expr value = folded(reversed(keptOnly(at, axes, ones)));
    if (mean && wide.is_float())
      value = value / Expr(static_cast<double>(count));
    else if (mean)
      value = count ? div_round_to_zero(value, constant(wide, count)) : value;
    return isFloat(to.scalar) ? roundTo(to.scalar, value)
                              : cast(computeType(to.scalar), value);
  });
}

void Emitter::emitArgument(const Op &op, int result) {
  int input = op.operands[0];
  const ValueType &type = typeOf(input);
  int64_t axis = integerAttribute(op, "axis");
  bool ones = flagAttribute(op, "keep_dims");
  bool lastIndex = flagAttribute(op, "select_last_index");
  bool largest = op.op == "arg_max";
  size_t rank = type.shape.size();
  if (axis < 0 || axis >= static_cast<int64_t>(rank))
    throw SpecError(op.op + ": the axis is not a dimension");
  std::vector<int64_t> kept = type.shape;
  kept.erase(kept.begin() + axis);
  std::vector<Var> vars = variables(kept.size());
  std::vector<Var> halideVars(vars.rbegin(), vars.rend());
  std::vector<Expr> own(halideVars.begin(), halideVars.end());
  int64_t size = type.shape[static_cast<size_t>(axis)];
  RDom r = domain({size}, nameOf(result, "r"));
  Coordinates at(vars.begin(), vars.end());
  Coordinates zero = at;
  at.insert(at.begin() + axis, r[0]);
  zero.insert(zero.begin() + axis, 0);
  auto key = [&](const Coordinates &where) {
    return orderKey(read(input, where));
  };
  Expr element = key(at);
  Func best(nameOf(result, "f"));
  best(halideVars) = Tuple(key(zero), Expr(0));
  Expr value = best(own)[0], index = best(own)[1];
  Expr better = largest ? element > value : element < value;
  if (lastIndex)
    better = better || element == value;
  best(halideVars) =
      Tuple(select(better, element, value), select(better, Expr(r[0]), index));
  values[result].stages.push_back(
      {best, kept, true, false, double(elementCount(type.shape))});
  define(result, [&](const Coordinates &where) {
    return cast<int64_t>(best(reversed(keptOnly(where, {axis}, ones)))[1]);
  });
}

void Emitter::emitTopK(const Op &op, int result) {
  int input = op.operands[0];
  const ValueType &type = typeOf(input);
  size_t axis = static_cast<size_t>(integerAttribute(op, "axis"));
  bool largest = flagAttribute(op, "largest");
  if (axis >= type.shape.size() || op.results.size() != 2)
    throw SpecError("top_k: a dimension as axis and two results are expected");
  int64_t size = type.shape[axis], k = op.results[0].shape[axis];
  if (k > size)
    throw SpecError("top_k: k is larger than the dimension");
  // Selection k times over: the best element behind the one chosen before, in
  // the order (value, index), which has no ties.
  std::vector<int64_t> shape = op.results[0].shape;
  std::vector<Var> vars = variables(shape.size());
  std::vector<Var> halideVars(vars.rbegin(), vars.rend());
  RDom r = domain({size, k}, nameOf(result, "r"));
  Coordinates at(vars.begin(), vars.end());
  Coordinates from = at, to = at, before = at;
  from[axis] = r[0];
  to[axis] = r[1];
  before[axis] = max(r[1] - 1, 0);
  Expr element = orderKey(read(input, from));
  Func best(nameOf(result, "f"));
  // -1 stands for nothing chosen.
  best(halideVars) = Tuple(Internal::make_zero(element.type()), Expr(-1));
  Expr value = best(reversed(to))[0], index = best(reversed(to))[1];
  Expr lastValue = best(reversed(before))[0];
  Expr lastIndex = best(reversed(before))[1];
  auto precedes = [&](const Expr &a, const Expr &b) {
    return largest ? a > b : a < b;
  };
  Expr remains = r[1] == 0 || precedes(lastValue, element) ||
                 (element == lastValue && r[0] > lastIndex);
  Expr better = remains && (index < 0 || precedes(element, value));
  best(reversed(to)) =
      Tuple(select(better, element, value), select(better, Expr(r[0]), index));
  values[result].stages.push_back(
      {best, shape, true, false, double(elementCount(type.shape)) * double(k)});
  define(result, [&](const Coordinates &where) {
    Coordinates chosen = where;
    chosen[axis] = clamp(best(reversed(where))[1], 0,
                         static_cast<int32_t>(std::max<int64_t>(size, 1) - 1));
    return read(input, chosen);
  });
  define(result + 1, [&](const Coordinates &where) {
    return cast<int64_t>(max(best(reversed(where))[1], 0));
  });
}

void Emitter::emitSoftmax(const Op &op, int result) {
  int input = op.operands[0];
  const ValueType &type = typeOf(input);
  int64_t axis = integerAttribute(op, "axis");
  bool logarithmic = op.op == "log_softmax";
  if (!isFloat(type.scalar) || axis < 0 ||
      axis >= static_cast<int64_t>(type.shape.size()))
    throw SpecError(op.op + ": a floating-point operand and one of its "
                            "dimensions are expected");
  Type compute = computeType(type.scalar);
  std::vector<int64_t> axes = {axis};
  auto element = [&](const Coordinates &at) { return read(input, at); };
  Func peak =
      fold(result, "m", type.shape, axes, lowest(compute), maximum, element);
  auto shiftedAt = [&](const Coordinates &at) {
    return read(input, at) - peak(reversed(keptOnly(at, axes, true)));
  };
  // The exponentials are stored: they are used for the sum and for the result.
  Func powers(nameOf(result, "e"));
  std::vector<Var> vars = variables(type.shape.size());
  Coordinates own(vars.begin(), vars.end());
  powers(std::vector<Var>(vars.rbegin(), vars.rend())) =
      math::exponential(shiftedAt(own));
  values[result].stages.push_back(
      {powers, type.shape, true, false, 20 * double(elementCount(type.shape))});
  Func total = fold(
      result, "s", type.shape, axes, Expr(0.0),
      [](const Expr &a, const Expr &b) { return a + b; },
      [&](const Coordinates &at) {
        return cast<double>(powers(reversed(at)));
      });
  define(result, [&](const Coordinates &at) {
    Expr sum = cast(compute, total(reversed(keptOnly(at, axes, true))));
    Expr value = logarithmic ? shiftedAt(at) - math::logarithm(sum)
                             : powers(reversed(at)) / sum;
    return roundTo(op.results[0].scalar, value);
  });
}

void Emitter::emitLrn(const Op &op, int result) {
  int input = op.operands[0];
  const ValueType &type = typeOf(input);
  size_t axis = static_cast<size_t>(integerAttribute(op, "axis"));
  int64_t size = integerAttribute(op, "size");
  if (axis >= type.shape.size() || !isFloat(type.scalar))
    throw SpecError("lrn: a floating-point operand and one of its dimensions "
                    "are expected");
  Type compute = computeType(type.scalar);
  int64_t before = (size - 1) / 2;
  std::vector<int64_t> first(type.shape.size(), 0), last = type.shape;
  for (int64_t &edge : last)
    --edge;
  first[axis] = -before;
  last[axis] += size - 1 - before;
  RDom r = domain({size}, nameOf(result, "r"));
  Func sums = addStage(
      result, "f", Tuple(Internal::make_zero(compute)),
      [&](const Tuple &sum, const Coordinates &at) {
        Coordinates from = at;
        from[axis] = at[axis] + r[0] - static_cast<int32_t>(before);
        Expr x = readPadded(input, from, first, last,
                            Internal::make_zero(compute), false);
        return Tuple(sum[0] + x * x);
      },
      double(size), false);
  define(result, [&](const Coordinates &at) {
    Expr base = constant(compute, realAttribute(op, "bias")) +
                constant(compute, realAttribute(op, "alpha") / double(size)) *
                    sums(reversed(at));
    // The base is positive, so the power is exp(-beta * log).
    Expr factor = math::exponential(
        constant(compute, -realAttribute(op, "beta")) * math::logarithm(base));
    return roundTo(op.results[0].scalar, read(input, at) * factor);
  });
}

void Emitter::emitBatchNorm(const Op &op, int result) {
  size_t axis = static_cast<size_t>(integerAttribute(op, "axis"));
  if (op.operands.size() != 5 || axis >= op.results[0].shape.size())
    throw SpecError("batch_norm: five operands and one of the dimensions are "
                    "expected");
  Type compute = computeType(op.results[0].scalar);
  define(result, [&](const Coordinates &at) {
    auto parameter = [&](int i) {
      return cast(compute, read(op.operands[i], {at[axis]}));
    };
    Expr deviation =
        sqrt(parameter(4) + constant(compute, realAttribute(op, "epsilon")));
    Expr value =
        (read(op.operands[0], at) - parameter(3)) * (parameter(1) / deviation) +
        parameter(2);
    return roundTo(op.results[0].scalar, value);
  });
}

bool Emitter::emitReduction(int number, int result) {
  const Op &op = spec.ops[number];
  const std::string &name = op.op;
  bool reduce = name == "reduce_sum" || name == "reduce_mean" ||
                name == "reduce_max" || name == "reduce_min" ||
                name == "reduce_prod";
  bool argument = name == "arg_max" || name == "arg_min";
  bool softmax = name == "softmax" || name == "log_softmax";
  if (!reduce && !argument && !softmax && name != "top_k" && name != "lrn" &&
      name != "batch_norm")
    return false;
  if (op.operands.empty() || op.operands[0] < 0)
    throw SpecError(name + ": an operand is missing");
  if (name != "batch_norm" && !reduce && !argument)
    store(op.operands[0]); // read more than once
  if (reduce)
    emitReduce(op, result);
  else if (argument)
    emitArgument(op, result);
  else if (softmax)
    emitSoftmax(op, result);
  else if (name == "top_k")
    emitTopK(op, result);
  else if (name == "lrn")
    emitLrn(op, result);
  else
    emitBatchNorm(op, result);
  return true;
}

} // namespace shiftadd::halide_gen
