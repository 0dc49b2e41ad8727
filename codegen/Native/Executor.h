//===- Executor.h - The function that runs all layers -----------*- C++ -*-===//
//
// Part of the shiftadd project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Builds, for each kernel set, the function that runs the model once: per
// launch the halo fills, the kernel and the note that the layer is done.
//
//===----------------------------------------------------------------------===//
#ifndef SHIFTADD_CODEGEN_NATIVE_EXECUTOR_H
#define SHIFTADD_CODEGEN_NATIVE_EXECUTOR_H

#include "codegen/Native/ModelImage.h"

#include "llvm/Support/Error.h"

namespace llvm {
class Function;
class Module;
} // namespace llvm

namespace shiftadd::native {

/// Says which launch refers to something that the image does not have.
llvm::Error checkLaunches(const ModelImage &model);

/// Adds the hidden function `shiftadd_execute_<target>` of type
/// shiftadd_execute (runtime/model/description.h) to the module. The launches
/// must be sound.
llvm::Function *buildExecutor(llvm::Module &module, const ModelImage &model,
                              const TargetImage &target);

} // namespace shiftadd::native

#endif // SHIFTADD_CODEGEN_NATIVE_EXECUTOR_H
