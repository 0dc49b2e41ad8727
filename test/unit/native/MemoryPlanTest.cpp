//===- MemoryPlanTest.cpp - The arena planner -----------------------------===//
//
// Part of the shiftadd project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Random and typical live ranges: no overlap, few bytes lost, always the same.
//
//===----------------------------------------------------------------------===//
#include "codegen/Native/MemoryPlan.h"

#include "gtest/gtest.h"

#include <chrono>
#include <random>

using namespace shiftadd::native;

namespace {

void expectSound(const std::vector<LiveBuffer> &buffers,
                 const MemoryPlan &plan) {
  ASSERT_EQ(plan.offsets.size(), buffers.size());
  EXPECT_GE(plan.arenaBytes, plan.lowerBound);
  for (size_t i = 0; i < buffers.size(); ++i) {
    EXPECT_EQ(plan.offsets[i] % kArenaAlignment, 0u);
    EXPECT_LE(plan.offsets[i] + buffers[i].bytes, plan.arenaBytes);
    for (size_t j = 0; j < i; ++j) {
      bool together = buffers[i].firstUse <= buffers[j].lastUse &&
                      buffers[j].firstUse <= buffers[i].lastUse;
      bool apart = plan.offsets[i] + buffers[i].bytes <= plan.offsets[j] ||
                   plan.offsets[j] + buffers[j].bytes <= plan.offsets[i];
      bool empty = buffers[i].bytes == 0 || buffers[j].bytes == 0;
      EXPECT_TRUE(!together || apart || empty) << i << " and " << j;
    }
  }
}

std::vector<LiveBuffer> randomBuffers(unsigned seed, size_t count) {
  std::mt19937 random(seed);
  std::vector<LiveBuffer> buffers;
  for (size_t i = 0; i < count; ++i) {
    uint32_t first = random() % (count + 1);
    uint32_t length = random() % 8 == 0 ? random() % (count + 1) : random() % 4;
    buffers.push_back({random() % 100000, first, first + length});
  }
  return buffers;
}

/// One tensor per launch, read by the next.
std::vector<LiveBuffer> chain(unsigned seed, uint32_t length) {
  std::mt19937 random(seed);
  std::vector<LiveBuffer> buffers;
  for (uint32_t i = 0; i < length; ++i)
    buffers.push_back({1000 + random() % 200000, i, i + 1});
  return buffers;
}

/// Blocks of two tensors and a shortcut, with shrinking sizes.
std::vector<LiveBuffer> residual(uint32_t blocks) {
  std::vector<LiveBuffer> buffers;
  uint64_t bytes = 56 * 56 * 256;
  uint32_t launch = 0;
  buffers.push_back({bytes, launch, launch + 3});
  for (uint32_t i = 0; i < blocks; ++i) {
    buffers.push_back({bytes / 4, launch + 1, launch + 2});
    buffers.push_back({bytes / 4, launch + 2, launch + 3});
    if (i % 4 == 3)
      bytes /= 2;
    buffers.push_back({bytes, launch + 3, launch + 6});
    launch += 3;
  }
  return buffers;
}

TEST(MemoryPlan, RandomLiveRangesNeverOverlap) {
  for (unsigned seed = 0; seed < 40; ++seed) {
    std::vector<LiveBuffer> buffers = randomBuffers(seed, 1 + seed * 3);
    expectSound(buffers, planMemory(buffers));
  }
}

TEST(MemoryPlan, IsCloseToTheLowerBound) {
  for (unsigned seed = 0; seed < 20; ++seed) {
    std::vector<LiveBuffer> buffers = chain(seed, 60);
    MemoryPlan plan = planMemory(buffers);
    expectSound(buffers, plan);
    EXPECT_LE(plan.arenaBytes, plan.lowerBound * 1.2);
  }
  for (uint32_t blocks : {1, 4, 16, 50}) {
    std::vector<LiveBuffer> buffers = residual(blocks);
    MemoryPlan plan = planMemory(buffers);
    expectSound(buffers, plan);
    EXPECT_LE(plan.arenaBytes, plan.lowerBound * 1.2);
  }
}

TEST(MemoryPlan, LowerBoundIsTheLargestLiveSum) {
  MemoryPlan plan = planMemory({{64, 0, 1}, {100, 1, 2}, {64, 2, 9}});
  EXPECT_EQ(plan.lowerBound, 64u + 128u);
  EXPECT_EQ(plan.arenaBytes, 64u + 128u);
}

TEST(MemoryPlan, LaunchesThatDoNotTouchShareMemory) {
  MemoryPlan plan = planMemory({{640, 0, 1}, {640, 2, 3}, {640, 4, 4}});
  EXPECT_EQ(plan.arenaBytes, 640u);
}

TEST(MemoryPlan, ReaderAndWriterOfOneLaunchAreApart) {
  MemoryPlan plan = planMemory({{640, 0, 1}, {640, 1, 2}});
  EXPECT_EQ(plan.arenaBytes, 1280u);
}

TEST(MemoryPlan, IsDeterministic) {
  std::vector<LiveBuffer> buffers = randomBuffers(5, 200);
  MemoryPlan first = planMemory(buffers), second = planMemory(buffers);
  EXPECT_EQ(first.offsets, second.offsets);
  EXPECT_EQ(first.arenaBytes, second.arenaBytes);
}

TEST(MemoryPlan, TakesNoBuffersAndEmptyBuffers) {
  EXPECT_EQ(planMemory({}).arenaBytes, 0u);
  MemoryPlan plan = planMemory({{0, 0, 5}, {1, 2, 3}, {0, 2, 2}});
  EXPECT_EQ(plan.arenaBytes, 64u);
  EXPECT_EQ(plan.offsets.size(), 3u);
}

TEST(MemoryPlan, IsFastForManyBuffers) {
  auto start = std::chrono::steady_clock::now();
  std::vector<LiveBuffer> buffers = randomBuffers(1, 1000);
  expectSound(buffers, planMemory(buffers));
  std::chrono::duration<double> seconds =
      std::chrono::steady_clock::now() - start;
  EXPECT_LT(seconds.count(), 30.0);
}

} // namespace
