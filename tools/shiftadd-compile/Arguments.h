//===- Arguments.h - Arguments of shiftadd-compile that have a form -*- C++
//-*-===//
//
// Part of the shiftadd project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
#ifndef SHIFTADD_TOOLS_SHIFTADD_COMPILE_ARGUMENTS_H
#define SHIFTADD_TOOLS_SHIFTADD_COMPILE_ARGUMENTS_H

#include "tools/compiler/Compiler.h"

#include "llvm/Support/Error.h"

namespace shiftadd::tools {

/// NAME=1,3,224,224
llvm::Error addShape(llvm::StringRef argument, CompilerOptions &options);

/// NAME=1,2,3 (64-bit integers; one number is a scalar or a vector of one, as
/// the input wants) or NAME=FILE.npy or NAME=FILE.pb
llvm::Error addValue(llvm::StringRef argument, CompilerOptions &options);

/// "table", "json" or "json:FILE"
llvm::Error addReport(llvm::StringRef argument, CompilerOptions &options);

/// One number, or one per channel: "127" or "0.485,0.456,0.406".
llvm::Expected<std::vector<double>> parseNumbers(llvm::StringRef option,
                                                 llvm::StringRef argument);

} // namespace shiftadd::tools

#endif // SHIFTADD_TOOLS_SHIFTADD_COMPILE_ARGUMENTS_H
