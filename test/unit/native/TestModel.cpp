//===- TestModel.cpp - A small model and a way to run libraries -----------===//
//
// Part of the shiftadd project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// The expected results are computed here in plain loops over the whole image,
// with no halo in memory.
//
//===----------------------------------------------------------------------===//
#include "test/unit/native/TestModel.h"
#include "test/unit/native/Kernels.h"

#include <cmath>
#include <cstdlib>
#include <cstring>
#include <dlfcn.h>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <sstream>

namespace shiftadd::native::test {

std::string readFile(const std::string &path) {
  std::ifstream stream(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(stream), {}};
}

TargetImage makeTarget(const std::string &name, int32_t cpuLevel,
                       const std::string &set) {
  TargetImage target;
  target.name = name;
  target.cpuLevel = cpuLevel;
  std::stringstream paths(set == "first" ? FIRST_KERNELS : SECOND_KERNELS);
  std::string path;
  for (const char *kernel : {"_pad", "_convolution", "_copy"}) {
    std::getline(paths, path, '|');
    std::string object = readFile(path);
    target.kernels.push_back(
        {set + kernel, std::vector<char>(object.begin(), object.end())});
  }
  return target;
}

std::vector<int8_t> filterValues() { return {1, -2, 3, 4, 5, -6, 7, 8, -9}; }

std::vector<float> expectedScores(const std::vector<int8_t> &image) {
  std::vector<int8_t> filter = filterValues();
  std::vector<float> scores;
  for (int y = 0; y < IMAGE; ++y)
    for (int x = 0; x < IMAGE; ++x) {
      int sum = 0;
      for (int i = 0; i < 9; ++i) {
        int row = y + i / 3 - 1, column = x + i % 3 - 1;
        bool inside = row >= 0 && row < IMAGE && column >= 0 && column < IMAGE;
        sum += filter[i] * (inside ? image[row * IMAGE + column] : kHaloValue);
      }
      scores.push_back(std::tanh(float(sum * CONVOLUTION_SCALE)));
    }
  return scores;
}

ModelImage makeConvolutionModel() {
  // Odd places, so that an offset that is dropped shows.
  constexpr uint64_t paddedOffset = 128, filterOffset = 64;
  constexpr uint64_t cell = 1;
  ModelImage model;
  model.inputs = {{"image", SHIFTADD_INT8, {IMAGE, IMAGE}, IMAGE * IMAGE, {}}};
  model.outputs = {
      {"scores", SHIFTADD_FLOAT32, {IMAGE, IMAGE}, 4 * IMAGE * IMAGE, {}}};
  model.layerNames = {"pad", "convolution"};
  model.targets = {makeTarget("x86-64-v3", 0, "first")};
  model.weights.assign(filterOffset + 9, 0);
  std::memcpy(&model.weights[filterOffset], filterValues().data(), 9);
  model.arenaBytes = paddedOffset + PADDED * PADDED;
  model.json = "{\"name\": \"test\"}";

  Launch pad;
  pad.layer = 0;
  pad.kernel = Pad;
  auto fill = [&](uint64_t offset, uint64_t bytes, uint64_t stride,
                  uint64_t rows) {
    pad.fills.push_back({{Place::Arena, 0, paddedOffset + offset},
                         bytes,
                         stride,
                         rows,
                         {uint8_t(kHaloValue)}});
  };
  fill(0, PADDED, 0, 1);                            // top
  fill(PADDED * (PADDED - 1), PADDED * cell, 0, 1); // bottom
  fill(PADDED, 1, PADDED, PADDED - 2);              // left
  fill(2 * PADDED - 1, 1, PADDED, PADDED - 2);      // right
  pad.arguments = {{Place::Input, 0, 0}, {Place::Arena, 0, paddedOffset}};
  Launch convolution;
  convolution.layer = 1;
  convolution.kernel = Convolution;
  convolution.arguments = {{Place::Arena, 0, paddedOffset},
                           {Place::Weights, 0, filterOffset},
                           {Place::Output, 0, 0}};
  model.launches = {pad, convolution};
  return model;
}

TemporaryFolder::TemporaryFolder() {
  std::string pattern =
      (std::filesystem::temp_directory_path() / "shiftadd-native-XXXXXX");
  if (const char *made = mkdtemp(pattern.data()))
    path = made;
}

TemporaryFolder::~TemporaryFolder() {
  std::error_code ignored;
  if (!path.empty())
    std::filesystem::remove_all(path, ignored);
}

size_t TemporaryFolder::fileCount() const {
  return std::distance(std::filesystem::directory_iterator(path), {});
}

LoadedModel::LoadedModel(const std::string &path) {
  handle = dlopen(path.c_str(), RTLD_NOW | RTLD_LOCAL);
  if (!handle) {
    error = dlerror();
    return;
  }
  model = static_cast<const shiftadd_model_v1 *>(
      dlsym(handle, "shiftadd_model_v1"));
  if (!model)
    error = "no shiftadd_model_v1";
  else if (model->create(&context) != SHIFTADD_OK)
    error = "no context";
}

LoadedModel::~LoadedModel() {
  if (context)
    model->destroy(context);
  if (handle)
    dlclose(handle);
}

} // namespace shiftadd::native::test
