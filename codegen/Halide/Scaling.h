//===- Scaling.h - Constants of a requantisation, folded --------*- C++ -*-===//
//
// Part of the shiftadd project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// A requantisation whose product provably stays below 2^30 is, in 32 bits,
//
//   code = saturate((acc * multiplier + offset) >> shift) + zero
//
// with one offset per channel that holds the scaled bias, half a unit of the
// last place and, where there is room, the zero point. Where all multipliers
// are powers of two the product is a shift to the left, or nothing at all once
// the common factor is taken out of multiplier and shift.
//
// Which of these forms a kernel has follows from the values of its constants,
// which the kernel does not see: the schedule stage states them as attributes
// of the op, so that they are part of the kernel's text, and packing, which has
// the values, checks them.
//
//===----------------------------------------------------------------------===//
#ifndef SHIFTADD_CODEGEN_HALIDE_SCALING_H
#define SHIFTADD_CODEGEN_HALIDE_SCALING_H

#include "codegen/Halide/KernelSpec.h"

#include <cstdint>
#include <optional>
#include <vector>

namespace shiftadd::halide_gen {

/// Attributes of `requantize` and `requantize_residual`. All may be absent.
namespace scaling {
/// 1: all multipliers are powers of two.
constexpr const char *powersOfTwo = "shiftadd.powers_of_two";
/// Only with the former, after the common factor is out: the one shift to the
/// left of all channels, of the sum and of the residual.
constexpr const char *leftShift = "shiftadd.left_shift";
constexpr const char *residualShift = "shiftadd.residual_shift";
/// The one shift to the right of all channels (with powers of two: what is left
/// of it).
constexpr const char *rightShift = "shiftadd.right_shift";
/// 1: the offset has room for the zero point.
constexpr const char *zeroFolded = "shiftadd.zero_folded";
/// 1, with arithmetic in float64: bias, half a unit and zero point make up one
/// offset that is exact, and so are the sums with it.
constexpr const char *realOffset = "shiftadd.real_offset";
} // namespace scaling

/// The constants of one channel.
struct ChannelScaling {
  int64_t multiplier = 1, shift = 0, bias = 0, residualMultiplier = 0;
};

/// What remains of them.
struct FoldedChannel {
  int32_t multiplier = 1, residualMultiplier = 0;
  uint32_t leftShift = 0, residualShift = 0, rightShift = 0;
  uint32_t offset = 0; ///< modulo 2^32
};

struct FoldedScaling {
  bool residual = false; ///< requantize_residual
  bool halfUp = true;    ///< else floor
  bool powersOfTwo = false;
  bool zeroFolded = false;
  std::optional<uint32_t> leftShift, residualShift, rightShift;
  int64_t zeroPoint = 0, residualZeroPoint = 0;

  /// Throws SpecError when an attribute does not hold for these constants.
  FoldedChannel fold(const ChannelScaling &channel) const;
};

/// The same in float64, where products need more than 32 bits: the code is the
/// lowest one plus
///
///   int(acc * scale + residual * residual scale + offset)
///
/// saturated. All terms are integers below 2^53 over one power of two, hence
/// exact, and a number below zero, which is truncated where it should be
/// rounded down, saturates to zero in either way.
struct RealScaling {
  int64_t zeroPoint = 0, lowest = 0, residualZeroPoint = 0;

  /// Throws SpecError when the attribute does not hold for these constants.
  double offset(const ChannelScaling &channel) const;
};

/// Nothing when op `number` has no such form.
std::optional<RealScaling> getRealScaling(const KernelSpec &spec, int number);

/// Nothing when op `number` has no folded form.
std::optional<FoldedScaling> getFoldedScaling(const KernelSpec &spec,
                                              int number);

} // namespace shiftadd::halide_gen

#endif // SHIFTADD_CODEGEN_HALIDE_SCALING_H
