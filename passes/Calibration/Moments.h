//===- Moments.h - Statistics of a layer's input and target -----*- C++ -*-===//
//
// Part of the shiftadd project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// The second moments that target shift, error feedback and descent work with
// (Q6), centred because the bias absorbs every mean error.
//
//===----------------------------------------------------------------------===//
#ifndef SHIFTADD_PASSES_CALIBRATION_MOMENTS_H
#define SHIFTADD_PASSES_CALIBRATION_MOMENTS_H

#include "passes/Calibration/Convolve.h"
#include "passes/Calibration/Patches.h"

#include <cstdint>
#include <vector>

namespace shiftadd::calibration {

/// Moments over the samples of a layer. x is what an output position reads in
/// its group, t the target without the residual.
struct Moments {
  int64_t taps = 0;
  int64_t rows = 0; // output channels per group
  int64_t groups = 0;
  int64_t samples = 0;
  std::vector<double> covariance;     // [groups, taps, taps]: of x
  std::vector<double> cross;          // [groups * rows, taps]: of t and x
  std::vector<double> inputMean;      // [groups, taps]
  std::vector<double> targetMean;     // [groups * rows]
  std::vector<double> targetVariance; // [groups * rows]

  /// The sum over all output channels of the expected squared error that
  /// weights [groups * rows, taps] leave, each with its best bias.
  double expectedError(const std::vector<double> &weights) const;
};

/// Sums of products over samples: what `Moments` is the centred mean of.
/// Halves of the data can be added.
class MomentSums {
public:
  explicit MomentSums(const ConvolutionShape &shape);

  /// Adds the selected images. Fixed blocks of samples are summed in fp32, the
  /// blocks in fp64 and in a fixed order, whatever the number of threads.
  void addImages(const float *input, const float *target, const float *residual,
                 ImageSelection selection, unsigned threads);
  void add(const MomentSums &other);
  Moments centred() const;

private:
  struct Lane;
  void addGroup(Lane &lane, int64_t group, const float *patches,
                int64_t patchStride, const float *outputs, int64_t count);

  ConvolutionShape shape;
  int64_t samples = 0;
  std::vector<double> products; // [groups, taps, taps], upper triangles
  std::vector<double> cross;    // [outChannels, taps]
  std::vector<double> inputSum; // [groups, taps]
  std::vector<double> targetSum, targetSquares;
};

/// The images whose samples the statistics of a layer take: all, or every
/// third of a depthwise layer with large outputs (Q6).
ImageSelection selectImages(const ConvolutionShape &shape);

/// Taps beyond which a layer has no statistics: its matrices would not fit.
constexpr int64_t mostStatisticsTaps = 8192;

} // namespace shiftadd::calibration

#endif // SHIFTADD_PASSES_CALIBRATION_MOMENTS_H
