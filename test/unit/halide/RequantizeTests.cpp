//===- RequantizeTests.cpp - Every form of a requantisation -----*- C++ -*-===//
//
// Part of the shiftadd project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Bit-exact against exact integers: alone, and as the epilogue of a
// convolution, with and without a residual, with every attribute by which the
// constants may be folded.
//
//===----------------------------------------------------------------------===//
#include "test/unit/halide/KernelRunner.h"

#include "codegen/Halide/Scaling.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <iterator>

using namespace shiftadd::halide_gen;
using namespace shiftadd::halide_gen::test;

namespace {

using S = ScalarType;

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

/// A requantisation of sums of at most `reach` in magnitude (bias included).
struct Scaled {
  int64_t channels = 37;
  bool residual = false;
  std::string rounding = "half_up", arithmetic = "int32";
  ValueType code = quantized(S::UInt8, {}, 1, 3, 0, 255);
  ValueType residualCode = quantized(S::Int8, {}, 1, -7, -128, 127);
  Tensor bias, multiplier, shift, residualMultiplier;
  std::map<std::string, Attribute> attributes;

  double at(const Tensor &parameter, int64_t channel) const {
    return parameter.data[size_t(
        std::min<int64_t>(channel, int64_t(parameter.data.size()) - 1))];
  }

  double expected(double sum, double r, int64_t c) const {
    __int128 total =
        __int128(int64_t(sum + (bias.data.empty() ? 0 : at(bias, c)))) *
        int64_t(at(multiplier, c));
    if (residual)
      total += __int128(int64_t(r) - residualCode.quantization.zeroPoints[0]) *
               int64_t(at(residualMultiplier, c));
    int64_t q = roundedShift(total, int64_t(at(shift, c)), rounding) +
                code.quantization.zeroPoints[0];
    return double(std::max(code.quantization.minimum,
                           std::min(code.quantization.maximum, q)));
  }

  /// Appends the op to a kernel.
  int add(Kernel &k, int sums, const Shape &shape, int residualValue, int b,
          int m, int s, int mr) const {
    ValueType type = code;
    type.shape = shape;
    std::map<std::string, Attribute> all = attributes;
    all["rounding"] = rounding;
    all["arithmetic"] = arithmetic;
    if (residual)
      return k.op("requantize_residual", {sums, b, m, s, residualValue, mr},
                  {type}, all);
    return k.op("requantize", {sums, b, m, s}, {type}, all);
  }

  /// Runs it alone on random sums, or behind a convolution.
  void check(double reach, uint32_t seed, bool anchored) const {
    Shape shape = {1, 5, 7, channels};
    int64_t inputs = 12;
    Tensor sums = random(shape, -reach, reach, true, seed);
    Tensor r =
        random(shape, double(residualCode.quantization.minimum),
               double(residualCode.quantization.maximum), true, seed + 1);
    Tensor x = random({1, 5, 7, inputs}, 0, 255, true, seed + 2);
    double weight = std::floor(std::min(127.0, reach / 255 / double(inputs)));
    Tensor w =
        random({channels, 1, 1, inputs}, -weight, weight, true, seed + 3);
    Kernel k;
    int in = anchored ? k.input(quantized(S::UInt8, x.shape, 1, 0, 0, 255), x)
                      : k.input(type(S::Int32, shape), sums);
    int filter =
        anchored ? k.constant(quantized(S::Int8, w.shape, 1, 0, -128, 127), w)
                 : -1;
    ValueType residualType = residualCode;
    residualType.shape = shape;
    int residualValue = residual ? k.input(residualType, r) : -1;
    auto parameter = [&](const Tensor &t) {
      return t.data.empty() ? -1 : k.constant(type(S::Int32, t.shape), t);
    };
    int b = parameter(bias), m = parameter(multiplier), s = parameter(shift);
    int mr = residual ? parameter(residualMultiplier) : -1;
    Tensor result{shape, {}};
    forEach(shape, [&](const Shape &i) {
      double sum = anchored ? 0 : sums.at(i);
      for (int64_t c = 0; c < inputs && anchored; ++c)
        sum += x.at({0, i[1], i[2], c}) * w.at({i[3], 0, 0, c});
      result.data.push_back(expected(sum, residual ? r.at(i) : 0, i[3]));
    });
    if (anchored)
      in = k.op("conv", {in, filter}, {type(S::Int32, shape)},
                {{"strides", Shape{1, 1}},
                 {"padding", Shape{0, 0, 0, 0}},
                 {"dilations", Shape{1, 1}},
                 {"groups", int64_t(1)}});
    k.output(add(k, in, shape, residualValue, b, m, s, mr));
    k.check(
        [&](const std::vector<Tensor> &got) { expectEqual(got[0], result); });
  }
};

/// Powers of two from 2^low to 2^high.
Tensor powers(int64_t channels, int low, int high, uint32_t seed) {
  Tensor exponents = random({channels}, low, high, true, seed);
  for (double &exponent : exponents.data)
    exponent = double(int64_t(1) << int64_t(exponent));
  return exponents;
}

const ValueType codes[] = {quantized(S::UInt8, {}, 1, 3, 0, 255),
                           quantized(S::Int8, {}, 1, -3, -127, 127),
                           quantized(S::UInt8, {}, 1, 0, 0, 15),
                           quantized(S::Int16, {}, 1, 100, -32768, 32767)};

TEST(Requantize, EveryRoundingWithResidual) {
  bool anchored = false;
  for (const char *arithmetic : {"int32", "int64", "double"})
    for (const char *rounding :
         {"half_even", "half_up", "floor", "trunc_zero"}) {
      Scaled op;
      op.channels = anchored ? 17 : 1;
      op.residual = true;
      op.arithmetic = arithmetic;
      op.rounding = rounding;
      op.bias = random({op.channels}, -500, 500, true, 2);
      op.multiplier = random({op.channels}, 1, 2000, true, 3);
      op.residualMultiplier = random({op.channels}, 1, 1 << 19, true, 4);
      op.shift = random({op.channels}, 8, 20, true, 5);
      if (anchored)
        op.shift.data[0] = 40; // beyond the width
      op.check(20000, 11, anchored);
      anchored = !anchored;
    }
}

/// Every choice of `bits` yes or no, in an order that changes all of them.
std::vector<unsigned> choices(unsigned bits) {
  std::vector<unsigned> all;
  for (unsigned i = 0; i < 1u << bits; ++i)
    all.push_back(i ^ (i >> 1));
  return all;
}

TEST(Requantize, FoldedMultiplier) {
  unsigned next = 0;
  for (unsigned choice : choices(3)) {
    Scaled op;
    op.code = codes[next++ % std::size(codes)];
    op.rounding = choice & 1 ? "half_up" : "floor";
    op.residual = choice & 2;
    op.bias = random({37}, -5000, 5000, true, 2);
    op.multiplier = random({37}, -3000, 3000, true, 3);
    op.residualMultiplier = random({37}, -100000, 100000, true, 4);
    op.shift = random({37}, 0, 14, true, 5);
    op.shift.data[2] = 31;
    op.shift.data[3] = 50;
    if (choice & 4) {
      int64_t uniform = next % 3 == 0 ? 0 : 9;
      op.shift = {{1}, {double(uniform)}};
      op.attributes[scaling::rightShift] = uniform;
      op.attributes[scaling::zeroFolded] = int64_t(1);
    }
    for (bool anchored : {false, true})
      op.check(30000, 21, anchored);
  }
}

TEST(Requantize, FoldedPowersOfTwo) {
  unsigned next = 0;
  for (unsigned choice : choices(4)) {
    Scaled op;
    op.code = codes[next++ % std::size(codes)];
    op.rounding = choice & 1 ? "half_up" : "floor";
    op.residual = choice & 2;
    bool oneShift = choice & 4, left = choice & 8;
    op.bias = random({37}, -500, 500, true, 2);
    // Some channels shift to the left in all, some only to the right.
    op.multiplier = powers(37, 0, 9, 3);
    op.residualMultiplier = powers(37, 0, 9, 4);
    op.shift = random({37}, left ? 0 : 9, 9, true, 5);
    op.attributes[scaling::powersOfTwo] = int64_t(1);
    if (!left) {
      op.shift.data[1] = 50;
      if (!op.residual)
        op.attributes[scaling::leftShift] = int64_t(0);
    }
    if (oneShift) {
      op.multiplier = {{1}, {left ? 64.0 : 4.0}};
      op.residualMultiplier = {{1}, {left ? 32.0 : 8.0}};
      op.shift = {{1}, {left ? 3.0 : 7.0}};
      op.attributes[scaling::leftShift] = int64_t(left ? 3 : 0);
      op.attributes[scaling::residualShift] = int64_t(left ? 2 : 1);
      op.attributes[scaling::rightShift] = int64_t(left ? 0 : 5);
      op.attributes[scaling::zeroFolded] = int64_t(1);
    }
    op.check(9000, 31, next % 2 == 0);
  }
}

TEST(Requantize, RealOffset) {
  unsigned next = 0;
  for (unsigned choice : choices(2)) {
    Scaled op;
    op.code = codes[next++ % std::size(codes)];
    op.arithmetic = "double";
    op.residual = choice & 1;
    op.bias = random({37}, -5000000, 5000000, true, 2);
    op.multiplier = random({37}, 1, (1 << 20) - 1, true, 3);
    op.residualMultiplier = random({37}, 0, (1 << 20) - 1, true, 4);
    op.shift = random({37}, 24, 38, true, 5);
    // Channels with small multipliers and shifts beside the others.
    for (size_t c = 0; c < 37; c += 3) {
      op.multiplier.data[c] = double(700 + c);
      op.shift.data[c] = 18;
      op.residualMultiplier.data[c] = double(500 + c);
    }
    if (choice & 2) {
      // Many products are exact ties.
      op.multiplier = {{1}, {double(1 << 17)}};
      op.shift = {{1}, {22}};
    }
    op.attributes[scaling::realOffset] = int64_t(1);
    for (bool anchored : {false, true})
      op.check(300000, 41, anchored);
  }
}

TEST(Requantize, AttributesThatDoNotHoldAreErrors) {
  for (const char *name : {scaling::powersOfTwo, scaling::rightShift,
                           scaling::leftShift, scaling::realOffset}) {
    Kernel k;
    Shape shape = {4, 8};
    int in = k.input(type(S::Int32, shape), random(shape, 0, 1, true));
    int m = k.constant(type(S::Int32, {1}), {{1}, {6}});
    int s = k.constant(type(S::Int32, {1}), {{1}, {5}});
    std::map<std::string, Attribute> attributes = {
        {"rounding", std::string("half_up")},
        {"arithmetic", std::string("int32")}};
    if (name == scaling::realOffset)
      attributes["arithmetic"] = std::string("double");
    if (name == scaling::leftShift)
      attributes[scaling::powersOfTwo] = int64_t(1);
    attributes[name] = int64_t(1);
    k.output(k.op("requantize", {in, -1, m, s},
                  {quantized(S::UInt8, shape, 1, 0, 0, 255)}, attributes));
    // No shift to the right: the number would need more than 32 bits.
    int32_t six = 6, five = name == scaling::realOffset ? 0 : 5;
    PackedConstants packed;
    std::string error;
    EXPECT_FALSE(packConstants(k.spec,
                               {nullptr, reinterpret_cast<uint8_t *>(&six),
                                reinterpret_cast<uint8_t *>(&five)},
                               packed, error));
    EXPECT_NE(error.find("attribute"), std::string::npos) << error;
  }
}

} // namespace
