//===- Emit.h - From scheduled IR to a model library's parts -*- C++ -*-===//
//
// Part of the shiftadd project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// The last stage: compiles the kernels of a scheduled module and collects all
// that codegen/Native writes into a library.
//
//===----------------------------------------------------------------------===//
#ifndef SHIFTADD_CODEGEN_EMIT_EMIT_H
#define SHIFTADD_CODEGEN_EMIT_EMIT_H

#include "codegen/Halide/Compile.h"
#include "codegen/Native/ModelImage.h"
#include "dialects/ShiftAdd/IR/ShiftAdd.h"

#include "llvm/ADT/StringMap.h"
#include "llvm/Support/Error.h"

#include <functional>

namespace shiftadd {

/// Defaults for programs that feed pictures: (v - mean) * scale per channel,
/// one value for all or one each. Empty: the model says nothing about it.
struct Preprocessing {
  std::vector<double> mean, scale;
};

struct EmitOptions {
  /// CPU levels of the library, best first.
  std::vector<halide_gen::CpuLevel> levels;
  std::string cacheFolder; ///< empty: no kernel cache
  unsigned threads = 1;
  bool withText = false; ///< also assembly and Halide statements
  /// Shift ops and the scaling of integers without multiply instructions.
  bool shiftAdd = false;
  Preprocessing preprocessing;
  std::function<void(size_t done, size_t total)> progress;
};

/// Texts of one kernel, for people.
struct KernelText {
  std::string name; ///< kernel symbol of the IR and target, e.g. conv_3.zen4
  std::string assembly, statement;
};

struct EmittedModel {
  native::ModelImage image;
  std::vector<KernelText> texts;
};

/// "x86-64-v3", "x86-64-v4" or "zen4".
llvm::StringRef getTargetName(halide_gen::CpuLevel level);

/// The text of LIB.json (schema version 1): tensors, preprocessing, layers.
/// `units`: for each kernel's symbol what its sums of products run on.
std::string getModelJson(mlir::ModuleOp module, const EmitOptions &options,
                         const llvm::StringMap<std::string> &units);

llvm::Expected<EmittedModel> emitModel(mlir::ModuleOp module,
                                       const EmitOptions &options);

} // namespace shiftadd

#endif // SHIFTADD_CODEGEN_EMIT_EMIT_H
