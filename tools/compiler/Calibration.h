//===- Calibration.h - Samples for the stage quantize -----------*- C++ -*-===//
//
// Part of the shiftadd project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
#ifndef SHIFTADD_TOOLS_COMPILER_CALIBRATION_H
#define SHIFTADD_TOOLS_COMPILER_CALIBRATION_H

#include "passes/Calibration/Calibrate.h"

#include "mlir/IR/BuiltinOps.h"

namespace shiftadd::tools {

struct CompilerOptions;
struct Failure;

/// What --calibrate and the options beside it ask for.
struct CalibrationRequest {
  std::string data;    ///< a file or folder; empty: no calibration
  int64_t samples = 0; ///< at most this many; 0: all
  calibration::CalibrationOptions options;
  /// Receives what has been done.
  std::function<void(const calibration::CalibrationReport &)> report;
};

/// Quantises @main, which is in the form of the stage normalize, with samples
/// from the file that the options name.
bool calibrateModule(const CompilerOptions &options, mlir::ModuleOp module,
                     Failure &failure);

} // namespace shiftadd::tools

#endif // SHIFTADD_TOOLS_COMPILER_CALIBRATION_H
