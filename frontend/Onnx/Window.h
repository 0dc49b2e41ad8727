//===- Window.h - Geometry of sliding windows -------------------*- C++ -*-===//
//
// Part of the shiftadd project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Strides, padding and dilation as convolutions and pools of all versions state
// them, resolved to numbers.
//
//===----------------------------------------------------------------------===//
#ifndef SHIFTADD_FRONTEND_ONNX_WINDOW_H
#define SHIFTADD_FRONTEND_ONNX_WINDOW_H

#include "frontend/Onnx/NodeImporter.h"

namespace shiftadd::onnx_import {

struct Window {
  Shape kernel, strides, dilations;
  Shape padding; ///< (low, high) per spatial dimension
  /// What `ceil_mode` adds to the high side; such positions are in no sum and
  /// no count.
  Shape surplus;

  size_t rank() const { return kernel.size(); }
  bool hasSurplus() const;
  /// Padding and surplus together.
  Shape fullPadding() const;
};

/// The spatial sizes of a tensor [N, C, spatial...]; an error when it has not 1
/// to 3 of them.
std::optional<Shape> spatialSizes(NodeImporter &n, mlir::Value x);

/// Reads the attributes. `kernel` is the filter's, or empty for a pool, whose
/// kernel is an attribute.
std::optional<Window> readWindow(NodeImporter &n, llvm::ArrayRef<int64_t> sizes,
                                 llvm::ArrayRef<int64_t> kernel = {});

/// Strides, dilations and kernel only: padding means another thing in a
/// transposed convolution.
std::optional<Window> readUnpaddedWindow(NodeImporter &n, size_t rank,
                                         llvm::ArrayRef<int64_t> kernel);

} // namespace shiftadd::onnx_import

#endif // SHIFTADD_FRONTEND_ONNX_WINDOW_H
