//===- ReduceTests.cpp - Kernels that reduce along axes -*- C++ -*-===//
//
// Part of the shiftadd project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Sums, extrema and their places against plain loops in double.
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

Shape withoutAxes(const Shape &shape, const Shape &axes, bool keep) {
  Shape result;
  for (size_t d = 0; d < shape.size(); ++d)
    if (!std::count(axes.begin(), axes.end(), int64_t(d)))
      result.push_back(shape[d]);
    else if (keep)
      result.push_back(1);
  return result;
}

Tensor reduced(const Tensor &x, const Shape &axes, bool keep, double start,
               const std::function<double(double, double)> &combine) {
  Shape shape = withoutAxes(x.shape, axes, keep);
  Tensor result{shape, std::vector<double>(size_t(count(shape)), start)};
  forEach(x.shape, [&](const Shape &i) {
    Shape at;
    for (size_t d = 0; d < i.size(); ++d)
      if (!std::count(axes.begin(), axes.end(), int64_t(d)))
        at.push_back(i[d]);
      else if (keep)
        at.push_back(0);
    result.at(at) = combine(result.at(at), x.at(i));
  });
  return result;
}

TEST(Reduce, AllKindsAndAxes) {
  Tensor x = random({2, 5, 7, 83}, -1, 1.2);
  double infinity = INFINITY;
  struct {
    const char *name;
    double start;
    double (*combine)(double, double);
  } kinds[] = {{"reduce_sum", 0, [](double a, double b) { return a + b; }},
               {"reduce_mean", 0, [](double a, double b) { return a + b; }},
               {"reduce_max", -infinity,
                [](double a, double b) { return std::fmax(a, b); }},
               {"reduce_min", infinity,
                [](double a, double b) { return std::fmin(a, b); }},
               {"reduce_prod", 1, [](double a, double b) { return a * b; }}};
  for (const Shape &axes :
       {Shape{3}, Shape{1, 2}, Shape{0}, Shape{0, 1, 2, 3}, Shape{1, 3}}) {
    bool keep = axes.size() != 2;
    Kernel k;
    int in = k.input(type(S::Float32, x.shape), x);
    std::vector<Tensor> expected;
    for (const auto &kind : kinds) {
      Tensor e = reduced(x, axes, keep, kind.start, kind.combine);
      if (std::string(kind.name) == "reduce_mean")
        for (double &value : e.data)
          value /= double(count(x.shape) / count(e.shape));
      k.output(k.op(kind.name, {in}, {type(S::Float32, e.shape)},
                    {{"axes", axes}, {"keep_dims", int64_t(keep)}}));
      expected.push_back(e);
    }
    k.check([&](const std::vector<Tensor> &r) {
      for (size_t i = 0; i < r.size(); ++i)
        expectNear(r[i], expected[i], 1e-7, 1e-38);
    });
  }
}

TEST(Reduce, Integers) {
  Tensor x = random({3, 40, 6}, -128, 127, true);
  Tensor bits = random({3, 40, 6}, 0, 1, true);
  Kernel k;
  int in = k.input(type(S::Int8, x.shape), x);
  int flags = k.input(type(S::Bool, x.shape), bits);
  int wide = k.op("cast", {in}, {type(S::Int64, x.shape)});
  std::map<std::string, Attribute> attributes = {{"axes", Shape{1}},
                                                 {"keep_dims", int64_t(0)}};
  k.output(k.op("reduce_sum", {wide}, {type(S::Int64, {3, 6})}, attributes));
  k.output(k.op("reduce_sum", {in}, {type(S::Int8, {3, 6})}, attributes));
  k.output(k.op("reduce_mean", {in}, {type(S::Int8, {3, 6})}, attributes));
  k.output(k.op("reduce_max", {flags}, {type(S::Bool, {3, 6})}, attributes));
  auto add = [](double a, double b) { return a + b; };
  Tensor sums = reduced(x, {1}, false, 0, add), wrapped = sums, means = sums;
  for (double &v : wrapped.data)
    v = double(int8_t(int64_t(v)));
  for (double &v : means.data)
    v = std::trunc(v / 40) + 0.0;
  k.check([&](const std::vector<Tensor> &r) {
    expectEqual(r[0], sums);
    expectEqual(r[1], wrapped);
    expectEqual(r[2], means);
    expectEqual(r[3], reduced(bits, {1}, false, 0, [](double a, double b) {
                  return std::fmax(a, b);
                }));
  });
}

TEST(Reduce, ArgumentsAndTies) {
  Tensor x = random({4, 50, 3}, 0, 7, true);
  for (int64_t axis : {int64_t(1), int64_t(2)})
    for (bool largest : {false, true})
      for (bool last : {false, true}) {
        Shape shape = withoutAxes(x.shape, {axis}, false);
        Tensor expected{shape, {}};
        forEach(shape, [&](Shape i) {
          i.insert(i.begin() + axis, 0);
          double best = x.at(i), where = 0;
          for (int64_t j = 1; j < x.shape[size_t(axis)]; ++j) {
            i[size_t(axis)] = j;
            double v = x.at(i);
            if ((largest ? v > best : v < best) || (last && v == best)) {
              best = v;
              where = double(j);
            }
          }
          expected.data.push_back(where);
        });
        Kernel k;
        int in = k.input(type(S::Float32, x.shape), x);
        k.output(k.op(largest ? "arg_max" : "arg_min", {in},
                      {type(S::Int64, shape)},
                      {{"axis", axis},
                       {"keep_dims", int64_t(0)},
                       {"select_last_index", int64_t(last)}}));
        k.check(
            [&](const std::vector<Tensor> &r) { expectEqual(r[0], expected); });
      }
}

TEST(Reduce, TopK) {
  Tensor x = random({3, 41, 2}, -5, 5, true);
  for (bool largest : {false, true}) {
    Shape shape = {3, 6, 2};
    Tensor values{shape, std::vector<double>(36)}, indices = values;
    for (int64_t a = 0; a < 3; ++a)
      for (int64_t c = 0; c < 2; ++c) {
        std::vector<int64_t> order(41);
        for (size_t i = 0; i < order.size(); ++i)
          order[i] = int64_t(i);
        std::stable_sort(order.begin(), order.end(), [&](int64_t p, int64_t q) {
          double u = x.at({a, p, c}), v = x.at({a, q, c});
          return largest ? u > v : u < v;
        });
        for (int64_t i = 0; i < 6; ++i) {
          indices.at({a, i, c}) = double(order[size_t(i)]);
          values.at({a, i, c}) = x.at({a, order[size_t(i)], c});
        }
      }
    Kernel k;
    int in = k.input(type(S::Float32, x.shape), x);
    int top =
        k.op("top_k", {in}, {type(S::Float32, shape), type(S::Int64, shape)},
             {{"axis", int64_t(1)},
              {"k", int64_t(6)},
              {"largest", int64_t(largest)}});
    k.output(top);
    k.output(top + 1);
    k.check([&](const std::vector<Tensor> &r) {
      expectEqual(r[0], values);
      expectEqual(r[1], indices);
    });
  }
}

TEST(Reduce, SoftmaxDoesNotOverflow) {
  Tensor x = random({3, 29, 5}, -400, 400);
  for (int64_t axis : {int64_t(1), int64_t(2)})
    for (S scalar : {S::Float32, S::Float64}) {
      Tensor peak = reduced(x, {axis}, true, -INFINITY,
                            [](double a, double b) { return std::fmax(a, b); });
      Tensor powers = x;
      forEach(x.shape, [&](const Shape &i) {
        powers.at(i) =
            std::exp(x.at(i) - peak.at(broadcastIndex(i, peak.shape)));
      });
      Tensor sum = reduced(powers, {axis}, true, 0,
                           [](double a, double b) { return a + b; });
      Tensor soft = x, logs = x;
      forEach(x.shape, [&](const Shape &i) {
        double total = sum.at(broadcastIndex(i, sum.shape));
        soft.at(i) = powers.at(i) / total;
        logs.at(i) =
            x.at(i) - peak.at(broadcastIndex(i, peak.shape)) - std::log(total);
      });
      Kernel k;
      int in = k.input(type(scalar, x.shape), x);
      k.output(
          k.op("softmax", {in}, {type(scalar, x.shape)}, {{"axis", axis}}));
      k.output(
          k.op("log_softmax", {in}, {type(scalar, x.shape)}, {{"axis", axis}}));
      k.check([&](const std::vector<Tensor> &r) {
        expectNear(r[0], soft, 1e-5, 1e-37);
        expectNear(r[1], logs, 1e-5, 1e-6);
      });
    }
}

TEST(Reduce, LongRowsAreSummedAccurately) {
  Tensor x = random({2, 100003}, 0.9, 1.1);
  Kernel k;
  int in = k.input(type(S::Float32, x.shape), x);
  k.output(k.op("reduce_sum", {in}, {type(S::Float32, {2})},
                {{"axes", Shape{1}}, {"keep_dims", int64_t(0)}}));
  k.check([&](const std::vector<Tensor> &r) {
    expectNear(
        r[0],
        reduced(x, {1}, false, 0, [](double a, double b) { return a + b; }),
        6e-8);
  });
}

TEST(Reduce, NormalisationOps) {
  Tensor x = random({2, 3, 4, 11}, -2, 2);
  ValueType f = type(S::Float32, x.shape);
  Tensor parameters[4];
  for (int i = 0; i < 4; ++i)
    parameters[i] = random({11}, 0.5, 2, false, 20 + i);
  Kernel k;
  int in = k.input(f, x);
  std::vector<int> operands = {in};
  for (int i = 0; i < 4; ++i)
    operands.push_back(k.constant(type(S::Float32, {11}), parameters[i]));
  k.output(k.op("lrn", {in}, {f},
                {{"size", int64_t(4)},
                 {"alpha", 0.5},
                 {"beta", 0.75},
                 {"bias", 1.5},
                 {"axis", int64_t(3)}}));
  k.output(k.op("batch_norm", operands, {f},
                {{"epsilon", 1e-3}, {"axis", int64_t(3)}}));
  Tensor lrn = x, norm = x;
  forEach(x.shape, [&](const Shape &i) {
    double sum = 0;
    for (int64_t c = i[3] - 1; c <= i[3] + 2; ++c)
      if (c >= 0 && c < 11)
        sum += std::pow(x.at({i[0], i[1], i[2], c}), 2);
    lrn.at(i) = x.at(i) / std::pow(1.5 + 0.5 / 4 * sum, 0.75);
    size_t c = size_t(i[3]);
    norm.at(i) = parameters[0].data[c] * (x.at(i) - parameters[2].data[c]) /
                     std::sqrt(parameters[3].data[c] + 1e-3) +
                 parameters[1].data[c];
  });
  k.check([&](const std::vector<Tensor> &r) {
    expectNear(r[0], lrn, 1e-6);
    expectNear(r[1], norm, 1e-6, 1e-6);
  });
}

} // namespace
