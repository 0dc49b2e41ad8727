//===- BiasCorrectionTest.cpp - The bias that a layer is given ------------===//
//
// Part of the shiftadd project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// The fit behind the activation by itself: which outputs it sees, and where it
// stops (Q11).
//
//===----------------------------------------------------------------------===//
#include "passes/Calibration/BiasCorrection.h"
#include "test/unit/calibration/LayerData.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>

using namespace shiftadd::calibration;

namespace {

/// Large outputs: every third image, each in several runs of samples.
TEST(BiasCorrection, SeesAllPositionsOfItsImages) {
  const int64_t images = 5, positions = 900, channels = 3;
  std::vector<float> output = randomValues(images * positions * channels, 1);
  std::vector<float> target = output;
  for (int64_t i = 0; i < images * positions; ++i)
    for (int64_t c = 0; c < channels; ++c)
      target[i * channels + c] +=
          (i % positions > 500 ? 0.7f : 0.1f) * float(c - 1) +
          (i / positions % 3 == 0 ? 0.0f : 5.0f);
  BiasProblem problem{output.data(), target.data(), images, positions,
                      channels,      -0.5,          1.0,    2};
  std::vector<double> bias(channels);
  correctBehindActivation(problem, bias);
  for (int64_t c = 0; c < channels; ++c) {
    double difference = 0.0;
    for (int64_t image = 0; image < images; image += 3)
      for (int64_t i = 0; i < positions; ++i) {
        int64_t at = (image * positions + i) * channels + c;
        difference += std::clamp(target[at], -0.5f, 1.0f) -
                      std::clamp(output[at] + float(bias[c]), -0.5f, 1.0f);
      }
    EXPECT_LT(std::abs(difference) / (2 * positions), 1e-3);
  }
  EXPECT_LT(bias[0], -0.2);
  EXPECT_GT(bias[2], 0.2);
}

TEST(BiasCorrection, BoundsItsStepsInHopelessChannels) {
  // The target never leaves the lower bound, the output cannot follow it.
  std::vector<float> output(100, 50.0f), target(100, -5.0f);
  BiasProblem problem{output.data(), target.data(), 100, 1, 1, 0.0, 6.0, 1};
  std::vector<double> bias = {0.0};
  correctBehindActivation(problem, bias);
  EXPECT_EQ(bias[0], -1.5);
  EXPECT_EQ(meanBias(problem)[0], -55.0);
}

} // namespace
