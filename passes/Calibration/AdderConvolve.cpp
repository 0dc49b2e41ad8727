//===- AdderConvolve.cpp - Adder layers of many images --------------------===//
//
// Part of the shiftadd project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Distances between patches and filters, sixteen output channels per vector. A
// padded tap is an operand of value 0 and counts (N26).
//
//===----------------------------------------------------------------------===//
#include "passes/Calibration/ConvolveLoops.h"
#include "passes/Calibration/Parallel.h"
#include "passes/Calibration/Patches.h"
#include "passes/Calibration/Vectorize.h"

#include <algorithm>
#include <vector>

namespace shiftadd::calibration {
namespace {

constexpr int64_t blockPositions = 256;

/// sums[lanes] = -sum over taps of abs(patch - weights[tap, lanes]) for one
/// vector of output channels.
SHIFTADD_TARGET_CLONES
void sumDistances(const float *patch, const float *weights, int64_t taps,
                  int64_t stride, float *sums) {
  FloatVector sum = {};
  for (int64_t tap = 0; tap < taps; ++tap) {
    FloatVector difference =
        *reinterpret_cast<const FloatVector *>(weights + tap * stride) -
        patch[tap];
    sum -= difference < 0.0f ? -difference : difference;
  }
  *reinterpret_cast<FloatVector *>(sums) = sum;
}

} // namespace

void convolveDistances(const ConvolutionShape &shape, const float *input,
                       const float *weights, ConvolutionAddends addends,
                       float *output, unsigned threads) {
  const int64_t taps = shape.taps(), rows = shape.groupOutChannels();
  const int64_t samples = shape.images * shape.positions();
  // [group, taps, output channels rounded up to whole vectors]
  const int64_t stride = (rows + vectorLanes - 1) / vectorLanes * vectorLanes;
  std::vector<float> byTap(shape.groups * taps * stride);
  for (int64_t channel = 0; channel < shape.outChannels; ++channel)
    for (int64_t tap = 0; tap < taps; ++tap)
      byTap[(channel / rows * taps + tap) * stride + channel % rows] =
          weights[channel * taps + tap];

  std::vector<std::vector<float>> scratch(threads);
  parallelFor(threads, (samples + blockPositions - 1) / blockPositions,
              [&](int64_t block, unsigned worker) {
                int64_t first = block * blockPositions;
                int64_t count = std::min(blockPositions, samples - first);
                scratch[worker].resize(blockPositions * taps);
                float *patches = scratch[worker].data();
                for (int64_t group = 0; group < shape.groups; ++group) {
                  gatherPatches(shape, input, ImageSelection{}, group, first,
                                count, patches);
                  // A vector's weights stay in the cache for all positions.
                  for (int64_t lane = 0; lane < rows; lane += vectorLanes) {
                    int64_t used = std::min<int64_t>(vectorLanes, rows - lane);
                    for (int64_t position = 0; position < count; ++position) {
                      float sums[vectorLanes];
                      sumDistances(patches + position * taps,
                                   &byTap[group * taps * stride] + lane, taps,
                                   stride, sums);
                      std::copy_n(sums, used,
                                  output +
                                      (first + position) * shape.outChannels +
                                      group * rows + lane);
                    }
                  }
                }
                addToSums(shape, addends, first, count, output);
              });
}

} // namespace shiftadd::calibration
