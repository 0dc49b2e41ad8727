//===- RoundLayer.h - Scales and codes of a whole layer ---------*- C++ -*-===//
//
// Part of the shiftadd project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Puts together scale search, snapping, error feedback, trials of scales and
// descent for all groups of a layer.
//
//===----------------------------------------------------------------------===//
#ifndef SHIFTADD_PASSES_CALIBRATION_ROUNDLAYER_H
#define SHIFTADD_PASSES_CALIBRATION_ROUNDLAYER_H

#include "passes/Calibration/LayerFit.h"
#include "passes/Calibration/Moments.h"
#include "passes/Calibration/ScaleGrid.h"

#include <cstdint>
#include <vector>

namespace shiftadd::calibration {

/// Weights and their codes, [outChannels, taps], and scales, [outChannels].
struct RoundedLayer {
  std::vector<double> scales;
  std::vector<int16_t> codes;

  /// scale * code.
  std::vector<double> values() const;
};

/// The scales that the options ask for. `magnitudes` says for each output
/// channel how large its bias may get: a scale is never so small that the bias
/// would need more than 24 bits on the grid that inputScale * scale spans.
std::vector<double> chooseScales(const LayerProblem &problem,
                                 const FitOptions &options,
                                 const ScaleGrid &grid,
                                 const std::vector<double> &weights,
                                 const std::vector<double> &magnitudes);

/// Rounds with error feedback for the moments, or to the nearest codes where
/// there are none.
RoundedLayer roundLayer(const LayerProblem &problem, const FitOptions &options,
                        const ScaleGrid &grid, const Moments *moments,
                        const std::vector<double> &weights,
                        const std::vector<double> &scales);

} // namespace shiftadd::calibration

#endif // SHIFTADD_PASSES_CALIBRATION_ROUNDLAYER_H
