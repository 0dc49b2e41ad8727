//===- MovementTest.cpp - Moving elements ---------------------------------===//
//
// Part of the shiftadd project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
#include "test/unit/reference/Fixture.h"

namespace shiftadd::ref {

class MovementTest : public ReferenceTest {
protected:
  Integers move(llvm::StringRef op, const Tensor &input,
                llvm::StringRef result) {
    Tensor tensor = runOp(op, {input}, result);
    EXPECT_EQ(error, "") << op.str();
    return asIntegers(tensor);
  }
  Integers pad(llvm::StringRef mode, int64_t low, int64_t high,
               llvm::StringRef result) {
    std::string op;
    llvm::raw_string_ostream(op)
        << "shiftadd.pad %a0 {low = array<i64: " << low
        << ">, high = array<i64: " << high << ">, mode = #shiftadd<pad_mode "
        << mode << ">, value = 9.0 : f64}";
    return move(op, integers("tensor<3xi8>", {1, 2, 3}), result);
  }
};

TEST_F(MovementTest, Transpose) {
  Integers all;
  for (int64_t i = 0; i < 24; ++i)
    all.push_back(i);
  Tensor input = integers("tensor<2x3x4xi16>", all);
  Integers result =
      move("shiftadd.transpose %a0 [2, 0, 1]", input, "tensor<4x2x3xi16>");
  for (int64_t a = 0; a < 4; ++a)
    for (int64_t b = 0; b < 2; ++b)
      for (int64_t c = 0; c < 3; ++c)
        EXPECT_EQ(result[size_t((a * 2 + b) * 3 + c)], (b * 3 + c) * 4 + a);
}

TEST_F(MovementTest, PadModes) {
  EXPECT_EQ(pad("constant", 2, 1, "tensor<6xi8>"),
            Integers({9, 9, 1, 2, 3, 9}));
  EXPECT_EQ(pad("edge", 2, 1, "tensor<6xi8>"), Integers({1, 1, 1, 2, 3, 3}));
  EXPECT_EQ(pad("reflect", 2, 2, "tensor<7xi8>"),
            Integers({3, 2, 1, 2, 3, 2, 1}));
  EXPECT_EQ(pad("wrap", 2, 4, "tensor<9xi8>"),
            Integers({2, 3, 1, 2, 3, 1, 2, 3, 1}));
  EXPECT_EQ(pad("constant", -1, 1, "tensor<3xi8>"), Integers({2, 3, 9}));
  EXPECT_EQ(pad("constant", -1, -1, "tensor<1xi8>"), Integers({2}));
}

TEST_F(MovementTest, ConcatSliceTileBroadcast) {
  Tensor joined = runOp("shiftadd.concat %a0, %a1 {axis = 1 : i64}",
                        {integers("tensor<2x1xi8>", {1, 2}),
                         integers("tensor<2x2xi8>", {3, 4, 5, 6})},
                        "tensor<2x3xi8>");
  EXPECT_EQ(asIntegers(joined), Integers({1, 3, 4, 2, 5, 6})) << error;
  EXPECT_EQ(move("shiftadd.slice %a0 {starts = array<i64: 0, 2>, sizes = "
                 "array<i64: 2, 2>, steps = array<i64: 1, -2>}",
                 joined, "tensor<2x2xi8>"),
            Integers({4, 1, 6, 2}));
  EXPECT_EQ(move("shiftadd.tile %a0 [2, 2]", integers("tensor<1x2xi8>", {1, 2}),
                 "tensor<2x4xi8>"),
            Integers({1, 2, 1, 2, 1, 2, 1, 2}));
  EXPECT_EQ(move("shiftadd.broadcast %a0 [2, 2, 2]",
                 integers("tensor<2x1xi8>", {1, 2}), "tensor<2x2x2xi8>"),
            Integers({1, 1, 2, 2, 1, 1, 2, 2}));
}

TEST_F(MovementTest, GatherCountsFromTheEndAndClamps) {
  Tensor result = runOp("shiftadd.gather %a0, %a1 {axis = 1 : i64}",
                        {integers("tensor<2x3xi8>", {1, 2, 3, 4, 5, 6}),
                         integers("tensor<2x2xi64>", {0, -1, 7, -9})},
                        "tensor<2x2x2xi8>");
  EXPECT_EQ(asIntegers(result), Integers({1, 3, 3, 1, 4, 6, 6, 4})) << error;
}

TEST_F(MovementTest, FreeBatch) {
  llvm::SmallVector<Tensor> results = run(R"(
    func.func @main(%x: tensor<?x2x2xi8>) -> (tensor<?x4xi8>, tensor<?x1x2xi8>, tensor<?x3x2x2xi8>) {
      %0 = shiftadd.reshape %x [-1, 4] : (tensor<?x2x2xi8>) -> tensor<?x4xi8>
      %1 = shiftadd.slice %x {starts = array<i64: 0, 1, 0>, sizes = array<i64: -1, 1, 2>, steps = array<i64: 1, 1, 1>} : (tensor<?x2x2xi8>) -> tensor<?x1x2xi8>
      %2 = shiftadd.reshape %x [-1, 1, 2, 2] : (tensor<?x2x2xi8>) -> tensor<?x1x2x2xi8>
      %3 = shiftadd.broadcast %2 [-1, 3, 2, 2] : (tensor<?x1x2x2xi8>) -> tensor<?x3x2x2xi8>
      return %0, %1, %3 : tensor<?x4xi8>, tensor<?x1x2xi8>, tensor<?x3x2x2xi8>
    })",
                                          {random("tensor<5x2x2xi8>", 1)});
  ASSERT_EQ(results.size(), 3u) << error;
  EXPECT_EQ(results[0].getType(), type("tensor<5x4xi8>"));
  EXPECT_EQ(results[1].getType(), type("tensor<5x1x2xi8>"));
  EXPECT_EQ(results[2].getType(), type("tensor<5x3x2x2xi8>"));
}

} // namespace shiftadd::ref
