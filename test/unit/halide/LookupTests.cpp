//===- LookupTests.cpp - Kernels with tables --------------------*- C++ -*-===//
//
// Part of the shiftadd project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Tables of every element type, alone and behind a convolution, and the integer
// softmax.
//
//===----------------------------------------------------------------------===//
#include "test/unit/halide/IntegerLayer.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>

using namespace shiftadd::halide_gen;
using namespace shiftadd::halide_gen::test;

namespace {

using S = ScalarType;

/// Codes over the whole range of u8 or i8.
Tensor randomCodes(S scalar, const Shape &shape) {
  return scalar == S::UInt8 ? random(shape, 0, 255, true)
                            : random(shape, -128, 127, true);
}

ValueType codes(S scalar, const Shape &shape, int64_t zero) {
  return scalar == S::UInt8 ? quantized(scalar, shape, 0.5, zero, 0, 255)
                            : quantized(scalar, shape, 0.5, zero, -128, 127);
}

TEST(Lookup, EveryElementType) {
  for (const Shape &shape : {Shape{1, 5, 7, 3}, Shape{2, 64}, Shape{}})
    for (S input : {S::UInt8, S::Int8})
      for (S result : {S::UInt8, S::Int8, S::Int16, S::Int32, S::Float32})
        for (bool constant : {true, false}) {
          Tensor x = randomCodes(input, shape);
          Tensor entries =
              random({256}, result == S::UInt8 ? 0 : -100, 100, true, 2);
          Kernel k;
          int in = k.input(codes(input, shape, 3), x);
          int table = constant ? k.constant(type(result, {256}), entries)
                               : k.input(type(result, {256}), entries);
          k.output(k.op("lookup", {in, table}, {type(result, shape)}));
          Tensor expected{shape, {}};
          for (double code : x.data)
            expected.data.push_back(
                entries.data[size_t(code) + (input == S::Int8 ? 128 : 0)]);
          k.check([&](const std::vector<Tensor> &results) {
            expectEqual(results[0], expected);
          });
        }
}

TEST(Lookup, CodesOfFourBits) {
  // In memory a code is a byte; the table has 16 elements.
  Tensor x = random({37}, -8, 7, true), entries = random({16}, 0, 99, true, 2);
  Kernel k;
  int in = k.input(quantized(S::Int8, {37}, 0.5, 0, -8, 7), x);
  int table = k.constant(type(S::UInt8, {16}), entries);
  k.output(k.op("lookup", {in, table}, {type(S::UInt8, {37})}));
  Tensor expected{{37}, {}};
  for (double code : x.data)
    expected.data.push_back(entries.data[size_t(code + 8)]);
  k.check([&](const std::vector<Tensor> &results) {
    expectEqual(results[0], expected);
  });
}

TEST(Lookup, BehindAConvolution) {
  IntegerLayer layer{{1, 6, 7, 5}, {20, 3, 3, 5}, 1, 1, 1};
  Tensor x = layer.randomInput(), w = random(layer.filter, -5, 5, true, 2);
  Tensor sums = layer.sums(x, w), entries = random({256}, 0, 255, true, 3);
  for (bool shiftAdd : {false, true}) {
    Kernel k;
    k.spec.shiftAdd = shiftAdd;
    Shape halo = {0, 1, 1, 0};
    int in = k.input(layer.inputType(), x, withHalo(layer.input, halo, halo),
                     double(layer.zeroPoint));
    int filter = k.constant(type(S::Int8, layer.filter), w);
    int multiplier = k.constant(type(S::Int32, {1}), Tensor{{1}, {5}});
    int shift = k.constant(type(S::Int32, {1}), Tensor{{1}, {8}});
    int table = k.constant(type(S::UInt8, {256}), entries);
    int sum = k.op("shift_conv", {in, filter}, {type(S::Int32, sums.shape)},
                   {{"strides", Shape{1, 1}},
                    {"dilations", Shape{1, 1}},
                    {"padding", Shape{1, 1, 1, 1}},
                    {"groups", int64_t(1)}});
    int code = k.op("requantize", {sum, -1, multiplier, shift},
                    {codes(S::Int8, sums.shape, 0)},
                    {{"rounding", std::string("floor")},
                     {"arithmetic", std::string("int64")}});
    k.output(k.op("lookup", {code, table}, {codes(S::UInt8, sums.shape, 0)}));
    Tensor expected{sums.shape, {}};
    for (double value : sums.data) {
      int64_t q = std::clamp<int64_t>((int64_t(value) * 5) >> 8, -128, 127);
      expected.data.push_back(entries.data[size_t(q + 128)]);
    }
    k.check([&](const std::vector<Tensor> &results) {
      expectEqual(results[0], expected);
    });
  }
}

struct SoftmaxCase {
  Shape shape;
  int64_t axis;
  S scalar;
};

class QuantizedSoftmax : public testing::TestWithParam<SoftmaxCase> {};

TEST_P(QuantizedSoftmax, EqualsIntegers) {
  const auto &[shape, axis, scalar] = GetParam();
  constexpr int64_t multiplier = 255, shift = 3, zero = -4;
  Tensor x = randomCodes(scalar, shape);
  Tensor entries{{256}, {}};
  for (int i = 0; i < 256; ++i)
    entries.data.push_back(std::floor(1e6 * std::exp(-0.05 * i)));
  Kernel k;
  int in = k.input(codes(scalar, shape, 3), x);
  int table = k.constant(type(S::Int32, {256}), entries);
  k.output(
      k.op("quantized_softmax", {in, table},
           {quantized(S::Int8, shape, 1.0 / 32, zero, -128, 127)},
           {{"axis", axis}, {"multiplier", multiplier}, {"shift", shift}}));
  Tensor expected{shape, {}};
  forEach(shape, [&](const Shape &index) {
    Shape at = index;
    double largest = -1e9;
    __int128 sum = 0;
    for (at[size_t(axis)] = 0; at[size_t(axis)] < shape[size_t(axis)];
         ++at[size_t(axis)])
      largest = std::max(largest, x.at(at));
    for (at[size_t(axis)] = 0; at[size_t(axis)] < shape[size_t(axis)];
         ++at[size_t(axis)])
      sum += int64_t(entries.data[size_t(largest - x.at(at))]);
    __int128 e = int64_t(entries.data[size_t(largest - x.at(index))]);
    int64_t code =
        int64_t((2 * e * multiplier + (sum << shift)) / (sum << (shift + 1))) +
        zero;
    expected.data.push_back(double(std::clamp<int64_t>(code, -128, 127)));
  });
  k.check([&](const std::vector<Tensor> &results) {
    expectEqual(results[0], expected);
  });
}

INSTANTIATE_TEST_SUITE_P(Shapes, QuantizedSoftmax,
                         testing::Values(SoftmaxCase{{3, 10}, 1, S::UInt8},
                                         SoftmaxCase{{2, 5, 7}, 1, S::Int8},
                                         SoftmaxCase{{1, 1000}, 1, S::Int8},
                                         SoftmaxCase{{4, 3}, 0, S::UInt8}));

TEST(Lookup, UnfitOperandsAreErrors) {
  CompiledKernel kernel;
  std::string error;
  Kernel wide;
  int in = wide.input(type(S::Int16, {4}), Tensor{{4}, {1, 2, 3, 4}});
  int table = wide.constant(type(S::UInt8, {256}), random({256}, 0, 9, true));
  wide.output(wide.op("lookup", {in, table}, {type(S::UInt8, {4})}));
  EXPECT_FALSE(compileKernel(wide.spec, "kernel", CpuLevel::X86_64_V3, false,
                             kernel, error));
  EXPECT_NE(error.find("at most 8 bits"), std::string::npos) << error;

  Kernel square;
  in = square.input(type(S::UInt8, {4}), Tensor{{4}, {1, 2, 3, 4}});
  table =
      square.constant(type(S::UInt8, {16, 16}), random({16, 16}, 0, 9, true));
  square.output(square.op("lookup", {in, table}, {type(S::UInt8, {4})}));
  EXPECT_FALSE(compileKernel(square.spec, "kernel", CpuLevel::X86_64_V3, false,
                             kernel, error));
  EXPECT_NE(error.find("one dimension"), std::string::npos) << error;
}

} // namespace
