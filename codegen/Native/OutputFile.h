//===- OutputFile.h - Files that appear whole or not at all -----*- C++ -*-===//
//
// Part of the shiftadd project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Output is written beside its final place and renamed at the end, so neither a
// failure nor a kill leaves a broken file, or destroys the one that was there.
//
//===----------------------------------------------------------------------===//
#ifndef SHIFTADD_CODEGEN_NATIVE_OUTPUTFILE_H
#define SHIFTADD_CODEGEN_NATIVE_OUTPUTFILE_H

#include "llvm/ADT/STLFunctionalExtras.h"
#include "llvm/ADT/StringRef.h"
#include "llvm/Support/Error.h"

namespace llvm {
class raw_ostream;
} // namespace llvm

namespace shiftadd::native {

enum class OutputKind { Data, Executable };

/// Writes what `write` prints to `path`, which must be free or a regular file.
/// Every error names the path.
llvm::Error
writeOutputFile(llvm::StringRef path, OutputKind kind,
                llvm::function_ref<llvm::Error(llvm::raw_ostream &)> write);

} // namespace shiftadd::native

#endif // SHIFTADD_CODEGEN_NATIVE_OUTPUTFILE_H
