//===- Convolve.h - Layers run on many samples at once ----------*- C++ -*-===//
//
// Part of the shiftadd project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Calibration runs each layer twice for all samples, with its float and with
// its rounded weights. These are the fp32 forms for many images: matrix
// products where the layer is one, vectors over channels where it is not.
// The results do not depend on the number of threads.
//
//===----------------------------------------------------------------------===//
#ifndef SHIFTADD_PASSES_CALIBRATION_CONVOLVE_H
#define SHIFTADD_PASSES_CALIBRATION_CONVOLVE_H

#include <array>
#include <cstdint>
#include <string>

namespace shiftadd::calibration {

/// Three spatial dimensions; layers with fewer have leading ones.
using Spatial = std::array<int64_t, 3>;

/// A convolution over `images` samples, channels last: input [images, input...,
/// channels], filter [outChannels, kernel..., channels / groups], output
/// [images, output..., outChannels]. A dense layer is a 1x1 convolution with
/// one position per row. Padded positions hold the real 0.
struct ConvolutionShape {
  int64_t images = 1;
  Spatial input = {1, 1, 1};
  Spatial output = {1, 1, 1};
  int64_t channels = 1;
  int64_t outChannels = 1;
  Spatial kernel = {1, 1, 1};
  Spatial strides = {1, 1, 1};
  Spatial padLow = {0, 0, 0};
  Spatial padHigh = {0, 0, 0};
  Spatial dilations = {1, 1, 1};
  int64_t groups = 1;

  /// Output positions of one image.
  int64_t positions() const { return output[0] * output[1] * output[2]; }
  /// Input positions of one image.
  int64_t inputPositions() const { return input[0] * input[1] * input[2]; }
  /// Filter elements per output channel.
  int64_t taps() const {
    return kernel[0] * kernel[1] * kernel[2] * groupChannels();
  }
  int64_t groupChannels() const { return channels / groups; }
  int64_t groupOutChannels() const { return outChannels / groups; }
  int64_t inputSize() const { return images * inputPositions() * channels; }
  int64_t outputSize() const { return images * positions() * outChannels; }
  int64_t weightSize() const { return outChannels * taps(); }

  /// Whether each output position reads exactly the same input position.
  bool isPointwise() const;
  /// Whether each output channel reads one channel of its own.
  bool isDepthwise() const {
    return groups > 1 && groups == channels && groups == outChannels;
  }

  /// False, with the reason in `error`, unless all sizes are positive, the
  /// groups divide the channels and `output` follows from the rest (N27).
  bool verify(std::string &error) const;
};

/// What `convolve` adds to each sum; both may be null.
struct ConvolutionAddends {
  const float *bias = nullptr;     // [outChannels]
  const float *residual = nullptr; // like the output
};

/// output = input * weights + addends. False with `error` only if memory runs
/// out or the shape does not verify.
bool convolve(const ConvolutionShape &shape, const float *input,
              const float *weights, ConvolutionAddends addends, float *output,
              unsigned threads, std::string &error);

/// The adder layer of the same shape (N25, N26): output = -sum of
/// abs(input - weight) + addends, padded positions being operands of value 0.
bool convolveAdder(const ConvolutionShape &shape, const float *input,
                   const float *weights, ConvolutionAddends addends,
                   float *output, unsigned threads, std::string &error);

} // namespace shiftadd::calibration

#endif // SHIFTADD_PASSES_CALIBRATION_CONVOLVE_H
