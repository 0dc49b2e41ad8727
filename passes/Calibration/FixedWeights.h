//===- FixedWeights.h - Weights that already are codes -*- C++ -*-===//
//
// Part of the shiftadd project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
#ifndef SHIFTADD_PASSES_CALIBRATION_FIXEDWEIGHTS_H
#define SHIFTADD_PASSES_CALIBRATION_FIXEDWEIGHTS_H

#include "passes/Calibration/LayerGroup.h"

#include <optional>

namespace shiftadd::calibration {

struct FixedWeights {
  std::vector<int16_t> codes;
  double unit = 1.0; ///< a weight is code * unit, exactly
};

/// Weights that are powers of two, or sums of at most three of them within 8
/// bits: networks trained for shifts (Q26). Nothing for any other weights.
std::optional<FixedWeights> findFixedWeights(const std::vector<float> &weights);

/// Non-zero signed digits of an integer in its canonical form.
int countSignedDigits(int64_t value);

} // namespace shiftadd::calibration

#endif // SHIFTADD_PASSES_CALIBRATION_FIXEDWEIGHTS_H
