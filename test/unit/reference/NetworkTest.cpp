//===- NetworkTest.cpp - Layers against their definitions -----------------===//
//
// Part of the shiftadd project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
#include "test/unit/reference/Fixture.h"

#include <cmath>
#include <random>

namespace shiftadd::ref {

namespace {

using Shape = llvm::SmallVector<int64_t>;

/// A two-dimensional layer by its definition, one element at a time.
struct Layer {
  int64_t batch = 2, height = 7, width = 6, channels = 4, outputs = 6;
  int64_t kernelHeight = 3, kernelWidth = 2;
  int64_t strideY = 1, strideX = 1, dilationY = 1, dilationX = 1;
  int64_t top = 0, bottom = 0, left = 0, right = 0;
  int64_t groups = 1;

  int64_t outHeight() const {
    return (height + top + bottom - dilationY * (kernelHeight - 1) - 1) /
               strideY +
           1;
  }
  int64_t outWidth() const {
    return (width + left + right - dilationX * (kernelWidth - 1) - 1) /
               strideX +
           1;
  }
  Shape inputShape() const { return {batch, height, width, channels}; }
  Shape filterShape() const {
    return {outputs, kernelHeight, kernelWidth, channels / groups};
  }
  Shape outputShape() const {
    return {batch, outHeight(), outWidth(), outputs};
  }

  std::string attributes() const {
    std::string text;
    llvm::raw_string_ostream(text)
        << "{strides = array<i64: " << strideY << ", " << strideX
        << ">, padding = array<i64: " << top << ", " << bottom << ", " << left
        << ", " << right << ">, dilations = array<i64: " << dilationY << ", "
        << dilationX << ">, groups = " << groups << " : i64}";
    return text;
  }

  /// `x` and `w` give an element; padded positions have the value `padding`.
  template <typename T, typename Term>
  std::vector<T> compute(const std::vector<T> &x, const std::vector<T> &w,
                         T padding, Term term) const {
    std::vector<T> result;
    int64_t groupChannels = channels / groups;
    for (int64_t n = 0; n < batch; ++n)
      for (int64_t oy = 0; oy < outHeight(); ++oy)
        for (int64_t ox = 0; ox < outWidth(); ++ox)
          for (int64_t o = 0; o < outputs; ++o) {
            T sum = 0;
            for (int64_t ky = 0; ky < kernelHeight; ++ky)
              for (int64_t kx = 0; kx < kernelWidth; ++kx)
                for (int64_t c = 0; c < groupChannels; ++c) {
                  int64_t y = oy * strideY + ky * dilationY - top;
                  int64_t xx = ox * strideX + kx * dilationX - left;
                  int64_t channel = o / (outputs / groups) * groupChannels + c;
                  bool inside = y >= 0 && y < height && xx >= 0 && xx < width;
                  T value = padding;
                  if (inside)
                    value = x[size_t(
                        ((n * height + y) * width + xx) * channels + channel)];
                  sum += term(
                      value,
                      w[size_t(((o * kernelHeight + ky) * kernelWidth + kx) *
                                   groupChannels +
                               c)]);
                }
            result.push_back(sum);
          }
    return result;
  }
};

std::vector<Layer> layers() {
  Layer plain;
  Layer padded;
  padded.top = 1, padded.bottom = 2, padded.left = 1, padded.right = 0;
  Layer strided = padded;
  strided.strideY = 2, strided.strideX = 3;
  Layer dilated = padded;
  dilated.dilationY = 2, dilated.dilationX = 3, dilated.right = 2;
  Layer grouped = strided;
  grouped.groups = 2;
  Layer depthwise = strided;
  depthwise.outputs = 4, depthwise.groups = 4;
  Layer multiplied = padded;
  multiplied.outputs = 8, multiplied.groups = 4;
  Layer pointwise;
  pointwise.kernelHeight = 1, pointwise.kernelWidth = 1;
  return {plain,   padded,    strided,    dilated,
          grouped, depthwise, multiplied, pointwise};
}

std::string tensorText(const Shape &shape, llvm::StringRef element) {
  std::string text = "tensor<";
  for (int64_t size : shape)
    text += std::to_string(size) + "x";
  text += element;
  text += ">";
  return text;
}

double multiplyDoubles(double x, double w) { return x * w; }
double negatedDifference(double x, double w) { return -std::fabs(x - w); }

} // namespace

class NetworkTest : public ReferenceTest {
protected:
  std::vector<int64_t> draw(size_t count, int64_t low, int64_t high) {
    std::vector<int64_t> values;
    for (size_t i = 0; i < count; ++i)
      values.push_back(low + int64_t(engine() % uint64_t(high - low + 1)));
    return values;
  }
  std::mt19937_64 engine{11};
};

TEST_F(NetworkTest, FloatConvolutionsMatchTheirDefinition) {
  for (const Layer &layer : layers())
    for (bool adder : {false, true}) {
      Tensor x = random(tensorText(layer.inputShape(), "f32"), 1);
      Tensor w = random(tensorText(layer.filterShape(), "f32"), 2);
      Tensor result =
          runOp(std::string(adder ? "shiftadd.adder_conv" : "shiftadd.conv") +
                    " %a0, %a1 " + layer.attributes(),
                {x, w}, tensorText(layer.outputShape(), "f32"));
      ASSERT_EQ(error, "") << layer.attributes();
      Doubles expected =
          layer.compute<double>(asDoubles(x), asDoubles(w), 0.0,
                                adder ? negatedDifference : multiplyDoubles);
      ASSERT_EQ(size_t(result.getElementCount()), expected.size());
      // Only the order of the sum may differ, far below half a unit of f32.
      for (size_t i = 0; i < expected.size(); ++i)
        ASSERT_NEAR(result.getDouble(int64_t(i)), float(expected[i]), 1e-6)
            << layer.attributes() << " at " << i;
    }
}

// N99, with the zero point's code at padded positions (N26).
TEST_F(NetworkTest, QuantizedConvolutionsMatchTheirDefinition) {
  const char *quantized = "!quant.uniform<u8:f32, 0.5:3>";
  for (const Layer &layer : layers())
    for (bool adder : {false, true}) {
      Tensor x = random(tensorText(layer.inputShape(), quantized), 1);
      Tensor w =
          random(tensorText(layer.filterShape(),
                            adder ? quantized : "!quant.uniform<i8:f32, 0.25>"),
                 2);
      for (const char *accumulator : {"i32", "i64"}) {
        Tensor result =
            runOp(std::string(adder ? "shiftadd.adder_conv" : "shiftadd.conv") +
                      " %a0, %a1 " + layer.attributes(),
                  {x, w}, tensorText(layer.outputShape(), accumulator));
        ASSERT_EQ(error, "") << layer.attributes();
        EXPECT_EQ(asIntegers(result),
                  layer.compute<int64_t>(asIntegers(x), asIntegers(w), 3,
                                         [=](int64_t a, int64_t b) {
                                           return adder ? -std::abs(a - b)
                                                        : a * b;
                                         }))
            << layer.attributes();
      }
    }
}

// N99: a corner of an adder layer by hand. Inside, 9 taps of |5 - 2|; in the
// corner 4 of them and 5 of |0 - 2|.
TEST_F(NetworkTest, AdderPaddingIsAnOperand) {
  Tensor result = runOp(
      "shiftadd.adder_conv %a0, %a1 {strides = array<i64: 1, 1>, padding = "
      "array<i64: 1, 1, 1, 1>, dilations = array<i64: 1, 1>, groups = 1 : i64}",
      {doubles("tensor<1x3x3x1xf32>", Doubles(9, 5.0)),
       doubles("tensor<1x3x3x1xf32>", Doubles(9, 2.0))},
      "tensor<1x3x3x1xf32>");
  EXPECT_EQ(asDoubles(result),
            Doubles({-22, -24, -22, -24, -27, -24, -22, -24, -22}));
}

TEST_F(NetworkTest, OneAndThreeSpatialDimensions) {
  Tensor line = runOp(
      "shiftadd.conv %a0, %a1, bias %a2 {strides = array<i64: 2>, padding = "
      "array<i64: 1, 0>, dilations = array<i64: 1>, groups = 1 : i64}",
      {doubles("tensor<1x4x1xf32>", {1, 2, 3, 4}),
       doubles("tensor<1x3x1xf32>", {1, 10, 100}),
       doubles("tensor<1xf32>", {0.5})},
      "tensor<1x2x1xf32>");
  EXPECT_EQ(asDoubles(line), Doubles({210.5, 432.5})) << error;
  Tensor box = runOp(
      "shiftadd.conv %a0, %a1 {strides = array<i64: 1, 1, 1>, padding = "
      "array<i64: 0, 0, 0, 0, 0, 0>, dilations = array<i64: 1, 1, 1>, groups = "
      "1 : i64}",
      {doubles("tensor<1x2x2x2x1xf32>", {1, 2, 3, 4, 5, 6, 7, 8}),
       doubles("tensor<1x2x2x2x1xf32>", {1, 10, 100, 1e3, 1e4, 1e5, 1e6, 1e7})},
      "tensor<1x1x1x1x1xf32>");
  EXPECT_EQ(asDoubles(box), Doubles({87654320.0})) << error; // 87654321 in f32
}

/// Every input element adds x * w to a window of the output.
TEST_F(NetworkTest, TransposedConvolutionScatters) {
  constexpr int64_t kIn = 4, kChannels = 2, kOutputs = 3, kKernel = 3;
  constexpr int64_t kStride = 2, kDilation = 2, kLow = 1, kHigh = 2, kExtra = 1;
  constexpr int64_t kOut = kStride * (kIn - 1) + kExtra +
                           kDilation * (kKernel - 1) + 1 - kLow - kHigh;
  Tensor x = random("tensor<1x4x2xf64>", 1);
  Tensor w = random("tensor<3x3x2xf64>", 2);
  Doubles expected(size_t(kOut * kOutputs), 0.0);
  for (int64_t i = 0; i < kIn; ++i)
    for (int64_t k = 0; k < kKernel; ++k) {
      int64_t target = i * kStride + k * kDilation - kLow;
      if (target < 0 || target >= kOut)
        continue;
      for (int64_t o = 0; o < kOutputs; ++o)
        for (int64_t c = 0; c < kChannels; ++c)
          expected[size_t(target * kOutputs + o)] +=
              x.getDouble(i * kChannels + c) *
              w.getDouble((o * kKernel + k) * kChannels + c);
    }
  Tensor result = runOp(
      "shiftadd.conv_transpose %a0, %a1 {strides = array<i64: 2>, padding = "
      "array<i64: 1, 2>, dilations = array<i64: 2>, groups = 1 : i64, "
      "output_padding = array<i64: 1>}",
      {x, w}, tensorText({1, kOut, kOutputs}, "f64"));
  ASSERT_EQ(error, "");
  for (size_t i = 0; i < expected.size(); ++i)
    EXPECT_NEAR(result.getDouble(int64_t(i)), expected[i], 1e-12) << i;
}

TEST_F(NetworkTest, DenseAndMatmul) {
  Tensor result = runOp("shiftadd.dense %a0, %a1, bias %a2",
                        {doubles("tensor<1x2x3xf32>", {1, 2, 3, 4, 5, 6}),
                         doubles("tensor<2x3xf32>", {1, 0, -1, 2, 2, 2}),
                         doubles("tensor<2xf32>", {0.5, 1})},
                        "tensor<1x2x2xf32>");
  EXPECT_EQ(asDoubles(result), Doubles({-1.5, 13, -1.5, 31})) << error;
  Tensor product = runOp("shiftadd.matmul %a0, %a1",
                         {integers("tensor<2x1x2xui8>", {1, 2, 3, 255}),
                          integers("tensor<2x2xi8>", {1, -1, 100, -128})},
                         "tensor<2x1x2xi32>");
  EXPECT_EQ(asIntegers(product),
            Integers({201, -257, 3 + 25500, -3 - 255 * 128}))
      << error;
}

// N52
TEST_F(NetworkTest, AccumulatorsDoNotWrap) {
  Tensor x = integers("tensor<2x1xi32>", {1, 65536});
  runOp("shiftadd.dense %a0, %a1", {x, integers("tensor<1x1xi32>", {65536})},
        "tensor<2x1xi32>");
  EXPECT_NE(error.find("accumulator overflow at [1, 0]: 4294967296 does not "
                       "fit into i32"),
            std::string::npos)
      << error;
  EXPECT_NE(error.find("'shiftadd.dense'"), std::string::npos) << error;
  Tensor wide =
      runOp("shiftadd.dense %a0, %a1",
            {x, integers("tensor<1x1xi32>", {65536})}, "tensor<2x1xi64>");
  EXPECT_EQ(asIntegers(wide), Integers({65536, int64_t(1) << 32})) << error;
  // Partial sums may leave 64 bits as long as the sum comes back.
  Tensor back = runOp("shiftadd.dense %a0, %a1",
                      {integers("tensor<1x3xi64>", {INT64_MAX, 2, INT64_MAX}),
                       integers("tensor<1x3xi64>", {2, 21, -2})},
                      "tensor<1x1xi64>");
  EXPECT_EQ(asIntegers(back), Integers({42})) << error;
}

// N102: |x - w| = x + w - 2 min(x, w), on every pair of 8-bit operands.
TEST_F(NetworkTest, MinimumIdentityOnAllPairs) {
  Integers all;
  for (int64_t value = -128; value < 128; ++value)
    all.push_back(value);
  Tensor operand = integers("tensor<256x1x!quant.uniform<i8:f32, 1.0>>", all);
  Tensor result = runOp("shiftadd.adder_dense %a0, %a1", {operand, operand},
                        "tensor<256x256xi32>");
  ASSERT_EQ(error, "");
  for (int64_t i = 0; i < 256; ++i)
    for (int64_t j = 0; j < 256; ++j) {
      int64_t x = all[size_t(i)];
      int64_t w = all[size_t(j)];
      ASSERT_EQ(result.getInteger(i * 256 + j), 2 * std::min(x, w) - x - w);
    }
}

TEST_F(NetworkTest, MinimumIdentityOnRandomDepths) {
  for (int64_t depth : {1, 2, 7, 64, 577}) {
    Integers x = draw(size_t(depth), 0, 255);
    Integers w = draw(size_t(depth), 0, 255);
    int64_t expected = 0;
    for (size_t k = 0; k < x.size(); ++k)
      expected += 2 * std::min(x[k], w[k]) - x[k] - w[k];
    std::string text =
        tensorText({1, depth}, "!quant.uniform<u8:f32, 1.0:128>");
    Tensor result =
        runOp("shiftadd.adder_dense %a0, %a1",
              {integers(text, x), integers(text, w)}, "tensor<1x1xi32>");
    EXPECT_EQ(asIntegers(result), Integers({expected})) << error;
  }
}

TEST_F(NetworkTest, Pools) {
  Tensor x = doubles("tensor<1x3x3x1xf32>", {1, 2, 3, 4, 5, 6, 7, 8, 9});
  std::string window = "kernel = array<i64: 2, 2>, strides = array<i64: 2, 2>, "
                       "padding = array<i64: 1, 0, 1, 0>, dilations = "
                       "array<i64: 1, 1>";
  const char *result = "tensor<1x2x2x1xf32>";
  EXPECT_EQ(
      asDoubles(runOp("shiftadd.max_pool %a0 {" + window + "}", {x}, result)),
      Doubles({1, 3, 7, 9}))
      << error;
  EXPECT_EQ(asDoubles(runOp("shiftadd.avg_pool %a0 {" + window +
                                ", count_include_pad = true}",
                            {x}, result)),
            Doubles({0.25, 1.25, 2.75, 7}))
      << error;
  EXPECT_EQ(asDoubles(runOp("shiftadd.avg_pool %a0 {" + window +
                                ", count_include_pad = false}",
                            {x}, result)),
            Doubles({1, 2.5, 5.5, 7}));
  EXPECT_EQ(
      asDoubles(runOp("shiftadd.lp_pool %a0 {" + window + ", p = 1 : i64}", {x},
                      result)),
      Doubles({1, 5, 11, 28}))
      << error;
  // Padding counts as the zero point's code.
  EXPECT_EQ(asIntegers(runOp(
                "shiftadd.sum_pool %a0 {" + window + "}",
                {integers("tensor<1x3x3x1x!quant.uniform<u8:f32, 1.0:100>>",
                          {1, 2, 3, 4, 5, 6, 7, 8, 9})},
                "tensor<1x2x2x1xi32>")),
            Integers({301, 205, 211, 28}))
      << error;
  // A window of negative values beside padding.
  EXPECT_EQ(asDoubles(runOp("shiftadd.max_pool %a0 {" + window + "}",
                            {doubles("tensor<1x3x3x1xf32>", Doubles(9, -1.0))},
                            result)),
            Doubles(4, -1.0));
}

TEST_F(NetworkTest, MaxPoolIndicesCountChannelsFirst) {
  llvm::SmallVector<Tensor> results =
      run(R"(
    func.func @main(%x: tensor<2x1x4x2xf32>) -> (tensor<2x1x2x2xf32>, tensor<2x1x2x2xi64>) {
      %v, %i = shiftadd.max_pool_with_indices %x {kernel = array<i64: 1, 2>, strides = array<i64: 1, 2>, padding = array<i64: 0, 0, 0, 0>, dilations = array<i64: 1, 1>} : (tensor<2x1x4x2xf32>) -> (tensor<2x1x2x2xf32>, tensor<2x1x2x2xi64>)
      return %v, %i : tensor<2x1x2x2xf32>, tensor<2x1x2x2xi64>
    })",
          {doubles("tensor<2x1x4x2xf32>", {1, 9, 3, 8, 5, 5, 5, 6, //
                                           0, 0, 0, 0, 0, 0, 1, 1})});
  ASSERT_EQ(results.size(), 2u) << error;
  EXPECT_EQ(asDoubles(results[0]), Doubles({3, 9, 5, 6, 0, 0, 1, 1}));
  EXPECT_EQ(asIntegers(results[1]), Integers({1, 4, 2, 7, 8, 12, 11, 15}));
}

TEST_F(NetworkTest, Normalisations) {
  Tensor x = doubles("tensor<1x1x5xf64>", {1, 2, 3, 4, 5});
  Tensor lrn = runOp("shiftadd.lrn %a0 {size = 4 : i64, alpha = 4.0 : f64, "
                     "beta = 0.5 : f64, bias = 1.0 : f64, axis = 2 : i64}",
                     {x}, "tensor<1x1x5xf64>");
  ASSERT_EQ(error, "");
  // One channel before, two behind.
  Doubles sums{14, 30, 54, 50, 41};
  for (int64_t i = 0; i < 5; ++i)
    EXPECT_DOUBLE_EQ(lrn.getDouble(i),
                     double(i + 1) / std::sqrt(1 + sums[size_t(i)]));
  Tensor norm = runOp(
      "shiftadd.batch_norm %a0, %a1, %a2, %a3, %a4 {epsilon = 0.0 : f64, "
      "axis = 1 : i64}",
      {doubles("tensor<1x2x2xf32>", {1, 2, 3, 4}),
       doubles("tensor<2xf32>", {2, 3}), doubles("tensor<2xf32>", {1, 0}),
       doubles("tensor<2xf32>", {1, 2}), doubles("tensor<2xf32>", {4, 0.25})},
      "tensor<1x2x2xf32>");
  EXPECT_EQ(asDoubles(norm), Doubles({1, 2, 6, 12})) << error;
}

} // namespace shiftadd::ref
