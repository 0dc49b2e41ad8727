//===- HaloFillCode.h - Code that fills the halo of a tensor ----*- C++ -*-===//
//
// Part of the shiftadd project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// The stores before a kernel that reads a padded tensor.
//
//===----------------------------------------------------------------------===//
#ifndef SHIFTADD_CODEGEN_NATIVE_HALOFILLCODE_H
#define SHIFTADD_CODEGEN_NATIVE_HALOFILLCODE_H

#include "codegen/Native/ModelImage.h"

#include "llvm/IR/IRBuilder.h"
#include "llvm/Support/Error.h"

namespace shiftadd::native {

/// Says what is wrong with the fill, if anything is.
llvm::Error checkHaloFill(const HaloFill &fill);

/// Bytes from the fill's start to the end of its last row.
uint64_t haloFillExtent(const HaloFill &fill);

/// Emits the stores of a fill that passed the check; `start` is its address.
void emitHaloFill(llvm::IRBuilder<> &builder, llvm::Value *start,
                  const HaloFill &fill);

} // namespace shiftadd::native

#endif // SHIFTADD_CODEGEN_NATIVE_HALOFILLCODE_H
