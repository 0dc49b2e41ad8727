//===- Math.cpp - Elementary functions as expressions -----------*- C++ -*-===//
//
// Part of the shiftadd project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Comparisons are written so that NaN falls through to a NaN result.
//
//===----------------------------------------------------------------------===//
#include "codegen/Halide/Math.h"

#include <initializer_list>
#include <limits>

using namespace Halide;

namespace shiftadd::halide_gen::math {

static Expr library(const char *name, Type type, std::vector<Expr> arguments) {
  return Internal::Call::make(type, name, std::move(arguments),
                              Internal::Call::PureExtern);
}

static Expr single(float value) { return Expr(value); }

/// Coefficients from the highest power down.
static Expr polynomial(const Expr &x, std::initializer_list<float> terms) {
  Expr result;
  for (float term : terms)
    result = result.defined() ? result * x + single(term) : single(term);
  return result;
}

/// 2^n for -126 <= n <= 127.
static Expr powerOfTwo(const Expr &n) {
  return reinterpret<float>((n + 127) << 23);
}

namespace {
/// exp(x) = 2^exponent * (1 + fraction).
struct Reduced {
  Expr exponent; ///< int32
  Expr fraction;
};
} // namespace

static Reduced reduceExponential(const Expr &x) {
  Expr n = round(x * single(1.44269504088896341f));
  // ln 2 in two parts: n times the first is exact.
  Expr r = (x - n * single(0.693359375f)) - n * single(-2.12194440e-4f);
  Expr tail =
      polynomial(r, {1.9875691500e-4f, 1.3981999507e-3f, 8.3334519073e-3f,
                     4.1665795894e-2f, 1.6666665459e-1f, 5.0000001201e-1f});
  return {cast<int32_t>(n), tail * r * r + r};
}

Expr exponential(const Expr &x) {
  if (x.type().bits() == 64)
    return library("exp", x.type(), {x});
  Expr low = single(-104.0f), high = single(89.0f);
  Expr bounded = select(x<low, low, x> high, high, x);
  Reduced reduced = reduceExponential(bounded);
  // Two factors: the whole power of two may lie outside the normal range.
  Expr half = reduced.exponent >> 1;
  return (single(1.0f) + reduced.fraction) * powerOfTwo(half) *
         powerOfTwo(reduced.exponent - half);
}

Expr exponentialMinusOne(const Expr &x) {
  if (x.type().bits() == 64) {
    // Kahan's form: the error of exp cancels against that of log.
    Expr u = library("exp", x.type(), {x});
    Expr one = Expr(1.0);
    return select(u == one, x, u - one == -one, -one,
                  (u - one) * x / library("log", x.type(), {u}));
  }
  Expr low = single(-50.0f);
  Reduced reduced = reduceExponential(select(x < low, low, x));
  Expr scale = powerOfTwo(reduced.exponent);
  return reduced.fraction * scale + (scale - single(1.0f));
}

/// 2 artanh(s) = log((1 + s) / (1 - s)) for |s| <= 1/3.
static Expr twiceArtanh(const Expr &s) {
  Expr square = s * s;
  Expr tail = polynomial(square, {2.0f / 17, 2.0f / 15, 2.0f / 13, 2.0f / 11,
                                  2.0f / 9, 2.0f / 7, 2.0f / 5, 2.0f / 3});
  return tail * square * s + single(2.0f) * s;
}

Expr logarithm(const Expr &x) {
  if (x.type().bits() == 64)
    return library("log", x.type(), {x});
  Expr tiny = x < single(std::numeric_limits<float>::min());
  Expr scaled = select(tiny, x * single(33554432.0f), x);
  Expr bits = reinterpret<int32_t>(scaled);
  // Mantissa in [sqrt(1/2), sqrt(2)), so that the result near 1 does not
  // cancel.
  Expr offset = bits - 0x3f3504f3;
  Expr exponent = offset >> 23;
  Expr mantissa = reinterpret<float>((offset & 0x007fffff) + 0x3f3504f3);
  Expr m1 = mantissa - single(1.0f);
  Expr n = cast<float>(exponent - select(tiny, 25, 0));
  Expr value = twiceArtanh(m1 / (mantissa + single(1.0f)));
  value = (value + n * single(-2.12194440e-4f)) + n * single(0.693359375f);
  float infinity = std::numeric_limits<float>::infinity();
  Expr nan = single(std::numeric_limits<float>::quiet_NaN());
  return select(x == single(0.0f), single(-infinity), x < single(0.0f), nan,
                x < single(infinity), value, x);
}

Expr errorFunction(const Expr &x) {
  if (x.type().bits() == 64)
    return library("erf", x.type(), {x});
  // Near 0 the Taylor series, which keeps the relative accuracy.
  Expr bounded =
      select(x<single(-1.0f), single(-1.0f), x> single(1.0f), single(1.0f), x);
  Expr square = bounded * bounded;
  constexpr double factor = 1.12837916709551257390; // 2 / sqrt(pi)
  std::vector<double> terms;
  double factorial = 1.0;
  for (int k = 0; k <= 11; ++k) {
    factorial *= k ? -k : 1;
    terms.push_back(factor / (factorial * (2 * k + 1)));
  }
  Expr series = single(static_cast<float>(terms.back()));
  for (size_t k = terms.size() - 1; k-- > 0;)
    series = series * square + single(static_cast<float>(terms[k]));
  Expr inner = series * bounded;

  // Beyond, 1 - erfc with a rational-argument Chebyshev fit of erfc.
  Expr magnitude = abs(x);
  Expr t = single(1.0f) / (single(1.0f) + single(0.5f) * magnitude);
  Expr fit = polynomial(
      t, {0.17087277f, -0.82215223f, 1.48851587f, -1.13520398f, 0.27886807f,
          -0.18628806f, 0.09678418f, 0.37409196f, 1.00002368f, -1.26551223f});
  Expr outer = single(1.0f) - t * exponential(fit - magnitude * magnitude);
  outer = select(x < single(0.0f), -outer, outer);
  return select(magnitude > single(1.0f), outer, inner);
}

Expr hyperbolicTangent(const Expr &x) {
  if (x.type().bits() == 64)
    return library("tanh", x.type(), {x});
  Expr t = exponentialMinusOne(single(-2.0f) * abs(x));
  Expr value = -t / (single(2.0f) + t);
  return select(x < single(0.0f), -value, x == single(0.0f), x, value);
}

Expr sigmoid(const Expr &x) {
  Expr one = cast(x.type(), 1), zero = cast(x.type(), 0);
  Expr e = exponential(-abs(x));
  return select(x < zero, e, one) / (one + e);
}

Expr softplus(const Expr &x) {
  Type type = x.type();
  Expr one = cast(type, 1), zero = cast(type, 0);
  Expr e = exponential(-abs(x));
  Expr logarithmOfSum;
  if (type.bits() == 64) {
    Expr u = one + e;
    logarithmOfSum =
        select(u == one, e, library("log", type, {u}) * e / (u - one));
  } else {
    logarithmOfSum = twiceArtanh(e / (single(2.0f) + e));
  }
  return select(x > zero, x, zero) + logarithmOfSum;
}

Expr sine(const Expr &x) {
  return library(x.type().bits() == 64 ? "sin" : "sinf", x.type(), {x});
}

Expr cosine(const Expr &x) {
  return library(x.type().bits() == 64 ? "cos" : "cosf", x.type(), {x});
}

Expr power(const Expr &base, const Expr &exponent) {
  return library("pow", Float(64),
                 {cast<double>(base), cast<double>(exponent)});
}

Expr remainder(const Expr &a, const Expr &b) {
  // The remainder of two float32 numbers is one too, so one function serves.
  return cast(a.type(),
              library("fmod", Float(64), {cast<double>(a), cast<double>(b)}));
}

} // namespace shiftadd::halide_gen::math
