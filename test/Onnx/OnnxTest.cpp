//===- OnnxTest.cpp - One folder of an ONNX test suite -----*- C++ -*- -===//
//
// Part of the shiftadd project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
#include "test/Onnx/OnnxTest.h"

#include "frontend/Onnx/ModelReader.h"
#include "test/Onnx/CompareTensors.h"
#include "tools/compiler/RunModel.h"
#include "tools/shiftadd-run/LoadedModel.h"
#include "tools/tensor-files/TensorFiles.h"

#include <filesystem>

namespace shiftadd::test {
namespace {

namespace fs = std::filesystem;
using tools::Tensor;

void addOperators(const std::vector<onnx_import::Node> &nodes,
                  const std::set<std::string> &functions,
                  std::set<std::string> &operators) {
  for (const onnx_import::Node &node : nodes) {
    bool standard = node.domain.empty() || node.domain == "ai.onnx";
    if (!functions.count(node.domain + "." + node.type))
      operators.insert(standard ? node.type : node.domain + "." + node.type);
    for (const auto &[name, attribute] : node.attributes)
      if (auto *graph = std::get_if<std::shared_ptr<onnx_import::Graph>>(
              &attribute.value))
        addOperators((*graph)->nodes, functions, operators);
  }
}

/// Reads PREFIX_0.pb, PREFIX_1.pb and so on.
bool readTensors(const fs::path &folder, const std::string &prefix,
                 std::vector<Tensor> &tensors, std::string &error) {
  for (size_t index = 0;; ++index) {
    fs::path path = folder / (prefix + "_" + std::to_string(index) + ".pb");
    if (!fs::exists(path))
      return true;
    if (!tools::readTensor(path.string(), tensors.emplace_back(), error))
      return false;
    // Tensors are matched by position.
    tensors.back().name.clear();
  }
}

TestResult failed(int code, std::string message) {
  const char *status = code == 3   ? "refused"
                       : code == 1 ? "invalid"
                                   : "internal";
  return {status, std::move(message)};
}

TestResult runLibrary(const std::string &path, const std::vector<Tensor> &given,
                      std::vector<Tensor> &outputs) {
  auto model = tools::LoadedModel::open(path, /*threads=*/1);
  std::error_code ignored;
  fs::remove(path, ignored);
  if (!model)
    return {"internal", llvm::toString(model.takeError())};
  std::string error;
  tools::TensorSet set;
  set.tensors = given;
  std::vector<Tensor> inputs;
  tools::RunPlan plan;
  if (!tools::assignInputs(model->inputs(), "the test", std::move(set), inputs,
                           error) ||
      !tools::planRuns(model->inputs(), inputs, plan, error))
    return {"invalid", error};
  auto execution = tools::Execution::create(*model, inputs, plan);
  if (!execution)
    return {"internal", llvm::toString(execution.takeError())};
  if (llvm::Error problem = execution->run())
    return {"internal", llvm::toString(std::move(problem))};
  outputs = execution->takeOutputs();
  return {"pass", ""};
}

/// The largest step between floats of the outputs' types.
double largestStep(const std::vector<Tensor> &outputs) {
  double step = 0;
  for (const Tensor &output : outputs)
    step = std::max(step, floatStep(output.type));
  return step;
}

/// For expected outputs, which NumPy computed, mostly in the output's type;
/// some operators round to it on the way.
Tolerance expectedTolerance(const std::vector<Tensor> &outputs) {
  Tolerance tolerance;
  tolerance.relative = std::max(1e-5, 2 * largestStep(outputs));
  tolerance.absolute = 1e-7;
  tolerance.ofLargest = std::max(1e-6, largestStep(outputs) / 2);
  return tolerance;
}

/// That of ONNX's own test runner, which knows no types.
Tolerance onnxTolerance(const std::vector<Tensor> &outputs) {
  Tolerance tolerance;
  tolerance.relative = std::max(1e-3, 2 * largestStep(outputs));
  tolerance.absolute = 1e-7;
  return tolerance;
}

/// Between the interpreter and compiled code.
Tolerance libraryTolerance(const std::vector<Tensor> &outputs) {
  Tolerance tolerance;
  double step = largestStep(outputs);
  tolerance.ofLargest = step < 1e-15 ? 1e-12 : std::max(1e-5, step);
  return tolerance;
}

std::string number(double value) {
  char text[32];
  std::snprintf(text, sizeof(text), "%.2g", value);
  return text;
}

/// Older tests hold bfloat16 as the bits in a uint16 tensor.
void labelBfloat16(const std::vector<Tensor> &model,
                   std::vector<Tensor> &tensors) {
  for (size_t i = 0; i < std::min(model.size(), tensors.size()); ++i)
    if (model[i].type == SHIFTADD_BFLOAT16 &&
        tensors[i].type == SHIFTADD_UINT16)
      tensors[i].type = SHIFTADD_BFLOAT16;
}

/// The same for inputs, whose types the model declares.
void labelBfloat16(const std::string &path, std::vector<Tensor> &tensors) {
  onnx_import::Model model;
  std::string error;
  bool unsupported = false;
  std::vector<Tensor> declared;
  if (onnx_import::readModel(path, model, error, unsupported))
    for (const onnx_import::ValueInfo &input : model.graph.inputs)
      declared.emplace_back().type = input.type == onnx_import::kBFloat16
                                         ? SHIFTADD_BFLOAT16
                                         : SHIFTADD_FLOAT32;
  labelBfloat16(declared, tensors);
}

TestResult judge(const std::vector<Tensor> &interpreted,
                 const std::vector<Tensor> &computed,
                 const std::vector<Tensor> &expected) {
  double difference = 0, toLibrary = 0;
  std::string error, inexact;
  if (!compareOutputs(computed, interpreted, libraryTolerance(expected),
                      toLibrary, error))
    return {"different", error};
  for (const auto *outputs : {&interpreted, &computed}) {
    if (compareOutputs(*outputs, expected, expectedTolerance(expected),
                       difference, error))
      continue;
    inexact = error;
    if (!compareOutputs(*outputs, expected, onnxTolerance(expected), difference,
                        error))
      return {outputs == &interpreted ? "interpreter" : "library", error};
  }
  if (!inexact.empty())
    return {"inexact", inexact};
  return {"pass", number(difference) + " " + number(toLibrary)};
}

TestResult runDataSet(const std::string &model, const fs::path &folder) {
  std::vector<Tensor> inputs, expected;
  std::string dataError, error;
  if (!readTensors(folder, "input", inputs, dataError) ||
      !readTensors(folder, "output", expected, dataError))
    inputs.clear();
  labelBfloat16(model, inputs);

  tools::CompileForInputs request;
  request.model = model;
  request.inputs = inputs;
  request.interpret = true;
  std::vector<Tensor> interpreted, computed;
  std::string library;
  int code = tools::compileOrInterpret(request, interpreted, library, error);
  if (code == 3)
    return failed(code, error);
  // Only models that are refused may have data of other kinds.
  if (!dataError.empty())
    return {"data", dataError};
  if (code)
    return failed(code, error);
  request.interpret = false;
  code = tools::compileOrInterpret(request, computed, library, error);
  if (code)
    return failed(code, error);
  TestResult result = runLibrary(library, inputs, computed);
  if (result.status != "pass")
    return result;

  labelBfloat16(computed, expected);
  return judge(interpreted, computed, expected);
}

} // namespace

ModelSummary summarize(const std::string &folder) {
  onnx_import::Model model;
  std::string error;
  bool unsupported = false;
  if (!onnx_import::readModel(folder + "/model.onnx", model, error,
                              unsupported))
    return {};
  ModelSummary summary;
  std::set<std::string> functions;
  for (const onnx_import::Function &function : model.functions)
    functions.insert(function.domain + "." + function.name);
  for (const onnx_import::Function &function : model.functions)
    addOperators(function.nodes, functions, summary.operators);
  addOperators(model.graph.nodes, functions, summary.operators);
  for (const auto *values : {&model.graph.inputs, &model.graph.outputs})
    for (const onnx_import::ValueInfo &value : *values)
      if (value.kind == onnx_import::ValueInfo::Tensor)
        summary.types.insert(onnx_import::dataTypeName(value.type));
  return summary;
}

TestResult runTest(const std::string &folder) {
  TestResult result{"data", folder + ": no test_data_set_0"};
  for (size_t index = 0;; ++index) {
    fs::path data =
        fs::path(folder) / ("test_data_set_" + std::to_string(index));
    if (!fs::is_directory(data))
      return result;
    TestResult next = runDataSet(folder + "/model.onnx", data);
    if (next.status != "pass" && next.status != "inexact")
      return next;
    if (index == 0 || next.status == "inexact")
      result = next;
  }
}

} // namespace shiftadd::test
