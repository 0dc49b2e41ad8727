//===- Pool.cpp - Windows without weights -----------------------*- C++ -*-===//
//
// Part of the shiftadd project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Maximum, average, sum and p-norm over a window, channels-last.
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

static Expr size32(int64_t value) { return Expr(static_cast<int32_t>(value)); }

namespace {

/// The window of one pooling op.
struct Window {
  std::vector<int64_t> kernel, strides, padding, dilations;
  std::vector<int64_t> first, last; ///< input coordinates asked for
  RDom taps;                        ///< innermost first
  size_t spatial = 0;

  Expr tap(size_t s) const { return taps[static_cast<int>(spatial - 1 - s)]; }
  /// Input coordinate of dimension s for an output coordinate.
  Expr position(size_t s, const Expr &output) const {
    return output * size32(strides[s]) + tap(s) * size32(dilations[s]) -
           size32(padding[2 * s]);
  }
  Coordinates positions(const Coordinates &at) const {
    Coordinates from = at;
    for (size_t s = 0; s < spatial; ++s)
      from[s + 1] = position(s, at[s + 1]);
    return from;
  }
  double size() const { return double(elementCount(kernel)); }
};

Window windowOf(const Op &op, const std::vector<int64_t> &input,
                const std::string &name) {
  Window w;
  w.kernel = listAttribute(op, "kernel");
  w.strides = listAttribute(op, "strides");
  w.padding = listAttribute(op, "padding");
  w.dilations = listAttribute(op, "dilations");
  w.spatial = w.kernel.size();
  if (w.spatial < 1 || input.size() != w.spatial + 2 ||
      op.results[0].shape.size() != input.size() ||
      w.strides.size() != w.spatial || w.padding.size() != 2 * w.spatial ||
      w.dilations.size() != w.spatial)
    throw SpecError(op.op + ": attributes of unfit rank");
  Region region;
  w.first.assign(input.size(), 0);
  w.last = input;
  for (int64_t &edge : w.last)
    --edge;
  for (size_t s = w.spatial; s-- > 0;) {
    region.emplace_back(0, static_cast<int32_t>(w.kernel[s]));
    w.first[s + 1] = -w.padding[2 * s];
    w.last[s + 1] = (op.results[0].shape[s + 1] - 1) * w.strides[s] +
                    (w.kernel[s] - 1) * w.dilations[s] - w.padding[2 * s];
  }
  w.taps = RDom(region, name);
  return w;
}

/// How many taps of a window lie in [low, high) of dimension s.
Expr tapsWithin(const Window &w, size_t s, const Expr &output, int64_t low,
                int64_t high) {
  int64_t step = w.dilations[s];
  Expr start = output * size32(w.strides[s]) - size32(w.padding[2 * s]);
  // Taps start + k * step >= low from the first k on, < high up to the end.
  Expr from = max(0, (size32(low + step - 1) - start) / size32(step));
  Expr to = min(size32(w.kernel[s]),
                (size32(high + step - 1) - start) / size32(step));
  return max(0, to - from);
}

} // namespace

void Emitter::emitPool(const Op &op, int result) {
  int input = op.operands[0];
  const ValueType &type = typeOf(input);
  const ValueType &to = op.results[0];
  const std::string &name = op.op;
  Window w = windowOf(op, type.shape, nameOf(result, "r"));
  Type compute = computeType(type.scalar);

  if (name == "max_pool") {
    Func best = addStage(
        result, "f", Tuple(lowest(compute)),
        [&](const Tuple &previous, const Coordinates &at) {
          Expr x = readPadded(input, w.positions(at), w.first, w.last,
                              lowest(compute), false);
          return Tuple(maximum(previous[0], x));
        },
        w.size(), false);
    define(result, [&](const Coordinates &at) { return best(reversed(at)); });
    return;
  }

  if (name == "max_pool_with_indices") {
    if (op.results.size() != 2)
      throw SpecError(name + ": two results are expected");
    // The running index is that of the pixel, -1 before the first one.
    Type keyType = orderKey(Internal::make_zero(compute)).type();
    Func best = addStage(
        result, "f", Tuple(Internal::make_zero(keyType), Expr(-1)),
        [&](const Tuple &previous, const Coordinates &at) {
          Coordinates from = w.positions(at);
          Expr inside = Internal::const_true(), pixel = 0;
          for (size_t s = 0; s < w.spatial; ++s) {
            Expr size = size32(type.shape[s + 1]);
            inside = inside && from[s + 1] >= 0 && from[s + 1] < size;
            pixel = pixel * size + from[s + 1];
            from[s + 1] = clamp(from[s + 1], 0, size - 1);
          }
          Expr x = orderKey(read(input, from));
          Expr better = inside && (previous[1] < 0 || x > previous[0]);
          return Tuple(select(better, x, previous[0]),
                       select(better, pixel, previous[1]));
        },
        w.size(), false);
    values[result].stages.back().whole = true; // two results read it
    int64_t pixels = 1;
    for (size_t s = 0; s < w.spatial; ++s)
      pixels *= type.shape[s + 1];
    define(result, [&](const Coordinates &at) {
      Coordinates from = at;
      Expr pixel = max(best(reversed(at))[1], 0);
      for (size_t s = w.spatial; s-- > 0;) {
        Expr size = size32(type.shape[s + 1]);
        from[s + 1] = clamp(pixel % size, 0, size - 1);
        pixel = pixel / size;
      }
      return read(input, from);
    });
    define(result + 1, [&](const Coordinates &at) {
      Expr plane =
          cast<int64_t>(at.front()) * cast<int64_t>(size32(type.shape.back())) +
          cast<int64_t>(at.back());
      return plane * constant(Int(64), pixels) +
             cast<int64_t>(best(reversed(at))[1]);
    });
    return;
  }

  bool norm = name == "lp_pool", average = name == "avg_pool";
  if (type.quantized && (norm || average))
    throw SpecError(name + ": quantised operands are not accepted; use "
                           "sum_pool and requantize");
  int64_t p = norm ? integerAttribute(op, "p") : 1;
  Type wide = compute.is_float()
                  ? (norm ? Float(64) : compute)
                  : modularType(average ? Int(64) : computeType(to.scalar));
  int64_t zeroCode = type.quantized && type.quantization.zeroPoints.size() == 1
                         ? type.quantization.zeroPoints[0]
                         : 0;
  Func sum = addStage(
      result, "f", Tuple(Internal::make_zero(wide)),
      [&](const Tuple &previous, const Coordinates &at) {
        Expr x = readPadded(input, w.positions(at), w.first, w.last,
                            constant(compute, zeroCode), true);
        if (norm) {
          x = abs(cast(wide, x));
          Expr power = p == 1   ? x
                       : p == 2 ? x * x
                                : math::power(x, Expr(double(p)));
          return Tuple(previous[0] + power);
        }
        return Tuple(previous[0] + cast(wide, x));
      },
      w.size() * (norm && p > 2 ? 20 : 1), false);
  bool includePadding = average && flagAttribute(op, "count_include_pad");
  define(result, [&](const Coordinates &at) {
    Expr value = sum(reversed(at));
    if (norm && p == 2)
      value = sqrt(value);
    else if (norm && p != 1)
      value = math::power(value, Expr(1.0 / double(p)));
    if (average) {
      Expr count = 1;
      for (size_t s = 0; s < w.spatial; ++s) {
        int64_t size = type.shape[s + 1];
        int64_t low = includePadding ? -w.padding[2 * s] : 0;
        int64_t high = includePadding ? size + w.padding[2 * s + 1] : size;
        bool always = w.first[s + 1] >= low && w.last[s + 1] < high;
        count = count * (always ? size32(w.kernel[s])
                                : tapsWithin(w, s, at[s + 1], low, high));
      }
      if (compute.is_float())
        value = value / cast(compute, max(count, 1));
      else
        value = div_round_to_zero(cast<int64_t>(value),
                                  cast<int64_t>(max(count, 1)));
    }
    return isFloat(to.scalar) ? roundTo(to.scalar, value)
                              : cast(computeType(to.scalar), value);
  });
}

} // namespace shiftadd::halide_gen
