//===- Preprocess.cpp - From a picture to an input tensor -----------------===//
//
// Part of the shiftadd project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "tools/shiftadd-run/Preprocess.h"
#include "tools/shiftadd-run/ExitStatus.h"

#include "llvm/Support/JSON.h"

#include <algorithm>
#include <cmath>
#include <limits>

namespace shiftadd::tools {
namespace {

/// Reads an array of numbers, or a single number; absent keys change nothing.
llvm::Error readNumbers(const llvm::json::Object &object, llvm::StringRef key,
                        std::vector<double> &values) {
  const llvm::json::Value *value = object.get(key);
  if (!value)
    return llvm::Error::success();
  std::vector<double> numbers;
  if (std::optional<double> number = value->getAsNumber())
    numbers.push_back(*number);
  if (const llvm::json::Array *array = value->getAsArray())
    for (const llvm::json::Value &element : *array)
      numbers.push_back(element.getAsNumber().value_or(
          std::numeric_limits<double>::quiet_NaN()));
  if (numbers.empty() || std::any_of(numbers.begin(), numbers.end(),
                                     [](double v) { return std::isnan(v); }))
    return wrongInput("the library's preprocessing has no numbers under \"" +
                      key + "\"");
  values = std::move(numbers);
  return llvm::Error::success();
}

} // namespace

llvm::Expected<Normalisation> storedNormalisation(llvm::StringRef json) {
  Normalisation result;
  llvm::Expected<llvm::json::Value> document = llvm::json::parse(json);
  if (!document) {
    llvm::consumeError(document.takeError());
    return wrongInput("the library's description is not JSON");
  }
  const llvm::json::Object *root = document->getAsObject();
  const llvm::json::Object *stored =
      root ? root->getObject("preprocessing") : nullptr;
  if (!stored)
    return result;
  if (llvm::Error error = readNumbers(*stored, "mean", result.mean))
    return error;
  if (llvm::Error error = readNumbers(*stored, "scale", result.scale))
    return error;
  return result;
}

llvm::Expected<Tensor> imageToTensor(const std::string &path,
                                     const TensorSpec &input,
                                     const Normalisation &normalisation) {
  Tensor tensor;
  std::string reason;
  if (!readPicture(path, input, normalisation, tensor, reason))
    return wrongInput(reason);
  return tensor;
}

} // namespace shiftadd::tools
