//===- Matmul.h - What all matrix products share ----------------*- C++ -*-===//
//
// Part of the shiftadd project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Gemm and MatMul, their quantised and integer forms, and the Gemms of the
// domain ai.shiftadd.
//
//===----------------------------------------------------------------------===//
#ifndef SHIFTADD_FRONTEND_ONNX_MATMUL_H
#define SHIFTADD_FRONTEND_ONNX_MATMUL_H

#include "frontend/Onnx/NodeImporter.h"

namespace shiftadd::onnx_import {

/// A constant, or one that is dequantised.
bool isWeights(mlir::Value value);

/// The element type of a product of tensors like x: a plain accumulator on
/// integers.
mlir::Type productType(NodeImporter &n, mlir::Value x);

/// numpy's matmul; dense when b is a matrix of weights. The result has
/// productType(a).
mlir::Value buildMatmul(NodeImporter &n, mlir::Value a, mlir::Value b);

/// alpha * input * filter^T + bias or addend, both scaled by beta already.
struct GemmOperands {
  mlir::Value input;  ///< [M, K]
  mlir::Value filter; ///< [N, K]
  mlir::Value bias;   ///< [N] or null
  mlir::Value addend; ///< any other shape that broadcasts to [M, N], or null
  double alpha = 1, beta = 1;
};
std::optional<GemmOperands> readGemm(NodeImporter &n);

} // namespace shiftadd::onnx_import

#endif // SHIFTADD_FRONTEND_ONNX_MATMUL_H
