//===- SparseBlocksTests.cpp - Kernels that leave out blocks ----*- C++ -*-===//
//
// Part of the shiftadd project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Filters of which whole blocks are zero: the same sums, from fewer weights.
//
//===----------------------------------------------------------------------===//
#include "test/unit/halide/IntegerLayer.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <numeric>

using namespace shiftadd::halide_gen;
using namespace shiftadd::halide_gen::test;

namespace {

using S = ScalarType;

/// Keeps `kept` random blocks of `block` elements per tile of 16 outputs.
Tensor prunedWeights(const Shape &shape, int64_t kept, int64_t block,
                     uint32_t seed) {
  Tensor w = random(shape, -127, 127, true, seed);
  int64_t outputs = shape[0], elements = count(shape) / outputs;
  int64_t blocks = (elements + block - 1) / block;
  std::mt19937 engine(seed);
  for (int64_t tile = 0; tile < outputs; tile += 16) {
    std::vector<int64_t> order(static_cast<size_t>(blocks));
    std::iota(order.begin(), order.end(), 0);
    std::shuffle(order.begin(), order.end(), engine);
    for (int64_t i = kept; i < blocks; ++i)
      for (int64_t o = tile; o < std::min(outputs, tile + 16); ++o)
        for (int64_t k = order[static_cast<size_t>(i)] * block;
             k <
             std::min(elements, (order[static_cast<size_t>(i)] + 1) * block);
             ++k)
          w.data[static_cast<size_t>(o * elements + k)] = 0;
  }
  return w;
}

struct LayerCase {
  const char *name;
  IntegerLayer layer;
  int64_t kept;
};

std::vector<LayerCase> layerCases() {
  IntegerLayer signedCodes{{1, 9, 11, 8}, {20, 3, 3, 8}, 1, 1, 1};
  signedCodes.inputScalar = S::Int8;
  signedCodes.zeroPoint = -5;
  return {{"pointwise", {{1, 5, 7, 64}, {40, 1, 1, 64}}, 8},
          {"window", {{1, 9, 11, 8}, {20, 3, 3, 8}, 1, 1, 1}, 7},
          {"joined_run", {{1, 9, 11, 3}, {32, 4, 4, 3}, 1, 1, 1}, 5},
          {"strided", {{1, 9, 12, 12}, {16, 3, 3, 12}, 2, 1, 1}, 13},
          {"dilated", {{1, 9, 9, 4}, {7, 3, 3, 4}, 1, 2, 2}, 1},
          {"odd_dense", {{1, 77}, {10, 77}}, 9},
          {"dense_rows", {{6, 20}, {35, 20}}, 2},
          {"signed_codes", signedCodes, 9},
          {"threads", {{1, 40, 40, 64}, {48, 1, 1, 64}}, 8}};
}

class SparseBlocksLayer : public testing::TestWithParam<LayerCase> {};

TEST_P(SparseBlocksLayer, Codes) {
  const auto &[name, layer, kept] = GetParam();
  Tensor x = layer.randomInput();
  Tensor w = prunedWeights(layer.filter, kept, 4, 7);
  Kernel k;
  k.output(layer.add(k, x, w, "", {{"shiftadd.kept_blocks", kept}}));
  EXPECT_NE(arithmeticUnit(k.spec, CpuLevel::Zen4).find("kept blocks"),
            std::string::npos);
  Tensor expected = layer.sums(x, w);
  k.check([&](const std::vector<Tensor> &results) {
    expectEqual(results[0], expected);
  });
}

TEST_P(SparseBlocksLayer, Floats) {
  auto [name, layer, kept] = GetParam();
  layer.inputScalar = layer.filterScalar = layer.sumScalar = S::Float32;
  layer.zeroPoint = 0;
  Tensor x = random(layer.input, -100, 100, true);
  Tensor w = prunedWeights(layer.filter, kept, 1, 7);
  Kernel k;
  k.output(layer.add(k, x, w, "", {{"shiftadd.kept_blocks", kept}}));
  EXPECT_NE(arithmeticUnit(k.spec, CpuLevel::Zen4).find("kept blocks"),
            std::string::npos);
  Tensor expected = layer.sums(x, w);
  k.check([&](const std::vector<Tensor> &results) {
    // Sums of whole numbers below 2^24.
    expectEqual(results[0], expected);
  });
}

INSTANTIATE_TEST_SUITE_P(Layers, SparseBlocksLayer,
                         testing::ValuesIn(layerCases()), [](const auto &info) {
                           return std::string(info.param.name);
                         });

TEST(SparseBlocks, UsesTheDotProduct) {
  IntegerLayer layer{{1, 14, 14, 256}, {256, 1, 1, 256}};
  Kernel k;
  Tensor x = layer.randomInput(), w = prunedWeights(layer.filter, 32, 4, 7);
  k.output(layer.add(k, x, w, "", {{"shiftadd.kept_blocks", int64_t(32)}}));
  EXPECT_GE(instructions(assemblyOf(k.spec, CpuLevel::Zen4), "vpdpbusd").size(),
            8u);
  for (CpuLevel level : {CpuLevel::X86_64_V3, CpuLevel::X86_64_V4})
    EXPECT_GE(instructions(assemblyOf(k.spec, level), "vpmaddwd").size(), 8u);
}

TEST(SparseBlocks, MoreBlocksThanStatedAreAnError) {
  IntegerLayer layer{{1, 64}, {16, 64}};
  Kernel k;
  Tensor w = prunedWeights(layer.filter, 5, 4, 7);
  k.output(layer.add(k, layer.randomInput(), w, "",
                     {{"shiftadd.kept_blocks", int64_t(4)}}));
  std::vector<int8_t> bytes(w.data.begin(), w.data.end());
  PackedConstants packed;
  std::string error;
  EXPECT_FALSE(packConstants(
      k.spec, {nullptr, reinterpret_cast<const uint8_t *>(bytes.data())},
      packed, error));
  EXPECT_NE(error.find("more blocks"), std::string::npos) << error;
}

} // namespace
