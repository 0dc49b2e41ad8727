//===- Compiler.cpp - The compiler as a library -*- C++ -*-===//
//
// Part of the shiftadd project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
#include "tools/compiler/Compiler.h"

#include "dialects/ShiftAdd/IR/ShiftAdd.h"
#include "passes/Quantize/FloatOps.h"
#include "tools/compiler/Artifacts.h"
#include "tools/compiler/CostReport.h"
#include "tools/compiler/Diagnostics.h"
#include "tools/compiler/ModuleCheck.h"

#include "mlir/IR/Verifier.h"
#include "mlir/Parser/Parser.h"
#include "llvm/Support/FileSystem.h"
#include "llvm/Support/Path.h"

#include <chrono>

namespace shiftadd::tools {

static bool fail(Failure &failure, ExitCode code,
                 std::vector<std::string> lines) {
  failure.code = code;
  failure.lines = std::move(lines);
  return false;
}

static bool fail(Failure &failure, ExitCode code, llvm::Error error) {
  return fail(failure, code, {"error: " + llvm::toString(std::move(error))});
}

static bool isIr(llvm::StringRef path) {
  return path.ends_with(".mlir") || path.ends_with(".mlirbc");
}

bool loadModule(const CompilerOptions &options, mlir::MLIRContext &context,
                mlir::OwningOpRef<mlir::ModuleOp> &module, Failure &failure) {
  if (!isIr(options.input)) {
    onnx_import::ImportError error;
    if (onnx_import::importOnnx(options.input, options.import, context, module,
                                error))
      return true;
    failure.inputsToFix = error.inputsToFix;
    return fail(failure, static_cast<ExitCode>(error.kind), error.lines);
  }
  if (!options.import.shapes.empty() || !options.import.values.empty())
    return fail(failure, ExitInvalidInput,
                {options.input + ": error: --shape and --value apply to ONNX "
                                 "files, not to IR"});
  if (!llvm::sys::fs::exists(options.input))
    return fail(failure, ExitInvalidInput,
                {options.input + ": error: no such file"});
  DiagnosticCollector diagnostics(&context);
  mlir::ParserConfig config(&context);
  module = mlir::parseSourceFile<mlir::ModuleOp>(options.input, config);
  if (!module) {
    auto lines = diagnostics.take();
    if (lines.empty())
      lines = {options.input + ": error: not readable as IR"};
    return fail(failure, ExitInvalidInput, std::move(lines));
  }
  if (!getStage(*module))
    return fail(failure, ExitInvalidInput,
                {options.input + ": error: the module does not name its stage; "
                                 "set the attribute shiftadd.stage"});
  if (auto error = checkModule(*module, *getStage(*module)))
    return fail(
        failure, ExitInvalidInput,
        {options.input + ": error: " + llvm::toString(std::move(error))});
  if (!module->lookupSymbol<mlir::func::FuncOp>("main"))
    return fail(failure, ExitInvalidInput,
                {options.input + ": error: the module has no function @main"});
  return true;
}

/// Keeps the module as it was before a stage that failed.
static std::string writeReproducer(mlir::ModuleOp before) {
  llvm::SmallString<128> path;
  if (llvm::sys::fs::createTemporaryFile("shiftadd-reproducer", "mlir", path))
    return "";
  if (auto error = writeModule(before, path)) {
    llvm::consumeError(std::move(error));
    return "";
  }
  return path.str().str();
}

/// Lists the ops behind the stage quantize that compute in floating point.
static bool checkIntegers(const CompilerOptions &options, mlir::ModuleOp module,
                          Failure &failure) {
  std::vector<FloatOp> ops;
  for (auto function : module.getOps<mlir::func::FuncOp>())
    llvm::append_range(ops, findFloatOps(function));
  if (ops.empty())
    return true;
  std::string list;
  for (const FloatOp &op : ops)
    list += (list.empty() ? "" : ", ") + op.describe();
  if (options.requireInteger)
    return fail(failure, ExitUnsupported,
                {options.input +
                 ": error: computes in floating point: " + list +
                 "; --require-integer takes networks of integers alone"});
  // A network without codes is not meant to compute in integers.
  if (options.note &&
      module.walk([](QuantizeOp) { return mlir::WalkResult::interrupt(); })
          .wasInterrupted())
    options.note("note: computes in floating point: " + list);
  return true;
}

static bool runStage(const CompilerOptions &options, mlir::ModuleOp module,
                     Stage stage, Failure &failure) {
  auto start = std::chrono::steady_clock::now();
  mlir::OwningOpRef<mlir::ModuleOp> before(module.clone());
  DiagnosticCollector diagnostics(module.getContext());
  mlir::PassManager checks(module.getContext());
  addStageChecks(checks, stage, options.stages);
  if (mlir::failed(checks.run(module)))
    return fail(failure, ExitUnsupported, diagnostics.take());
  if (stage == Stage::Quantize && !options.calibration.data.empty() &&
      !calibrateModule(options, module, failure))
    return false;
  mlir::PassManager manager(module.getContext());
  addStagePasses(manager, stage, options.stages);
  if (mlir::failed(manager.run(module))) {
    auto lines = diagnostics.take();
    std::string path = writeReproducer(*before);
    lines.push_back(
        "error: internal error in stage " + getStageName(stage).str() +
        (path.empty() ? "" : "; reproduce with shiftadd-compile " + path));
    return fail(failure, ExitInternalError, std::move(lines));
  }
  setStage(module, stage);
  if (stage == Stage::Quantize && !checkIntegers(options, module, failure))
    return false;
  if (!options.stageFolder.empty()) {
    if (std::error_code problem = llvm::sys::fs::create_directories(
            options.stageFolder, true, llvm::sys::fs::all_all))
      return fail(failure, ExitInvalidInput,
                  {"error: cannot write '" + options.stageFolder +
                   "': " + problem.message()});
    llvm::SmallString<128> path(options.stageFolder);
    llvm::sys::path::append(path, std::to_string(int(stage)) + "-" +
                                      getStageName(stage) + ".mlir");
    if (auto error = writeModule(module, path))
      return fail(failure, ExitInvalidInput, std::move(error));
  }
  if (options.stageDone)
    options.stageDone(
        getStageName(stage),
        std::chrono::duration<double>(std::chrono::steady_clock::now() - start)
            .count());
  return true;
}

bool runStages(const CompilerOptions &options, mlir::ModuleOp module,
               Stage last, Failure &failure) {
  int reached = int(*getStage(module));
  int end = std::min(int(last), int(Stage::Schedule));
  // The import stage is dumped like the others.
  if (reached == int(Stage::Import) && !options.stageFolder.empty() &&
      !runStage(options, module, Stage::Import, failure))
    return false;
  for (int stage = reached + 1; stage <= end; ++stage)
    if (!runStage(options, module, static_cast<Stage>(stage), failure))
      return false;
  return true;
}

bool emitLibrary(const CompilerOptions &options, mlir::ModuleOp module,
                 Failure &failure, CostReport *report) {
  auto levels = getCpuLevels(options.target);
  if (!levels)
    return fail(failure, ExitInvalidInput, levels.takeError());
  EmitOptions emit;
  emit.levels = *levels;
  emit.shiftAdd = options.cpuArithmetic == CpuArithmetic::ShiftAdd;
  emit.cacheFolder = options.kernelCache;
  emit.threads = options.threads;
  emit.withText = options.artifact == Artifact::Assembly ||
                  options.artifact == Artifact::HalideStatements;
  emit.preprocessing = options.preprocessing;
  emit.progress = options.progress;
  auto start = std::chrono::steady_clock::now();
  auto model = emitModel(module, emit);
  if (!model) {
    std::string path = writeReproducer(module);
    return fail(
        failure, ExitInternalError,
        {"error: internal error in stage emit: " +
         llvm::toString(model.takeError()) +
         (path.empty() ? "" : "; reproduce with shiftadd-compile " + path)});
  }
  if (auto error = writeArtifact(*model, options))
    return fail(failure, ExitInvalidInput, std::move(error));
  if (report)
    if (auto error = report->setLibrary(model->image.json)) {
      removeArtifact(options);
      return fail(failure, ExitInternalError, std::move(error));
    }
  if (options.stageDone)
    options.stageDone("emit", std::chrono::duration<double>(
                                  std::chrono::steady_clock::now() - start)
                                  .count());
  return true;
}

/// Starts the report that the options ask for: with a network that has not
/// been quantized yet, it is the one that the compiled form is compared to.
static bool prepareReport(const CompilerOptions &options, mlir::ModuleOp module,
                          std::optional<CostReport> &report, Failure &failure) {
  if (options.reports.empty())
    return true;
  auto prices = PriceTable::load(options.priceTable);
  if (!prices)
    return fail(failure, ExitInvalidInput, prices.takeError());
  report.emplace(std::move(*prices),
                 llvm::sys::path::filename(options.input).str());
  if (int(*getStage(module)) > int(Stage::Normalize) ||
      int(options.lastStage) < int(Stage::Normalize))
    return true;
  if (!runStages(options, module, Stage::Normalize, failure))
    return false;
  if (auto error = report->setImported(module))
    return fail(failure, ExitInternalError, std::move(error));
  return true;
}

bool compile(const CompilerOptions &given, Failure &failure) {
  std::optional<CostReport> report;
  CompilerOptions options = given;
  options.calibration.report =
      [&](const calibration::CalibrationReport &calibration) {
        if (report)
          report->setCalibration(calibration);
        if (given.calibration.report)
          given.calibration.report(calibration);
      };
  mlir::DialectRegistry registry;
  registerDialects(registry);
  mlir::MLIRContext context(registry);
  context.loadAllAvailableDialects();
  mlir::OwningOpRef<mlir::ModuleOp> module;
  auto start = std::chrono::steady_clock::now();
  if (!loadModule(options, context, module, failure))
    return false;
  if (options.stageDone)
    options.stageDone("read", std::chrono::duration<double>(
                                  std::chrono::steady_clock::now() - start)
                                  .count());
  Stage reached = *getStage(*module);
  if (options.lastStage < reached)
    return fail(failure, ExitInvalidInput,
                {options.input + ": error: is already at stage " +
                 getStageName(reached).str() + ", behind " +
                 getStageName(options.lastStage).str()});
  // Options of a stage that has already run would have no effect.
  auto comesTooLate = [&](const char *option, Stage stage) {
    return fail(failure, ExitInvalidInput,
                {options.input + ": error: is already at stage " +
                 getStageName(reached).str() + "; " + option +
                 " works on the stages before " + getStageName(stage).str()});
  };
  if (options.stages.prune && reached >= Stage::Quantize)
    return comesTooLate("--prune", Stage::Quantize);
  if (!options.calibration.data.empty() && reached >= Stage::Quantize)
    return comesTooLate("--calibrate", Stage::Quantize);
  if (!options.stages.scheme.empty() && reached >= Stage::Rewrite)
    return comesTooLate("--scheme", Stage::Rewrite);
  if (!options.stages.networkForm.empty() && reached >= Stage::Rewrite)
    return comesTooLate("--convert-network", Stage::Rewrite);
  if (options.stages.verifyMultiplierFree && reached >= Stage::Rewrite)
    return comesTooLate("--verify-multiplier-free", Stage::Rewrite);
  if (reached >= Stage::Quantize && !checkIntegers(options, *module, failure))
    return false;
  if (!prepareReport(options, *module, report, failure))
    return false;
  if (!runStages(options, *module, options.lastStage, failure))
    return false;
  if (report)
    if (auto error = report->setCompiled(*module))
      return fail(failure, ExitInvalidInput, std::move(error));
  if (options.lastStage != Stage::Emit || options.artifact == Artifact::Mlir) {
    if (auto error = writeModule(*module, options.output))
      return fail(failure, ExitInvalidInput, std::move(error));
  } else if (!emitLibrary(options, *module, failure,
                          report ? &*report : nullptr)) {
    return false;
  }
  if (report)
    if (auto error = writeReports(*report, options)) {
      removeArtifact(options);
      return fail(failure, ExitInvalidInput, std::move(error));
    }
  return true;
}

std::string describeTargets(const CompilerOptions &options) {
  auto levels = getCpuLevels(options.target);
  if (!levels) {
    llvm::consumeError(levels.takeError());
    return "";
  }
  std::string text;
  for (halide_gen::CpuLevel level : *levels)
    text += (text.empty() ? "" : ", ") + getTargetName(level).str();
  return text;
}

} // namespace shiftadd::tools
