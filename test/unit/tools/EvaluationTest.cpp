//===- EvaluationTest.cpp - Accuracy, agreement and noise -----------------===//
//
// Part of the shiftadd project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "tools/shiftadd-run/Evaluation.h"
#include "tools/shiftadd-run/StageTable.h"

#include "gtest/gtest.h"

#include <cmath>
#include <cstring>
#include <limits>

namespace shiftadd::tools {
namespace {

constexpr float notANumber = std::numeric_limits<float>::quiet_NaN();

Tensor scores(std::vector<int64_t> shape, std::vector<float> values) {
  Tensor tensor{"scores", SHIFTADD_FLOAT32, std::move(shape), {}};
  tensor.bytes.resize(values.size() * sizeof(float));
  std::memcpy(tensor.bytes.data(), values.data(), tensor.bytes.size());
  return tensor;
}

std::string textOf(const Evaluation &evaluation) {
  std::string text;
  llvm::raw_string_ostream stream(text);
  printEvaluation(evaluation, stream);
  return text;
}

std::string errorOf(llvm::Expected<Evaluation> evaluation) {
  return evaluation ? "" : llvm::toString(evaluation.takeError());
}

TEST(Noise, IsMeasuredInDecibels) {
  Noise noise;
  noise.add(3, 2.9);
  noise.add(-4, -4);
  EXPECT_NEAR(noise.decibels(), 10 * std::log10(25 / 0.01), 1e-9);
  EXPECT_NEAR(noise.largestError, 0.1, 1e-12);
  EXPECT_EQ(describeDecibels(noise.decibels()), "33.98 dB");
}

TEST(Noise, SaysWhenThereIsNoNumber) {
  Noise noise;
  EXPECT_EQ(describeDecibels(noise.decibels()), "undefined");
  noise.add(1, 1);
  EXPECT_EQ(describeDecibels(noise.decibels()), "no noise");
  Noise silent;
  silent.add(0, 1);
  EXPECT_EQ(describeDecibels(silent.decibels()), "no signal");
  noise.add(notANumber, 1);
  EXPECT_EQ(noise.notFinite, 1u);
  EXPECT_EQ(describeDecibels(noise.decibels()), "undefined");
  EXPECT_EQ(decibelsToJson(noise.decibels()), llvm::json::Value(nullptr));
}

TEST(Evaluation, CountsClasses) {
  // Of equal scores the first counts; NaN is below all numbers.
  Tensor model = scores(
      {3, 2}, {1, 2, 5, 5, notANumber, -std::numeric_limits<float>::max()});
  Tensor reference = scores({3, 2}, {1, 3, 4, 5, 0, 1});
  auto found = evaluate({model}, {reference}, {1, 0, 0}, 3, "data");
  ASSERT_TRUE(bool(found));
  EXPECT_EQ(found->correct, 2);
  EXPECT_EQ(found->referenceCorrect, 1);
  EXPECT_EQ(found->agreeing, 2);
  EXPECT_EQ(textOf(*found), "samples                 3\n"
                            "accuracy                66.67 % (2 of 3)\n"
                            "accuracy of reference   33.33 % (1 of 3)\n"
                            "agreement               66.67 % (2 of 3)\n"
                            "signal-to-noise         undefined\n"
                            "largest error           3.40282e+38\n"
                            "not finite              1 of 6 elements\n");
}

TEST(Evaluation, ListsSeveralOutputs) {
  Tensor first = scores({1, 2}, {3, 4}), second = scores({1}, {2});
  auto found = evaluate({first, second}, {first, scores({1}, {1})}, {}, 1, "");
  ASSERT_TRUE(bool(found));
  ASSERT_EQ(found->outputs.size(), 2u);
  EXPECT_EQ(found->outputs[0].second.noise, 0);
  EXPECT_EQ(found->outputs[1].second.noise, 1);
  EXPECT_EQ(found->noise->noise, 1);
  EXPECT_NE(textOf(*found).find("signal-to-noise of scores"),
            std::string::npos);
}

TEST(Evaluation, RefusesWhatDoesNotFit) {
  Tensor model = scores({2, 2}, {1, 2, 3, 4});
  EXPECT_EQ(errorOf(evaluate({model}, {}, {0, 2}, 2, "d.npz")),
            "d.npz: label 2 of sample 1 is none of the 2 classes of output "
            "'scores'");
  EXPECT_EQ(errorOf(evaluate({model}, {}, {0}, 2, "d.npz")),
            "d.npz: there are 1 labels for 2 samples");
  EXPECT_EQ(errorOf(evaluate({model}, {scores({1}, {1})}, {}, 2, "")),
            "output 'scores' is float32[2,2], that of the reference is "
            "float32[1]");
  EXPECT_EQ(errorOf(evaluate({model}, {model, model}, {}, 2, "")),
            "the model has 1 outputs, the reference has 2");
  EXPECT_NE(errorOf(evaluate({model}, {}, {}, 3, "")), "");
  EXPECT_NE(errorOf(evaluate({}, {}, {}, 1, "")), "");
}

ComparedLayer layer(double noise, std::vector<size_t> producers) {
  ComparedLayer result;
  result.name = "layer";
  result.operation = "conv";
  result.noise.signal = 1;
  result.noise.noise = noise;
  result.noise.elements = 1;
  result.producers = std::move(producers);
  return result;
}

TEST(StageTable, FindsTheLargestLoss) {
  // 20 dB of a clean signal are less than 3 dB of a poor one.
  StageComparison comparison;
  comparison.samples = 1;
  comparison.layers = {layer(1e-5, {}), layer(1e-3, {0}), layer(1e-2, {}),
                       layer(2e-2, {1, 2}), layer(1e-3, {3})};
  EXPECT_EQ(findLargestLoss(comparison), 2u);
  comparison.layers[2].producers = {0};
  comparison.layers[2].noise.noise = 5e-3;
  EXPECT_EQ(findLargestLoss(comparison), 3u);
  std::string text;
  llvm::raw_string_ostream stream(text);
  printStageTable(comparison, stream);
  EXPECT_NE(text.find("<- largest loss"), std::string::npos);
  for (ComparedLayer &each : comparison.layers)
    each.noise.noise = 0;
  EXPECT_EQ(findLargestLoss(comparison), std::nullopt);
}

} // namespace
} // namespace shiftadd::tools
