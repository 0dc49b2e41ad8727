//===- MovementTests.cpp - Kernels that move elements -*- C++ -*-===//
//
// Part of the shiftadd project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Index maps against index loops; chains of them stay exact.
//
//===----------------------------------------------------------------------===//
#include "test/unit/halide/KernelRunner.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>

using namespace shiftadd::halide_gen;
using namespace shiftadd::halide_gen::test;

namespace {

using S = ScalarType;

/// The result of reading `x` at `from(index)` for every index of `shape`.
Tensor moved(const Shape &shape, const Tensor &x,
             const std::function<Shape(const Shape &)> &from) {
  Tensor result{shape, {}};
  forEach(shape, [&](const Shape &index) {
    result.data.push_back(x.at(from(index)));
  });
  return result;
}

TEST(Movement, TransposeReshapeSliceTile) {
  Tensor x = random({2, 3, 5, 7}, -9, 9);
  ValueType f = type(S::Float32, x.shape);
  Kernel k;
  int in = k.input(f, x);
  int t = k.op("transpose", {in}, {type(S::Float32, {7, 2, 5, 3})},
               {{"permutation", Shape{3, 0, 2, 1}}});
  k.output(t);
  k.output(k.op("reshape", {in}, {type(S::Float32, {6, 1, 35})},
                {{"shape", Shape{6, 1, 35}}}));
  k.output(k.op("reshape", {t}, {type(S::Float32, {14, 15})},
                {{"shape", Shape{14, 15}}}));
  k.output(k.op("slice", {in}, {type(S::Float32, {1, 2, 3, 4})},
                {{"starts", Shape{1, 2, 0, 6}},
                 {"sizes", Shape{1, 2, 3, 4}},
                 {"steps", Shape{1, -2, 2, -1}}}));
  k.output(k.op("tile", {in}, {type(S::Float32, {2, 6, 5, 21})},
                {{"repeats", Shape{1, 2, 1, 3}}}));
  Tensor transposed = moved({7, 2, 5, 3}, x, [](const Shape &i) {
    return Shape{i[1], i[3], i[2], i[0]};
  });
  k.check([&](const std::vector<Tensor> &r) {
    expectEqual(r[0], transposed);
    EXPECT_EQ(r[1].data, x.data);
    EXPECT_EQ(r[2].data, transposed.data);
    expectEqual(r[3], moved({1, 2, 3, 4}, x, [](const Shape &i) {
                  return Shape{1, 2 - 2 * i[1], 2 * i[2], 6 - i[3]};
                }));
    expectEqual(r[4], moved({2, 6, 5, 21}, x, [](const Shape &i) {
                  return Shape{i[0], i[1] % 3, i[2], i[3] % 7};
                }));
  });
}

TEST(Movement, ReshapeOfABufferWithHalo) {
  Tensor x = random({2, 4, 6, 3}, -9, 9);
  Kernel k;
  int in = k.input(type(S::Float32, x.shape), x,
                   withHalo(x.shape, {0, 1, 2, 0}, {0, 3, 1, 0}), 77);
  k.output(k.op("reshape", {in}, {type(S::Float32, {8, 18})}));
  k.output(k.op("reshape", {in}, {type(S::Float32, {1, 2, 3, 8, 3})}),
           withHalo({1, 2, 3, 8, 3}, {0, 0, 1, 0, 0}, {0, 2, 0, 1, 0}));
  k.check([&](const std::vector<Tensor> &r) {
    EXPECT_EQ(r[0].data, x.data);
    EXPECT_EQ(r[1].data, x.data);
  });
}

TEST(Movement, PadModes) {
  Tensor x = random({3, 4, 20}, -9, 9);
  Shape low = {1, 3, 2}, high = {2, -1, 3}, shape = {6, 6, 25};
  auto mirror = [](int64_t i, int64_t n) {
    while (i < 0 || i >= n)
      i = i < 0 ? -i : 2 * (n - 1) - i;
    return i;
  };
  auto wrap = [](int64_t i, int64_t n) { return ((i % n) + n) % n; };
  auto edge = [](int64_t i, int64_t n) {
    return std::max<int64_t>(0, std::min(i, n - 1));
  };
  auto expected = [&](auto map) {
    return moved(shape, x, [&](const Shape &i) {
      Shape from;
      for (size_t d = 0; d < 3; ++d)
        from.push_back(map(i[d] - low[d], x.shape[d]));
      return from;
    });
  };
  Kernel k;
  int in = k.input(type(S::Float32, x.shape), x);
  for (const char *mode : {"constant", "reflect", "wrap", "edge"})
    k.output(k.op("pad", {in}, {type(S::Float32, shape)},
                  {{"low", low},
                   {"high", high},
                   {"mode", std::string(mode)},
                   {"value", 1.25}}));
  Tensor filled{shape, {}};
  forEach(shape, [&](const Shape &i) {
    bool inside = true;
    Shape from;
    for (size_t d = 0; d < 3; ++d) {
      from.push_back(i[d] - low[d]);
      inside = inside && from[d] >= 0 && from[d] < x.shape[d];
    }
    filled.data.push_back(inside ? x.at(from) : 1.25);
  });
  k.check([&](const std::vector<Tensor> &r) {
    expectEqual(r[0], filled);
    expectEqual(r[1], expected(mirror));
    expectEqual(r[2], expected(wrap));
    expectEqual(r[3], expected(edge));
  });
}

TEST(Movement, PadOfCodesTakesTheRealValue) {
  Tensor x = random({1, 5}, 0, 255, true);
  Kernel k;
  int in = k.input(quantized(S::UInt8, {1, 5}, 0.5, 10, 0, 255), x);
  k.output(k.op("pad", {in}, {quantized(S::UInt8, {1, 7}, 0.5, 10, 0, 255)},
                {{"low", Shape{0, 1}},
                 {"high", Shape{0, 1}},
                 {"mode", std::string("constant")},
                 {"value", 2.0}}));
  k.check([&](const std::vector<Tensor> &r) {
    EXPECT_EQ(r[0].data.front(), 14);
    EXPECT_EQ(r[0].data.back(), 14);
    EXPECT_EQ(r[0].data[1], x.data[0]);
  });
}

TEST(Movement, ConcatAsOutputAndInside) {
  for (size_t axis : {1u, 2u, 3u}) {
    Shape shapes[3] = {{1, 4, 5, 6}, {1, 4, 5, 6}, {1, 4, 5, 6}};
    shapes[1][axis] = 1;
    shapes[2][axis] = 19;
    Shape shape = shapes[0];
    shape[axis] = shapes[0][axis] + 20;
    Kernel k;
    Tensor parts[3];
    std::vector<int> numbers;
    for (int i = 0; i < 3; ++i) {
      parts[i] = random(shapes[i], -9, 9, false, 5 + i);
      numbers.push_back(k.input(type(S::Float32, shapes[i]), parts[i]));
    }
    int joined = k.op("concat", numbers, {type(S::Float32, shape)},
                      {{"axis", int64_t(axis)}});
    k.output(joined, withHalo(shape, {0, 1, 1, 0}, {0, 1, 1, 0}));
    k.output(k.op("neg", {joined}, {type(S::Float32, shape)}));
    Tensor expected{shape, {}}, negated{shape, {}};
    forEach(shape, [&](Shape i) {
      int part = 0;
      while (i[axis] >= shapes[part][axis])
        i[axis] -= shapes[part++][axis];
      expected.data.push_back(parts[part].at(i));
      negated.data.push_back(-parts[part].at(i));
    });
    k.check([&](const std::vector<Tensor> &r) {
      expectEqual(r[0], expected);
      expectEqual(r[1], negated);
    });
  }
}

TEST(Movement, GatherWrapsAndClampsIndices) {
  Tensor x = random({3, 5, 9}, -9, 9);
  Tensor indices{{2, 3}, {0, 4, -1, -5, 99, -99}};
  Shape shape = {3, 2, 3, 9};
  Kernel k;
  int data = k.input(type(S::Float32, x.shape), x);
  int which = k.input(type(S::Int64, indices.shape), indices);
  k.output(k.op("gather", {data, which}, {type(S::Float32, shape)},
                {{"axis", int64_t(1)}}));
  k.check([&](const std::vector<Tensor> &r) {
    expectEqual(r[0], moved(shape, x, [&](const Shape &i) {
                  double index = indices.at({i[1], i[2]});
                  index = index < 0 ? index + 5 : index;
                  return Shape{i[0], int64_t(std::fmax(0, std::fmin(4, index))),
                               i[3]};
                }));
  });
}

TEST(Movement, BytesAndHalvesAndScalars) {
  for (S scalar : {S::Bool, S::UInt8, S::Float16, S::BFloat16, S::Int64}) {
    Tensor x = random({33, 17}, 0, 1, true);
    Kernel k;
    int in = k.input(type(scalar, x.shape), x);
    Tensor one{{}, {1}};
    int scalarInput = k.input(type(scalar, {}), one);
    k.output(k.op("transpose", {in}, {type(scalar, {17, 33})},
                  {{"permutation", Shape{1, 0}}}));
    k.output(k.op("broadcast", {scalarInput}, {type(scalar, {2, 3})}));
    k.output(k.op("reshape", {scalarInput}, {type(scalar, {1, 1})}));
    k.check([&](const std::vector<Tensor> &r) {
      expectEqual(r[0], moved({17, 33}, x, [](const Shape &i) {
                    return Shape{i[1], i[0]};
                  }));
      expectEqual(r[1], Tensor{{2, 3}, {1, 1, 1, 1, 1, 1}});
      expectEqual(r[2], Tensor{{1, 1}, {1}});
    });
  }
}

} // namespace
