//===- Picture.h - Pictures as inputs of a network -*- C++ -*-===//
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
#ifndef SHIFTADD_TOOLS_TENSORFILES_PICTURE_H
#define SHIFTADD_TOOLS_TENSORFILES_PICTURE_H

#include "tools/tensor-files/ImageFile.h"
#include "tools/tensor-files/ModelInputs.h"

namespace shiftadd::tools {

/// Pixel values v in 0..255 become (v - mean) * scale. Each vector has one
/// number or one per channel.
struct Normalisation {
  std::vector<double> mean = {0};
  std::vector<double> scale = {1};
};

/// Whether an input takes one picture a sample: [1,C,H,W] or [1,H,W,C] with C 1
/// or 3, batch 1 or free, in float32, uint8 or int8. The error says what is
/// needed.
bool takesPictures(const TensorSpec &input, std::string &error);

/// 1 or 3, of an input that takes pictures.
int pictureChannels(const TensorSpec &input);

/// Crops and scales `image`, which has the channels of the input, and writes
/// its normalised pixels to `bytes`, which has room for one sample.
bool normalisePicture(const Image &image, const TensorSpec &input,
                      const Normalisation &normalisation, uint8_t *bytes,
                      std::string &error);

/// A PNG or JPEG file as one sample of an input.
bool readPicture(const std::string &path, const TensorSpec &input,
                 const Normalisation &normalisation, Tensor &tensor,
                 std::string &error);

} // namespace shiftadd::tools

#endif // SHIFTADD_TOOLS_TENSORFILES_PICTURE_H
