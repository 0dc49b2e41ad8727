//===- Layouts.h - Which tensors carry a halo -*- C++ -*-===//
//
// Part of the shiftadd project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// A convolution with padding is fastest when its input lies in memory with the
// padding around it: no boundary test, no copy. The layer that writes the
// tensor leaves the border alone and the executor fills it.
//
//===----------------------------------------------------------------------===//
#ifndef SHIFTADD_CODEGEN_SCHEDULE_LAYOUTS_H
#define SHIFTADD_CODEGEN_SCHEDULE_LAYOUTS_H

#include "dialects/ShiftAdd/IR/ShiftAdd.h"

namespace shiftadd {

/// Bytes that kernels may read past the last element of a buffer in the arena:
/// one vector.
inline constexpr int64_t kReadSlack = 64;

/// The halo that the users of `value` (results of layers, uses in layers) want:
/// per dimension the largest padding of a convolution that reads it directly.
LayoutAttr getWantedLayout(mlir::Value value);

/// No halo.
LayoutAttr getPlainLayout(mlir::Value value);

inline bool hasHalo(LayoutAttr layout) {
  auto positive = [](int64_t amount) { return amount > 0; };
  return llvm::any_of(layout.getLow().asArrayRef(), positive) ||
         llvm::any_of(layout.getHigh().asArrayRef(), positive);
}

/// Sizes of the stored box; a dynamic dimension counts as one sample.
llvm::SmallVector<int64_t> getStoredShape(mlir::RankedTensorType type,
                                          LayoutAttr layout);

/// Bytes of the stored box.
int64_t getStoredBytes(mlir::RankedTensorType type, LayoutAttr layout);

/// Puts a copying layer between tensors that cannot carry a halo (arguments,
/// views, results of the function) and the layers that want one, and between
/// the caller's buffers and kernels that read whole vectors.
void insertArenaCopies(mlir::func::FuncOp function);

} // namespace shiftadd

#endif // SHIFTADD_CODEGEN_SCHEDULE_LAYOUTS_H
