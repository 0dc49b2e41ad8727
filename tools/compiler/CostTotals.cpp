//===- CostTotals.cpp - What the costs of a network add up to -*- C++ -*-===//
//
// Part of the shiftadd project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Every ratio is of two networks whose widths stand in the same sentence (E17),
// and every price is listed with its origin (E18).
//
//===----------------------------------------------------------------------===//
#include "tools/compiler/CostReport.h"

#include "llvm/ADT/StringExtras.h"
#include "llvm/Support/FormatVariadic.h"

#include <cmath>
#include <set>

namespace shiftadd::tools {

using llvm::json::Array;
using llvm::json::Object;

/// Formats of the operations in the sums over weights: "int8", "float32 and
/// int8".
static std::string describeFormats(const OperationCounts &counts) {
  std::set<std::string> names;
  for (const OperationCounts::Entry &entry : counts.getEntries())
    names.insert(getName(entry.format));
  return names.empty() ? "no" : llvm::join(names, " and ");
}

/// The widths of the weights that the taps read.
static std::string describeWeights(const NetworkCost &network) {
  std::set<std::pair<bool, unsigned>> widths;
  for (const LayerCost &layer : network.layers)
    if (layer.weights.bits)
      widths.insert({layer.weights.isFloat, layer.weights.bits});
  std::string text;
  for (auto [isFloat, bits] : widths)
    text += (text.empty() ? "" : " and ") + std::to_string(bits) +
            (isFloat ? "-bit float" : "-bit");
  return text.empty() ? "no" : text;
}

static std::string describeRatio(double baseline, double compiled) {
  if (compiled <= 0 || baseline <= 0)
    return "";
  double ratio = baseline / compiled;
  if (std::abs(ratio - 1) < 0.005)
    return ": the same";
  if (ratio > 1)
    return llvm::formatv(": {0:f2} times less", ratio);
  return llvm::formatv(": {0:f2} times more", 1 / ratio);
}

/// The taps' arithmetic priced as if all operands had one format (E14): shifts
/// and their additions run on fixed point where the others run on floats.
static double priceTapsAt(const LayerCost &layer, bool withMultipliers,
                          NumberFormat format, const PriceTable &table) {
  NumberFormat fixed{false, format.bits};
  auto price = [&](OperationKind kind, NumberFormat at, int64_t count) {
    auto known = table.getPrice(kind, at);
    return known ? known->picojoules * double(count) : 0.0;
  };
  auto multiply = [&](int64_t taps) {
    return price(OperationKind::Multiply, format, taps) +
           price(OperationKind::Add, format, taps);
  };
  if (withMultipliers)
    return multiply(layer.baselineTaps);
  return multiply(layer.multiplyTaps) +
         price(OperationKind::Shift, fixed, layer.shiftTerms) +
         price(OperationKind::Add, fixed, layer.shiftTerms) +
         price(OperationKind::Add, format, 2 * layer.adderTaps);
}

Array getTapsAtFormats(const NetworkCost &network, const PriceTable &chosen) {
  std::vector<PriceTable> tables{chosen};
  for (llvm::StringRef name : {"asic", "fpga"})
    if (auto table = PriceTable::load(name)) {
      if (table->getName() != chosen.getName())
        tables.push_back(std::move(*table));
    } else {
      llvm::consumeError(table.takeError());
    }
  const std::pair<const char *, NumberFormat> formats[] = {
      {"float32", {true, 32}}, {"int32", {false, 32}}, {"int8", {false, 8}}};
  Array rows;
  for (const PriceTable &table : tables)
    for (const auto &[name, format] : formats) {
      double multipliers = 0, compiled = 0;
      for (const LayerCost &layer : network.layers) {
        multipliers += priceTapsAt(layer, true, format, table);
        compiled += priceTapsAt(layer, false, format, table);
      }
      rows.push_back(
          Object{{"price_table", table.getName().str()},
                 {"format", name},
                 {"multipliers_uj", roundForReport(multipliers * 1e-6)},
                 {"compiled_uj", roundForReport(compiled * 1e-6)}});
    }
  return rows;
}

void CostReport::addTotals(Object &root) const {
  LayerForm after = compiled->getTotal(&LayerCost::compiled);
  LayerForm int8 = compiled->getTotal(&LayerCost::int8);
  LayerForm equal = compiled->getTotal(&LayerCost::equalPrecision);
  int64_t multiply = compiled->getTotal(&LayerCost::multiplyTaps);
  int64_t shift = compiled->getTotal(&LayerCost::shiftTaps);
  int64_t adder = compiled->getTotal(&LayerCost::adderTaps);
  int64_t terms = compiled->getTotal(&LayerCost::shiftTerms);
  Object totals{
      {"taps",
       Object{{"multiply", multiply}, {"shift", shift}, {"adder", adder}}},
      {"baseline_taps", compiled->getTotal(&LayerCost::baselineTaps)},
      {"weight_elements", compiled->getTotal(&LayerCost::weightElements)},
      {"weight_bytes", compiled->getTotal(&LayerCost::weightBytes)},
      {"constant_bytes", compiled->getTotal(&LayerCost::constantBytes)},
      {"compiled", getFormObject(after, table)},
      {"baseline_int8", getFormObject(int8, table)},
      {"baseline_equal_precision", getFormObject(equal, table)}};
  if (shift)
    totals["terms_per_tap"] = roundForReport(double(terms) / double(shift));

  Energy afterEnergy = getEnergy(after, table);
  Energy int8Energy = getEnergy(int8, table);
  Energy equalEnergy = getEnergy(equal, table);
  std::string tableName = table.getName().str();
  std::string afterFormats = describeFormats(after.taps);
  std::string equalFormats = describeFormats(equal.taps);
  std::string weights = describeWeights(*compiled);
  auto microjoules = [](double energy) {
    return formatMicrojoules(energy * 1e-6);
  };
  Array sentences;
  auto say = [&](const std::string &text) { sentences.push_back(text); };
  if (equal.taps.getTotal())
    say(llvm::formatv(
        "Modelled arithmetic of the sums over weights at equal precision: {0} "
        "uJ with {1} multipliers, {2} uJ as compiled with {3} operations ({4} "
        "weights){5} ({6}).",
        microjoules(equalEnergy.taps), equalFormats,
        microjoules(afterEnergy.taps), afterFormats, weights,
        describeRatio(equalEnergy.taps, afterEnergy.taps), tableName));
  if (equal.taps.getTotal() && equalFormats != "int8")
    say(llvm::formatv(
        "Across precisions, int8 multipliers against {0} operations as "
        "compiled: {1} uJ and {2} uJ{3} ({4}).",
        afterFormats, microjoules(int8Energy.taps),
        microjoules(afterEnergy.taps),
        describeRatio(int8Energy.taps, afterEnergy.taps), tableName));
  if (imported) {
    LayerForm before = imported->getTotal(&LayerCost::compiled);
    Energy beforeEnergy = getEnergy(before, table);
    totals["imported"] = getFormObject(before, table);
    totals["imported_weight_bytes"] =
        imported->getTotal(&LayerCost::weightBytes);
    std::string beforeFormats = describeFormats(before.taps);
    if (before.taps.getTotal() && beforeFormats != afterFormats)
      say(llvm::formatv(
          "Across precisions, the imported network with {0} operations against "
          "{1} operations as compiled: {2} uJ and {3} uJ ({4}).",
          beforeFormats, afterFormats, microjoules(beforeEnergy.taps),
          microjoules(afterEnergy.taps), tableName));
  }
  root["totals"] = std::move(totals);
  root["sentences"] = std::move(sentences);

  std::vector<UsedPrice> used;
  for (const LayerForm &form : {after, int8, equal})
    (void)getEnergy(form, table, &used);
  if (imported)
    (void)getEnergy(imported->getTotal(&LayerCost::compiled), table, &used);
  Array prices, unpriced;
  for (const UsedPrice &price : used) {
    Object row{{"operation", getName(price.kind)},
               {"format", getName(price.format)}};
    if (price.price) {
      row["picojoules"] = roundForReport(price.price->picojoules);
      row["origin"] = getName(price.price->origin);
      prices.push_back(std::move(row));
    } else {
      unpriced.push_back(std::move(row));
    }
  }
  root["prices"] = std::move(prices);
  root["unpriced"] = std::move(unpriced);
}

} // namespace shiftadd::tools
