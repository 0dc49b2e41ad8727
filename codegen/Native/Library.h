//===- Library.h - Writes the files of a compiled model ---------*- C++ -*-===//
//
// Part of the shiftadd project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// The entry points of codegen/Native: from a ModelImage to LIB.so, LIB.o and
// LIB.h. All functions are safe to call from several threads; equal images give
// equal bytes, and a function that fails leaves no file behind.
//
//===----------------------------------------------------------------------===//
#ifndef SHIFTADD_CODEGEN_NATIVE_LIBRARY_H
#define SHIFTADD_CODEGEN_NATIVE_LIBRARY_H

#include "codegen/Native/ModelImage.h"

#include "llvm/ADT/StringRef.h"
#include "llvm/Support/Error.h"

namespace shiftadd::native {

/// Writes a shared library that exports `shiftadd_model_v1` and nothing else.
llvm::Error writeLibrary(const ModelImage &model, llvm::StringRef path);

/// Writes the same as one relocatable object, to be linked into a program; its
/// only global definition is `shiftadd_model_v1`, so that several models fit in
/// one program once that symbol is renamed.
llvm::Error writeObject(const ModelImage &model, llvm::StringRef path);

/// Writes a C header that documents the model's tensors and names their
/// indices and sizes. `modelName` is the library's name without its suffix.
llvm::Error writeCHeader(const ModelImage &model, llvm::StringRef path,
                         llvm::StringRef modelName);

} // namespace shiftadd::native

#endif // SHIFTADD_CODEGEN_NATIVE_LIBRARY_H
