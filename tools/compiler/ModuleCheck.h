//===- ModuleCheck.h - Is IR from a file what a stage leaves? -*- C++ -*-===//
//
// Part of the shiftadd project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
#ifndef SHIFTADD_TOOLS_COMPILER_MODULECHECK_H
#define SHIFTADD_TOOLS_COMPILER_MODULECHECK_H

#include "tools/compiler/Stages.h"

#include "llvm/Support/Error.h"

namespace shiftadd::tools {

/// Checks that a module which says that it has reached `stage` has the form
/// that the next stages rely on: one block of dialect ops in @main, ranked
/// tensors of a storable type with at most the first dimension free, sizes that
/// fit, and from the stage fuse on a layer or launch of its own for every
/// result. The error says what is wrong.
llvm::Error checkModule(mlir::ModuleOp module, Stage stage);

} // namespace shiftadd::tools

#endif // SHIFTADD_TOOLS_COMPILER_MODULECHECK_H
