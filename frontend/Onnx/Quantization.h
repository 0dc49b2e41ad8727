//===- Quantization.h - Linear quantisation of ONNX -------------*- C++ -*-===//
//
// Part of the shiftadd project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// With a constant f32 scale a quantised tensor says in its element type what
// its integers mean; everything else becomes the arithmetic that the operators
// stand for.
//
//===----------------------------------------------------------------------===//
#ifndef SHIFTADD_FRONTEND_ONNX_QUANTIZATION_H
#define SHIFTADD_FRONTEND_ONNX_QUANTIZATION_H

#include "frontend/Onnx/NodeImporter.h"

namespace shiftadd::onnx_import {

/// Scale and zero point of a tensor.
struct Scaling {
  mlir::Value scale;
  mlir::Value zeroPoint; ///< null when it is 0
  /// The contents, when they are constant.
  std::optional<ref::Tensor> constantScale, constantZeroPoint;
  int64_t axis = 0;  ///< of scales that are vectors
  int64_t block = 0; ///< elements that share a scale along the axis; 0: none
};

/// Reads operands; `axis` is normalised for a tensor of `rank`.
std::optional<Scaling> readScaling(NodeImporter &n, size_t scale,
                                   size_t zeroPoint, int64_t axis,
                                   int64_t rank);

/// The type of codes stored in `storage` (a plain integer type); null when the
/// scaling is not one that a type can express.
mlir::Type quantizedType(NodeImporter &n, mlir::Type storage,
                         llvm::ArrayRef<int64_t> shape, const Scaling &scaling);

/// (x - zero point) * scale in the type of `result`; x may be coded already.
mlir::Value dequantize(NodeImporter &n, mlir::Value x, const Scaling &scaling,
                       mlir::Type result);

/// The real values of a bias that counts in steps of the product of both
/// scales.
mlir::Value productBias(NodeImporter &n, mlir::Value bias, const Scaling &input,
                        const Scaling &weights);

/// saturate(round(x / scale) + zero point), as codes of `storage`.
mlir::Value quantize(NodeImporter &n, mlir::Value x, const Scaling &scaling,
                     mlir::Type storage);

} // namespace shiftadd::onnx_import

#endif // SHIFTADD_FRONTEND_ONNX_QUANTIZATION_H
