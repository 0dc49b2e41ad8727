//===- NarrowWeights.h - Facts about weights of four bits -------*- C++ -*-===//
//
// Part of the shiftadd project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// That the weights of an op fit four bits is a property of their values, which
// a kernel does not see: the schedule stage states it as an attribute.
//
//===----------------------------------------------------------------------===//
#ifndef SHIFTADD_CODEGEN_HALIDE_TEMPLATES_NARROWWEIGHTS_H
#define SHIFTADD_CODEGEN_HALIDE_TEMPLATES_NARROWWEIGHTS_H

namespace shiftadd::halide_gen::narrow {

/// All weights lie in [value, value + 15].
constexpr const char *lowest = "shiftadd.narrow_lowest";
/// 1: all weights are 0, or 1, 2, 4 or 8 with either sign.
constexpr const char *powers = "shiftadd.narrow_powers";

} // namespace shiftadd::halide_gen::narrow

#endif // SHIFTADD_CODEGEN_HALIDE_TEMPLATES_NARROWWEIGHTS_H
