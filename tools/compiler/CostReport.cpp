//===- CostReport.cpp - What a network costs, before and after -*- C++ -*-===//
//
// Part of the shiftadd project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Energy stands in parts (arithmetic, on-chip memory, DRAM) and never as one
// sum (E16); every ratio is of two networks whose widths stand in the same
// sentence (E17).
//
//===----------------------------------------------------------------------===//
#include "tools/compiler/CostReport.h"

#include "passes/Normalize/Passes.h"

#include "llvm/ADT/StringExtras.h"
#include "llvm/Support/FormatVariadic.h"

#include <cmath>
#include <set>

namespace shiftadd::tools {

using llvm::json::Array;
using llvm::json::Object;

double roundForReport(double value) {
  char text[40];
  std::snprintf(text, sizeof(text), "%.9g", value);
  return std::strtod(text, nullptr);
}

std::string formatCount(int64_t count) { return std::to_string(count); }

std::string formatMicrojoules(double energy) {
  char text[32];
  if (energy == 0)
    return "0";
  int digits = 3 - int(std::floor(std::log10(std::abs(energy))));
  std::snprintf(text, sizeof(text), "%.*f", std::max(0, std::min(6, digits)),
                energy);
  return text;
}

//===----------------------------------------------------------------------===//
// Collecting
//===----------------------------------------------------------------------===//

llvm::Expected<NetworkCost> CostReport::count(mlir::ModuleOp module,
                                              const NetworkCost *before) {
  auto stage = getStage(module);
  if (!stage || int(*stage) < int(Stage::Normalize))
    return llvm::createStringError(
        "a report needs the stage normalize or a later one");
  if (int(*stage) >= int(Stage::Fuse))
    return getNetworkCost(module, memory, before);
  // Layers are what fusion makes; the module itself stays as it is. Weights
  // that are stored as codes are numbers in a network that is not quantized.
  mlir::OwningOpRef<mlir::ModuleOp> copy(module.clone());
  mlir::PassManager manager(module.getContext());
  FoldConstantsPassOptions fold;
  fold.foldDequantize = true;
  manager.addNestedPass<mlir::func::FuncOp>(createFoldConstantsPass(fold));
  addStagePasses(manager, Stage::Fuse);
  if (mlir::failed(manager.run(*copy)))
    return llvm::createStringError("the network cannot be fused for a report");
  return getNetworkCost(*copy, memory, before);
}

llvm::Error CostReport::setImported(mlir::ModuleOp module) {
  auto cost = count(module, nullptr);
  if (!cost)
    return cost.takeError();
  imported = std::move(*cost);
  return llvm::Error::success();
}

llvm::Error CostReport::setCompiled(mlir::ModuleOp module) {
  auto cost = count(module, imported ? &*imported : nullptr);
  if (!cost)
    return cost.takeError();
  compiled = std::move(*cost);
  return llvm::Error::success();
}

llvm::Error CostReport::setLibrary(llvm::StringRef libraryJson) {
  auto parsed = llvm::json::parse(libraryJson);
  if (!parsed)
    return parsed.takeError();
  const Object *root = parsed->getAsObject();
  if (!root)
    return llvm::createStringError("the library's description is no object");
  if (const Array *layers = root->getArray("layers"))
    for (const llvm::json::Value &value : *layers)
      if (const Object *layer = value.getAsObject())
        if (auto unit = layer->getString("unit"))
          units[layer->getString("name").value_or("").str()] = unit->str();
  for (const char *key : {"targets", "arena_bytes", "live_bytes"})
    if (const llvm::json::Value *value = root->get(key))
      library[key] = *value;
  return llvm::Error::success();
}

//===----------------------------------------------------------------------===//
// The document
//===----------------------------------------------------------------------===//

static Object energyObject(const Energy &energy) {
  auto microjoules = [](double picojoules) {
    return roundForReport(picojoules * 1e-6);
  };
  return Object{{"arithmetic", microjoules(energy.taps + energy.other)},
                {"arithmetic_of_taps", microjoules(energy.taps)},
                {"on_chip_memory", microjoules(energy.onChip)},
                {"dram", microjoules(energy.dram)}};
}

static Array operationsArray(const OperationCounts &counts) {
  Array array;
  for (const OperationCounts::Entry &entry : counts.getEntries())
    array.push_back(Object{{"operation", getName(entry.kind)},
                           {"format", getName(entry.format)},
                           {"count", entry.count}});
  return array;
}

static Object formObject(const LayerForm &form, const PriceTable &table) {
  auto bytes = [](double bits) { return int64_t(std::llround(bits / 8)); };
  const MemoryTraffic &traffic = form.traffic;
  return Object{
      {"operations_of_taps", operationsArray(form.taps)},
      {"other_operations", operationsArray(form.other)},
      {"memory_bytes",
       Object{{"dram", bytes(traffic.dram)},
              {"global_buffer", bytes(traffic.globalBuffer)},
              {"network", bytes(traffic.network)},
              {"network_partial_sums", bytes(traffic.networkPartialSums)},
              {"register_file", bytes(traffic.registerFile)},
              {"register_file_weights", bytes(traffic.registerFileWeights)}}},
      {"energy_uj", energyObject(getEnergy(form, table))}};
}

Object CostReport::buildLayer(const LayerCost &layer,
                              const LayerCost *before) const {
  Array shape;
  for (int64_t size : layer.outputShape)
    shape.push_back(size);
  Object object{
      {"name", layer.name},
      {"nodes", Array(layer.nodes)},
      {"ops", Array(layer.ops)},
      {"output_shape", std::move(shape)},
      {"output_format", getName(layer.output)},
      {"taps", Object{{"multiply", layer.multiplyTaps},
                      {"shift", layer.shiftTaps},
                      {"adder", layer.adderTaps}}},
      {"weight_elements", layer.weightElements},
      {"weight_bytes", layer.weightBytes},
      {"constant_bytes", layer.constantBytes},
      {"input_bytes", layer.inputBytes},
      {"output_bytes", layer.outputBytes},
      {"compiled", formObject(layer.compiled, table)},
      {"baseline_int8", formObject(layer.int8, table)},
      {"baseline_equal_precision", formObject(layer.equalPrecision, table)}};
  if (before)
    object["imported"] = formObject(before->compiled, table);
  if (auto unit = units.find(layer.name); unit != units.end())
    object["unit"] = unit->second;
  if (layer.activations.bits) {
    object["activation_format"] = getName(layer.activations);
    object["weight_format"] = layer.hasTermCodes
                                  ? "pot" + std::to_string(layer.weights.bits)
                                  : getName(layer.weights);
  }
  if (layer.shiftTaps)
    object["terms_per_tap"] =
        roundForReport(double(layer.shiftTerms) / double(layer.shiftTaps));
  if (layer.accumulator)
    object["accumulator"] = Object{{"low", layer.accumulator->low},
                                   {"high", layer.accumulator->high},
                                   {"bits", layer.accumulator->bits}};
  return object;
}

/// The layer of the imported network that became `layer`: with the same ONNX
/// nodes, or of the same name.
static const LayerCost *findBefore(const NetworkCost &imported,
                                   const LayerCost &layer,
                                   std::set<const LayerCost *> &taken) {
  auto hasNode = [&](const std::string &node) {
    return llvm::is_contained(layer.nodes, node);
  };
  for (const LayerCost &before : imported.layers)
    if (llvm::any_of(before.nodes, hasNode) && taken.insert(&before).second)
      return &before;
  for (const LayerCost &before : imported.layers)
    if (before.name == layer.name && before.hasTaps() == layer.hasTaps() &&
        taken.insert(&before).second)
      return &before;
  return nullptr;
}

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

static Array tapsAtFormats(const NetworkCost &network,
                           const PriceTable &chosen) {
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
      {"compiled", formObject(after, table)},
      {"baseline_int8", formObject(int8, table)},
      {"baseline_equal_precision", formObject(equal, table)}};
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
    totals["imported"] = formObject(before, table);
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

static Array conventions() {
  return Array{
      "Energy is modelled: counts times the prices of the table, memory "
      "accesses times those of the memory model. Nothing is measured.",
      "It says nothing about CPUs: there shift layers run on the multiplier "
      "unit where that is faster, and the column unit names what runs.",
      "A tap is one weight times one output. Multiply: one multiplication and "
      "one addition; shift: one shift and one addition per non-zero term; "
      "adder: two additions, the absolute value not counted.",
      "Padded taps are counted for all kinds of layers. Zero weights cost "
      "nothing in shift layers and their full price in multiply and adder "
      "layers.",
      "Operations are priced at the width of their operands, additions to an "
      "accumulator too.",
      "Counted as other arithmetic: requantisation, batch normalisation, "
      "activations, pooling, residual sums. Not counted: data movement, logic "
      "on bits, biases that a sum starts from.",
      "Baseline: the same layers with multiplications, at the widths of the "
      "compiled layer and with 8-bit integers; adder layers that a conversion "
      "has added are not part of it.",
      "Weights count in the bits of their code. A tensor stays on the chip "
      "only inside one fused layer."};
}

Object CostReport::build() const {
  const MemoryPrices &memoryPrices = table.getMemory();
  Object root{{"version", kReportVersion},
              {"model", model},
              {"price_table", Object{{"name", table.getName().str()},
                                     {"version", table.getVersion().str()},
                                     {"source", table.getSource().str()}}},
              {"memory_model",
               Object{{"name", memoryPrices.name},
                      {"version", memoryPrices.version},
                      {"source", memoryPrices.source},
                      {"processing_elements", memoryPrices.processingElements},
                      {"global_buffer_words", memoryPrices.globalBufferWords}}},
              {"library", Object(library)},
              {"conventions", conventions()}};
  if (!compiled)
    return root;
  Array layers;
  std::set<const LayerCost *> taken;
  for (const LayerCost &layer : compiled->layers)
    layers.push_back(buildLayer(
        layer, imported ? findBefore(*imported, layer, taken) : nullptr));
  root["layers"] = std::move(layers);
  addTotals(root);
  root["taps_at_formats"] = tapsAtFormats(*compiled, table);
  return root;
}

} // namespace shiftadd::tools
