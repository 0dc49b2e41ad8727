//===- Types.h - Element types and attributes in Halide terms ---*- C++ -*-===//
//
// Part of the shiftadd project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// A value has a storage type (what lies in memory) and a compute type (what the
// expressions work on): float16 and bfloat16 compute in float32 and are rounded
// after each op, bool is a byte in memory.
//
//===----------------------------------------------------------------------===//
#ifndef SHIFTADD_CODEGEN_HALIDE_TYPES_H
#define SHIFTADD_CODEGEN_HALIDE_TYPES_H

#include "codegen/Halide/KernelSpec.h"

#include <Halide.h>

#include <optional>
#include <stdexcept>
#include <string>

namespace shiftadd::halide_gen {

/// A spec that the backend cannot compile; the text says which op and why.
class SpecError : public std::runtime_error {
public:
  using std::runtime_error::runtime_error;
};

Halide::Type storageType(ScalarType scalar);
Halide::Type computeType(ScalarType scalar);
/// The type in which sums of `scalar` results are formed: modular unsigned
/// integers (wrapping is then defined) or the compute type.
Halide::Type modularType(Halide::Type type);

Halide::Expr fromStorage(ScalarType scalar, const Halide::Expr &stored);
Halide::Expr toStorage(ScalarType scalar, const Halide::Expr &value);
/// Rounds a compute-type value to what `scalar` can hold.
Halide::Expr roundTo(ScalarType scalar, const Halide::Expr &value);

/// Numeric conversion between compute types: floats to integers truncate and
/// saturate with NaN to 0, integers wrap, anything to bool is x != 0.
Halide::Expr convert(const Halide::Expr &value, ScalarType to);
/// Float to integer, truncated and saturated, NaN to 0.
Halide::Expr saturateToInteger(const Halide::Expr &value, Halide::Type type);

/// max and min for which NaN in either operand gives NaN.
Halide::Expr maximum(const Halide::Expr &a, const Halide::Expr &b);
Halide::Expr minimum(const Halide::Expr &a, const Halide::Expr &b);

/// An integer of the same order: equal values (of both zeros too) have equal
/// keys, NaN is above infinity. Tuples that carry a value and its place compare
/// keys: Halide 21 overlooks reads inside of strict float comparisons when it
/// orders the updates of a Tuple, and then compares with the new value.
Halide::Expr orderKey(const Halide::Expr &value);

/// A constant of a compute type; integers saturate.
Halide::Expr constant(Halide::Type type, double value);
Halide::Expr constant(Halide::Type type, int64_t value);
Halide::Expr lowest(Halide::Type type);
Halide::Expr highest(Halide::Type type);

int64_t elementCount(const std::vector<int64_t> &shape);
int64_t elementBytes(ScalarType scalar);
bool isFloat(ScalarType scalar);
bool sameQuantization(const ValueType &a, const ValueType &b);
/// The code of a real value under a per-tensor quantisation.
int64_t codeOf(double real, const Quantization &quantization);

/// Attribute access; a missing or mistyped one is a SpecError.
int64_t integerAttribute(const Op &op, const std::string &name);
bool flagAttribute(const Op &op, const std::string &name);
double realAttribute(const Op &op, const std::string &name);
std::optional<double> optionalReal(const Op &op, const std::string &name);
std::string textAttribute(const Op &op, const std::string &name,
                          const std::string &otherwise = "");
std::vector<int64_t> listAttribute(const Op &op, const std::string &name);

} // namespace shiftadd::halide_gen

#endif // SHIFTADD_CODEGEN_HALIDE_TYPES_H
