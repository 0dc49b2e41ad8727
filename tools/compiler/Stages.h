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

#include "mlir/IR/BuiltinOps.h"
#include "mlir/Pass/PassManager.h"

#include <optional>

namespace shiftadd::tools {

/// In order. `Emit` leaves IR: it has no passes.
enum class Stage { Import, Normalize, Quantize, Rewrite, Fuse, Schedule, Emit };

llvm::StringRef getStageName(Stage stage);
std::optional<Stage> parseStage(llvm::StringRef name);

/// The stage that a module says it has reached; nothing when it does not say.
std::optional<Stage> getStage(mlir::ModuleOp module);
void setStage(mlir::ModuleOp module, Stage stage);

/// Adds the passes that prove, before the stage's own, that the network is one
/// that the rest of the way can take: where they fail, the network is
/// understood but not supported. A failure of any other pass is a defect.
void addStageChecks(mlir::OpPassManager &manager, Stage stage);

/// Adds the passes that lead from the stage before to `stage`.
void addStagePasses(mlir::OpPassManager &manager, Stage stage);

/// Registers the dialects that modules of all stages use.
void registerDialects(mlir::DialectRegistry &registry);

} // namespace shiftadd::tools

#endif // SHIFTADD_TOOLS_COMPILER_STAGES_H
