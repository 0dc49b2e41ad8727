//===- FixedValues.h - Tensors from files as fixed input values -*- C++ -*-===//
//
// Part of the shiftadd project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
#ifndef SHIFTADD_TOOLS_COMPILER_FIXEDVALUES_H
#define SHIFTADD_TOOLS_COMPILER_FIXEDVALUES_H

#include "frontend/Onnx/Import.h"
#include "tools/tensor-files/Tensor.h"

namespace shiftadd::tools {

/// The value that an input is fixed to, in the importer's terms: element types
/// have the numbers of onnx.TensorProto.DataType there and those of the model
/// ABI here.
onnx_import::FixedValue getFixedValue(const Tensor &tensor);

} // namespace shiftadd::tools

#endif // SHIFTADD_TOOLS_COMPILER_FIXEDVALUES_H
