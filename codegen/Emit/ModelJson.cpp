//===- ModelJson.cpp - What a library says about itself -*- C++ -*-===//
//
// Part of the shiftadd project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Schema version 1. Layer costs are counts of scalar operations per sample;
// they carry no prices.
//
//===----------------------------------------------------------------------===//
#include "codegen/Emit/Emit.h"
#include "codegen/Schedule/Passes.h"

#include "dialects/ShiftAdd/IR/Costs.h"
#include "dialects/ShiftAdd/IR/WeightView.h"

#include "llvm/Support/JSON.h"

namespace shiftadd {

static std::string getTypeName(mlir::Type elementType) {
  mlir::Type type = getStorageType(elementType);
  if (type.isInteger(1))
    return "bool";
  if (type.isBF16())
    return "bfloat16";
  std::string name = type.isUnsignedInteger() ? "uint"
                     : type.isInteger()       ? "int"
                                              : "float";
  return name + std::to_string(type.getIntOrFloatBitWidth());
}

static llvm::json::Array getShape(mlir::Type type) {
  llvm::json::Array shape;
  for (int64_t size : llvm::cast<mlir::RankedTensorType>(type).getShape())
    shape.push_back(mlir::ShapedType::isDynamic(size) ? -1 : size);
  return shape;
}

static llvm::json::Object getTensor(mlir::Type type, mlir::Attribute name) {
  auto text = llvm::dyn_cast_or_null<mlir::StringAttr>(name);
  return llvm::json::Object{
      {"name", text ? text.getValue() : ""},
      {"type",
       getTypeName(llvm::cast<mlir::RankedTensorType>(type).getElementType())},
      {"shape", getShape(type)}};
}

static llvm::json::Object getLayer(LaunchOp launch, KernelOp kernel,
                                   const std::string &unit) {
  llvm::json::Array ops;
  for (mlir::Operation &op : kernel.getBody().front().without_terminator())
    ops.push_back(op.getName().stripDialect());
  OperationCounts counts = countOperations(launch, kernel);
  int64_t constantBytes = 0;
  for (auto [index, input] : llvm::enumerate(launch.getInputs()))
    if (kernel.getConstants()[index])
      constantBytes +=
          tensorType(input).getNumElements() *
          getElementBytes(getStorageType(tensorType(input).getElementType()));
  return llvm::json::Object{
      {"name", launch.getName()},
      {"kernel", launch.getKernel()},
      {"ops", std::move(ops)},
      {"unit", unit},
      {"output_shape", getShape(launch.getResultTypes()[0])},
      {"output_type",
       getTypeName(tensorType(launch.getResult(0)).getElementType())},
      {"constant_bytes", constantBytes},
      {"multiplications", counts.getTotal(OperationKind::Multiply)},
      {"additions", counts.getTotal(OperationKind::Add)},
      {"shifts", counts.getTotal(OperationKind::Shift)},
      {"comparisons", counts.getTotal(OperationKind::Compare)},
      {"divisions", counts.getTotal(OperationKind::Divide)},
      {"lookups", counts.getTotal(OperationKind::Lookup)},
      {"functions", counts.getTotal(OperationKind::Function)}};
}

std::string getModelJson(mlir::ModuleOp module, const EmitOptions &options,
                         const llvm::StringMap<std::string> &units) {
  auto function = module.lookupSymbol<mlir::func::FuncOp>("main");
  llvm::json::Array inputs, outputs, layers, targets;
  for (unsigned i = 0; i < function.getNumArguments(); ++i)
    inputs.push_back(getTensor(function.getArgumentTypes()[i],
                               function.getArgAttr(i, kNameAttribute)));
  for (unsigned i = 0; i < function.getNumResults(); ++i)
    outputs.push_back(getTensor(function.getResultTypes()[i],
                                function.getResultAttr(i, kNameAttribute)));
  mlir::SymbolTable symbols(module);
  for (auto launch : function.getOps<LaunchOp>())
    layers.push_back(getLayer(launch,
                              symbols.lookup<KernelOp>(launch.getKernel()),
                              units.lookup(launch.getKernel())));
  for (halide_gen::CpuLevel level : options.levels)
    targets.push_back(getTargetName(level));
  llvm::json::Object root{{"schema", 1},
                          {"inputs", std::move(inputs)},
                          {"outputs", std::move(outputs)},
                          {"targets", std::move(targets)},
                          {"layers", std::move(layers)}};
  for (llvm::StringRef name : {kArenaBytesAttribute, kLiveBytesAttribute})
    if (auto bytes = function->getAttrOfType<mlir::IntegerAttr>(name))
      root[name.drop_front(strlen("shiftadd."))] = bytes.getInt();
  const auto &[mean, scale] = options.preprocessing;
  if (!mean.empty() || !scale.empty())
    root["preprocessing"] =
        llvm::json::Object{{"mean", mean.empty() ? llvm::json::Array{0.0}
                                                 : llvm::json::Array(mean)},
                           {"scale", scale.empty() ? llvm::json::Array{1.0}
                                                   : llvm::json::Array(scale)}};
  std::string text;
  llvm::raw_string_ostream(text)
      << llvm::formatv("{0:2}", llvm::json::Value(std::move(root))) << "\n";
  return text;
}

} // namespace shiftadd
