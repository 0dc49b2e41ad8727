//===- SharedAdditionsTest.cpp - Adder graphs of constant matrices --------===//
//
// Part of the shiftadd project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
#include "passes/Rewrite/SharedAdditions.h"

#include "gtest/gtest.h"

#include <cstdio>
#include <random>

namespace shiftadd {

namespace {

/// Values modulo 2^64, as additions make them whatever the intermediate size.
std::vector<uint64_t> evaluate(const SharedAdditions &plan,
                               std::vector<uint64_t> values) {
  for (const SharedSum &sum : plan.sums) {
    uint64_t lhs = values.at(sum.lhs) << sum.lhsShift;
    uint64_t rhs = values.at(sum.rhs) << sum.rhsShift;
    values.push_back(sum.subtract ? lhs - rhs : lhs + rhs);
  }
  std::vector<uint64_t> outputs;
  for (const SharedOutput &output : plan.outputs) {
    uint64_t value =
        output.value < 0 ? 0 : values.at(output.value) << output.shift;
    outputs.push_back(output.negative ? -value : value);
  }
  return outputs;
}

void expectProduct(const SharedAdditions &plan,
                   const std::vector<int64_t> &matrix, int outputs, int inputs,
                   uint64_t seed) {
  std::mt19937_64 random(seed);
  for (int run = 0; run < 20; ++run) {
    std::vector<uint64_t> row(inputs);
    for (uint64_t &value : row)
      value = uint64_t(int64_t(random() % 65536) - 32768);
    auto sums = evaluate(plan, row);
    ASSERT_EQ(int(sums.size()), outputs);
    for (int n = 0; n < outputs; ++n) {
      uint64_t expected = 0;
      for (int k = 0; k < inputs; ++k)
        expected += uint64_t(matrix[n * inputs + k]) * row[k];
      EXPECT_EQ(sums[n], expected) << "output " << n;
    }
  }
}

std::vector<int64_t> makeMatrix(int outputs, int inputs, uint64_t seed,
                                int64_t low, int64_t high) {
  std::mt19937_64 random(seed);
  std::vector<int64_t> matrix(size_t(outputs) * inputs);
  for (int64_t &value : matrix)
    value = low + int64_t(random() % uint64_t(high - low + 1));
  return matrix;
}

TEST(SharedAdditions, AreTheMatrixProduct) {
  for (auto [outputs, inputs] :
       {std::pair(1, 1), {1, 8}, {8, 1}, {5, 7}, {16, 16}, {10, 64}, {64, 64}})
    for (uint64_t seed : {1, 2, 3}) {
      auto matrix = makeMatrix(outputs, inputs, seed, -128, 127);
      auto plan = shareAdditions(matrix, outputs, inputs);
      expectProduct(plan, matrix, outputs, inputs, seed);
      EXPECT_LE(int64_t(plan.sums.size()), plan.plainAdders);
    }
}

TEST(SharedAdditions, HandleWideAndSpecialValues) {
  std::vector<int64_t> matrix{0, 0, 1, -1, 1 << 20, -524289,
                              7, 7, 7, -7, -7,      -7};
  auto plan = shareAdditions(matrix, 4, 3);
  expectProduct(plan, matrix, 4, 3, 5);
  // The last row is the third one negated.
  EXPECT_EQ(plan.outputs[2].value, plan.outputs[3].value);
  EXPECT_NE(plan.outputs[2].negative, plan.outputs[3].negative);
  auto zero = shareAdditions({0, 0}, 1, 2);
  EXPECT_EQ(zero.outputs[0].value, -1);
  EXPECT_TRUE(zero.sums.empty());
}

/// 45 = 5 * 9: two additions, where its four digits need three.
TEST(SharedAdditions, FactorOneConstant) {
  auto plan = shareAdditions({45}, 1, 1);
  expectProduct(plan, {45}, 1, 1, 1);
  EXPECT_EQ(plan.plainAdders, 3);
  EXPECT_EQ(plan.sums.size(), 2u);
}

/// Sharing pays off, more so for larger matrices and narrower weights.
TEST(SharedAdditions, NeedFewerAdders) {
  struct Case {
    const char *name;
    int size;
    int64_t low, high;
    double share; ///< of the plain adders
  };
  for (Case c : {Case{"16x16, 4 bits", 16, -8, 7, 0.70},
                 Case{"16x16, 8 bits", 16, -128, 127, 0.65},
                 Case{"64x64, 8 bits", 64, -128, 127, 0.50},
                 Case{"64x64, ternary", 64, -1, 1, 0.50}}) {
    auto matrix = makeMatrix(c.size, c.size, 7, c.low, c.high);
    auto plan = shareAdditions(matrix, c.size, c.size);
    expectProduct(plan, matrix, c.size, c.size, 7);
    std::printf("%s: %lld adders, %lld without sharing\n", c.name,
                (long long)plan.sums.size(), (long long)plan.plainAdders);
    EXPECT_LT(double(plan.sums.size()), c.share * double(plan.plainAdders))
        << c.name;
  }
}

TEST(SharedAdditions, AreTheSameInEveryRun) {
  auto matrix = makeMatrix(24, 24, 9, -128, 127);
  auto a = shareAdditions(matrix, 24, 24), b = shareAdditions(matrix, 24, 24);
  ASSERT_EQ(a.sums.size(), b.sums.size());
  for (size_t i = 0; i < a.sums.size(); ++i) {
    EXPECT_EQ(a.sums[i].lhs, b.sums[i].lhs);
    EXPECT_EQ(a.sums[i].rhs, b.sums[i].rhs);
    EXPECT_EQ(a.sums[i].lhsShift, b.sums[i].lhsShift);
  }
}

} // namespace

} // namespace shiftadd
