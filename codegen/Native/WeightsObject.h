//===- WeightsObject.h - The weights as an ELF object -----------*- C++ -*-===//
//
// Part of the shiftadd project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Writes the packed weights as a relocatable ELF object by hand: a compiler
// would need several copies of them in memory and far more time.
//
//===----------------------------------------------------------------------===//
#ifndef SHIFTADD_CODEGEN_NATIVE_WEIGHTSOBJECT_H
#define SHIFTADD_CODEGEN_NATIVE_WEIGHTSOBJECT_H

#include "codegen/Native/MemoryFile.h"

namespace shiftadd::native {

/// The hidden symbol at the first byte of the weights.
constexpr const char *kWeightsSymbol = "shiftadd_weights";

/// An object with one 64-byte aligned section that holds `weights`. The section
/// is marked as large, so it may exceed 2 GB; code must reach it through a
/// 64-bit address, never relative to the program counter.
llvm::Expected<MemoryFile> writeWeightsObject(llvm::ArrayRef<uint8_t> weights);

} // namespace shiftadd::native

#endif // SHIFTADD_CODEGEN_NATIVE_WEIGHTSOBJECT_H
