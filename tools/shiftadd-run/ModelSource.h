//===- ModelSource.h - From the model argument to a loaded model *- C++ -*-===//
//
// Part of the shiftadd project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// The program takes a library as well as a model that is compiled first; this
// is the step that makes both the same.
//
//===----------------------------------------------------------------------===//
#ifndef SHIFTADD_TOOLS_SHIFTADDRUN_MODELSOURCE_H
#define SHIFTADD_TOOLS_SHIFTADDRUN_MODELSOURCE_H

#include "tools/compiler/CompareStages.h"
#include "tools/compiler/Prune.h"
#include "tools/shiftadd-run/LoadedModel.h"

namespace shiftadd::tools {

/// True if the file is a shared library rather than a model to compile. Fails
/// if it cannot be read.
llvm::Expected<bool> isLibrary(const std::string &path);

/// Compiles a model for the shapes of `inputs` and loads the result. Without
/// inputs, the model's own shapes are compiled. Of a network to prune, that
/// share is left out.
llvm::Expected<LoadedModel>
compileAndLoad(const std::string &path, const std::vector<Tensor> &inputs,
               int threads, std::optional<PruneRequest> prune = std::nullopt);

/// Runs the reference interpreter.
llvm::Expected<std::vector<Tensor>>
interpret(const std::string &path, const std::vector<Tensor> &inputs);

/// compareStages() with an error of the program.
llvm::Expected<StageComparison> compare(const CompareStagesRequest &request);

} // namespace shiftadd::tools

#endif // SHIFTADD_TOOLS_SHIFTADDRUN_MODELSOURCE_H
