//===- Compiler.h - The compiler as a library -*- C++ -*-===//
//
// Part of the shiftadd project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// From a model file to a library or to the IR of a stage. The command line tool
// is a thin layer above this; tests and other programs use the same functions.
//
//===----------------------------------------------------------------------===//
#ifndef SHIFTADD_TOOLS_COMPILER_COMPILER_H
#define SHIFTADD_TOOLS_COMPILER_COMPILER_H

#include "codegen/Emit/Emit.h"
#include "frontend/Onnx/Import.h"
#include "tools/compiler/Calibration.h"
#include "tools/compiler/Stages.h"
#include "tools/compiler/Targets.h"

#include <functional>
#include <string>
#include <vector>

namespace shiftadd::tools {

/// What --emit takes.
enum class Artifact { Mlir, HalideStatements, Assembly, Object, Library };

/// What --cpu-arithmetic takes: the fastest unit for every kernel, or kernels
/// of shift ops and of scales without a multiply instruction.
enum class CpuArithmetic { Auto, ShiftAdd };

/// What --report takes.
enum class ReportForm { Table, Json, Html };
struct ReportRequest {
  ReportForm form = ReportForm::Table;
  std::string file; ///< empty: stdout
};

struct CompilerOptions {
  std::string input; ///< an ONNX file, or the IR of a stage (.mlir, .mlirbc)
  std::string
      output; ///< a file, or a folder for texts; "-" is stdout (IR only)
  onnx_import::ImportOptions import;
  Artifact artifact = Artifact::Library;
  Stage lastStage = Stage::Emit;
  /// Write LIB.h and LIB.json beside a library.
  bool describe = true;
  std::string stageFolder; ///< where every stage's IR is dumped; empty: nowhere
  Target target = Target::Host;
  CpuArithmetic cpuArithmetic = CpuArithmetic::Auto;
  std::string kernelCache; ///< empty: no cache
  unsigned threads = 1;
  Preprocessing preprocessing;
  StageOptions stages;
  CalibrationRequest calibration;
  std::vector<ReportRequest> reports;
  std::string priceTable = "asic"; ///< a built-in table or a file
  /// A network that computes in floating point behind the stage quantize is an
  /// error.
  bool requireInteger = false;
  /// Receives what is worth knowing and no error, as complete lines.
  std::function<void(llvm::StringRef line)> note;
  /// Called while kernels compile.
  std::function<void(size_t done, size_t total)> progress;
  /// Receives one line per stage: name and seconds.
  std::function<void(llvm::StringRef stage, double seconds)> stageDone;
};

/// The exit codes of the tools.
enum ExitCode {
  ExitSuccess = 0,
  ExitInvalidInput = 1,
  ExitInternalError = 2,
  ExitUnsupported = 3
};

/// Why something failed: complete lines, ready to be printed.
struct Failure {
  ExitCode code = ExitInternalError;
  std::vector<std::string> lines;
  /// Inputs that have to be fixed with --value (see ImportError).
  std::vector<std::string> inputsToFix;
};

/// Reads an ONNX file or IR into `module`.
bool loadModule(const CompilerOptions &options, mlir::MLIRContext &context,
                mlir::OwningOpRef<mlir::ModuleOp> &module, Failure &failure);

/// Runs the stages behind the module's own up to `last` (Emit counts as
/// Schedule: it has no passes), dumping as the options say.
bool runStages(const CompilerOptions &options, mlir::ModuleOp module,
               Stage last, Failure &failure);

class CostReport;

/// Compiles a module of the stage `schedule` and writes the artefact that the
/// options name; what the library says of itself goes into the report, if there
/// is one.
bool emitLibrary(const CompilerOptions &options, mlir::ModuleOp module,
                 Failure &failure, CostReport *report = nullptr);

/// The whole way from input to output.
bool compile(const CompilerOptions &options, Failure &failure);

/// The targets that compile() builds for, as text: "zen4" or a list.
std::string describeTargets(const CompilerOptions &options);

} // namespace shiftadd::tools

#endif // SHIFTADD_TOOLS_COMPILER_COMPILER_H
