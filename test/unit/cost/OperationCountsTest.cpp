//===- OperationCountsTest.cpp - What ops count -*- C++ -*-===//
//
// Part of the shiftadd project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
#include "test/unit/cost/Fixture.h"

#include "mlir/AsmParser/AsmParser.h"

namespace shiftadd {
namespace {

using Kind = OperationKind;
using OperationCountsTest = CostTest;

int64_t at(const OperationCounts &counts, Kind kind, NumberFormat format) {
  for (const OperationCounts::Entry &entry : counts.getEntries())
    if (entry.kind == kind && entry.format == format)
      return entry.count;
  return 0;
}
constexpr NumberFormat kInt8{false, 8}, kInt32{false, 32}, kFloat32{true, 32};

TEST(OperationCounts, AddsUpByKindAndFormat) {
  OperationCounts counts;
  counts.add(Kind::Add, kInt8, 3);
  counts.add(Kind::Add, kFloat32, 5);
  counts.add(Kind::Add, kInt8, 4);
  counts.add(Kind::Shift, kInt8, 0);
  OperationCounts more;
  more.add(Kind::Multiply, kInt8, 1);
  counts += more;
  ASSERT_EQ(counts.getEntries().size(), 3u);
  EXPECT_EQ(counts.getEntries()[0].kind, Kind::Multiply);
  EXPECT_EQ(counts.getEntries()[1].format, kFloat32);
  EXPECT_EQ(counts.getTotal(Kind::Add), 12);
  EXPECT_EQ(counts.getTotal(), 13);
}

// Full output times taps, padding included (E31); four samples of a free batch
// count as one.
TEST_F(OperationCountsTest, Convolution) {
  OperationCounts counts = countOne<ConvOp>(R"(
    func.func @main(%x: tensor<?x8x8x4xf32>, %w: tensor<6x3x3x2xf32>) -> tensor<?x8x8x6xf32> {
      %0 = shiftadd.conv %x, %w {dilations = array<i64: 1, 1>, groups = 2 : i64, padding = array<i64: 1, 1, 1, 1>, strides = array<i64: 1, 1>} : (tensor<?x8x8x4xf32>, tensor<6x3x3x2xf32>) -> tensor<?x8x8x6xf32>
      return %0 : tensor<?x8x8x6xf32>
    })");
  EXPECT_EQ(at(counts, Kind::Multiply, kFloat32), 8 * 8 * 6 * 9 * 2);
  EXPECT_EQ(at(counts, Kind::Add, kFloat32), 8 * 8 * 6 * 9 * 2);
  EXPECT_EQ(counts.getTotal(), 2 * 8 * 8 * 6 * 9 * 2);
}

// A weight costs the terms that it has (N19): 0x21 two, 0x01 and 0x30 one, 0
// none (N58), each once per output position.
TEST_F(OperationCountsTest, TermsOfTheRealWeights) {
  OperationCounts counts = countOne<ShiftDenseOp>(R"(
    !codes = !shiftadd.pot<bits = 8, terms = 2, min_exponent = 0, max_exponent = 6, zero = true>
    !x = !quant.uniform<u8:f32, 0.5:3>
    func.func @main(%x: tensor<5x4x!x>) -> tensor<5x2xi32> {
      %w = shiftadd.constant dense<[[33, 1, 0, 48], [0, 0, 0, 0]]> : tensor<2x4xui8> as tensor<2x4x!codes>
      %0 = shiftadd.shift_dense %x, %w : (tensor<5x4x!x>, tensor<2x4x!codes>) -> tensor<5x2xi32>
      return %0 : tensor<5x2xi32>
    })");
  EXPECT_EQ(at(counts, Kind::Shift, kInt8), 5 * 4);
  EXPECT_EQ(at(counts, Kind::Add, kInt8), 5 * 4);
  EXPECT_EQ(counts.getTotal(Kind::Multiply), 0);
}

// The same through a layer's argument, and with weights that nobody knows.
TEST_F(OperationCountsTest, WeightsOutsideOfALayer) {
  const char *text = R"(
    !codes = !shiftadd.pot<bits = 8, terms = 2, min_exponent = 0, max_exponent = 6, zero = true>
    func.func @main(%x: tensor<1x2xf32>, %v: tensor<1x2x!codes>) -> tensor<1x1xf32> {
      %w = shiftadd.constant dense<[[1, 0]]> : tensor<1x2xui8> as tensor<1x2x!codes>
      %0 = shiftadd.layer "a"(%x, %WEIGHTS) : (tensor<1x2xf32>, tensor<1x2x!codes>) -> tensor<1x1xf32> {
      ^bb0(%y: tensor<1x2xf32>, %z: tensor<1x2x!codes>):
        %1 = shiftadd.shift_dense %y, %z : (tensor<1x2xf32>, tensor<1x2x!codes>) -> tensor<1x1xf32>
        shiftadd.yield %1 : tensor<1x1xf32>
      }
      return %0 : tensor<1x1xf32>
    })";
  std::string known(text), unknown(text);
  known.replace(known.find("%WEIGHTS"), 8, "%w");
  unknown.replace(unknown.find("%WEIGHTS"), 8, "%v");
  // Floats are shifted as fixed point numbers of their width (E14).
  EXPECT_EQ(at(countOne<ShiftDenseOp>(known), Kind::Shift, kInt32), 1);
  EXPECT_EQ(at(countOne<ShiftDenseOp>(unknown), Kind::Shift, kInt32), 4);
}

// Two additions per tap, whatever the weight (N29, N58).
TEST_F(OperationCountsTest, AdderLayersPayForZeros) {
  OperationCounts counts = countOne<AdderDenseOp>(R"(
    func.func @main(%x: tensor<3x4xf32>) -> tensor<3x2xf32> {
      %w = shiftadd.constant dense<0.0> : tensor<2x4xf32> as tensor<2x4xf32>
      %0 = shiftadd.adder_dense %x, %w : (tensor<3x4xf32>, tensor<2x4xf32>) -> tensor<3x2xf32>
      return %0 : tensor<3x2xf32>
    })");
  EXPECT_EQ(at(counts, Kind::Add, kFloat32), 2 * 3 * 2 * 4);
  EXPECT_EQ(counts.getTotal(), 2 * 3 * 2 * 4);
}

// Of three channels one needs a multiplication: the others scale by powers of
// two, which their shift does.
TEST_F(OperationCountsTest, ScalesByPowersOfTwo) {
  OperationCounts counts = countOne<RequantizeOp>(R"(
    !q = !quant.uniform<u8:f32, 0.5:10>
    func.func @main(%x: tensor<2x3xi32>) -> tensor<2x3x!q> {
      %m = shiftadd.constant dense<[3, 1, 64]> : tensor<3xi32> as tensor<3xi32>
      %s = shiftadd.constant dense<4> : tensor<1xi32> as tensor<1xi32>
      %0 = shiftadd.requantize %x, multiplier %m, shift %s {rounding = #shiftadd<rounding half_up>} : (tensor<2x3xi32>, tensor<3xi32>, tensor<1xi32>) -> tensor<2x3x!q>
      return %0 : tensor<2x3x!q>
    })");
  EXPECT_EQ(at(counts, Kind::Multiply, kInt32), 2);
  EXPECT_EQ(at(counts, Kind::Shift, kInt32), 6);
  EXPECT_EQ(at(counts, Kind::Compare, kInt32), 12);
}

// Codes with three terms: three shifts and two additions in the place of a
// multiplication.
TEST_F(OperationCountsTest, ScalesByTerms) {
  OperationCounts counts = countOne<RequantizeOp>(R"(
    !q = !quant.uniform<u8:f32, 0.5:10>
    !codes = !shiftadd.pot<bits = 15, terms = 3, min_exponent = 0, max_exponent = 14, zero = true>
    func.func @main(%x: tensor<4x1xi32>, %m: tensor<1x!codes>, %s: tensor<1xi32>) -> tensor<4x1x!q> {
      %0 = shiftadd.requantize %x, multiplier %m, shift %s {rounding = #shiftadd<rounding half_up>} : (tensor<4x1xi32>, tensor<1x!codes>, tensor<1xi32>) -> tensor<4x1x!q>
      return %0 : tensor<4x1x!q>
    })");
  EXPECT_EQ(counts.getTotal(Kind::Multiply), 0);
  EXPECT_EQ(at(counts, Kind::Shift, kInt32), 4 * (3 + 1));
  EXPECT_EQ(at(counts, Kind::Add, kInt32), 4 * (2 + 1));
}

TEST_F(OperationCountsTest, FunctionsAndTables) {
  OperationCounts counts = countOne<TanhOp>(R"(
    func.func @main(%x: tensor<7xf32>) -> tensor<7xf32> {
      %0 = shiftadd.tanh %x : (tensor<7xf32>) -> tensor<7xf32>
      return %0 : tensor<7xf32>
    })");
  EXPECT_EQ(at(counts, Kind::Function, kFloat32), 7);
  EXPECT_EQ(counts.getTotal(), 7);
}

TEST_F(OperationCountsTest, WidthsOfCodes) {
  parse("module {}");
  auto width = [&](llvm::StringRef text) {
    mlir::Type type = mlir::parseType(text, &context);
    EXPECT_TRUE(type) << text.str();
    return type ? getNumberFormat(type).bits : 0;
  };
  EXPECT_EQ(width("!quant.uniform<u8:f32, 0.5:3>"), 8u);
  EXPECT_EQ(width("!quant.uniform<i8<-127:127>:f32, 0.5>"), 8u);
  EXPECT_EQ(width("!quant.uniform<i8<-7:7>:f32, 0.5>"), 4u);
  EXPECT_EQ(width("!quant.uniform<i8<-1:1>:f32, 0.5>"), 2u);
  EXPECT_EQ(width("!quant.uniform<u8<0:127>:f32, 0.5>"), 7u);
  EXPECT_EQ(width("!shiftadd.pot<bits = 5, terms = 1, min_exponent = -14, "
                  "max_exponent = 0, zero = true>"),
            5u);
  EXPECT_EQ(width("i32"), 32u);
  EXPECT_TRUE(getNumberFormat(mlir::Float32Type::get(&context)).isFloat);
}

} // namespace
} // namespace shiftadd
