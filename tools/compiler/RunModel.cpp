//===- RunModel.cpp - Models that are compiled or interpreted on the spot -*-
// C++ -*-===//
//
// Part of the shiftadd project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
#include "tools/compiler/RunModel.h"

#include "codegen/Emit/KernelCache.h"
#include "dialects/Reference/Interpreter.h"
#include "frontend/Onnx/ModelReader.h"
#include "tools/compiler/Compiler.h"
#include "tools/compiler/FixedValues.h"
#include "tools/compiler/Interpretation.h"
#include "tools/tensor-files/ModelInputs.h"

#include "llvm/ADT/StringExtras.h"
#include "llvm/Support/FileSystem.h"
#include "llvm/Support/Signals.h"
#include "llvm/Support/Threading.h"

namespace shiftadd::tools {

namespace {

int report(const Failure &failure, std::string &error) {
  error = llvm::join(failure.lines, "\n");
  return failure.code;
}

int fail(ExitCode code, std::string text, std::string &error) {
  error = std::move(text);
  return code;
}

/// The tensor given for graph input `index`: by name, or by position.
const Tensor *findGiven(const std::vector<Tensor> &given,
                        const std::string &name, size_t index) {
  bool named = llvm::any_of(
      given, [](const Tensor &tensor) { return !tensor.name.empty(); });
  if (!named)
    return index < given.size() ? &given[index] : nullptr;
  for (const Tensor &tensor : given)
    if (tensor.name == name)
      return &tensor;
  return nullptr;
}

/// Graph inputs of an ONNX file that are no initializers.
void readGraphInputs(const std::string &path,
                     std::vector<onnx_import::ValueInfo> &inputs) {
  std::string error;
  onnx_import::Model model;
  bool unsupported = false;
  // A file that is not read here is refused, with its full story, by the
  // import.
  if (!onnx_import::readModel(path, model, error, unsupported))
    return;
  for (const onnx_import::ValueInfo &input : model.graph.inputs)
    if (llvm::none_of(model.graph.initializers,
                      [&](const onnx_import::TensorData &tensor) {
                        return tensor.name == input.name;
                      }))
      inputs.push_back(input);
}

/// Takes the given shape for an input whose own shape leaves more than the
/// batch open.
void chooseShapes(const std::vector<onnx_import::ValueInfo> &inputs,
                  const std::vector<Tensor> &given,
                  onnx_import::ImportOptions &options) {
  for (auto [index, input] : llvm::enumerate(inputs)) {
    const Tensor *tensor = findGiven(given, input.name, index);
    if (!tensor)
      continue;
    bool open = !input.hasShape;
    for (size_t d = 1; d < input.shape.size(); ++d)
      open |= !input.shape[d].size;
    if (open)
      options.shapes[input.name] = tensor->shape;
  }
}

/// Imports, fixing the inputs that decide shapes to the given values.
bool load(const std::vector<Tensor> &given, CompilerOptions &options,
          mlir::MLIRContext &context, mlir::OwningOpRef<mlir::ModuleOp> &module,
          Failure &failure) {
  std::vector<onnx_import::ValueInfo> inputs;
  llvm::StringRef path = options.input;
  if (!path.ends_with(".mlir") && !path.ends_with(".mlirbc")) {
    readGraphInputs(options.input, inputs);
    chooseShapes(inputs, given, options.import);
  }
  for (size_t attempt = 0; attempt <= inputs.size(); ++attempt) {
    failure = {};
    if (loadModule(options, context, module, failure))
      return true;
    bool fixed = false;
    for (const std::string &name : failure.inputsToFix)
      for (auto [index, input] : llvm::enumerate(inputs)) {
        const Tensor *tensor = findGiven(given, name, index);
        if (input.name != name || !tensor || options.import.values.count(name))
          continue;
        options.import.values[name] = getFixedValue(*tensor);
        fixed = true;
      }
    if (!fixed)
      return false;
  }
  return false;
}

int interpret(mlir::ModuleOp module, const CompileForInputs &request,
              std::vector<Tensor> &outputs, std::string &error) {
  auto function = module.lookupSymbol<mlir::func::FuncOp>("main");
  if (!function)
    return fail(ExitInvalidInput,
                request.model + ": error: the module has no function @main",
                error);
  std::vector<TensorSpec> specs = getInputSpecs(function);
  TensorSet set;
  set.tensors = request.inputs;
  set.named = llvm::any_of(
      set.tensors, [](const Tensor &tensor) { return !tensor.name.empty(); });
  std::vector<Tensor> ordered;
  RunPlan plan;
  if (!assignInputs(specs, "the inputs", set, ordered, error) ||
      !planRuns(specs, ordered, plan, error))
    return ExitInvalidInput;

  outputs.clear();
  for (int64_t part = 0; part < plan.runs; ++part) {
    auto arguments =
        getArguments(function, ordered, plan.shared, part, plan.runs);
    auto results = arguments ? ref::runFunction(function, *arguments)
                             : llvm::Expected<llvm::SmallVector<ref::Tensor>>(
                                   arguments.takeError());
    if (!results)
      return fail(ExitInternalError,
                  request.model +
                      ": error: " + llvm::toString(results.takeError()),
                  error);
    for (auto [index, result] : llvm::enumerate(*results)) {
      if (part == 0) {
        TensorSpec spec = getSpec(
            result.getType(), function.getResultAttr(index, kNameAttribute));
        Tensor output;
        output.name = spec.name;
        output.type = shiftadd_type(spec.type);
        output.shape = spec.shape;
        if (plan.runs > 1 && !output.shape.empty())
          output.shape.front() *= plan.runs;
        outputs.push_back(output);
      }
      outputs[index].bytes.insert(outputs[index].bytes.end(),
                                  result.getBytes().begin(),
                                  result.getBytes().end());
    }
  }
  return ExitSuccess;
}

} // namespace

int compileOrInterpret(const CompileForInputs &request,
                       std::vector<Tensor> &outputs, std::string &libraryPath,
                       std::string &error) {
  CompilerOptions options;
  options.input = request.model;
  options.stages.prune = request.prune;
  mlir::DialectRegistry registry;
  registerDialects(registry);
  mlir::MLIRContext context(registry);
  context.loadAllAvailableDialects();
  mlir::OwningOpRef<mlir::ModuleOp> module;
  Failure failure;
  if (!load(request.inputs, options, context, module, failure))
    return report(failure, error);
  // The quantize stage is the last that changes a result: its interpretation is
  // the oracle of compiled code.
  if (!runStages(options, *module,
                 request.interpret ? Stage::Quantize : Stage::Schedule,
                 failure))
    return report(failure, error);
  if (request.interpret)
    return interpret(*module, request, outputs, error);

  options.target = Target::Host;
  options.describe = false;
  options.threads = llvm::hardware_concurrency().compute_thread_count();
  options.kernelCache = KernelCache::getDefaultFolder();
  llvm::SmallString<128> path;
  if (std::error_code problem =
          llvm::sys::fs::createTemporaryFile("shiftadd-model", "so", path))
    return fail(ExitInvalidInput,
                "error: cannot write a temporary file: " + problem.message(),
                error);
  options.output = path.str().str();
  llvm::sys::RemoveFileOnSignal(path);
  if (!emitLibrary(options, *module, failure)) {
    llvm::sys::fs::remove(path);
    return report(failure, error);
  }
  libraryPath = options.output;
  return ExitSuccess;
}

} // namespace shiftadd::tools
