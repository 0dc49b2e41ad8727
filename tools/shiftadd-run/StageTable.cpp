//===- StageTable.cpp - Where a network loses accuracy --------------------===//
//
// Part of the shiftadd project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "tools/shiftadd-run/StageTable.h"
#include "tools/shiftadd-run/Evaluation.h"

#include "llvm/ADT/StringExtras.h"
#include "llvm/Support/Format.h"

#include <algorithm>
#include <cmath>

namespace shiftadd::tools {
namespace {

using Layers = std::vector<ComparedLayer>;

double noiseToSignal(const Noise &noise) {
  return noise.noise == 0 ? 0 : noise.noise / noise.signal;
}

/// The worst of the layers that a layer reads.
const Noise *worstProducer(const Layers &layers, const ComparedLayer &layer) {
  const Noise *worst = nullptr;
  for (size_t index : layer.producers) {
    const Noise &noise = layers[index].noise;
    if (!worst || noiseToSignal(noise) > noiseToSignal(*worst))
      worst = &noise;
  }
  return worst;
}

/// How the signal-to-noise differs from that of the worst producer, in dB;
/// nothing when one of the two is no number.
std::optional<double> changeOf(const Layers &layers,
                               const ComparedLayer &layer) {
  const Noise *before = worstProducer(layers, layer);
  if (!before)
    return std::nullopt;
  double change = layer.noise.decibels() - before->decibels();
  if (!std::isfinite(change))
    return std::nullopt;
  return change;
}

} // namespace

std::optional<size_t> findLargestLoss(const StageComparison &comparison) {
  std::optional<size_t> result;
  double largest = 0;
  for (auto [index, layer] : llvm::enumerate(comparison.layers)) {
    const Noise *before = worstProducer(comparison.layers, layer);
    double added =
        noiseToSignal(layer.noise) - (before ? noiseToSignal(*before) : 0);
    // A layer whose values are not finite has lost everything.
    if (layer.noise.notFinite && !(before && before->notFinite))
      return index;
    if (added > largest) {
      largest = added;
      result = index;
    }
  }
  return result;
}

void printStageTable(const StageComparison &comparison, llvm::raw_ostream &os) {
  size_t nameWidth = 5, opWidth = 2;
  for (const ComparedLayer &layer : comparison.layers) {
    nameWidth = std::max(nameWidth, layer.name.size());
    opWidth = std::max(opWidth, layer.operation.size());
  }
  auto row = [&](llvm::StringRef name, llvm::StringRef operation,
                 llvm::StringRef noise, llvm::StringRef change,
                 llvm::StringRef error, llvm::StringRef remark) {
    std::string line;
    llvm::raw_string_ostream(line)
        << llvm::left_justify(name, unsigned(nameWidth)) << "  "
        << llvm::left_justify(operation, unsigned(opWidth)) << "  "
        << llvm::right_justify(noise, 15) << "  "
        << llvm::right_justify(change, 8) << "  "
        << llvm::right_justify(error, 13) << "  " << remark;
    os << llvm::StringRef(line).rtrim() << "\n";
  };
  row("layer", "op", "signal-to-noise", "change", "largest error", "");
  std::optional<size_t> loss = findLargestLoss(comparison);
  for (auto [index, layer] : llvm::enumerate(comparison.layers)) {
    std::string change, error;
    if (auto difference = changeOf(comparison.layers, layer))
      llvm::raw_string_ostream(change) << llvm::format("%+.2f", *difference);
    else
      change = "-";
    llvm::raw_string_ostream(error)
        << llvm::format("%.6g", layer.noise.largestError);
    row(layer.name, layer.operation, describeDecibels(layer.noise.decibels()),
        change, error, loss == index ? "<- largest loss" : "");
  }
  os << "samples " << comparison.samples << "; layers compared "
     << comparison.layers.size();
  if (!comparison.unmatched.empty())
    os << "; not compared: " << llvm::join(comparison.unmatched, ", ");
  os << "\n";
}

llvm::json::Object stageTableToJson(const StageComparison &comparison) {
  llvm::json::Array layers;
  std::optional<size_t> loss = findLargestLoss(comparison);
  for (auto [index, layer] : llvm::enumerate(comparison.layers)) {
    llvm::json::Value change = nullptr;
    if (auto difference = changeOf(comparison.layers, layer))
      change = *difference;
    layers.push_back(llvm::json::Object{
        {"name", layer.name},
        {"operation", layer.operation},
        {"signal_to_noise_db", decibelsToJson(layer.noise.decibels())},
        {"change_db", std::move(change)},
        {"identical", layer.noise.noise == 0 && layer.noise.notFinite == 0},
        {"largest_error", layer.noise.largestError},
        {"not_finite", int64_t(layer.noise.notFinite)},
        {"largest_loss", loss == index}});
  }
  return llvm::json::Object{
      {"schema", 1},
      {"samples", comparison.samples},
      {"layers", std::move(layers)},
      {"not_compared", llvm::json::Array(comparison.unmatched)}};
}

} // namespace shiftadd::tools
