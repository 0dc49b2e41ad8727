//===- BiasCorrection.h - The bias that makes the mean output right *- C++
//-*-===//
//
// Part of the shiftadd project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Rounding shifts the mean of each output channel; at no run-time cost the
// bias shifts it back, measured before and after the activation (Q11).
//
//===----------------------------------------------------------------------===//
#ifndef SHIFTADD_PASSES_CALIBRATION_BIASCORRECTION_H
#define SHIFTADD_PASSES_CALIBRATION_BIASCORRECTION_H

#include "passes/Calibration/Convolve.h"

#include <cstdint>
#include <vector>

namespace shiftadd::calibration {

/// What the layer gives without a bias beside what it should give, both
/// [images, positions, channels], residual included.
struct BiasProblem {
  const float *output = nullptr;
  const float *target = nullptr;
  int64_t images = 0;
  int64_t positions = 0;
  int64_t channels = 0;
  /// The bounds of the activation.
  double lowest = 0.0, highest = 0.0;
  unsigned threads = 1;
};

/// The bias that makes the mean of each channel exact.
std::vector<double> meanBias(const BiasProblem &problem);

/// Moves a bias until the mean behind the activation is right, as far as a few
/// bounded Newton steps can.
void correctBehindActivation(const BiasProblem &problem,
                             std::vector<double> &bias);

/// Adds the bias to the output in place and returns the mean squared error and
/// the mean square of the target, summed over the channels.
struct OutputPower {
  double error = 0.0;
  double target = 0.0;
};
OutputPower applyBias(float *output, const float *target,
                      const std::vector<float> &bias, int64_t samples,
                      unsigned threads);

} // namespace shiftadd::calibration

#endif // SHIFTADD_PASSES_CALIBRATION_BIASCORRECTION_H
