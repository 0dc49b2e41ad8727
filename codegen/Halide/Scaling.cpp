//===- Scaling.cpp - Constants of a requantisation, folded ------*- C++ -*-===//
//
// Part of the shiftadd project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Offsets are formed modulo 2^32: the scaled sum and the offset may each wrap,
// their total is in range.
//
//===----------------------------------------------------------------------===//
#include "codegen/Halide/Scaling.h"

#include "codegen/Halide/Types.h"

#include <algorithm>
#include <cmath>

namespace shiftadd::halide_gen {

/// A requantisation by constants, with one zero point.
static bool hasConstantScaling(const KernelSpec &spec, const Op &op) {
  bool residual = op.op == "requantize_residual";
  if (!residual && op.op != "requantize")
    return false;
  if (op.operands.size() != (residual ? 6u : 4u) || op.results.size() != 1)
    return false;
  auto isConstant = [&](int value) {
    return value >= 0 && value < static_cast<int>(spec.arguments.size()) &&
           spec.arguments[static_cast<size_t>(value)].constant;
  };
  if (!op.results[0].quantized ||
      op.results[0].quantization.zeroPoints.size() != 1 ||
      (op.operands[1] >= 0 && !isConstant(op.operands[1])) ||
      !isConstant(op.operands[2]) || !isConstant(op.operands[3]))
    return false;
  if (!residual)
    return true;
  if (op.operands[4] < 0 || !isConstant(op.operands[5]))
    return false;
  const ValueType &type = spec.typeOf(op.operands[4]);
  return type.quantized && type.quantization.zeroPoints.size() == 1;
}

std::optional<FoldedScaling> getFoldedScaling(const KernelSpec &spec,
                                              int number) {
  const Op &op = spec.ops[static_cast<size_t>(number)];
  if (!hasConstantScaling(spec, op))
    return std::nullopt;
  bool residual = op.op == "requantize_residual";
  std::string rounding = textAttribute(op, "rounding");
  if (textAttribute(op, "arithmetic", "int64") != "int32" ||
      (rounding != "half_up" && rounding != "floor"))
    return std::nullopt;
  FoldedScaling folded;
  folded.residual = residual;
  folded.halfUp = rounding == "half_up";
  folded.zeroPoint = op.results[0].quantization.zeroPoints[0];
  if (residual)
    folded.residualZeroPoint =
        spec.typeOf(op.operands[4]).quantization.zeroPoints[0];
  auto optional = [&](const char *name) -> std::optional<uint32_t> {
    if (!op.attributes.count(name))
      return std::nullopt;
    int64_t value = integerAttribute(op, name);
    if (value < 0 || value > 31)
      throw SpecError(op.op + ": " + name + " must be from 0 to 31");
    return static_cast<uint32_t>(value);
  };
  folded.powersOfTwo = optional(scaling::powersOfTwo).value_or(0) != 0;
  folded.zeroFolded = optional(scaling::zeroFolded).value_or(0) != 0;
  folded.rightShift = optional(scaling::rightShift);
  if (folded.powersOfTwo) {
    folded.leftShift = optional(scaling::leftShift);
    folded.residualShift = optional(scaling::residualShift);
  }
  return folded;
}

std::optional<RealScaling> getRealScaling(const KernelSpec &spec, int number) {
  const Op &op = spec.ops[static_cast<size_t>(number)];
  if (!hasConstantScaling(spec, op) ||
      textAttribute(op, "arithmetic", "int64") != "double" ||
      textAttribute(op, "rounding") != "half_up" ||
      !op.attributes.count(scaling::realOffset) ||
      integerAttribute(op, scaling::realOffset) == 0)
    return std::nullopt;
  RealScaling real;
  real.zeroPoint = op.results[0].quantization.zeroPoints[0];
  real.lowest = op.results[0].quantization.minimum;
  if (op.op == "requantize_residual")
    real.residualZeroPoint =
        spec.typeOf(op.operands[4]).quantization.zeroPoints[0];
  return real;
}

double RealScaling::offset(const ChannelScaling &channel) const {
  auto magnitude = [](__int128 value) { return value < 0 ? -value : value; };
  bool inRange = channel.shift > 0 && channel.shift < 52;
  __int128 unit = __int128(1) << (inRange ? channel.shift : 1);
  __int128 rest = unit / 2 + (zeroPoint - lowest) * unit;
  __int128 steps = __int128(channel.bias) * channel.multiplier -
                   __int128(residualZeroPoint) * channel.residualMultiplier +
                   rest;
  // Any sum of 32 bits and residual of 16 bits give a number of 32 bits.
  __int128 reach = ((__int128(1) << 31) + magnitude(channel.bias)) *
                       magnitude(channel.multiplier) +
                   (__int128(1) << 17) * magnitude(channel.residualMultiplier) +
                   rest;
  if (!inRange || magnitude(steps) >= (__int128(1) << 52) ||
      reach >= unit << 31)
    throw SpecError("requantize: an offset is not exact, against the attribute "
                    "of its op");
  return std::ldexp(static_cast<double>(static_cast<int64_t>(steps)),
                    -static_cast<int>(channel.shift));
}

static bool isPowerOfTwo(int64_t value) {
  return value > 0 && (value & (value - 1)) == 0;
}

static int64_t logarithm(int64_t power) {
  int64_t result = 0;
  while (power > 1) {
    power >>= 1;
    ++result;
  }
  return result;
}

FoldedChannel FoldedScaling::fold(const ChannelScaling &channel) const {
  FoldedChannel folded;
  int64_t shift = channel.shift;
  int64_t factor = channel.multiplier,
          residualFactor = channel.residualMultiplier;
  if (powersOfTwo) {
    if (!isPowerOfTwo(factor) || (residual && !isPowerOfTwo(residualFactor)))
      throw SpecError("requantize: a multiplier is no power of two, against "
                      "the attribute of its op");
    int64_t left = logarithm(factor);
    int64_t residualLeft = residual ? logarithm(residualFactor) : left;
    int64_t common = std::min({left, residualLeft, shift});
    shift -= common;
    factor >>= common;
    residualFactor >>= common;
    folded.leftShift = static_cast<uint32_t>(left - common);
    folded.residualShift = static_cast<uint32_t>(residualLeft - common);
  } else {
    folded.multiplier = static_cast<int32_t>(factor);
    folded.residualMultiplier = static_cast<int32_t>(residualFactor);
  }
  // A product below 2^30 with half a unit of 2^31 added is in [0, 2^31): larger
  // shifts give 0 as well. Rounded down they give the sign, as 31 does.
  shift = std::min<int64_t>(shift, 31);
  folded.rightShift = static_cast<uint32_t>(shift);
  uint64_t offset =
      static_cast<uint64_t>(channel.bias) * static_cast<uint64_t>(factor);
  if (residual)
    offset -= static_cast<uint64_t>(residualZeroPoint) *
              static_cast<uint64_t>(residualFactor);
  if (halfUp && shift > 0)
    offset += uint64_t(1) << (shift - 1);
  if (zeroFolded)
    offset += static_cast<uint64_t>(zeroPoint) << shift;
  folded.offset = static_cast<uint32_t>(offset);
  auto holds = [](const std::optional<uint32_t> &stated, uint32_t actual) {
    return !stated || *stated == actual;
  };
  if (!holds(rightShift, folded.rightShift) ||
      !holds(leftShift, folded.leftShift) ||
      (residual && !holds(residualShift, folded.residualShift)))
    throw SpecError("requantize: a channel's shift differs from the attribute "
                    "of its op");
  return folded;
}

} // namespace shiftadd::halide_gen
