//===- HostCode.h - From an LLVM module to x86-64 code ----------*- C++ -*-===//
//
// Part of the shiftadd project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Compiles the parts of a model library that are built as LLVM IR: the
// executors and the model's description.
//
//===----------------------------------------------------------------------===//
#ifndef SHIFTADD_CODEGEN_NATIVE_HOSTCODE_H
#define SHIFTADD_CODEGEN_NATIVE_HOSTCODE_H

#include "codegen/Native/MemoryFile.h"

namespace llvm {
class Module;
} // namespace llvm

namespace shiftadd::native {

/// Compiles the module to a position-independent ELF object.
llvm::Expected<MemoryFile> compileModule(llvm::Module &module);

} // namespace shiftadd::native

#endif // SHIFTADD_CODEGEN_NATIVE_HOSTCODE_H
