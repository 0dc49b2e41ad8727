//===- Stages.cpp - The named stages of a compilation -*- C++ -*-===//
//
// Part of the shiftadd project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
#include "tools/compiler/Stages.h"

#include "codegen/Schedule/Passes.h"
#include "dialects/ShiftAdd/IR/ShiftAdd.h"
#include "passes/Fusion/Passes.h"
#include "passes/Normalize/Passes.h"
#include "passes/Quantize/Passes.h"

#include "mlir/Transforms/Passes.h"

namespace shiftadd::tools {

static constexpr llvm::StringLiteral kNames[] = {
    "import", "normalize", "quantize", "rewrite", "fuse", "schedule", "emit"};

llvm::StringRef getStageName(Stage stage) { return kNames[int(stage)]; }

std::optional<Stage> parseStage(llvm::StringRef name) {
  for (auto [index, known] : llvm::enumerate(kNames))
    if (known == name)
      return static_cast<Stage>(index);
  return std::nullopt;
}

std::optional<Stage> getStage(mlir::ModuleOp module) {
  auto name = module->getAttrOfType<mlir::StringAttr>(kStageAttribute);
  return name ? parseStage(name.getValue()) : std::nullopt;
}

void setStage(mlir::ModuleOp module, Stage stage) {
  module->setAttr(kStageAttribute, mlir::StringAttr::get(module.getContext(),
                                                         getStageName(stage)));
}

void registerDialects(mlir::DialectRegistry &registry) {
  registry.insert<ShiftAddDialect, mlir::func::FuncDialect,
                  mlir::quant::QuantDialect>();
}

static void addNormalize(mlir::OpPassManager &manager) {
  auto &function = manager.nest<mlir::func::FuncOp>();
  function.addPass(mlir::createCanonicalizerPass());
  function.addPass(createFoldConstantsPass());
  // Padding in front of an adder layer is part of its pattern.
  function.addPass(createRecognizeAdderLayersPass());
  function.addPass(createMoveTransposesPass());
  function.addPass(createFusePaddingPass());
  function.addPass(createFoldConstantsPass());
  function.addPass(createFoldBatchNormPass());
  function.addPass(createMoveTransposesPass());
  function.addPass(createSimplifyReshapesPass());
  function.addPass(createFoldConstantsPass());
  function.addPass(mlir::createCanonicalizerPass());
  function.addPass(mlir::createCSEPass());
}

static void addQuantize(mlir::OpPassManager &manager) {
  auto &function = manager.nest<mlir::func::FuncOp>();
  function.addPass(createMoveDequantizePass());
  function.addPass(createIntegerLayersPass());
  function.addPass(createMoveDequantizePass());
  // Codes that no integer layer reads are plain numbers from here on.
  FoldConstantsPassOptions options;
  options.foldDequantize = true;
  function.addPass(createFoldConstantsPass(options));
  function.addPass(mlir::createCanonicalizerPass());
  function.addPass(mlir::createCSEPass());
}

void addStageChecks(mlir::OpPassManager &manager, Stage stage) {
  if (stage != Stage::Fuse)
    return;
  auto &function = manager.nest<mlir::func::FuncOp>();
  function.addPass(createCheckSamplesPass());
  function.addPass(createChooseArithmeticPass());
}

void addStagePasses(mlir::OpPassManager &manager, Stage stage) {
  switch (stage) {
  case Stage::Normalize:
    return addNormalize(manager);
  case Stage::Quantize:
    return addQuantize(manager);
  case Stage::Fuse:
    manager.addNestedPass<mlir::func::FuncOp>(createFuseLayersPass());
    return;
  case Stage::Schedule:
    manager.addPass(createOutlineKernelsPass());
    manager.addNestedPass<mlir::func::FuncOp>(createPlanArenaPass());
    return;
  case Stage::Import:
  case Stage::Rewrite:
  case Stage::Emit:
    return;
  }
}

} // namespace shiftadd::tools
