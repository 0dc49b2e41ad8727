//===- RunModel.h - Running a model file on given inputs --------*- C++ -*-===//
//
// Part of the shiftadd project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// What shiftadd-run needs of the compiler when it is given a model instead of a
// library. The types are plain, so that the program knows nothing of MLIR.
//
//===----------------------------------------------------------------------===//
#ifndef SHIFTADD_TOOLS_COMPILER_RUNMODEL_H
#define SHIFTADD_TOOLS_COMPILER_RUNMODEL_H

#include "tools/compiler/Prune.h"
#include "tools/tensor-files/Tensor.h"

#include <optional>
#include <string>
#include <vector>

namespace shiftadd::tools {

struct CompileForInputs {
  /// Path of an ONNX file or of the IR of a stage (.mlir, .mlirbc).
  std::string model;
  /// The tensors to run on. Either every one has the name of a graph input
  /// (surplus names are ignored), or all names are empty and the tensors are in
  /// the order of the graph's inputs. Empty: the model's own shapes are
  /// compiled, and `interpret` is not set.
  std::vector<Tensor> inputs;
  /// Run the reference interpreter instead of compiling.
  bool interpret = false;
  /// What to leave out of the network.
  std::optional<PruneRequest> prune;
};

/// Interprets the model, or compiles it for the shapes of the given inputs;
/// operands that decide a shape or an axis are fixed to the given values. A
/// first dimension that is k times a fixed batch of the model means k runs: the
/// interpreter runs k times and stacks the outputs (assignInputs, planRuns and
/// stackedShape in tools/tensor-files/ModelInputs.h say how), while the library
/// is compiled for the model's own batch.
///
/// Returns the exit code of the program: 0 good; 1 the user's input is wrong;
/// 2 internal error; 3 the model is understood but not supported. On success
/// `outputs` holds the outputs in graph order with their names (interpret), or
/// `libraryPath` names a new file that the caller deletes. Otherwise `error` is
/// the text to print, without a newline at its end.
int compileOrInterpret(const CompileForInputs &request,
                       std::vector<Tensor> &outputs, std::string &libraryPath,
                       std::string &error);

} // namespace shiftadd::tools

#endif // SHIFTADD_TOOLS_COMPILER_RUNMODEL_H
