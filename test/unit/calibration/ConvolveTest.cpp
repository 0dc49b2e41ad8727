//===- ConvolveTest.cpp - Convolutions of many images ---------------------===//
//
// Part of the shiftadd project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Every kind of layer against its definition, bit-equal for any number of
// threads.
//
//===----------------------------------------------------------------------===//
#include "passes/Calibration/Convolve.h"
#include "test/unit/calibration/LayerData.h"

#include <gtest/gtest.h>

using namespace shiftadd::calibration;

namespace {

void compareWithDefinition(bool adder) {
  int kind = 0;
  for (const ConvolutionShape &shape : layerKinds()) {
    SCOPED_TRACE(kind++);
    std::vector<float> input = randomValues(shape.inputSize(), 1);
    std::vector<float> weights = randomValues(shape.weightSize(), 2);
    std::vector<float> bias = randomValues(shape.outChannels, 3);
    std::vector<float> residual = randomValues(shape.outputSize(), 4);
    std::vector<float> output(shape.outputSize()), again(shape.outputSize());
    std::string error;
    auto run = adder ? convolveAdder : convolve;
    ASSERT_TRUE(run(shape, input.data(), weights.data(),
                    {bias.data(), residual.data()}, output.data(), 1, error))
        << error;
    ASSERT_TRUE(run(shape, input.data(), weights.data(),
                    {bias.data(), residual.data()}, again.data(), 3, error));
    EXPECT_EQ(output, again);
    std::vector<double> expected = plainLayer(shape, input, weights, adder);
    for (int64_t i = 0; i < shape.outputSize(); ++i)
      ASSERT_NEAR(output[i],
                  expected[i] + bias[i % shape.outChannels] + residual[i], 2e-4)
          << i;
    ASSERT_TRUE(
        run(shape, input.data(), weights.data(), {}, output.data(), 2, error));
    for (int64_t i = 0; i < shape.outputSize(); ++i)
      ASSERT_NEAR(output[i], expected[i], 2e-4) << i;
  }
}

TEST(Convolve, IsTheDefinition) { compareWithDefinition(false); }

TEST(Convolve, OfDistancesIsTheDefinition) { compareWithDefinition(true); }

TEST(Convolve, CrossesBlocksOfPositions) {
  ConvolutionShape shape;
  shape.images = 5000;
  shape.channels = 3;
  shape.outChannels = 2;
  std::vector<float> input = randomValues(shape.inputSize(), 1);
  std::vector<float> weights = randomValues(shape.weightSize(), 2);
  std::vector<float> output(shape.outputSize());
  std::string error;
  ASSERT_TRUE(convolve(shape, input.data(), weights.data(), {}, output.data(),
                       2, error));
  std::vector<double> expected = plainLayer(shape, input, weights);
  for (int64_t i = 0; i < shape.outputSize(); ++i)
    ASSERT_NEAR(output[i], expected[i], 1e-5) << i;
}

TEST(Convolve, RefusesShapesThatDoNotFit) {
  std::string error;
  float value = 0.0f;
  ConvolutionShape shape;
  shape.channels = 6;
  shape.groups = 4;
  EXPECT_FALSE(convolve(shape, &value, &value, {}, &value, 1, error));
  EXPECT_NE(error.find("groups (4)"), std::string::npos) << error;
  shape.outChannels = 8;
  EXPECT_FALSE(shape.verify(error));
  shape.channels = 8;
  shape.outChannels = 6;
  EXPECT_FALSE(shape.verify(error));
  shape.outChannels = 8;
  EXPECT_TRUE(shape.verify(error)) << error;
  shape = ConvolutionShape();
  shape.output = {1, 1, 2};
  EXPECT_FALSE(convolveAdder(shape, &value, &value, {}, &value, 1, error));
  EXPECT_NE(error.find("output size"), std::string::npos) << error;
  shape = ConvolutionShape();
  shape.strides[1] = 0;
  EXPECT_FALSE(shape.verify(error));
  shape = ConvolutionShape();
  shape.kernel[2] = 2;
  EXPECT_FALSE(shape.verify(error));
}

} // namespace
