//===- Spatial.cpp - Convolutions, dense and matrix products ----*- C++ -*-===//
//
// Part of the shiftadd project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// The generic form of every op that sums products or absolute differences.
// Constant filters come with the output channel innermost, so that vectors run
// over it with contiguous loads. Integer sums are formed unsigned, in scalar
// accumulation order, never as a vector reduction: what a backend makes of
// those is not to be trusted for absolute differences.
//
//===----------------------------------------------------------------------===//
#include "codegen/Halide/Emitter.h"
#include "codegen/Halide/Types.h"

#include <algorithm>

using namespace Halide;

namespace shiftadd::halide_gen {

static std::vector<Expr> reversed(const Coordinates &at) {
  return std::vector<Expr>(at.rbegin(), at.rend());
}

static Expr size32(int64_t value) { return Expr(static_cast<int32_t>(value)); }

Func Emitter::addStage(
    int result, const std::string &suffix, const Tuple &initial,
    const std::function<Tuple(const Tuple &, const Coordinates &)> &update,
    double work, bool blocked) {
  const std::vector<int64_t> &shape = typeOf(result).shape;
  std::vector<Var> vars = variables(shape.size());
  std::vector<Var> halideVars(vars.rbegin(), vars.rend());
  Coordinates at(vars.begin(), vars.end());
  Func stage(nameOf(result, suffix));
  if (initial.size() == 1) {
    stage(halideVars) = initial[0];
    Expr previous = stage(reversed(at));
    stage(halideVars) = update(Tuple(previous), at)[0];
  } else {
    stage(halideVars) = initial;
    Tuple previous = stage(reversed(at));
    stage(halideVars) = update(previous, at);
  }
  values[result].stages.push_back(
      {stage, shape, false, blocked, work * double(elementCount(shape))});
  return stage;
}

/// Element [output, rest...] of a filter.
Expr Emitter::filterAt(int filter, const Expr &output,
                       const Coordinates &rest) const {
  const ValueType &type = typeOf(filter);
  int blob =
      isArgument(filter) ? plan.find(BlobKind::OutputInnermost, filter) : -1;
  if (blob < 0) {
    Coordinates at = rest;
    at.insert(at.begin(), output);
    return read(filter, at);
  }
  Expr index = 0;
  for (size_t d = 0; d < rest.size(); ++d)
    index = index * size32(type.shape[d + 1]) + rest[d];
  index = index * size32(type.shape[0]) + output;
  return fromStorage(type.scalar, blobs[blob](index));
}

/// The type in which the terms of a sum are formed.
static Type termType(const ValueType &result) {
  Type type = computeType(result.scalar);
  return type.is_float() ? type : modularType(type);
}

/// One term of a sum; codes are subtracted signed, then wrapped.
static Expr term(const Expr &x, const Expr &w, Type type, bool adder) {
  if (!adder)
    return cast(type, x) * cast(type, w);
  if (type.is_float())
    return abs(cast(type, x) - cast(type, w));
  Type wide =
      x.type().bits() <= 16 && w.type().bits() <= 16 ? Int(32) : Int(64);
  Expr difference = cast(wide, x) - cast(wide, w);
  return cast(type, select(difference < 0, -difference, difference));
}

/// The finished sum at `at`, as the result's compute type.
Expr Emitter::biased(const Op &op, const Expr &sum,
                     const Coordinates &at) const {
  const ValueType &result = op.results[0];
  Expr value = sum;
  if (op.operands.size() > 2 && op.operands[2] >= 0)
    value = value + cast(value.type(), read(op.operands[2], {at.back()}));
  return isFloat(result.scalar) ? roundTo(result.scalar, value)
                                : cast(computeType(result.scalar), value);
}

void Emitter::emitFilter(const Op &op, int result) {
  int input = op.operands[0], filter = op.operands[1];
  bool adder = op.op == "adder_conv" || op.op == "adder_dense";
  const ValueType &type = typeOf(input);
  const std::vector<int64_t> &window = typeOf(filter).shape;
  const std::vector<int64_t> &shape = op.results[0].shape;
  Type sumType = termType(op.results[0]);
  bool dense = op.op.find("dense") != std::string::npos;
  size_t rank = type.shape.size();
  size_t spatial = dense ? 0 : rank - 2;
  if (dense ? window.size() != 2 || rank < 1
            : rank < 3 || window.size() != rank)
    throw SpecError(op.op + ": operands of unfit rank");
  std::vector<int64_t> strides, padding, dilations;
  int64_t groups = 1;
  if (!dense) {
    strides = listAttribute(op, "strides");
    padding = listAttribute(op, "padding");
    dilations = listAttribute(op, "dilations");
    groups = integerAttribute(op, "groups");
    if (strides.size() != spatial || padding.size() != 2 * spatial ||
        dilations.size() != spatial || groups < 1)
      throw SpecError(op.op + ": one stride, dilation and padding pair per "
                              "spatial dimension is expected");
  }
  int64_t perGroup = shape.back() / groups;
  int64_t channels = window.back();

  // Innermost first: channels, then the window from its last dimension on.
  Region region = {{0, static_cast<int32_t>(channels)}};
  for (size_t s = spatial; s-- > 0;)
    region.emplace_back(0, static_cast<int32_t>(window[s + 1]));
  RDom r(region, nameOf(result, "r"));
  auto tap = [&](size_t s) { return Expr(r[static_cast<int>(spatial - s)]); };
  std::vector<int64_t> first(rank, 0), last = type.shape;
  for (int64_t &edge : last)
    --edge;
  for (size_t s = 0; s < spatial; ++s) {
    first[s + 1] = -padding[2 * s];
    last[s + 1] = (shape[s + 1] - 1) * strides[s] +
                  (window[s + 1] - 1) * dilations[s] - padding[2 * s];
  }
  int64_t zeroCode = 0;
  if (type.quantized && type.quantization.zeroPoints.size() == 1)
    zeroCode = type.quantization.zeroPoints[0];
  Expr outside = constant(computeType(type.scalar), zeroCode);
  double work =
      double(elementCount(window)) / double(std::max<int64_t>(1, window[0]));
  Func sum = addStage(
      result, "f", Tuple(Internal::make_zero(sumType)),
      [&](const Tuple &previous, const Coordinates &at) {
        Coordinates from = at, rest;
        for (size_t s = 0; s < spatial; ++s) {
          from[s + 1] = at[s + 1] * size32(strides[s]) +
                        tap(s) * size32(dilations[s]) - size32(padding[2 * s]);
          rest.push_back(tap(s));
        }
        rest.push_back(r[0]);
        from.back() =
            groups == 1
                ? Expr(r[0])
                : at.back() / size32(perGroup) * size32(channels) + r[0];
        Expr x = readPadded(input, from, first, last, outside, true);
        Expr t = term(x, filterAt(filter, at.back(), rest), sumType, adder);
        return Tuple(adder ? previous[0] - t : previous[0] + t);
      },
      work, true);
  define(result, [&](const Coordinates &at) {
    return biased(op, sum(reversed(at)), at);
  });
}

void Emitter::emitConvTranspose(const Op &op, int result) {
  int input = op.operands[0], filter = op.operands[1];
  const ValueType &type = typeOf(input);
  const std::vector<int64_t> &window = typeOf(filter).shape;
  const std::vector<int64_t> &shape = op.results[0].shape;
  size_t rank = type.shape.size();
  std::vector<int64_t> strides = listAttribute(op, "strides");
  std::vector<int64_t> padding = listAttribute(op, "padding");
  std::vector<int64_t> dilations = listAttribute(op, "dilations");
  int64_t groups = integerAttribute(op, "groups");
  if (rank < 3 || window.size() != rank || strides.size() != rank - 2 ||
      padding.size() != 2 * (rank - 2) || dilations.size() != rank - 2 ||
      groups < 1)
    throw SpecError("conv_transpose: operands or attributes of unfit rank");
  size_t spatial = rank - 2;
  int64_t perGroup = shape.back() / groups;
  int64_t channels = window.back();
  Type sumType = termType(op.results[0]);
  Region region = {{0, static_cast<int32_t>(channels)}};
  for (size_t s = spatial; s-- > 0;)
    region.emplace_back(0, static_cast<int32_t>(window[s + 1]));
  RDom r(region, nameOf(result, "r"));
  Func sum = addStage(
      result, "f", Tuple(Internal::make_zero(sumType)),
      [&](const Tuple &previous, const Coordinates &at) {
        // Output y receives tap k of input (y + low - k * dilation) / stride
        // where that is a whole number inside of the input.
        Coordinates from = at, rest;
        Expr hits = Internal::const_true();
        for (size_t s = 0; s < spatial; ++s) {
          Expr tap = r[static_cast<int>(spatial - s)];
          Expr scaled =
              at[s + 1] + size32(padding[2 * s]) - tap * size32(dilations[s]);
          Expr stride = size32(strides[s]), size = size32(type.shape[s + 1]);
          hits = hits && scaled >= 0 && scaled % stride == 0 &&
                 scaled / stride < size;
          from[s + 1] = clamp(scaled / stride, 0, size - 1);
          rest.push_back(tap);
        }
        rest.push_back(r[0]);
        from.back() =
            groups == 1
                ? Expr(r[0])
                : at.back() / size32(perGroup) * size32(channels) + r[0];
        Expr product = term(read(input, from),
                            filterAt(filter, at.back(), rest), sumType, false);
        return Tuple(previous[0] +
                     select(hits, product, Internal::make_zero(sumType)));
      },
      double(elementCount(window)) / double(std::max<int64_t>(1, window[0])),
      true);
  define(result, [&](const Coordinates &at) {
    return biased(op, sum(reversed(at)), at);
  });
}

void Emitter::emitMatmul(const Op &op, int result) {
  int a = op.operands[0], b = op.operands[1];
  const std::vector<int64_t> &shapeA = typeOf(a).shape;
  const std::vector<int64_t> &shapeB = typeOf(b).shape;
  size_t rank = op.results[0].shape.size();
  if (shapeA.size() < 2 || shapeB.size() < 2 || rank < 2 ||
      shapeA.back() != shapeB[shapeB.size() - 2])
    throw SpecError("matmul: two matrices that fit are expected");
  Type sumType = termType(op.results[0]);
  RDom r(0, static_cast<int32_t>(shapeA.back()), nameOf(result, "r"));
  auto matrixAt = [&](int value, const Coordinates &at, const Expr &row,
                      const Expr &column) {
    const std::vector<int64_t> &shape = typeOf(value).shape;
    Coordinates own;
    for (size_t d = 0; d + 2 < shape.size(); ++d)
      own.push_back(shape[d] == 1 ? Expr(0) : at[rank - shape.size() + d]);
    own.push_back(row);
    own.push_back(column);
    return read(value, own);
  };
  Func sum = addStage(
      result, "f", Tuple(Internal::make_zero(sumType)),
      [&](const Tuple &previous, const Coordinates &at) {
        Expr x = matrixAt(a, at, at[rank - 2], r[0]);
        Expr y = matrixAt(b, at, r[0], at[rank - 1]);
        return Tuple(previous[0] + term(x, y, sumType, false));
      },
      double(shapeA.back()), true);
  define(result, [&](const Coordinates &at) {
    Expr value = sum(reversed(at));
    const ValueType &to = op.results[0];
    return isFloat(to.scalar) ? roundTo(to.scalar, value)
                              : cast(computeType(to.scalar), value);
  });
}

bool Emitter::emitSpatial(int number, int result) {
  const Op &op = spec.ops[number];
  bool pool = op.op == "max_pool" || op.op == "max_pool_with_indices" ||
              op.op == "avg_pool" || op.op == "sum_pool" || op.op == "lp_pool";
  bool matmul = op.op == "matmul";
  if (!pool && !matmul && !isFilterOp(op))
    return false;
  for (size_t i = 0; i < (pool ? 1u : 2u); ++i) {
    if (i >= op.operands.size() || op.operands[i] < 0)
      throw SpecError(op.op + ": an operand is missing");
    store(op.operands[i]); // read once per tap
  }
  if (pool)
    emitPool(op, result);
  else if (matmul)
    emitMatmul(op, result);
  else if (op.op == "conv_transpose")
    emitConvTranspose(op, result);
  else
    emitFilter(op, result);
  return true;
}

} // namespace shiftadd::halide_gen
