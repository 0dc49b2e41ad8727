//===- FixedValues.cpp - Tensors from files as fixed input values -*- C++
//-*-===//
//
// Part of the shiftadd project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
#include "tools/compiler/FixedValues.h"

namespace shiftadd::tools {

onnx_import::FixedValue getFixedValue(const Tensor &tensor) {
  // In the order of shiftadd_type.
  static constexpr int32_t onnxTypes[] = {9,  3,  5,  6,  7, 2, 4,
                                          12, 13, 10, 16, 1, 11};
  onnx_import::FixedValue value;
  value.type = onnxTypes[tensor.type];
  value.shape = tensor.shape;
  value.bytes.assign(tensor.bytes.begin(), tensor.bytes.end());
  return value;
}

} // namespace shiftadd::tools
