//===- WithoutMultiplication.h - Products by constants as sums --*- C++ -*-===//
//
// Part of the shiftadd project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// The last lowering pass of a kernel that must not multiply. What is left by
// then are products by constants: strides in addresses, factors that are part
// of the kernel's text. Shifts and additions of one value would be recognised
// as a product and become a multiply instruction again, so that each bit of the
// value selects its share of the product instead.
//
//===----------------------------------------------------------------------===//
#ifndef SHIFTADD_CODEGEN_HALIDE_WITHOUTMULTIPLICATION_H
#define SHIFTADD_CODEGEN_HALIDE_WITHOUTMULTIPLICATION_H

#include <Halide.h>

namespace shiftadd::halide_gen {

/// value * factor. `bounds` knows variables of the value. To be used where
/// lowering itself would find better instructions for a product.
Halide::Expr productBySelection(
    const Halide::Expr &value, int64_t factor,
    const Halide::Internal::Scope<Halide::Internal::ConstantInterval> &bounds =
        Halide::Internal::Scope<
            Halide::Internal::ConstantInterval>::empty_scope());

/// value * factor of two values of the run. `value` is one of [0, 2^bits), and
/// the type holds the product.
Halide::Expr productOfBits(const Halide::Expr &value, int bits,
                           const Halide::Expr &factor);

/// numerator / denominator, rounded down, of unsigned numbers. The quotient is
/// below 2^bits.
Halide::Expr quotientBySubtraction(const Halide::Expr &numerator,
                                   const Halide::Expr &denominator, int bits);

class WithoutMultiplication : public Halide::Internal::IRMutator {
protected:
  using Halide::Internal::IRMutator::visit;
  Halide::Expr visit(const Halide::Internal::Mul *op) override;
  Halide::Expr visit(const Halide::Internal::Let *op) override;
  Halide::Internal::Stmt visit(const Halide::Internal::LetStmt *op) override;
  Halide::Internal::Stmt visit(const Halide::Internal::For *op) override;

private:
  using Interval = Halide::Internal::ConstantInterval;
  Halide::Internal::Scope<Interval> bounds;
};

} // namespace shiftadd::halide_gen

#endif // SHIFTADD_CODEGEN_HALIDE_WITHOUTMULTIPLICATION_H
