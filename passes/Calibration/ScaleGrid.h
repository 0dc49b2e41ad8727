//===- ScaleGrid.h - Weight scales that requantisation states -*- C++ -*-===//
//
// Part of the shiftadd project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// A sum is scaled by inputScale * weightScale / outputScale, as an integer and
// a shift. The longer the sums, the fewer bits remain for that integer in a
// product of 32 bits. Where fewer than 11 remain, rounding the factor would
// cost accuracy; moving the weight scale up to one whose factor has so few
// bits costs next to nothing, as the weights are rounded after that (N128). A
// shift alone is the case of one bit (Q13).
//
//===----------------------------------------------------------------------===//
#ifndef SHIFTADD_PASSES_CALIBRATION_SCALEGRID_H
#define SHIFTADD_PASSES_CALIBRATION_SCALEGRID_H

#include "passes/Calibration/LayerFit.h"
#include "passes/Calibration/Moments.h"

#include <cstdint>
#include <vector>

namespace shiftadd::calibration {

class ScaleGrid {
public:
  /// For weights [outChannels, taps] that are about to be rounded; `moments`
  /// may be null. Without an output scale every weight scale is on the grid.
  ScaleGrid(const LayerProblem &problem, const FitOptions &options,
            const std::vector<double> &weights, const Moments *moments);

  /// The smallest scale on the grid of an output channel that is at least
  /// `scale`.
  double snap(int64_t row, double scale) const;

private:
  double inputScale, outputScale;
  bool byShift;
  /// Bits behind the point that a channel's factor can have.
  std::vector<int> fractions;
};

} // namespace shiftadd::calibration

#endif // SHIFTADD_PASSES_CALIBRATION_SCALEGRID_H
