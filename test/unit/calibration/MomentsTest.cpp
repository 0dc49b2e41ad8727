//===- MomentsTest.cpp - Statistics of layers -----------------------------===//
//
// Part of the shiftadd project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Every kind of layer against sums over all samples in double precision.
//
//===----------------------------------------------------------------------===//
#include "passes/Calibration/Moments.h"
#include "test/unit/calibration/LayerData.h"

#include <gtest/gtest.h>

using namespace shiftadd::calibration;

namespace {

/// Centred moments by their definition.
Moments plainMoments(const ConvolutionShape &shape,
                     const std::vector<float> &input,
                     const std::vector<double> &target,
                     ImageSelection selection) {
  Moments m;
  m.taps = shape.taps();
  m.rows = shape.groupOutChannels();
  m.groups = shape.groups;
  m.covariance.resize(m.groups * m.taps * m.taps);
  m.cross.resize(shape.outChannels * m.taps);
  m.inputMean.resize(m.groups * m.taps);
  m.targetMean.resize(shape.outChannels);
  m.targetVariance.resize(shape.outChannels);
  for (int pass = 0; pass < 2; ++pass) {
    double count = double(selection.samples(shape));
    for (int64_t image = selection.first; image < shape.images;
         image += selection.step)
      for (int64_t position = 0; position < shape.positions(); ++position)
        for (int64_t group = 0; group < shape.groups; ++group) {
          std::vector<double> x = patchOf(shape, input, image, position, group);
          const double *t = &target[(image * shape.positions() + position) *
                                        shape.outChannels +
                                    group * m.rows];
          double *mean = &m.inputMean[group * m.taps];
          double *targetMean = &m.targetMean[group * m.rows];
          for (int64_t i = 0; i < m.taps; ++i) {
            if (pass == 0) {
              mean[i] += x[i] / count;
              continue;
            }
            for (int64_t j = 0; j < m.taps; ++j)
              m.covariance[(group * m.taps + i) * m.taps + j] +=
                  (x[i] - mean[i]) * (x[j] - mean[j]) / count;
            for (int64_t row = 0; row < m.rows; ++row)
              m.cross[(group * m.rows + row) * m.taps + i] +=
                  (t[row] - targetMean[row]) * (x[i] - mean[i]) / count;
          }
          for (int64_t row = 0; row < m.rows; ++row) {
            if (pass == 0)
              targetMean[row] += t[row] / count;
            else
              m.targetVariance[group * m.rows + row] +=
                  (t[row] - targetMean[row]) * (t[row] - targetMean[row]) /
                  count;
          }
        }
  }
  return m;
}

void expectNear(const std::vector<double> &have,
                const std::vector<double> &want) {
  ASSERT_EQ(have.size(), want.size());
  for (std::size_t i = 0; i < have.size(); ++i)
    ASSERT_NEAR(have[i], want[i], 2e-4) << i;
}

TEST(Moments, AreTheDefinition) {
  int kind = 0;
  for (const ConvolutionShape &shape : layerKinds()) {
    SCOPED_TRACE(kind++);
    std::vector<float> input = randomValues(shape.inputSize(), 1, 0.5f);
    std::vector<float> target = randomValues(shape.outputSize(), 2, -1.0f);
    std::vector<float> residual = randomValues(shape.outputSize(), 3, 2.0f);
    std::vector<double> difference(target.begin(), target.end());
    for (std::size_t i = 0; i < difference.size(); ++i)
      difference[i] = double(float(target[i] - residual[i]));
    for (ImageSelection selection : {ImageSelection{0, 1}, {1, 2}, {0, 3}}) {
      MomentSums one(shape), three(shape);
      one.addImages(input.data(), target.data(), residual.data(), selection, 1);
      three.addImages(input.data(), target.data(), residual.data(), selection,
                      3);
      Moments have = one.centred(), again = three.centred();
      EXPECT_EQ(have.covariance, again.covariance);
      EXPECT_EQ(have.cross, again.cross);
      EXPECT_EQ(have.targetVariance, again.targetVariance);
      EXPECT_EQ(have.samples, selection.samples(shape));
      Moments want = plainMoments(shape, input, difference, selection);
      expectNear(have.covariance, want.covariance);
      expectNear(have.cross, want.cross);
      expectNear(have.inputMean, want.inputMean);
      expectNear(have.targetMean, want.targetMean);
      expectNear(have.targetVariance, want.targetVariance);
    }
  }
}

TEST(Moments, OfHalvesAddUp) {
  ConvolutionShape shape = layerKinds()[2];
  std::vector<float> input = randomValues(shape.inputSize(), 1, 0.5f);
  std::vector<float> target = randomValues(shape.outputSize(), 2, -1.0f);
  MomentSums all(shape), even(shape), odd(shape);
  all.addImages(input.data(), target.data(), nullptr, {0, 1}, 1);
  even.addImages(input.data(), target.data(), nullptr, {0, 2}, 1);
  odd.addImages(input.data(), target.data(), nullptr, {1, 2}, 1);
  even.add(odd);
  expectNear(even.centred().covariance, all.centred().covariance);
  expectNear(even.centred().cross, all.centred().cross);
  EXPECT_EQ(even.centred().samples, all.centred().samples);
}

TEST(Moments, CrossBlocksOfSamples) {
  ConvolutionShape shape;
  shape.images = 40000;
  shape.channels = 3;
  shape.outChannels = 2;
  std::vector<float> input = randomValues(shape.inputSize(), 1, 3.0f);
  std::vector<float> target = randomValues(shape.outputSize(), 2, -1.0f);
  MomentSums one(shape), three(shape);
  one.addImages(input.data(), target.data(), nullptr, {0, 1}, 1);
  three.addImages(input.data(), target.data(), nullptr, {0, 1}, 3);
  EXPECT_EQ(one.centred().covariance, three.centred().covariance);
  Moments want = plainMoments(
      shape, input, std::vector<double>(target.begin(), target.end()), {0, 1});
  expectNear(one.centred().covariance, want.covariance);
  expectNear(one.centred().cross, want.cross);
}

TEST(Moments, GiveTheErrorOfWeights) {
  ConvolutionShape shape = layerKinds()[4];
  std::vector<float> input = randomValues(shape.inputSize(), 1, 0.5f);
  std::vector<float> weights = randomValues(shape.weightSize(), 2);
  std::vector<float> other = randomValues(shape.weightSize(), 3);
  std::vector<float> target = toFloat(plainLayer(shape, input, weights));
  std::vector<double> output = plainLayer(shape, input, other);
  MomentSums sums(shape);
  sums.addImages(input.data(), target.data(), nullptr, {0, 1}, 1);
  Moments moments = sums.centred();
  EXPECT_NEAR(moments.expectedError(
                  std::vector<double>(weights.begin(), weights.end())),
              0.0, 1e-3);
  double samples = double(shape.images * shape.positions()), expected = 0.0;
  for (int64_t channel = 0; channel < shape.outChannels; ++channel) {
    double mean = 0.0, square = 0.0;
    for (std::size_t i = channel; i < output.size(); i += shape.outChannels) {
      double difference = target[i] - output[i];
      mean += difference / samples;
      square += difference * difference / samples;
    }
    expected += square - mean * mean;
  }
  EXPECT_NEAR(
      moments.expectedError(std::vector<double>(other.begin(), other.end())),
      expected, 1e-3 * expected);
}

TEST(Moments, TakeEveryThirdImageOfLargeDepthwiseLayers) {
  EXPECT_EQ(selectImages(layerKinds()[0]).step, 1);
  EXPECT_EQ(selectImages(layerKinds()[5]).step, 1);
  EXPECT_EQ(selectImages(layerKinds()[6]).step, 3);
}

} // namespace
