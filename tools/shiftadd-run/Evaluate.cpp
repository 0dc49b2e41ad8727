//===- Evaluate.cpp - Running a network on many samples -------------------===//
//
// Part of the shiftadd project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "tools/shiftadd-run/Evaluate.h"
#include "tools/shiftadd-run/Evaluation.h"
#include "tools/shiftadd-run/ExitStatus.h"
#include "tools/shiftadd-run/ModelSource.h"
#include "tools/shiftadd-run/Preprocess.h"
#include "tools/shiftadd-run/Progress.h"
#include "tools/shiftadd-run/StageTable.h"

#include "llvm/Support/FileSystem.h"
#include "llvm/Support/FormatVariadic.h"

#include <algorithm>

namespace shiftadd::tools {
namespace {

/// Samples per call of a library with a free batch: enough that calls cost
/// nothing, few enough that progress is seen.
constexpr int64_t samplesPerCall = 16;

/// The samples as the inputs of another model: by name where every input finds
/// its array, else in the given order.
llvm::Error assignSamples(const std::vector<TensorSpec> &inputs,
                          const Samples &samples, const std::string &source,
                          std::vector<Tensor> &ordered, RunPlan &plan) {
  TensorSet set;
  set.tensors = samples.inputs;
  set.named = llvm::all_of(inputs, [&](const TensorSpec &input) {
    return input.isFixed ||
           llvm::any_of(samples.inputs, [&](const Tensor &tensor) {
             return tensor.name == input.name;
           });
  });
  std::string error;
  if (!assignInputs(inputs, source, std::move(set), ordered, error))
    return wrongInput(error);
  if (!planRuns(inputs, ordered, plan, error))
    return wrongInput(source + ": " + error);
  return llvm::Error::success();
}

} // namespace

void printJson(llvm::json::Object object) {
  llvm::outs() << llvm::formatv("{0:2}", llvm::json::Value(std::move(object)))
               << "\n";
}

int64_t countRows(const Samples &samples) {
  for (auto [input, shared] :
       llvm::zip_equal(samples.inputs, samples.plan.shared))
    if (!shared)
      return input.shape[0];
  return samples.count;
}

llvm::Expected<std::vector<Tensor>> runOnSamples(LoadedModel &model,
                                                 const Samples &samples,
                                                 const std::string &source,
                                                 SampleProgress progress) {
  std::vector<Tensor> inputs;
  RunPlan plan;
  if (llvm::Error error =
          assignSamples(model.inputs(), samples, source, inputs, plan))
    return error;
  std::vector<Tensor> outputs;
  for (const TensorSpec &spec : model.outputs()) {
    Tensor &output = outputs.emplace_back();
    output.name = spec.name;
    output.type = shiftadd_type(spec.type);
    output.shape = stackedShape(spec, plan);
    std::string error;
    if (!allocate(output, error))
      return failure(InternalError, "output '" + spec.name + "': " + error);
  }
  // A part is one sample of a free batch, or one run of a fixed one.
  bool isFree = plan.runs == 1 && plan.batch > 1;
  int64_t parts = isFree ? plan.batch : plan.runs;
  for (int64_t first = 0; first < parts;) {
    int64_t count = isFree ? std::min(samplesPerCall, parts - first) : 1;
    std::vector<const void *> from;
    std::vector<void *> to;
    for (auto [input, shared] : llvm::zip_equal(inputs, plan.shared))
      from.push_back(
          input.bytes.data() +
          (shared ? 0
                  : uint64_t(first) * (input.bytes.size() / uint64_t(parts))));
    for (Tensor &output : outputs)
      to.push_back(output.bytes.data() +
                   uint64_t(first) * (output.bytes.size() / uint64_t(parts)));
    if (llvm::Error error = model.run(from, to, isFree ? count : plan.batch))
      return error;
    first += count;
    progress(first, parts);
  }
  return outputs;
}

llvm::Expected<LoadedModel> openForSamples(const std::string &path,
                                           const std::string &data, int threads,
                                           std::optional<PruneRequest> prune) {
  llvm::Expected<bool> library = isLibrary(path);
  if (!library)
    return library.takeError();
  if (*library && prune)
    return wrongInput(path + ": a library cannot be pruned; give the model");
  if (*library)
    return LoadedModel::open(path, threads);
  // Arrays named like inputs decide the dimensions that the model leaves open.
  TensorSet set;
  std::string error;
  if (llvm::sys::fs::is_directory(data) || !readTensorSet(data, set, error) ||
      !set.named)
    set.tensors.clear();
  return compileAndLoad(path, set.tensors, threads, prune);
}

llvm::Expected<Samples> readSamples(const LoadedModel &model,
                                    const Options &options) {
  llvm::Expected<Normalisation> normalisation =
      storedNormalisation(model.json());
  if (!normalisation)
    return normalisation.takeError();
  if (!options.imageMean.empty())
    normalisation->mean = options.imageMean;
  if (!options.imageScale.empty())
    normalisation->scale = options.imageScale;
  Samples samples;
  std::string error;
  if (!loadSamples(options.evaluate, model.inputs(), *normalisation,
                   /*limit=*/0, samples, error))
    return wrongInput(error);
  const Normalisation plain;
  if (samples.hasPictures && samples.inputs[0].type != SHIFTADD_UINT8 &&
      options.imageMean.empty() && options.imageScale.empty() &&
      normalisation->mean == plain.mean && normalisation->scale == plain.scale)
    llvm::errs() << "shiftadd-run: warning: " << options.evaluate
                 << ": pictures are taken as values from 0 to 255; "
                    "--image-mean and --image-scale give others\n";
  return samples;
}

llvm::Error runEvaluate(const Options &options) {
  llvm::Expected<LoadedModel> model =
      openForSamples(options.model, options.evaluate, options.threads);
  if (!model)
    return model.takeError();
  llvm::Expected<Samples> samples = readSamples(*model, options);
  if (!samples)
    return samples.takeError();
  if (options.reference.empty() && samples->labels.empty())
    return wrongInput(options.evaluate +
                      ": holds no 'labels', and no --reference is given: there "
                      "is nothing to compare with");

  Progress progress("samples");
  auto report = [&](int64_t done, int64_t total) { progress(done, total); };
  std::vector<Tensor> expected;
  if (!options.reference.empty()) {
    llvm::Expected<LoadedModel> reference =
        openForSamples(options.reference, options.evaluate, options.threads);
    if (!reference)
      return reference.takeError();
    llvm::Expected<std::vector<Tensor>> outputs =
        runOnSamples(*reference, *samples,
                     options.reference + ": " + options.evaluate, report);
    if (!outputs)
      return outputs.takeError();
    expected = std::move(*outputs);
  }
  llvm::Expected<std::vector<Tensor>> outputs =
      runOnSamples(*model, *samples, options.evaluate, report);
  if (!outputs)
    return outputs.takeError();

  llvm::Expected<Evaluation> evaluation =
      evaluate(*outputs, expected, samples->labels, countRows(*samples),
               options.evaluate);
  if (!evaluation)
    return evaluation.takeError();
  llvm::errs() << "shiftadd-run: target " << model->target() << ", "
               << options.threads
               << (options.threads == 1 ? " thread\n" : " threads\n");
  if (options.json)
    printJson(evaluationToJson(*evaluation));
  else
    printEvaluation(*evaluation, llvm::outs());
  return flushOutput();
}

llvm::Error runCompareStages(const Options &options) {
  Progress progress("samples");
  CompareStagesRequest request;
  request.first = options.model;
  request.second = options.secondModel;
  request.inputs = options.inputs;
  if (!options.imageMean.empty())
    request.normalisation.mean = options.imageMean;
  if (!options.imageScale.empty())
    request.normalisation.scale = options.imageScale;
  request.progress = [&](int64_t done, int64_t total) {
    progress(done, total);
  };
  llvm::Expected<StageComparison> comparison = compare(request);
  if (!comparison)
    return comparison.takeError();
  if (options.json)
    printJson(stageTableToJson(*comparison));
  else
    printStageTable(*comparison, llvm::outs());
  return flushOutput();
}

} // namespace shiftadd::tools
