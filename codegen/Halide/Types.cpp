//===- Types.cpp - Element types and attributes in Halide terms -*- C++ -*-===//
//
// Part of the shiftadd project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Conversions are written so that none of them has a result that depends on the
// instruction selected: Halide's own casts leave out-of-range floats undefined.
//
//===----------------------------------------------------------------------===//
#include "codegen/Halide/Types.h"

#include <algorithm>
#include <cmath>
#include <limits>

using namespace Halide;

namespace shiftadd::halide_gen {

Type storageType(ScalarType scalar) {
  switch (scalar) {
  case ScalarType::Bool:
  case ScalarType::UInt8:
    return UInt(8);
  case ScalarType::Int8:
    return Int(8);
  case ScalarType::Int16:
    return Int(16);
  case ScalarType::Int32:
    return Int(32);
  case ScalarType::Int64:
    return Int(64);
  case ScalarType::UInt16:
  case ScalarType::BFloat16:
    return UInt(16);
  case ScalarType::UInt32:
    return UInt(32);
  case ScalarType::UInt64:
    return UInt(64);
  case ScalarType::Float16:
    return Float(16);
  case ScalarType::Float32:
    return Float(32);
  case ScalarType::Float64:
    return Float(64);
  }
  throw SpecError("unknown element type " +
                  std::to_string(static_cast<int>(scalar)));
}

Type computeType(ScalarType scalar) {
  switch (scalar) {
  case ScalarType::Bool:
    return UInt(1);
  case ScalarType::Float16:
  case ScalarType::BFloat16:
    return Float(32);
  default:
    return storageType(scalar);
  }
}

Type modularType(Type type) {
  return type.is_int() || type.is_uint() ? UInt(std::max(type.bits(), 32))
                                         : type;
}

bool isFloat(ScalarType scalar) { return scalar >= ScalarType::Float16; }

int64_t elementBytes(ScalarType scalar) { return storageType(scalar).bytes(); }

int64_t elementCount(const std::vector<int64_t> &shape) {
  int64_t count = 1;
  for (int64_t size : shape)
    count *= size;
  return count;
}

/// The 16 high bits of a float32 rounded to nearest even.
static Expr bfloatBits(const Expr &value) {
  Expr bits = reinterpret<uint32_t>(value);
  Expr rounded = (bits + 0x7fff + ((bits >> 16) & 1)) >> 16;
  Expr isNan = (bits & 0x7fffffff) > 0x7f800000;
  return cast<uint16_t>(select(isNan, (bits >> 16) | 0x40, rounded));
}

/// float64 to float32 with the last bit set when inexact (round to odd), so
/// that a second rounding to 16 bits gives the directly rounded result.
static Expr narrowToOdd(const Expr &value) {
  Expr nearest = cast<float>(value);
  Expr bits = reinterpret<uint32_t>(nearest);
  Expr back = cast<double>(nearest);
  // Toward zero first: the neighbour below in magnitude has the bits less 1.
  Expr toZero = select(abs(back) > abs(value), bits - 1, bits);
  Expr exact = back == value || value != value;
  return reinterpret<float>(select(exact, bits, toZero | 1));
}

Expr fromStorage(ScalarType scalar, const Expr &stored) {
  switch (scalar) {
  case ScalarType::Bool:
    return stored != cast<uint8_t>(0);
  case ScalarType::Float16:
    return cast<float>(stored);
  case ScalarType::BFloat16:
    return reinterpret<float>(cast<uint32_t>(stored) << 16);
  default:
    return stored;
  }
}

Expr toStorage(ScalarType scalar, const Expr &value) {
  switch (scalar) {
  case ScalarType::Bool:
    return cast<uint8_t>(value);
  case ScalarType::Float16:
    return cast(Float(16), value);
  case ScalarType::BFloat16:
    return bfloatBits(value);
  default:
    return cast(storageType(scalar), value);
  }
}

Expr roundTo(ScalarType scalar, const Expr &value) {
  if (scalar == ScalarType::Float16 || scalar == ScalarType::BFloat16) {
    Expr single =
        value.type().bits() == 64 ? narrowToOdd(value) : cast<float>(value);
    return fromStorage(scalar, toStorage(scalar, single));
  }
  return cast(computeType(scalar), value);
}

Expr saturateToInteger(const Expr &value, Type type) {
  Type real = value.type();
  auto limit = [&](double bound) { return Internal::make_const(real, bound); };
  double high = std::ldexp(1.0, type.bits() - (type.is_int() ? 1 : 0));
  double low = type.is_int() ? -high : 0.0;
  Expr tooHigh = value >= limit(high);
  Expr tooLow = type.is_int() ? value < limit(low) : value <= limit(-1.0);
  Expr bad = tooHigh || tooLow || value != value;
  Expr safe = select(bad, limit(0.0), value);
  Expr converted;
  if (type.bits() < 32) {
    converted = cast(type, cast<int32_t>(safe));
  } else if (type.is_int()) {
    converted = cast(type, safe);
  } else if (type.bits() == 32) {
    converted = cast(type, cast<int64_t>(safe));
  } else {
    // The upper half of uint64 is out of the signed conversion's range.
    Expr half = limit(std::ldexp(1.0, 63));
    Expr upper = safe >= half;
    Expr part = cast<uint64_t>(cast<int64_t>(select(upper, safe - half, safe)));
    converted = select(upper, part + (cast<uint64_t>(1) << 63), part);
  }
  // NaN first: Halide turns >= into a negated <, which NaN passes.
  return select(value != value, Internal::make_zero(type), tooHigh, type.max(),
                tooLow, type.min(), converted);
}

Expr convert(const Expr &value, ScalarType to) {
  Type from = value.type();
  if (to == ScalarType::Bool)
    return from.is_bool() ? value : value != Internal::make_zero(from);
  if (isFloat(to)) {
    // Integers wider than a float16's path take one exact step first.
    if ((to == ScalarType::Float16 || to == ScalarType::BFloat16) &&
        !from.is_float() && from.bits() > 16)
      return roundTo(to, cast<double>(value));
    return roundTo(to, value);
  }
  if (from.is_float())
    return saturateToInteger(value, computeType(to));
  return cast(computeType(to), value);
}

Expr maximum(const Expr &a, const Expr &b) {
  if (!a.type().is_float())
    return max(a, b);
  return select(a < b || b != b, b, a);
}

Expr minimum(const Expr &a, const Expr &b) {
  if (!a.type().is_float())
    return min(a, b);
  return select(b < a || b != b, b, a);
}

Expr orderKey(const Expr &value) {
  Type type = value.type();
  if (type.is_bool())
    return cast<uint8_t>(value);
  if (!type.is_float())
    return value;
  Type bits = Int(type.bits());
  Expr zero = Internal::make_zero(type);
  // Clearing the sign of a NaN puts every NaN above infinity.
  Expr plain = select(value == zero, zero, value != value, abs(value), value);
  Expr key = reinterpret(bits, plain);
  // Negative floats count downwards from the sign bit.
  return select(key < Internal::make_zero(bits), key ^ bits.max(), key);
}

Expr constant(Type type, double value) {
  if (type.is_float())
    return Internal::make_const(type, value);
  if (type.is_bool())
    return Internal::make_const(type, value != 0.0 ? 1 : 0);
  if (type.is_uint()) {
    double high = std::ldexp(1.0, type.bits());
    if (value >= high)
      return type.max();
    return Internal::make_const(
        type, value <= 0.0 ? uint64_t(0) : static_cast<uint64_t>(value));
  }
  double high = std::ldexp(1.0, type.bits() - 1);
  if (value >= high)
    return type.max();
  if (value < -high)
    return type.min();
  return Internal::make_const(type, static_cast<int64_t>(value));
}

Expr constant(Type type, int64_t value) {
  if (type.is_uint())
    return Internal::make_const(type, static_cast<uint64_t>(value));
  return Internal::make_const(type, value);
}

Expr lowest(Type type) {
  if (type.is_float())
    return Internal::make_const(type, -std::numeric_limits<double>::infinity());
  return type.min();
}

Expr highest(Type type) {
  if (type.is_float())
    return Internal::make_const(type, std::numeric_limits<double>::infinity());
  return type.max();
}

bool sameQuantization(const ValueType &a, const ValueType &b) {
  if (a.quantized != b.quantized)
    return false;
  if (!a.quantized)
    return true;
  const Quantization &p = a.quantization, &q = b.quantization;
  return p.scales == q.scales && p.zeroPoints == q.zeroPoints &&
         p.axis == q.axis && p.minimum == q.minimum && p.maximum == q.maximum;
}

int64_t codeOf(double real, const Quantization &quantization) {
  if (quantization.scales.size() != 1 || quantization.zeroPoints.size() != 1)
    throw SpecError("a real bound or padding value needs one scale per tensor");
  float quotient =
      static_cast<float>(real) / static_cast<float>(quantization.scales[0]);
  double code = std::nearbyint(static_cast<double>(quotient)) +
                static_cast<double>(quantization.zeroPoints[0]);
  code = std::min(std::max(code, static_cast<double>(quantization.minimum)),
                  static_cast<double>(quantization.maximum));
  return static_cast<int64_t>(code);
}

static const Attribute &attribute(const Op &op, const std::string &name) {
  auto found = op.attributes.find(name);
  if (found == op.attributes.end())
    throw SpecError(op.op + ": attribute '" + name + "' is missing");
  return found->second;
}

template <typename T>
static const T &typed(const Op &op, const std::string &name) {
  if (const T *value = std::get_if<T>(&attribute(op, name)))
    return *value;
  throw SpecError(op.op + ": attribute '" + name + "' has the wrong type");
}

int64_t integerAttribute(const Op &op, const std::string &name) {
  return typed<int64_t>(op, name);
}

bool flagAttribute(const Op &op, const std::string &name) {
  return op.attributes.count(name) && typed<int64_t>(op, name) != 0;
}

double realAttribute(const Op &op, const std::string &name) {
  if (const int64_t *value = std::get_if<int64_t>(&attribute(op, name)))
    return static_cast<double>(*value);
  return typed<double>(op, name);
}

std::optional<double> optionalReal(const Op &op, const std::string &name) {
  if (!op.attributes.count(name))
    return std::nullopt;
  return realAttribute(op, name);
}

std::string textAttribute(const Op &op, const std::string &name,
                          const std::string &otherwise) {
  if (!op.attributes.count(name) && !otherwise.empty())
    return otherwise;
  return typed<std::string>(op, name);
}

std::vector<int64_t> listAttribute(const Op &op, const std::string &name) {
  return typed<std::vector<int64_t>>(op, name);
}

} // namespace shiftadd::halide_gen
