//===- CompareTensors.h - Whether two outputs agree --------*- C++ -*- -===//
//
// Part of the shiftadd project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Booleans and integers agree when they are equal, floats within a tolerance.
//
//===----------------------------------------------------------------------===//
#ifndef SHIFTADD_TEST_ONNX_COMPARETENSORS_H
#define SHIFTADD_TEST_ONNX_COMPARETENSORS_H

#include "tools/tensor-files/Tensor.h"

#include <string>
#include <vector>

namespace shiftadd::test {

struct Tolerance {
  /// |actual - expected| <= absolute + relative * |expected|
  ///                        + ofLargest * max |expected|.
  double relative = 0;
  double absolute = 0;
  double ofLargest = 0;
  /// Integers may differ by this much.
  int64_t steps = 0;
};

/// Compares the outputs of a run in order. Names are of no interest. On failure
/// `error` names the first wrong element and the number of wrong ones; on
/// success `largest` is the largest float difference relative to max
/// |expected|.
bool compareOutputs(const std::vector<tools::Tensor> &actual,
                    const std::vector<tools::Tensor> &expected,
                    const Tolerance &tolerance, double &largest,
                    std::string &error);

/// The distance of one to the next float of the type: 2^-10 for float16; 0 for
/// types that are no floats.
double floatStep(shiftadd_type type);

} // namespace shiftadd::test

#endif // SHIFTADD_TEST_ONNX_COMPARETENSORS_H
