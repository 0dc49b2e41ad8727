//===- ImageFile.h - PNG and JPEG pictures ----------------------*- C++ -*-===//
//
// Part of the shiftadd project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Decoding, cropping and scaling. Only ImageFile.cpp sees the decoder.
//
//===----------------------------------------------------------------------===//
#ifndef SHIFTADD_TOOLS_TENSORFILES_IMAGEFILE_H
#define SHIFTADD_TOOLS_TENSORFILES_IMAGEFILE_H

#include <cstdint>
#include <string>
#include <vector>

namespace shiftadd::tools {

/// Interleaved 8-bit pixels, row by row.
struct Image {
  int width = 0;
  int height = 0;
  int channels = 0; ///< 1: grey, 3: RGB
  std::vector<uint8_t> pixels;
};

/// Reads a PNG or JPEG file as grey (`channels` = 1) or RGB (3). 16-bit
/// pictures are reduced to 8 bits, an alpha channel is dropped, and colours
/// become grey by the weights of ITU-R BT.601. The error names the file.
bool readImage(const std::string &path, int channels, Image &image,
               std::string &error);

/// Cuts the largest centred rectangle of aspect `width` : `height`.
Image centreCrop(const Image &image, int width, int height);

/// Bilinear scaling with pixel centres at half-integers. Scaling down widens
/// the triangle filter by the scale factor, so that no pixel is skipped. The
/// arithmetic is that of Pillow's Image.resize(..., BILINEAR), bit for bit:
/// most networks were trained on pictures prepared by it.
Image resizeBilinear(const Image &image, int width, int height);

} // namespace shiftadd::tools

#endif // SHIFTADD_TOOLS_TENSORFILES_IMAGEFILE_H
