//===- CommandLine.cpp - What shiftadd-compile is asked for -*- C++ -*-===//
//
// Part of the shiftadd project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
#include "tools/shiftadd-compile/CommandLine.h"

#include "codegen/Emit/KernelCache.h"
#include "tools/shiftadd-compile/Arguments.h"
#include "tools/shiftadd-compile/OutputFiles.h"

#include "llvm/Support/Path.h"
#include "llvm/Support/Threading.h"

namespace cl = llvm::cl;

namespace shiftadd::tools {

static constexpr char overview[] =
    "Compiles an ONNX network to a native library.\n\n"
    "  shiftadd-compile MODEL.onnx -o LIB.so\n"
    "  shiftadd-compile MODEL.onnx --calibrate DATA.npz --scheme=csd -o "
    "LIB.so\n"
    "  shiftadd-compile MODEL.onnx --compile-to=fuse -o STAGE.mlir\n"
    "  shiftadd-compile STAGE.mlir -o LIB.so\n\n"
    "Exit codes: 0 good; 1 the input is wrong; 2 internal error; 3 the model "
    "is\nunderstood but not supported.\n";

/// The last one of several would count, and nothing would tell.
static llvm::Error checkOccurrences(const CommandLine &line) {
  for (const auto &[name, option] : cl::getRegisteredOptions())
    if (option->getNumOccurrences() > 1 &&
        option->getNumOccurrencesFlag() == cl::Optional &&
        llvm::is_contained(option->Categories, &line.category))
      return llvm::createStringError((name.size() == 1 ? "-" : "--") + name +
                                     " is given more than once");
  return llvm::Error::success();
}

llvm::Error parse(int argc, char **argv, CommandLine &line) {
  cl::HideUnrelatedOptions(line.category);
  cl::SetVersionPrinter([](llvm::raw_ostream &stream) {
    stream << "shiftadd-compile " << SHIFTADD_VERSION << "\n";
  });
  std::string messages;
  llvm::raw_string_ostream stream(messages);
  if (cl::ParseCommandLineOptions(argc, argv, overview, &stream))
    return checkOccurrences(line);
  llvm::StringRef message = llvm::StringRef(messages).ltrim().split('\n').first;
  message.consume_front(argv[0]);
  message.consume_front(llvm::sys::path::filename(argv[0]));
  message.consume_front(": ");
  return llvm::createStringError(message.trim());
}

static llvm::Error setRewriting(const CommandLine &line,
                                CompilerOptions &options) {
  StageOptions &stages = options.stages;
  stages.scheme = line.scheme;
  stages.maxError = line.maxError;
  stages.maxErrorPerChannel = line.maxErrorPerChannel;
  stages.verifyMultiplierFree = line.verifyMultiplierFree;
  stages.networkForm = line.convertNetwork;
  if (!line.prune.empty()) {
    std::string reason;
    if (!parsePruneRequest(line.prune, stages.prune.emplace(), reason))
      return llvm::createStringError(reason);
  }
  if (!(stages.maxError >= 0))
    return llvm::createStringError("--max-error takes a number of at least 0");
  if (stages.maxErrorPerChannel && stages.maxError == 0)
    return llvm::createStringError("--max-error-per-channel needs --max-error");
  if (line.calibration.isGiven() && stages.maxErrorPerChannel)
    return llvm::createStringError(
        "--max-error-per-channel excludes --calibrate");
  if (auto error = line.calibration.fill(line.scheme, line.maxError, options))
    return error;
  if (stages.maxError > 0 &&
      (stages.scheme.empty() ||
       llvm::StringRef(stages.scheme).starts_with("int")))
    return llvm::createStringError(
        "--max-error needs --scheme with codes of powers of two");
  if (!line.calibration.isGiven() && !stages.scheme.empty() &&
      !llvm::is_contained({"int8", "csd", "apot3", "apot2", "pot"},
                          stages.scheme))
    return llvm::createStringError("--scheme takes int8, csd, apot3, apot2 or "
                                   "pot for a network as it is, not '" +
                                   stages.scheme + "'");
  if (!stages.networkForm.empty() &&
      !llvm::is_contained({"shift", "adder", "shiftaddnet"},
                          stages.networkForm))
    return llvm::createStringError(
        "--convert-network takes shift, adder or shiftaddnet, not '" +
        stages.networkForm + "'");
  return llvm::Error::success();
}

/// Options whose stage lies behind the last one would have no effect.
static llvm::Error checkStages(const CommandLine &line, Stage last) {
  auto check = [&](const cl::Option &option, Stage stage) -> llvm::Error {
    if (option.getNumOccurrences() == 0 || last >= stage)
      return llvm::Error::success();
    return llvm::createStringError(
        "--" + option.ArgStr + " works in the stage " + getStageName(stage) +
        ": --compile-to=" + line.compileTo + " stops before it");
  };
  // Calibration fits the weights to the scheme.
  Stage scheme = line.calibration.isGiven() ? Stage::Quantize : Stage::Rewrite;
  for (auto [option, stage] :
       std::initializer_list<std::pair<const cl::Option *, Stage>>{
           {&line.calibration.data, Stage::Quantize},
           {&line.prune, Stage::Quantize},
           {&line.requireInteger, Stage::Quantize},
           {&line.scheme, scheme},
           {&line.maxError, scheme},
           {&line.verifyMultiplierFree, Stage::Rewrite},
           {&line.convertNetwork, Stage::Rewrite}})
    if (auto error = check(*option, stage))
      return error;
  return llvm::Error::success();
}

llvm::Error fill(const CommandLine &line, CompilerOptions &options) {
  if (line.input.empty())
    return llvm::createStringError(
        "no model: give a MODEL.onnx or a STAGE.mlir (see --help)");
  options.input = line.input;
  options.artifact = line.artifact;
  options.target = line.target;
  options.cpuArithmetic = line.cpuArithmetic;
  options.requireInteger = line.requireInteger;
  options.stageFolder = line.dumpStages;
  options.import.allowUnsupported = line.allowUnsupported;
  if (line.allowUnsupported && line.compileTo != "import")
    return llvm::createStringError(
        "--allow-unsupported needs --compile-to=import");
  options.threads = line.threads
                        ? unsigned(line.threads)
                        : llvm::hardware_concurrency().compute_thread_count();
  if (line.kernelCache.empty())
    options.kernelCache = KernelCache::getDefaultFolder();
  else if (line.kernelCache != "off")
    options.kernelCache = line.kernelCache;
  if (!line.compileTo.empty()) {
    auto stage = parseStage(line.compileTo);
    if (!stage)
      return llvm::createStringError("--compile-to takes import, normalize, "
                                     "quantize, rewrite, fuse or schedule, "
                                     "not '" +
                                     line.compileTo + "'");
    options.lastStage = *stage;
    if (*stage != Stage::Emit && line.artifact.getNumOccurrences() &&
        line.artifact != Artifact::Mlir)
      return llvm::createStringError(
          "--compile-to writes IR: it excludes --emit");
  }
  if (auto error = checkStages(line, options.lastStage))
    return error;
  if (!line.reports.empty() && options.lastStage == Stage::Import)
    return llvm::createStringError(
        "--report needs the stage normalize or a later one");
  if (!line.priceTable.empty()) {
    if (line.reports.empty() &&
        !llvm::StringRef(line.scheme).starts_with("auto"))
      return llvm::createStringError(
          "--price-table needs --report or --scheme=auto");
    options.priceTable = line.priceTable;
  }
  if (auto error = setRewriting(line, options))
    return error;
  for (const std::string &shape : line.shapes)
    if (auto error = addShape(shape, options))
      return error;
  for (const std::string &value : line.values)
    if (auto error = addValue(value, options))
      return error;
  for (const std::string &report : line.reports)
    if (auto error = addReport(report, options))
      return error;
  auto mean = parseNumbers("--image-mean", line.imageMean);
  if (!mean)
    return mean.takeError();
  auto scale = parseNumbers("--image-scale", line.imageScale);
  if (!scale)
    return scale.takeError();
  options.preprocessing = {*mean, *scale};
  options.output = line.output.empty() ? getDefaultOutput(options)
                                       : std::string(line.output);
  return checkOutputs(options);
}

} // namespace shiftadd::tools
