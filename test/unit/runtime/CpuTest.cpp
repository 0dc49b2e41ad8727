//===- CpuTest.cpp - Which CPUs a kernel set is chosen for ----------------===//
//
// Part of the shiftadd project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Every feature is taken away once, from made-up CPUs, and what Linux says of
// this machine's CPU is compared with what the model library chooses.
//
//===----------------------------------------------------------------------===//
#include "runtime/model/cpu.h"
#include "runtime/model/description.h"
#include "test/unit/runtime/Fixture.h"

#include <gtest/gtest.h>

#include <fstream>
#include <set>
#include <sstream>

using namespace shiftadd::runtime_test;

// cpu.c is linked without a model.
const shiftadd_model_description shiftadd_description = {};

namespace {

using Features = shiftadd_cpu_features;

/// A CPUID bit, its name in Linux and the first level that needs it.
struct Feature {
  const char *name;
  uint32_t Features::*leaf;
  int bit;
  int32_t level;
};

const Feature allFeatures[] = {
    {"pni", &Features::leaf1_ecx, 0, SHIFTADD_CPU_X86_64_V3},
    {"ssse3", &Features::leaf1_ecx, 9, SHIFTADD_CPU_X86_64_V3},
    {"fma", &Features::leaf1_ecx, 12, SHIFTADD_CPU_X86_64_V3},
    {"cx16", &Features::leaf1_ecx, 13, SHIFTADD_CPU_X86_64_V3},
    {"sse4_1", &Features::leaf1_ecx, 19, SHIFTADD_CPU_X86_64_V3},
    {"sse4_2", &Features::leaf1_ecx, 20, SHIFTADD_CPU_X86_64_V3},
    {"movbe", &Features::leaf1_ecx, 22, SHIFTADD_CPU_X86_64_V3},
    {"popcnt", &Features::leaf1_ecx, 23, SHIFTADD_CPU_X86_64_V3},
    {"xsave", &Features::leaf1_ecx, 27, SHIFTADD_CPU_X86_64_V3},
    {"avx", &Features::leaf1_ecx, 28, SHIFTADD_CPU_X86_64_V3},
    {"f16c", &Features::leaf1_ecx, 29, SHIFTADD_CPU_X86_64_V3},
    {"bmi1", &Features::leaf7_ebx, 3, SHIFTADD_CPU_X86_64_V3},
    {"avx2", &Features::leaf7_ebx, 5, SHIFTADD_CPU_X86_64_V3},
    {"bmi2", &Features::leaf7_ebx, 8, SHIFTADD_CPU_X86_64_V3},
    {"lahf_lm", &Features::extended1_ecx, 0, SHIFTADD_CPU_X86_64_V3},
    {"abm", &Features::extended1_ecx, 5, SHIFTADD_CPU_X86_64_V3},
    {"avx512f", &Features::leaf7_ebx, 16, SHIFTADD_CPU_X86_64_V4},
    {"avx512dq", &Features::leaf7_ebx, 17, SHIFTADD_CPU_X86_64_V4},
    {"avx512cd", &Features::leaf7_ebx, 28, SHIFTADD_CPU_X86_64_V4},
    {"avx512bw", &Features::leaf7_ebx, 30, SHIFTADD_CPU_X86_64_V4},
    {"avx512vl", &Features::leaf7_ebx, 31, SHIFTADD_CPU_X86_64_V4},
    {"avx512ifma", &Features::leaf7_ebx, 21, SHIFTADD_CPU_ZEN4},
    {"avx512vbmi", &Features::leaf7_ecx, 1, SHIFTADD_CPU_ZEN4},
    {"avx512_vbmi2", &Features::leaf7_ecx, 6, SHIFTADD_CPU_ZEN4},
    {"gfni", &Features::leaf7_ecx, 8, SHIFTADD_CPU_ZEN4},
    {"vaes", &Features::leaf7_ecx, 9, SHIFTADD_CPU_ZEN4},
    {"vpclmulqdq", &Features::leaf7_ecx, 10, SHIFTADD_CPU_ZEN4},
    {"avx512_vnni", &Features::leaf7_ecx, 11, SHIFTADD_CPU_ZEN4},
    {"avx512_bitalg", &Features::leaf7_ecx, 12, SHIFTADD_CPU_ZEN4},
    {"avx512_vpopcntdq", &Features::leaf7_ecx, 14, SHIFTADD_CPU_ZEN4},
    {"avx512_bf16", &Features::leaf7_1_eax, 5, SHIFTADD_CPU_ZEN4},
    {"sse4a", &Features::extended1_ecx, 6, SHIFTADD_CPU_ZEN4},
};

/// Exactly the features of a level, with all register state saved.
Features featuresOf(int32_t level) {
  Features features = {};
  for (const Feature &feature : allFeatures)
    if (feature.level <= level)
      features.*feature.leaf |= 1u << feature.bit;
  features.saved_state = 0xe7;
  return features;
}

TEST(Cpu, LevelsContainEachOther) {
  for (int32_t cpu = 0; cpu <= SHIFTADD_CPU_ZEN4; ++cpu) {
    const Features features = featuresOf(cpu);
    for (int32_t level = 0; level <= SHIFTADD_CPU_ZEN4; ++level)
      EXPECT_EQ(shiftadd_level_fits(&features, level), level <= cpu);
    EXPECT_FALSE(shiftadd_level_fits(&features, -1));
    EXPECT_FALSE(shiftadd_level_fits(&features, SHIFTADD_CPU_ZEN4 + 1));
  }
}

TEST(Cpu, EveryFeatureIsNeeded) {
  for (const Feature &feature : allFeatures) {
    Features features = featuresOf(SHIFTADD_CPU_ZEN4);
    features.*feature.leaf &= ~(1u << feature.bit);
    for (int32_t level = 0; level <= SHIFTADD_CPU_ZEN4; ++level)
      EXPECT_EQ(shiftadd_level_fits(&features, level), level < feature.level)
          << feature.name << ", level " << level;
  }
}

TEST(Cpu, RegisterStateIsNeeded) {
  for (int bit : {1, 2, 5, 6, 7}) {
    Features features = featuresOf(SHIFTADD_CPU_ZEN4);
    features.saved_state &= ~(1ull << bit);
    EXPECT_EQ(shiftadd_level_fits(&features, SHIFTADD_CPU_X86_64_V3), bit > 2);
    EXPECT_FALSE(shiftadd_level_fits(&features, SHIFTADD_CPU_X86_64_V4));
    EXPECT_FALSE(shiftadd_level_fits(&features, SHIFTADD_CPU_ZEN4));
  }
}

/// The best level by the flags that Linux lists; -1: none.
int32_t levelByLinux() {
  std::ifstream file("/proc/cpuinfo");
  std::string line;
  while (std::getline(file, line) && line.rfind("flags", 0) != 0)
    ;
  std::istringstream words(line);
  const std::set<std::string> flags{std::istream_iterator<std::string>(words),
                                    {}};
  int32_t level = SHIFTADD_CPU_ZEN4;
  for (const Feature &feature : allFeatures)
    if (!flags.count(feature.name))
      level = std::min(level, feature.level - 1);
  return level;
}

TEST(Cpu, ThisMachine) {
  const char *const names[] = {"x86-64-v3", "x86-64-v4", "zen4"};
  const int32_t level = levelByLinux();
  shiftadd_model *model = nullptr;
  ASSERT_EQ(shiftadd_open(modelPath("multi").c_str(), &model), 0);
  if (level < 0)
    EXPECT_EQ(shiftadd_target(model), nullptr);
  else
    EXPECT_STREQ(shiftadd_target(model), names[level]);
  shiftadd_close(model);
}

} // namespace
