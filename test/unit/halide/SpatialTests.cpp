//===- SpatialTests.cpp - Kernels over windows and matrices -*- C++ -*-===//
//
// Part of the shiftadd project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Window geometry, padding and halos, groups, and sums of every kind.
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

struct Geometry {
  Shape strides, padding, dilations;
  int64_t groups = 1;

  std::map<std::string, Attribute> attributes() const {
    return {{"strides", strides},
            {"padding", padding},
            {"dilations", dilations},
            {"groups", groups}};
  }
};

/// Sum over the window of `term(x, w)`, padding read as `outside`.
Tensor filtered(const Tensor &x, const Tensor &w, const Geometry &g,
                double outside,
                const std::function<double(double, double)> &term) {
  size_t rank = x.shape.size(), spatial = rank - 2;
  Shape shape = x.shape;
  for (size_t s = 0; s < spatial; ++s)
    shape[s + 1] = (x.shape[s + 1] + g.padding[2 * s] + g.padding[2 * s + 1] -
                    g.dilations[s] * (w.shape[s + 1] - 1) - 1) /
                       g.strides[s] +
                   1;
  shape.back() = w.shape[0];
  Tensor result{shape, {}};
  forEach(shape, [&](const Shape &at) {
    double sum = 0;
    Shape window = w.shape;
    window[0] = 1;
    forEach(window, [&](const Shape &tap) {
      Shape from = at, weight = tap;
      bool inside = true;
      for (size_t s = 0; s < spatial; ++s) {
        from[s + 1] = at[s + 1] * g.strides[s] + tap[s + 1] * g.dilations[s] -
                      g.padding[2 * s];
        inside = inside && from[s + 1] >= 0 && from[s + 1] < x.shape[s + 1];
      }
      int64_t group = at.back() / (w.shape[0] / g.groups);
      from.back() = group * w.shape.back() + tap.back();
      weight[0] = at.back();
      sum += term(inside ? x.at(from) : outside, w.at(weight));
    });
    result.data.push_back(sum);
  });
  return result;
}

double product(double x, double w) { return x * w; }
double distance(double x, double w) { return -std::fabs(x - w); }

struct ConvolutionCase {
  const char *name;
  Shape input, filter;
  Geometry geometry;
};

class ConvolutionTest : public testing::TestWithParam<ConvolutionCase> {};

TEST_P(ConvolutionTest, FloatsWithAndWithoutHalo) {
  const ConvolutionCase &c = GetParam();
  Tensor x = random(c.input, -1, 1), w = random(c.filter, -1, 1, false, 2);
  Tensor bias = random({c.filter[0]}, -1, 1, false, 3);
  for (bool adder : {false, true}) {
    Tensor expected = filtered(x, w, c.geometry, 0, adder ? distance : product);
    Tensor activated = expected;
    for (size_t i = 0; i < expected.data.size(); ++i) {
      expected.data[i] += bias.data[i % bias.data.size()];
      activated.data[i] = std::fmax(0, expected.data[i]);
    }
    Shape low(c.input.size(), 0), high = low;
    for (size_t s = 0; s + 2 < c.input.size(); ++s) {
      low[s + 1] = c.geometry.padding[2 * s];
      high[s + 1] = c.geometry.padding[2 * s + 1];
    }
    for (bool halo : {false, true})
      for (bool constantFilter : {true, false}) {
        Kernel k;
        ValueType f = type(S::Float32, c.input);
        int in = halo ? k.input(f, x, withHalo(c.input, low, high), 0)
                      : k.input(f, x);
        ValueType filterType = type(S::Float32, c.filter);
        int filter =
            constantFilter ? k.constant(filterType, w) : k.input(filterType, w);
        int b = k.constant(type(S::Float32, bias.shape), bias);
        ValueType resultType = type(S::Float32, expected.shape);
        int sum = k.op(adder ? "adder_conv" : "conv", {in, filter, b},
                       {resultType}, c.geometry.attributes());
        int active = k.op("relu", {sum}, {resultType});
        Shape ones(expected.shape.size(), 1);
        ones.front() = ones.back() = 0;
        k.output(active, withHalo(expected.shape, ones, ones));
        k.check([&](const std::vector<Tensor> &r) {
          expectNear(r[0], activated, 1e-5, 2e-5);
        });
      }
  }
}

TEST_P(ConvolutionTest, CodesAreSummedExactly) {
  const ConvolutionCase &c = GetParam();
  Tensor x = random(c.input, 0, 255, true);
  Tensor w = random(c.filter, -128, 127, true, 2);
  for (bool adder : {false, true}) {
    double zero = 37;
    Tensor expected =
        filtered(x, w, c.geometry, zero, adder ? distance : product);
    for (S sum : {S::Int32, S::Int64}) {
      Kernel k;
      int in = k.input(quantized(S::UInt8, c.input, 0.5, 37, 0, 255), x);
      int filter =
          k.constant(quantized(S::Int8, c.filter, 0.25, 0, -128, 127), w);
      k.output(k.op(adder ? "adder_conv" : "conv", {in, filter},
                    {type(sum, expected.shape)}, c.geometry.attributes()));
      k.check(
          [&](const std::vector<Tensor> &r) { expectEqual(r[0], expected); });
    }
  }
}

INSTANTIATE_TEST_SUITE_P(
    Shapes, ConvolutionTest,
    testing::Values(
        ConvolutionCase{"plain3x3",
                        {1, 9, 11, 5},
                        {20, 3, 3, 5},
                        {{1, 1}, {1, 1, 1, 1}, {1, 1}, 1}},
        ConvolutionCase{"strided",
                        {2, 10, 9, 16},
                        {32, 3, 3, 16},
                        {{2, 2}, {0, 1, 1, 2}, {1, 1}, 1}},
        ConvolutionCase{"dilatedGroups",
                        {1, 12, 12, 6},
                        {9, 3, 2, 2},
                        {{1, 2}, {2, 2, 1, 0}, {2, 3}, 3}},
        ConvolutionCase{"depthwise",
                        {1, 8, 13, 24},
                        {24, 3, 3, 1},
                        {{1, 1}, {1, 1, 1, 1}, {1, 1}, 24}},
        ConvolutionCase{"pointwise",
                        {1, 7, 7, 33},
                        {17, 1, 1, 33},
                        {{1, 1}, {0, 0, 0, 0}, {1, 1}, 1}},
        ConvolutionCase{
            "oneDimension", {1, 40, 3}, {7, 5, 3}, {{3}, {2, 2}, {1}, 1}},
        ConvolutionCase{"threeDimensions",
                        {1, 4, 5, 6, 3},
                        {8, 2, 3, 2, 3},
                        {{1, 1, 2}, {1, 0, 1, 1, 0, 1}, {1, 1, 1}, 1}},
        ConvolutionCase{"oneChannelOut",
                        {1, 20, 20, 8},
                        {1, 3, 3, 8},
                        {{1, 1}, {1, 1, 1, 1}, {1, 1}, 1}}),
    [](const auto &info) { return std::string(info.param.name); });

TEST(Spatial, ConvolutionBehindAnotherOpInTheKernel) {
  Tensor x = random({1, 10, 10, 8}, -2, 2), w = random({16, 3, 3, 8}, -1, 1);
  Geometry g{{1, 1}, {1, 1, 1, 1}, {1, 1}, 1};
  Tensor positive = x;
  for (double &v : positive.data)
    v = std::fmax(0, v);
  Tensor expected = filtered(positive, w, g, 0, product);
  Kernel k;
  int in = k.input(type(S::Float32, x.shape), x);
  int filter = k.constant(type(S::Float32, w.shape), w);
  int active = k.op("relu", {in}, {type(S::Float32, x.shape)});
  int sum = k.op("conv", {active, filter}, {type(S::Float32, expected.shape)},
                 g.attributes());
  k.output(sum);
  k.output(k.op("transpose", {sum}, {type(S::Float32, {1, 16, 10, 10})},
                {{"permutation", Shape{0, 3, 1, 2}}}));
  k.check([&](const std::vector<Tensor> &r) {
    expectNear(r[0], expected, 1e-5, 1e-5);
    Tensor transposed{{1, 16, 10, 10}, {}};
    forEach(transposed.shape, [&](const Shape &i) {
      transposed.data.push_back(r[0].at({i[0], i[2], i[3], i[1]}));
    });
    expectEqual(r[1], transposed);
  });
}

TEST(Spatial, LargeConvolutionRunsInTasks) {
  Tensor x = random({1, 30, 30, 32}, -1, 1), w = random({64, 3, 3, 32}, -1, 1);
  Geometry g{{1, 1}, {1, 1, 1, 1}, {1, 1}, 1};
  Tensor expected = filtered(x, w, g, 0, product);
  for (S scalar : {S::Float32, S::Float64}) {
    Kernel k;
    int in = k.input(type(scalar, x.shape), x);
    int filter = k.constant(type(scalar, w.shape), w);
    k.output(k.op("conv", {in, filter}, {type(scalar, expected.shape)},
                  g.attributes()));
    k.check([&](const std::vector<Tensor> &r) {
      expectNear(r[0], expected, 1e-4, 1e-4);
    });
  }
}

TEST(Spatial, ConvTranspose) {
  Tensor x = random({1, 5, 6, 4}, -1, 1), w = random({6, 3, 2, 2}, -1, 1);
  Tensor bias = random({6}, -1, 1);
  Shape shape = {1, 2 * 4 + 1 + 2 * 2 + 1 - 1 - 0, 3 * 5 + 0 + 1 + 1 - 0 - 1,
                 6};
  Tensor expected{shape, std::vector<double>(size_t(count(shape)), 0)};
  forEach(expected.shape,
          [&](const Shape &i) { expected.at(i) = bias.data[size_t(i[3])]; });
  forEach(x.shape, [&](const Shape &i) {
    forEach(w.shape, [&](const Shape &t) {
      if (t[0] / 3 != i[3] / 2 || t[3] != i[3] % 2)
        return;
      int64_t y = i[1] * 2 + t[1] * 2 - 1, z = i[2] * 3 + t[2] - 0;
      if (y >= 0 && y < shape[1] && z >= 0 && z < shape[2])
        expected.at({0, y, z, t[0]}) += x.at(i) * w.at(t);
    });
  });
  Kernel k;
  int in = k.input(type(S::Float32, x.shape), x);
  int filter = k.constant(type(S::Float32, w.shape), w);
  int b = k.constant(type(S::Float32, bias.shape), bias);
  k.output(k.op("conv_transpose", {in, filter, b}, {type(S::Float32, shape)},
                {{"strides", Shape{2, 3}},
                 {"padding", Shape{1, 0, 0, 1}},
                 {"dilations", Shape{2, 1}},
                 {"groups", int64_t(2)},
                 {"output_padding", Shape{1, 0}}}));
  k.check([&](const std::vector<Tensor> &r) {
    expectNear(r[0], expected, 1e-5, 1e-5);
  });
}

TEST(Spatial, DenseAndItsKin) {
  for (Shape input : {Shape{1, 37}, Shape{3, 4, 37}, Shape{37}}) {
    Tensor x = random(input, -1, 1), w = random({45, 37}, -1, 1, false, 2);
    Shape shape = input;
    shape.back() = 45;
    Tensor products{shape, {}}, distances{shape, {}};
    forEach(shape, [&](const Shape &i) {
      double p = 0, d = 0;
      for (int64_t c = 0; c < 37; ++c) {
        Shape from = i;
        from.back() = c;
        p += x.at(from) * w.at({i.back(), c});
        d -= std::fabs(x.at(from) - w.at({i.back(), c}));
      }
      products.data.push_back(p);
      distances.data.push_back(d);
    });
    for (bool adder : {false, true}) {
      Kernel k;
      int in = k.input(type(S::Float32, input), x);
      int filter = k.constant(type(S::Float32, w.shape), w);
      k.output(k.op(adder ? "adder_dense" : "dense", {in, filter},
                    {type(S::Float32, shape)}));
      k.check([&](const std::vector<Tensor> &r) {
        expectNear(r[0], adder ? distances : products, 1e-5, 1e-5);
      });
    }
  }
}

TEST(Spatial, MatmulBroadcastsItsBatches) {
  Tensor a = random({2, 1, 5, 13}, -9, 9, true);
  Tensor b = random({3, 13, 22}, -9, 9, true, 2);
  Shape shape = {2, 3, 5, 22};
  Tensor expected{shape, {}};
  forEach(shape, [&](const Shape &i) {
    double sum = 0;
    for (int64_t c = 0; c < 13; ++c)
      sum += a.at({i[0], 0, i[2], c}) * b.at({i[1], c, i[3]});
    expected.data.push_back(sum);
  });
  for (S scalar : {S::Float32, S::Float64, S::Int8, S::BFloat16}) {
    Kernel k;
    S to = scalar == S::Int8 ? S::Int32 : scalar;
    int x = k.input(type(scalar, a.shape), a);
    int y = k.input(type(scalar, b.shape), b);
    k.output(k.op("matmul", {x, y}, {type(to, shape)}));
    Tensor rounds = expected;
    for (double &v : rounds.data)
      v = rounded(to, v);
    k.check([&](const std::vector<Tensor> &r) { expectEqual(r[0], rounds); });
  }
}

/// Calls `visit` with every input position of the window of `at` that lies in
/// the tensor.
void window(const Shape &at, const Shape &shape, const Shape &kernel,
            const Geometry &g,
            const std::function<void(const Shape &)> &visit) {
  forEach(kernel, [&](const Shape &tap) {
    Shape from = at;
    for (size_t s = 0; s < kernel.size(); ++s) {
      from[s + 1] =
          at[s + 1] * g.strides[s] + tap[s] * g.dilations[s] - g.padding[2 * s];
      if (from[s + 1] < 0 || from[s + 1] >= shape[s + 1])
        return;
    }
    visit(from);
  });
}

TEST(Spatial, Pools) {
  struct {
    Shape kernel, result;
    Geometry geometry;
  } cases[] = {{{3, 2}, {2, 5, 6, 19}, {{2, 2}, {1, 1, 0, 1}, {1, 1}, 1}},
               {{2, 2}, {2, 4, 6, 19}, {{2, 2}, {0, 0, 1, 1}, {2, 1}, 1}},
               // The last window reaches behind the padding.
               {{3, 3}, {2, 5, 6, 19}, {{2, 2}, {1, 0, 1, 0}, {1, 1}, 1}}};
  Tensor x = random({2, 9, 11, 19}, -5, 5, true);
  for (const auto &c : cases) {
    std::map<std::string, Attribute> attributes = {
        {"kernel", c.kernel},
        {"strides", c.geometry.strides},
        {"padding", c.geometry.padding},
        {"dilations", c.geometry.dilations}};
    Tensor maximum{c.result, {}}, places = maximum, average = maximum,
                                  padded = maximum, sum = maximum,
                                  norm = maximum;
    forEach(c.result, [&](const Shape &at) {
      double best = -INFINITY, place = -1, total = 0, squares = 0, taps = 0;
      window(at, x.shape, c.kernel, c.geometry, [&](const Shape &from) {
        double v = x.at(from);
        if (v > best) {
          best = v;
          place =
              double(((from[0] * 19 + from[3]) * 9 + from[1]) * 11 + from[2]);
        }
        total += v;
        squares += v * v;
        ++taps;
      });
      double withPadding = 0;
      forEach(c.kernel, [&](const Shape &tap) {
        bool counted = true;
        for (size_t s = 0; s < 2; ++s) {
          int64_t p = at[s + 1] * c.geometry.strides[s] +
                      tap[s] * c.geometry.dilations[s] -
                      c.geometry.padding[2 * s];
          counted =
              counted && p < x.shape[s + 1] + c.geometry.padding[2 * s + 1];
        }
        withPadding += counted;
      });
      maximum.data.push_back(best);
      places.data.push_back(place);
      average.data.push_back(total / taps);
      padded.data.push_back(total / withPadding);
      sum.data.push_back(total);
      norm.data.push_back(std::sqrt(squares));
    });
    ValueType f = type(S::Float32, c.result);
    Kernel k;
    int in = k.input(type(S::Float32, x.shape), x);
    k.output(k.op("max_pool", {in}, {f}, attributes));
    int both = k.op("max_pool_with_indices", {in},
                    {f, type(S::Int64, c.result)}, attributes);
    k.output(both);
    k.output(both + 1);
    k.output(k.op("sum_pool", {in}, {f}, attributes));
    attributes["p"] = int64_t(2);
    k.output(k.op("lp_pool", {in}, {f}, attributes));
    attributes["count_include_pad"] = int64_t(0);
    k.output(k.op("avg_pool", {in}, {f}, attributes));
    attributes["count_include_pad"] = int64_t(1);
    k.output(k.op("avg_pool", {in}, {f}, attributes));
    k.check([&](const std::vector<Tensor> &r) {
      expectEqual(r[0], maximum);
      expectEqual(r[1], maximum);
      expectEqual(r[2], places);
      expectEqual(r[3], sum);
      expectNear(r[4], norm, 1e-7);
      expectNear(r[5], average, 1e-7);
      expectNear(r[6], padded, 1e-7);
    });
  }
}

TEST(Spatial, PoolsOfCodes) {
  Tensor x = random({1, 8, 8, 40}, 0, 255, true);
  ValueType q = quantized(S::UInt8, {1, 4, 4, 40}, 0.5, 9, 0, 255);
  std::map<std::string, Attribute> attributes = {{"kernel", Shape{3, 3}},
                                                 {"strides", Shape{2, 2}},
                                                 {"padding", Shape{1, 0, 1, 0}},
                                                 {"dilations", Shape{1, 1}}};
  Geometry g{{2, 2}, {1, 0, 1, 0}, {1, 1}, 1};
  Tensor maximum{q.shape, {}}, sum{q.shape, {}};
  forEach(q.shape, [&](const Shape &at) {
    double best = 0, total = 0, taps = 0;
    window(at, x.shape, {3, 3}, g, [&](const Shape &from) {
      best = std::fmax(best, x.at(from));
      total += x.at(from);
      ++taps;
    });
    maximum.data.push_back(best);
    sum.data.push_back(total + (9 - taps) * 9);
  });
  Kernel k;
  int in = k.input(quantized(S::UInt8, x.shape, 0.5, 9, 0, 255), x,
                   withHalo(x.shape, {0, 1, 1, 0}, {0, 0, 0, 0}), 9);
  k.output(k.op("max_pool", {in}, {q}, attributes));
  k.output(k.op("sum_pool", {in}, {type(S::Int32, q.shape)}, attributes));
  k.check([&](const std::vector<Tensor> &r) {
    expectEqual(r[0], maximum);
    expectEqual(r[1], sum);
  });
}

} // namespace
