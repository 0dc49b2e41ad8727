//===- Fixture.h - Runs IR text in the interpreter --------------*- C++ -*-===//
//
// Part of the shiftadd project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// What the interpreter's tests share: a context, and a function written as text
// that is parsed, verified and run.
//
//===----------------------------------------------------------------------===//
#ifndef SHIFTADD_TEST_UNIT_REFERENCE_FIXTURE_H
#define SHIFTADD_TEST_UNIT_REFERENCE_FIXTURE_H

#include "dialects/Reference/Interpreter.h"
#include "dialects/Reference/RandomTensor.h"
#include "dialects/ShiftAdd/IR/ShiftAdd.h"

#include "mlir/AsmParser/AsmParser.h"
#include "mlir/Parser/Parser.h"

#include "gtest/gtest.h"

#include <string>
#include <vector>

namespace shiftadd::ref {

class ReferenceTest : public testing::Test {
protected:
  ReferenceTest() {
    context.loadDialect<ShiftAddDialect, mlir::func::FuncDialect,
                        mlir::quant::QuantDialect>();
  }

  mlir::Type type(llvm::StringRef text) {
    mlir::Type result = mlir::parseType(text, &context);
    EXPECT_TRUE(result) << text.str();
    return result;
  }
  mlir::RankedTensorType tensorType(llvm::StringRef text) {
    return llvm::cast<mlir::RankedTensorType>(type(text));
  }

  /// A tensor of a type written as text, e.g. "tensor<2x3xi8>".
  Tensor integers(llvm::StringRef text, llvm::ArrayRef<int64_t> values) {
    auto ranked = tensorType(text);
    return llvm::cantFail(Tensor::fromIntegers(ranked.getElementType(),
                                               ranked.getShape(), values));
  }
  Tensor doubles(llvm::StringRef text, llvm::ArrayRef<double> values) {
    auto ranked = tensorType(text);
    return llvm::cantFail(Tensor::fromDoubles(ranked.getElementType(),
                                              ranked.getShape(), values));
  }
  Tensor random(llvm::StringRef text, uint64_t seed) {
    return llvm::cantFail(randomTensor(tensorType(text), seed));
  }

  mlir::func::FuncOp parse(llvm::StringRef text) {
    module = mlir::parseSourceString<mlir::ModuleOp>(text, &context);
    EXPECT_TRUE(module) << text.str();
    if (!module)
      return {};
    auto function = module->lookupSymbol<mlir::func::FuncOp>("main");
    EXPECT_TRUE(function);
    return function;
  }

  /// Runs @main of a module; the message of the error, if any, is `error`.
  llvm::SmallVector<Tensor> run(llvm::StringRef text,
                                llvm::ArrayRef<Tensor> inputs) {
    error.clear();
    mlir::func::FuncOp function = parse(text);
    if (!function)
      return {};
    llvm::Expected<llvm::SmallVector<Tensor>> results =
        runFunction(function, inputs);
    if (results)
      return *results;
    error = llvm::toString(results.takeError());
    return {};
  }

  /// Runs one op: `op` is its text with operands %0, %1... of the inputs' types
  /// up to the colon, `result` its result type.
  Tensor runOp(llvm::StringRef op, llvm::ArrayRef<Tensor> inputs,
               llvm::StringRef result) {
    std::string arguments;
    std::string types;
    llvm::raw_string_ostream argumentStream(arguments);
    llvm::raw_string_ostream typeStream(types);
    for (auto [i, input] : llvm::enumerate(inputs)) {
      argumentStream << (i ? ", %" : "%") << "a" << i << ": "
                     << input.getType();
      typeStream << (i ? ", " : "") << input.getType();
    }
    std::string text;
    llvm::raw_string_ostream(text)
        << "func.func @main(" << arguments << ") -> " << result
        << " {\n  %r = " << op << " : (" << types << ") -> " << result
        << "\n  return %r : " << result << "\n}\n";
    llvm::SmallVector<Tensor> results = run(text, inputs);
    return results.size() == 1 ? results[0] : Tensor();
  }

  static std::vector<int64_t> asIntegers(const Tensor &tensor) {
    llvm::SmallVector<int64_t> values = tensor.toIntegers();
    return {values.begin(), values.end()};
  }
  static std::vector<double> asDoubles(const Tensor &tensor) {
    std::vector<double> values;
    for (int64_t i = 0; i < tensor.getElementCount(); ++i)
      values.push_back(tensor.getDouble(i));
    return values;
  }

  mlir::MLIRContext context;
  mlir::OwningOpRef<mlir::ModuleOp> module;
  std::string error;
};

using Integers = std::vector<int64_t>;
using Doubles = std::vector<double>;

} // namespace shiftadd::ref

#endif // SHIFTADD_TEST_UNIT_REFERENCE_FIXTURE_H
