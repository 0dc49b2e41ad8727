//===- DepthwiseMoments.h - Statistics of a depthwise layer -----*- C++ -*-===//
//
// Part of the shiftadd project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Each channel has a small matrix of its own, so the vectors run over
// channels.
//
//===----------------------------------------------------------------------===//
#ifndef SHIFTADD_PASSES_CALIBRATION_DEPTHWISEMOMENTS_H
#define SHIFTADD_PASSES_CALIBRATION_DEPTHWISEMOMENTS_H

#include "passes/Calibration/Patches.h"

#include <cstdint>

namespace shiftadd::calibration {

/// Where the sums over the samples of a depthwise layer go.
struct DepthwiseSums {
  double *products;      // [channels, taps, taps], upper triangles
  double *cross;         // [channels, taps]
  double *inputSum;      // [channels, taps]
  double *targetSum;     // [channels]
  double *targetSquares; // [channels]
};

/// Adds the selected images of a depthwise layer to the sums.
void addDepthwiseMoments(const ConvolutionShape &shape, const float *input,
                         const float *target, const float *residual,
                         ImageSelection selection, unsigned threads,
                         const DepthwiseSums &sums);

} // namespace shiftadd::calibration

#endif // SHIFTADD_PASSES_CALIBRATION_DEPTHWISEMOMENTS_H
