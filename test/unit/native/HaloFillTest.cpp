//===- HaloFillTest.cpp - Fills of every element size and shape -----------===//
//
// Part of the shiftadd project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Runs fills of many shapes inside a real library and compares the memory that
// they leave with a plain loop.
//
//===----------------------------------------------------------------------===//
#include "codegen/Native/HaloFillCode.h"
#include "codegen/Native/Library.h"
#include "test/unit/native/Kernels.h"
#include "test/unit/native/TestModel.h"

#include "gtest/gtest.h"

#include <random>

using namespace shiftadd::native;
using namespace shiftadd::native::test;

namespace {

HaloFill randomFill(std::mt19937 &random) {
  HaloFill fill;
  size_t width = size_t(1) << random() % 4;
  bool uniform = random() % 3 == 0;
  uint8_t value = random();
  for (size_t i = 0; i < width; ++i)
    fill.element.push_back(uniform ? value : uint8_t(random()));
  uint64_t longest = random() % 4 == 0 ? 200 : 12;
  fill.rowBytes = width * (random() % longest);
  fill.rows = random() % 8;
  fill.stride = fill.rowBytes + (random() % 3 ? random() % 70 : 0);
  uint64_t free = BLOCK - haloFillExtent(fill);
  fill.start = {Place::Arena, 0, random() % (free + 1)};
  return fill;
}

void apply(const HaloFill &fill, std::vector<uint8_t> &memory) {
  for (uint64_t row = 0; row < fill.rows; ++row)
    for (uint64_t i = 0; i < fill.rowBytes; ++i)
      memory[fill.start.offset + row * fill.stride + i] =
          fill.element[i % fill.element.size()];
}

TEST(HaloFill, WritesWhatAPlainLoopWrites) {
  std::mt19937 random(7);
  ModelImage model;
  model.outputs = {{"memory", SHIFTADD_UINT8, {BLOCK}, BLOCK, {}}};
  model.layerNames = {"all"};
  model.targets = {makeTarget("x86-64-v3", 0, "first")};
  model.arenaBytes = BLOCK;
  Launch launch;
  launch.kernel = Copy;
  launch.arguments = {{Place::Arena, 0, 0}, {Place::Output, 0, 0}};
  launch.fills.push_back({{Place::Arena, 0, 0}, BLOCK, 0, 1, {0xAA}});
  for (int i = 0; i < 400; ++i)
    launch.fills.push_back(randomFill(random));
  model.launches = {launch};

  std::vector<uint8_t> expected(BLOCK), actual(BLOCK);
  for (const HaloFill &fill : launch.fills)
    apply(fill, expected);

  TemporaryFolder folder;
  std::string path = folder.file("fills.so");
  llvm::Error error = writeLibrary(model, path);
  ASSERT_FALSE(bool(error)) << llvm::toString(std::move(error));
  LoadedModel loaded(path);
  ASSERT_EQ(loaded.error, "");
  void *outputs[] = {actual.data()};
  ASSERT_EQ(loaded.model->run(loaded.context, nullptr, outputs, 1), 0)
      << loaded.model->last_error(loaded.context);
  EXPECT_EQ(actual, expected);
}

TEST(HaloFill, RefusesContradictions) {
  auto refused = [](HaloFill fill) {
    llvm::Error error = checkHaloFill(fill);
    bool result = bool(error);
    llvm::consumeError(std::move(error));
    return result;
  };
  EXPECT_FALSE(refused({{}, 8, 16, 2, {1, 2}}));
  EXPECT_TRUE(refused({{}, 8, 16, 2, {}}));
  EXPECT_TRUE(refused({{}, 9, 16, 2, {1, 2, 3}}));
  EXPECT_TRUE(refused({{}, 9, 16, 2, {1, 2}}));
  EXPECT_TRUE(refused({{}, 8, 4, 2, {1}}));
  EXPECT_TRUE(refused({{}, 8, UINT64_MAX / 2, 4, {1}}));
}

} // namespace
