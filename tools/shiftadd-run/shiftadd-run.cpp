//===- shiftadd-run.cpp - Runs models from the command line ---------------===//
//
// Part of the shiftadd project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Reads tensors or a picture, runs a library or a model, and writes tensors, a
// table of classes, or measurements. Whatever can be wrong is found before the
// first output is written.
//
//===----------------------------------------------------------------------===//

#include "tools/shiftadd-run/Bench.h"
#include "tools/shiftadd-run/Evaluate.h"
#include "tools/shiftadd-run/ExitStatus.h"
#include "tools/shiftadd-run/ModelSource.h"
#include "tools/shiftadd-run/Options.h"
#include "tools/shiftadd-run/Preprocess.h"
#include "tools/shiftadd-run/Profile.h"
#include "tools/shiftadd-run/SparsityCurve.h"
#include "tools/shiftadd-run/TopClasses.h"
#include "tools/tensor-files/LabelFile.h"

#include "llvm/Support/InitLLVM.h"

#include <optional>

using namespace shiftadd::tools;

namespace {

/// One call of the program.
class Program {
public:
  explicit Program(const Options &options) : options(options) {}

  llvm::Error run() {
    std::string error;
    if (!options.labels.empty() && !readLabels(options.labels, labels, error))
      return wrongInput(error);
    llvm::Expected<bool> library = isLibrary(options.model);
    if (!library)
      return library.takeError();
    if (options.interpret && *library)
      return wrongInput(options.model +
                        ": --interpret takes a model, not a library");
    if (llvm::Error error = readInputs(*library))
      return error;
    if (llvm::Error error = options.interpret ? runInterpreter() : runModel())
      return error;
    return finish();
  }

private:
  bool hasImage() const { return !options.image.empty(); }

  /// Fills `given`. A picture needs the model's input first, so the model is
  /// loaded for it here.
  llvm::Error readInputs(bool library) {
    if (!hasImage()) {
      std::string error;
      if (!readTensorSet(options.inputs, given, error))
        return wrongInput(error);
    }
    if (library || hasImage() || !options.interpret) {
      llvm::Expected<LoadedModel> loaded =
          library
              ? LoadedModel::open(options.model, options.threads)
              : compileAndLoad(options.model, given.tensors, options.threads);
      if (!loaded)
        return loaded.takeError();
      model.emplace(std::move(*loaded));
    }
    return hasImage() ? readImage() : llvm::Error::success();
  }

  llvm::Error readImage() {
    const TensorSpec *input = nullptr;
    for (const TensorSpec &spec : model->inputs()) {
      if (spec.isFixed)
        continue;
      if (input)
        return wrongInput(options.model +
                          ": --image needs a model with one input, it has '" +
                          input->name + "' and '" + spec.name + "'");
      input = &spec;
    }
    if (!input)
      return wrongInput(options.model + ": the model has no input");
    llvm::Expected<Normalisation> normalisation =
        storedNormalisation(model->json());
    if (!normalisation)
      return normalisation.takeError();
    if (!options.imageMean.empty())
      normalisation->mean = options.imageMean;
    if (!options.imageScale.empty())
      normalisation->scale = options.imageScale;
    llvm::Expected<Tensor> tensor =
        imageToTensor(options.image, *input, *normalisation);
    if (!tensor)
      return tensor.takeError();
    tensor->name.clear();
    given.tensors.push_back(std::move(*tensor));
    return llvm::Error::success();
  }

  llvm::Error runInterpreter() {
    llvm::Expected<std::vector<Tensor>> result =
        interpret(options.model, given.tensors);
    if (!result)
      return result.takeError();
    outputs = std::move(*result);
    return llvm::Error::success();
  }

  llvm::Error runModel() {
    std::string error;
    RunPlan plan;
    if (!assignInputs(model->inputs(), options.inputs, std::move(given), inputs,
                      error) ||
        !planRuns(model->inputs(), inputs, plan, error))
      return wrongInput(error);
    if (options.profile)
      if (llvm::Error error = model->enableProfiling())
        return error;
    llvm::Expected<Execution> execution =
        Execution::create(*model, inputs, plan);
    if (!execution)
      return execution.takeError();
    llvm::raw_string_ostream os(report);
    if (options.bench) {
      if (llvm::Error error =
              runBench(*execution, *model,
                       {options.warmup, options.runs, options.profile}, os))
        return error;
    } else {
      if (llvm::Error error = execution->run())
        return error;
      if (options.profile)
        printProfile(*model, *execution, os);
    }
    outputs = execution->takeOutputs();
    return llvm::Error::success();
  }

  /// Writes everything, now that all of it is known to be good.
  llvm::Error finish() {
    std::string table;
    if (hasImage()) {
      if (outputs.empty())
        return wrongInput(options.model + ": the model has no output");
      llvm::raw_string_ostream os(table);
      if (llvm::Error error = printTopClasses(outputs[0], labels,
                                              options.labels, options.top, os))
        return error;
      if (!report.empty())
        os << "\n";
    }
    std::string error;
    if (!options.outputs.empty() &&
        !writeTensors(options.outputs, outputs, error))
      return wrongInput(error);
    if (!options.interpret)
      llvm::errs() << "shiftadd-run: target " << model->target() << ", "
                   << options.threads
                   << (options.threads == 1 ? " thread\n" : " threads\n");
    llvm::outs() << table << report;
    return flushOutput();
  }

  const Options &options;
  std::vector<std::string> labels;
  TensorSet given;
  std::optional<LoadedModel> model;
  std::vector<Tensor> inputs, outputs;
  std::string report;
};

} // namespace

int main(int argc, char **argv) {
  llvm::InitLLVM init(argc, argv);
  llvm::Expected<Options> options = parseOptions(argc, argv);
  if (!options)
    return reportAndGetStatus(options.takeError());
  if (options->compareStages)
    return reportAndGetStatus(runCompareStages(*options));
  if (options->sparsityCurve)
    return reportAndGetStatus(runSparsityCurve(*options));
  if (!options->evaluate.empty())
    return reportAndGetStatus(runEvaluate(*options));
  return reportAndGetStatus(Program(*options).run());
}
