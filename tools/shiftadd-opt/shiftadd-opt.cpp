//===- shiftadd-opt.cpp - Passes on IR files -*- C++ -*-===//
//
// Part of the shiftadd project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Reads IR, runs the passes that the command line names, and prints the
// result. Knows exactly the project's dialects and passes and the few upstream
// passes that they are used with.
//
//===----------------------------------------------------------------------===//
#include "codegen/Schedule/Passes.h"
#include "dialects/AdderGraph/IR/AdderGraph.h"
#include "dialects/ShiftAdd/IR/ShiftAdd.h"
#include "passes/Fusion/Passes.h"
#include "passes/Normalize/Passes.h"
#include "passes/Prune/Passes.h"
#include "passes/Quantize/Passes.h"
#include "passes/Rewrite/Passes.h"
#include "tools/shiftadd-opt/Execution.h"

#include "mlir/Parser/Parser.h"
#include "mlir/Pass/PassManager.h"
#include "mlir/Support/FileUtilities.h"
#include "mlir/Tools/mlir-opt/MlirOptMain.h"
#include "mlir/Transforms/Passes.h"
#include "llvm/Support/InitLLVM.h"
#include "llvm/Support/SourceMgr.h"
#include "llvm/Support/ToolOutputFile.h"

namespace shiftadd {

static void registerPasses() {
  registerNormalizePasses();
  registerPrunePasses();
  registerQuantizePasses();
  registerRewritePasses();
  registerFusionPasses();
  registerSchedulePasses();
  mlir::registerCanonicalizerPass();
  mlir::registerCSEPass();
  mlir::registerPrintOpStatsPass();
  mlir::registerStripDebugInfoPass();
  mlir::registerSymbolDCEPass();
}

/// Runs the passes of the command line and executes what they leave.
static llvm::LogicalResult execute(const ExecutionOptions &options,
                                   llvm::StringRef inputFile,
                                   llvm::StringRef outputFile,
                                   mlir::DialectRegistry &registry) {
  std::string error;
  auto buffer = mlir::openInputFile(inputFile, &error);
  auto output = mlir::openOutputFile(outputFile, &error);
  if (!buffer || !output) {
    llvm::errs() << error << '\n';
    return mlir::failure();
  }
  mlir::MLIRContext context(registry);
  // A message about a function need not repeat the function.
  context.printOpOnDiagnostic(false);
  llvm::SourceMgr sources;
  sources.AddNewSourceBuffer(std::move(buffer), llvm::SMLoc());
  mlir::SourceMgrDiagnosticHandler diagnostics(sources, &context);
  auto module = mlir::parseSourceFile<mlir::ModuleOp>(
      sources, mlir::ParserConfig(&context));
  if (!module)
    return mlir::failure();
  auto config = mlir::MlirOptMainConfig::createFromCLOptions();
  mlir::PassManager passes(&context, mlir::ModuleOp::getOperationName(),
                           mlir::PassManager::Nesting::Implicit);
  if (mlir::failed(mlir::applyPassManagerCLOptions(passes)) ||
      mlir::failed(config.setupPassPipeline(passes)) ||
      mlir::failed(passes.run(*module)))
    return mlir::failure();
  if (options.comparedPipeline.getNumOccurrences() &&
      mlir::failed(compareByRunning(*module, options, output->os())))
    return mlir::failure();
  if (options.run && mlir::failed(run(*module, options, output->os())))
    return mlir::failure();
  output->keep();
  return mlir::success();
}

} // namespace shiftadd

int main(int argc, char **argv) {
  llvm::InitLLVM initialization(argc, argv);
  mlir::DialectRegistry registry;
  registry.insert<shiftadd::ShiftAddDialect,
                  shiftadd::adder_graph::AdderGraphDialect,
                  mlir::func::FuncDialect, mlir::quant::QuantDialect>();
  shiftadd::registerPasses();
  shiftadd::ExecutionOptions options;
  auto [inputFile, outputFile] = mlir::registerAndParseCLIOptions(
      argc, argv, "shiftadd pass driver\n", registry);
  if (options.wantsExecution())
    return mlir::asMainReturnCode(
        shiftadd::execute(options, inputFile, outputFile, registry));
  return mlir::asMainReturnCode(
      mlir::MlirOptMain(argc, argv, inputFile, outputFile, registry));
}
