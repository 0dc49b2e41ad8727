//===- PowerOfTwoTest.cpp - Layers of powers of two -----------------------===//
//
// Part of the shiftadd project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
#include "test/unit/reference/Fixture.h"

#include <cmath>
#include <set>

namespace shiftadd::ref {

class PowerOfTwoTest : public ReferenceTest {
protected:
  static std::string formatText(unsigned bits, unsigned terms, int low,
                                int high, bool zero) {
    std::string text;
    llvm::raw_string_ostream(text)
        << "!shiftadd.pot<bits = " << bits << ", terms = " << terms
        << ", min_exponent = " << low << ", max_exponent = " << high
        << ", zero = " << (zero ? "true" : "false") << ">";
    return text;
  }

  /// The distinct products of 1.0 with every code of a format.
  std::set<double> grid(llvm::StringRef format, int64_t codes) {
    Integers all;
    for (int64_t code = 0; code < codes; ++code)
      all.push_back(code);
    std::string filter =
        "tensor<" + std::to_string(codes) + "x1x" + format.str() + ">";
    Tensor result =
        runOp("shiftadd.shift_dense %a0, %a1",
              {doubles("tensor<1x1xf32>", {1}), integers(filter, all)},
              "tensor<1x" + std::to_string(codes) + "xf32>");
    EXPECT_EQ(error, "");
    Doubles values = asDoubles(result);
    return {values.begin(), values.end()};
  }
};

// N100: sign and shift in wb bits with a zero have 3, 7, 15, 31 values.
TEST_F(PowerOfTwoTest, GridsWithZero) {
  for (unsigned bits = 2; bits <= 5; ++bits) {
    int exponents = (1 << (bits - 1)) - 1;
    int64_t codes = (int64_t(1) << bits) - 1;
    std::set<double> values =
        grid(formatText(bits, 1, 1 - exponents, 0, true), codes);
    EXPECT_EQ(values.size(), size_t(codes)) << bits;
    for (double value : values)
      EXPECT_TRUE(value == 0 ||
                  (std::log2(std::fabs(value)) <= 0 &&
                   std::log2(std::fabs(value)) >= 1 - exponents &&
                   std::exp2(std::round(std::log2(std::fabs(value)))) ==
                       std::fabs(value)))
          << value;
    EXPECT_EQ(values.count(0), 1u);
  }
}

// N100: the zero-free format of 5 bits has 32 values.
TEST_F(PowerOfTwoTest, GridWithoutZero) {
  std::set<double> values = grid(formatText(5, 1, -15, 0, false), 32);
  EXPECT_EQ(values.size(), 32u);
  EXPECT_EQ(values.count(0), 0u);
  EXPECT_EQ(values.count(-1), 1u);
  EXPECT_EQ(values.count(0x1p-15), 1u);
}

TEST_F(PowerOfTwoTest, TermsAdd) {
  // Field values with a zero: 0 is 0, 1 + 2 p + sign is a power.
  Tensor filter = integers("tensor<3x1x" + formatText(8, 2, -2, 1, true) + ">",
                           {0x00, 0x81 /* 1/4 - 2 */, 0x37 /* 2 + 1/2 */});
  Tensor result =
      runOp("shiftadd.shift_dense %a0, %a1",
            {doubles("tensor<1x1xf32>", {1}), filter}, "tensor<1x3xf32>");
  EXPECT_EQ(asDoubles(result), Doubles({0, 0.25 - 2, 2.5})) << error;
}

// N105
TEST_F(PowerOfTwoTest, CodesOutsideTheFormatAreErrors) {
  runOp("shiftadd.shift_dense %a0, %a1",
        {doubles("tensor<1x1xf32>", {1}),
         integers("tensor<2x1x" + formatText(8, 1, -1, 0, true) + ">", {4, 5})},
        "tensor<1x2xf32>");
  EXPECT_NE(error.find("code 5 at [1, 0]"), std::string::npos) << error;
}

// N43 and N102: on codes the sum is Σ S (X << (P - Pmin)), which grouped
// exponents give as well, for every 8-bit operand and every code.
TEST_F(PowerOfTwoTest, IntegerSumsAreExact) {
  std::string format = formatText(8, 1, -6, 1, true);
  Integers codes;
  for (int64_t code = 0; code < 17; ++code)
    codes.push_back(code);
  Integers inputs;
  for (int64_t x = 0; x < 256; ++x)
    inputs.push_back(x);
  Tensor filter = integers("tensor<17x1x" + format + ">", codes);
  Tensor result = runOp(
      "shiftadd.shift_dense %a0, %a1",
      {integers("tensor<256x1x!quant.uniform<u8:f32, 1.0:7>>", inputs), filter},
      "tensor<256x17xi32>");
  ASSERT_EQ(error, "");
  for (int64_t x = 0; x < 256; ++x)
    for (int64_t code = 0; code < 17; ++code) {
      int64_t expected = 0;
      if (code > 0)
        expected = (x << ((code - 1) / 2)) * ((code - 1) % 2 ? -1 : 1);
      ASSERT_EQ(result.getInteger(x * 17 + code), expected);
    }
}

TEST_F(PowerOfTwoTest, GroupedExponentsGiveTheSameSum) {
  constexpr int64_t kDepth = 301;
  std::string filterText =
      "tensor<1x301x" + formatText(8, 1, -7, 0, true) + ">";
  Tensor x = random("tensor<1x301x!quant.uniform<i8:f32, 1.0>>", 1);
  Tensor w = random(filterText, 2);
  Tensor result =
      runOp("shiftadd.shift_dense %a0, %a1", {x, w}, "tensor<1x1xi32>");
  ASSERT_EQ(error, "");
  int64_t groups[8] = {};
  for (int64_t k = 0; k < kDepth; ++k)
    if (int64_t code = w.getInteger(k))
      groups[(code - 1) / 2] +=
          (code - 1) % 2 ? -x.getInteger(k) : x.getInteger(k);
  int64_t expected = 0;
  for (int p = 0; p < 8; ++p)
    expected += groups[p] * (int64_t(1) << p);
  EXPECT_EQ(asIntegers(result), Integers({expected}));
}

TEST_F(PowerOfTwoTest, ShiftConvolutionEqualsAConvolutionByDecodedWeights) {
  std::string format = formatText(16, 2, -6, 1, true);
  Tensor w = random("tensor<4x3x3x2x" + format + ">", 5);
  num::PowerOfTwoFormat codec =
      getFormat(llvm::cast<PowerOfTwoType>(w.getElementType()));
  Integers decoded;
  for (int64_t code : w.toIntegers())
    decoded.push_back(codec.decodeInteger(uint64_t(code)));
  Tensor x = random("tensor<1x6x6x4x!quant.uniform<u8:f32, 1.0:9>>", 6);
  std::string attributes =
      " %a0, %a1 {strides = array<i64: 2, 1>, padding = array<i64: 1, 1, 1, "
      "1>, dilations = array<i64: 1, 1>, groups = 2 : i64}";
  Tensor shifted =
      runOp("shiftadd.shift_conv" + attributes, {x, w}, "tensor<1x3x6x4xi32>");
  ASSERT_EQ(error, "");
  Tensor multiplied = runOp("shiftadd.conv" + attributes,
                            {x, integers("tensor<4x3x3x2xi16>", decoded)},
                            "tensor<1x3x6x4xi32>");
  EXPECT_EQ(error, "");
  EXPECT_EQ(asIntegers(shifted), asIntegers(multiplied));
}

} // namespace shiftadd::ref
