//===- Samples.cpp - Many samples of a network's inputs -*- C++ -*-===//
//
// Part of the shiftadd project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
#include "tools/tensor-files/Samples.h"

#include <algorithm>
#include <cctype>
#include <cstring>
#include <filesystem>
#include <new>

namespace shiftadd::tools {
namespace {

namespace fs = std::filesystem;

/// The one input that samples are given for; null when there are several.
const TensorSpec *findOnlyInput(const std::vector<TensorSpec> &inputs) {
  const TensorSpec *only = nullptr;
  for (const TensorSpec &input : inputs) {
    if (input.isFixed)
      continue;
    if (only)
      return nullptr;
    only = &input;
  }
  return only;
}

Tensor *findArray(TensorSet &set, const std::string &name) {
  for (Tensor &tensor : set.tensors)
    if (tensor.name == name)
      return &tensor;
  return nullptr;
}

template <typename T>
void appendIntegers(const Tensor &tensor, std::vector<int64_t> &values) {
  for (size_t i = 0; i < tensor.bytes.size(); i += sizeof(T)) {
    T value;
    std::memcpy(&value, tensor.bytes.data() + i, sizeof(T));
    values.push_back(int64_t(value));
  }
}

bool readLabels(const std::string &path, const Tensor &tensor,
                std::vector<int64_t> &labels, std::string &error) {
  switch (tensor.type) {
  case SHIFTADD_INT8:
    appendIntegers<int8_t>(tensor, labels);
    return true;
  case SHIFTADD_INT16:
    appendIntegers<int16_t>(tensor, labels);
    return true;
  case SHIFTADD_INT32:
    appendIntegers<int32_t>(tensor, labels);
    return true;
  case SHIFTADD_INT64:
    appendIntegers<int64_t>(tensor, labels);
    return true;
  case SHIFTADD_UINT8:
    appendIntegers<uint8_t>(tensor, labels);
    return true;
  case SHIFTADD_UINT16:
    appendIntegers<uint16_t>(tensor, labels);
    return true;
  case SHIFTADD_UINT32:
    appendIntegers<uint32_t>(tensor, labels);
    return true;
  case SHIFTADD_UINT64:
    appendIntegers<uint64_t>(tensor, labels);
    return true;
  default:
    error = path + ": 'labels' is " + describe(tensor) +
            ", expected one integer for each sample";
    return false;
  }
}

/// Gives `tensor` the shape of `count` samples of an input.
bool allocateSamples(const std::string &path, const TensorSpec &input,
                     int64_t count, Tensor &tensor, std::string &error) {
  tensor.name = input.name;
  tensor.type = shiftadd_type(input.type);
  tensor.shape = input.shape;
  tensor.shape[0] = count;
  std::string reason;
  if (allocate(tensor, reason))
    return true;
  error = path + ": input '" + input.name + "': " + reason;
  return false;
}

/// Pictures [n,H,W] or [n,H,W,C] as samples of an input.
bool normaliseImages(const std::string &path, const Tensor &images,
                     const TensorSpec &input,
                     const Normalisation &normalisation, int64_t limit,
                     Tensor &tensor, std::string &error) {
  std::string reason;
  if (!takesPictures(input, reason)) {
    error = path + ": holds no array '" + input.name + "', and of 'images' " +
            reason;
    return false;
  }
  int channels = pictureChannels(input);
  const std::vector<int64_t> &shape = images.shape;
  int64_t stored = shape.size() == 4 ? shape[3] : 1;
  constexpr int64_t largest = 1 << 16;
  if (images.type != SHIFTADD_UINT8 ||
      (shape.size() != 3 && shape.size() != 4) ||
      (stored != channels && stored != 1) || shape[1] < 1 || shape[2] < 1 ||
      shape[1] > largest || shape[2] > largest) {
    error = path + ": 'images' is " + describe(images) +
            ", expected uint8[n,H,W" +
            (channels == 3 ? ",3] or uint8[n,H,W]" : "] or uint8[n,H,W,1]");
    return false;
  }
  int64_t count = limit ? std::min(limit, shape[0]) : shape[0];
  if (!allocateSamples(path, input, count, tensor, error))
    return false;
  size_t pixels = size_t(shape[1] * shape[2]);
  Image image{int(shape[2]), int(shape[1]), channels, {}};
  for (int64_t i = 0; i < count; ++i) {
    const uint8_t *source =
        images.bytes.data() + size_t(i) * pixels * size_t(stored);
    image.pixels.resize(pixels * size_t(channels));
    for (size_t p = 0; p < pixels; ++p)
      for (size_t c = 0; c < size_t(channels); ++c)
        image.pixels[p * size_t(channels) + c] =
            source[p * size_t(stored) + (stored == 1 ? 0 : c)];
    size_t bytes = tensor.bytes.size() / size_t(count);
    if (!normalisePicture(image, input, normalisation,
                          tensor.bytes.data() + size_t(i) * bytes, error))
      return false;
  }
  return true;
}

bool isPicture(const fs::path &path) {
  std::string suffix = path.extension().string();
  std::transform(suffix.begin(), suffix.end(), suffix.begin(),
                 [](unsigned char c) { return char(std::tolower(c)); });
  return suffix == ".png" || suffix == ".jpg" || suffix == ".jpeg";
}

/// One sample from an .npy file: with or without the batch of 1.
bool readSample(const std::string &path, const TensorSpec &input,
                Tensor &tensor, std::string &error) {
  if (!readTensor(path, tensor, error))
    return false;
  std::vector<int64_t> expected = input.shape;
  if (!expected.empty() && expected[0] == -1)
    expected[0] = 1;
  if (!expected.empty() && expected[0] == 1 &&
      tensor.shape.size() + 1 == expected.size())
    tensor.shape.insert(tensor.shape.begin(), 1);
  if (tensor.type == input.type && tensor.shape == expected)
    return true;
  error = path + ": input '" + input.name + "': expected " +
          describe(input.type, expected) + ", found " + describe(tensor);
  return false;
}

/// Samples in files of their own.
bool readFolder(const std::string &folder,
                const std::vector<TensorSpec> &inputs,
                const Normalisation &normalisation, int64_t limit,
                TensorSet &set, bool &hasPictures, std::string &error) {
  std::vector<std::string> paths;
  std::error_code code;
  for (fs::directory_iterator it(folder, code), end; !code && it != end;
       it.increment(code))
    if (isPicture(it->path()) || it->path().extension() == ".npy")
      paths.push_back(it->path().string());
  if (code) {
    error = folder + ": cannot read the folder: " + code.message();
    return false;
  }
  if (paths.empty()) {
    std::string reason;
    if (readTensorSet(folder, set, reason))
      return true;
    error = folder +
            ": the folder holds no samples: .npy, .png or .jpg files, or "
            "input_0.pb and its like";
    return false;
  }
  const TensorSpec *input = findOnlyInput(inputs);
  if (!input || input->shape.empty()) {
    error = folder + ": a folder of samples is for a network with one input; "
                     "give an .npz with an array for each input";
    return false;
  }
  std::sort(paths.begin(), paths.end());
  if (limit && int64_t(paths.size()) > limit)
    paths.resize(size_t(limit));
  int64_t step = input->shape[0] == -1 ? 1 : input->shape[0];
  Tensor all;
  if (!allocateSamples(folder, *input, step * int64_t(paths.size()), all,
                       error))
    return false;
  size_t next = 0;
  for (const std::string &path : paths) {
    hasPictures |= isPicture(path);
    Tensor sample;
    bool good = isPicture(path)
                    ? readPicture(path, *input, normalisation, sample, error)
                    : readSample(path, *input, sample, error);
    if (!good)
      return false;
    std::copy(sample.bytes.begin(), sample.bytes.end(),
              all.bytes.begin() + int64_t(next));
    next += sample.bytes.size();
  }
  all.name.clear();
  set.named = false;
  set.tensors.clear();
  set.tensors.push_back(std::move(all));
  return true;
}

/// Index of the first element that is no finite number, else -1. All float
/// formats hold such elements as an exponent of ones.
template <typename T> int64_t findNonFinite(const Tensor &tensor, T exponent) {
  for (size_t i = 0; i * sizeof(T) < tensor.bytes.size(); ++i) {
    T bits;
    std::memcpy(&bits, tensor.bytes.data() + i * sizeof(T), sizeof(T));
    if ((bits & exponent) == exponent)
      return int64_t(i);
  }
  return -1;
}

bool checkFinite(const std::string &path, const Tensor &tensor,
                 std::string &error) {
  int64_t found = -1;
  if (tensor.type == SHIFTADD_FLOAT32)
    found = findNonFinite<uint32_t>(tensor, 0x7f800000);
  else if (tensor.type == SHIFTADD_FLOAT64)
    found = findNonFinite<uint64_t>(tensor, 0x7ff0000000000000);
  else if (tensor.type == SHIFTADD_FLOAT16)
    found = findNonFinite<uint16_t>(tensor, 0x7c00);
  else if (tensor.type == SHIFTADD_BFLOAT16)
    found = findNonFinite<uint16_t>(tensor, 0x7f80);
  if (found < 0)
    return true;
  int64_t perSample = 1;
  for (size_t d = 1; d < tensor.shape.size(); ++d)
    perSample *= tensor.shape[d];
  error = path + ": input '" + tensor.name + "': sample " +
          std::to_string(found / perSample) +
          " holds a number that is not finite";
  return false;
}

/// Keeps the first samples of a tensor.
void truncate(Tensor &tensor, int64_t count) {
  if (tensor.shape.empty() || tensor.shape[0] <= count)
    return;
  tensor.bytes.resize(tensor.bytes.size() / size_t(tensor.shape[0]) *
                      size_t(count));
  tensor.shape[0] = count;
}

} // namespace

bool loadSamples(const std::string &path, const std::vector<TensorSpec> &inputs,
                 const Normalisation &normalisation, int64_t limit,
                 Samples &samples, std::string &error) {
  samples = Samples();
  TensorSet set;
  std::error_code code;
  bool isFolder = fs::is_directory(path, code);
  if (isFolder ? !readFolder(path, inputs, normalisation, limit, set,
                             samples.hasPictures, error)
               : !readTensorSet(path, set, error))
    return false;

  bool labelsAreInput =
      std::any_of(inputs.begin(), inputs.end(), [](const TensorSpec &input) {
        return input.name == "labels";
      });
  if (const Tensor *labels =
          set.named && !labelsAreInput ? findArray(set, "labels") : nullptr)
    if (!readLabels(path, *labels, samples.labels, error))
      return false;
  const TensorSpec *only = findOnlyInput(inputs);
  if (set.named && only && !findArray(set, only->name))
    if (const Tensor *images = findArray(set, "images")) {
      Tensor tensor;
      if (!normaliseImages(path, *images, *only, normalisation, limit, tensor,
                           error))
        return false;
      samples.hasPictures = true;
      set.tensors.push_back(std::move(tensor));
    }

  std::string reason;
  if (!assignInputs(inputs, path, std::move(set), samples.inputs, error))
    return false;
  if (!planRuns(inputs, samples.inputs, samples.plan, reason)) {
    error = path + ": " + reason;
    return false;
  }
  // All batched inputs have one count of samples: that of a free batch, or of
  // the runs of a fixed one.
  bool batched = false;
  for (size_t i = 0; i < inputs.size(); ++i) {
    if (samples.plan.shared[i])
      continue;
    const Tensor &tensor = samples.inputs[i];
    bool isFree = inputs[i].shape[0] == -1;
    int64_t count = isFree ? samples.plan.batch : samples.plan.runs;
    if (batched && count != samples.count) {
      error = path + ": input '" + inputs[i].name + "' has " +
              std::to_string(count) + " samples, other inputs have " +
              std::to_string(samples.count);
      return false;
    }
    batched = true;
    samples.count = count;
    if (tensor.shape[0] == 0) {
      error = path + ": input '" + inputs[i].name + "' has no samples (" +
              describe(tensor) + ")";
      return false;
    }
  }
  if (!batched)
    samples.count = 1;
  if (!samples.labels.empty() && limit == 0 &&
      int64_t(samples.labels.size()) < samples.count) {
    error = path + ": 'labels' has " + std::to_string(samples.labels.size()) +
            " elements for " + std::to_string(samples.count) + " samples";
    return false;
  }
  if (limit && samples.count > limit) {
    for (size_t i = 0; i < inputs.size(); ++i)
      if (!samples.plan.shared[i])
        truncate(samples.inputs[i],
                 limit * (inputs[i].shape[0] == -1 ? 1 : inputs[i].shape[0]));
    samples.count = limit;
    if (!planRuns(inputs, samples.inputs, samples.plan, error))
      return false;
  }
  for (const Tensor &tensor : samples.inputs)
    if (!checkFinite(path, tensor, error))
      return false;
  if (int64_t(samples.labels.size()) > samples.count && limit)
    samples.labels.resize(size_t(samples.count));
  return true;
}

} // namespace shiftadd::tools
