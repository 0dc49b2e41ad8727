//===- FloatOps.h - Ops that compute in floating point -*- C++ -*-===//
//
// Part of the shiftadd project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
#ifndef SHIFTADD_PASSES_QUANTIZE_FLOATOPS_H
#define SHIFTADD_PASSES_QUANTIZE_FLOATOPS_H

#include "mlir/Dialect/Func/IR/FuncOps.h"

#include <string>
#include <vector>

namespace shiftadd {

/// An op that computes on floats between inputs and outputs.
struct FloatOp {
  mlir::Operation *op;
  std::string layer; ///< the ONNX node, or empty
  std::string describe() const;
};

/// All of them, in the function's order. `quantize` of what comes from the
/// inputs, `dequantize` of what goes to the outputs, constants and movement of
/// elements are no computation.
std::vector<FloatOp> findFloatOps(mlir::func::FuncOp function);

} // namespace shiftadd

#endif // SHIFTADD_PASSES_QUANTIZE_FLOATOPS_H
