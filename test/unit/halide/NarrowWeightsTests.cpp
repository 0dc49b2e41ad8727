//===- NarrowWeightsTests.cpp - Dense kernels of 4-bit weights --*- C++ -*-===//
//
// Part of the shiftadd project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// The same sums from half the bytes.
//
//===----------------------------------------------------------------------===//
#include "test/unit/halide/IntegerLayer.h"

#include <gtest/gtest.h>

using namespace shiftadd::halide_gen;
using namespace shiftadd::halide_gen::test;

namespace {

using S = ScalarType;

struct NarrowCase {
  const char *name;
  Shape filter;
  S input;
  int64_t lowest; ///< ignored for powers
  bool powers;
};

class NarrowWeightsLayer : public testing::TestWithParam<NarrowCase> {
protected:
  IntegerLayer layer() const {
    IntegerLayer l{{1, GetParam().filter[1]}, GetParam().filter};
    l.inputScalar = GetParam().input;
    return l;
  }
  Tensor weights() const {
    const NarrowCase &c = GetParam();
    if (!c.powers)
      return random(c.filter, double(c.lowest), double(c.lowest + 15), true, 5);
    Tensor w = random(c.filter, -4, 4, true, 5);
    static const double values[] = {-8, -4, -2, -1, 0, 1, 2, 4, 8};
    for (double &weight : w.data)
      weight = values[int(weight) + 4];
    return w;
  }
  Kernel kernel() const {
    std::map<std::string, Attribute> attributes;
    if (GetParam().powers)
      attributes["shiftadd.narrow_powers"] = int64_t(1);
    else
      attributes["shiftadd.narrow_lowest"] = GetParam().lowest;
    Kernel k;
    k.output(layer().add(k, layer().randomInput(), weights(), "", attributes));
    return k;
  }
};

TEST_P(NarrowWeightsLayer, EqualsDense) {
  Kernel k = kernel();
  Tensor expected = layer().sums(layer().randomInput(), weights());
  EXPECT_NE(arithmeticUnit(k.spec, CpuLevel::Zen4).find("4-bit"),
            std::string::npos);
  k.check([&](const std::vector<Tensor> &results) {
    expectEqual(results[0], expected);
  });
}

TEST_P(NarrowWeightsLayer, HalvesTheBytes) {
  Kernel k = kernel();
  Tensor w = weights();
  std::vector<int8_t> bytes(w.data.begin(), w.data.end());
  PackedConstants packed;
  std::string error;
  ASSERT_TRUE(packConstants(
      k.spec, {nullptr, reinterpret_cast<const uint8_t *>(bytes.data())},
      packed, error))
      << error;
  int64_t outputs = (GetParam().filter[0] + 15) / 16 * 16;
  int64_t elements = (GetParam().filter[1] + 7) / 8 * 8;
  EXPECT_EQ(packed[0].size(), size_t(outputs * elements / 2));
  // A weight out of the stated range.
  bytes[7] = 99;
  EXPECT_FALSE(packConstants(
      k.spec, {nullptr, reinterpret_cast<const uint8_t *>(bytes.data())},
      packed, error));
}

INSTANTIATE_TEST_SUITE_P(
    Layers, NarrowWeightsLayer,
    testing::Values(NarrowCase{"four_bits", {40, 72}, S::UInt8, -8, false},
                    NarrowCase{"odd_sizes", {10, 77}, S::UInt8, -8, false},
                    NarrowCase{"signed_input", {35, 130}, S::Int8, -7, false},
                    NarrowCase{"above_zero", {16, 64}, S::UInt8, 3, false},
                    NarrowCase{"powers", {48, 100}, S::UInt8, 0, true},
                    NarrowCase{"signed_powers", {33, 61}, S::Int8, 0, true},
                    NarrowCase{"threads", {1000, 640}, S::UInt8, -8, false}),
    [](const auto &info) { return std::string(info.param.name); });

TEST(NarrowWeights, UsesTheDotProduct) {
  IntegerLayer layer{{1, 640}, {1008, 640}};
  Kernel k;
  k.output(layer.add(k, layer.randomInput(), random(layer.filter, -8, 7, true),
                     "", {{"shiftadd.narrow_lowest", int64_t(-8)}}));
  EXPECT_GE(instructions(assemblyOf(k.spec, CpuLevel::Zen4), "vpdpbusd").size(),
            4u);
  for (CpuLevel level : {CpuLevel::X86_64_V3, CpuLevel::X86_64_V4})
    EXPECT_GE(instructions(assemblyOf(k.spec, level), "vpmaddubsw").size(), 4u);
}

} // namespace
