//===- WeightScale.h - The scale of each output channel's weights *- C++
//-*-===//
//
// Part of the shiftadd project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Searches the scale with the least squared rounding error (Q8) and moves it
// to one whose requantisation is a shift (Q13).
//
//===----------------------------------------------------------------------===//
#ifndef SHIFTADD_PASSES_CALIBRATION_WEIGHTSCALE_H
#define SHIFTADD_PASSES_CALIBRATION_WEIGHTSCALE_H

#include "passes/Calibration/CodeSet.h"

#include <cstdint>
#include <vector>

namespace shiftadd::calibration {

/// The scales of `rows` channels of weights [rows, taps]: the best factor on
/// the largest weight, or that weight itself if `maximumOnly`. A channel
/// without weights gets 0.
std::vector<double> searchScales(const double *weights, int64_t rows,
                                 int64_t taps, const CodeSet &codes,
                                 bool maximumOnly, unsigned threads);

/// The smallest scale at least as large as `scale` for which
/// inputScale * scale / outputScale is a power of two; one that is at most
/// 1e-4 above a power of two is moved down to it.
double snapScale(double scale, double inputScale, double outputScale);

/// The factors on a scale that error feedback tries for coarse codes.
const std::vector<double> &trialFactors();

} // namespace shiftadd::calibration

#endif // SHIFTADD_PASSES_CALIBRATION_WEIGHTSCALE_H
