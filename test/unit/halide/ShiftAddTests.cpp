//===- ShiftAddTests.cpp - Kernels without a multiply instruction -*- C++ -*-=//
//
// Part of the shiftadd project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// The same numbers as with multiplications, and no multiply instruction in the
// code for any CPU level, addresses included.
//
//===----------------------------------------------------------------------===//
#include "codegen/Halide/Templates/ShiftAddTerms.h"
#include "test/unit/halide/IntegerLayer.h"

#include <gtest/gtest.h>

#include <cmath>
#include <set>

using namespace shiftadd::halide_gen;
using namespace shiftadd::halide_gen::test;

namespace {

using S = ScalarType;

constexpr CpuLevel allLevels[] = {CpuLevel::X86_64_V3, CpuLevel::X86_64_V4,
                                  CpuLevel::Zen4};

/// Every x86 instruction that multiplies.
constexpr const char *multiplies =
    "i?mul[a-z]*|v?p?mul[a-z0-9]*|v?pmadd[a-z0-9]*|vpdp[a-z0-9]*|vf[n]?m[a-z]*"
    "[0-9]*[a-z]*|vdp[a-z0-9]*";

void expectNoMultiplication(const KernelSpec &spec) {
  for (CpuLevel level : allLevels) {
    std::string assembly = assemblyOf(spec, level);
    ASSERT_FALSE(assembly.empty());
    for (const std::string &line : instructions(assembly, multiplies))
      ADD_FAILURE() << "level " << static_cast<int>(level) << ": " << line
                    << "\n"
                    << spec.print();
  }
}

/// Weights with at most `terms` signed powers of two up to 2^reach.
Tensor randomWeights(const Shape &shape, int terms, int reach, uint32_t seed) {
  std::mt19937 engine(seed);
  Tensor w{shape, {}};
  for (int64_t i = count(shape); i > 0; --i) {
    double sum = 0;
    for (int t = static_cast<int>(engine() % (terms + 1u)); t > 0; --t)
      sum += (engine() % 2 ? 1 : -1) *
             std::ldexp(1.0, static_cast<int>(engine() % (reach + 1u)));
    w.data.push_back(sum);
  }
  return w;
}

TEST(ShiftAdd, TermsAddUp) {
  auto sum = [](const std::vector<Term> &terms) {
    int64_t total = 0;
    for (const Term &term : terms)
      total += (term.negative ? -1 : 1) * (int64_t(1) << term.exponent);
    return total;
  };
  EXPECT_EQ(canonicalTerms(0).size(), 0u);
  EXPECT_EQ(canonicalTerms(7).size(), 2u);
  EXPECT_EQ(canonicalTerms(85).size(), 4u);
  for (int64_t value = -1100; value <= 1100; ++value) {
    std::vector<Term> canonical = canonicalTerms(value);
    EXPECT_EQ(sum(canonical), value);
    for (size_t i = 1; i < canonical.size(); ++i)
      EXPECT_GE(canonical[i - 1].exponent, canonical[i].exponent + 2);
    int64_t least = exactTermCount(value);
    for (int count = 1; count <= 12; ++count) {
      std::vector<Term> terms;
      EXPECT_EQ(exactTerms(value, count, terms), count >= least);
      if (count < least)
        continue;
      EXPECT_EQ(terms.size(), size_t(count));
      EXPECT_EQ(sum(terms), value);
    }
  }
}

struct LayerCase {
  const char *name;
  IntegerLayer layer;
  int terms, reach;
};

std::vector<LayerCase> layerCases() {
  std::vector<LayerCase> cases;
  auto layer = [&](const char *name, IntegerLayer l, int terms, int reach) {
    cases.push_back({name, std::move(l), terms, reach});
  };
  layer("window", {{1, 9, 11, 5}, {20, 3, 3, 5}, 1, 1, 1}, 2, 5);
  layer("strided", {{1, 9, 12, 3}, {16, 3, 3, 3}, 2, 1, 1}, 1, 6);
  layer("dilated", {{1, 9, 9, 4}, {7, 3, 3, 4}, 1, 2, 2}, 2, 4);
  layer("pointwise", {{1, 5, 7, 33}, {40, 1, 1, 33}}, 1, 3);
  layer("pointwise_strided", {{1, 6, 7, 16}, {8, 1, 1, 16}, 2}, 2, 5);
  layer("depthwise", {{1, 7, 9, 19}, {19, 3, 3, 1}, 1, 1, 1, 19}, 3, 5);
  layer("depthwise_strided", {{1, 8, 8, 32}, {32, 3, 3, 1}, 2, 1, 1, 32}, 1, 6);
  layer("multiplier_two", {{1, 5, 5, 6}, {12, 3, 3, 1}, 1, 1, 1, 6}, 2, 5);
  layer("groups", {{1, 5, 5, 8}, {12, 3, 3, 2}, 1, 1, 1, 4}, 2, 5);
  layer("wide_groups", {{1, 4, 4, 6}, {64, 1, 1, 3}, 1, 1, 0, 2}, 2, 5);
  layer("one_dimension", {{1, 23, 4}, {9, 5, 4}, 1, 1, 2}, 2, 5);
  layer("three_dimensions", {{1, 4, 5, 6, 3}, {8, 2, 2, 2, 3}}, 2, 5);
  layer("dense", {{1, 77}, {10, 77}}, 3, 5);
  layer("dense_rows", {{6, 20}, {35, 20}}, 1, 6);
  IntegerLayer signedCodes{{1, 9, 11, 5}, {20, 3, 3, 5}, 1, 1, 1};
  signedCodes.inputScalar = S::Int8;
  signedCodes.zeroPoint = -5;
  layer("signed_codes", signedCodes, 3, 5);
  IntegerLayer words{{1, 6, 7, 5}, {20, 3, 3, 5}, 1, 1, 1};
  words.inputScalar = S::Int16;
  words.zeroPoint = -300;
  layer("signed_words", words, 2, 5);
  words.inputScalar = S::UInt16;
  words.zeroPoint = 40000;
  words.sumScalar = S::Int64;
  layer("wide_sums", words, 2, 5);
  words.filterScalar = S::Int32;
  layer("wide_weights", words, 3, 20);
  IntegerLayer large{{1, 70, 70, 16}, {48, 3, 3, 16}, 1, 1, 1};
  layer("threads", large, 2, 5);
  return cases;
}

class ShiftAddLayer : public testing::TestWithParam<LayerCase> {};

TEST_P(ShiftAddLayer, EqualsProducts) {
  const auto &[name, layer, terms, reach] = GetParam();
  Tensor x = layer.randomInput(),
         w = randomWeights(layer.filter, terms, reach, 7);
  Kernel k;
  k.spec.shiftAdd = true;
  k.output(layer.add(k, x, w, "shift_"));
  Tensor expected = layer.sums(x, w);
  k.check([&](const std::vector<Tensor> &results) {
    expectEqual(results[0], expected);
  });
}

TEST_P(ShiftAddLayer, HasNoMultiplication) {
  const auto &[name, layer, terms, reach] = GetParam();
  Tensor x = layer.randomInput(),
         w = randomWeights(layer.filter, terms, reach, 7);
  Kernel k;
  k.spec.shiftAdd = true;
  k.output(layer.add(k, x, w, "shift_"));
  expectNoMultiplication(k.spec);
}

INSTANTIATE_TEST_SUITE_P(Layers, ShiftAddLayer, testing::ValuesIn(layerCases()),
                         [](const auto &info) {
                           return std::string(info.param.name);
                         });

TEST(ShiftAdd, OnlyZeroWeights) {
  IntegerLayer layer{{1, 5, 5, 3}, {20, 3, 3, 3}, 1, 1, 1};
  Tensor x = layer.randomInput();
  Tensor w = randomWeights(layer.filter, 0, 0, 1);
  Kernel k;
  k.spec.shiftAdd = true;
  k.output(layer.add(k, x, w, "shift_"));
  k.check([&](const std::vector<Tensor> &results) {
    expectEqual(results[0], layer.sums(x, w));
  });
}

/// A requantisation behind a sum, as the layers of a network have it.
struct ScalingCase {
  const char *name;
  const char *arithmetic, *rounding;
  double largestMultiplier;
  int64_t terms; ///< stated for the multipliers; 0: nothing
  bool residual, perTensor;
};

std::vector<ScalingCase> scalingCases() {
  return {{"int64_half_even", "int64", "half_even", 1048575, 0, false, false},
          {"double_half_up", "double", "half_up", 1048575, 0, false, false},
          {"int32_floor", "int32", "floor", 2000, 0, false, false},
          {"int32_half_up", "int32", "half_up", 2000, 7, false, false},
          {"int32_half_even", "int32", "half_even", 2000, 7, false, true},
          {"int64_trunc", "int64", "trunc_zero", 7, 2, false, false},
          {"one_term", "int64", "half_up", 1, 1, false, false},
          {"residual_int32", "int32", "half_up", 2000, 7, true, false},
          {"residual_int64", "double", "half_even", 1048575, 0, true, false}};
}

class ShiftAddScaling : public testing::TestWithParam<ScalingCase> {
protected:
  /// Two equal outputs would not show which arithmetic a kernel has: the same
  /// layer in both.
  Kernel layer(bool shiftAdd) const {
    const ScalingCase &c = GetParam();
    IntegerLayer conv{{1, 6, 7, 5}, {20, 3, 3, 5}, 1, 1, 1};
    Tensor x = conv.randomInput(), w = randomWeights(conv.filter, 2, 5, 7);
    Kernel k;
    k.spec.shiftAdd = shiftAdd;
    Shape shape = conv.sums(x, w).shape;
    Shape channels = {c.perTensor ? 1 : 20};
    ValueType q = quantized(S::Int8, shape, 0.5, -3, -128, 127);
    // Arguments come before ops.
    int in = k.input(conv.inputType(), x,
                     withHalo(conv.input, {0, 1, 1, 0}, {0, 1, 1, 0}), 3);
    int filter = k.constant(type(S::Int8, conv.filter), w);
    int bias =
        k.constant(type(S::Int32, {20}), random({20}, -5000, 5000, true, 3));
    int multiplier = k.constant(
        type(S::Int32, channels),
        random(channels, c.terms == 1 ? 1 : 0, c.largestMultiplier, true, 4));
    k.spec.arguments.back().terms = c.terms;
    double shift = std::log2(c.largestMultiplier + 1) + 7;
    int shifts = k.constant(type(S::Int32, channels),
                            random(channels, std::floor(shift) - 2,
                                   std::floor(shift) + 2, true, 5));
    std::map<std::string, Attribute> attributes = {
        {"rounding", std::string(c.rounding)},
        {"arithmetic", std::string(c.arithmetic)}};
    std::vector<int> operands = {0, bias, multiplier, shifts};
    if (c.residual) {
      ValueType r = quantized(S::UInt8, shape, 0.5, 7, 0, 255);
      operands.push_back(k.input(r, random(shape, 0, 255, true, 6)));
      operands.push_back(k.constant(
          type(S::Int32, {1}), random({1}, 1, c.largestMultiplier, true, 8)));
      k.spec.arguments.back().terms = c.terms;
    }
    operands[0] = k.op("shift_conv", {in, filter}, {type(S::Int32, shape)},
                       {{"strides", Shape{1, 1}},
                        {"dilations", Shape{1, 1}},
                        {"padding", Shape{1, 1, 1, 1}},
                        {"groups", int64_t(1)}});
    k.output(k.op(c.residual ? "requantize_residual" : "requantize", operands,
                  {q}, attributes));
    return k;
  }
};

TEST_P(ShiftAddScaling, EqualsProducts) {
  Kernel products = layer(false), terms = layer(true);
  for (CpuLevel level : levels()) {
    std::vector<Tensor> expected = products.run(level);
    std::vector<Tensor> actual = terms.run(level);
    ASSERT_EQ(expected.size(), 1u);
    ASSERT_EQ(actual.size(), 1u);
    expectEqual(actual[0], expected[0]);
    // The codes are no constant, or nothing was compared.
    std::set<double> codes(expected[0].data.begin(), expected[0].data.end());
    EXPECT_GT(codes.size(), 20u);
  }
}

TEST_P(ShiftAddScaling, HasNoMultiplication) {
  expectNoMultiplication(layer(true).spec);
}

INSTANTIATE_TEST_SUITE_P(Scalings, ShiftAddScaling,
                         testing::ValuesIn(scalingCases()),
                         [](const auto &info) {
                           return std::string(info.param.name);
                         });

TEST(ShiftAdd, TooManyTermsAreAnError) {
  Kernel k;
  k.spec.shiftAdd = true;
  ValueType q = quantized(S::Int8, {4}, 0.5, 0, -128, 127);
  int in = k.input(type(S::Int32, {4}), Tensor{{4}, {1, 2, 3, 4}});
  int multiplier = k.constant(type(S::Int32, {1}), Tensor{{1}, {21}});
  k.spec.arguments.back().terms = 2;
  int shift = k.constant(type(S::Int32, {1}), Tensor{{1}, {3}});
  k.output(k.op("requantize", {in, -1, multiplier, shift}, {q},
                {{"rounding", std::string("floor")},
                 {"arithmetic", std::string("int64")}}));
  int32_t m = 21, s = 3;
  PackedConstants packed;
  std::string error;
  EXPECT_FALSE(packConstants(k.spec,
                             {nullptr, reinterpret_cast<const uint8_t *>(&m),
                              reinterpret_cast<const uint8_t *>(&s)},
                             packed, error));
  EXPECT_NE(error.find("sum of 2 powers of two"), std::string::npos) << error;
}

/// Kernels without weights: adds, pools, tables.
TEST(ShiftAdd, OtherLayersHaveNoMultiplication) {
  Shape shape = {1, 9, 7, 33};
  ValueType codes = quantized(S::UInt8, shape, 0.5, 3, 0, 255);
  for (bool shiftAdd : {false, true}) {
    Kernel add;
    add.spec.shiftAdd = shiftAdd;
    int a = add.input(codes, random(shape, 0, 255, true, 1));
    int b = add.input(codes, random(shape, 0, 255, true, 2));
    add.output(add.op("requantize_add", {a, b}, {codes},
                      {{"lhs_multiplier", int64_t(2345)},
                       {"rhs_multiplier", int64_t(-1999)},
                       {"shift", int64_t(11)},
                       {"rounding", std::string("half_even")}}));
    Kernel pool;
    pool.spec.shiftAdd = shiftAdd;
    a = pool.input(codes, random(shape, 0, 255, true, 1));
    pool.output(pool.op("max_pool", {a},
                        {quantized(S::UInt8, {1, 4, 3, 33}, 0.5, 3, 0, 255)},
                        {{"kernel", Shape{3, 3}},
                         {"strides", Shape{2, 2}},
                         {"dilations", Shape{1, 1}},
                         {"padding", Shape{0, 0, 0, 0}}}));
    Kernel sums;
    sums.spec.shiftAdd = shiftAdd;
    a = sums.input(codes, random(shape, 0, 255, true, 1));
    int multiplier = sums.constant(type(S::Int32, {1}), Tensor{{1}, {1049}});
    int shift = sums.constant(type(S::Int32, {1}), Tensor{{1}, {16}});
    int sum = sums.op("sum_pool", {a}, {type(S::Int32, {1, 1, 1, 33})},
                      {{"kernel", Shape{9, 7}},
                       {"strides", Shape{1, 1}},
                       {"dilations", Shape{1, 1}},
                       {"padding", Shape{0, 0, 0, 0}}});
    sums.output(sums.op("requantize", {sum, -1, multiplier, shift},
                        {quantized(S::UInt8, {1, 1, 1, 33}, 0.5, 3, 0, 255)},
                        {{"rounding", std::string("half_even")},
                         {"arithmetic", std::string("int64")}}));
    Kernel table;
    table.spec.shiftAdd = shiftAdd;
    a = table.input(codes, random(shape, 0, 255, true, 1));
    int entries =
        table.constant(type(S::UInt8, {256}), random({256}, 0, 255, true, 9));
    table.output(table.op("lookup", {a, entries}, {codes}));
    static std::vector<std::vector<Tensor>> expected;
    size_t number = 0;
    for (Kernel *kernel : {&add, &pool, &sums, &table}) {
      std::vector<Tensor> results = kernel->run(CpuLevel::X86_64_V3);
      if (!shiftAdd) {
        expected.push_back(results);
        continue;
      }
      ASSERT_EQ(results.size(), 1u);
      expectEqual(results[0], expected[number++][0]);
      expectNoMultiplication(kernel->spec);
    }
  }
}

/// Between floats and codes whose scale is a power of two.
TEST(ShiftAdd, BordersOfPowersOfTwo) {
  Tensor x{{1, 40}, {}};
  for (int i = -12; i < 12; ++i)
    x.data.push_back(i * 0.0625); // ties among them
  for (double value : {0.0, -0.0, 1e-45, -1e-30, 3e38, -3e38, 31.874, 31.876,
                       -32.1, double(INFINITY), -double(INFINITY), double(NAN)})
    x.data.push_back(value);
  x.data.resize(40, 7.3);
  ValueType q = quantized(S::Int8, {1, 40}, 0.125, 5, -128, 127);
  for (bool shiftAdd : {false, true}) {
    Kernel in, out;
    in.spec.shiftAdd = out.spec.shiftAdd = shiftAdd;
    in.output(in.op("quantize", {in.input(type(S::Float32, {1, 40}), x)}, {q}));
    Tensor codes = random({1, 40}, -128, 127, true);
    codes.data[3] = 5; // zero
    out.output(out.op("dequantize", {out.input(q, codes)},
                      {type(S::Float32, {1, 40})}));
    static std::vector<Tensor> expected;
    in.check([&](const std::vector<Tensor> &results) {
      if (!shiftAdd)
        expected = results;
      else
        expectEqual(results[0], expected[0]);
    });
    out.check([&](const std::vector<Tensor> &results) {
      for (size_t i = 0; i < 40; ++i)
        EXPECT_EQ(results[0].data[i], (codes.data[i] - 5) * 0.125);
    });
    if (shiftAdd) {
      expectNoMultiplication(in.spec);
      expectNoMultiplication(out.spec);
    }
  }
}

} // namespace
