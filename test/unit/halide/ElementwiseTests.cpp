//===- ElementwiseTests.cpp - Kernels of ops element by element -*- C++ -*-===//
//
// Part of the shiftadd project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Every op and element type against the C library, special values included.
//
//===----------------------------------------------------------------------===//
#include "test/unit/halide/KernelRunner.h"

#include <gtest/gtest.h>

#include <cmath>

using namespace shiftadd::halide_gen;
using namespace shiftadd::halide_gen::test;

namespace {

using S = ScalarType;

Tensor map(const Tensor &x, const std::function<double(double)> &apply) {
  Tensor result = x;
  for (double &value : result.data)
    value = apply(value);
  return result;
}

Tensor combine(const Shape &shape, const Tensor &a, const Tensor &b,
               const std::function<double(double, double)> &apply) {
  Tensor result{shape, {}};
  forEach(shape, [&](const Shape &index) {
    result.data.push_back(apply(a.at(broadcastIndex(index, a.shape)),
                                b.at(broadcastIndex(index, b.shape))));
  });
  return result;
}

Tensor floats(std::vector<double> data) {
  int64_t size = static_cast<int64_t>(data.size());
  for (double &value : data)
    value = static_cast<float>(value);
  return {{size}, std::move(data)};
}

struct UnaryCase {
  const char *name;
  double (*function)(double);
  double low, high;
};

class UnaryTest : public testing::TestWithParam<UnaryCase> {};

TEST_P(UnaryTest, MatchesTheLibrary) {
  UnaryCase c = GetParam();
  for (S scalar : {S::Float32, S::Float16, S::BFloat16, S::Float64}) {
    Tensor x = random({3, 67}, c.low, c.high);
    // Values around 0 show a lost relative accuracy.
    for (size_t i = 0; i < 20; ++i)
      if (c.low < 0)
        x.data[i * 3] = std::ldexp(i % 2 ? 1.0 : -1.0, -static_cast<int>(i));
    x = map(x, [&](double v) { return rounded(scalar, v); });
    Kernel k;
    int in = k.input(type(scalar, x.shape), x);
    k.output(k.op(c.name, {in}, {type(scalar, x.shape)}));
    Tensor expected =
        map(x, [&](double v) { return rounded(scalar, c.function(v)); });
    // float32 within 1e-6; the 16-bit types within the last place.
    double relative = scalar == S::Float64   ? 1e-13
                      : scalar == S::Float32 ? 1e-6
                      : scalar == S::Float16 ? 1.0 / 1024
                                             : 1.0 / 128;
    k.check([&](const std::vector<Tensor> &r) {
      expectNear(r[0], expected, relative, scalar == S::Float16 ? 1e-7 : 1e-40);
    });
  }
}

INSTANTIATE_TEST_SUITE_P(
    Functions, UnaryTest,
    testing::Values(
        UnaryCase{"exp", [](double x) { return std::exp(x); }, -9, 9},
        UnaryCase{"log", [](double x) { return std::log(x); }, 0.01, 90},
        UnaryCase{"sqrt", [](double x) { return std::sqrt(x); }, 0, 100},
        UnaryCase{"reciprocal", [](double x) { return 1 / x; }, 0.1, 30},
        UnaryCase{"sin", [](double x) { return std::sin(x); }, -7, 7},
        UnaryCase{"cos", [](double x) { return std::cos(x); }, -7, 7},
        UnaryCase{"erf", [](double x) { return std::erf(x); }, -4, 4},
        UnaryCase{"tanh", [](double x) { return std::tanh(x); }, -12, 12},
        UnaryCase{"sigmoid", [](double x) { return 1 / (1 + std::exp(-x)); },
                  -30, 30},
        UnaryCase{"softplus",
                  [](double x) {
                    return std::fmax(x, 0) +
                           std::log1p(std::exp(-std::fabs(x)));
                  },
                  -30, 30},
        UnaryCase{"round", [](double x) { return std::nearbyint(x); }, -9, 9},
        UnaryCase{"floor", [](double x) { return std::floor(x); }, -9, 9},
        UnaryCase{"ceil", [](double x) { return std::ceil(x); }, -9, 9},
        UnaryCase{"abs", [](double x) { return std::fabs(x); }, -9, 9},
        UnaryCase{"neg", [](double x) { return -x; }, -9, 9},
        UnaryCase{"relu", [](double x) { return x < 0 ? 0 : x; }, -9, 9},
        UnaryCase{"sign",
                  [](double x) { return x > 0   ? 1.0
                                        : x < 0 ? -1.0
                                                : 0.0; }, -9,
                  9}),
    [](const auto &info) { return std::string(info.param.name); });

TEST(Elementwise, WideRangesOfFloat32) {
  Tensor x = floats({-1e30, -200, -104, -103.5, -88, -87, 87, 88.7, 88.8, 1e30,
                     INFINITY, -INFINITY, NAN, 0, -0.0, 1e-40, 1e-38, 3e38});
  struct {
    const char *name;
    double (*function)(double);
  } cases[] = {{"exp", [](double v) { return std::exp(v); }},
               {"log", [](double v) { return std::log(v); }},
               {"tanh", [](double v) { return std::tanh(v); }},
               {"erf", [](double v) { return std::erf(v); }},
               {"sigmoid", [](double v) { return 1 / (1 + std::exp(-v)); }},
               {"softplus",
                [](double v) { return v > 50 ? v : std::log1p(std::exp(v)); }}};
  for (const auto &c : cases) {
    Kernel k;
    int in = k.input(type(S::Float32, x.shape), x);
    k.output(k.op(c.name, {in}, {type(S::Float32, x.shape)}));
    Tensor expected =
        map(x, [&](double v) { return rounded(S::Float32, c.function(v)); });
    k.check([&](const std::vector<Tensor> &r) {
      expectNear(r[0], expected, 1e-6, 1e-44);
    });
  }
}

TEST(Elementwise, ActivationsWithParameters) {
  Tensor x = random({5, 33}, -4, 4);
  x.data[3] = -1e-6f;
  struct {
    const char *name;
    std::map<std::string, Attribute> attributes;
    std::function<double(double)> function;
  } cases[] = {
      {"leaky_relu",
       {{"alpha", 0.125}},
       [](double v) { return v < 0 ? 0.125 * v : v; }},
      {"elu",
       {{"alpha", 1.5}},
       [](double v) { return v < 0 ? 1.5 * std::expm1(v) : v; }},
      {"hard_sigmoid",
       {{"alpha", 0.25}, {"beta", 0.5}},
       [](double v) { return std::fmin(1, std::fmax(0, 0.25 * v + 0.5)); }},
      {"clamp",
       {{"minimum", -1.0}, {"maximum", 2.5}},
       [](double v) { return std::fmin(2.5, std::fmax(-1, v)); }},
      {"clamp", {{"maximum", 0.5}}, [](double v) {
         return std::fmin(0.5, v);
       }}};
  for (const auto &c : cases) {
    Kernel k;
    int in = k.input(type(S::Float32, x.shape), x);
    k.output(k.op(c.name, {in}, {type(S::Float32, x.shape)}, c.attributes));
    k.check([&](const std::vector<Tensor> &r) {
      expectNear(r[0], map(x, c.function), 2e-6, 1e-7);
    });
  }
}

TEST(Elementwise, NanStaysInMinMaxAndClamp) {
  Tensor a = floats({NAN, 1, NAN, 2, -3}), b = floats({1, NAN, NAN, -2, 5});
  Kernel k;
  int x = k.input(type(S::Float32, a.shape), a);
  int y = k.input(type(S::Float32, a.shape), b);
  k.output(k.op("min", {x, y}, {type(S::Float32, a.shape)}));
  k.output(k.op("max", {x, y}, {type(S::Float32, a.shape)}));
  k.output(k.op("relu", {x}, {type(S::Float32, a.shape)}));
  k.output(k.op("clamp", {x}, {type(S::Float32, a.shape)},
                {{"minimum", -1.0}, {"maximum", 1.0}}));
  k.check([&](const std::vector<Tensor> &r) {
    expectEqual(r[0], floats({NAN, NAN, NAN, -2, -3}));
    expectEqual(r[1], floats({NAN, NAN, NAN, 2, 5}));
    expectEqual(r[2], floats({NAN, 1, NAN, 2, 0}));
    expectEqual(r[3], floats({NAN, 1, NAN, 1, -1}));
  });
}

TEST(Elementwise, NanComparesFalse) {
  Tensor a = floats({NAN, 1, NAN, 2, -3, 4}),
         b = floats({1, NAN, NAN, -2, 5, 4});
  Kernel k;
  int x = k.input(type(S::Float32, a.shape), a);
  int y = k.input(type(S::Float32, a.shape), b);
  for (const char *name :
       {"less", "less_equal", "greater", "greater_equal", "equal", "not_equal"})
    k.output(k.op(name, {x, y}, {type(S::Bool, a.shape)}));
  k.check([&](const std::vector<Tensor> &r) {
    expectEqual(r[0], floats({0, 0, 0, 0, 1, 0}));
    expectEqual(r[1], floats({0, 0, 0, 0, 1, 1}));
    expectEqual(r[2], floats({0, 0, 0, 1, 0, 0}));
    expectEqual(r[3], floats({0, 0, 0, 1, 0, 1}));
    expectEqual(r[4], floats({0, 0, 0, 0, 0, 1}));
    expectEqual(r[5], floats({1, 1, 1, 1, 1, 0}));
  });
}

TEST(Elementwise, BroadcastsFusedWithSeveralOutputs) {
  Tensor a = random({4, 1, 19}, -2, 2), b = random({5, 1}, -2, 2, false, 2);
  Tensor c = random({}, -2, 2, false, 3);
  Shape shape = {4, 5, 19};
  Kernel k;
  int x = k.input(type(S::Float32, a.shape), a);
  int y = k.input(type(S::Float32, b.shape), b);
  int z = k.constant(type(S::Float32, c.shape), c);
  int sum = k.op("add", {x, y}, {type(S::Float32, shape)});
  int product = k.op("mul", {sum, z}, {type(S::Float32, shape)});
  int less = k.op("less", {sum, product}, {type(S::Bool, shape)});
  int chosen = k.op("where", {less, x, y}, {type(S::Float32, shape)});
  k.output(product, withHalo(shape, {0, 1, 0}, {0, 2, 3}));
  k.output(less);
  k.output(chosen);
  auto add = [](double p, double q) { return double(float(p) + float(q)); };
  Tensor sums = combine(shape, a, b, add);
  Tensor products = combine(shape, sums, c, [](double p, double q) {
    return double(float(p) * float(q));
  });
  Tensor lesses = combine(shape, sums, products,
                          [](double p, double q) { return double(p < q); });
  Tensor chosens{shape, {}};
  forEach(shape, [&](const Shape &i) {
    chosens.data.push_back(lesses.at(i) != 0
                               ? a.at(broadcastIndex(i, a.shape))
                               : b.at(broadcastIndex(i, b.shape)));
  });
  k.check([&](const std::vector<Tensor> &r) {
    expectEqual(r[0], products);
    expectEqual(r[1], lesses);
    expectEqual(r[2], chosens);
  });
}

TEST(Elementwise, JoinsDimensionsOnlyWhereAllTensorsAllow) {
  Shape shape = {2, 5, 7, 3};
  struct {
    Shape operand;
    Layout input, output;
  } cases[] = {
      {shape, dense(shape), dense(shape)},
      {{}, dense(shape), dense(shape)},
      {{3}, dense(shape), dense(shape)},
      {{7, 1}, dense(shape), dense(shape)},
      {{2, 1, 1, 1}, dense(shape), dense(shape)},
      {{5, 7, 3}, withHalo(shape, {0, 1, 1, 0}, {0, 1, 1, 0}), dense(shape)},
      {{1, 1}, dense(shape), withHalo(shape, {0, 0, 2, 0}, {0, 1, 0, 0})},
      {{3},
       withHalo(shape, {0, 0, 0, 0}, {1, 0, 0, 0}),
       withHalo(shape, {0, 2, 0, 0}, {0, 1, 0, 0})}};
  Tensor x = random(shape, -2, 2);
  for (const auto &c : cases) {
    Tensor y = random(c.operand, -2, 2, false, 4);
    Tensor expected = combine(shape, x, y, [](double a, double b) {
      return double(std::fmax(0.0f, float(a) - float(b)));
    });
    for (bool isConstant : {false, true}) {
      Kernel k;
      int a = k.input(type(S::Float32, shape), x, c.input, 55);
      ValueType t = type(S::Float32, c.operand);
      int b = isConstant ? k.constant(t, y) : k.input(t, y);
      int difference = k.op("sub", {a, b}, {type(S::Float32, shape)});
      k.output(k.op("relu", {difference}, {type(S::Float32, shape)}), c.output);
      k.check(
          [&](const std::vector<Tensor> &r) { expectEqual(r[0], expected); });
    }
  }
}

TEST(Elementwise, IntegerArithmeticWrapsAndNeverTraps) {
  double low = -2147483648.0, high = 2147483647.0;
  Tensor a{{10}, {low, low, high, 7, -7, 7, -7, 5, -1, low}};
  Tensor b{{10}, {-1, 1, 1, 2, 2, -2, -2, 0, high, low}};
  ValueType t = type(S::Int32, {10});
  Kernel k;
  int x = k.input(t, a), y = k.input(t, b);
  for (const char *name : {"add", "sub", "mul", "div", "mod"})
    k.output(k.op(name, {x, y}, {t}));
  k.output(k.op("mod", {x, y}, {t}, {{"fmod", int64_t(1)}}));
  k.output(k.op("abs", {x}, {t}));
  k.output(k.op("neg", {x}, {t}));
  auto wrap = [](double v) {
    return double(
        static_cast<int32_t>(static_cast<uint32_t>(static_cast<int64_t>(v))));
  };
  auto expected = [&](auto apply) { return combine({10}, a, b, apply); };
  k.check([&](const std::vector<Tensor> &r) {
    expectEqual(r[0],
                expected([&](double p, double q) { return wrap(p + q); }));
    expectEqual(r[1],
                expected([&](double p, double q) { return wrap(p - q); }));
    expectEqual(r[2], expected([&](double p, double q) {
                  return wrap(double(static_cast<int64_t>(
                      static_cast<uint64_t>(int64_t(p)) *
                          static_cast<uint64_t>(int64_t(q)) &
                      0xffffffffu)));
                }));
    expectEqual(r[3], expected([&](double p, double q) {
                  return q == 0 ? 0.0 : wrap(std::trunc(p / q));
                }));
    expectEqual(r[4], expected([&](double p, double q) {
                  if (q == 0)
                    return 0.0;
                  double m = std::fmod(p, q);
                  return m != 0 && (m < 0) != (q < 0) ? m + q : m + 0.0;
                }));
    expectEqual(r[5], expected([&](double p, double q) {
                  return q == 0 ? 0.0 : std::fmod(p, q) + 0.0;
                }));
    expectEqual(r[6], map(a, [&](double v) { return wrap(std::fabs(v)); }));
    expectEqual(r[7], map(a, [&](double v) { return wrap(-v); }));
  });
}

TEST(Elementwise, SmallIntegersAndBits) {
  Tensor a = random({37}, 0, 255, true), b = random({37}, 0, 12, true, 9);
  ValueType t = type(S::UInt8, {37});
  Kernel k;
  int x = k.input(t, a), y = k.input(t, b);
  k.output(
      k.op("bit_shift", {x, y}, {t}, {{"direction", std::string("left")}}));
  k.output(
      k.op("bit_shift", {x, y}, {t}, {{"direction", std::string("right")}}));
  k.output(k.op("and", {x, y}, {t}));
  k.output(k.op("xor", {x, y}, {t}));
  k.output(k.op("not", {x}, {t}));
  k.output(k.op("mul", {x, y}, {t}));
  auto on = [&](auto apply) {
    return combine({37}, a, b, [&](double p, double q) {
      return double(uint8_t(apply(unsigned(p), unsigned(q))));
    });
  };
  k.check([&](const std::vector<Tensor> &r) {
    expectEqual(r[0],
                on([](unsigned p, unsigned q) { return q > 7 ? 0 : p << q; }));
    expectEqual(r[1],
                on([](unsigned p, unsigned q) { return q > 7 ? 0 : p >> q; }));
    expectEqual(r[2], on([](unsigned p, unsigned q) { return p & q; }));
    expectEqual(r[3], on([](unsigned p, unsigned q) { return p ^ q; }));
    expectEqual(r[4], on([](unsigned p, unsigned) { return ~p; }));
    expectEqual(r[5], on([](unsigned p, unsigned q) { return p * q; }));
  });
}

TEST(Elementwise, LeftShiftsOfSignedIntegers) {
  ValueType t = type(S::Int32, {9});
  Tensor a = floats({1, -1, 5, -5, 3, -3, 2147483647.0, -2147483648.0, 7});
  Tensor b = floats({31, 31, 3, 3, 30, 30, 1, 1, 32});
  Kernel k;
  int x = k.input(t, a), y = k.input(t, b);
  k.output(
      k.op("bit_shift", {x, y}, {t}, {{"direction", std::string("left")}}));
  k.check([&](const std::vector<Tensor> &r) {
    expectEqual(r[0], combine({9}, a, b, [](double p, double q) {
                  uint64_t bits = uint64_t(int64_t(p)) << int(q);
                  return double(int32_t(uint32_t(bits)));
                }));
  });
}

TEST(Elementwise, FloatRemainderAndPower) {
  Tensor a = floats({5.5, -5.5, 5.5, -5.5, 2, 0, -2, 9, -8});
  Tensor b = floats({2, 2, -2, -2, 10, 0, 3, 0.5, 1});
  ValueType t = type(S::Float32, a.shape);
  Kernel k;
  int x = k.input(t, a), y = k.input(t, b);
  k.output(k.op("mod", {x, y}, {t}));
  k.output(k.op("mod", {x, y}, {t}, {{"fmod", int64_t(1)}}));
  k.output(k.op("pow", {x, y}, {t}));
  k.output(k.op("pow", {y, y}, {t}));
  k.check([&](const std::vector<Tensor> &r) {
    expectNear(r[0],
               combine(a.shape, a, b,
                       [](double p, double q) {
                         double m = std::fmod(p, q);
                         return m != 0 && (m < 0) != (q < 0) ? m + q : m;
                       }),
               0);
    expectNear(r[1],
               combine(a.shape, a, b,
                       [](double p, double q) { return std::fmod(p, q); }),
               0);
    expectNear(r[2],
               combine(a.shape, a, b,
                       [](double p, double q) {
                         return double(float(std::pow(p, q)));
                       }),
               0);
    expectNear(r[3],
               combine(a.shape, b, b,
                       [](double p, double q) {
                         return double(float(std::pow(p, q)));
                       }),
               0);
  });
}

double castNumber(double v, S to) {
  struct Range {
    S scalar;
    double low, high;
  };
  static const Range ranges[] = {
      {S::Int8, -128, 127},
      {S::Int16, -32768, 32767},
      {S::Int32, -2147483648.0, 2147483647.0},
      {S::UInt8, 0, 255},
      {S::UInt16, 0, 65535},
      {S::UInt32, 0, 4294967295.0},
      {S::Int64, -9223372036854775808.0, 9223372036854775807.0},
      {S::UInt64, 0, 18446744073709551615.0}};
  if (to == S::Bool)
    return v != 0;
  for (const Range &range : ranges)
    if (range.scalar == to)
      return std::isnan(v)
                 ? 0
                 : std::fmin(range.high, std::fmax(range.low, std::trunc(v))) +
                       0.0;
  return rounded(to, v);
}

TEST(Elementwise, CastsOfFloatsTruncateSaturateAndRound) {
  std::vector<double> data = {0.5,
                              -0.5,
                              1.5,
                              -1.5,
                              2.9,
                              -2.9,
                              127.5,
                              128,
                              -128.5,
                              -129,
                              255.9,
                              256,
                              300,
                              -1,
                              65535.5,
                              7e4,
                              -4e4,
                              2147483520,
                              2147483648.0,
                              -2147483648.0,
                              -3e9,
                              4294967040.0,
                              5e9,
                              9e18,
                              1e19,
                              1.9e19,
                              -1e19,
                              INFINITY,
                              -INFINITY,
                              NAN,
                              0,
                              -0.0,
                              65504,
                              65519,
                              65520,
                              6e-8,
                              2.9e-8,
                              1.0009765625,
                              1.00048828125,
                              1.00146484375,
                              3.3895e38};
  Tensor x = floats(data);
  for (S to :
       {S::Bool, S::Int8, S::Int16, S::Int32, S::Int64, S::UInt8, S::UInt16,
        S::UInt32, S::UInt64, S::Float16, S::BFloat16, S::Float64}) {
    Kernel k;
    int in = k.input(type(S::Float32, x.shape), x);
    k.output(k.op("cast", {in}, {type(to, x.shape)}));
    k.check([&](const std::vector<Tensor> &r) {
      expectEqual(r[0], map(x, [&](double v) { return castNumber(v, to); }));
    });
  }
}

TEST(Elementwise, CastsFromDoubleRoundOnce) {
  // Just above a tie of float16; a way through float32 would lose the excess.
  double tie = 1.0 + std::ldexp(1.0, -11);
  Tensor x{{6},
           {tie, tie + 1e-12, tie - 1e-12, -(tie + 1e-12),
            1.0 + std::ldexp(1.0, -8) + 1e-12, 1e300}};
  for (S to : {S::Float16, S::BFloat16, S::Float32}) {
    Kernel k;
    int in = k.input(type(S::Float64, x.shape), x);
    k.output(k.op("cast", {in}, {type(to, x.shape)}));
    k.check([&](const std::vector<Tensor> &r) {
      expectEqual(r[0], map(x, [&](double v) { return rounded(to, v); }));
    });
  }
}

TEST(Elementwise, CastsOfIntegersWrap) {
  Tensor x{{8}, {0, 1, -1, 127, 128, 255, 256, -32769}};
  Kernel k;
  int in = k.input(type(S::Int64, x.shape), x);
  k.output(k.op("cast", {in}, {type(S::Int8, x.shape)}));
  k.output(k.op("cast", {in}, {type(S::UInt16, x.shape)}));
  k.output(k.op("cast", {in}, {type(S::Float16, x.shape)}));
  k.output(k.op("cast", {in}, {type(S::Bool, x.shape)}));
  k.check([&](const std::vector<Tensor> &r) {
    expectEqual(r[0],
                map(x, [](double v) { return double(int8_t(int64_t(v))); }));
    expectEqual(r[1],
                map(x, [](double v) { return double(uint16_t(int64_t(v))); }));
    expectEqual(r[2], map(x, [](double v) { return rounded(S::Float16, v); }));
    expectEqual(r[3], map(x, [](double v) { return double(v != 0); }));
  });
}

} // namespace
