//===- ModelInputs.cpp - Given tensors against a model's inputs -----------===//
//
// Part of the shiftadd project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Nothing here depends on how the model runs: a library and the interpreter
// take the same tensors.
//
//===----------------------------------------------------------------------===//

#include "tools/tensor-files/ModelInputs.h"

#include <algorithm>

namespace shiftadd::tools {
namespace {

std::string quoted(const std::string &name) { return "'" + name + "'"; }

std::string describeInputs(const std::vector<TensorSpec> &inputs) {
  std::string text;
  for (const TensorSpec &input : inputs)
    text += (text.empty() ? "" : ", ") + quoted(input.name) + " (" +
            describe(input.type, input.shape) + ")";
  return text.empty() ? "none" : text;
}

/// The names of at most ten arrays: enough to see what went wrong.
std::string listNames(const std::vector<Tensor> &tensors) {
  std::string text;
  for (size_t i = 0; i < tensors.size() && i < 10; ++i)
    text += (i ? ", " : "") + quoted(tensors[i].name);
  if (tensors.size() > 10)
    text += ", ...";
  return text.empty() ? "nothing" : text;
}

Tensor fixedTensor(const TensorSpec &input) {
  return {input.name, shiftadd_type(input.type), input.shape, input.fixedValue};
}

bool assignByName(const std::vector<TensorSpec> &inputs,
                  const std::string &source, std::vector<Tensor> &given,
                  std::vector<Tensor> &ordered, std::string &error) {
  // Checked before anything is moved out of `given`, which the text lists.
  for (const TensorSpec &input : inputs) {
    size_t count = size_t(
        std::count_if(given.begin(), given.end(), [&](const Tensor &tensor) {
          return tensor.name == input.name;
        }));
    if (count > 1) {
      error = source + ": holds " + std::to_string(count) + " arrays named " +
              quoted(input.name);
      return false;
    }
    if (count == 0 && !input.isFixed) {
      error = source + ": holds no array " + quoted(input.name) +
              "; the model's inputs are " + describeInputs(inputs) +
              ", the file holds " + listNames(given);
      return false;
    }
  }
  for (const TensorSpec &input : inputs) {
    auto found =
        std::find_if(given.begin(), given.end(), [&](const Tensor &tensor) {
          return tensor.name == input.name;
        });
    ordered.push_back(found == given.end() ? fixedTensor(input)
                                           : std::move(*found));
    // A moved-from name is unspecified, and two inputs never share one.
    if (found != given.end())
      given.erase(found);
  }
  return true;
}

bool assignByPosition(const std::vector<TensorSpec> &inputs,
                      const std::string &source, std::vector<Tensor> &given,
                      std::vector<Tensor> &ordered, std::string &error) {
  size_t open = size_t(
      std::count_if(inputs.begin(), inputs.end(),
                    [](const TensorSpec &input) { return !input.isFixed; }));
  bool all = given.size() == inputs.size();
  if (!all && given.size() != open) {
    error = source + ": gives " + std::to_string(given.size()) +
            (given.size() == 1 ? " tensor" : " tensors") +
            "; the model's inputs are " + describeInputs(inputs);
    return false;
  }
  size_t next = 0;
  for (const TensorSpec &input : inputs) {
    if (input.isFixed && !all) {
      ordered.push_back(fixedTensor(input));
      continue;
    }
    ordered.push_back(std::move(given[next++]));
    ordered.back().name = input.name;
  }
  return true;
}

std::string mismatch(const TensorSpec &input, const Tensor &tensor,
                     const std::string &remark = "") {
  return "input " + quoted(input.name) + ": expected " +
         describe(input.type, input.shape) + remark + ", given " +
         describe(tensor);
}

/// True if all dimensions but the first are as expected.
bool sameTail(const TensorSpec &input, const Tensor &tensor) {
  return !input.shape.empty() && tensor.shape.size() == input.shape.size() &&
         std::equal(input.shape.begin() + 1, input.shape.end(),
                    tensor.shape.begin() + 1);
}

/// A count that all batched inputs must agree on.
class CommonCount {
public:
  /// `unit` follows the counts in the error: "3 UNIT".
  bool add(const TensorSpec &input, int64_t given, const char *unit,
           std::string &error) {
    if (first && given != count) {
      error = "the inputs disagree: " + quoted(first->name) + " has " +
              std::to_string(count) + " " + unit + ", " + quoted(input.name) +
              " has " + std::to_string(given);
      return false;
    }
    if (!first)
      first = &input;
    count = given;
    return true;
  }
  int64_t get() const { return count; }

private:
  const TensorSpec *first = nullptr;
  int64_t count = 1;
};

} // namespace

bool assignInputs(const std::vector<TensorSpec> &inputs,
                  const std::string &source, TensorSet set,
                  std::vector<Tensor> &ordered, std::string &error) {
  ordered.clear();
  return set.named
             ? assignByName(inputs, source, set.tensors, ordered, error)
             : assignByPosition(inputs, source, set.tensors, ordered, error);
}

bool planRuns(const std::vector<TensorSpec> &inputs,
              const std::vector<Tensor> &tensors, RunPlan &plan,
              std::string &error) {
  plan = RunPlan();
  CommonCount batch, runs;
  for (size_t i = 0; i < inputs.size(); ++i) {
    const TensorSpec &input = inputs[i];
    const Tensor &tensor = tensors[i];
    bool isFree = !input.shape.empty() && input.shape[0] == -1;
    plan.shared.push_back(input.isFixed || input.shape.empty());
    if (tensor.type != input.type) {
      error = mismatch(input, tensor);
      return false;
    }
    if (plan.shared[i]) {
      if (tensor.shape != input.shape) {
        error = mismatch(input, tensor);
        return false;
      }
      if (input.isFixed && tensor.bytes != input.fixedValue) {
        error = "input " + quoted(input.name) +
                ": the model was compiled for one value of it and takes no "
                "other";
        return false;
      }
    } else if (isFree) {
      if (!sameTail(input, tensor) || tensor.shape[0] < 1) {
        error = mismatch(input, tensor, " with any batch of at least 1");
        return false;
      }
      if (!batch.add(input, tensor.shape[0], "samples", error))
        return false;
    } else {
      int64_t expected = input.shape[0];
      bool fits = sameTail(input, tensor) &&
                  (expected == 0 ? tensor.shape[0] == 0
                                 : tensor.shape[0] >= expected &&
                                       tensor.shape[0] % expected == 0);
      if (!fits) {
        error = mismatch(
            input, tensor,
            expected == 0 ? "" : " or a multiple of its first dimension");
        return false;
      }
      if (!runs.add(input, expected == 0 ? 1 : tensor.shape[0] / expected,
                    "times the expected samples", error))
        return false;
    }
  }
  plan.batch = batch.get();
  plan.runs = runs.get();
  return true;
}

std::vector<int64_t> stackedShape(const TensorSpec &output,
                                  const RunPlan &plan) {
  std::vector<int64_t> shape = output.shape;
  if (!shape.empty() && shape[0] == -1)
    shape[0] = plan.batch;
  if (plan.runs != 1) {
    if (shape.empty())
      shape.push_back(1);
    shape[0] *= plan.runs;
  }
  return shape;
}

} // namespace shiftadd::tools
