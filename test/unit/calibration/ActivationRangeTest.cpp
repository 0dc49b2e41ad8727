//===- ActivationRangeTest.cpp - Ranges of activations --------------------===//
//
// Part of the shiftadd project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Ranges of tensors whose best range is known.
//
//===----------------------------------------------------------------------===//
#include "passes/Calibration/ActivationRange.h"
#include "test/unit/calibration/LayerData.h"

#include <gtest/gtest.h>

#include <limits>

using namespace shiftadd::calibration;

namespace {

ActivationRange rangeOf(const std::vector<float> &values,
                        const RangeOptions &options) {
  ActivationRange range;
  std::string error;
  EXPECT_TRUE(
      chooseRange(values.data(), int64_t(values.size()), options, range, error))
      << error;
  return range;
}

TEST(ActivationRange, FollowsTheExtremes) {
  RangeOptions options;
  ActivationRange range = rangeOf({-1.0f, 0.5f, 4.1f, 2.0f}, options);
  EXPECT_EQ(range.scale, double(float(5.1f / 255.0)));
  EXPECT_EQ(range.zeroPoint, 50);
  // 0 is always a value of the range.
  range = rangeOf({2.0f, 5.1f}, options);
  EXPECT_EQ(range.zeroPoint, 0);
  EXPECT_NEAR(range.scale, 0.02, 1e-8);
  range = rangeOf({-2.0f, -5.1f}, options);
  EXPECT_EQ(range.zeroPoint, 255);
  range = rangeOf({0.0f, 0.0f}, options);
  EXPECT_EQ(range.scale, 1.0);
  EXPECT_EQ(range.zeroPoint, 0);
  range = rangeOf({0.0f, 1e-44f}, options);
  EXPECT_EQ(range.scale, 1.0);
}

TEST(ActivationRange, TakesSignedAndNarrowCodes) {
  RangeOptions options;
  options.lowestCode = -128;
  options.highestCode = 127;
  ActivationRange range = rangeOf({-1.0f, 4.1f}, options);
  EXPECT_EQ(range.zeroPoint, -78);
  options.symmetric = true;
  range = rangeOf({-1.0f, 4.064f}, options);
  EXPECT_EQ(range.zeroPoint, 0);
  EXPECT_NEAR(range.scale, 0.032, 1e-8);
  options = RangeOptions();
  options.highestCode = 127;
  range = rangeOf({0.0f, 1.27f}, options);
  EXPECT_NEAR(range.scale, 0.01, 1e-8);
}

TEST(ActivationRange, FindsExtremesInAnyPlace) {
  for (int64_t size : {5, 16, 37, 200000})
    for (int64_t place : {int64_t(0), size / 2, size - 1}) {
      std::vector<float> values(size, 0.25f);
      values[place] = 9.0f;
      RangeOptions options;
      options.threads = 2;
      EXPECT_NEAR(rangeOf(values, options).highest(), 9.0, 1e-5);
      values[place] = -9.0f;
      EXPECT_NEAR(rangeOf(values, options).lowest(), -9.0, 0.1);
    }
}

double noise(const std::vector<float> &values, const ActivationRange &range) {
  std::vector<float> rounded(values.size());
  fakeQuantize(values.data(), int64_t(values.size()), range, rounded.data(), 2);
  double sum = 0.0;
  for (std::size_t i = 0; i < values.size(); ++i)
    sum += (values[i] - rounded[i]) * (values[i] - rounded[i]);
  return sum;
}

TEST(ActivationRange, CutsOutliersWhereThatHelps) {
  std::vector<float> values = randomValues(100000, 1);
  values[77] = 9.0f;
  RangeOptions options;
  options.highestCode = 15;
  ActivationRange wide = rangeOf(values, options);
  options.method = RangeMethod::SquaredError;
  ActivationRange best = rangeOf(values, options);
  EXPECT_LT(noise(values, best), 0.8 * noise(values, wide));
  // Values on the grid of their own range have no better one.
  for (std::size_t i = 0; i < values.size(); ++i)
    values[i] = float(i % 16) * 0.25f;
  best = rangeOf(values, options);
  options.method = RangeMethod::MinMax;
  EXPECT_EQ(best.scale, rangeOf(values, options).scale);
}

TEST(ActivationRange, SampleSeesEveryChannel) {
  // 96 channels, of which one is loud; the distance between samples must not
  // share a divisor with 96.
  std::vector<float> values(96 * 40000);
  std::vector<float> noiseValues = randomValues(96 * 40000, 1);
  for (std::size_t i = 0; i < values.size(); ++i)
    values[i] = noiseValues[i] * (i % 96 == 13 ? 100.0f : 1.0f);
  RangeOptions options;
  options.method = RangeMethod::SquaredError;
  EXPECT_GT(rangeOf(values, options).highest(), 300.0);
}

TEST(ActivationRange, LeavesAShareOutside) {
  std::vector<float> values(10000);
  for (std::size_t i = 0; i < values.size(); ++i)
    values[(i * 7919) % values.size()] = float(i) - 5000.0f;
  RangeOptions options;
  options.method = RangeMethod::Percentile;
  options.percentile = 99.0;
  ActivationRange range = rangeOf(values, options);
  EXPECT_NEAR(range.highest() - range.lowest(), 9800.0, 5.0);
  options.percentile = 100.0;
  range = rangeOf(values, options);
  EXPECT_NEAR(range.highest() - range.lowest(), 9999.0, 5.0);
}

TEST(ActivationRange, RoundsAsTheCompiledNetwork) {
  ActivationRange range;
  range.scale = 0.5;
  range.zeroPoint = 3;
  std::vector<float> values = {0.25f, 0.75f,  -0.25f, -0.75f,
                               1e30f, -1e30f, 0.0f,   0.26f};
  std::vector<float> rounded(values.size());
  fakeQuantize(values.data(), int64_t(values.size()), range, rounded.data(), 1);
  EXPECT_EQ(rounded, (std::vector<float>{0.0f, 1.0f, 0.0f, -1.0f, 126.0f, -1.5f,
                                         0.0f, 0.5f}));
  range.scale = double(0.1f);
  values = randomValues(3000, 1);
  rounded.resize(values.size());
  fakeQuantize(values.data(), int64_t(values.size()), range, rounded.data(), 3);
  for (std::size_t i = 0; i < values.size(); ++i) {
    float code = std::nearbyint(values[i] / 0.1f);
    EXPECT_EQ(rounded[i], std::min(std::max(code, -3.0f), 252.0f) * 0.1f);
  }
}

TEST(ActivationRange, RefusesWhatHasNoRange) {
  ActivationRange range;
  std::string error;
  std::vector<float> values(100000, 1.0f);
  EXPECT_FALSE(chooseRange(values.data(), 0, {}, range, error));
  for (float odd : {std::numeric_limits<float>::infinity(),
                    -std::numeric_limits<float>::infinity(), std::nanf("")})
    for (std::size_t place : {std::size_t(0), std::size_t(99999)}) {
      std::vector<float> with = values;
      with[place] = odd;
      EXPECT_FALSE(
          chooseRange(with.data(), int64_t(with.size()), {}, range, error));
      EXPECT_NE(error.find("finite"), std::string::npos);
    }
  RangeOptions options;
  options.highestCode = options.lowestCode;
  EXPECT_FALSE(chooseRange(values.data(), 10, options, range, error));
  options = RangeOptions();
  options.percentile = 20.0;
  EXPECT_FALSE(chooseRange(values.data(), 10, options, range, error));
}

} // namespace
