//===- ReductionTest.cpp - From many elements to few ----------------------===//
//
// Part of the shiftadd project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
#include "test/unit/reference/Fixture.h"

#include <cmath>
#include <limits>

namespace shiftadd::ref {

class ReductionTest : public ReferenceTest {
protected:
  Tensor reduce(llvm::StringRef op, const Tensor &input, llvm::StringRef axes,
                llvm::StringRef result, bool keepDims = false) {
    std::string text;
    llvm::raw_string_ostream(text)
        << "shiftadd." << op << " %a0 {axes = array<i64: " << axes
        << ">, keep_dims = " << (keepDims ? "true" : "false") << "}";
    Tensor tensor = runOp(text, {input}, result);
    EXPECT_EQ(error, "") << text;
    return tensor;
  }
};

TEST_F(ReductionTest, Sums) {
  Tensor x = doubles("tensor<2x3xf32>", {1, 2, 3, 4, 5, 6});
  EXPECT_EQ(asDoubles(reduce("reduce_sum", x, "0", "tensor<3xf32>")),
            Doubles({5, 7, 9}));
  EXPECT_EQ(asDoubles(reduce("reduce_sum", x, "1", "tensor<2x1xf32>", true)),
            Doubles({6, 15}));
  EXPECT_EQ(asDoubles(reduce("reduce_mean", x, "0, 1", "tensor<f32>")),
            Doubles({3.5}));
  EXPECT_EQ(asDoubles(reduce("reduce_prod", x, "1", "tensor<2xf32>")),
            Doubles({6, 120}));
  // The sum is one rounding: in f32 the ones would vanish one by one.
  Doubles large(65, 1.0);
  large[0] = 0x1p24;
  EXPECT_EQ(asDoubles(reduce("reduce_sum", doubles("tensor<65xf32>", large),
                             "0", "tensor<f32>")),
            Doubles({0x1p24 + 64}));
}

TEST_F(ReductionTest, IntegerSums) {
  Tensor x = integers("tensor<3xi8>", {-100, -100, -1});
  EXPECT_EQ(asIntegers(reduce("reduce_sum", x, "0", "tensor<i8>")),
            Integers({55}));
  EXPECT_EQ(
      asIntegers(reduce("reduce_mean", integers("tensor<3xi8>", {-2, -2, -1}),
                        "0", "tensor<i8>")),
      Integers({-1}));
  EXPECT_EQ(asIntegers(reduce("reduce_max", integers("tensor<2xui64>", {-1, 1}),
                              "0", "tensor<ui64>")),
            Integers({-1}));
}

TEST_F(ReductionTest, ExtremaOfNanAndNothing) {
  double nan = std::numeric_limits<double>::quiet_NaN();
  Tensor x = doubles("tensor<2x2xf32>", {1, nan, -5, 2});
  Doubles high = asDoubles(reduce("reduce_max", x, "1", "tensor<2xf32>"));
  EXPECT_TRUE(std::isnan(high[0]) && high[1] == 2);
  Doubles low = asDoubles(reduce("reduce_min", x, "1", "tensor<2xf32>"));
  EXPECT_TRUE(std::isnan(low[0]) && low[1] == -5);
  EXPECT_EQ(asDoubles(reduce("reduce_max", doubles("tensor<0x1xf32>", {}), "0",
                             "tensor<1xf32>")),
            Doubles({-std::numeric_limits<double>::infinity()}));
  EXPECT_EQ(asIntegers(reduce("reduce_max", integers("tensor<0x1xi8>", {}), "0",
                              "tensor<1xi8>")),
            Integers({-128}));
  EXPECT_EQ(asIntegers(reduce("reduce_min", integers("tensor<0x1xui8>", {}),
                              "0", "tensor<1xui8>")),
            Integers({255}));
}

TEST_F(ReductionTest, Arguments) {
  Tensor x = integers("tensor<2x4xi32>", {3, 7, 7, 1, -1, -5, -5, 0});
  auto argument = [&](llvm::StringRef op, bool last) {
    std::string text;
    llvm::raw_string_ostream(text)
        << "shiftadd." << op
        << " %a0 {axis = 1 : i64, keep_dims = false, select_last_index = "
        << (last ? "true" : "false") << "}";
    return asIntegers(runOp(text, {x}, "tensor<2xi64>"));
  };
  EXPECT_EQ(argument("arg_max", false), Integers({1, 3})) << error;
  EXPECT_EQ(argument("arg_max", true), Integers({2, 3}));
  EXPECT_EQ(argument("arg_min", false), Integers({3, 1}));
  EXPECT_EQ(argument("arg_min", true), Integers({3, 2}));
}

TEST_F(ReductionTest, TopK) {
  for (bool largest : {true, false}) {
    std::string text = R"(
      func.func @main(%x: tensor<5xf32>) -> (tensor<3xf32>, tensor<3xi64>) {
        %v, %i = shiftadd.top_k %x {axis = 0 : i64, k = 3 : i64, largest = )" +
                       std::string(largest ? "true" : "false") +
                       R"(} : (tensor<5xf32>) -> (tensor<3xf32>, tensor<3xi64>)
        return %v, %i : tensor<3xf32>, tensor<3xi64>
      })";
    llvm::SmallVector<Tensor> results =
        run(text, {doubles("tensor<5xf32>", {2, 9, 2, 9, 1})});
    ASSERT_EQ(results.size(), 2u) << error;
    EXPECT_EQ(asDoubles(results[0]),
              largest ? Doubles({9, 9, 2}) : Doubles({1, 2, 2}));
    EXPECT_EQ(asIntegers(results[1]),
              largest ? Integers({1, 3, 0}) : Integers({4, 0, 2}));
  }
}

TEST_F(ReductionTest, Softmax) {
  Tensor x = doubles("tensor<2x2xf64>", {1000, 1000, 0, std::log(3.0)});
  Doubles soft = asDoubles(
      runOp("shiftadd.softmax %a0 {axis = 1 : i64}", {x}, "tensor<2x2xf64>"));
  ASSERT_EQ(error, "");
  EXPECT_DOUBLE_EQ(soft[0], 0.5);
  EXPECT_DOUBLE_EQ(soft[2], 0.25);
  EXPECT_DOUBLE_EQ(soft[3], 0.75);
  Doubles logarithm = asDoubles(runOp(
      "shiftadd.log_softmax %a0 {axis = 1 : i64}", {x}, "tensor<2x2xf64>"));
  EXPECT_DOUBLE_EQ(logarithm[1], -std::log(2.0));
  EXPECT_DOUBLE_EQ(logarithm[2], std::log(0.25));
}

} // namespace shiftadd::ref
