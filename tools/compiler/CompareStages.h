//===- CompareStages.h - Two stages, layer by layer -------------*- C++ -*-===//
//
// Part of the shiftadd project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Shows where a network loses accuracy: the interpreter runs both forms on the
// same samples, and what their layers give is compared under the names of the
// nodes. The types are plain, so that the program knows nothing of MLIR.
//
//===----------------------------------------------------------------------===//
#ifndef SHIFTADD_TOOLS_COMPILER_COMPARESTAGES_H
#define SHIFTADD_TOOLS_COMPILER_COMPARESTAGES_H

#include "tools/tensor-files/Noise.h"
#include "tools/tensor-files/Picture.h"

#include <cstdint>
#include <functional>
#include <string>
#include <vector>

namespace shiftadd::tools {

struct CompareStagesRequest {
  /// The reference, then what is compared with it: IR of a stage, or an ONNX
  /// file, which counts as its stage normalize.
  std::string first, second;
  /// Samples for loadSamples().
  std::string inputs;
  Normalisation normalisation;
  /// Called with the number of samples done and wanted.
  std::function<void(int64_t done, int64_t total)> progress;
};

struct ComparedLayer {
  std::string name;      ///< of the last node that both forms know
  std::string operation; ///< the reference's mnemonic
  Noise noise;
  /// Indices of the compared layers that it reads, in the reference.
  std::vector<size_t> producers;
};

struct StageComparison {
  int64_t samples = 0;
  std::vector<ComparedLayer> layers; ///< in the reference's order
  /// Layers of the second form that have no partner of the same shape.
  std::vector<std::string> unmatched;
};

/// Returns the exit code; `error` is the text to print when it is not 0.
int compareStages(const CompareStagesRequest &request,
                  StageComparison &comparison, std::string &error);

} // namespace shiftadd::tools

#endif // SHIFTADD_TOOLS_COMPILER_COMPARESTAGES_H
