//===- RoundingTest.cpp - Error feedback, descent and scales --------------===//
//
// Part of the shiftadd project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Small problems against the best codes of all, and the identities that the
// loops rest on.
//
//===----------------------------------------------------------------------===//
#include "passes/Calibration/CoordinateDescent.h"
#include "passes/Calibration/FeedbackRounding.h"
#include "passes/Calibration/WeightScale.h"
#include "test/unit/calibration/LayerData.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <limits>

using namespace shiftadd::calibration;

namespace {

std::vector<double> randomCovariance(int64_t n, unsigned seed) {
  std::vector<float> x = randomValues(3 * n * n, seed);
  std::vector<double> matrix(n * n);
  for (int64_t i = 0; i < n; ++i)
    for (int64_t j = 0; j < n; ++j)
      for (int64_t k = 0; k < 3 * n; ++k)
        matrix[i * n + j] += (x[k * n + i] + x[k * n]) *
                             (x[k * n + j] + x[k * n]) / double(3 * n);
  return matrix;
}

double errorOf(const RoundingMetric &metric, const double *weights,
               const int16_t *codes, double scale) {
  double error = 0.0;
  for (int64_t i = 0; i < metric.taps; ++i)
    for (int64_t j = 0; j < metric.taps; ++j)
      error += (scale * codes[i] - weights[i]) *
               metric.matrix[i * metric.taps + j] *
               (scale * codes[j] - weights[j]);
  return error;
}

/// The least error of all codes.
double leastError(const RoundingMetric &metric, const CodeSet &codes,
                  const double *weights, double scale) {
  std::vector<std::size_t> index(metric.taps);
  std::vector<int16_t> chosen(metric.taps);
  double least = std::numeric_limits<double>::infinity();
  while (true) {
    for (int64_t i = 0; i < metric.taps; ++i)
      chosen[i] = codes.codes()[index[i]];
    least = std::min(least, errorOf(metric, weights, chosen.data(), scale));
    int64_t digit = 0;
    while (digit < metric.taps && ++index[digit] == codes.codes().size())
      index[digit++] = 0;
    if (digit == metric.taps)
      return least;
  }
}

TEST(Rounding, IsNeverBelowTheBestCodesAndNearThem) {
  for (const CodeSet &codes : {CodeSet::integers(3), CodeSet::termSums(1, 3)}) {
    double ratios = 0.0, plainRatios = 0.0;
    int count = 0;
    for (unsigned seed = 0; seed < 200; ++seed) {
      const int64_t taps = 2 + seed % 2;
      RoundingMetric metric(randomCovariance(taps, seed).data(), taps);
      std::vector<float> random = randomValues(taps, 1000 + seed);
      std::vector<double> weights(random.begin(), random.end());
      double scale = 0.4, error = 0.0;
      RowsToRound rows{1, weights.data(), &scale};
      std::vector<int16_t> result(taps);
      double best = leastError(metric, codes, weights.data(), scale);

      roundToNearest(taps, rows, codes, result.data());
      double nearest = errorOf(metric, weights.data(), result.data(), scale);
      descend(metric, rows, codes, result.data(), &error, 1);
      EXPECT_NEAR(error, errorOf(metric, weights.data(), result.data(), scale),
                  1e-9);
      EXPECT_LE(error, nearest + 1e-12);
      EXPECT_GE(error, best - 1e-12);

      roundWithFeedback(metric, rows, codes, result.data(), &error, 1);
      EXPECT_NEAR(error, errorOf(metric, weights.data(), result.data(), scale),
                  1e-9);
      EXPECT_GE(error, best - 1e-12);
      double feedback = error;
      descend(metric, rows, codes, result.data(), &error, 1);
      EXPECT_LE(error, feedback + 1e-12);
      EXPECT_GE(error, best - 1e-12);
      ratios += error / best;
      plainRatios += nearest / best;
      ++count;
    }
    RecordProperty("meanRatioToTheBest", std::to_string(ratios / count));
    EXPECT_LT(ratios / count, 1.3);
    EXPECT_LT(ratios, plainRatios);
  }
}

TEST(Rounding, WithADiagonalMetricIsNearest) {
  const int64_t taps = 100;
  std::vector<double> matrix(taps * taps);
  std::vector<float> random = randomValues(taps, 1);
  for (int64_t i = 0; i < taps; ++i)
    matrix[i * taps + i] = random[i] * random[i];
  RoundingMetric metric(matrix.data(), taps);
  for (const CodeSet &codes : {CodeSet::integers(8), CodeSet::termSums(2, 7)}) {
    std::vector<float> values = randomValues(5 * taps, 2);
    std::vector<double> weights(values.begin(), values.end());
    std::vector<double> scales = {0.01, 0.02, 0.03, 0.04, 0.05};
    RowsToRound rows{5, weights.data(), scales.data()};
    std::vector<int16_t> feedback(5 * taps), nearest(5 * taps);
    std::vector<double> errors(5);
    roundWithFeedback(metric, rows, codes, feedback.data(), errors.data(), 1);
    roundToNearest(taps, rows, codes, nearest.data());
    EXPECT_EQ(feedback, nearest);
  }
}

/// More columns than a block, more rows than an item, any order of columns.
TEST(Rounding, InBlocksIsTheLoopOverColumns) {
  const int64_t taps = 150, count = 70;
  std::vector<double> matrix = randomCovariance(taps, 3);
  RoundingMetric metric(matrix.data(), taps);
  EXPECT_TRUE(std::is_sorted(
      metric.order.begin(), metric.order.end(), [&](int64_t a, int64_t b) {
        return metric.matrix[a * taps + a] > metric.matrix[b * taps + b];
      }));
  CodeSet codes = CodeSet::termSums(2, 7);
  std::vector<float> values = randomValues(count * taps, 4);
  std::vector<double> weights(values.begin(), values.end());
  std::vector<double> scales =
      searchScales(weights.data(), count, taps, codes, false, 1);
  RowsToRound rows{count, weights.data(), scales.data()};
  std::vector<int16_t> one(count * taps), three(count * taps);
  std::vector<double> errors(count), again(count);
  roundWithFeedback(metric, rows, codes, one.data(), errors.data(), 1);
  roundWithFeedback(metric, rows, codes, three.data(), again.data(), 3);
  EXPECT_EQ(one, three);
  EXPECT_EQ(errors, again);
  int64_t differences = 0;
  for (int64_t row = 0; row < count; ++row) {
    std::vector<double> left(weights.begin() + row * taps,
                             weights.begin() + (row + 1) * taps);
    for (int64_t j = 0; j < taps; ++j) {
      int64_t column = metric.order[j];
      int16_t code = codes.nearest(left[column] / scales[row]);
      differences += code != one[row * taps + column];
      double error =
          (left[column] - scales[row] * code) / metric.factor[j * taps + j];
      for (int64_t i = j + 1; i < taps; ++i)
        left[metric.order[i]] -= error * metric.factor[j * taps + i];
    }
    EXPECT_NEAR(
        errors[row],
        errorOf(metric, &weights[row * taps], &one[row * taps], scales[row]),
        1e-9 * errors[row]);
  }
  // A last bit may decide a tie between two codes.
  EXPECT_LE(differences, 2);

  std::vector<int16_t> nearest(count * taps);
  roundToNearest(taps, rows, codes, nearest.data());
  std::vector<double> descended(count);
  for (int64_t row = 0; row < count; ++row)
    EXPECT_GT(errorOf(metric, &weights[row * taps], &nearest[row * taps],
                      scales[row]),
              errors[row]);
  std::vector<int16_t> improved = one;
  descend(metric, rows, codes, improved.data(), descended.data(), 1);
  descend(metric, rows, codes, three.data(), again.data(), 3);
  EXPECT_EQ(improved, three);
  EXPECT_NE(improved, one);
  for (int64_t row = 0; row < count; ++row)
    EXPECT_LE(descended[row], errors[row] * (1.0 + 1e-9));
}

TEST(Rounding, OfDeadInputsIsNearest) {
  const int64_t taps = 6;
  std::vector<double> matrix = randomCovariance(taps, 5);
  for (int64_t i = 0; i < taps; ++i)
    matrix[2 * taps + i] = matrix[i * taps + 2] = 0.0;
  RoundingMetric metric(matrix.data(), taps);
  CodeSet codes = CodeSet::integers(4);
  std::vector<double> weights = {0.5, -0.31, 0.28, 0.9, -0.77, 0.1};
  double scale = 0.13, error;
  RowsToRound rows{1, weights.data(), &scale};
  std::vector<int16_t> result(taps);
  roundWithFeedback(metric, rows, codes, result.data(), &error, 1);
  EXPECT_EQ(result[2], codes.nearest(weights[2] / scale));
  std::vector<double> dead(taps * taps);
  RoundingMetric nothing(dead.data(), taps);
  roundWithFeedback(nothing, rows, codes, result.data(), &error, 1);
  std::vector<int16_t> nearest(taps);
  roundToNearest(taps, rows, codes, nearest.data());
  EXPECT_EQ(result, nearest);
  descend(nothing, rows, codes, result.data(), &error, 1);
  EXPECT_EQ(result, nearest);
}

TEST(WeightScale, HasTheLeastSquaredError) {
  for (const CodeSet &codes : {CodeSet::integers(4), CodeSet::termSums(2, 7),
                               CodeSet::termSums(1, 6), CodeSet::ternary()}) {
    const int64_t taps = 64, rows = 40;
    std::vector<float> values = randomValues(rows * taps, 1);
    std::vector<double> weights(values.begin(), values.end());
    std::vector<double> scales =
        searchScales(weights.data(), rows, taps, codes, false, 1);
    EXPECT_EQ(scales,
              searchScales(weights.data(), rows, taps, codes, false, 3));
    std::vector<double> maximum =
        searchScales(weights.data(), rows, taps, codes, true, 1);
    for (int64_t row = 0; row < rows; ++row) {
      auto error = [&](double scale) {
        double sum = 0.0;
        for (int64_t i = row * taps; i < (row + 1) * taps; ++i) {
          double difference =
              weights[i] - scale * codes.nearest(weights[i] / scale);
          sum += difference * difference;
        }
        return sum;
      };
      double largest = 0.0;
      for (int64_t i = row * taps; i < (row + 1) * taps; ++i)
        largest = std::max(largest, std::abs(weights[i]));
      EXPECT_DOUBLE_EQ(maximum[row], largest / codes.mappedMaximum());
      double least = error(scales[row]);
      for (double factor : codes.scaleFactors())
        EXPECT_LE(least, error(factor * maximum[row]) * (1.0 + 1e-9));
    }
  }
}

TEST(WeightScale, OfNoWeightsIsZero) {
  std::vector<double> weights(8);
  weights[5] = 1.0;
  std::vector<double> scales =
      searchScales(weights.data(), 2, 4, CodeSet::integers(8), false, 1);
  EXPECT_EQ(scales[0], 0.0);
  EXPECT_GT(scales[1], 0.0);
}

TEST(WeightScale, SnapsUpToAShift) {
  const double input = 0.023, output = 0.11;
  std::vector<float> values = randomValues(300, 1);
  for (float value : values) {
    double scale = std::exp(2.0 * value);
    double snapped = snapScale(scale, input, output);
    double exponent = std::log2(snapped * input / output);
    EXPECT_NEAR(exponent, std::round(exponent), 1e-12);
    EXPECT_GE(snapped, scale * (1.0 - 1.01e-4));
    EXPECT_LT(snapped, 2.0 * scale);
  }
  const double unit = output / input;
  EXPECT_DOUBLE_EQ(snapScale(unit, input, output), unit);
  EXPECT_DOUBLE_EQ(snapScale(unit * (1.0 + 0.9e-4), input, output), unit);
  EXPECT_DOUBLE_EQ(snapScale(unit * (1.0 + 1.1e-4), input, output), 2.0 * unit);
  EXPECT_DOUBLE_EQ(snapScale(unit * (1.0 - 1e-6), input, output), unit);
}

} // namespace
