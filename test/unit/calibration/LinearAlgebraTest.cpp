//===- LinearAlgebraTest.cpp - Factors of matrices ------------------------===//
//
// Part of the shiftadd project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Products of the factors give back what was factored, also where rounding
// leaves a matrix that is not positive definite.
//
//===----------------------------------------------------------------------===//
#include "passes/Calibration/LinearAlgebra.h"
#include "passes/Calibration/Parallel.h"
#include "test/unit/calibration/LayerData.h"

#include <gtest/gtest.h>

#include <algorithm>

using namespace shiftadd::calibration;

namespace {

/// transpose(X) X of random X with `rank` rows.
std::vector<double> randomGram(int64_t n, int64_t rank, unsigned seed) {
  std::vector<float> x = randomValues(rank * n, seed);
  std::vector<double> gram(n * n);
  for (int64_t i = 0; i < n; ++i)
    for (int64_t j = 0; j < n; ++j)
      for (int64_t k = 0; k < rank; ++k)
        gram[i * n + j] += double(x[k * n + i]) * x[k * n + j];
  return gram;
}

TEST(LinearAlgebra, FactorsGiveTheMatrixBack) {
  const int64_t n = 70;
  std::vector<double> matrix = randomGram(n, 200, 1);
  double damping = 0.5;
  std::vector<double> factor = choleskyLower(matrix, n, damping);
  EXPECT_EQ(damping, 0.5);
  for (int64_t i = 0; i < n; ++i)
    for (int64_t j = 0; j < n; ++j) {
      double sum = 0.0;
      for (int64_t k = 0; k < n; ++k)
        sum += factor[i * n + k] * factor[j * n + k];
      EXPECT_NEAR(sum, matrix[i * n + j] + (i == j ? 0.5 : 0.0), 1e-9);
      if (j > i) {
        EXPECT_EQ(factor[i * n + j], 0.0);
      }
    }
}

TEST(LinearAlgebra, SolvesRows) {
  const int64_t n = 40, m = 3;
  std::vector<double> matrix = randomGram(n, 100, 2);
  double damping = 0.0;
  std::vector<double> factor = choleskyLower(matrix, n, damping);
  std::vector<float> expected = randomValues(m * n, 3);
  std::vector<double> rows(m * n);
  for (int64_t r = 0; r < m; ++r)
    for (int64_t j = 0; j < n; ++j)
      for (int64_t k = 0; k < n; ++k)
        rows[r * n + j] += expected[r * n + k] * matrix[k * n + j];
  solveRows(factor, n, rows.data(), m);
  for (int64_t i = 0; i < m * n; ++i)
    EXPECT_NEAR(rows[i], expected[i], 1e-9);
}

TEST(LinearAlgebra, UpperFactorIsThatOfTheInverse) {
  const int64_t n = 33;
  std::vector<double> matrix = randomGram(n, 80, 4);
  double damping = 0.0;
  std::vector<double> upper = inverseUpperFactor(matrix, n, damping);
  // transpose(U) U matrix = I
  std::vector<double> inverse(n * n);
  for (int64_t i = 0; i < n; ++i)
    for (int64_t j = 0; j < n; ++j) {
      for (int64_t k = 0; k < n; ++k)
        inverse[i * n + j] += upper[k * n + i] * upper[k * n + j];
      if (j < i) {
        EXPECT_EQ(upper[i * n + j], 0.0);
      }
    }
  for (int64_t i = 0; i < n; ++i)
    for (int64_t j = 0; j < n; ++j) {
      double sum = 0.0;
      for (int64_t k = 0; k < n; ++k)
        sum += inverse[i * n + k] * matrix[k * n + j];
      EXPECT_NEAR(sum, i == j ? 1.0 : 0.0, 1e-8);
    }
}

TEST(LinearAlgebra, RaisesTheDampingOfASingularMatrix) {
  const int64_t n = 20;
  std::vector<double> matrix = randomGram(n, 5, 5);
  double damping = 0.0;
  std::vector<double> factor = choleskyLower(matrix, n, damping);
  for (double value : factor)
    EXPECT_TRUE(std::isfinite(value));
  std::vector<double> negative(n * n);
  for (int64_t i = 0; i < n; ++i)
    negative[i * n + i] = -3.0;
  damping = 0.0;
  factor = choleskyLower(negative, n, damping);
  EXPECT_GT(damping, 3.0);
  for (double value : factor)
    EXPECT_TRUE(std::isfinite(value));
  std::vector<double> zeros(n * n);
  damping = 0.0;
  EXPECT_TRUE(std::isfinite(inverseUpperFactor(zeros, n, damping)[0]));
  EXPECT_GT(damping, 0.0);
}

/// The library is called from all threads of a calibration at once.
TEST(LinearAlgebra, WorksOnManyThreads) {
  const int64_t n = 60, k = 40, items = 400;
  std::vector<float> a = randomValues(n * k, 6), b = randomValues(n * k, 7);
  std::vector<double> matrix = randomGram(n, 100, 8);
  double damping = 0.0;
  const std::vector<double> factor = inverseUpperFactor(matrix, n, damping);
  std::vector<float> product(n * n), gram(n * n);
  multiplyByTransposed(n, n, k, a.data(), k, b.data(), k, product.data(), n);
  gramUpper(n, k, a.data(), n, gram.data());
  std::vector<char> right(items);
  parallelFor(8, items, [&](int64_t item, unsigned) {
    std::vector<float> c(n * n), g(n * n);
    multiplyByTransposed(n, n, k, a.data(), k, b.data(), k, c.data(), n);
    gramUpper(n, k, a.data(), n, g.data());
    double none = 0.0;
    right[item] = c == product && g == gram &&
                  inverseUpperFactor(matrix, n, none) == factor;
  });
  EXPECT_EQ(std::count(right.begin(), right.end(), 1), items);
}

TEST(LinearAlgebra, SurvivesNumbersThatAreNone) {
  std::vector<double> matrix(9, std::nan(""));
  double damping = 0.0;
  EXPECT_EQ(choleskyLower(matrix, 3, damping).size(), 9u);
  EXPECT_EQ(inverseUpperFactor(matrix, 3, damping).size(), 9u);
}

} // namespace
