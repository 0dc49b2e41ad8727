//===- DepthwiseConvolve.cpp - Depthwise convolution of many images -------===//
//
// Part of the shiftadd project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// One row of outputs at a time, sixteen channels per vector; the weights are
// laid out tap by tap first, so that they are vectors over channels too.
//
//===----------------------------------------------------------------------===//
#include "passes/Calibration/ConvolveLoops.h"
#include "passes/Calibration/Parallel.h"
#include "passes/Calibration/Vectorize.h"

#include <algorithm>
#include <vector>

namespace shiftadd::calibration {
namespace {

/// One tap of a row of outputs: where output 0 would read, and which outputs
/// read inside the input.
struct TapOfRow {
  const float *line;    // element 0 of the input line
  const float *weights; // [channels]
  int64_t start;        // input column of output 0
};

/// sums[outputs, channels] = sum over taps for the channels that fill vectors;
/// returns how many those are.
SHIFTADD_TARGET_CLONES
int64_t sumRow(const TapOfRow *taps, int64_t tapCount, int64_t outputs,
               int64_t stride, int64_t width, int64_t channels, float *sums) {
  int64_t channel = 0;
  for (; channel + 2 * vectorLanes <= channels; channel += 2 * vectorLanes)
    for (int64_t o = 0; o < outputs; ++o) {
      FloatVector low = {}, high = {};
      for (int64_t t = 0; t < tapCount; ++t) {
        int64_t x = taps[t].start + o * stride;
        if (x < 0 || x >= width)
          continue;
        const float *values = taps[t].line + x * channels + channel;
        const float *weights = taps[t].weights + channel;
        low += *reinterpret_cast<const FloatVector *>(values) *
               *reinterpret_cast<const FloatVector *>(weights);
        high += *reinterpret_cast<const FloatVector *>(values + vectorLanes) *
                *reinterpret_cast<const FloatVector *>(weights + vectorLanes);
      }
      float *to = sums + o * channels + channel;
      *reinterpret_cast<FloatVector *>(to) = low;
      *reinterpret_cast<FloatVector *>(to + vectorLanes) = high;
    }
  for (; channel + vectorLanes <= channels; channel += vectorLanes)
    for (int64_t o = 0; o < outputs; ++o) {
      FloatVector sum = {};
      for (int64_t t = 0; t < tapCount; ++t) {
        int64_t x = taps[t].start + o * stride;
        if (x < 0 || x >= width)
          continue;
        sum +=
            *reinterpret_cast<const FloatVector *>(taps[t].line + x * channels +
                                                   channel) *
            *reinterpret_cast<const FloatVector *>(taps[t].weights + channel);
      }
      *reinterpret_cast<FloatVector *>(sums + o * channels + channel) = sum;
    }
  return channel;
}

void sumRest(const TapOfRow *taps, int64_t tapCount, int64_t outputs,
             int64_t stride, int64_t width, int64_t channels, int64_t channel,
             float *sums) {
  for (; channel < channels; ++channel)
    for (int64_t o = 0; o < outputs; ++o) {
      float sum = 0.0f;
      for (int64_t t = 0; t < tapCount; ++t) {
        int64_t x = taps[t].start + o * stride;
        if (x >= 0 && x < width)
          sum +=
              taps[t].line[x * channels + channel] * taps[t].weights[channel];
      }
      sums[o * channels + channel] = sum;
    }
}

} // namespace

void convolveDepthwise(const ConvolutionShape &shape, const float *input,
                       const float *weights, ConvolutionAddends addends,
                       float *output, unsigned threads) {
  const int64_t channels = shape.channels, taps = shape.taps();
  std::vector<float> byTap(taps * channels);
  for (int64_t channel = 0; channel < channels; ++channel)
    for (int64_t tap = 0; tap < taps; ++tap)
      byTap[tap * channels + channel] = weights[channel * taps + tap];

  const Spatial &in = shape.input, &out = shape.output;
  std::vector<std::vector<TapOfRow>> scratch(threads);
  parallelFor(threads, shape.images * out[0] * out[1],
              [&](int64_t row, unsigned worker) {
                int64_t image = row / (out[0] * out[1]);
                int64_t depth = row / out[1] % out[0], height = row % out[1];
                std::vector<TapOfRow> &rowTaps = scratch[worker];
                rowTaps.clear();
                for (int64_t tap = 0; tap < taps; ++tap) {
                  int64_t kd = tap / (shape.kernel[1] * shape.kernel[2]);
                  int64_t kh = tap / shape.kernel[2] % shape.kernel[1];
                  int64_t kw = tap % shape.kernel[2];
                  int64_t d = depth * shape.strides[0] - shape.padLow[0] +
                              kd * shape.dilations[0];
                  int64_t h = height * shape.strides[1] - shape.padLow[1] +
                              kh * shape.dilations[1];
                  if (d < 0 || d >= in[0] || h < 0 || h >= in[1])
                    continue;
                  int64_t line = (image * in[0] + d) * in[1] + h;
                  rowTaps.push_back(
                      {input + line * in[2] * channels, &byTap[tap * channels],
                       kw * shape.dilations[2] - shape.padLow[2]});
                }
                float *sums = output + row * out[2] * channels;
                int64_t done = sumRow(rowTaps.data(), rowTaps.size(), out[2],
                                      shape.strides[2], in[2], channels, sums);
                sumRest(rowTaps.data(), rowTaps.size(), out[2],
                        shape.strides[2], in[2], channels, done, sums);
                addToSums(shape, addends, row * out[2], out[2], output);
              });
}

} // namespace shiftadd::calibration
