//===- Scaling.h - Real factors as integers and shifts -*- C++ -*-===//
//
// Part of the shiftadd project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// A requantisation scales an integer sum, and perhaps a residual beside it, by
// real factors. Here they become integer multipliers with one shift: as precise
// as the format allows, as narrow as keeps every product in 32 bits, or as few
// signed digits as shifts and additions should have.
//
//===----------------------------------------------------------------------===//
#ifndef SHIFTADD_PASSES_QUANTIZE_SCALING_H
#define SHIFTADD_PASSES_QUANTIZE_SCALING_H

#include "dialects/ShiftAdd/IR/ShiftAdd.h"
#include "passes/Quantize/AccumulatorRange.h"

#include <optional>

namespace shiftadd {

struct ScalingOptions {
  unsigned bits = 20; ///< of a multiplier, at most
  /// Fewer bits where the products then stay below 2^30: down to 11, or to as
  /// few as state the factor exactly (N128).
  bool narrow = false;
  /// A factor that is a power of two becomes a shift alone, others have as few
  /// signed digits as 12 bits of precision take (N127).
  bool shifts = false;
  Rounding rounding = Rounding::HalfEven;
};

/// sum * multiplier + residual * residualMultiplier, all times 2^-shift.
struct ChannelScale {
  int64_t multiplier = 0, residualMultiplier = 0, shift = 0;
};

/// The integers for two real factors, either of which may be 0 or negative.
/// `sum` and `residual` are what they multiply. Nothing when the factors are
/// not finite, or too large or too far apart for the format.
std::optional<ChannelScale> chooseScale(double factor, double residualFactor,
                                        Interval sum, Interval residual,
                                        const ScalingOptions &options);

} // namespace shiftadd

#endif // SHIFTADD_PASSES_QUANTIZE_SCALING_H
