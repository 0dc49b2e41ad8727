//===- WidthsTest.cpp - Accumulator widths of shift and adder layers ------===//
//
// Part of the shiftadd project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// The published table of widths (N47), with the unsigned and the power-of-two
// case (N46), as the range analysis finds them from weights at the end of their
// range.
//
//===----------------------------------------------------------------------===//
#include "dialects/ShiftAdd/IR/Build.h"
#include "passes/Quantize/AccumulatorRange.h"

#include "mlir/IR/BuiltinOps.h"
#include "llvm/Support/FormatVariadic.h"

#include "gtest/gtest.h"

namespace shiftadd::test {

namespace {

using mlir::quant::UniformQuantizedType;

class WidthsTest : public testing::Test {
protected:
  WidthsTest() : builder(&context) {
    context.loadDialect<ShiftAddDialect, mlir::func::FuncDialect,
                        mlir::quant::QuantDialect>();
    module = mlir::ModuleOp::create(builder.getUnknownLoc());
    builder.setInsertionPointToEnd(module->getBody());
  }

  mlir::Type codes(unsigned bits, bool isSigned, int64_t low, int64_t high) {
    return UniformQuantizedType::get(
        isSigned ? mlir::quant::QuantizationFlags::Signed : 0,
        builder.getIntegerType(bits), builder.getF32Type(), 0.5, 0, low, high);
  }
  mlir::Type codes(unsigned bits, bool isSigned = true) {
    int64_t half = int64_t(1) << (bits - 1);
    return isSigned ? codes(bits, true, -half, half - 1)
                    : codes(bits, false, 0, 2 * half - 1);
  }

  mlir::Value makeInput(mlir::Type element, int64_t taps) {
    auto type = mlir::RankedTensorType::get({1, taps}, element);
    auto function = mlir::func::FuncOp::create(
        builder, builder.getUnknownLoc(), llvm::formatv("f{0}", count++).str(),
        builder.getFunctionType({type}, {}));
    mlir::Value argument = function.addEntryBlock()->getArgument(0);
    builder.setInsertionPointToEnd(&function.getBody().front());
    return argument;
  }

  /// The least width that holds every sum.
  static unsigned widthOf(mlir::Value sum) {
    auto ranges = getAccumulatorRange(sum);
    if (!ranges || ranges->size() != 1)
      return 0;
    unsigned bits = 1;
    while (!ranges->front().fits(bits))
      ++bits;
    return bits;
  }

  /// `taps` weights of S * 2^0 on a grid of 2^-range.
  unsigned shiftWidth(mlir::Type input, int range, int64_t taps, int sign = 1) {
    mlir::Value x = makeInput(input, taps);
    num::PowerOfTwoFormat format{6, 1, -range, 0, true};
    auto element = PowerOfTwoType::get(&context, 6, 1, -range, 0, true);
    std::vector<char> bytes(taps, char(*format.encode(sign)));
    mlir::Value filter =
        makeConstant(builder, builder.getUnknownLoc(),
                     mlir::RankedTensorType::get({1, taps}, element), bytes);
    auto sum = buildInferred<ShiftDenseOp>(builder, builder.getUnknownLoc(),
                                           builder.getI64Type(), x, filter,
                                           mlir::Value());
    unsigned width = widthOf(sum.getResult());
    builder.setInsertionPointToEnd(module->getBody());
    return width;
  }

  /// `taps` weights at the lowest code, as far from the highest as can be.
  template <typename T>
  unsigned adderWidth(unsigned bits, bool isSigned, int64_t taps) {
    mlir::Type element = codes(bits, isSigned);
    mlir::Value x = makeInput(element, taps);
    std::vector<T> weights(taps,
                           isSigned ? T(uint64_t(1) << (bits - 1)) : T(0));
    mlir::Value filter = makeConstant(
        builder, builder.getUnknownLoc(),
        mlir::RankedTensorType::get({1, taps}, element),
        llvm::ArrayRef<char>(reinterpret_cast<const char *>(weights.data()),
                             weights.size() * sizeof(T)));
    auto sum = buildInferred<AdderDenseOp>(builder, builder.getUnknownLoc(),
                                           builder.getI64Type(), x, filter,
                                           mlir::Value());
    unsigned width = widthOf(sum.getResult());
    builder.setInsertionPointToEnd(module->getBody());
    return width;
  }

  mlir::MLIRContext context;
  mlir::OpBuilder builder;
  mlir::OwningOpRef<mlir::ModuleOp> module;
  int count = 0;
};

constexpr int64_t kTaps = 64 * 9;

TEST_F(WidthsTest, ShiftLayers) {
  EXPECT_EQ(shiftWidth(codes(8), 14, kTaps), 32u);
  EXPECT_EQ(shiftWidth(codes(8), 6, kTaps), 24u);
  EXPECT_EQ(shiftWidth(codes(16), 14, kTaps), 40u);
  EXPECT_EQ(shiftWidth(codes(32), 14, kTaps), 56u);
}

TEST_F(WidthsTest, AdderLayers) {
  EXPECT_EQ(adderWidth<uint8_t>(8, true, kTaps), 19u);
  EXPECT_EQ(adderWidth<uint16_t>(16, true, kTaps), 27u);
  EXPECT_EQ(adderWidth<uint8_t>(8, true, 512 * 9), 22u);
}

/// Unsigned codes of 8 bits are signed numbers of 9 in a sum of products; their
/// differences still have 8.
TEST_F(WidthsTest, UnsignedInputs) {
  EXPECT_EQ(shiftWidth(codes(8, false), 14, kTaps), 33u);
  EXPECT_EQ(adderWidth<uint8_t>(8, false, kTaps), 19u);
}

/// -128 times -1 in all of 512 taps is +2^30 on the grid: one bit more than the
/// formula for other counts, unless -128 does not occur.
TEST_F(WidthsTest, PowerOfTwoTaps) {
  EXPECT_EQ(shiftWidth(codes(8), 14, 512, 1), 31u);
  EXPECT_EQ(shiftWidth(codes(8), 14, 512, -1), 32u);
  EXPECT_EQ(shiftWidth(codes(8, true, -127, 127), 14, 512, -1), 31u);
}

} // namespace

} // namespace shiftadd::test
