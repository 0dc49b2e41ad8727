//===- LoadedModel.cpp - A model library in memory ------------------------===//
//
// Part of the shiftadd project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// The only file that calls the runtime.
//
//===----------------------------------------------------------------------===//

#include "tools/shiftadd-run/LoadedModel.h"
#include "tools/shiftadd-run/ExitStatus.h"

#include <chrono>

namespace shiftadd::tools {
namespace {

llvm::Error runtimeError(int status, const shiftadd_session *session,
                         const llvm::Twine &context) {
  int exit = InternalError;
  if (status == SHIFTADD_INVALID_ARGUMENT)
    exit = WrongInput;
  else if (status == SHIFTADD_NO_TARGET)
    exit = NotSupported;
  return failure(exit, context + shiftadd_last_error(session));
}

TensorSpec toSpec(const shiftadd_tensor_info &info) {
  TensorSpec spec;
  spec.name = info.name;
  spec.type = info.type;
  spec.shape.assign(info.shape, info.shape + info.rank);
  if (info.required_value) {
    spec.isFixed = true;
    auto *bytes = static_cast<const uint8_t *>(info.required_value);
    spec.fixedValue.assign(bytes, bytes + info.bytes);
  }
  return spec;
}

} // namespace

llvm::Expected<LoadedModel> LoadedModel::open(const std::string &path,
                                              int threads) {
  auto start = std::chrono::steady_clock::now();
  LoadedModel result;
  shiftadd_model *model = nullptr;
  shiftadd_session *session = nullptr;
  if (int status = shiftadd_open(path.c_str(), &model))
    return runtimeError(status, nullptr, "");
  result.model.reset(model);
  if (int status = shiftadd_create(model, &session))
    return runtimeError(status, nullptr, path + ": ");
  result.session.reset(session);
  if (int status = shiftadd_set_threads(session, threads))
    return runtimeError(status, session, path + ": ");
  result.loadTime = std::chrono::duration<double, std::milli>(
                        std::chrono::steady_clock::now() - start)
                        .count();
  for (uint32_t i = 0; i < shiftadd_input_count(model); ++i)
    result.inputSpecs.push_back(toSpec(*shiftadd_input(model, i)));
  for (uint32_t i = 0; i < shiftadd_output_count(model); ++i)
    result.outputSpecs.push_back(toSpec(*shiftadd_output(model, i)));
  for (const auto *specs : {&result.inputSpecs, &result.outputSpecs})
    for (const TensorSpec &spec : *specs)
      if (!elementBytes(spec.type))
        return failure(InternalError, path + ": tensor '" + spec.name +
                                          "' has an unknown element type");
  return result;
}

llvm::Error LoadedModel::enableProfiling() {
  if (int status = shiftadd_set_profiling(session.get(), 1))
    return runtimeError(status, session.get(), "");
  return llvm::Error::success();
}

llvm::Error LoadedModel::run(llvm::ArrayRef<const void *> inputs,
                             llvm::ArrayRef<void *> outputs, int64_t batch) {
  if (int status =
          shiftadd_run(session.get(), inputs.data(), outputs.data(), batch))
    return runtimeError(status, session.get(), "");
  return llvm::Error::success();
}

llvm::ArrayRef<uint64_t> LoadedModel::layerNanoseconds() const {
  const uint64_t *times = shiftadd_layer_nanoseconds(session.get());
  return {times, times ? layerCount() : 0};
}

llvm::Expected<Execution> Execution::create(LoadedModel &model,
                                            const std::vector<Tensor> &inputs,
                                            const RunPlan &plan) {
  Execution execution(model, plan.batch);
  for (const TensorSpec &spec : model.outputs()) {
    Tensor &output = execution.outputTensors.emplace_back();
    output.name = spec.name;
    output.type = shiftadd_type(spec.type);
    output.shape = stackedShape(spec, plan);
    std::string error;
    if (!allocate(output, error))
      return failure(InternalError, "output '" + spec.name + "': " + error);
  }
  uint64_t runs = uint64_t(plan.runs);
  for (uint64_t r = 0; r < runs; ++r) {
    Part &part = execution.parts.emplace_back();
    for (size_t i = 0; i < inputs.size(); ++i) {
      const std::vector<uint8_t> &bytes = inputs[i].bytes;
      part.inputs.push_back(bytes.data() +
                            (plan.shared[i] ? 0 : r * (bytes.size() / runs)));
    }
    for (Tensor &output : execution.outputTensors)
      part.outputs.push_back(output.bytes.data() +
                             r * (output.bytes.size() / runs));
  }
  return execution;
}

llvm::Error Execution::run() {
  layerTimes.clear();
  for (const Part &part : parts) {
    if (llvm::Error error = model->run(part.inputs, part.outputs, batch))
      return error;
    llvm::ArrayRef<uint64_t> times = model->layerNanoseconds();
    layerTimes.resize(times.size());
    for (size_t i = 0; i < times.size(); ++i)
      layerTimes[i] += times[i];
  }
  return llvm::Error::success();
}

} // namespace shiftadd::tools
