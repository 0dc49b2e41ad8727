//===- QuantizedTests.cpp - Kernels between reals, codes and sums -*- C++
//-*-===//
//
// Part of the shiftadd project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Bit-exact against exact integer and rational arithmetic, ties included.
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

/// round((sum) * multiplier * 2^-shift) in exact integers.
int64_t roundedShift(__int128 value, int64_t shift, const std::string &mode) {
  __int128 one = __int128(1) << shift;
  __int128 down = value >> shift, rest = value - (down << shift);
  if (mode == "half_even")
    down += 2 * rest > one || (2 * rest == one && (down & 1));
  else if (mode == "half_up")
    down += 2 * rest >= one;
  else if (mode == "trunc_zero")
    down += value < 0 && rest != 0;
  return int64_t(down);
}

int64_t saturated(int64_t value, const Quantization &q) {
  return std::max(q.minimum, std::min(q.maximum, value));
}

const char *const modes[] = {"half_even", "half_up", "floor", "trunc_zero"};

TEST(Quantized, RequantizeEveryRoundingAndArithmetic) {
  Shape shape = {2, 3, 37};
  // Sums chosen so that many products are exact ties.
  Tensor sums = random(shape, -2000, 2000, true);
  Tensor bias = random({37}, -500, 500, true, 2);
  Tensor multiplier = random({37}, 1, 7, true, 3);
  Tensor shift = random({37}, 0, 9, true, 4);
  shift.data[5] = 35;
  multiplier.data[6] = 0;
  for (const char *arithmetic : {"int32", "int64", "double"})
    for (bool constants : {true, false})
      for (bool hasBias : {true, false}) {
        ValueType q = quantized(S::Int8, shape, 0.5, -3, -128, 127);
        Kernel k;
        int in = k.input(type(S::Int32, shape), sums);
        auto parameter = [&](const Tensor &t, S scalar) {
          ValueType v = type(scalar, t.shape);
          return constants ? k.constant(v, t) : k.input(v, t);
        };
        int b = hasBias ? parameter(bias, S::Int64) : -1;
        int m = parameter(multiplier, S::Int32);
        int s = parameter(shift, S::Int32);
        std::vector<Tensor> expected;
        for (const char *mode : modes) {
          k.output(k.op("requantize", {in, b, m, s}, {q},
                        {{"rounding", std::string(mode)},
                         {"arithmetic", std::string(arithmetic)}}));
          Tensor codes{shape, {}};
          forEach(shape, [&](const Shape &i) {
            size_t c = size_t(i[2]);
            __int128 sum = int64_t(sums.at(i) + (hasBias ? bias.data[c] : 0));
            codes.data.push_back(
                double(saturated(roundedShift(sum * int64_t(multiplier.data[c]),
                                              int64_t(shift.data[c]), mode) -
                                     3,
                                 q.quantization)));
          });
          expected.push_back(codes);
        }
        k.check([&](const std::vector<Tensor> &r) {
          for (size_t i = 0; i < r.size(); ++i)
            expectEqual(r[i], expected[i]);
        });
      }
}

TEST(Quantized, RequantizeLargeSums) {
  Shape shape = {1, 64};
  Tensor sums = random(shape, -4e9, 4e9, true);
  Tensor multiplier{{1}, {1048575}}, shift{{1}, {41}};
  for (const char *mode : modes)
    for (const char *arithmetic : {"int64", "double"}) {
      ValueType q = quantized(S::Int16, shape, 0.5, 100, -32768, 32767);
      Tensor expected{shape, {}};
      for (double sum : sums.data)
        expected.data.push_back(double(saturated(
            roundedShift(__int128(int64_t(sum)) * 1048575, 41, mode) + 100,
            q.quantization)));
      Kernel k;
      int in = k.input(type(S::Int64, shape), sums);
      int m = k.constant(type(S::Int32, {1}), multiplier);
      int s = k.constant(type(S::Int32, {1}), shift);
      k.output(k.op("requantize", {in, -1, m, s}, {q},
                    {{"rounding", std::string(mode)},
                     {"arithmetic", std::string(arithmetic)}}));
      k.check(
          [&](const std::vector<Tensor> &r) { expectEqual(r[0], expected); });
    }
}

TEST(Quantized, HalfUpJustBelowOneHalf) {
  // The largest product that float64 is chosen for is below 2^52: one half more
  // must not be rounded up by the addition itself.
  Tensor sums{{3}, {4294967295.0, -4294967295.0, 2147483649.0}};
  Tensor multiplier{{1}, {1048575}}, shift{{1}, {53}};
  Kernel k;
  int in = k.input(type(S::Int64, {3}), sums);
  int m = k.constant(type(S::Int32, {1}), multiplier);
  int s = k.constant(type(S::Int32, {1}), shift);
  k.output(k.op("requantize", {in, -1, m, s},
                {quantized(S::Int8, {3}, 1, 0, -128, 127)},
                {{"rounding", std::string("half_up")},
                 {"arithmetic", std::string("double")}}));
  Tensor expected{{3}, {}};
  for (double v : sums.data)
    expected.data.push_back(
        double(roundedShift(__int128(int64_t(v)) * 1048575, 53, "half_up")));
  k.check([&](const std::vector<Tensor> &r) { expectEqual(r[0], expected); });
}

TEST(Quantized, QuantizeAndDequantize) {
  Tensor x = random({4, 51}, -40, 40);
  for (size_t i = 0; i < 60; ++i)
    x.data[i] = (double(i) - 30) * 0.15 / 2; // ties, as far as floats have them
  x.data[70] = 1e30;
  x.data[71] = -1e30;
  struct {
    S scalar;
    int64_t zero, minimum, maximum;
  } cases[] = {{S::UInt8, 128, 0, 255},
               {S::Int8, 0, -127, 127},
               {S::UInt8, 3, 0, 15},
               {S::Int16, -7, -32768, 32767},
               {S::Int32, 5, -2147483648ll, 2147483647}};
  for (const auto &c : cases) {
    ValueType q =
        quantized(c.scalar, x.shape, 0.15, c.zero, c.minimum, c.maximum);
    float scale = static_cast<float>(q.quantization.scales[0]);
    Tensor codes = x, reals = x;
    for (size_t i = 0; i < x.data.size(); ++i) {
      float quotient = static_cast<float>(x.data[i]) / scale;
      double code = std::nearbyint(double(quotient)) + double(c.zero);
      code = std::fmax(double(c.minimum), std::fmin(double(c.maximum), code));
      codes.data[i] = code;
      reals.data[i] = static_cast<float>(code - double(c.zero)) * scale;
    }
    Kernel k;
    int in = k.input(type(S::Float32, x.shape), x);
    int code = k.op("quantize", {in}, {q});
    k.output(code);
    k.output(k.op("dequantize", {code}, {type(S::Float32, x.shape)}));
    k.check([&](const std::vector<Tensor> &r) {
      expectEqual(r[0], codes);
      expectEqual(r[1], reals);
    });
  }
}

TEST(Quantized, PerAxis) {
  Tensor x = random({3, 5, 4}, -4, 4);
  ValueType q = quantized(S::Int8, x.shape, 1, 0, -128, 127);
  q.quantization.axis = 1;
  q.quantization.scales = {0.5f, 0.125f, 0.03f, 1.0f, 0.7f};
  q.quantization.zeroPoints = {0, 1, -5, 7, 0};
  Tensor codes = x, reals = x;
  forEach(x.shape, [&](const Shape &i) {
    size_t c = size_t(i[1]);
    float scale = static_cast<float>(q.quantization.scales[c]);
    double zero = double(q.quantization.zeroPoints[c]);
    double code =
        std::nearbyint(double(static_cast<float>(x.at(i)) / scale)) + zero;
    codes.at(i) = std::fmax(-128, std::fmin(127, code));
    reals.at(i) = static_cast<float>(codes.at(i) - zero) * scale;
  });
  Kernel k;
  int in = k.input(type(S::Float32, x.shape), x);
  int code = k.op("quantize", {in}, {q});
  k.output(code);
  k.output(k.op("dequantize", {code}, {type(S::Float32, x.shape)}));
  k.check([&](const std::vector<Tensor> &r) {
    expectEqual(r[0], codes);
    expectEqual(r[1], reals);
  });
}

TEST(Quantized, RequantizeAdd) {
  Shape shape = {3, 70};
  Tensor a = random(shape, 0, 255, true), b = random(shape, 0, 255, true, 2);
  for (const char *mode : modes)
    for (S scalar : {S::UInt8, S::Int16}) {
      ValueType qa = quantized(scalar, shape, 0.5, 10, 0, 255);
      ValueType qb = quantized(scalar, shape, 0.25, 3, 0, 255);
      ValueType q = quantized(scalar, shape, 0.3, 7, 0, 255);
      Tensor expected{shape, {}};
      forEach(shape, [&](const Shape &i) {
        __int128 sum =
            (int64_t(a.at(i)) - 10) * 384 + (int64_t(b.at(i)) - 3) * 640;
        expected.data.push_back(
            double(saturated(roundedShift(sum, 9, mode) + 7, q.quantization)));
      });
      Kernel k;
      int x = k.input(qa, a), y = k.input(qb, b);
      k.output(k.op("requantize_add", {x, y}, {q},
                    {{"lhs_multiplier", int64_t(384)},
                     {"rhs_multiplier", int64_t(640)},
                     {"shift", int64_t(9)},
                     {"rounding", std::string(mode)}}));
      k.check(
          [&](const std::vector<Tensor> &r) { expectEqual(r[0], expected); });
    }
}

TEST(Quantized, ClampOfCodesHasRealBounds) {
  Tensor x = random({100}, 0, 255, true);
  ValueType q = quantized(S::UInt8, {100}, 0.5, 20, 0, 255);
  Kernel k;
  int in = k.input(q, x);
  k.output(k.op("clamp", {in}, {q}, {{"minimum", 0.0}, {"maximum", 6.0}}));
  k.output(k.op("relu", {in}, {q}));
  Tensor clamped = x, positive = x;
  for (size_t i = 0; i < 100; ++i) {
    clamped.data[i] = std::fmax(20, std::fmin(32, x.data[i]));
    positive.data[i] = std::fmax(20, x.data[i]);
  }
  k.check([&](const std::vector<Tensor> &r) {
    expectEqual(r[0], clamped);
    expectEqual(r[1], positive);
  });
}

TEST(Quantized, ConvolutionRequantizeAndResidualInOneKernel) {
  Tensor x = random({1, 8, 9, 16}, 0, 255, true);
  Tensor w = random({24, 3, 3, 16}, -127, 127, true, 2);
  Tensor residual = random({1, 8, 9, 24}, 0, 255, true, 3);
  Tensor bias = random({24}, -90000, 90000, true, 4);
  Tensor multiplier = random({24}, 1 << 18, (1 << 20) - 1, true, 5);
  Tensor shift = random({24}, 29, 32, true, 6);
  Shape shape = {1, 8, 9, 24};
  ValueType q = quantized(S::UInt8, shape, 0.1, 30, 0, 255);
  Tensor expected{shape, {}}, added{shape, {}};
  forEach(shape, [&](const Shape &i) {
    int64_t sum = 0;
    for (int64_t y = 0; y < 3; ++y)
      for (int64_t z = 0; z < 3; ++z)
        for (int64_t c = 0; c < 16; ++c) {
          int64_t iy = i[1] + y - 1, iz = i[2] + z - 1;
          bool inside = iy >= 0 && iy < 8 && iz >= 0 && iz < 9;
          sum += int64_t((inside ? x.at({0, iy, iz, c}) : 128) *
                         w.at({i[3], y, z, c}));
        }
    size_t o = size_t(i[3]);
    int64_t code =
        saturated(roundedShift(__int128(sum + int64_t(bias.data[o])) *
                                   int64_t(multiplier.data[o]),
                               int64_t(shift.data[o]), "half_even") +
                      30,
                  q.quantization);
    expected.data.push_back(double(code));
    added.data.push_back(double(saturated(
        roundedShift((code - 30) * 900 + (int64_t(residual.at(i)) - 30) * 1100,
                     10, "half_even") +
            30,
        q.quantization)));
  });
  for (bool halo : {false, true})
    for (const char *arithmetic : {"double", "int64"}) {
      Kernel k;
      ValueType in = quantized(S::UInt8, x.shape, 0.02, 128, 0, 255);
      int a = halo ? k.input(in, x,
                             withHalo(x.shape, {0, 1, 1, 0}, {0, 1, 1, 0}), 128)
                   : k.input(in, x);
      int f = k.constant(quantized(S::Int8, w.shape, 0.01, 0, -127, 127), w);
      int r = k.input(q, residual);
      int b = k.constant(type(S::Int64, {24}), bias);
      int m = k.constant(type(S::Int32, {24}), multiplier);
      int s = k.constant(type(S::Int32, {24}), shift);
      int sum = k.op("conv", {a, f}, {type(S::Int32, shape)},
                     {{"strides", Shape{1, 1}},
                      {"padding", Shape{1, 1, 1, 1}},
                      {"dilations", Shape{1, 1}},
                      {"groups", int64_t(1)}});
      int code = k.op("requantize", {sum, b, m, s}, {q},
                      {{"rounding", std::string("half_even")},
                       {"arithmetic", std::string(arithmetic)}});
      k.output(code);
      k.output(k.op("requantize_add", {code, r}, {q},
                    {{"lhs_multiplier", int64_t(900)},
                     {"rhs_multiplier", int64_t(1100)},
                     {"shift", int64_t(10)},
                     {"rounding", std::string("half_even")}}),
               withHalo(shape, {0, 1, 1, 0}, {0, 1, 1, 0}));
      k.check([&](const std::vector<Tensor> &results) {
        expectEqual(results[0], expected);
        expectEqual(results[1], added);
      });
    }
}

} // namespace
