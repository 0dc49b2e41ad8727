//===- CompileTests.cpp - The facade -*- C++ -*-===//
//
// Part of the shiftadd project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Texts, determinism and errors.
//
//===----------------------------------------------------------------------===//
#include "test/unit/halide/KernelRunner.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <thread>

using namespace shiftadd::halide_gen;
using namespace shiftadd::halide_gen::test;

namespace {

using S = ScalarType;

Kernel convolution(int64_t size, const std::string &mode = "half_even") {
  Kernel k;
  ValueType in = quantized(S::UInt8, {1, size, size, 16}, 0.5, 3, 0, 255);
  int a = k.input(in, Tensor{in.shape, {}});
  int f = k.constant(quantized(S::Int8, {32, 3, 3, 16}, 0.5, 0, -128, 127), {});
  int m = k.constant(type(S::Int32, {32}), {});
  int s = k.constant(type(S::Int32, {32}), {});
  Shape shape = {1, size, size, 32};
  int sum = k.op("conv", {a, f}, {type(S::Int32, shape)},
                 {{"strides", Shape{1, 1}},
                  {"padding", Shape{1, 1, 1, 1}},
                  {"dilations", Shape{1, 1}},
                  {"groups", int64_t(1)}});
  k.output(k.op("requantize", {sum, -1, m, s},
                {quantized(S::UInt8, shape, 0.5, 9, 0, 255)},
                {{"rounding", mode}, {"arithmetic", std::string("double")}}));
  return k;
}

/// A large kernel of the generic emitter: tasks, stages and local buffers.
Kernel generic() {
  Kernel k;
  int x = k.input(type(S::Float32, {64, 64, 64}), {});
  int y = k.op("softmax", {x}, {type(S::Float32, {64, 64, 64})},
               {{"axis", int64_t(2)}});
  k.output(k.op("matmul", {y, y}, {type(S::Float32, {64, 64, 64})}));
  return k;
}

std::vector<char> object(const KernelSpec &spec, CpuLevel level) {
  CompiledKernel kernel;
  std::string error;
  EXPECT_TRUE(compileKernel(spec, "symbol", level, false, kernel, error))
      << error;
  return kernel.object;
}

TEST(Compile, EqualSpecsGiveEqualBytes) {
  for (CpuLevel level :
       {CpuLevel::X86_64_V3, CpuLevel::X86_64_V4, CpuLevel::Zen4}) {
    std::vector<char> first = object(convolution(40).spec, level);
    std::vector<char> firstGeneric = object(generic().spec, level);
    for (int i = 0; i < 12; ++i)
      object(convolution(8 + i).spec, level);
    EXPECT_EQ(first, object(convolution(40).spec, level));
    EXPECT_EQ(firstGeneric, object(generic().spec, level));
  }
}

TEST(Compile, ThreadsDoNotDisturbEachOther) {
  std::vector<char> alone = object(generic().spec, CpuLevel::X86_64_V3);
  std::vector<char> results[4];
  std::vector<std::thread> threads;
  for (std::vector<char> &result : results)
    threads.emplace_back([&result] {
      for (int i = 0; i < 3; ++i)
        result = object(generic().spec, CpuLevel::X86_64_V3);
    });
  for (std::thread &thread : threads)
    thread.join();
  for (const std::vector<char> &result : results)
    EXPECT_EQ(result, alone);
}

TEST(Compile, LevelsDiffer) {
  KernelSpec spec = convolution(16).spec;
  EXPECT_NE(object(spec, CpuLevel::X86_64_V3), object(spec, CpuLevel::Zen4));
}

TEST(Compile, TextsOnRequest) {
  CompiledKernel kernel;
  std::string error;
  ASSERT_TRUE(compileKernel(convolution(8).spec, "symbol", CpuLevel::X86_64_V3,
                            true, kernel, error))
      << error;
  EXPECT_NE(kernel.assembly.find("symbol"), std::string::npos);
  EXPECT_NE(kernel.statement.find("produce"), std::string::npos);
}

TEST(Compile, PrintNamesEverythingThatMatters) {
  std::string text = convolution(8).spec.print();
  EXPECT_EQ(text, convolution(8).spec.print());
  EXPECT_NE(text, convolution(8, "floor").spec.print());
  EXPECT_NE(text, convolution(9).spec.print());
  Kernel halo = convolution(8);
  halo.spec.arguments[0].layout =
      withHalo({1, 8, 8, 16}, {0, 1, 1, 0}, {0, 1, 1, 0});
  EXPECT_NE(text, halo.spec.print());
  Kernel scale = convolution(8);
  scale.spec.arguments[0].type.quantization.scales[0] = 0.25;
  EXPECT_NE(text, scale.spec.print());
  // A list of integers and an empty list of reals stay apart.
  Kernel lists = convolution(8);
  lists.spec.ops[0].attributes["extra"] = std::vector<double>();
  std::string reals = lists.spec.print();
  lists.spec.ops[0].attributes["extra"] = std::vector<int64_t>();
  EXPECT_NE(reals, lists.spec.print());
}

TEST(Compile, ErrorsAreTexts) {
  CompiledKernel kernel;
  std::string error;
  auto fails = [&](const KernelSpec &spec, const char *part) {
    error.clear();
    EXPECT_FALSE(compileKernel(spec, "symbol", CpuLevel::X86_64_V3, false,
                               kernel, error));
    EXPECT_NE(error.find(part), std::string::npos) << error;
  };
  Kernel k;
  int x = k.input(type(S::Float32, {4}), {});
  k.output(k.op("no_such_op", {x}, {type(S::Float32, {4})}));
  fails(k.spec, "no_such_op");

  Kernel missing;
  x = missing.input(type(S::Float32, {4}), {});
  missing.output(missing.op("leaky_relu", {x}, {type(S::Float32, {4})}));
  fails(missing.spec, "alpha");

  Kernel later;
  x = later.input(type(S::Float32, {4}), {});
  later.output(later.op("add", {x, 7}, {type(S::Float32, {4})}));
  fails(later.spec, "before its definition");

  Kernel integers;
  x = integers.input(type(S::Int32, {4}), {});
  integers.output(integers.op("exp", {x}, {type(S::Int32, {4})}));
  fails(integers.spec, "floating-point");

  Kernel none;
  none.input(type(S::Float32, {4}), {});
  fails(none.spec, "no output");

  PackedConstants packed;
  Kernel data = convolution(8);
  EXPECT_FALSE(packConstants(data.spec, {nullptr, nullptr, nullptr, nullptr},
                             packed, error));
  EXPECT_NE(error.find("no data"), std::string::npos) << error;
}

TEST(Compile, VersionNamesHalide) {
  EXPECT_EQ(backendVersion().rfind("halide 21.", 0), 0u) << backendVersion();
}

} // namespace
