//===- Link.h - lld inside this process -------------------------*- C++ -*-===//
//
// Part of the shiftadd project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Joins objects to a shared library or to one relocatable object. No compiler,
// linker or C library needs to be installed where shiftadd runs.
//
//===----------------------------------------------------------------------===//
#ifndef SHIFTADD_CODEGEN_NATIVE_LINK_H
#define SHIFTADD_CODEGEN_NATIVE_LINK_H

#include "codegen/Native/MemoryFile.h"

#include <vector>

namespace shiftadd::native {

struct LinkInputs {
  /// Objects, and archives of which every member is linked.
  std::vector<MemoryFile> objects;
  /// Libraries that the result may need at run time; those that it does not
  /// use are left out.
  std::vector<MemoryFile> libraries;
};

/// Writes a shared library that exports `exported` alone. Every other symbol
/// must be found in the inputs.
llvm::Error linkShared(const LinkInputs &inputs, llvm::StringRef exported,
                       llvm::StringRef path);

/// Writes one relocatable object in which `exported` is the only global
/// definition. It takes no libraries.
llvm::Error linkRelocatable(const LinkInputs &inputs, llvm::StringRef exported,
                            llvm::StringRef path);

} // namespace shiftadd::native

#endif // SHIFTADD_CODEGEN_NATIVE_LINK_H
