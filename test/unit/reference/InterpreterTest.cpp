//===- InterpreterTest.cpp - Functions, layers, kernels and checks --------===//
//
// Part of the shiftadd project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
#include "test/unit/reference/Fixture.h"

#include <limits>

namespace shiftadd::ref {

using InterpreterTest = ReferenceTest;

TEST_F(InterpreterTest, LayersAndCallsRun) {
  llvm::SmallVector<Tensor> results =
      run(R"(
    func.func @twice(%x: tensor<?x2xi32>) -> tensor<?x2xi32> {
      %0 = shiftadd.add %x, %x : (tensor<?x2xi32>, tensor<?x2xi32>) -> tensor<?x2xi32>
      return %0 : tensor<?x2xi32>
    }
    func.func @main(%x: tensor<?x2xi32>) -> tensor<?x2xi32> {
      %0 = call @twice(%x) : (tensor<?x2xi32>) -> tensor<?x2xi32>
      %1 = shiftadd.layer "both" (%0, %x) : (tensor<?x2xi32>, tensor<?x2xi32>) -> tensor<?x2xi32> {
      ^bb0(%a: tensor<?x2xi32>, %b: tensor<?x2xi32>):
        %2 = shiftadd.mul %a, %b : (tensor<?x2xi32>, tensor<?x2xi32>) -> tensor<?x2xi32>
        shiftadd.yield %2 : tensor<?x2xi32>
      }
      return %1 : tensor<?x2xi32>
    })",
          {integers("tensor<2x2xi32>", {1, 2, 3, 4})});
  ASSERT_EQ(results.size(), 1u) << error;
  EXPECT_EQ(asIntegers(results[0]), Integers({2, 8, 18, 32}));
}

/// A kernel of one sample whose reshape has no batch of its own.
static const char kKernel[] = R"(
    shiftadd.kernel @k attributes {
        argument_layouts = [#shiftadd.layout<low = [0, 0], high = [0, 0]>,
                            #shiftadd.layout<low = [0], high = [0]>],
        result_layouts = [#shiftadd.layout<low = [0, 0, 0], high = [0, 0, 0]>],
        constants = array<i1: false, true>} {
    ^bb0(%x: tensor<1x2xi32>, %w: tensor<2xi32>):
      %0 = shiftadd.add %x, %w : (tensor<1x2xi32>, tensor<2xi32>) -> tensor<1x2xi32>
      %1 = shiftadd.reshape %0 [1, 2, 1] : (tensor<1x2xi32>) -> tensor<1x2x1xi32>
      shiftadd.yield %1 : tensor<1x2x1xi32>
    }
)";

TEST_F(InterpreterTest, LaunchesRunOncePerSample) {
  llvm::SmallVector<Tensor> results =
      run(std::string(kKernel) + R"(
    func.func @main(%x: tensor<?x2xi32>) -> tensor<?x2x1xi32> {
      %w = shiftadd.constant dense<[10, 20]> : tensor<2xi32> as tensor<2xi32>
      %0 = shiftadd.launch @k "first" (%x, %w) {arena_offsets = array<i64: -1>} : (tensor<?x2xi32>, tensor<2xi32>) -> tensor<?x2x1xi32>
      return %0 : tensor<?x2x1xi32>
    })",
          {integers("tensor<3x2xi32>", {1, 2, 3, 4, 5, 6})});
  ASSERT_EQ(results.size(), 1u) << error;
  EXPECT_EQ(results[0].getType(), type("tensor<3x2x1xi32>"));
  EXPECT_EQ(asIntegers(results[0]), Integers({11, 22, 13, 24, 15, 26}));
}

TEST_F(InterpreterTest, ChecksNameTheFirstDifference) {
  const char *text = R"(
    func.func @main(%x: tensor<2x2xf32>) {
      %0 = shiftadd.constant dense<[[1.0, 2.0], [3.0, 4.0]]> : tensor<2x2xf32> as tensor<2x2xf32>
      shiftadd.CHECK : tensor<2x2xf32>, tensor<2x2xf32>
      return
    })";
  auto check = [&](llvm::StringRef op, llvm::ArrayRef<double> values) {
    std::string module = text;
    module.replace(module.find("shiftadd.CHECK"), 14, op.str());
    run(module, {doubles("tensor<2x2xf32>", values)});
    return error;
  };
  EXPECT_EQ(check("shiftadd.check_equal %x, %0", {1, 2, 3, 4}), "");
  std::string reason = check("shiftadd.check_equal %x, %0", {1, 2, 2.5, 5});
  EXPECT_NE(reason.find("'shiftadd.check_equal'"), std::string::npos) << reason;
  EXPECT_NE(reason.find("element [1, 0] is 2.5, expected 3 (2 of 4 elements "
                        "differ)"),
            std::string::npos)
      << reason;
  // 0.04 of the largest value, 4, is 0.16.
  const char *close = "shiftadd.check_close %x, %0 {tolerance = 0.04 : f64}";
  EXPECT_EQ(check(close, {1.15, 1.85, 3, 4}), "");
  EXPECT_NE(check(close, {1.17, 2, 3, 4}), "");
  EXPECT_NE(check(close, {std::numeric_limits<double>::quiet_NaN(), 2, 3, 4}),
            "");
}

TEST_F(InterpreterTest, CompareKnowsZerosAndInfinities) {
  double infinity = std::numeric_limits<double>::infinity();
  double nan = std::numeric_limits<double>::quiet_NaN();
  auto differs = [&](double a, double b, double tolerance) {
    return bool(
        llvm::toString(compare(doubles("tensor<1xf32>", {a}),
                               doubles("tensor<1xf32>", {b}), tolerance))
            .size());
  };
  EXPECT_TRUE(differs(0.0, -0.0, 0));
  EXPECT_FALSE(differs(0.0, -0.0, 0.1));
  EXPECT_FALSE(differs(nan, nan, 0));
  EXPECT_FALSE(differs(infinity, infinity, 0.1));
  EXPECT_TRUE(differs(infinity, -infinity, 0.1));
  EXPECT_TRUE(differs(1, infinity, 0.1));
  EXPECT_TRUE(differs(infinity, 1, 0.1));
  EXPECT_TRUE(differs(nan, 1, 0.1));
}

TEST_F(InterpreterTest, InputsMustHaveTheDeclaredTypes) {
  const char *text = R"(
    func.func @main(%x: tensor<?x2xi32>) -> tensor<?x2xi32> {
      return %x : tensor<?x2xi32>
    })";
  EXPECT_EQ(run(text, {random("tensor<4x2xi32>", 1)}).size(), 1u) << error;
  run(text, {});
  EXPECT_NE(error.find("got 0 inputs, has 1"), std::string::npos) << error;
  run(text, {random("tensor<4x3xi32>", 1)});
  EXPECT_NE(error.find("input 0 has the type tensor<4x3xi32>, not "
                       "tensor<?x2xi32>"),
            std::string::npos)
      << error;
  run(text, {random("tensor<4x2xui32>", 1)});
  EXPECT_NE(error, "");
}

TEST_F(InterpreterTest, UnknownOpsAndRecursionAreErrors) {
  run(R"(
    func.func @main(%x: tensor<2xf32>) -> tensor<2xf32> {
      %0 = shiftadd.onnx_node "ai.onnx" "Foo" version 9 (%x) {} : (tensor<2xf32>) -> tensor<2xf32> loc("layer7")
      return %0 : tensor<2xf32>
    })",
      {random("tensor<2xf32>", 1)});
  EXPECT_NE(error.find("'shiftadd.onnx_node' (layer7): cannot be executed"),
            std::string::npos)
      << error;
  run(R"(
    func.func @main(%x: tensor<2xf32>) -> tensor<2xf32> {
      %0 = call @main(%x) : (tensor<2xf32>) -> tensor<2xf32>
      return %0 : tensor<2xf32>
    })",
      {random("tensor<2xf32>", 1)});
  EXPECT_NE(error.find("nested too deeply"), std::string::npos) << error;
}

TEST_F(InterpreterTest, ObserverSeesEveryOp) {
  mlir::func::FuncOp function = parse(R"(
    func.func @main(%x: tensor<2xi32>) -> tensor<2xi32> {
      %1 = shiftadd.layer "l" (%x) : (tensor<2xi32>) -> tensor<2xi32> {
      ^bb0(%a: tensor<2xi32>):
        %2 = shiftadd.neg %a : (tensor<2xi32>) -> tensor<2xi32>
        shiftadd.yield %2 : tensor<2xi32>
      }
      return %1 : tensor<2xi32>
    })");
  std::vector<std::string> seen;
  auto observer = [&](mlir::Operation *op, llvm::ArrayRef<Tensor> results) {
    seen.push_back(op->getName().getStringRef().str() + " " +
                   results[0].elementToString(0));
  };
  llvm::Expected<llvm::SmallVector<Tensor>> results =
      runFunction(function, {integers("tensor<2xi32>", {5, 6})}, observer);
  ASSERT_TRUE(bool(results)) << llvm::toString(results.takeError());
  EXPECT_EQ(seen,
            (std::vector<std::string>{"shiftadd.neg -5", "shiftadd.layer -5"}));
}

TEST_F(InterpreterTest, ComparesFunctions) {
  mlir::func::FuncOp function = parse(R"(
    func.func @other(%x: tensor<?x3xf32>, %y: tensor<3xf32>) -> tensor<?x3xf32> {
      %0 = shiftadd.mul %y, %x : (tensor<3xf32>, tensor<?x3xf32>) -> tensor<?x3xf32>
      return %0 : tensor<?x3xf32>
    }
    func.func @wrong(%x: tensor<?x3xf32>, %y: tensor<3xf32>) -> tensor<?x3xf32> {
      %0 = shiftadd.sub %x, %y : (tensor<?x3xf32>, tensor<3xf32>) -> tensor<?x3xf32>
      return %0 : tensor<?x3xf32>
    }
    func.func @main(%x: tensor<?x3xf32>, %y: tensor<3xf32>) -> tensor<?x3xf32> {
      %0 = shiftadd.mul %x, %y : (tensor<?x3xf32>, tensor<3xf32>) -> tensor<?x3xf32>
      return %0 : tensor<?x3xf32>
    })");
  auto inputs = llvm::cantFail(randomInputs(function, 3, /*batch=*/4));
  EXPECT_EQ(inputs[0].getType(), type("tensor<4x3xf32>"));
  auto other = module->lookupSymbol<mlir::func::FuncOp>("other");
  auto wrong = module->lookupSymbol<mlir::func::FuncOp>("wrong");
  EXPECT_EQ(llvm::toString(compareFunctions(other, function, inputs, 0)), "");
  EXPECT_NE(llvm::toString(compareFunctions(wrong, function, inputs, 0.1)), "");
}

} // namespace shiftadd::ref
