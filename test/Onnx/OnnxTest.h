//===- OnnxTest.h - One folder of an ONNX test suite -------*- C++ -*- -===//
//
// Part of the shiftadd project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// A test is a folder with model.onnx and test_data_set_K/{input,output}_I.pb.
// Its model goes through the interpreter and through a compiled library, and
// both are compared with the expected outputs and with each other.
//
//===----------------------------------------------------------------------===//
#ifndef SHIFTADD_TEST_ONNX_ONNXTEST_H
#define SHIFTADD_TEST_ONNX_ONNXTEST_H

#include <set>
#include <string>

namespace shiftadd::test {

struct TestResult {
  /// pass; inexact (passes only with ONNX's own tolerance); refused (exit 3);
  /// invalid (exit 1); internal (exit 2); data (a file of the test cannot be
  /// read); interpreter, library (wrong outputs); different (library and
  /// interpreter disagree).
  std::string status;
  std::string message;
};

struct ModelSummary {
  /// Names of all operators, those of functions and of subgraphs included, with
  /// their domain in front unless it is the default one.
  std::set<std::string> operators;
  /// Element types of the graph's inputs and outputs.
  std::set<std::string> types;
};

/// Empty when the file cannot be read.
ModelSummary summarize(const std::string &folder);

TestResult runTest(const std::string &folder);

} // namespace shiftadd::test

#endif // SHIFTADD_TEST_ONNX_ONNXTEST_H
