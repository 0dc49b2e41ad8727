//===- ImageFile.cpp - PNG and JPEG pictures ------------------------------===//
//
// Part of the shiftadd project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// stb_image does the decoding. The scaling is written out here because its
// result is specified to the bit.
//
//===----------------------------------------------------------------------===//

#include "tools/tensor-files/ImageFile.h"
#include "tools/tensor-files/FileBytes.h"

#include <climits>
#include <memory>
#include <new>
#include <stdexcept>

// The decoder is private to this file: static functions, and no file access of
// its own.
#define STB_IMAGE_IMPLEMENTATION
#define STB_IMAGE_STATIC
#define STBI_ONLY_PNG
#define STBI_ONLY_JPEG
#define STBI_NO_STDIO
#define STBI_NO_LINEAR
#define STBI_FAILURE_USERMSG
#define STBI_MAX_DIMENSIONS 65536
#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wunused-function"
#include <stb/stb_image.h>
#pragma GCC diagnostic pop

namespace shiftadd::tools {
namespace {

struct FreePixels {
  void operator()(stbi_uc *pixels) const { stbi_image_free(pixels); }
};

uint8_t grey(const stbi_uc *rgb) {
  return uint8_t(
      (rgb[0] * 19595u + rgb[1] * 38470u + rgb[2] * 7471u + 0x8000u) >> 16);
}

void copyPixels(const stbi_uc *source, int stored, Image &image) {
  size_t count = size_t(image.width) * size_t(image.height);
  image.pixels.resize(count * size_t(image.channels));
  bool colour = stored >= 3;
  for (size_t i = 0; i < count; ++i) {
    const stbi_uc *from = source + i * size_t(stored);
    uint8_t *to = image.pixels.data() + i * size_t(image.channels);
    if (image.channels == 1)
      to[0] = colour ? grey(from) : from[0];
    else
      for (int c = 0; c < 3; ++c)
        to[c] = from[colour ? c : 0];
  }
}

/// The weights of one output position: pixels start, start + 1, ...
struct Taps {
  int start = 0;
  std::vector<int32_t> weights; ///< fixed point with `weightBits` fraction bits
};

constexpr int weightBits = 32 - 8 - 2;

std::vector<Taps> bilinearTaps(int inputSize, int outputSize) {
  double scale = double(inputSize) / outputSize;
  double filterScale = scale < 1.0 ? 1.0 : scale;
  std::vector<Taps> result(static_cast<size_t>(outputSize));
  std::vector<double> weights;
  for (int out = 0; out < outputSize; ++out) {
    double centre = (out + 0.5) * scale;
    int first = int(centre - filterScale + 0.5);
    int last = int(centre + filterScale + 0.5);
    first = first < 0 ? 0 : first;
    last = last > inputSize ? inputSize : last;
    weights.clear();
    double sum = 0;
    for (int in = first; in < last; ++in) {
      double distance = (in - centre + 0.5) * (1.0 / filterScale);
      distance = distance < 0 ? -distance : distance;
      weights.push_back(distance < 1.0 ? 1.0 - distance : 0.0);
      sum += weights.back();
    }
    Taps &taps = result[size_t(out)];
    taps.start = first;
    for (double weight : weights)
      taps.weights.push_back(int32_t(0.5 + weight / sum * (1 << weightBits)));
  }
  return result;
}

uint8_t weightedSum(const Taps &taps, const uint8_t *first, size_t stride) {
  int32_t sum = 1 << (weightBits - 1);
  for (size_t i = 0; i < taps.weights.size(); ++i)
    sum += first[i * stride] * taps.weights[i];
  int32_t value = sum >> weightBits;
  return uint8_t(value > 255 ? 255 : value);
}

} // namespace

bool readImage(const std::string &path, int channels, Image &image,
               std::string &error) {
  std::vector<uint8_t> file;
  if (!readFile(path, file, error))
    return false;
  if (file.size() > INT_MAX) {
    error = path + ": is too large for a picture";
    return false;
  }
  int stored = 0;
  std::unique_ptr<stbi_uc, FreePixels> pixels(stbi_load_from_memory(
      file.data(), int(file.size()), &image.width, &image.height, &stored, 0));
  if (!pixels) {
    error = path +
            ": is not a readable PNG or JPEG picture: " + stbi_failure_reason();
    return false;
  }
  image.channels = channels;
  try {
    copyPixels(pixels.get(), stored, image);
  } catch (const std::bad_alloc &) {
    error = path + ": is too large for the memory";
    return false;
  }
  return true;
}

Image centreCrop(const Image &image, int width, int height) {
  Image result;
  result.channels = image.channels;
  int64_t w = image.width, h = image.height;
  // The rounded size of the limiting direction; at least one pixel.
  if (w * height > h * width)
    w = std::max<int64_t>(1, (h * width * 2 + height) / (2 * int64_t(height)));
  else
    h = std::max<int64_t>(1, (w * height * 2 + width) / (2 * int64_t(width)));
  result.width = int(w);
  result.height = int(h);
  size_t left = size_t(image.width - w) / 2, top = size_t(image.height - h) / 2;
  size_t pixel = size_t(image.channels);
  for (size_t y = 0; y < size_t(h); ++y) {
    auto row = image.pixels.begin() +
               int64_t(((top + y) * size_t(image.width) + left) * pixel);
    result.pixels.insert(result.pixels.end(), row,
                         row + int64_t(size_t(w) * pixel));
  }
  return result;
}

Image resizeBilinear(const Image &image, int width, int height) {
  size_t channels = size_t(image.channels);
  size_t inputRow = size_t(image.width) * channels;
  size_t outputRow = size_t(width) * channels;

  // Rows first; the values in between are rounded to 8 bits.
  std::vector<Taps> columns = bilinearTaps(image.width, width);
  std::vector<uint8_t> narrowed(outputRow * size_t(image.height));
  for (size_t y = 0; y < size_t(image.height); ++y)
    for (size_t x = 0; x < size_t(width); ++x)
      for (size_t c = 0; c < channels; ++c)
        narrowed[y * outputRow + x * channels + c] =
            weightedSum(columns[x],
                        image.pixels.data() + y * inputRow +
                            size_t(columns[x].start) * channels + c,
                        channels);

  std::vector<Taps> rows = bilinearTaps(image.height, height);
  Image result{width, height, image.channels, {}};
  result.pixels.resize(outputRow * size_t(height));
  for (size_t y = 0; y < size_t(height); ++y)
    for (size_t x = 0; x < outputRow; ++x)
      result.pixels[y * outputRow + x] = weightedSum(
          rows[y], narrowed.data() + size_t(rows[y].start) * outputRow + x,
          outputRow);
  return result;
}

} // namespace shiftadd::tools
