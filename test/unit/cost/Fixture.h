//===- Fixture.h - Parsing IR for tests of costs -*- C++ -*-===//
//
// Part of the shiftadd project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
#ifndef SHIFTADD_TEST_UNIT_COST_FIXTURE_H
#define SHIFTADD_TEST_UNIT_COST_FIXTURE_H

#include "dialects/ShiftAdd/IR/Costs.h"

#include "mlir/Parser/Parser.h"

#include "gtest/gtest.h"

namespace shiftadd {

class CostTest : public testing::Test {
protected:
  CostTest() {
    context.loadDialect<ShiftAddDialect, mlir::func::FuncDialect,
                        mlir::quant::QuantDialect>();
  }

  mlir::ModuleOp parse(llvm::StringRef text) {
    module = mlir::parseSourceString<mlir::ModuleOp>(text, &context);
    EXPECT_TRUE(module) << text.str();
    return *module;
  }

  /// The operations of the one op of a kind.
  template <typename OpTy> OperationCounts countOne(llvm::StringRef text) {
    OperationCounts counts;
    unsigned found = 0;
    if (mlir::ModuleOp parsed = parse(text))
      parsed.walk([&](OpTy op) {
        counts = countOperations(op);
        ++found;
      });
    EXPECT_EQ(found, 1u);
    return counts;
  }

  mlir::MLIRContext context;
  mlir::OwningOpRef<mlir::ModuleOp> module;
};

} // namespace shiftadd

#endif // SHIFTADD_TEST_UNIT_COST_FIXTURE_H
