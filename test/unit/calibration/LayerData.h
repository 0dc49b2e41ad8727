//===- LayerData.h - Random layers and plain loops to compare with *- C++
//-*-===//
//
// Part of the shiftadd project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Convolutions as their definition says it, in double precision, and random
// arrays.
//
//===----------------------------------------------------------------------===//
#ifndef SHIFTADD_TEST_UNIT_CALIBRATION_LAYERDATA_H
#define SHIFTADD_TEST_UNIT_CALIBRATION_LAYERDATA_H

#include "passes/Calibration/Convolve.h"

#include <cmath>
#include <cstdint>
#include <random>
#include <string>
#include <vector>

namespace shiftadd::calibration {

inline std::vector<float> randomValues(int64_t count, unsigned seed,
                                       float mean = 0.0f) {
  std::mt19937 generator(seed);
  std::normal_distribution<float> normal(mean, 1.0f);
  std::vector<float> values(count);
  for (float &value : values)
    value = normal(generator);
  return values;
}

/// The output sizes that follow from the rest (N27).
inline ConvolutionShape completed(ConvolutionShape shape) {
  for (int axis = 0; axis < 3; ++axis)
    shape.output[axis] =
        (shape.input[axis] + shape.padLow[axis] + shape.padHigh[axis] -
         shape.dilations[axis] * (shape.kernel[axis] - 1) - 1) /
            shape.strides[axis] +
        1;
  return shape;
}

/// One of every kind of layer.
inline std::vector<ConvolutionShape> layerKinds() {
  std::vector<ConvolutionShape> shapes;
  ConvolutionShape pointwise;
  pointwise.images = 3;
  pointwise.input = {1, 20, 31};
  pointwise.channels = 7;
  pointwise.outChannels = 5;
  shapes.push_back(pointwise);

  ConvolutionShape strided = pointwise;
  strided.strides = {1, 2, 3};
  shapes.push_back(strided);

  ConvolutionShape full;
  full.images = 4;
  full.input = {1, 9, 8};
  full.channels = 3;
  full.outChannels = 6;
  full.kernel = {1, 3, 2};
  full.padLow = {0, 1, 0};
  full.padHigh = {0, 2, 1};
  full.strides = {1, 2, 1};
  shapes.push_back(full);

  ConvolutionShape dilated = full;
  dilated.strides = {1, 1, 1};
  dilated.dilations = {1, 2, 3};
  shapes.push_back(dilated);

  ConvolutionShape grouped = full;
  grouped.channels = 8;
  grouped.groups = 2;
  shapes.push_back(grouped);

  ConvolutionShape depthwise;
  depthwise.images = 7;
  depthwise.input = {1, 11, 10};
  depthwise.channels = depthwise.outChannels = depthwise.groups = 53;
  depthwise.kernel = {1, 3, 3};
  depthwise.padLow = {0, 1, 0};
  depthwise.padHigh = {0, 1, 1};
  depthwise.strides = {1, 2, 1};
  shapes.push_back(depthwise);

  ConvolutionShape largeDepthwise = depthwise;
  largeDepthwise.input = {1, 17, 18};
  largeDepthwise.channels = largeDepthwise.outChannels = largeDepthwise.groups =
      16;
  largeDepthwise.kernel = {1, 5, 5};
  largeDepthwise.padLow = {0, 4, 4};
  largeDepthwise.padHigh = {0, 4, 4};
  largeDepthwise.strides = {1, 1, 1};
  largeDepthwise.dilations = {1, 2, 1};
  shapes.push_back(largeDepthwise);

  ConvolutionShape multiplied = full;
  multiplied.channels = multiplied.groups = 4;
  multiplied.outChannels = 8;
  shapes.push_back(multiplied);

  ConvolutionShape volume;
  volume.images = 2;
  volume.input = {4, 5, 6};
  volume.channels = 2;
  volume.outChannels = 3;
  volume.kernel = {2, 3, 3};
  volume.padLow = {1, 0, 1};
  shapes.push_back(volume);

  ConvolutionShape dense;
  dense.images = 50;
  dense.channels = 40;
  dense.outChannels = 33;
  shapes.push_back(dense);

  for (ConvolutionShape &shape : shapes)
    shape = completed(shape);
  return shapes;
}

/// What one output position reads in a group, in the order of the taps.
inline std::vector<double> patchOf(const ConvolutionShape &shape,
                                   const std::vector<float> &input,
                                   int64_t image, int64_t position,
                                   int64_t group) {
  std::vector<double> patch;
  const int64_t at[3] = {position / shape.output[2] / shape.output[1],
                         position / shape.output[2] % shape.output[1],
                         position % shape.output[2]};
  for (int64_t kd = 0; kd < shape.kernel[0]; ++kd)
    for (int64_t kh = 0; kh < shape.kernel[1]; ++kh)
      for (int64_t kw = 0; kw < shape.kernel[2]; ++kw)
        for (int64_t c = 0; c < shape.groupChannels(); ++c) {
          const int64_t tap[3] = {kd, kh, kw};
          int64_t index = image;
          bool inside = true;
          for (int axis = 0; axis < 3; ++axis) {
            int64_t x = at[axis] * shape.strides[axis] - shape.padLow[axis] +
                        tap[axis] * shape.dilations[axis];
            inside &= x >= 0 && x < shape.input[axis];
            index = index * shape.input[axis] + x;
          }
          index = index * shape.channels + group * shape.groupChannels() + c;
          patch.push_back(inside ? input[index] : 0.0);
        }
  return patch;
}

/// The layer by its definition; of distances if `adder`.
inline std::vector<double> plainLayer(const ConvolutionShape &shape,
                                      const std::vector<float> &input,
                                      const std::vector<float> &weights,
                                      bool adder = false) {
  std::vector<double> output(shape.outputSize());
  const int64_t taps = shape.taps(), rows = shape.groupOutChannels();
  for (int64_t image = 0; image < shape.images; ++image)
    for (int64_t position = 0; position < shape.positions(); ++position)
      for (int64_t group = 0; group < shape.groups; ++group) {
        std::vector<double> patch =
            patchOf(shape, input, image, position, group);
        for (int64_t row = 0; row < rows; ++row) {
          double sum = 0.0;
          for (int64_t tap = 0; tap < taps; ++tap) {
            double weight = weights[(group * rows + row) * taps + tap];
            sum += adder ? -std::abs(patch[tap] - weight) : patch[tap] * weight;
          }
          output[(image * shape.positions() + position) * shape.outChannels +
                 group * rows + row] = sum;
        }
      }
  return output;
}

inline std::vector<float> toFloat(const std::vector<double> &values) {
  return std::vector<float>(values.begin(), values.end());
}

} // namespace shiftadd::calibration

#endif // SHIFTADD_TEST_UNIT_CALIBRATION_LAYERDATA_H
