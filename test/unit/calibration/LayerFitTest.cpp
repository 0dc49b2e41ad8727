//===- LayerFitTest.cpp - Whole layers fitted -----------------------------===//
//
// Part of the shiftadd project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// What the fit of a layer promises: fine codes give the float weights, the
// mean is exact, dead inputs and many threads change nothing, bad data is
// named.
//
//===----------------------------------------------------------------------===//
#include "passes/Calibration/LayerFit.h"
#include "passes/Calibration/Moments.h"
#include "passes/Calibration/TargetShift.h"
#include "test/unit/calibration/LayerData.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <limits>

using namespace shiftadd::calibration;

namespace {

/// A layer with correlated non-negative inputs of 8 bits and its float target.
struct Layer {
  explicit Layer(const ConvolutionShape &shape, float inputNoise = 1.0f)
      : weights(randomValues(shape.weightSize(), 2)),
        bias(randomValues(shape.outChannels, 3)) {
    std::vector<float> exact = randomValues(shape.inputSize(), 1);
    for (int64_t i = 0; i < shape.inputSize(); ++i) {
      float shared = exact[i / shape.channels * shape.channels];
      exact[i] = std::max(0.0f, exact[i] + shared);
    }
    std::string error;
    RangeOptions range;
    EXPECT_TRUE(
        chooseRange(exact.data(), shape.inputSize(), range, inputRange, error));
    input.resize(exact.size());
    std::vector<float> noisy = randomValues(shape.inputSize(), 4);
    for (std::size_t i = 0; i < noisy.size(); ++i)
      noisy[i] = exact[i] + inputNoise * float(inputRange.scale) * noisy[i];
    if (inputNoise > 0.0f)
      fakeQuantize(noisy.data(), shape.inputSize(), inputRange, input.data(),
                   1);
    else
      input = exact;
    for (float &weight : weights)
      weight *= 0.1f;
    target.resize(shape.outputSize());
    EXPECT_TRUE(convolve(shape, exact.data(), weights.data(),
                         {bias.data(), nullptr}, target.data(), 1, error));
    problem.shape = shape;
    problem.input = input.data();
    problem.target = target.data();
    problem.weights = weights.data();
    problem.bias = bias.data();
    problem.inputScale = inputRange.scale;
  }

  std::vector<float> weights, bias, input, target;
  ActivationRange inputRange;
  LayerProblem problem;
};

LayerFit fitted(const LayerProblem &problem, const FitOptions &options) {
  LayerFit fit;
  std::string error;
  EXPECT_TRUE(fitLayer(problem, options, fit, error)) << error;
  return fit;
}

ConvolutionShape fullShape() {
  ConvolutionShape shape;
  shape.images = 40;
  shape.input = {1, 8, 8};
  shape.channels = 6;
  shape.outChannels = 9;
  shape.kernel = {1, 3, 3};
  shape.padLow = shape.padHigh = {0, 1, 1};
  return completed(shape);
}

ConvolutionShape depthwiseShape() {
  ConvolutionShape shape = fullShape();
  shape.channels = shape.outChannels = shape.groups = 19;
  return completed(shape);
}

TEST(LayerFit, WithFineCodesGivesTheShiftedWeights) {
  for (const ConvolutionShape &shape : {fullShape(), depthwiseShape()}) {
    Layer layer(shape);
    FitOptions options;
    options.codes = CodeSet::integers(16);
    LayerFit fit = fitted(layer.problem, options);
    MomentSums sums(shape);
    sums.addImages(layer.input.data(), layer.target.data(), nullptr, {}, 1);
    Moments moments = sums.centred();
    std::vector<double> shifted = shiftWeights(
        moments,
        std::vector<double>(layer.weights.begin(), layer.weights.end()),
        nullptr, defaultRidge(shape), 1);
    EXPECT_EQ(fit.ridge, defaultRidge(shape));
    double largest = 0.0;
    std::vector<double> values;
    for (std::size_t i = 0; i < shifted.size(); ++i) {
      largest = std::max(largest, std::abs(shifted[i]));
      values.push_back(fit.codes[i] * fit.weightScales[i / shape.taps()]);
    }
    for (std::size_t i = 0; i < shifted.size(); ++i)
      ASSERT_NEAR(values[i], shifted[i], 1e-3 * largest);
    // What remains is the error of the activations.
    EXPECT_NEAR(moments.expectedError(values), moments.expectedError(shifted),
                1e-3 * moments.expectedError(shifted));
  }
}

TEST(LayerFit, KeepsTheWeightsOfExactInputsWithInfiniteRidge) {
  Layer layer(fullShape(), 0.0f);
  FitOptions options;
  options.codes = CodeSet::integers(16);
  options.ridge = Ridge::Infinite;
  LayerFit fit = fitted(layer.problem, options);
  EXPECT_TRUE(std::isinf(fit.ridge));
  for (std::size_t i = 0; i < fit.codes.size(); ++i)
    ASSERT_NEAR(fit.codes[i] * fit.weightScales[i / fullShape().taps()],
                layer.weights[i], 1e-4);
  EXPECT_GT(fit.signalToNoise, 80.0);
  // A finite ridge has nothing to repair either.
  options.ridge = Ridge::Fixed;
  EXPECT_GT(fitted(layer.problem, options).signalToNoise, 80.0);
  EXPECT_EQ(fitted(layer.problem, options).ridge, 0.01);
  layer.problem.behindGlobalPool = true;
  EXPECT_TRUE(std::isinf(fitted(layer.problem, options).ridge));
}

/// Mean of target - output for each channel, in steps of the bias.
double largestMeanError(const Layer &layer, const LayerFit &fit) {
  const int64_t channels = layer.problem.shape.outChannels;
  double largest = 0.0;
  for (int64_t channel = 0; channel < channels; ++channel) {
    double sum = 0.0;
    for (std::size_t i = channel; i < fit.output.size(); i += channels)
      sum += double(layer.target[i]) - fit.output[i];
    sum /= double(fit.output.size()) / double(channels);
    largest = std::max(largest, std::abs(sum) / (layer.problem.inputScale *
                                                 fit.weightScales[channel]));
  }
  return largest;
}

TEST(LayerFit, MakesTheMeanExact) {
  for (bool plain : {false, true}) {
    Layer layer(fullShape());
    FitOptions options;
    options.codes = CodeSet::termSums(1, 6);
    options.plainRounding = plain;
    options.bias = BiasFit::Mean;
    LayerFit fit = fitted(layer.problem, options);
    EXPECT_LE(largestMeanError(layer, fit), 0.51);
    options.bias = BiasFit::None;
    EXPECT_GT(largestMeanError(layer, fitted(layer.problem, options)), 1.0);
    for (std::size_t i = 0; i < fit.bias.size(); ++i)
      EXPECT_EQ(fit.bias[i],
                float(double(fit.biasSteps[i]) *
                      (layer.problem.inputScale * fit.weightScales[i])));
  }
}

/// The mean behind a clamp is right where only the mean before it was.
TEST(LayerFit, MakesTheMeanBehindTheActivationExact) {
  Layer layer(fullShape());
  layer.problem.lowest = 0.0;
  layer.problem.highest = 0.8;
  FitOptions options;
  options.codes = CodeSet::termSums(1, 6);
  auto meanError = [&](BiasFit bias) {
    options.bias = bias;
    LayerFit fit = fitted(layer.problem, options);
    const int64_t channels = layer.problem.shape.outChannels;
    double total = 0.0;
    for (int64_t channel = 0; channel < channels; ++channel) {
      double sum = 0.0;
      for (std::size_t i = channel; i < fit.output.size(); i += channels)
        sum += std::clamp(layer.target[i], 0.0f, 0.8f) -
               std::clamp(fit.output[i], 0.0f, 0.8f);
      total += std::abs(sum) / double(fit.output.size());
    }
    return total;
  };
  EXPECT_LT(meanError(BiasFit::AfterActivation),
            0.2 * meanError(BiasFit::Mean));
}

TEST(LayerFit, RepairsTheResidual) {
  Layer layer(fullShape());
  std::vector<float> residual = randomValues(layer.target.size(), 9, 3.0f);
  for (std::size_t i = 0; i < residual.size(); ++i)
    layer.target[i] += residual[i] - 0.25f;
  layer.problem.residual = residual.data();
  LayerFit fit = fitted(layer.problem, {});
  EXPECT_GT(fit.signalToNoise, 35.0);
  EXPECT_LT(largestMeanError(layer, fit), 0.51);
}

TEST(LayerFit, GetsBetterWithEachPartOfTheRecipe) {
  Layer layer(fullShape());
  FitOptions options;
  options.codes = CodeSet::termSums(1, 6);
  LayerFit best = fitted(layer.problem, options);
  EXPECT_LT(best.errorAfter, best.errorBefore);
  options.descent = options.scaleTrials = true;
  EXPECT_LT(fitted(layer.problem, options).errorAfter, best.errorAfter);
  options = FitOptions();
  options.codes = CodeSet::termSums(1, 6);
  options.ridge = Ridge::Infinite;
  LayerFit unmoved = fitted(layer.problem, options);
  EXPECT_LT(best.errorAfter, unmoved.errorAfter);
  options.plainRounding = true;
  LayerFit plain = fitted(layer.problem, options);
  EXPECT_LT(unmoved.errorAfter, plain.errorAfter);
  // Without statistics there is nothing to compare with.
  EXPECT_EQ(plain.errorAfter, plain.errorBefore);
  // The two ways to find the error of plain rounding agree.
  EXPECT_NEAR(best.errorBefore, plain.errorAfter, 0.02 * plain.errorAfter);
}

TEST(TargetShift, HoldsWeightsBackWhereSamplesAreFew) {
  ConvolutionShape shape = fullShape();
  EXPECT_DOUBLE_EQ(defaultRidge(shape), 30.0 * 54 / (40 * 64));
  shape.images = 1000000;
  EXPECT_DOUBLE_EQ(defaultRidge(shape), 0.01);
}

TEST(LayerFit, CrossValidationChoosesAmongItsRidges) {
  Layer layer(fullShape(), 20.0f);
  FitOptions options;
  options.ridge = Ridge::CrossValidation;
  LayerFit fit = fitted(layer.problem, options);
  EXPECT_LE(fit.ridge, 0.3);
  // Too few samples for any shift: the halves contradict each other.
  ConvolutionShape few;
  few.images = 12;
  few.channels = 60;
  few.outChannels = 4;
  Layer small(few, 20.0f);
  EXPECT_GT(fitted(small.problem, options).ridge, fit.ridge);
  few.images = 1;
  Layer single(few);
  EXPECT_TRUE(std::isinf(fitted(single.problem, options).ridge));
}

/// Channel 2 of the input is always zero: its weights may be anything, and the
/// others are what they are without it.
TEST(LayerFit, IsNotDisturbedByDeadInputs) {
  for (bool depthwise : {false, true}) {
    ConvolutionShape shape = depthwise ? depthwiseShape() : fullShape();
    Layer layer(shape);
    for (std::size_t i = 2; i < layer.input.size(); i += shape.channels)
      layer.input[i] = 0.0f;
    for (CodeSet codes : {CodeSet::integers(8), CodeSet::ternary()}) {
      FitOptions options;
      options.codes = codes;
      options.descent = options.scaleTrials = true;
      LayerFit fit = fitted(layer.problem, options);
      for (double scale : fit.weightScales)
        EXPECT_TRUE(std::isfinite(scale) && scale > 0.0);
      if (!depthwise) {
        EXPECT_GT(fit.signalToNoise, 5.0);
      }
      if (codes.largest() != 127)
        continue;
      // Dead weights keep their values.
      for (int64_t i = 0; i < shape.weightSize(); ++i) {
        if (depthwise ? i / shape.taps() != 2 : i % shape.channels != 2)
          continue;
        double scale = fit.weightScales[i / shape.taps()];
        EXPECT_NEAR(
            fit.codes[i] * scale,
            std::clamp<double>(layer.weights[i], -127 * scale, 127 * scale),
            0.501 * scale);
      }
    }
  }
}

TEST(LayerFit, DoesNotDependOnThreads) {
  ConvolutionShape pointwise;
  pointwise.images = 50;
  pointwise.input = {1, 15, 15};
  pointwise.channels = 70;
  pointwise.outChannels = 40;
  ConvolutionShape grouped = fullShape();
  grouped.groups = 3;
  for (const ConvolutionShape &shape :
       {completed(pointwise), fullShape(), depthwiseShape(), grouped}) {
    Layer layer(shape);
    layer.problem.lowest = 0.0;
    layer.problem.highest = 1.0;
    FitOptions options;
    options.codes = CodeSet::termSums(1, 6);
    options.descent = options.scaleTrials = true;
    options.ridge = Ridge::CrossValidation;
    LayerFit one = fitted(layer.problem, options);
    for (unsigned threads : {2u, 5u}) {
      options.threads = threads;
      LayerFit many = fitted(layer.problem, options);
      EXPECT_EQ(one.codes, many.codes);
      EXPECT_EQ(one.weightScales, many.weightScales);
      EXPECT_EQ(one.bias, many.bias);
      EXPECT_EQ(one.output, many.output);
      EXPECT_EQ(one.errorAfter, many.errorAfter);
      EXPECT_EQ(one.errorBefore, many.errorBefore);
    }
  }
}

/// Leaves out every third weight, from another one on in every row.
std::vector<uint8_t> sparseMask(const ConvolutionShape &shape) {
  std::vector<uint8_t> kept(shape.weightSize(), 1);
  for (int64_t row = 0; row < shape.outChannels; ++row)
    for (int64_t tap = row / 2 % 3; tap < shape.taps(); tap += 3)
      kept[row * shape.taps() + tap] = 0;
  return kept;
}

/// The target stays that of all weights.
TEST(LayerFit, LeavesOutWeights) {
  for (const ConvolutionShape &shape : layerKinds()) {
    Layer layer(shape);
    const std::vector<uint8_t> kept = sparseMask(shape);
    for (const CodeSet &codes : {CodeSet::integers(8), CodeSet::termSums(1, 7)})
      for (bool plain : {false, true}) {
        FitOptions options;
        options.codes = codes;
        options.plainRounding = plain;
        options.descent = options.scaleTrials = codes.isCoarse();
        auto countFilled = [&] {
          LayerFit fit = fitted(layer.problem, options);
          int64_t filled = 0;
          for (std::size_t i = 0; i < kept.size(); ++i)
            filled += !kept[i] && fit.codes[i] != 0;
          return filled;
        };
        layer.problem.kept = nullptr;
        EXPECT_GT(countFilled(), 0);
        layer.problem.kept = kept.data();
        EXPECT_EQ(countFilled(), 0);
      }
  }
}

TEST(LayerFit, LetsTheOthersMakeUpForWeightsThatAreLeftOut) {
  ConvolutionShape shape = fullShape();
  Layer layer(shape);
  const std::vector<uint8_t> kept = sparseMask(shape);
  layer.problem.kept = kept.data();
  FitOptions options;
  LayerFit fit = fitted(layer.problem, options);
  options.ridge = Ridge::Infinite;
  options.plainRounding = true;
  LayerFit alone = fitted(layer.problem, options);
  EXPECT_LT(fit.errorAfter, 0.6 * alone.errorAfter);
}

/// Where a weight stays, the regression's gradient is zero.
TEST(TargetShift, OfWeightsThatStayIsTheirOwnRegression) {
  const ConvolutionShape grouped = [] {
    ConvolutionShape shape = fullShape();
    shape.groups = 3;
    return completed(shape);
  }();
  for (const ConvolutionShape &shape :
       {fullShape(), grouped, depthwiseShape()}) {
    Layer layer(shape);
    MomentSums sums(shape);
    sums.addImages(layer.input.data(), layer.target.data(), nullptr, {}, 1);
    const Moments moments = sums.centred();
    const std::vector<double> weights(layer.weights.begin(),
                                      layer.weights.end());
    // Rows that keep most of their weights, few and none.
    std::vector<uint8_t> kept = sparseMask(shape);
    for (int64_t row = 0; row < shape.outChannels; row += 4)
      for (int64_t tap = 0; tap < shape.taps(); ++tap)
        kept[row * shape.taps() + tap] = tap % 3 == 1 && row > 0;
    const double ridge = 0.2;
    std::vector<double> shifted =
        shiftWeights(moments, weights, kept.data(), ridge, 2);
    const int64_t taps = moments.taps;
    for (int64_t row = 0; row < shape.outChannels; ++row) {
      const double *matrix =
          &moments.covariance[row / moments.rows * taps * taps];
      double mean = 0.0;
      for (int64_t i = 0; i < taps; ++i)
        mean += matrix[i * taps + i] / double(taps);
      for (int64_t tap = 0; tap < taps; ++tap) {
        const int64_t place = row * taps + tap;
        if (!kept[place]) {
          ASSERT_EQ(shifted[place], 0.0);
          continue;
        }
        double gradient = ridge * mean * (shifted[place] - weights[place]) -
                          moments.cross[place];
        for (int64_t i = 0; i < taps; ++i)
          gradient += matrix[tap * taps + i] * shifted[row * taps + i];
        ASSERT_NEAR(gradient, 0.0, 1e-9 * mean);
      }
    }
  }
}

TEST(LayerFit, SnapsScalesToShifts) {
  Layer layer(fullShape());
  layer.problem.outputScale = 0.037;
  FitOptions options;
  options.snapToShift = true;
  options.scaleTrials = true;
  LayerFit fit = fitted(layer.problem, options);
  for (double scale : fit.weightScales) {
    double exponent = std::log2(scale * layer.problem.inputScale / 0.037);
    EXPECT_NEAR(exponent, std::round(exponent), 1e-9);
  }
  EXPECT_GT(fit.signalToNoise, 30.0);
}

/// Pruning may leave a layer nothing but its bias.
TEST(LayerFit, KeepsTheBiasOfALayerWithoutWeights) {
  Layer layer(fullShape());
  const std::vector<uint8_t> kept(layer.weights.size(), 0);
  layer.problem.kept = kept.data();
  for (std::size_t i = 0; i < layer.target.size(); ++i)
    layer.target[i] = 0.01f * float(1 + i % layer.problem.shape.outChannels);
  layer.problem.outputScale = 0.06 / 255;
  LayerFit fit = fitted(layer.problem, {});
  EXPECT_GT(fit.signalToNoise, 60.0);
}

/// Where 32 bits leave few of them for a multiplier, each channel's factor has
/// no more: m * 2^-s with |sum + bias| * m below 2^30 for all inputs.
TEST(LayerFit, StatesFactorsInTheBitsThatRemain) {
  Layer layer(fullShape());
  LayerProblem &problem = layer.problem;
  problem.inputLowest = -1e6 * problem.inputScale;
  problem.inputHighest = 3e6 * problem.inputScale;
  problem.outputScale = 0.037;
  for (bool coarse : {false, true}) {
    FitOptions options;
    if (coarse)
      options.codes = CodeSet::termSums(1, 7);
    options.scaleTrials = coarse;
    LayerFit fit = fitted(problem, options);
    const int64_t taps = problem.shape.taps();
    for (int64_t row = 0; row < problem.shape.outChannels; ++row) {
      double low = double(fit.biasSteps[row]), high = low;
      for (int64_t tap = 0; tap < taps; ++tap) {
        double code = fit.codes[row * taps + tap];
        low += std::min(-1e6 * code, 3e6 * code);
        high += std::max(-1e6 * code, 3e6 * code);
      }
      double factor = fit.weightScales[row] * problem.inputScale / 0.037;
      int shift = 0;
      auto multiplier = [&] { return std::ldexp(factor, shift); };
      while (std::abs(multiplier() - std::round(multiplier())) >
             1e-9 * multiplier())
        ++shift;
      EXPECT_GE(multiplier(), 1.0);
      EXPECT_LT(std::max(high, -low) * multiplier(), double(1 << 30));
    }
    EXPECT_GT(fit.signalToNoise, coarse ? 15.0 : 30.0);
  }
}

/// The output is that of the codes: nothing else would be compiled.
TEST(LayerFit, ReportsTheOutputOfItsCodes) {
  for (const ConvolutionShape &shape : {fullShape(), depthwiseShape()}) {
    Layer layer(shape);
    LayerFit fit = fitted(layer.problem, {});
    std::vector<float> weights(fit.codes.size()), output(fit.output.size());
    for (std::size_t i = 0; i < weights.size(); ++i)
      weights[i] = float(fit.codes[i] * fit.weightScales[i / shape.taps()]);
    std::vector<double> expected = plainLayer(shape, layer.input, weights);
    double noise = 0.0, power = 0.0;
    for (std::size_t i = 0; i < expected.size(); ++i) {
      ASSERT_NEAR(fit.output[i], expected[i] + fit.bias[i % shape.outChannels],
                  1e-4);
      noise += std::pow(fit.output[i] - layer.target[i], 2.0);
      power += std::pow(layer.target[i], 2.0);
    }
    EXPECT_NEAR(fit.signalToNoise, 10.0 * std::log10(power / noise), 0.01);
    EXPECT_NEAR(fit.errorAfter, noise / power, 1e-3 * fit.errorAfter);
  }
}

TEST(LayerFit, OfFixedWeightsFitsTheBias) {
  Layer layer(fullShape());
  layer.problem.kind = LayerWeights::Fixed;
  layer.problem.fixedScales = {0.0625};
  LayerFit fit = fitted(layer.problem, {});
  EXPECT_TRUE(fit.codes.empty());
  EXPECT_EQ(fit.weightScales,
            std::vector<double>(layer.problem.shape.outChannels, 0.0625));
  EXPECT_LE(largestMeanError(layer, fit), 0.51);

  layer.problem.kind = LayerWeights::FixedAdder;
  layer.problem.fixedScales.clear();
  fit = fitted(layer.problem, {});
  EXPECT_LE(largestMeanError(layer, fit), 0.51);
  std::vector<double> expected =
      plainLayer(layer.problem.shape, layer.input, layer.weights, true);
  const int64_t channels = layer.problem.shape.outChannels;
  for (std::size_t i = 0; i < expected.size(); ++i)
    ASSERT_NEAR(fit.output[i], expected[i] + fit.bias[i % channels], 1e-4);
}

/// Channels with no weights, or nearly none, still get a usable bias.
TEST(LayerFit, KeepsBiasesInThirtyTwoBits) {
  Layer layer(fullShape());
  const ConvolutionShape &shape = layer.problem.shape;
  for (int64_t tap = 0; tap < shape.taps(); ++tap) {
    layer.weights[tap] = 0.0f;
    layer.weights[shape.taps() + tap] = 1e-30f;
  }
  for (std::size_t i = 0; i < layer.target.size(); i += shape.outChannels)
    layer.target[i] = layer.target[i + 1] = 5.0f;
  for (bool plain : {true, false}) {
    FitOptions options;
    options.plainRounding = plain;
    options.ridge = plain ? Ridge::Infinite : Ridge::TapsOverPositions;
    LayerFit fit = fitted(layer.problem, options);
    for (int64_t channel : {0, 1}) {
      EXPECT_NEAR(fit.bias[channel], 5.0f, 0.01f);
      EXPECT_LT(std::abs(fit.biasSteps[channel]), int64_t(1) << 30);
    }
  }
}

TEST(LayerFit, NamesWhatIsWrongWithTheData) {
  auto errorOf = [](auto change) {
    Layer layer(fullShape());
    change(layer);
    LayerFit fit;
    std::string error;
    EXPECT_FALSE(fitLayer(layer.problem, {}, fit, error));
    EXPECT_EQ(error.find('\n'), std::string::npos);
    return error;
  };
  EXPECT_EQ(errorOf([](Layer &l) {
              l.weights[l.problem.shape.taps() + 3] =
                  std::numeric_limits<float>::infinity();
            }),
            "weight 3 of output channel 1 is not a finite number");
  EXPECT_EQ(errorOf([](Layer &l) { l.bias[4] = std::nanf(""); }),
            "the bias of output channel 4 is not a finite number");
  for (std::vector<float> Layer::*data : {&Layer::input, &Layer::target})
    EXPECT_EQ(errorOf([&](Layer &l) { (l.*data)[17] = std::nanf(""); }),
              "the layer's input or output holds a value that is not a finite "
              "number");
  EXPECT_NE(errorOf([](Layer &l) { l.problem.inputScale = 0.0; }), "");
  EXPECT_NE(errorOf([](Layer &l) { l.problem.target = nullptr; }), "");
  EXPECT_NE(errorOf([](Layer &l) { l.problem.shape.groups = 4; }), "");
  EXPECT_NE(errorOf([](Layer &l) {
              l.problem.kind = LayerWeights::Fixed;
              l.problem.fixedScales = {1.0, 1.0};
            }),
            "");
}

} // namespace
