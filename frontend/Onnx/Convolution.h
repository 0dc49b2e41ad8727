//===- Convolution.h - What all convolutions share --------------*- C++ -*-===//
//
// Part of the shiftadd project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Conv, its quantised and integer forms and the layers of the domain
// ai.shiftadd differ in their arithmetic only.
//
//===----------------------------------------------------------------------===//
#ifndef SHIFTADD_FRONTEND_ONNX_CONVOLUTION_H
#define SHIFTADD_FRONTEND_ONNX_CONVOLUTION_H

#include "frontend/Onnx/Window.h"

namespace shiftadd::onnx_import {

/// The permutation from [O, I, kernel...] to [O, kernel..., I].
Shape filterToChannelsLast(int64_t rank);

/// The window of a convolution of x [N, C, spatial...] with a filter of the
/// shape [O, C / groups, kernel...].
std::optional<Window> readConvolutionWindow(NodeImporter &n, mlir::Value x,
                                            llvm::ArrayRef<int64_t> filter);

/// Builds a convolution of a channels-first `x` with a channels-last `filter`;
/// the result is channels-first.
template <typename OpTy>
mlir::Value buildConvolution(NodeImporter &n, mlir::Type element, mlir::Value x,
                             mlir::Value filter, mlir::Value bias,
                             const Window &window) {
  mlir::Value y =
      n.make<OpTy>(element, n.toChannelsLast(x), filter, OptionalValue{bias},
                   llvm::ArrayRef<int64_t>(window.strides),
                   llvm::ArrayRef<int64_t>(window.padding),
                   llvm::ArrayRef<int64_t>(window.dilations),
                   n.builder.getI64IntegerAttr(n.getInt("group", 1)));
  return n.toChannelsFirst(y);
}

} // namespace shiftadd::onnx_import

#endif // SHIFTADD_FRONTEND_ONNX_CONVOLUTION_H
