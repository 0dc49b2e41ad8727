//===- Preprocess.cpp - From a picture to an input tensor -----------------===//
//
// Part of the shiftadd project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// The picture stays in 8 bits until the normalisation, as in the common Python
// pipelines.
//
//===----------------------------------------------------------------------===//

#include "tools/shiftadd-run/Preprocess.h"
#include "tools/shiftadd-run/ExitStatus.h"
#include "tools/tensor-files/ImageFile.h"

#include "llvm/Support/JSON.h"

#include <algorithm>
#include <cmath>
#include <cstring>
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

template <typename T> T convert(double value) {
  if constexpr (std::is_integral_v<T>)
    return T(std::clamp(std::nearbyint(value),
                        double(std::numeric_limits<T>::min()),
                        double(std::numeric_limits<T>::max())));
  else
    return T(value);
}

template <typename T>
void fill(const Image &image, const Normalisation &normalisation,
          std::vector<uint8_t> &bytes) {
  size_t channels = size_t(image.channels);
  size_t pixels = image.pixels.size() / channels;
  for (size_t c = 0; c < channels; ++c) {
    const std::vector<double> &means = normalisation.mean;
    const std::vector<double> &scales = normalisation.scale;
    double mean = means[means.size() == 1 ? 0 : c];
    double scale = scales[scales.size() == 1 ? 0 : c];
    // A channel has 256 possible values.
    T table[256];
    for (int v = 0; v < 256; ++v)
      table[v] = convert<T>((v - mean) * scale);
    for (size_t i = 0; i < pixels; ++i)
      std::memcpy(bytes.data() + (c * pixels + i) * sizeof(T),
                  &table[image.pixels[i * channels + c]], sizeof(T));
  }
}

llvm::Error checkCount(const std::vector<double> &values, const char *option,
                       int64_t channels) {
  if (values.size() == 1 || int64_t(values.size()) == channels)
    return llvm::Error::success();
  return wrongInput("--" + llvm::Twine(option) + " has " +
                    llvm::Twine(values.size()) + " numbers, the input has " +
                    llvm::Twine(channels) +
                    (channels == 1 ? " channel" : " channels"));
}

bool takesImages(const TensorSpec &input) {
  constexpr int64_t largest = 1 << 16;
  const std::vector<int64_t> &shape = input.shape;
  return shape.size() == 4 && (shape[0] == 1 || shape[0] == -1) &&
         (shape[1] == 1 || shape[1] == 3) && shape[2] >= 1 &&
         shape[2] <= largest && shape[3] >= 1 && shape[3] <= largest &&
         (input.type == SHIFTADD_FLOAT32 || input.type == SHIFTADD_UINT8 ||
          input.type == SHIFTADD_INT8);
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
  if (!takesImages(input))
    return wrongInput(
        "input '" + input.name + "' (" + describe(input.type, input.shape) +
        ") takes no picture: that needs [1,3,H,W] or [1,1,H,W] in float32, "
        "uint8 or int8");
  int channels = int(input.shape[1]);
  int height = int(input.shape[2]), width = int(input.shape[3]);
  if (llvm::Error error =
          checkCount(normalisation.mean, "image-mean", channels))
    return error;
  if (llvm::Error error =
          checkCount(normalisation.scale, "image-scale", channels))
    return error;

  Image image;
  std::string reason;
  if (!readImage(path, channels, image, reason))
    return wrongInput(reason);
  Image scaled =
      resizeBilinear(centreCrop(image, width, height), width, height);

  Tensor tensor;
  tensor.name = input.name;
  tensor.type = shiftadd_type(input.type);
  tensor.shape = {1, channels, height, width};
  if (!allocate(tensor, reason))
    return wrongInput("input '" + input.name + "': " + reason);
  if (tensor.type == SHIFTADD_FLOAT32)
    fill<float>(scaled, normalisation, tensor.bytes);
  else if (tensor.type == SHIFTADD_UINT8)
    fill<uint8_t>(scaled, normalisation, tensor.bytes);
  else
    fill<int8_t>(scaled, normalisation, tensor.bytes);
  return tensor;
}

} // namespace shiftadd::tools
