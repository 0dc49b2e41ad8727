//===- ModelInputs.h - Given tensors against a model's inputs ---*- C++ -*-===//
//
// Part of the shiftadd project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Decides how the tensors that a user gives serve the inputs of a model: which
// tensor is which input, whether type and shape fit, and how many times a model
// with a fixed batch has to run to cover a larger one. All errors name the
// input, what it takes and what was given.
//
//===----------------------------------------------------------------------===//
#ifndef SHIFTADD_TOOLS_TENSORFILES_MODELINPUTS_H
#define SHIFTADD_TOOLS_TENSORFILES_MODELINPUTS_H

#include "tools/tensor-files/TensorFiles.h"

namespace shiftadd::tools {

/// An input or output of a model.
struct TensorSpec {
  std::string name;
  int32_t type = SHIFTADD_FLOAT32;
  /// A free batch is a first dimension of -1.
  std::vector<int64_t> shape;
  /// The model takes only this value (see shiftadd_tensor_info).
  bool isFixed = false;
  std::vector<uint8_t> fixedValue;
};

/// Puts the tensors of `set`, read from `source`, into the order of `inputs`
/// and gives them the inputs' names. Surplus arrays of a named set are ignored;
/// an input with a fixed value may be left out.
bool assignInputs(const std::vector<TensorSpec> &inputs,
                  const std::string &source, TensorSet set,
                  std::vector<Tensor> &ordered, std::string &error);

/// How a model covers the given tensors.
struct RunPlan {
  int64_t batch = 1; ///< of one run; not 1 only with a free batch
  int64_t runs = 1;  ///< not 1 only with a fixed batch
  /// Per input: all runs use the same value (scalars and fixed values) instead
  /// of consecutive parts of the tensor.
  std::vector<bool> shared;
};

/// Checks types and shapes of tensors in the order of `inputs`. With a fixed
/// batch, all first dimensions may be the same multiple of the expected ones.
bool planRuns(const std::vector<TensorSpec> &inputs,
              const std::vector<Tensor> &tensors, RunPlan &plan,
              std::string &error);

/// The shape of an output after all runs: stacked along the first dimension.
std::vector<int64_t> stackedShape(const TensorSpec &output,
                                  const RunPlan &plan);

} // namespace shiftadd::tools

#endif // SHIFTADD_TOOLS_TENSORFILES_MODELINPUTS_H
