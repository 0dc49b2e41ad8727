//===- TensorTest.cpp - Storage and conversion of elements ----------------===//
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

using TensorTest = ReferenceTest;

TEST_F(TensorTest, CopiesShareUntilWritten) {
  Tensor a = integers("tensor<3xi32>", {1, 2, 3});
  Tensor b = a;
  EXPECT_EQ(a.getBytes().data(), b.getBytes().data());
  b.setInteger(1, 9);
  EXPECT_EQ(asIntegers(a), Integers({1, 2, 3}));
  EXPECT_EQ(asIntegers(b), Integers({1, 9, 3}));
}

TEST_F(TensorTest, ConstantsAreReadInPlace) {
  mlir::func::FuncOp function = parse(R"(
    func.func @main() -> tensor<4xf32> {
      %0 = shiftadd.constant dense<[1.0, 2.0, 3.0, 4.0]> : tensor<4xf32> as tensor<4xf32>
      return %0 : tensor<4xf32>
    })");
  ConstantOp constant = *function.getOps<ConstantOp>().begin();
  auto value = llvm::cast<mlir::DenseElementsAttr>(constant.getValue());
  Tensor tensor = llvm::cantFail(
      Tensor::fromAttribute(constant.getValue(), tensorType("tensor<4xf32>")));
  EXPECT_EQ(tensor.getBytes().data(), value.getRawData().data());
  tensor.setDouble(0, 7);
  EXPECT_EQ(value.getValues<float>()[0], 1.0f);
  EXPECT_EQ(asDoubles(tensor), Doubles({7, 2, 3, 4}));
}

TEST_F(TensorTest, ReadsSplatsBooleansAndResources) {
  llvm::SmallVector<Tensor> results = run(R"(
    func.func @main() -> (tensor<3xi16>, tensor<10xi1>, tensor<2xui8>, tensor<2x!quant.uniform<i8:f32, 0.5>>) {
      %0 = shiftadd.constant dense<-2> : tensor<3xi16> as tensor<3xi16>
      %1 = shiftadd.constant dense<[true, false, true, true, false, false, true, false, false, true]> : tensor<10xi1> as tensor<10xi1>
      %2 = shiftadd.constant dense_resource<bytes> : tensor<2xui8> as tensor<2xui8>
      %3 = shiftadd.constant dense<[-128, 127]> : tensor<2xi8> as tensor<2x!quant.uniform<i8:f32, 0.5>>
      return %0, %1, %2, %3 : tensor<3xi16>, tensor<10xi1>, tensor<2xui8>, tensor<2x!quant.uniform<i8:f32, 0.5>>
    }
    {-# dialect_resources: { builtin: { bytes: "0x0100000080FF" } } #-}
  )",
                                          {});
  ASSERT_EQ(results.size(), 4u) << error;
  EXPECT_EQ(asIntegers(results[0]), Integers({-2, -2, -2}));
  EXPECT_EQ(asIntegers(results[1]), Integers({1, 0, 1, 1, 0, 0, 1, 0, 0, 1}));
  EXPECT_EQ(asIntegers(results[2]), Integers({128, 255}));
  EXPECT_EQ(asIntegers(results[3]), Integers({-128, 127}));
}

TEST_F(TensorTest, AttributeRoundTrip) {
  for (const char *text :
       {"tensor<3x5xf16>", "tensor<700xf32>", "tensor<9xi1>", "tensor<300xi64>",
        "tensor<2xui16>", "tensor<4x!quant.uniform<u8:f32, 0.5:3>>",
        "tensor<5x!shiftadd.pot<bits = 8, terms = 1, min_exponent = -6, "
        "max_exponent = 0, zero = true>>"}) {
    Tensor tensor = random(text, 1);
    llvm::Expected<Tensor> back =
        Tensor::fromAttribute(tensor.toAttribute(), tensor.getType());
    ASSERT_TRUE(bool(back)) << text << llvm::toString(back.takeError());
    EXPECT_EQ(llvm::toString(compare(*back, tensor, 0)), "") << text;
  }
}

TEST_F(TensorTest, SixteenBitFloatsRoundOnceFromDouble) {
  // By way of f32 this would become a tie and go down to the even 1.0.
  double above = 1 + 0x1p-11 + 0x1p-30;
  EXPECT_EQ(doubles("tensor<f16>", {above}).getDouble(0), 1 + 0x1p-10);
  EXPECT_EQ(doubles("tensor<f16>", {1 + 0x1p-11}).getDouble(0), 1);
  EXPECT_EQ(doubles("tensor<f16>", {1 + 3 * 0x1p-11}).getDouble(0),
            1 + 2 * 0x1p-10);
  EXPECT_EQ(doubles("tensor<bf16>", {1 + 0x1p-8 + 0x1p-40}).getDouble(0),
            1 + 0x1p-7);
  EXPECT_TRUE(std::isinf(doubles("tensor<f16>", {65520}).getDouble(0)));
  EXPECT_EQ(doubles("tensor<f16>", {65519}).getDouble(0), 65504);
  EXPECT_EQ(doubles("tensor<f16>", {0x1p-24}).getDouble(0), 0x1p-24);
  // 2^60 + 2^52 + 1 rounds up; as a double it would be a tie to even.
  int64_t large = (int64_t(1) << 60) + (int64_t(1) << 52) + 1;
  EXPECT_EQ(integers("tensor<bf16>", {large}).getDouble(0), 0x1p60 + 0x1p53);
}

TEST_F(TensorTest, DoublesSaturateIntoIntegers) {
  double nan = std::numeric_limits<double>::quiet_NaN();
  EXPECT_EQ(asIntegers(doubles("tensor<5xi8>", {-1.9, 127.9, 128, -500, nan})),
            Integers({-1, 127, 127, -128, 0}));
  EXPECT_EQ(asIntegers(doubles("tensor<3xui8>", {-3, 255.5, 256})),
            Integers({0, 255, 255}));
  EXPECT_EQ(asIntegers(doubles("tensor<2xi64>", {1e30, -1e30})),
            Integers({INT64_MAX, INT64_MIN}));
  EXPECT_EQ(doubles("tensor<ui64>", {1e30}).getUnsigned(0), UINT64_MAX);
}

TEST_F(TensorTest, RefusesWhatCannotExist) {
  auto message = [&](llvm::Expected<Tensor> tensor) {
    return tensor ? std::string() : llvm::toString(tensor.takeError());
  };
  EXPECT_NE(message(Tensor::create(type("f128"), {2})), "");
  EXPECT_NE(message(Tensor::create(type("i7"), {2})), "");
  EXPECT_NE(message(Tensor::create(type("f32"), {-1})), "");
  EXPECT_NE(message(Tensor::create(type("f32"),
                                   {int64_t(1) << 40, int64_t(1) << 40})),
            "");
  EXPECT_NE(message(Tensor::create(type("f32"), {int64_t(1) << 55})), "");
  EXPECT_NE(message(Tensor::fromBytes(type("f32"), {2}, {1, 2, 3})), "");
  EXPECT_EQ(message(Tensor::create(type("f32"), {0, int64_t(1) << 62, 8})), "");
}

TEST_F(TensorTest, RandomTensorsAreReproducible) {
  EXPECT_EQ(llvm::toString(compare(random("tensor<9xf32>", 3),
                                   random("tensor<9xf32>", 3), 0)),
            "");
  EXPECT_NE(llvm::toString(compare(random("tensor<9xf32>", 3),
                                   random("tensor<9xf32>", 4), 0)),
            "");
  Tensor codes = random("tensor<500x!quant.uniform<i8<-7:7>:f32, 0.5>>", 1);
  std::vector<int64_t> seen(15, 0);
  for (int64_t code : codes.toIntegers()) {
    ASSERT_TRUE(code >= -7 && code <= 7);
    seen[size_t(code + 7)] = 1;
  }
  EXPECT_EQ(seen, std::vector<int64_t>(15, 1));
}

} // namespace shiftadd::ref
