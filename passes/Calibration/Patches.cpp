//===- Patches.cpp - The inputs that a layer multiplies -------------------===//
//
// Part of the shiftadd project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Copies runs of channels; where the taps of a row lie side by side, whole
// rows of taps.
//
//===----------------------------------------------------------------------===//
#include "passes/Calibration/Patches.h"

#include <algorithm>
#include <cstring>

namespace shiftadd::calibration {
namespace {

/// Copies one output position's patch. `image` is the input of its image at
/// the group's first channel.
void gatherPatch(const ConvolutionShape &shape, const float *image,
                 const Spatial &origin, float *row) {
  const int64_t channels = shape.groupChannels();
  // Taps of a row are neighbours in memory only if nothing lies between them.
  const bool rowsAreRuns = shape.groups == 1 && shape.dilations[2] == 1;
  const int64_t lastWidth = origin[2] + shape.kernel[2];
  const bool widthInside = origin[2] >= 0 && lastWidth <= shape.input[2];
  for (int64_t kd = 0; kd < shape.kernel[0]; ++kd) {
    int64_t d = origin[0] + kd * shape.dilations[0];
    for (int64_t kh = 0; kh < shape.kernel[1]; ++kh) {
      int64_t h = origin[1] + kh * shape.dilations[1];
      if (d < 0 || d >= shape.input[0] || h < 0 || h >= shape.input[1]) {
        std::fill_n(row, shape.kernel[2] * channels, 0.0f);
        row += shape.kernel[2] * channels;
        continue;
      }
      const float *line =
          image + (d * shape.input[1] + h) * shape.input[2] * shape.channels;
      if (rowsAreRuns && widthInside) {
        std::memcpy(row, line + origin[2] * channels,
                    sizeof(float) * shape.kernel[2] * channels);
        row += shape.kernel[2] * channels;
        continue;
      }
      for (int64_t kw = 0; kw < shape.kernel[2]; ++kw, row += channels) {
        int64_t x = origin[2] + kw * shape.dilations[2];
        if (x < 0 || x >= shape.input[2])
          std::fill_n(row, channels, 0.0f);
        else
          std::memcpy(row, line + x * shape.channels, sizeof(float) * channels);
      }
    }
  }
}

} // namespace

void gatherPatches(const ConvolutionShape &shape, const float *input,
                   ImageSelection selection, int64_t group, int64_t firstSample,
                   int64_t count, float *rows) {
  const int64_t taps = shape.taps(), positions = shape.positions();
  const int64_t imageSize = shape.inputPositions() * shape.channels;
  for (int64_t i = 0; i < count; ++i, rows += taps) {
    int64_t sample = firstSample + i;
    int64_t image = selection.first + selection.step * (sample / positions);
    int64_t position = sample % positions;
    const Spatial at = {
        position / (shape.output[1] * shape.output[2]),
        position / shape.output[2] % shape.output[1],
        position % shape.output[2],
    };
    Spatial origin;
    for (int axis = 0; axis < 3; ++axis)
      origin[axis] = at[axis] * shape.strides[axis] - shape.padLow[axis];
    gatherPatch(shape,
                input + image * imageSize + group * shape.groupChannels(),
                origin, rows);
  }
}

void gatherOutputs(const ConvolutionShape &shape, const float *values,
                   const float *subtracted, ImageSelection selection,
                   int64_t firstSample, int64_t count, float *rows) {
  const int64_t channels = shape.outChannels, positions = shape.positions();
  while (count > 0) {
    // Samples of one image are neighbours.
    int64_t image =
        selection.first + selection.step * (firstSample / positions);
    int64_t position = firstSample % positions;
    int64_t run = std::min(count, positions - position);
    int64_t start = (image * positions + position) * channels;
    int64_t size = run * channels;
    if (subtracted)
      for (int64_t i = 0; i < size; ++i)
        rows[i] = values[start + i] - subtracted[start + i];
    else
      std::memcpy(rows, values + start, sizeof(float) * size);
    rows += size;
    firstSample += run;
    count -= run;
  }
}

} // namespace shiftadd::calibration
