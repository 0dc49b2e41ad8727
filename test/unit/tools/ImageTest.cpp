//===- ImageTest.cpp - Pictures against Pillow ----------------------------===//
//
// Part of the shiftadd project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Decoding, cropping and scaling give Pillow's pixels; normalisation gives the
// numbers that a network was trained on.
//
//===----------------------------------------------------------------------===//

#include "test/unit/tools/TestFiles.h"
#include "tools/shiftadd-run/Preprocess.h"
#include "tools/shiftadd-run/TopClasses.h"
#include "tools/tensor-files/ImageFile.h"
#include "tools/tensor-files/TensorFiles.h"

#include <cmath>

using namespace shiftadd::tools;
using namespace shiftadd::tools::test;

namespace {

Image read(const std::string &name, int channels) {
  Image image;
  std::string error;
  EXPECT_TRUE(readImage(dataFile(name), channels, image, error)) << error;
  return image;
}

Tensor golden(const std::string &name) {
  Tensor tensor;
  std::string error;
  EXPECT_TRUE(readTensor(dataFile(name), tensor, error)) << error;
  return tensor;
}

void expectPixels(const Image &image, const std::string &file) {
  Tensor expected = golden(file);
  EXPECT_EQ(image.height, expected.shape[0]);
  EXPECT_EQ(image.width, expected.shape[1]);
  EXPECT_EQ(image.pixels, expected.bytes) << file;
}

TEST(Image, DecodesPng) {
  expectPixels(read("picture.png", 3), "picture.npy");
  expectPixels(read("picture-grey.png", 1), "picture-grey.npy");
  expectPixels(read("picture-palette.png", 3), "picture-palette.npy");
  expectPixels(read("picture-alpha.png", 3), "picture.npy");
  // Colour to grey by the same weights as Pillow's convert("L").
  expectPixels(read("picture.png", 1), "picture-grey.npy");
  Image grey = read("picture-grey.png", 3);
  ASSERT_EQ(grey.pixels.size(), 31u * 23 * 3);
  EXPECT_EQ(grey.pixels[3], grey.pixels[5]);
}

TEST(Image, DecodesJpeg) {
  Image image = read("picture.jpg", 3);
  Tensor expected = golden("picture-jpg.npy");
  ASSERT_EQ(image.pixels.size(), expected.bytes.size());
  // Decoders round differently and this one smooths the chroma more.
  double sum = 0;
  for (size_t i = 0; i < image.pixels.size(); ++i)
    sum += std::abs(int(image.pixels[i]) - int(expected.bytes[i]));
  EXPECT_LT(sum / double(image.pixels.size()), 4.0);
}

TEST(Image, ScalesLikePillow) {
  Image image = read("picture.png", 3);
  for (auto [width, height] : std::vector<std::pair<int, int>>{
           {7, 5}, {50, 40}, {12, 60}, {31, 23}, {1, 1}}) {
    std::string size = std::to_string(width) + "x" + std::to_string(height);
    expectPixels(resizeBilinear(image, width, height),
                 "picture-" + size + ".npy");
  }
}

TEST(Image, CropsAroundTheCentre) {
  Image image = read("picture.png", 3);
  expectPixels(resizeBilinear(centreCrop(image, 8, 8), 8, 8),
               "crop-square-8x8.npy");
  expectPixels(resizeBilinear(centreCrop(image, 9, 3), 9, 3),
               "crop-wide-9x3.npy");
  Image line = centreCrop(image, 1, 1000);
  EXPECT_EQ(line.width, 1);
  EXPECT_EQ(line.height, 23);
}

TEST(Image, DamagedFilesDoNoHarm) {
  std::string path =
      testing::TempDir() + "shiftadd-damaged-" + std::to_string(::getpid());
  for (const char *name : {"picture.png", "picture.jpg"}) {
    std::vector<uint8_t> file = dataBytes(name);
    for (size_t size = 0; size < file.size(); size += 37) {
      std::string error;
      ASSERT_TRUE(writeFiles(
          {{path, {file.begin(), file.begin() + long(size)}}}, error));
      Image image;
      if (readImage(path, 3, image, error)) {
        EXPECT_EQ(image.pixels.size(),
                  size_t(image.width) * size_t(image.height) * 3);
      } else {
        expectErrorLine(error,
                        path + ": is not a readable PNG or JPEG picture: ");
      }
    }
  }
  std::filesystem::remove(path);
}

TensorSpec imageInput(int32_t type, std::vector<int64_t> shape) {
  return {"image", type, std::move(shape), false, {}};
}

TEST(Preprocess, NormalisesPerChannel) {
  llvm::Expected<Tensor> tensor = imageToTensor(
      dataFile("picture.png"), imageInput(SHIFTADD_FLOAT32, {-1, 3, 5, 7}),
      {{127, 100, 0}, {0.5, 2, 1}});
  ASSERT_TRUE(bool(tensor)) << llvm::toString(tensor.takeError());
  EXPECT_EQ(describe(*tensor), "float32[1,3,5,7]");
  // The picture is cropped to 7:5 = 31:22 first.
  Image image = resizeBilinear(centreCrop(read("picture.png", 3), 7, 5), 7, 5);
  std::vector<double> values = toDoubles(*tensor);
  ASSERT_EQ(values.size(), 3u * 35);
  for (size_t i = 0; i < 35; ++i) {
    EXPECT_EQ(values[i], (image.pixels[3 * i] - 127.0) * 0.5);
    EXPECT_EQ(values[35 + i], (image.pixels[3 * i + 1] - 100.0) * 2);
    EXPECT_EQ(values[70 + i], image.pixels[3 * i + 2]);
  }
}

TEST(Preprocess, IntegersSaturate) {
  std::vector<double> unsigned8, signed8;
  Normalisation shift{{128}, {1}};
  llvm::Expected<Tensor> u =
      imageToTensor(dataFile("picture.png"),
                    imageInput(SHIFTADD_UINT8, {1, 1, 23, 31}), shift);
  llvm::Expected<Tensor> s =
      imageToTensor(dataFile("picture.png"),
                    imageInput(SHIFTADD_INT8, {1, 1, 23, 31}), shift);
  ASSERT_TRUE(u && s);
  std::vector<double> us = toDoubles(*u), ss = toDoubles(*s);
  Tensor grey = golden("picture-grey.npy");
  bool saturated = false;
  for (size_t i = 0; i < us.size(); ++i) {
    EXPECT_EQ(ss[i], grey.bytes[i] - 128.0);
    EXPECT_EQ(us[i], std::max(0, grey.bytes[i] - 128));
    saturated |= grey.bytes[i] < 128;
  }
  EXPECT_TRUE(saturated);
}

TEST(Preprocess, RefusesOtherInputs) {
  auto errorOf = [](const TensorSpec &input, Normalisation n) {
    llvm::Expected<Tensor> tensor =
        imageToTensor(dataFile("picture.png"), input, n);
    EXPECT_FALSE(bool(tensor));
    return llvm::toString(tensor.takeError());
  };
  std::string start = "input 'image' (float32[1,2,5,7]) takes no picture";
  EXPECT_EQ(errorOf(imageInput(SHIFTADD_FLOAT32, {1, 2, 5, 7}), {})
                .substr(0, start.size()),
            start);
  for (const TensorSpec &input :
       {imageInput(SHIFTADD_FLOAT32, {2, 3, 5, 7}),
        imageInput(SHIFTADD_FLOAT32, {1, 3, 5}),
        imageInput(SHIFTADD_FLOAT32, {1, 3, 0, 7}),
        imageInput(SHIFTADD_FLOAT32, {1, 3, 5, int64_t(1) << 40}),
        imageInput(SHIFTADD_INT64, {1, 3, 5, 7})})
    EXPECT_NE(errorOf(input, {}).find("takes no picture"), std::string::npos);
  EXPECT_EQ(
      errorOf(imageInput(SHIFTADD_FLOAT32, {1, 1, 5, 7}), {{1, 2, 3}, {1}}),
      "--image-mean has 3 numbers, the input has 1 channel");
}

TEST(Preprocess, ReadsTheStoredNumbers) {
  auto read = [](llvm::StringRef json) {
    return llvm::cantFail(storedNormalisation(json));
  };
  Normalisation n =
      read(R"({"preprocessing": {"mean": [1, 2.5, 3], "scale": 0.5}})");
  EXPECT_EQ(n.mean, (std::vector<double>{1, 2.5, 3}));
  EXPECT_EQ(n.scale, std::vector<double>{0.5});
  EXPECT_EQ(read("{}").mean, std::vector<double>{0});
  EXPECT_EQ(read("{}").scale, std::vector<double>{1});
  for (const char *bad : {"", "{", R"({"preprocessing": {"mean": []}})",
                          R"({"preprocessing": {"scale": ["a"]}})"}) {
    llvm::Expected<Normalisation> result = storedNormalisation(bad);
    EXPECT_FALSE(bool(result)) << bad;
    llvm::consumeError(result.takeError());
  }
}

TEST(TopClasses, RanksAndNames) {
  Tensor scores = makeTensor("logits", SHIFTADD_FLOAT32, {1, 4},
                             std::vector<float>{-1, 2.5f, NAN, 2.5f});
  std::string text;
  llvm::raw_string_ostream os(text);
  llvm::cantFail(
      printTopClasses(scores, {"a", "bb", "c", "long name"}, "f", 9, os));
  EXPECT_EQ(text, "rank  class  label             score\n"
                  "   1      1  bb                  2.5\n"
                  "   2      3  long name           2.5\n"
                  "   3      0  a                    -1\n"
                  "   4      2  c                   nan\n");
  EXPECT_EQ(llvm::toString(printTopClasses(scores, {"a"}, "f", 1, os)),
            "f: has 1 labels, but output 'logits' has 4 classes");
}

} // namespace
