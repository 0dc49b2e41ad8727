//===- CalibrationArguments.h - Command line of quantisation after training -*-
// C++ -*-===//
//
// Part of the shiftadd project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
#ifndef SHIFTADD_TOOLS_SHIFTADDCOMPILE_CALIBRATIONARGUMENTS_H
#define SHIFTADD_TOOLS_SHIFTADDCOMPILE_CALIBRATIONARGUMENTS_H

#include "tools/compiler/Compiler.h"

#include "llvm/Support/CommandLine.h"

namespace shiftadd::tools {

/// Options that belong to --calibrate.
struct CalibrationArguments {
  explicit CalibrationArguments(llvm::cl::OptionCategory &category);

  llvm::cl::opt<std::string> data;
  llvm::cl::opt<int> samples;
  llvm::cl::opt<int> memory;
  llvm::cl::opt<int> weightBits;
  llvm::cl::opt<int> activationBits;
  llvm::cl::opt<bool> signedActivations;
  llvm::cl::opt<std::string> weightRounding;
  llvm::cl::opt<bool> equalizeLayers;
  llvm::cl::opt<std::string> range;
  llvm::cl::opt<std::string> requantize;
  llvm::cl::opt<std::string> budget;

  bool isGiven() const { return !data.empty(); }

  /// Fills in the request; `scheme` and `maxError` are the options that other
  /// networks have as well.
  llvm::Error fill(llvm::StringRef scheme, double maxError,
                   CompilerOptions &options) const;
};

} // namespace shiftadd::tools

#endif // SHIFTADD_TOOLS_SHIFTADDCOMPILE_CALIBRATIONARGUMENTS_H
