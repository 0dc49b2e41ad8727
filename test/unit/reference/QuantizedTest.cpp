//===- QuantizedTest.cpp - The integer contract ---------------------------===//
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

class QuantizedTest : public ReferenceTest {
protected:
  Tensor requantize(const Tensor &accumulator, const Tensor &bias,
                    const Tensor &multiplier, const Tensor &shift,
                    llvm::StringRef rounding, llvm::StringRef result) {
    std::string op = "shiftadd.requantize %a0, multiplier %a2, shift "
                     "%a3, bias %a1 {rounding = #shiftadd<rounding " +
                     rounding.str() + ">}";
    return runOp(op, {accumulator, bias, multiplier, shift}, result);
  }

  Integers halves(llvm::ArrayRef<int64_t> accumulator,
                  llvm::StringRef rounding) {
    Tensor result = requantize(
        integers("tensor<10xi32>", accumulator), integers("tensor<1xi32>", {0}),
        integers("tensor<1xi32>", {1}), integers("tensor<1xi32>", {1}),
        rounding, "tensor<10x!quant.uniform<i8:f32, 1.0>>");
    EXPECT_EQ(error, "");
    return asIntegers(result);
  }
};

// N101: the quotients are -2.5, -2, -1.5, -1, -0.5, 0.5, 1, 1.5, 2, 2.5.
TEST_F(QuantizedTest, RoundingTables) {
  Integers accumulator{-5, -4, -3, -2, -1, 1, 2, 3, 4, 5};
  EXPECT_EQ(halves(accumulator, "half_even"),
            Integers({-2, -2, -2, -1, 0, 0, 1, 2, 2, 2}));
  EXPECT_EQ(halves(accumulator, "half_up"),
            Integers({-2, -2, -1, -1, 0, 1, 1, 2, 2, 3}));
  EXPECT_EQ(halves(accumulator, "floor"),
            Integers({-3, -2, -2, -1, -1, 0, 1, 1, 2, 2}));
  EXPECT_EQ(halves(accumulator, "trunc_zero"),
            Integers({-2, -2, -1, -1, 0, 0, 1, 1, 2, 2}));
}

TEST_F(QuantizedTest, RequantizeSaturatesAfterTheZeroPoint) {
  Tensor result =
      requantize(integers("tensor<6xi32>", {-1000, -13, -12, 120, 121, 1000}),
                 integers("tensor<1xi32>", {0}), integers("tensor<1xi32>", {1}),
                 integers("tensor<1xi32>", {0}), "half_even",
                 "tensor<6x!quant.uniform<i8<-5:127>:f32, 1.0:7>>");
  EXPECT_EQ(asIntegers(result), Integers({-5, -5, -5, 127, 127, 127}));
}

/// (acc + bias) * m has at most 53 bits, so a double holds it exactly and the
/// C library rounds it: an oracle that shares no code.
TEST_F(QuantizedTest, RequantizeAgreesWithTheCLibrary) {
  std::mt19937_64 engine(7);
  constexpr int64_t kChannels = 5;
  constexpr int64_t kRows = 200;
  Integers accumulator;
  Integers bias;
  Integers multiplier;
  Integers shift;
  for (int64_t i = 0; i < kRows * kChannels; ++i)
    accumulator.push_back(int32_t(engine()));
  for (int64_t c = 0; c < kChannels; ++c) {
    bias.push_back(int32_t(engine()) / 2);
    multiplier.push_back(int64_t(engine() % (1 << 20)));
    shift.push_back(int64_t(24 + engine() % 16));
  }
  // Biases at the limits of i32 must not wrap.
  bias[0] = INT32_MAX;
  bias[1] = INT32_MIN;
  Tensor result = requantize(integers("tensor<200x5xi32>", accumulator),
                             integers("tensor<5xi32>", bias),
                             integers("tensor<5xi32>", multiplier),
                             integers("tensor<5xi32>", shift), "half_even",
                             "tensor<200x5x!quant.uniform<u8:f32, 1.0:101>>");
  ASSERT_EQ(error, "");
  for (int64_t i = 0; i < kRows * kChannels; ++i) {
    auto c = size_t(i % kChannels);
    double scaled = std::ldexp(double(accumulator[size_t(i)] + bias[c]) *
                                   double(multiplier[c]),
                               -int(shift[c]));
    double expected = std::clamp(std::nearbyint(scaled) + 101, 0.0, 255.0);
    EXPECT_EQ(result.getDouble(i), expected) << i;
  }
}

TEST_F(QuantizedTest, RequantizeRefusesWideMultipliersAndShifts) {
  Tensor accumulator = integers("tensor<1xi32>", {1});
  Tensor zero = integers("tensor<1xi32>", {0});
  const char *result = "tensor<1x!quant.uniform<u8:f32, 1.0>>";
  requantize(accumulator, zero, integers("tensor<1xi32>", {1 << 20}), zero,
             "floor", result);
  EXPECT_NE(error.find("1048576 is not in (-2^20, 2^20)"), std::string::npos)
      << error;
  requantize(accumulator, zero, zero, integers("tensor<1xi32>", {63}), "floor",
             result);
  EXPECT_NE(error.find("63 is not in [0, 62]"), std::string::npos) << error;
}

TEST_F(QuantizedTest, RequantizeAddRoundsTheSumOnce) {
  // Each half alone would round to 0 (half to even); their sum is exactly 1.
  Tensor result = runOp(
      "shiftadd.requantize_add %a0, %a1 {lhs_multiplier = 1 : i64, "
      "rhs_multiplier = 1 : i64, shift = 1 : i64, rounding = "
      "#shiftadd<rounding half_even>}",
      {integers("tensor<3x!quant.uniform<u8:f32, 1.0:10>>", {11, 13, 0}),
       integers("tensor<3x!quant.uniform<i8:f32, 1.0:-3>>", {-2, -3, -128})},
      "tensor<3x!quant.uniform<i8:f32, 1.0:1>>");
  ASSERT_EQ(error, "");
  // (1 + 1) / 2 + 1, (3 + 0) / 2 + 1, (-10 - 125) / 2 + 1
  EXPECT_EQ(asIntegers(result), Integers({2, 3, -67}));
}

// N103: with an odd zero point, adding it before rounding differs on ties.
TEST_F(QuantizedTest, QuantizeRoundsTiesBeforeTheZeroPoint) {
  Tensor input = doubles("tensor<8xf32>",
                         {-1.25, -0.75, -0.25, 0.25, 0.75, 1.25, 1e9, -1e9});
  Tensor result = runOp("shiftadd.quantize %a0", {input},
                        "tensor<8x!quant.uniform<u8:f32, 0.5:3>>");
  EXPECT_EQ(asIntegers(result), Integers({1, 1, 3, 3, 5, 5, 255, 0}));
}

TEST_F(QuantizedTest, QuantizeDividesInSinglePrecision) {
  // The rounded f32 quotients decide, not the exact ones.
  float scale = 0.1f;
  Doubles values;
  Integers expected;
  for (int i = -400; i < 400; ++i) {
    float value = (float(i) + 0.5f) * scale;
    values.push_back(value);
    expected.push_back(int64_t(std::nearbyint(value / scale)));
  }
  mlir::Type quantized =
      type("tensor<800x!quant.uniform<i16:f32, 0.10000000149011612>>");
  std::string text;
  llvm::raw_string_ostream(text) << quantized;
  Tensor result = runOp("shiftadd.quantize %a0",
                        {doubles("tensor<800xf32>", values)}, text);
  EXPECT_EQ(asIntegers(result), expected);
}

TEST_F(QuantizedTest, QuantizesAndDequantizesPerChannel) {
  const char *quantized =
      "tensor<2x3x!quant.uniform<i8:f32:0, {5.000000e-01:1, 2.0:-2}>>";
  Tensor codes =
      runOp("shiftadd.quantize %a0",
            {doubles("tensor<2x3xf32>", {1, 2, 3, 4, 6, -8})}, quantized);
  ASSERT_EQ(error, "");
  EXPECT_EQ(asIntegers(codes), Integers({3, 5, 7, 0, 1, -6}));
  Tensor values = runOp("shiftadd.dequantize %a0", {codes}, "tensor<2x3xf32>");
  EXPECT_EQ(asDoubles(values), Doubles({1, 2, 3, 4, 6, -8}));
}

TEST_F(QuantizedTest, BoundsAndPaddingAreRealValues) {
  const char *quantized = "tensor<4x!quant.uniform<u8:f32, 0.5:10>>";
  Tensor input = integers(quantized, {0, 10, 20, 30});
  EXPECT_EQ(asIntegers(runOp("shiftadd.clamp %a0 {minimum = 0.0 : f64, "
                             "maximum = 6.0 : f64}",
                             {input}, quantized)),
            Integers({10, 10, 20, 22}));
  EXPECT_EQ(asIntegers(runOp("shiftadd.relu %a0", {input}, quantized)),
            Integers({10, 10, 20, 30}));
  EXPECT_EQ(
      asIntegers(runOp("shiftadd.pad %a0 {low = array<i64: 1>, high = "
                       "array<i64: 0>, mode = #shiftadd<pad_mode constant>, "
                       "value = -1.0 : f64}",
                       {input}, "tensor<5x!quant.uniform<u8:f32, 0.5:10>>")),
      Integers({8, 0, 10, 20, 30}));
}

} // namespace shiftadd::ref
