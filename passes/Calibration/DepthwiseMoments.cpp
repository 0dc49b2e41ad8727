//===- DepthwiseMoments.cpp - Statistics of a depthwise layer -------------===//
//
// Part of the shiftadd project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// For sixteen channels at a time, the taps, the target and a constant one
// become columns whose products with each other are all moments at once.
//
//===----------------------------------------------------------------------===//
#include "passes/Calibration/DepthwiseMoments.h"
#include "passes/Calibration/Parallel.h"
#include "passes/Calibration/Vectorize.h"

#include <algorithm>
#include <vector>

namespace shiftadd::calibration {
namespace {

/// Samples per fp32 sum: their columns fit the second-level cache.
constexpr int64_t blockSamples = 256;
/// Columns per side of a tile of products, which stays in registers.
constexpr int64_t tile = 4;

/// products[i * columns + j] (vectors over channels) = sum over samples of
/// column i times column j, for all tiles that touch the upper triangle.
SHIFTADD_TARGET_CLONES
void multiplyColumns(const float *data, int64_t columns, int64_t samples,
                     float *products) {
  const FloatVector *vectors = reinterpret_cast<const FloatVector *>(data);
  FloatVector *result = reinterpret_cast<FloatVector *>(products);
  for (int64_t i = 0; i < columns; i += tile)
    for (int64_t j = i; j < columns; j += tile) {
      FloatVector sums[tile][tile] = {};
      for (int64_t s = 0; s < samples; ++s) {
        const FloatVector *left = vectors + s * columns + i;
        const FloatVector *right = vectors + s * columns + j;
        for (int64_t a = 0; a < tile; ++a)
          for (int64_t b = 0; b < tile; ++b)
            sums[a][b] += left[a] * right[b];
      }
      for (int64_t a = 0; a < tile; ++a)
        for (int64_t b = 0; b < tile; ++b)
          result[(i + a) * columns + j + b] = sums[a][b];
    }
}

/// The sums of the channels of one vector.
class ChannelSums {
public:
  ChannelSums(const ConvolutionShape &shape, int64_t firstChannel)
      : shape(shape), taps(shape.taps()),
        columns((taps + 2 + tile - 1) / tile * tile), first(firstChannel),
        lanes(std::min<int64_t>(vectorLanes, shape.channels - firstChannel)),
        data(blockSamples * columns * vectorLanes),
        products(columns * columns * vectorLanes),
        totals(columns * columns * vectorLanes) {}

  void add(const float *input, const float *target, const float *residual,
           ImageSelection selection) {
    const int64_t samples = selection.samples(shape);
    for (int64_t start = 0; start < samples; start += blockSamples) {
      int64_t count = std::min(blockSamples, samples - start);
      for (int64_t i = 0; i < count; ++i)
        gather(input, target, residual, selection, start + i,
               &data[i * columns * vectorLanes]);
      multiplyColumns(data.data(), columns, count, products.data());
      for (std::size_t i = 0; i < totals.size(); ++i)
        totals[i] += products[i];
    }
  }

  void addTo(const DepthwiseSums &sums) const {
    const int64_t one = taps + 1;
    for (int64_t lane = 0; lane < lanes; ++lane) {
      auto total = [&](int64_t i, int64_t j) {
        return totals[(i * columns + j) * vectorLanes + lane];
      };
      const int64_t channel = first + lane;
      for (int64_t i = 0; i < taps; ++i) {
        for (int64_t j = i; j < taps; ++j)
          sums.products[(channel * taps + i) * taps + j] += total(i, j);
        sums.cross[channel * taps + i] += total(i, taps);
        sums.inputSum[channel * taps + i] += total(i, one);
      }
      sums.targetSum[channel] += total(taps, one);
      sums.targetSquares[channel] += total(taps, taps);
    }
  }

private:
  /// The columns of one sample: taps, target, one, zeros.
  void gather(const float *input, const float *target, const float *residual,
              ImageSelection selection, int64_t sample, float *to) const {
    const Spatial &in = shape.input, &out = shape.output;
    int64_t image =
        selection.first + selection.step * (sample / shape.positions());
    int64_t position = sample % shape.positions();
    const float *values =
        input + image * shape.inputPositions() * shape.channels + first;
    int64_t d0 =
        position / (out[1] * out[2]) * shape.strides[0] - shape.padLow[0];
    int64_t h0 =
        position / out[2] % out[1] * shape.strides[1] - shape.padLow[1];
    int64_t w0 = position % out[2] * shape.strides[2] - shape.padLow[2];
    for (int64_t kd = 0; kd < shape.kernel[0]; ++kd)
      for (int64_t kh = 0; kh < shape.kernel[1]; ++kh)
        for (int64_t kw = 0; kw < shape.kernel[2]; ++kw, to += vectorLanes) {
          int64_t d = d0 + kd * shape.dilations[0];
          int64_t h = h0 + kh * shape.dilations[1];
          int64_t w = w0 + kw * shape.dilations[2];
          if (d < 0 || d >= in[0] || h < 0 || h >= in[1] || w < 0 || w >= in[2])
            std::fill_n(to, vectorLanes, 0.0f);
          else
            copy(values + ((d * in[1] + h) * in[2] + w) * shape.channels, to);
        }
    int64_t at =
        (image * shape.positions() + position) * shape.channels + first;
    copy(target + at, to);
    if (residual)
      for (int64_t lane = 0; lane < lanes; ++lane)
        to[lane] -= residual[at + lane];
    std::fill_n(to + vectorLanes, vectorLanes, 1.0f);
  }

  void copy(const float *from, float *to) const {
    if (lanes == vectorLanes)
      std::copy_n(from, vectorLanes, to);
    else
      std::copy_n(from, lanes, to);
  }

  const ConvolutionShape &shape;
  int64_t taps, columns, first, lanes;
  std::vector<float> data, products;
  std::vector<double> totals;
};

} // namespace

void addDepthwiseMoments(const ConvolutionShape &shape, const float *input,
                         const float *target, const float *residual,
                         ImageSelection selection, unsigned threads,
                         const DepthwiseSums &sums) {
  parallelFor(threads, (shape.channels + vectorLanes - 1) / vectorLanes,
              [&](int64_t item, unsigned) {
                ChannelSums channels(shape, item * vectorLanes);
                channels.add(input, target, residual, selection);
                channels.addTo(sums);
              });
}

} // namespace shiftadd::calibration
