//===- SparsityCurve.cpp - Accuracy against sparsity ----------------------===//
//
// Part of the shiftadd project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "tools/shiftadd-run/SparsityCurve.h"
#include "tools/shiftadd-run/Evaluate.h"
#include "tools/shiftadd-run/Evaluation.h"
#include "tools/shiftadd-run/ExitStatus.h"
#include "tools/shiftadd-run/Progress.h"

#include "llvm/ADT/StringExtras.h"
#include "llvm/Support/Format.h"

namespace shiftadd::tools {
namespace {

constexpr int steps = 10;

std::string percent(std::optional<int64_t> part, int64_t whole) {
  std::string text;
  if (part)
    llvm::raw_string_ostream(text)
        << llvm::format("%.2f %%", 100.0 * double(*part) / double(whole));
  return part ? text : "-";
}

void printRow(llvm::StringRef sparsity, llvm::StringRef accuracy,
              llvm::StringRef agreement, llvm::StringRef noise) {
  llvm::outs() << llvm::right_justify(sparsity, 8) << "  "
               << llvm::right_justify(accuracy, 9) << "  "
               << llvm::right_justify(agreement, 9) << "  "
               << llvm::right_justify(noise, 15) << "\n";
}

} // namespace

llvm::Error runSparsityCurve(const Options &options) {
  const std::string &data = options.evaluate;
  PruneRequest prune;
  std::string error;
  if (!parsePruneKind(options.prune, prune.kind, error))
    return wrongInput(error);
  llvm::Expected<LoadedModel> whole = openForSamples(
      options.reference.empty() ? options.model : options.reference, data,
      options.threads);
  if (!whole)
    return whole.takeError();
  llvm::Expected<Samples> samples = readSamples(*whole, options);
  if (!samples)
    return samples.takeError();
  auto quiet = [](int64_t, int64_t) {};
  llvm::Expected<std::vector<Tensor>> expected =
      runOnSamples(*whole, *samples, data, quiet);
  if (!expected)
    return expected.takeError();

  Progress progress("shares");
  std::vector<Evaluation> rows;
  for (int step = 0; step < steps; ++step) {
    prune.share = double(step) / steps;
    llvm::Expected<LoadedModel> model =
        openForSamples(options.model, data, options.threads, prune);
    if (!model)
      return model.takeError();
    llvm::Expected<std::vector<Tensor>> outputs =
        runOnSamples(*model, *samples, data, quiet);
    if (!outputs)
      return outputs.takeError();
    llvm::Expected<Evaluation> evaluation = evaluate(
        *outputs, *expected, samples->labels, countRows(*samples), data);
    if (!evaluation)
      return evaluation.takeError();
    rows.push_back(std::move(*evaluation));
    progress(step + 1, steps);
  }

  if (options.json) {
    llvm::json::Array curve;
    for (auto [step, row] : llvm::enumerate(rows)) {
      llvm::json::Object object = evaluationToJson(row);
      object["sparsity"] = double(step) / steps;
      curve.push_back(std::move(object));
    }
    printJson(llvm::json::Object{{"schema", 1}, {"curve", std::move(curve)}});
    return flushOutput();
  }
  printRow("sparsity", "accuracy", "agreement", "signal-to-noise");
  for (auto [step, row] : llvm::enumerate(rows))
    printRow(std::to_string(step * 100 / steps) + " %",
             percent(row.correct, row.samples),
             percent(row.agreeing, row.samples),
             describeDecibels(row.noise->decibels()));
  return flushOutput();
}

} // namespace shiftadd::tools
