//===- shiftadd-compile.cpp - The compiler's command line -*- C++ -*-===//
//
// Part of the shiftadd project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
#include "codegen/Emit/KernelCache.h"
#include "tools/compiler/Compiler.h"
#include "tools/shiftadd-compile/Arguments.h"
#include "tools/shiftadd-compile/CalibrationArguments.h"

#include "llvm/Support/CommandLine.h"
#include "llvm/Support/FileSystem.h"
#include "llvm/Support/FormatVariadic.h"
#include "llvm/Support/InitLLVM.h"
#include "llvm/Support/Path.h"
#include "llvm/Support/Process.h"
#include "llvm/Support/Threading.h"

#include <chrono>

using namespace shiftadd;
using namespace shiftadd::tools;
namespace cl = llvm::cl;

namespace {

constexpr char overview[] =
    "Compiles an ONNX network to a native library.\n\n"
    "  shiftadd-compile MODEL.onnx -o LIB.so\n"
    "  shiftadd-compile MODEL.onnx --compile-to=fuse -o STAGE.mlir\n"
    "  shiftadd-compile STAGE.mlir -o LIB.so\n\n"
    "Exit codes: 0 good; 1 the input is wrong; 2 internal error; 3 the model "
    "is\nunderstood but not supported.\n";

struct CommandLine {
  cl::OptionCategory category{"shiftadd-compile options"};

  cl::opt<std::string> input{
      cl::Positional, cl::desc("<MODEL.onnx | STAGE.mlir>"), cl::cat(category)};
  cl::opt<std::string> output{
      "o",
      cl::desc(
          "Output: LIB.so, or what --emit and --compile-to write (default: "
          "the model's name with the matching suffix; '-' is stdout for "
          "IR)"),
      cl::value_desc("FILE"), cl::cat(category)};
  cl::list<std::string> shapes{
      "shape",
      cl::desc("Fix the shape of an input; needed for every open "
               "dimension but the batch"),
      cl::value_desc("NAME=1,3,224,224"), cl::cat(category)};
  cl::list<std::string> values{
      "value", cl::desc("Fix an input that decides a shape or an axis"),
      cl::value_desc("NAME=1,2,3|FILE.npy|FILE.pb"), cl::cat(category)};
  cl::opt<Target> target{
      "target", cl::desc("CPU to compile for:"),
      cl::values(
          clEnumValN(Target::Host, "host", "this machine (default)"),
          clEnumValN(Target::X86_64_V3, "x86-64-v3", "AVX2"),
          clEnumValN(Target::X86_64_V4, "x86-64-v4", "AVX-512"),
          clEnumValN(Target::Zen4, "zen4", "AVX-512 with VNNI and BF16"),
          clEnumValN(Target::Multi, "multi",
                     "all of them over one copy of the weights, chosen at "
                     "load")),
      cl::init(Target::Host), cl::cat(category)};
  cl::opt<CpuArithmetic> cpuArithmetic{
      "cpu-arithmetic", cl::desc("How kernels compute with powers of two:"),
      cl::values(clEnumValN(CpuArithmetic::Auto, "auto",
                            "on the fastest unit, mostly the multipliers "
                            "(default)"),
                 clEnumValN(CpuArithmetic::ShiftAdd, "shift-add",
                            "without a multiply instruction, for comparison")),
      cl::init(CpuArithmetic::Auto), cl::cat(category)};
  cl::opt<Artifact> artifact{
      "emit", cl::desc("What to write:"),
      cl::values(
          clEnumValN(Artifact::Library, "lib", "shared library (default)"),
          clEnumValN(Artifact::Object, "obj", "one relocatable object"),
          clEnumValN(Artifact::Assembly, "asm", "folder, one .s per kernel"),
          clEnumValN(Artifact::HalideStatements, "halide-stmt",
                     "folder, one .stmt per kernel"),
          clEnumValN(Artifact::Mlir, "mlir", "IR of the stage schedule")),
      cl::init(Artifact::Library), cl::cat(category)};
  cl::opt<std::string> compileTo{
      "compile-to",
      cl::desc("Stop after a stage and write its IR: import, normalize, "
               "quantize, rewrite, fuse, schedule"),
      cl::value_desc("STAGE"), cl::cat(category)};
  cl::opt<std::string> dumpStages{"dump-stages",
                                  cl::desc("Write the IR of every stage here"),
                                  cl::value_desc("DIR"), cl::cat(category)};
  cl::opt<std::string> kernelCache{
      "kernel-cache",
      cl::desc("Folder of compiled kernels, or 'off' (default: "
               "shiftadd/kernels below $XDG_CACHE_HOME or ~/.cache)"),
      cl::value_desc("DIR|off"), cl::cat(category)};
  cl::opt<unsigned> threads{
      "threads", cl::desc("Threads that compile kernels (default: all cores)"),
      cl::init(0), cl::cat(category)};
  cl::opt<std::string> imageMean{
      "image-mean",
      cl::desc("Stored in LIB.json: pictures become (v - mean) * scale"),
      cl::value_desc("M|R,G,B"), cl::cat(category)};
  cl::opt<std::string> imageScale{"image-scale", cl::desc("See --image-mean"),
                                  cl::value_desc("S|R,G,B"), cl::cat(category)};
  cl::opt<std::string> report{
      "report",
      cl::desc("Report what every layer costs, beside the same network with "
               "multipliers, to stdout or FILE"),
      cl::value_desc("table|json|html[:FILE]"), cl::cat(category)};
  cl::opt<std::string> priceTable{
      "price-table",
      cl::desc("Prices of the report: asic (default), fpga, asic-extended or "
               "a file (docs/energy.md)"),
      cl::value_desc("NAME|FILE.json"), cl::cat(category)};
  cl::opt<std::string> scheme{
      "scheme",
      cl::desc("Codes of the weights: int8, csd (exact sums of powers of two), "
               "apot3, apot2, pot, ternary"),
      cl::value_desc("NAME"), cl::cat(category)};
  CalibrationArguments calibration{category};
  cl::opt<std::string> prune{
      "prune",
      cl::desc("Leave out a share of the network before it is quantized: "
               "magnitude (the smallest weights of all layers), "
               "magnitude-layer (of each layer), block (16 output channels "
               "times 4 inputs, the same number for all) or channel"),
      cl::value_desc("KIND:SHARE"), cl::cat(category)};
  cl::opt<double> maxError{
      "max-error",
      cl::desc("Relative error (of a channel's weights, root mean square) that "
               "the codes of --scheme may have (default: none)"),
      cl::value_desc("E"), cl::init(0), cl::cat(category)};
  cl::opt<bool> maxErrorPerChannel{
      "max-error-per-channel",
      cl::desc("Choose the number of terms for every output channel, not for "
               "every layer"),
      cl::cat(category)};
  cl::opt<bool> verifyMultiplierFree{
      "verify-multiplier-free",
      cl::desc("Fail, and list them, when multiplications are left behind the "
               "stage rewrite"),
      cl::cat(category)};
  cl::opt<bool> requireInteger{
      "require-integer",
      cl::desc("Refuse a network that still computes in floating point behind "
               "the stage quantize"),
      cl::cat(category)};
  cl::opt<std::string> convertNetwork{
      "convert-network",
      cl::desc("Replace convolutions as shift, adder or shiftaddnet networks "
               "do; the result needs training and serves for counts"),
      cl::value_desc("FORM"), cl::cat(category)};
  cl::opt<bool> allowUnsupported{
      "allow-unsupported",
      cl::desc("Keep unknown nodes as shiftadd.onnx_node (with "
               "--compile-to=import)"),
      cl::cat(category)};
  cl::opt<bool> listOperators{"list-operators",
                              cl::desc("Print the supported ONNX operators"),
                              cl::cat(category)};
  cl::opt<bool> verbose{"v", cl::desc("Say what happens, with times"),
                        cl::cat(category)};
};

/// Every error of the parser that it does not print itself becomes one line.
llvm::Error parse(int argc, char **argv, CommandLine &line) {
  cl::HideUnrelatedOptions(line.category);
  cl::SetVersionPrinter([](llvm::raw_ostream &stream) {
    stream << "shiftadd-compile " << SHIFTADD_VERSION << "\n";
  });
  std::string messages;
  llvm::raw_string_ostream stream(messages);
  if (cl::ParseCommandLineOptions(argc, argv, overview, &stream))
    return llvm::Error::success();
  llvm::StringRef message = llvm::StringRef(messages).ltrim().split('\n').first;
  message.consume_front(argv[0]);
  message.consume_front(llvm::sys::path::filename(argv[0]));
  message.consume_front(": ");
  return llvm::createStringError(message.trim());
}

bool writesIr(const CompilerOptions &options) {
  return options.lastStage != Stage::Emit || options.artifact == Artifact::Mlir;
}

/// Standard output for IR, else a file named like the model in this folder.
std::string getDefaultOutput(const CompilerOptions &options) {
  if (writesIr(options))
    return "-";
  llvm::SmallString<128> path(llvm::sys::path::filename(options.input));
  llvm::StringRef suffix = options.artifact == Artifact::Library  ? "so"
                           : options.artifact == Artifact::Object ? "o"
                                                                  : "kernels";
  llvm::sys::path::replace_extension(path, suffix);
  return path.str().str();
}

/// Refuses names that would cost the user a file.
llvm::Error checkOutput(const CompilerOptions &options) {
  llvm::StringRef output = options.output;
  if (output == "-" && !writesIr(options))
    return llvm::createStringError("only IR can be written to the standard "
                                   "output; name a file with -o");
  if (llvm::sys::fs::equivalent(options.input, output))
    return llvm::createStringError("'" + output +
                                   "' is the input; name another output");
  llvm::StringRef extension = llvm::sys::path::extension(output);
  if (options.artifact == Artifact::Library && !writesIr(options) &&
      (extension == ".h" || extension == ".json"))
    return llvm::createStringError("'" + output +
                                   "' is the name of a file beside the "
                                   "library; give the library another one");
  return llvm::Error::success();
}

llvm::Error setRewriting(const CommandLine &line, CompilerOptions &options) {
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
  if (!line.report.empty() && options.lastStage == Stage::Import)
    return llvm::createStringError(
        "--report needs the stage normalize or a later one");
  if (!line.priceTable.empty()) {
    if (line.report.empty())
      return llvm::createStringError("--price-table needs --report");
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
  if (!line.report.empty())
    if (auto error = setReport(line.report, options))
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
  if (options.report != ReportForm::None && options.reportFile.empty() &&
      options.output == "-")
    return llvm::createStringError("the IR and the report cannot both go to "
                                   "the standard output; name a file with -o "
                                   "or --report=FORM:FILE");
  return checkOutput(options);
}

/// "kernels 12/45" on a terminal, once the work takes longer than two seconds.
struct Progress {
  llvm::StringRef unit = "kernels";
  std::chrono::steady_clock::time_point start =
      std::chrono::steady_clock::now();
  bool shown = false;

  void operator()(size_t done, size_t total) {
    std::chrono::duration<double> elapsed =
        std::chrono::steady_clock::now() - start;
    if (!shown && elapsed.count() < 2)
      return;
    shown = true;
    llvm::errs() << "\r" << unit << " " << done << "/" << total
                 << (done == total ? "\n" : "");
  }
};

} // namespace

int main(int argc, char **argv) {
  llvm::InitLLVM initialise(argc, argv);
  llvm::setBugReportMsg("shiftadd-compile failed on its own account; please "
                        "report it with the model and the command line.\n");
  // LLVM's libraries register options of their own; some share our names.
  cl::ResetCommandLineParser();
  CommandLine line;
  if (argc == 2 && llvm::StringRef(argv[1]) == "--list-operators") {
    for (const auto &known : onnx_import::listSupportedOperators())
      llvm::outs() << (known.domain.empty() ? "ai.onnx" : known.domain) << " "
                   << known.name << " " << known.sinceVersion << "\n";
    return ExitSuccess;
  }
  CompilerOptions options;
  auto error = parse(argc, argv, line);
  if (!error)
    error = fill(line, options);
  if (error) {
    // An empty text is an error that the parser has printed.
    std::string text = llvm::toString(std::move(error));
    if (!text.empty())
      llvm::errs() << "error: " << text << "\n";
    return ExitInvalidInput;
  }
  bool terminal = llvm::sys::Process::StandardErrIsDisplayed();
  Progress progress;
  if (terminal)
    options.progress = [&](size_t done, size_t total) {
      progress(done, total);
    };
  Progress fitting{"layers fitted"};
  if (terminal)
    options.calibration.options.progress = [&](size_t done, size_t total) {
      fitting(done, total);
    };
  if (line.verbose) {
    options.calibration.report =
        [](const calibration::CalibrationReport &report) {
          calibration::print(report, llvm::errs());
        };
    options.note = [](llvm::StringRef text) { llvm::errs() << text << "\n"; };
    options.stageDone = [](llvm::StringRef stage, double seconds) {
      llvm::errs() << llvm::formatv("{0}: {1:f3} s\n", stage, seconds);
    };
  }
  Failure failure;
  if (!compile(options, failure)) {
    for (const std::string &message : failure.lines)
      llvm::errs() << message << "\n";
    return failure.code;
  }
  if (!options.stages.networkForm.empty())
    llvm::errs() << "warning: --convert-network makes another function, whose "
                    "weights have to be trained: the result is good for counts "
                    "only\n";
  if (!writesIr(options))
    llvm::errs() << options.output << ": target " << describeTargets(options)
                 << "\n";
  return ExitSuccess;
}
