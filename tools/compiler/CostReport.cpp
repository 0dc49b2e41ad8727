//===- CostReport.cpp - What a network costs, before and after -*- C++ -*-===//
//
// Part of the shiftadd project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Energy stands in parts (arithmetic, on-chip memory, DRAM) and never as one
// sum (E16).
//
//===----------------------------------------------------------------------===//
#include "tools/compiler/CostReport.h"

#include "passes/Normalize/Passes.h"

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

void CostReport::setCalibration(
    const calibration::CalibrationReport &calibration) {
  for (const calibration::LayerReport &layer : calibration.layers)
    if (std::isfinite(layer.signalToNoise))
      signalToNoise[layer.name] = roundForReport(layer.signalToNoise);
  Object object{{"samples", calibration.samples}};
  // Outputs without any noise have no finite ratio.
  if (std::isfinite(calibration.signalToNoise))
    object["signal_to_noise_db"] = roundForReport(calibration.signalToNoise);
  calibrated = std::move(object);
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

Object getFormObject(const LayerForm &form, const PriceTable &table) {
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

static Object sumObject(const IntegerSum &sum) {
  Object object{{"op", sum.op},       {"low", sum.low},
                {"high", sum.high},   {"bits", sum.bits},
                {"width", sum.width}, {"headroom_bits", sum.getHeadroom()}};
  if (sum.scaledBits) {
    object["biased_bits"] = sum.biasedBits;
    object["scaled_bits"] = sum.scaledBits;
  }
  if (!sum.arithmetic.empty())
    object["arithmetic"] = sum.arithmetic;
  return object;
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
      {"compiled", getFormObject(layer.compiled, table)},
      {"baseline_int8", getFormObject(layer.int8, table)},
      {"baseline_equal_precision", getFormObject(layer.equalPrecision, table)}};
  if (before)
    object["imported"] = getFormObject(before->compiled, table);
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
  if (const IntegerSum *widest = layer.getWidestSum()) {
    object["accumulator"] = sumObject(*widest);
    Array sums;
    for (const IntegerSum &sum : layer.sums)
      sums.push_back(sumObject(sum));
    object["sums"] = std::move(sums);
  }
  for (const std::string &node : layer.nodes)
    if (auto noise = signalToNoise.find(node); noise != signalToNoise.end())
      object["signal_to_noise_db"] = noise->second;
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
  if (calibrated)
    root["calibration"] = Object(*calibrated);
  if (!compiled)
    return root;
  Array layers;
  std::set<const LayerCost *> taken;
  for (const LayerCost &layer : compiled->layers)
    layers.push_back(buildLayer(
        layer, imported ? findBefore(*imported, layer, taken) : nullptr));
  root["layers"] = std::move(layers);
  addTotals(root);
  root["taps_at_formats"] = getTapsAtFormats(*compiled, table);
  return root;
}

} // namespace shiftadd::tools
