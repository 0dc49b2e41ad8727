//===- Stages.cpp - The named stages of a compilation -*- C++ -*-===//
//
// Part of the shiftadd project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
#include "tools/compiler/Stages.h"

#include "codegen/Schedule/Passes.h"
#include "dialects/AdderGraph/IR/AdderGraph.h"
#include "dialects/ShiftAdd/IR/ShiftAdd.h"
#include "passes/Fusion/Passes.h"
#include "passes/Normalize/Passes.h"
#include "passes/Quantize/Passes.h"
#include "passes/Rewrite/Passes.h"

#include "mlir/Transforms/Passes.h"
#include "llvm/ADT/StringSwitch.h"

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
  registry.insert<ShiftAddDialect, adder_graph::AdderGraphDialect,
                  mlir::func::FuncDialect, mlir::quant::QuantDialect>();
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
  // Batch normalisation has been folded into weights that are to keep it.
  function.addPass(createRecognizeShiftLayersPass());
  function.addPass(mlir::createCanonicalizerPass());
  function.addPass(mlir::createCSEPass());
}

static void addQuantize(mlir::OpPassManager &manager,
                        const StageOptions &options) {
  if (options.prune && options.isCalibrated)
    addFinishPruningPasses(manager, *options.prune);
  auto &function = manager.nest<mlir::func::FuncOp>();
  // A network that was quantized elsewhere keeps the rounding of its format;
  // ours takes the one that costs hardware a single addition.
  IntegerLayersPassOptions integers;
  integers.halfUp = options.isCalibrated;
  integers.narrowProducts = options.isCalibrated;
  integers.shifts = options.requantizeByShift;
  function.addPass(createMoveDequantizePass());
  function.addPass(createIntegerLayersPass(integers));
  function.addPass(createMoveDequantizePass());
  // Codes that no integer layer reads are plain numbers from here on.
  FoldConstantsPassOptions folding;
  folding.foldDequantize = true;
  function.addPass(createFoldConstantsPass(folding));
  function.addPass(mlir::createCanonicalizerPass());
  function.addPass(mlir::createCSEPass());
}

/// Terms of the codes that a scheme allows where nothing has fitted the weights
/// to it; 0: as many as a weight needs.
static unsigned getMostTerms(const StageOptions &options) {
  if (options.isCalibrated)
    return 0;
  return llvm::StringSwitch<unsigned>(options.scheme)
      .Case("apot3", 3)
      .Case("apot2", 2)
      .Case("pot", 1)
      .Default(0);
}

static void addRewrite(mlir::OpPassManager &manager,
                       const StageOptions &options) {
  auto &function = manager.nest<mlir::func::FuncOp>();
  if (!options.networkForm.empty()) {
    ConvertNetworkPassOptions convert;
    convert.form = options.networkForm;
    function.addPass(createConvertNetworkPass(convert));
  }
  if (!options.scheme.empty() &&
      !llvm::StringRef(options.scheme).starts_with("int")) {
    DecomposeMulPassOptions decompose;
    decompose.maxTerms = getMostTerms(options);
    decompose.strict = decompose.maxTerms != 0;
    decompose.maxError = options.maxError;
    decompose.perChannel = options.maxErrorPerChannel;
    function.addPass(createDecomposeMulPass(decompose));
    function.addPass(createSimplifyArithmeticPass());
  }
  if (options.verifyMultiplierFree)
    function.addPass(createVerifyMultiplierFreePass());
}

void addStageChecks(mlir::OpPassManager &manager, Stage stage,
                    const StageOptions &options) {
  if (stage == Stage::Quantize) {
    if (options.prune)
      addPrunePasses(manager, *options.prune, /*mark=*/options.isCalibrated);
    if (options.equalizeLayers)
      manager.addNestedPass<mlir::func::FuncOp>(createEqualizeLayersPass());
    return;
  }
  if (stage == Stage::Rewrite)
    return addRewrite(manager, options);
  if (stage != Stage::Fuse)
    return;
  auto &function = manager.nest<mlir::func::FuncOp>();
  // A processor has no use for shared additions: its multipliers are faster.
  function.addPass(createLowerAdderGraphsPass());
  function.addPass(createCheckSamplesPass());
  function.addPass(createChooseArithmeticPass());
}

void addStagePasses(mlir::OpPassManager &manager, Stage stage,
                    const StageOptions &options) {
  switch (stage) {
  case Stage::Normalize:
    return addNormalize(manager);
  case Stage::Quantize:
    return addQuantize(manager, options);
  case Stage::Rewrite: {
    auto &function = manager.nest<mlir::func::FuncOp>();
    function.addPass(mlir::createCanonicalizerPass());
    function.addPass(mlir::createCSEPass());
    return;
  }
  case Stage::Fuse:
    manager.addNestedPass<mlir::func::FuncOp>(createFuseLayersPass());
    return;
  case Stage::Schedule:
    manager.addPass(createOutlineKernelsPass());
    manager.addNestedPass<mlir::func::FuncOp>(createPlanArenaPass());
    return;
  case Stage::Import:
  case Stage::Emit:
    return;
  }
}

} // namespace shiftadd::tools
