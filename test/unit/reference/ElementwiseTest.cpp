//===- ElementwiseTest.cpp - Element by element ---------------------------===//
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

class ElementwiseTest : public ReferenceTest {
protected:
  const double nan = std::numeric_limits<double>::quiet_NaN();
  const double infinity = std::numeric_limits<double>::infinity();

  /// The same shape and element type for operands and result.
  Integers binary(llvm::StringRef op, llvm::StringRef type,
                  llvm::ArrayRef<int64_t> a, llvm::ArrayRef<int64_t> b) {
    Tensor result = runOp((op + " %a0, %a1").str(),
                          {integers(type, a), integers(type, b)}, type);
    EXPECT_EQ(error, "") << op.str();
    return asIntegers(result);
  }
  Doubles unary(llvm::StringRef op, llvm::ArrayRef<double> x) {
    std::string type = "tensor<" + std::to_string(x.size()) + "xf64>";
    std::string text = op.str();
    size_t attributes = text.find(" {");
    if (attributes == std::string::npos)
      attributes = text.size();
    text.insert(attributes, " %a0");
    Tensor result = runOp(text, {doubles(type, x)}, type);
    EXPECT_EQ(error, "") << text;
    return asDoubles(result);
  }
};

TEST_F(ElementwiseTest, IntegersWrap) {
  EXPECT_EQ(binary("shiftadd.add", "tensor<2xi8>", {127, -128}, {1, -1}),
            Integers({-128, 127}));
  EXPECT_EQ(binary("shiftadd.sub", "tensor<2xui8>", {0, 5}, {1, 250}),
            Integers({255, 11}));
  EXPECT_EQ(binary("shiftadd.mul", "tensor<2xi32>", {65536, 3}, {65536, -4}),
            Integers({0, -12}));
  EXPECT_EQ(binary("shiftadd.add", "tensor<1xi64>", {INT64_MAX}, {1}),
            Integers({INT64_MIN}));
}

TEST_F(ElementwiseTest, IntegerDivision) {
  EXPECT_EQ(binary("shiftadd.div", "tensor<6xi32>",
                   {7, -7, 7, -7, 5, INT32_MIN}, {2, 2, -2, -2, 0, -1}),
            Integers({3, -3, -3, 3, 0, INT32_MIN}));
  EXPECT_EQ(binary("shiftadd.div", "tensor<2xi64>", {INT64_MIN, 1}, {-1, 0}),
            Integers({INT64_MIN, 0}));
  EXPECT_EQ(binary("shiftadd.div", "tensor<2xui64>", {-2, 9}, {2, 0}),
            Integers({INT64_MAX, 0}));
  EXPECT_EQ(binary("shiftadd.mod", "tensor<6xi32>",
                   {7, -7, 7, -7, 5, INT32_MIN}, {3, 3, -3, -3, 0, -1}),
            Integers({1, 2, -2, -1, 0, 0}));
  Tensor dividend = runOp("shiftadd.mod %a0, %a1 {fmod}",
                          {integers("tensor<4xi32>", {7, -7, 7, -7}),
                           integers("tensor<4xi32>", {3, 3, -3, -3})},
                          "tensor<4xi32>");
  EXPECT_EQ(asIntegers(dividend), Integers({1, -1, 1, -1})) << error;
}

TEST_F(ElementwiseTest, NanGoesThroughMinimumAndMaximum) {
  Tensor a = doubles("tensor<3xf32>", {nan, 1, 2});
  Tensor b = doubles("tensor<3xf32>", {1, nan, 3});
  Doubles low =
      asDoubles(runOp("shiftadd.min %a0, %a1", {a, b}, "tensor<3xf32>"));
  Doubles high =
      asDoubles(runOp("shiftadd.max %a0, %a1", {a, b}, "tensor<3xf32>"));
  EXPECT_TRUE(std::isnan(low[0]) && std::isnan(low[1]) && low[2] == 2);
  EXPECT_TRUE(std::isnan(high[0]) && std::isnan(high[1]) && high[2] == 3);
  Doubles clamped =
      unary("shiftadd.clamp {minimum = 0.0 : f64, maximum = 6.0 : f64}",
            {nan, -1, 3, 9});
  EXPECT_TRUE(std::isnan(clamped[0]));
  EXPECT_EQ(Doubles(clamped.begin() + 1, clamped.end()), Doubles({0, 3, 6}));
  EXPECT_TRUE(std::isnan(unary("shiftadd.relu", {nan})[0]));
  EXPECT_TRUE(std::isnan(unary("shiftadd.sign", {nan})[0]));
}

TEST_F(ElementwiseTest, BroadcastsAsNumpy) {
  Tensor result = runOp("shiftadd.sub %a0, %a1",
                        {integers("tensor<2x1xi32>", {10, 20}),
                         integers("tensor<3xi32>", {1, 2, 3})},
                        "tensor<2x3xi32>");
  EXPECT_EQ(asIntegers(result), Integers({9, 8, 7, 19, 18, 17})) << error;
  Tensor selected = runOp("shiftadd.where %a0, %a1, %a2",
                          {integers("tensor<2xi1>", {1, 0}),
                           integers("tensor<2x1xi8>", {1, 2}),
                           integers("tensor<1x1xi8>", {-1})},
                          "tensor<2x2xi8>");
  EXPECT_EQ(asIntegers(selected), Integers({1, -1, 2, -1})) << error;
}

TEST_F(ElementwiseTest, ComparesWithTheTypesSign) {
  auto less = [&](llvm::StringRef type) {
    return asIntegers(runOp("shiftadd.less %a0, %a1",
                            {integers(type, {-1}), integers(type, {1})},
                            "tensor<1xi1>"));
  };
  EXPECT_EQ(less("tensor<1xi64>"), Integers({1}));
  EXPECT_EQ(less("tensor<1xui64>"), Integers({0}));
  // Above 2^53 doubles would call these equal.
  EXPECT_EQ(
      asIntegers(runOp("shiftadd.equal %a0, %a1",
                       {integers("tensor<1xi64>", {(int64_t(1) << 53) + 1}),
                        integers("tensor<1xi64>", {int64_t(1) << 53})},
                       "tensor<1xi1>")),
      Integers({0}));
}

TEST_F(ElementwiseTest, BitsAndShifts) {
  EXPECT_EQ(binary("shiftadd.and", "tensor<1xi8>", {-2}, {127}),
            Integers({126}));
  EXPECT_EQ(binary("shiftadd.or", "tensor<1xui8>", {0xF0}, {0x0F}),
            Integers({255}));
  EXPECT_EQ(binary("shiftadd.xor", "tensor<2xi1>", {1, 1}, {1, 0}),
            Integers({0, 1}));
  Tensor not1 = runOp("shiftadd.not %a0", {integers("tensor<2xi1>", {1, 0})},
                      "tensor<2xi1>");
  EXPECT_EQ(asIntegers(not1), Integers({0, 1}));
  Tensor not8 = runOp("shiftadd.not %a0", {integers("tensor<2xi8>", {0, 5})},
                      "tensor<2xi8>");
  EXPECT_EQ(asIntegers(not8), Integers({-1, -6}));
  auto shift = [&](llvm::StringRef direction) {
    std::string op = "shiftadd.bit_shift %a0, %a1 {direction = "
                     "#shiftadd<shift_direction " +
                     direction.str() + ">}";
    return asIntegers(runOp(op,
                            {integers("tensor<3xui8>", {200, 200, 200}),
                             integers("tensor<3xui8>", {1, 7, 8})},
                            "tensor<3xui8>"));
  };
  EXPECT_EQ(shift("left"), Integers({144, 0, 0})) << error;
  EXPECT_EQ(shift("right"), Integers({100, 1, 0})) << error;
}

TEST_F(ElementwiseTest, Casts) {
  auto cast = [&](const Tensor &x, llvm::StringRef type) {
    Tensor result = runOp("shiftadd.cast %a0", {x}, type);
    EXPECT_EQ(error, "");
    return result;
  };
  Tensor x = doubles("tensor<5xf32>", {-1.9, 1.9, 300, nan, -infinity});
  EXPECT_EQ(asIntegers(cast(x, "tensor<5xi8>")),
            Integers({-1, 1, 127, 0, -128}));
  EXPECT_EQ(asIntegers(cast(x, "tensor<5xui8>")), Integers({0, 1, 255, 0, 0}));
  EXPECT_EQ(asIntegers(cast(x, "tensor<5xi1>")), Integers({1, 1, 1, 1, 1}));
  EXPECT_EQ(asIntegers(
                cast(integers("tensor<3xi32>", {0, 256, 384}), "tensor<3xi8>")),
            Integers({0, 0, -128}));
  EXPECT_EQ(
      asIntegers(cast(integers("tensor<2xi32>", {0, 256}), "tensor<2xi1>")),
      Integers({0, 1}));
  // 2^62 + 2^38 + 1 lies above a tie of f32; as a double it would be on it.
  int64_t large = (int64_t(1) << 62) + (int64_t(1) << 38) + 1;
  EXPECT_EQ(
      cast(integers("tensor<1xi64>", {large}), "tensor<1xf32>").getDouble(0),
      0x1p62 + 0x1p39);
  EXPECT_EQ(
      cast(integers("tensor<1xui64>", {-1}), "tensor<1xf64>").getDouble(0),
      0x1p64);
}

TEST_F(ElementwiseTest, Functions) {
  EXPECT_EQ(unary("shiftadd.round", {-2.5, -1.5, -0.5, 0.5, 1.5, 2.5}),
            Doubles({-2, -2, -0.0, 0, 2, 2}));
  EXPECT_EQ(unary("shiftadd.floor", {-1.5, 1.5}), Doubles({-2, 1}));
  EXPECT_EQ(unary("shiftadd.ceil", {-1.5, 1.5}), Doubles({-1, 2}));
  EXPECT_EQ(unary("shiftadd.abs", {-3, 3}), Doubles({3, 3}));
  EXPECT_EQ(unary("shiftadd.sign", {-3, 0, 3}), Doubles({-1, 0, 1}));
  EXPECT_EQ(unary("shiftadd.leaky_relu {alpha = 0.25 : f64}", {-4, 4}),
            Doubles({-1, 4}));
  EXPECT_EQ(unary("shiftadd.hard_sigmoid {alpha = 0.5 : f64, beta = 0.5 : f64}",
                  {-4, 0.5, 4}),
            Doubles({0, 0.75, 1}));
  EXPECT_DOUBLE_EQ(unary("shiftadd.elu {alpha = 2.0 : f64}", {-1})[0],
                   2 * (std::exp(-1.0) - 1));
  EXPECT_DOUBLE_EQ(unary("shiftadd.softplus", {1000})[0], 1000);
  EXPECT_DOUBLE_EQ(unary("shiftadd.softplus", {-1})[0],
                   std::log(1 + std::exp(-1.0)));
  EXPECT_DOUBLE_EQ(unary("shiftadd.sigmoid", {-800})[0], 0);
  Tensor prelu = runOp("shiftadd.prelu %a0, %a1",
                       {doubles("tensor<2x2xf32>", {-1, 2, -3, 4}),
                        doubles("tensor<2xf32>", {0.5, 9})},
                       "tensor<2x2xf32>");
  EXPECT_EQ(asDoubles(prelu), Doubles({-0.5, 2, -1.5, 4})) << error;
  Tensor power = runOp("shiftadd.pow %a0, %a1",
                       {integers("tensor<3xi32>", {2, -3, 2}),
                        doubles("tensor<3xf32>", {10, 3, -1})},
                       "tensor<3xi32>");
  EXPECT_EQ(asIntegers(power), Integers({1024, -27, 0})) << error;
  EXPECT_EQ(
      asIntegers(runOp("shiftadd.neg %a0",
                       {integers("tensor<2xi8>", {-128, 5})}, "tensor<2xi8>")),
      Integers({-128, -5}));
  EXPECT_EQ(
      asIntegers(runOp("shiftadd.abs %a0",
                       {integers("tensor<2xi8>", {-128, -5})}, "tensor<2xi8>")),
      Integers({-128, 5}));
}

/// One rounding per op: f16 results are those of exact arithmetic.
TEST_F(ElementwiseTest, HalfFloatsRoundOnce) {
  Tensor sum = runOp("shiftadd.add %a0, %a1",
                     {doubles("tensor<2xf16>", {2048, 2048}),
                      doubles("tensor<2xf16>", {1, 3})},
                     "tensor<2xf16>");
  EXPECT_EQ(asDoubles(sum), Doubles({2048, 2052}));
  Tensor product = runOp("shiftadd.mul %a0, %a1",
                         {doubles("tensor<1xbf16>", {1.0078125}),
                          doubles("tensor<1xbf16>", {1.0078125})},
                         "tensor<1xbf16>");
  EXPECT_EQ(asDoubles(product), Doubles({1.015625}));
}

TEST_F(ElementwiseTest, QuantisedArithmeticIsRefused) {
  const char *quantized = "tensor<1x!quant.uniform<u8:f32, 0.5>>";
  Tensor x = integers(quantized, {1});
  mlir::OpBuilder builder(&context);
  mlir::Location location = builder.getUnknownLoc();
  mlir::Block block;
  mlir::Value value = block.addArgument(type(quantized), location);
  builder.setInsertionPointToStart(&block);
  auto add = AddOp::create(builder, location, type(quantized), value, value);
  llvm::Expected<llvm::SmallVector<Tensor>> result =
      evaluateOperation(add, {x, x});
  ASSERT_FALSE(bool(result));
  EXPECT_EQ(llvm::toString(result.takeError()),
            "'shiftadd.add': is not defined on quantised tensors");
}

} // namespace shiftadd::ref
