//===- MixedPrecision.cpp - Codes layer by layer ----------------*- C++ -*-===//
//
// Part of the shiftadd project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
#include "passes/Calibration/MixedPrecision.h"

#include <algorithm>

namespace shiftadd::calibration {

std::vector<WeightCode> getCandidates(const CostBudget &budget) {
  static constexpr llvm::StringLiteral kByEnergy[] = {"int8", "apot2", "pot"};
  static constexpr llvm::StringLiteral kBySize[] = {"int8", "int6", "int4",
                                                    "int3"};
  llvm::ArrayRef<llvm::StringLiteral> names = kByEnergy;
  if (budget.measure == CostBudget::Measure::Size)
    names = kBySize;
  std::vector<WeightCode> candidates;
  for (llvm::StringRef name : names)
    candidates.push_back(*WeightCode::parse(name));
  return candidates;
}

namespace {

bool isBySize(const CostBudget &budget) {
  return budget.measure == CostBudget::Measure::Size;
}

/// Operations on weights and values of 8 bits.
std::optional<Price> findPrice(const CostBudget &budget, OperationKind kind) {
  if (!budget.prices)
    return std::nullopt;
  return budget.prices->getPrice(kind, NumberFormat{false, 8});
}

/// Of prices that are there, see checkPrices.
double getPrice(const CostBudget &budget, OperationKind kind) {
  std::optional<Price> price = findPrice(budget, kind);
  return price ? price->picojoules : 0.0;
}

/// What a layer with these weights costs: in picojoules for a sample, or bits.
double getLayerCost(const CostBudget &budget, const LayerReport &layer,
                    const WeightCode &code, double terms) {
  if (isBySize(budget))
    return double(layer.weights) * code.bits;
  return double(layer.products) * terms *
         (getPrice(budget, OperationKind::Shift) +
          getPrice(budget, OperationKind::Add));
}

double getInt8Cost(const CostBudget &budget, const LayerReport &layer) {
  if (isBySize(budget))
    return double(layer.weights) * 8.0;
  return double(layer.products) * (getPrice(budget, OperationKind::Multiply) +
                                   getPrice(budget, OperationKind::Add));
}

} // namespace

llvm::Error checkPrices(const CostBudget &budget) {
  if (isBySize(budget))
    return llvm::Error::success();
  for (OperationKind kind :
       {OperationKind::Multiply, OperationKind::Add, OperationKind::Shift})
    if (!findPrice(budget, kind))
      return llvm::createStringError(
          "the price table has no price of int8 " + getName(kind).str() +
          ", which a choice of codes by energy needs");
  return llvm::Error::success();
}

PrecisionPath::PrecisionPath(const Network &network, const Plan &trials,
                             std::vector<WeightCode> candidates,
                             const CostBudget &budget)
    : candidates(std::move(candidates)), layers(network.groups.size()) {
  double whole = 0.0;
  std::vector<std::vector<double>> errors(layers), costs(layers);
  for (const PlannedLayer &layer : trials.layers) {
    whole += getInt8Cost(budget, layer.report);
    size_t index = layer.group->index;
    const auto &tried = trials.trials[index];
    if (tried.empty()) {
      // Codes of its own.
      start += getLayerCost(budget, layer.report, this->candidates.front(),
                            std::max(layer.report.terms, 1.0));
      continue;
    }
    for (size_t i = 0; i < tried.size(); ++i) {
      errors[index].push_back(tried[i].error);
      costs[index].push_back(getLayerCost(budget, layer.report,
                                          this->candidates[i], tried[i].terms));
    }
    start += costs[index].front();
  }
  std::vector<size_t> chosen(layers, 0);
  while (true) {
    Step best{layers, 0, 0.0};
    double least = 0.0;
    for (size_t layer = 0; layer < layers; ++layer)
      for (size_t next = chosen[layer] + 1; next < costs[layer].size();
           ++next) {
        double saving = costs[layer][chosen[layer]] - costs[layer][next];
        if (saving <= 0.0)
          continue;
        // Noise of layers adds up, relative to their signals.
        double loss =
            std::max(errors[layer][next] - errors[layer][chosen[layer]], 0.0);
        if (best.layer == layers || loss / saving < least) {
          best = {layer, next, saving};
          least = loss / saving;
        }
      }
    if (best.layer == layers)
      break;
    chosen[best.layer] = best.candidate;
    steps.push_back(best);
  }
  if (whole > 0.0) {
    start /= whole;
    for (Step &step : steps)
      step.saving /= whole;
  }
}

std::vector<WeightCode> PrecisionPath::getCodes(size_t count) const {
  std::vector<WeightCode> codes(layers, candidates.front());
  for (const Step &step : llvm::ArrayRef(steps).take_front(count))
    codes[step.layer] = candidates[step.candidate];
  return codes;
}

double PrecisionPath::getCost(size_t count) const {
  double cost = start;
  for (const Step &step : llvm::ArrayRef(steps).take_front(count))
    cost -= step.saving;
  return cost;
}

size_t PrecisionPath::findBudget(double fraction) const {
  for (size_t count = 0; count < size(); ++count)
    if (getCost(count) <= fraction * (1.0 + 1e-9))
      return count;
  return size();
}

} // namespace shiftadd::calibration
