//===- OutputFiles.h - Where shiftadd-compile writes -*- C++ -*-===//
//
// Part of the shiftadd project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Names of outputs are checked before the work starts.
//
//===----------------------------------------------------------------------===//
#ifndef SHIFTADD_TOOLS_SHIFTADD_COMPILE_OUTPUTFILES_H
#define SHIFTADD_TOOLS_SHIFTADD_COMPILE_OUTPUTFILES_H

#include "tools/compiler/Compiler.h"

#include "llvm/Support/Error.h"

namespace shiftadd::tools {

/// Whether the output is IR instead of code.
bool writesIr(const CompilerOptions &options);

/// Standard output for IR, else a file named like the model in this folder.
std::string getDefaultOutput(const CompilerOptions &options);

/// Refuses names that would cost the user a file, and those that cannot be
/// written.
llvm::Error checkOutputs(const CompilerOptions &options);

} // namespace shiftadd::tools

#endif // SHIFTADD_TOOLS_SHIFTADD_COMPILE_OUTPUTFILES_H
