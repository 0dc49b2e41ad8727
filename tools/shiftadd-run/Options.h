//===- Options.h - Command line of shiftadd-run -----------------*- C++ -*-===//
//
// Part of the shiftadd project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// The options as plain values, so that only Options.cpp knows the parser.
//
//===----------------------------------------------------------------------===//
#ifndef SHIFTADD_TOOLS_SHIFTADDRUN_OPTIONS_H
#define SHIFTADD_TOOLS_SHIFTADDRUN_OPTIONS_H

#include "llvm/Support/Error.h"

#include <string>
#include <vector>

namespace shiftadd::tools {

struct Options {
  std::string model; ///< LIB.so, MODEL.onnx or STAGE.mlir
  bool interpret = false;
  int threads = 1;
  bool profile = false;

  std::string inputs, outputs; ///< empty: not given

  std::string image, labels; ///< empty: not given
  unsigned top = 5;
  /// One number or one per channel; empty: what the model says.
  std::vector<double> imageMean, imageScale;

  std::string evaluate, reference; ///< empty: not given
  /// With `model`: compare two stages.
  std::string secondModel;
  bool compareStages = false;
  bool sparsityCurve = false;
  std::string prune; ///< the kind of the sparsity curve
  bool json = false;

  bool bench = false;
  unsigned warmup = 3;
  unsigned runs = 20;
};

/// Parses and checks the command line. --help and --version print and exit.
llvm::Expected<Options> parseOptions(int argc, char **argv);

} // namespace shiftadd::tools

#endif // SHIFTADD_TOOLS_SHIFTADDRUN_OPTIONS_H
