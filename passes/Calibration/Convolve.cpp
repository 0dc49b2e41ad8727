//===- Convolve.cpp - Layers run on many samples at once ------------------===//
//
// Part of the shiftadd project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Dense, pointwise and full convolutions as matrix products over fixed blocks
// of output positions; the depthwise and adder forms have their own files.
//
//===----------------------------------------------------------------------===//
#include "passes/Calibration/Convolve.h"
#include "passes/Calibration/ConvolveLoops.h"
#include "passes/Calibration/LinearAlgebra.h"
#include "passes/Calibration/Parallel.h"
#include "passes/Calibration/Patches.h"

#include <algorithm>
#include <new>
#include <vector>

namespace shiftadd::calibration {
namespace {

/// Output positions per matrix product: a block's sums stay in the cache until
/// the addends are there.
constexpr int64_t blockPositions = 1024;

void convolveByProducts(const ConvolutionShape &shape, const float *input,
                        const float *weights, ConvolutionAddends addends,
                        float *output, unsigned threads) {
  const int64_t samples = shape.images * shape.positions();
  const int64_t taps = shape.taps();
  const int64_t rows = shape.groupOutChannels();
  const bool pointwise = shape.isPointwise();
  std::vector<std::vector<float>> scratch(threads);
  parallelFor(threads, (samples + blockPositions - 1) / blockPositions,
              [&](int64_t block, unsigned worker) {
                int64_t first = block * blockPositions;
                int64_t count = std::min(blockPositions, samples - first);
                float *sums = output + first * shape.outChannels;
                for (int64_t group = 0; group < shape.groups; ++group) {
                  const float *patches = input + first * shape.channels +
                                         group * shape.groupChannels();
                  int64_t stride = shape.channels;
                  if (!pointwise) {
                    scratch[worker].resize(blockPositions * taps);
                    gatherPatches(shape, input, ImageSelection{}, group, first,
                                  count, scratch[worker].data());
                    patches = scratch[worker].data();
                    stride = taps;
                  }
                  multiplyByTransposed(count, rows, taps, patches, stride,
                                       weights + group * rows * taps, taps,
                                       sums + group * rows, shape.outChannels);
                }
                addToSums(shape, addends, first, count, output);
              });
}

} // namespace

void addToSums(const ConvolutionShape &shape, ConvolutionAddends addends,
               int64_t firstPosition, int64_t count, float *output) {
  const int64_t channels = shape.outChannels;
  float *sums = output + firstPosition * channels;
  if (addends.residual) {
    const float *residual = addends.residual + firstPosition * channels;
    for (int64_t i = 0; i < count * channels; ++i)
      sums[i] += residual[i];
  }
  if (addends.bias)
    for (int64_t position = 0; position < count; ++position)
      for (int64_t channel = 0; channel < channels; ++channel)
        sums[position * channels + channel] += addends.bias[channel];
}

bool ConvolutionShape::isPointwise() const {
  return kernel == Spatial{1, 1, 1} && strides == Spatial{1, 1, 1} &&
         padLow == Spatial{0, 0, 0} && padHigh == Spatial{0, 0, 0};
}

bool ConvolutionShape::verify(std::string &error) const {
  auto fail = [&](const std::string &what) {
    error = what;
    return false;
  };
  if (images < 1 || channels < 1 || outChannels < 1 || groups < 1)
    return fail("images, channels and groups must be at least 1");
  if (channels % groups != 0 || outChannels % groups != 0)
    return fail("the groups (" + std::to_string(groups) +
                ") must divide the channels (" + std::to_string(channels) +
                " and " + std::to_string(outChannels) + ")");
  for (int axis = 0; axis < 3; ++axis) {
    if (input[axis] < 1 || output[axis] < 1 || kernel[axis] < 1 ||
        strides[axis] < 1 || dilations[axis] < 1)
      return fail("sizes, strides and dilations must be at least 1");
    int64_t span = input[axis] + padLow[axis] + padHigh[axis] -
                   dilations[axis] * (kernel[axis] - 1) - 1;
    if (span < 0 || output[axis] != span / strides[axis] + 1)
      return fail("the output size does not follow from the input, the window "
                  "and the padding");
  }
  return true;
}

bool convolve(const ConvolutionShape &shape, const float *input,
              const float *weights, ConvolutionAddends addends, float *output,
              unsigned threads, std::string &error) {
  if (!shape.verify(error))
    return false;
  threads = std::max(threads, 1u);
  try {
    if (shape.isDepthwise())
      convolveDepthwise(shape, input, weights, addends, output, threads);
    else
      convolveByProducts(shape, input, weights, addends, output, threads);
    return true;
  } catch (const std::bad_alloc &) {
    error = "not enough memory to run a layer on all samples";
    return false;
  }
}

bool convolveAdder(const ConvolutionShape &shape, const float *input,
                   const float *weights, ConvolutionAddends addends,
                   float *output, unsigned threads, std::string &error) {
  if (!shape.verify(error))
    return false;
  threads = std::max(threads, 1u);
  try {
    convolveDistances(shape, input, weights, addends, output, threads);
    return true;
  } catch (const std::bad_alloc &) {
    error = "not enough memory to run a layer on all samples";
    return false;
  }
}

} // namespace shiftadd::calibration
