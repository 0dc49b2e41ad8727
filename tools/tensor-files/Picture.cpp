//===- Picture.cpp - Pictures as inputs of a network -*- C++ -*-===//
//
// Part of the shiftadd project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
#include "tools/tensor-files/Picture.h"

#include <algorithm>
#include <cmath>
#include <cstring>
#include <limits>
#include <type_traits>

namespace shiftadd::tools {
namespace {

/// Where an input has its channels, height and width.
struct PictureLayout {
  int channels = 0, height = 0, width = 0;
  bool channelsFirst = true;
};

bool getLayout(const TensorSpec &input, PictureLayout &layout) {
  constexpr int64_t largest = 1 << 16;
  const std::vector<int64_t> &shape = input.shape;
  if (shape.size() != 4 || (shape[0] != 1 && shape[0] != -1) ||
      (input.type != SHIFTADD_FLOAT32 && input.type != SHIFTADD_UINT8 &&
       input.type != SHIFTADD_INT8))
    return false;
  for (size_t d = 1; d < 4; ++d)
    if (shape[d] < 1 || shape[d] > largest)
      return false;
  auto isChannels = [](int64_t size) { return size == 1 || size == 3; };
  if (isChannels(shape[1]))
    layout = {int(shape[1]), int(shape[2]), int(shape[3]), true};
  else if (isChannels(shape[3]))
    layout = {int(shape[3]), int(shape[1]), int(shape[2]), false};
  else
    return false;
  return true;
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
void fill(const Image &image, const PictureLayout &layout,
          const Normalisation &normalisation, uint8_t *bytes) {
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
    for (size_t i = 0; i < pixels; ++i) {
      size_t to = layout.channelsFirst ? c * pixels + i : i * channels + c;
      std::memcpy(bytes + to * sizeof(T),
                  &table[image.pixels[i * channels + c]], sizeof(T));
    }
  }
}

bool checkCount(const std::vector<double> &values, const char *option,
                int channels, std::string &error) {
  if (values.size() == 1 || int(values.size()) == channels)
    return true;
  error = std::string("--") + option + " has " + std::to_string(values.size()) +
          " numbers, the input has " + std::to_string(channels) +
          (channels == 1 ? " channel" : " channels");
  return false;
}

} // namespace

bool takesPictures(const TensorSpec &input, std::string &error) {
  PictureLayout layout;
  if (getLayout(input, layout))
    return true;
  error = "input '" + input.name + "' (" + describe(input.type, input.shape) +
          ") takes no picture: that needs [1,3,H,W], [1,1,H,W], [1,H,W,3] or "
          "[1,H,W,1] in float32, uint8 or int8";
  return false;
}

int pictureChannels(const TensorSpec &input) {
  PictureLayout layout;
  getLayout(input, layout);
  return layout.channels;
}

bool normalisePicture(const Image &image, const TensorSpec &input,
                      const Normalisation &normalisation, uint8_t *bytes,
                      std::string &error) {
  PictureLayout layout;
  if (!getLayout(input, layout))
    return takesPictures(input, error);
  if (!checkCount(normalisation.mean, "image-mean", layout.channels, error) ||
      !checkCount(normalisation.scale, "image-scale", layout.channels, error))
    return false;
  Image scaled;
  const Image *picture = &image;
  if (image.width != layout.width || image.height != layout.height) {
    scaled = resizeBilinear(centreCrop(image, layout.width, layout.height),
                            layout.width, layout.height);
    picture = &scaled;
  }
  if (input.type == SHIFTADD_FLOAT32)
    fill<float>(*picture, layout, normalisation, bytes);
  else if (input.type == SHIFTADD_UINT8)
    fill<uint8_t>(*picture, layout, normalisation, bytes);
  else
    fill<int8_t>(*picture, layout, normalisation, bytes);
  return true;
}

bool readPicture(const std::string &path, const TensorSpec &input,
                 const Normalisation &normalisation, Tensor &tensor,
                 std::string &error) {
  PictureLayout layout;
  if (!getLayout(input, layout))
    return takesPictures(input, error);
  Image image;
  if (!checkCount(normalisation.mean, "image-mean", layout.channels, error) ||
      !checkCount(normalisation.scale, "image-scale", layout.channels, error) ||
      !readImage(path, layout.channels, image, error))
    return false;
  tensor.name = input.name;
  tensor.type = shiftadd_type(input.type);
  tensor.shape = input.shape;
  tensor.shape[0] = 1;
  std::string reason;
  if (!allocate(tensor, reason)) {
    error = "input '" + input.name + "': " + reason;
    return false;
  }
  return normalisePicture(image, input, normalisation, tensor.bytes.data(),
                          error);
}

} // namespace shiftadd::tools
