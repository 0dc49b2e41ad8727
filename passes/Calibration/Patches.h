//===- Patches.h - The inputs that a layer multiplies -----------*- C++ -*-===//
//
// Part of the shiftadd project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Writes what the output positions of a convolution read into rows, one column
// per tap, so that convolutions and their statistics become matrix products
// (im2col).
//
//===----------------------------------------------------------------------===//
#ifndef SHIFTADD_PASSES_CALIBRATION_PATCHES_H
#define SHIFTADD_PASSES_CALIBRATION_PATCHES_H

#include "passes/Calibration/Convolve.h"

#include <cstdint>

namespace shiftadd::calibration {

/// The images first, first + step, ...; their output positions in order are
/// numbered through as samples.
struct ImageSelection {
  int64_t first = 0;
  int64_t step = 1;

  int64_t images(const ConvolutionShape &shape) const {
    return first < shape.images ? (shape.images - first + step - 1) / step : 0;
  }
  int64_t samples(const ConvolutionShape &shape) const {
    return images(shape) * shape.positions();
  }
  bool isAll() const { return first == 0 && step == 1; }
};

/// rows[count, shape.taps()]: what samples firstSample... read in one group;
/// zeros where they read padding.
void gatherPatches(const ConvolutionShape &shape, const float *input,
                   ImageSelection selection, int64_t group, int64_t firstSample,
                   int64_t count, float *rows);

/// rows[count, outChannels] of an array like the output, minus those of
/// another one unless it is null.
void gatherOutputs(const ConvolutionShape &shape, const float *values,
                   const float *subtracted, ImageSelection selection,
                   int64_t firstSample, int64_t count, float *rows);

} // namespace shiftadd::calibration

#endif // SHIFTADD_PASSES_CALIBRATION_PATCHES_H
