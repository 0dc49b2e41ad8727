//===- AssemblyTests.cpp - Instructions of the tuned kernels ----*- C++ -*-===//
//
// Part of the shiftadd project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// A kernel that misses its instruction or spills in its inner loop still gives
// the right result, several times slower. Kernels of every level are compiled
// on any machine, so their text is checked where they cannot run.
//
//===----------------------------------------------------------------------===//
#include "test/unit/halide/IntegerLayer.h"

#include "codegen/Halide/Scaling.h"

#include <gtest/gtest.h>

using namespace shiftadd::halide_gen;
using namespace shiftadd::halide_gen::test;

namespace {

using S = ScalarType;

constexpr CpuLevel avx2 = CpuLevel::X86_64_V3, avx512 = CpuLevel::X86_64_V4,
                   zen4 = CpuLevel::Zen4;

/// A layer of codes with a requantisation in 32 bits behind it.
KernelSpec layerSpec(const IntegerLayer &layer,
                     std::map<std::string, Attribute> attributes = {},
                     std::map<std::string, Attribute> scalingAttributes = {}) {
  Kernel k;
  Tensor x{layer.input, std::vector<double>(size_t(count(layer.input)))};
  Tensor w{layer.filter, std::vector<double>(size_t(count(layer.filter)))};
  int in = layer.add(k, x, w, layer.distances ? "adder_" : "", attributes);
  // Arguments come first in a spec: the op is moved behind the constants.
  Op op = k.spec.ops.back();
  k.spec.ops.clear();
  int64_t channels = layer.filter[0];
  Tensor ones{{channels}, std::vector<double>(size_t(channels), 1)};
  int b = k.constant(type(S::Int32, {channels}), ones);
  int m = k.constant(type(S::Int32, {channels}), ones);
  int s = k.constant(type(S::Int32, {channels}), ones);
  in = k.op(op.op, op.operands, op.results, op.attributes);
  scalingAttributes["rounding"] = std::string("half_up");
  scalingAttributes["arithmetic"] = std::string("int32");
  k.output(k.op("requantize", {in, b, m, s},
                {quantized(S::UInt8, op.results[0].shape, 1, 3, 0, 255)},
                scalingAttributes));
  return k.spec;
}

struct Expectation {
  const char *name;
  IntegerLayer layer;
  int64_t chunk; ///< 0: none
  CpuLevel level;
  const char *instruction;
};

void expectTuned(const Expectation &e) {
  SCOPED_TRACE(std::string(e.name) + " on level " +
               std::to_string(static_cast<int>(e.level)));
  std::map<std::string, Attribute> attributes;
  if (e.chunk) {
    bool joined = e.layer.groups == 1 && e.layer.dilation == 1;
    attributes["shiftadd.chunk"] = e.chunk;
    attributes["shiftadd.chunk_run"] =
        e.layer.filter.back() * (joined ? e.layer.filter[2] : 1);
  }
  std::string assembly = assemblyOf(layerSpec(e.layer, attributes), e.level);
  EXPECT_FALSE(instructions(assembly, e.instruction).empty())
      << "no " << e.instruction;
  for (const std::string &line : spillsAround(assembly, e.instruction))
    ADD_FAILURE() << line;
}

TEST(Assembly, Convolutions) {
  IntegerLayer window{{1, 28, 28, 64}, {64, 3, 3, 64}, 1, 1, 1};
  IntegerLayer pointwise{{1, 14, 14, 96}, {192, 1, 1, 96}};
  IntegerLayer groups{{1, 14, 14, 64}, {64, 3, 3, 16}, 1, 1, 1, 4};
  for (const IntegerLayer &layer : {window, pointwise, groups}) {
    int64_t run = layer.filter[3] * (layer.groups == 1 ? layer.filter[2] : 1);
    expectTuned({"dot product", layer, 0, zen4, "vpdpbusd"});
    expectTuned({"pairs of 16 bits", layer, 0, avx2, "vpmaddwd"});
    expectTuned({"pairs of 16 bits", layer, 0, avx512, "vpmaddwd"});
    expectTuned({"pairs of bytes", layer, run, avx2, "vpmaddubsw"});
    expectTuned({"pairs of bytes", layer, run, avx512, "vpmaddubsw"});
    // A proven chunk brings nothing where there is a dot product.
    expectTuned({"dot product", layer, run, zen4, "vpdpbusd"});
  }
}

TEST(Assembly, AdderLayers) {
  IntegerLayer layer{{1, 28, 28, 64}, {64, 3, 3, 64}, 1, 1, 1};
  layer.distances = true;
  layer.inputScalar = layer.filterScalar = S::UInt8;
  for (CpuLevel level : {avx2, avx512, zen4})
    expectTuned({"distances", layer, 0, level, "vpsadbw"});
}

/// The depthwise layers of EfficientNet-Lite0 and MobileNet. Everything is
/// unrolled; in large windows a tile that keeps some columns on the stack beats
/// the smaller one that does not, so a few such moves per product are fine.
TEST(Assembly, DepthwiseLayers) {
  struct {
    int64_t size, channels, window, stride;
  } shapes[] = {{112, 32, 3, 1}, {112, 96, 3, 2}, {56, 144, 3, 1},
                {56, 144, 5, 2}, {28, 240, 5, 1}, {14, 672, 5, 2},
                {7, 1152, 5, 1}, {7, 1152, 3, 1}};
  for (const auto &s : shapes) {
    SCOPED_TRACE("size " + std::to_string(s.size) + " window " +
                 std::to_string(s.window) + " stride " +
                 std::to_string(s.stride));
    IntegerLayer layer{{1, s.size, s.size, s.channels},
                       {s.channels, s.window, s.window, 1},
                       s.stride,
                       1,
                       s.window / 2,
                       s.channels};
    std::string assembly = assemblyOf(layerSpec(layer), zen4);
    size_t products = instructions(assembly, "vpdpbusd").size();
    size_t spills = spillsAround(assembly, "vpdpbusd").size();
    EXPECT_GT(products, 0u);
    EXPECT_LE(spills, s.window == 3 ? 0 : products / 7);
  }
  IntegerLayer layer{{1, 28, 28, 144}, {144, 3, 3, 1}, 1, 1, 1, 144};
  EXPECT_FALSE(
      instructions(assemblyOf(layerSpec(layer), avx2), "vpmaddwd").empty());
}

TEST(Assembly, RequantisationByShiftsHasNoMultiplication) {
  IntegerLayer layer{{1, 14, 14, 32}, {64, 3, 3, 32}, 1, 1, 1};
  for (CpuLevel level : {avx2, avx512, zen4})
    for (bool uniform : {true, false}) {
      std::map<std::string, Attribute> attributes = {
          {scaling::powersOfTwo, int64_t(1)}};
      if (uniform) {
        attributes[scaling::leftShift] = int64_t(0);
        attributes[scaling::rightShift] = int64_t(6);
      }
      std::string shifts = assemblyOf(layerSpec(layer, {}, attributes), level);
      std::string products = assemblyOf(layerSpec(layer), level);
      EXPECT_TRUE(instructions(shifts, "vpmull[a-z]*|vpmul[du].*").empty());
      EXPECT_FALSE(instructions(products, "vpmulld").empty());
      EXPECT_FALSE(
          instructions(shifts, uniform ? "vpsrad" : "vpsravd").empty());
    }
}

} // namespace
