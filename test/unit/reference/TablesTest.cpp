//===- TablesTest.cpp - Residuals, products and tables of codes -----------===//
//
// Part of the shiftadd project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
#include "test/unit/reference/Fixture.h"

#include <cmath>
#include <random>

namespace shiftadd::ref {

using TablesTest = ReferenceTest;

// N117: one rounding of the total. Each part alone would round to 0.
TEST_F(TablesTest, ResidualJoinsBeforeTheRounding) {
  Tensor result = runOp(
      "shiftadd.requantize_residual %a0, multiplier %a2, shift %a3, residual "
      "%a4, residual_multiplier %a5, bias %a1 {rounding = #shiftadd<rounding "
      "half_up>}",
      {integers("tensor<4x2xi32>", {1, 1, -3, 7, 1000, -1000, 0, 0}),
       integers("tensor<2xi32>", {0, -1}), integers("tensor<2xi32>", {1, -2}),
       integers("tensor<1xi32>", {2}),
       integers("tensor<4x2x!quant.uniform<u8:f32, 1.0:10>>",
                {11, 11, 10, 0, 0, 255, 12, 9}),
       integers("tensor<1xi32>", {1})},
      "tensor<4x2x!quant.uniform<i8:f32, 1.0:-3>>");
  ASSERT_EQ(error, "");
  // (1 + 1) / 4, (0 + 1) / 4, -3 / 4, (-12 - 10) / 4, (1000 - 10) / 4,
  // (2002 + 245) / 4, 2 / 4, (2 - 1) / 4; then the zero point.
  EXPECT_EQ(asIntegers(result),
            Integers({1 - 3, 0 - 3, -1 - 3, -5 - 3, 127, 127, 1 - 3, 0 - 3}));
}

TEST_F(TablesTest, ResidualAgreesWithDoubles) {
  std::mt19937_64 engine(5);
  constexpr int64_t kRows = 300;
  Integers sums, residuals;
  for (int64_t i = 0; i < kRows; ++i) {
    sums.push_back(int32_t(engine()) / 64);
    residuals.push_back(int64_t(engine() % 256) - 128);
  }
  Tensor result = runOp(
      "shiftadd.requantize_residual %a0, multiplier %a1, shift %a2, residual "
      "%a3, residual_multiplier %a4 {rounding = #shiftadd<rounding "
      "half_even>}",
      {integers("tensor<300x1xi32>", sums), integers("tensor<1xi32>", {1027}),
       integers("tensor<1xi32>", {29}),
       integers("tensor<300x1x!quant.uniform<i8:f32, 0.5:-9>>", residuals),
       integers("tensor<1xi32>", {1048575})},
      "tensor<300x1x!quant.uniform<u8:f32, 1.0:101>>");
  ASSERT_EQ(error, "");
  for (int64_t i = 0; i < kRows; ++i) {
    double scaled = std::ldexp(
        double(sums[i]) * 1027 + double(residuals[i] + 9) * 1048575, -29);
    EXPECT_EQ(result.getDouble(i),
              std::clamp(std::nearbyint(scaled) + 101, 0.0, 255.0))
        << i;
  }
}

// A negative factor of a batch normalisation (N53): ties still go up.
TEST_F(TablesTest, MultipliersHaveSigns) {
  Tensor result =
      runOp("shiftadd.requantize %a0, multiplier %a1, shift %a2 {rounding "
            "= #shiftadd<rounding half_up>}",
            {integers("tensor<4xi32>", {-3, -1, 1, 3}),
             integers("tensor<1xi32>", {-1}), integers("tensor<1xi32>", {1})},
            "tensor<4x!quant.uniform<i8:f32, 1.0>>");
  ASSERT_EQ(error, "");
  EXPECT_EQ(asIntegers(result), Integers({2, 1, 0, -1}));
}

// Codes of a smaller type are summed as they are stored.
TEST_F(TablesTest, RequantizeTakesCodes) {
  Tensor result = runOp(
      "shiftadd.requantize %a0, multiplier %a2, shift %a3, bias %a1 {rounding "
      "= #shiftadd<rounding half_even>}",
      {integers("tensor<3x!quant.uniform<u8:f32, 0.5:10>>", {0, 10, 255}),
       integers("tensor<1xi32>", {-10}), integers("tensor<1xi32>", {3}),
       integers("tensor<1xi32>", {1})},
      "tensor<3x!quant.uniform<i16:f32, 0.333:1>>");
  ASSERT_EQ(error, "");
  // -15 + 1, 1, 367.5 + 1 with the tie to even
  EXPECT_EQ(asIntegers(result), Integers({-14, 1, 369}));
}

// N118.
TEST_F(TablesTest, ProductsOfCodesRoundOnce) {
  Tensor result = runOp(
      "shiftadd.requantize_mul %a0, %a1 {multiplier = 3 : i64, shift = 4 : "
      "i64, rounding = #shiftadd<rounding half_even>}",
      {integers("tensor<2x3x!quant.uniform<u8:f32, 1.0:10>>",
                {11, 0, 255, 10, 14, 18}),
       integers("tensor<3x!quant.uniform<i8:f32, 1.0:-3>>", {-2, -128, 5})},
      "tensor<2x3x!quant.uniform<i16:f32, 1.0:7>>");
  ASSERT_EQ(error, "");
  // 3/16, 3750/16 = 234.4, 5880/16 = 367.5, 0, -1500/16 = -93.75, 192/16
  EXPECT_EQ(asIntegers(result),
            Integers({0 + 7, 234 + 7, 368 + 7, 0 + 7, -94 + 7, 12 + 7}));
}

// N119: the table starts at the lowest code of the storage.
TEST_F(TablesTest, LookupCountsFromTheLowestCode) {
  Integers table;
  for (int64_t i = 0; i < 256; ++i)
    table.push_back(3 * i - 300);
  Tensor wide = integers("tensor<256xi16>", table);
  EXPECT_EQ(
      asIntegers(runOp("shiftadd.lookup %a0, %a1",
                       {integers("tensor<3x!quant.uniform<i8<-127:127>:f32, "
                                 "1.0:5>>",
                                 {-127, 0, 127}),
                        wide},
                       "tensor<3xi16>")),
      Integers({3 - 300, 3 * 128 - 300, 3 * 255 - 300}));
  EXPECT_EQ(asIntegers(runOp("shiftadd.lookup %a0, %a1",
                             {integers("tensor<2xui8>", {0, 255}), wide},
                             "tensor<2xi16>")),
            Integers({-300, 3 * 255 - 300}));
  Tensor real =
      runOp("shiftadd.lookup %a0, %a1",
            {integers("tensor<2x!quant.uniform<i2:f32, 1.0>>", {-2, 1}),
             doubles("tensor<4xf32>", {0.5, 1.5, 2.5, 3.5})},
            "tensor<2xf32>");
  EXPECT_EQ(asDoubles(real), Doubles({0.5, 3.5}));
}

// N120.
TEST_F(TablesTest, SoftmaxRoundsHalvesUp) {
  Integers exponentials(256, 0);
  exponentials[0] = 4;
  exponentials[1] = 2;
  exponentials[2] = 1;
  Tensor table = integers("tensor<256xi32>", exponentials);
  Tensor result = runOp(
      "shiftadd.quantized_softmax %a0, %a1 {axis = 0 : i64, multiplier = 7 : "
      "i64, shift = 1 : i64}",
      {integers("tensor<3x2x!quant.uniform<u8:f32, 1.0>>",
                {9, 0, 8, 200, 7, 0}),
       table},
      "tensor<3x2x!quant.uniform<i8:f32, 0.2857142857:-1>>");
  ASSERT_EQ(error, "");
  // 3.5 steps: (4, 2, 1) / 7 of them are 2, 1, 0.5; and all of one.
  EXPECT_EQ(asIntegers(result),
            Integers({2 - 1, 0 - 1, 1 - 1, 4 - 1, 1 - 1, 0 - 1}));
}

TEST_F(TablesTest, SoftmaxIsNearTheRealOne) {
  constexpr int64_t kRows = 50, kClasses = 10;
  std::mt19937_64 engine(3);
  Integers codes, exponentials;
  for (int64_t i = 0; i < kRows * kClasses; ++i)
    codes.push_back(int64_t(engine() % 256));
  for (int64_t i = 0; i < 256; ++i)
    exponentials.push_back(std::lround(std::ldexp(std::exp(-0.05 * i), 22)));
  Tensor result = runOp(
      "shiftadd.quantized_softmax %a0, %a1 {axis = 1 : i64, multiplier = 256 : "
      "i64, shift = 0 : i64}",
      {integers("tensor<50x10x!quant.uniform<u8:f32, 0.05:77>>", codes),
       integers("tensor<256xi32>", exponentials)},
      "tensor<50x10x!quant.uniform<u8:f32, 0.00390625>>");
  ASSERT_EQ(error, "");
  for (int64_t row = 0; row < kRows; ++row) {
    double sum = 0;
    for (int64_t k = 0; k < kClasses; ++k)
      sum += std::exp(0.05 * double(codes[row * kClasses + k]));
    for (int64_t k = 0; k < kClasses; ++k) {
      int64_t i = row * kClasses + k;
      double exact = 256 * std::exp(0.05 * double(codes[i])) / sum;
      EXPECT_NEAR(result.getDouble(i), std::min(exact, 255.0), 0.501) << i;
    }
  }
}

} // namespace shiftadd::ref
