//===- Math.h - Elementary functions as expressions -------------*- C++ -*-===//
//
// Part of the shiftadd project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// The float32 functions are polynomials that vectorise and give the same bits
// in vector and scalar code, within about 2 units in the last place; float64
// goes to libm. Halide's own exp and log differ between vectors and scalars,
// and its tanh and erf lose all relative accuracy near 0 or call libm per lane.
//
//===----------------------------------------------------------------------===//
#ifndef SHIFTADD_CODEGEN_HALIDE_MATH_H
#define SHIFTADD_CODEGEN_HALIDE_MATH_H

#include <Halide.h>

namespace shiftadd::halide_gen::math {

Halide::Expr exponential(const Halide::Expr &x);
/// exp(x) - 1 for x <= 0, accurate near 0.
Halide::Expr exponentialMinusOne(const Halide::Expr &x);
Halide::Expr logarithm(const Halide::Expr &x);
Halide::Expr errorFunction(const Halide::Expr &x);
Halide::Expr hyperbolicTangent(const Halide::Expr &x);
Halide::Expr sigmoid(const Halide::Expr &x);
Halide::Expr softplus(const Halide::Expr &x);
Halide::Expr sine(const Halide::Expr &x);
Halide::Expr cosine(const Halide::Expr &x);
/// In float64, operands of any numeric type.
Halide::Expr power(const Halide::Expr &base, const Halide::Expr &exponent);
/// C's fmod: the sign of the dividend.
Halide::Expr remainder(const Halide::Expr &a, const Halide::Expr &b);

} // namespace shiftadd::halide_gen::math

#endif // SHIFTADD_CODEGEN_HALIDE_MATH_H
