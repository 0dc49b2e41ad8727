//===- LoadedModel.h - A model library in memory ----------------*- C++ -*-===//
//
// Part of the shiftadd project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Wraps the C interface of libshiftadd_runtime: one library with one session,
// and the execution of one set of tensors on it.
//
//===----------------------------------------------------------------------===//
#ifndef SHIFTADD_TOOLS_SHIFTADDRUN_LOADEDMODEL_H
#define SHIFTADD_TOOLS_SHIFTADDRUN_LOADEDMODEL_H

#include "tools/tensor-files/ModelInputs.h"

#include "llvm/ADT/ArrayRef.h"
#include "llvm/ADT/StringRef.h"
#include "llvm/Support/Error.h"

#include "shiftadd/runtime.h"

#include <memory>

namespace shiftadd::tools {

class LoadedModel {
public:
  /// Loads a library and creates a session with the given number of threads.
  static llvm::Expected<LoadedModel> open(const std::string &path, int threads);

  const std::vector<TensorSpec> &inputs() const { return inputSpecs; }
  const std::vector<TensorSpec> &outputs() const { return outputSpecs; }
  /// The text of LIB.json.
  llvm::StringRef json() const { return shiftadd_json(model.get()); }
  /// The kernel set that was chosen for this CPU.
  llvm::StringRef target() const { return shiftadd_target(model.get()); }
  uint32_t layerCount() const { return shiftadd_layer_count(model.get()); }
  llvm::StringRef layerName(uint32_t layer) const {
    return shiftadd_layer_name(model.get(), layer);
  }

  /// How long open() took.
  double loadMilliseconds() const { return loadTime; }

  llvm::Error enableProfiling();

  /// Runs the model once on buffers in the order of inputs() and outputs().
  llvm::Error run(llvm::ArrayRef<const void *> inputs,
                  llvm::ArrayRef<void *> outputs, int64_t batch);

  /// Times of the last run by layer; empty without profiling.
  llvm::ArrayRef<uint64_t> layerNanoseconds() const;

private:
  LoadedModel() = default;

  struct Close {
    void operator()(shiftadd_model *model) const { shiftadd_close(model); }
    void operator()(shiftadd_session *session) const {
      shiftadd_destroy(session);
    }
  };

  // The session goes first.
  std::unique_ptr<shiftadd_model, Close> model;
  std::unique_ptr<shiftadd_session, Close> session;
  std::vector<TensorSpec> inputSpecs, outputSpecs;
  double loadTime = 0;
};

/// Runs a model as a plan says on tensors in the order of its inputs.
class Execution {
public:
  /// Allocates the outputs. `model` and `inputs` must outlive the object.
  static llvm::Expected<Execution> create(LoadedModel &model,
                                          const std::vector<Tensor> &inputs,
                                          const RunPlan &plan);

  /// One inference of everything: all runs of the plan.
  llvm::Error run();

  std::vector<Tensor> takeOutputs() { return std::move(outputTensors); }

  /// Sums over the last run() by layer; empty without profiling.
  llvm::ArrayRef<uint64_t> layerNanoseconds() const { return layerTimes; }

private:
  Execution(LoadedModel &model, int64_t batch) : model(&model), batch(batch) {}

  /// The buffers of one run of the model.
  struct Part {
    std::vector<const void *> inputs;
    std::vector<void *> outputs;
  };

  LoadedModel *model;
  int64_t batch;
  std::vector<Part> parts;
  std::vector<Tensor> outputTensors;
  std::vector<uint64_t> layerTimes;
};

} // namespace shiftadd::tools

#endif // SHIFTADD_TOOLS_SHIFTADDRUN_LOADEDMODEL_H
