//===- Stages.h - The named stages of a compilation -*- C++ -*-===//
//
// Part of the shiftadd project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// A module carries the stage it has reached in its attribute `shiftadd.stage`,
// so that a dumped module can be resumed. Which passes make a stage is decided
// here and nowhere else.
//
//===----------------------------------------------------------------------===//
#ifndef SHIFTADD_TOOLS_COMPILER_STAGES_H
#define SHIFTADD_TOOLS_COMPILER_STAGES_H

#include "tools/compiler/Prune.h"

#include "mlir/IR/BuiltinOps.h"
#include "mlir/Pass/PassManager.h"

#include <optional>
#include <string>

namespace shiftadd::tools {

/// In order. `Emit` leaves IR: it has no passes.
enum class Stage { Import, Normalize, Quantize, Rewrite, Fuse, Schedule, Emit };

llvm::StringRef getStageName(Stage stage);
std::optional<Stage> parseStage(llvm::StringRef name);

/// The stage that a module says it has reached; nothing when it does not say.
std::optional<Stage> getStage(mlir::ModuleOp module);
void setStage(mlir::ModuleOp module, Stage stage);

/// What the stages' passes are asked to do beyond what every network needs.
struct StageOptions {
  /// The codes of the weights: a name of --scheme, or empty. All but the int
  /// schemes write constant factors as sums of powers of two.
  std::string scheme;
  /// The weights have been fitted to the scheme, so that codes hold them all.
  bool isCalibrated = false;
  /// Relative error that codes may bring into weights; 0: none.
  double maxError = 0;
  bool maxErrorPerChannel = false;
  /// Scale sums by shifts alone where the factors are powers of two.
  bool requantizeByShift = false;
  /// Every multiplication that is left is an error.
  bool verifyMultiplierFree = false;
  /// What to leave out of the network before it is quantized.
  std::optional<PruneRequest> prune;
  /// Give channels between layers like magnitudes before they are fitted.
  bool equalizeLayers = false;
  /// A form of shiftadd-convert-network, or empty.
  std::string networkForm;
};

/// Adds the passes before the stage's own that may refuse a network: where they
/// fail, it is understood but not supported, or not as the options ask. A
/// failure of any other pass is a defect.
void addStageChecks(mlir::OpPassManager &manager, Stage stage,
                    const StageOptions &options = {});

/// Adds the passes that lead from the stage before to `stage`.
void addStagePasses(mlir::OpPassManager &manager, Stage stage,
                    const StageOptions &options = {});

/// Registers the dialects that modules of all stages use.
void registerDialects(mlir::DialectRegistry &registry);

} // namespace shiftadd::tools

#endif // SHIFTADD_TOOLS_COMPILER_STAGES_H
