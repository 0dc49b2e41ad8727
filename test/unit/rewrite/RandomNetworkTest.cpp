//===- RandomNetworkTest.cpp - Rewrites against what they rewrite ---------===//
//
// Part of the shiftadd project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// 1,000 random networks in the interpreter: the form with multiplications and
// the forms without give the same bits.
//
//===----------------------------------------------------------------------===//
#include "test/unit/rewrite/RandomNetwork.h"
#include "dialects/AdderGraph/IR/AdderGraph.h"
#include "dialects/Reference/RandomTensor.h"
#include "passes/Rewrite/Multiplications.h"
#include "passes/Rewrite/Passes.h"

#include "mlir/IR/Verifier.h"
#include "mlir/Pass/PassManager.h"

#include "gtest/gtest.h"

namespace shiftadd::test {

namespace {

constexpr uint64_t kNetworks = 1000;

class RandomNetworkTest : public testing::Test {
protected:
  RandomNetworkTest() {
    context.loadDialect<ShiftAddDialect, adder_graph::AdderGraphDialect,
                        mlir::func::FuncDialect, mlir::quant::QuantDialect>();
  }

  /// A fresh context now and then: types and attributes are never freed.
  std::unique_ptr<mlir::MLIRContext> makeContext() {
    auto fresh = std::make_unique<mlir::MLIRContext>(
        mlir::MLIRContext::Threading::DISABLED);
    fresh->loadDialect<ShiftAddDialect, adder_graph::AdderGraphDialect,
                       mlir::func::FuncDialect, mlir::quant::QuantDialect>();
    return fresh;
  }

  static mlir::func::FuncOp mainOf(mlir::ModuleOp module) {
    return module.lookupSymbol<mlir::func::FuncOp>("main");
  }

  mlir::MLIRContext context{mlir::MLIRContext::Threading::DISABLED};
};

/// What distinguishes the networks, to see that the generator reaches it.
struct Coverage {
  int depthwise = 0, grouped = 0, dilated = 0, strided = 0, padded = 0;
  int residuals = 0, sums = 0, concats = 0, maxPools = 0, sumPools = 0;
  int halfUp = 0, halfEven = 0, freeBatch = 0, zeroPoints = 0;

  void look(mlir::func::FuncOp function) {
    freeBatch += tensorType(function.getArgument(0)).isDynamicDim(0);
    function.walk([&](ConvOp op) {
      int64_t channels = tensorType(op.getInput()).getShape().back();
      depthwise += op.getGroups() > 1 && int64_t(op.getGroups()) == channels;
      grouped += op.getGroups() > 1 && int64_t(op.getGroups()) < channels;
      dilated += op.getDilations()[0] > 1;
      strided += op.getStrides()[0] > 1;
      padded += op.getPadding()[0] + op.getPadding()[1] > 0;
      zeroPoints +=
          getZeroPoint(tensorType(op.getInput()).getElementType()) != 0;
    });
    function.walk([&](RequantizeOp op) {
      halfUp += op.getRounding() == Rounding::HalfUp;
      halfEven += op.getRounding() == Rounding::HalfEven;
    });
    function.walk([&](mlir::Operation *op) {
      residuals += llvm::isa<RequantizeResidualOp>(op);
      sums += llvm::isa<RequantizeAddOp>(op);
      concats += llvm::isa<ConcatOp>(op);
      maxPools += llvm::isa<MaxPoolOp>(op);
      sumPools += llvm::isa<SumPoolOp>(op);
    });
  }

  void expectAll() const {
    for (int count :
         {depthwise, grouped, dilated, strided, padded, residuals, sums,
          concats, maxPools, sumPools, halfUp, halfEven, freeBatch, zeroPoints})
      EXPECT_GE(count, int(kNetworks) / 50);
  }
};

TEST_F(RandomNetworkTest, FormsWithoutMultiplicationsAreEqual) {
  Coverage coverage;
  std::unique_ptr<mlir::MLIRContext> fresh;
  for (uint64_t seed = 1; seed <= kNetworks; ++seed) {
    if (seed % 50 == 1)
      fresh = makeContext();
    auto network = makeRandomNetwork(*fresh, seed);
    ASSERT_TRUE(mlir::succeeded(mlir::verify(*network))) << "seed " << seed;
    coverage.look(mainOf(*network));
    auto inputs = ref::randomInputs(mainOf(*network), seed);
    ASSERT_TRUE(bool(inputs)) << llvm::toString(inputs.takeError());

    mlir::OwningOpRef<mlir::ModuleOp> digits(network->clone());
    mlir::PassManager decompose(fresh.get());
    decompose.addNestedPass<mlir::func::FuncOp>(createDecomposeMulPass());
    ASSERT_TRUE(mlir::succeeded(decompose.run(*digits))) << "seed " << seed;
    for (const Multiplication &left : listMultiplications(mainOf(*digits)))
      EXPECT_TRUE(left.isExempt())
          << "seed " << seed << ": " << left.explanation;

    // Shared additions on one half, grouped exponents on the other.
    mlir::OwningOpRef<mlir::ModuleOp> further(digits->clone());
    mlir::PassManager passes(fresh.get());
    passes.addNestedPass<mlir::func::FuncOp>(
        seed % 2 ? createShareAdditionsPass() : createGroupExponentsPass());
    ASSERT_TRUE(mlir::succeeded(passes.run(*further))) << "seed " << seed;

    for (mlir::ModuleOp form : {*digits, *further})
      if (llvm::Error error = ref::compareFunctions(
              mainOf(form), mainOf(*network), *inputs, /*tolerance=*/0))
        FAIL() << "seed " << seed << ": " << llvm::toString(std::move(error));
  }
  coverage.expectAll();
}

/// A comparison that cannot fail proves nothing.
TEST_F(RandomNetworkTest, AnotherRoundingIsSeen) {
  int seen = 0;
  for (uint64_t seed = 1; seed <= 20; ++seed) {
    auto network = makeRandomNetwork(context, seed);
    mlir::OwningOpRef<mlir::ModuleOp> changed(network->clone());
    changed->walk([&](RequantizeOp op) { op.setRounding(Rounding::Floor); });
    auto inputs = ref::randomInputs(mainOf(*network), seed);
    ASSERT_TRUE(bool(inputs)) << llvm::toString(inputs.takeError());
    if (llvm::Error error = ref::compareFunctions(
            mainOf(*changed), mainOf(*network), *inputs, 0)) {
      llvm::consumeError(std::move(error));
      ++seen;
    }
  }
  EXPECT_GE(seen, 10);
}

} // namespace

} // namespace shiftadd::test
