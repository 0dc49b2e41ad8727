//===- CodeLayerTests.cpp - Layers on 8-bit codes ---------------*- C++ -*-===//
//
// Part of the shiftadd project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Convolutions, grouped and depthwise ones, and adder layers, each with the
// tails that its template treats apart: channels and outputs that fill no
// vector, rows that fill no tile, padding that is part of the sum.
//
//===----------------------------------------------------------------------===//
#include "test/unit/halide/IntegerLayer.h"

#include <gtest/gtest.h>

#include <algorithm>

using namespace shiftadd::halide_gen;
using namespace shiftadd::halide_gen::test;

namespace {

using S = ScalarType;

struct LayerCase {
  const char *name;
  IntegerLayer layer;
};

const LayerCase cases[] = {
    {"oneChannel", {{1, 9, 11, 1}, {5, 3, 3, 1}, 1, 1, 1}},
    {"threeChannelsStrided", {{1, 11, 12, 3}, {17, 3, 3, 3}, 2, 1, 1}},
    {"fiveChannelsDilated", {{1, 12, 12, 5}, {16, 3, 3, 5}, 1, 2, 2}},
    {"seventeenChannels", {{1, 5, 19, 17}, {33, 1, 1, 17}}},
    {"wide", {{1, 7, 29, 16}, {32, 3, 3, 16}, 1, 1, 1}},
    {"window5x5", {{1, 8, 8, 8}, {24, 5, 5, 8}, 2, 1, 2}},
    {"row", {{1, 40, 12}, {16, 5, 12}, 1, 1, 2}},
    {"dense", {{3, 43}, {21, 43}}},
    {"twoGroups", {{1, 7, 9, 12}, {32, 3, 3, 6}, 1, 1, 1, 2}},
    {"fourGroupsStrided", {{1, 9, 9, 20}, {64, 3, 3, 5}, 2, 1, 1, 4}},
    {"narrowGroups", {{1, 6, 6, 6}, {9, 3, 3, 2}, 1, 1, 1, 3}},
    {"depthwise", {{1, 9, 17, 19}, {19, 3, 3, 1}, 1, 1, 1, 19}},
    {"depthwiseStrided", {{1, 12, 11, 32}, {32, 5, 5, 1}, 2, 1, 2, 32}},
    {"depthwiseDilated", {{1, 9, 9, 5}, {5, 3, 3, 1}, 1, 2, 2, 5}},
};

class CodeLayer : public testing::TestWithParam<LayerCase> {};

TEST_P(CodeLayer, ProductsAreExact) {
  for (S scalar : {S::UInt8, S::Int8}) {
    IntegerLayer layer = GetParam().layer;
    layer.inputScalar = scalar;
    Tensor x = layer.randomInput();
    Tensor w = random(layer.filter, -128, 127, true, 2);
    Kernel k;
    k.output(layer.add(k, x, w));
    Tensor expected = layer.sums(x, w);
    k.check([&](const std::vector<Tensor> &r) { expectEqual(r[0], expected); });
  }
}

TEST_P(CodeLayer, DistancesAreExact) {
  for (S scalar : {S::UInt8, S::Int8}) {
    IntegerLayer layer = GetParam().layer;
    layer.inputScalar = layer.filterScalar = scalar;
    layer.distances = true;
    Tensor x = layer.randomInput();
    Tensor w = random(layer.filter, scalar == S::Int8 ? -128 : 0,
                      scalar == S::Int8 ? 127 : 255, true, 2);
    Kernel k;
    k.output(layer.add(k, x, w, "adder_"));
    Tensor expected = layer.sums(x, w);
    k.check([&](const std::vector<Tensor> &r) { expectEqual(r[0], expected); });
  }
}

INSTANTIATE_TEST_SUITE_P(Shapes, CodeLayer, testing::ValuesIn(cases),
                         [](const auto &info) { return info.param.name; });

/// What lies together in memory in the window of a pixel.
int64_t runOf(const IntegerLayer &layer) {
  const Shape &filter = layer.filter;
  bool joined = !layer.dense() && layer.groups == 1 && layer.dilation == 1;
  return filter.back() * (joined ? filter[filter.size() - 2] : 1);
}

/// All parts of a run that are equally long, and all of it.
std::vector<int64_t> chunksOf(int64_t run) {
  int64_t quads = (run + 3) / 4;
  std::vector<int64_t> chunks;
  for (int64_t chunk = 1; chunk <= quads; ++chunk)
    if (quads % chunk == 0)
      chunks.push_back(4 * chunk);
  return chunks;
}

std::map<std::string, Attribute> chunkAttributes(int64_t chunk, int64_t run) {
  return {{"shiftadd.chunk", chunk}, {"shiftadd.chunk_run", run}};
}

TEST(ChunkedLayer, SumsAtTheEdgeOf16BitsAreExact) {
  for (const LayerCase &c : cases) {
    IntegerLayer layer = c.layer;
    if (layer.filter.back() == 1)
      continue;
    int64_t run = runOf(layer);
    for (int64_t chunk : chunksOf(run)) {
      if (chunk < 8 || (chunk > 12 && chunk < run))
        continue;
      layer.inputScalar = chunk % 3 ? S::UInt8 : S::Int8;
      // A lane adds half of a chunk's products: |w| of 128 in all.
      double most = std::max(1.0, 256.0 / double(chunk));
      Tensor w = random(layer.filter, -most, most, true, 2);
      Tensor x = layer.randomInput();
      for (size_t i = 0; i < w.data.size(); ++i)
        if (i /
                size_t(std::max<int64_t>(1, count(layer.filter) /
                                                layer.filter[0])) %
                2 ==
            0)
          w.data[i] = std::min(most, 64.0); // the largest sums there are
      std::fill(x.data.begin(), x.data.begin() + int64_t(x.data.size()) / 2,
                layer.inputScalar == S::UInt8 ? 255 : 127);
      Kernel k;
      k.output(layer.add(k, x, w, "", chunkAttributes(chunk, run)));
      Tensor expected = layer.sums(x, w);
      SCOPED_TRACE(std::string(c.name) + " chunk " + std::to_string(chunk));
      k.check(
          [&](const std::vector<Tensor> &r) { expectEqual(r[0], expected); });
    }
  }
}

TEST(ChunkedLayer, ChunksThatDoNotFitAreErrors) {
  IntegerLayer layer{{1, 5, 5, 16}, {16, 1, 1, 16}};
  // 16 elements, 8 of a lane: 16 each is 128, one more is too much.
  for (double extra : {0.0, 1.0}) {
    Tensor w{layer.filter, std::vector<double>(256, 16)};
    w.data[255] += extra;
    Kernel k;
    k.output(layer.add(k, layer.randomInput(), w, "", chunkAttributes(16, 16)));
    std::vector<uint8_t> bytes(w.data.begin(), w.data.end());
    PackedConstants packed;
    std::string error;
    EXPECT_EQ(packConstants(k.spec, {nullptr, bytes.data()}, packed, error),
              extra == 0);
    EXPECT_EQ(error.find("16 bits") != std::string::npos, extra != 0) << error;
  }
}

} // namespace
