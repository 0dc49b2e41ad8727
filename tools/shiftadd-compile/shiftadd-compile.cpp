//===- shiftadd-compile.cpp - The compiler's command line -*- C++ -*-===//
//
// Part of the shiftadd project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
#include "tools/compiler/Compiler.h"
#include "tools/shiftadd-compile/CommandLine.h"
#include "tools/shiftadd-compile/OutputFiles.h"

#include "llvm/Support/FormatVariadic.h"
#include "llvm/Support/InitLLVM.h"
#include "llvm/Support/Process.h"

#include <chrono>

using namespace shiftadd;
using namespace shiftadd::tools;

namespace {

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

/// How good the network still is, where its accuracy was decided.
void printSummary(const calibration::CalibrationReport &report) {
  llvm::errs() << "calibrated on " << report.samples
               << (report.samples == 1 ? " sample" : " samples")
               << llvm::formatv(": outputs at {0:f1} dB signal-to-noise",
                                report.signalToNoise);
  if (report.cost > 0.0)
    llvm::errs() << llvm::formatv(", weights at {0:f3} of int8's cost",
                                  report.cost);
  llvm::errs() << "\n";
}

} // namespace

int main(int argc, char **argv) {
  llvm::InitLLVM initialise(argc, argv);
  llvm::setBugReportMsg("shiftadd-compile failed on its own account; please "
                        "report it with the model and the command line.\n");
  // LLVM's libraries register options of their own; some share our names.
  llvm::cl::ResetCommandLineParser();
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
  options.calibration.options.warn = [](llvm::StringRef text) {
    llvm::errs() << "warning: " << text << "\n";
  };
  bool verbose = line.verbose;
  options.calibration.report =
      [verbose](const calibration::CalibrationReport &report) {
        if (verbose)
          calibration::print(report, llvm::errs());
        else
          printSummary(report);
      };
  if (verbose) {
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
