//===- RandomNetwork.cpp - Small seeded integer networks -*- C++ -*-===//
//
// Part of the shiftadd project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
#include "test/unit/rewrite/RandomNetwork.h"

#include "dialects/ShiftAdd/IR/Build.h"
#include "dialects/ShiftAdd/IR/Shapes.h"
#include "dialects/Support/Rounding.h"
#include "passes/Quantize/AccumulatorRange.h"

#include <cmath>
#include <random>

namespace shiftadd::test {

namespace {

using mlir::Type;
using mlir::Value;

class Generator {
public:
  Generator(mlir::MLIRContext &context, uint64_t seed)
      : builder(&context), location(builder.getUnknownLoc()), random(seed) {}

  mlir::OwningOpRef<mlir::ModuleOp> run() {
    mlir::OwningOpRef<mlir::ModuleOp> module(mlir::ModuleOp::create(location));
    (*module)->setAttr(kStageAttribute, builder.getStringAttr("quantize"));
    builder.setInsertionPointToEnd(module->getBody());
    rounding = chance(2) ? Rounding::HalfUp : Rounding::HalfEven;
    shiftsOnly = chance(3);
    int64_t batch = chance(2) ? mlir::ShapedType::kDynamic : 1;
    auto imageType = mlir::RankedTensorType::get(
        {batch, pick(5, 9), pick(5, 9), pick(1, 4)}, builder.getF32Type());
    auto function = mlir::func::FuncOp::create(
        builder, location, "main", builder.getFunctionType({imageType}, {}));
    mlir::Block *entry = function.addEntryBlock();
    builder.setInsertionPointToEnd(entry);
    // All codes of the input occur: inputs are drawn from [-1, 1).
    Type input = codes(1.0 / 128, /*isSigned=*/chance(2));
    Value value = make<QuantizeOp>(input, entry->getArgument(0));
    for (int64_t layer = 0, layers = pick(1, 4); layer < layers; ++layer)
      value = addLayer(value);
    value = addHead(value);
    value = make<DequantizeOp>(builder.getF32Type(), value);
    mlir::func::ReturnOp::create(builder, location, value);
    function.setType(builder.getFunctionType({imageType}, {value.getType()}));
    function.setArgAttr(0, kNameAttribute, builder.getStringAttr("x"));
    function.setResultAttr(0, kNameAttribute, builder.getStringAttr("y"));
    return module;
  }

private:
  int64_t pick(int64_t low, int64_t high) {
    return low + int64_t(random() % uint64_t(high - low + 1));
  }
  bool chance(int64_t of) { return pick(1, of) == 1; }

  template <typename OpTy, typename... Args>
  Value make(Type element, Args &&...arguments) {
    return buildInferred<OpTy>(builder, location, element,
                               std::forward<Args>(arguments)...)
        .getResult();
  }

  /// A type of 8-bit codes; zero points lie anywhere.
  Type codes(double scale, bool isSigned) {
    int64_t zero = isSigned ? pick(-100, 100) : chance(3) ? 0 : pick(1, 255);
    return mlir::quant::UniformQuantizedType::get(
        isSigned ? mlir::quant::QuantizationFlags::Signed : 0,
        builder.getIntegerType(8), builder.getF32Type(), scale, zero,
        isSigned ? -128 : 0, isSigned ? 127 : 255);
  }

  /// Weights of 2 to 8 bits, per channel, some of them zero.
  Value makeWeights(llvm::ArrayRef<int64_t> shape,
                    std::vector<int64_t> &values) {
    int64_t bits = pick(2, 8);
    int64_t limit = (int64_t(1) << (bits - 1)) - 1;
    // All of -128..127 now and then.
    int64_t low = bits == 8 && chance(2) ? -128 : -limit;
    values.clear();
    std::vector<char> bytes;
    for (int64_t i = 0, e = elementsPerSample(shape); i < e; ++i) {
      values.push_back(chance(8) ? 0 : pick(low, limit));
      bytes.push_back(char(values.back()));
    }
    llvm::SmallVector<double> scales(shape.front(), 1.0 / 64);
    llvm::SmallVector<int64_t> zeros(shape.front(), 0);
    auto element = mlir::quant::UniformQuantizedPerAxisType::get(
        mlir::quant::QuantizationFlags::Signed, builder.getIntegerType(8),
        builder.getF32Type(), scales, zeros, 0, low, limit);
    return makeConstant(builder, location,
                        mlir::RankedTensorType::get(shape, element), bytes);
  }

  Value makeVector(llvm::ArrayRef<int32_t> values) {
    return makeConstant(builder, location, {int64_t(values.size())}, values);
  }

  /// The type that holds the exact sums.
  Type sumType(const std::vector<int64_t> &weights, int64_t channels,
               Value input) {
    auto range = getCodeRange(tensorType(input).getElementType());
    bool narrow = llvm::all_of(sumOfProducts(weights, channels, *range),
                               [](Interval sum) { return sum.fits(32); });
    return builder.getIntegerType(narrow ? 32 : 64);
  }

  /// Factors that use most of the output's range: sums of `taps` products of
  /// about `size`.
  struct Scale {
    Value multiplier, shift;
  };
  Scale makeScale(double size, int64_t taps, int64_t channels) {
    double factor =
        90.0 / (size * std::sqrt(double(std::max<int64_t>(taps, 1))));
    std::vector<int32_t> multipliers, shifts;
    for (int64_t c = 0, e = chance(4) ? 1 : channels; c < e; ++c) {
      double own = factor * double(pick(60, 200)) / 100;
      int exponent = 0;
      std::frexp(own, &exponent);
      num::FixedPointScale scale =
          shiftsOnly ? num::FixedPointScale{1, std::max(0, 1 - exponent)}
                     : num::toFixedPoint(own, unsigned(pick(3, 20)));
      multipliers.push_back(scale.multiplier);
      shifts.push_back(scale.shift);
    }
    return {makeVector(multipliers), makeVector(shifts)};
  }

  Value makeBias(int64_t channels, double size) {
    if (chance(4))
      return nullptr;
    std::vector<int32_t> bias;
    for (int64_t c = 0; c < channels; ++c)
      bias.push_back(int32_t(double(pick(-100, 100)) * size / 20));
    return makeVector(bias);
  }

  /// Sums to codes, now and then with a residual of the same shape.
  Value requantize(Value sum, Value residual, Type output, double size,
                   int64_t taps) {
    int64_t channels = shapeOf(sum).back();
    Scale scale = makeScale(size, taps, channels);
    Value bias = makeBias(channels, size);
    if (!residual)
      return make<RequantizeOp>(output, sum, bias, scale.multiplier,
                                scale.shift, rounding, ArithmeticAttr());
    std::vector<int32_t> multipliers;
    for (int64_t c = 0; c < channels; ++c)
      multipliers.push_back(shiftsOnly
                                ? 1 << pick(0, 19)
                                : int32_t(num::limitSignedDigits(pick(
                                      0, (int64_t(1) << pick(1, 20)) - 1))));
    return make<RequantizeResidualOp>(
        output, sum, bias, scale.multiplier, scale.shift, residual,
        makeVector(multipliers), rounding, ArithmeticAttr());
  }

  struct Geometry {
    int64_t kernel, stride, dilation, low, high, groups, channels;
  };

  Geometry chooseGeometry(Value input, bool sameShape) {
    auto shape = shapeOf(input);
    int64_t size = std::min(shape[1], shape[2]), channels = shape.back();
    Geometry g{};
    g.kernel = chance(3) ? 1 : size >= 3 ? 3 : 1;
    g.dilation = g.kernel == 3 && size >= 5 && chance(4) ? 2 : 1;
    int64_t reach = g.dilation * (g.kernel - 1);
    if (sameShape) {
      g.stride = 1;
      g.low = g.high = reach / 2;
    } else {
      g.stride = pick(1, 2);
      g.low = pick(0, reach);
      g.high = pick(0, reach);
    }
    g.groups = chance(3) ? channels : channels % 2 == 0 && chance(2) ? 2 : 1;
    g.channels = sameShape ? channels : g.groups * pick(1, 3);
    if (!sameShape && g.groups == 1)
      g.channels = pick(1, 6);
    return g;
  }

  Value convolve(Value input, const Geometry &g, Type output,
                 Value residual = nullptr) {
    int64_t depth = shapeOf(input).back() / g.groups;
    std::vector<int64_t> weights;
    Value filter =
        makeWeights({g.channels, g.kernel, g.kernel, depth}, weights);
    llvm::SmallVector<int64_t> padding{g.low, g.high, g.low, g.high};
    Value sum = make<ConvOp>(
        sumType(weights, g.channels, input), input, filter, Value(),
        llvm::ArrayRef<int64_t>{g.stride, g.stride}, padding,
        llvm::ArrayRef<int64_t>{g.dilation, g.dilation}, g.groups);
    return requantize(sum, residual, output, 128.0 * meanSize(weights),
                      g.kernel * g.kernel * depth);
  }

  static double meanSize(const std::vector<int64_t> &weights) {
    double sum = 1;
    for (int64_t weight : weights)
      sum += std::fabs(double(weight));
    return 1 + sum / double(weights.size());
  }

  Value addLayer(Value input) {
    bool isSigned = chance(2);
    switch (pick(0, 6)) {
    case 0: // a residual in the requantisation
      return convolve(input, chooseGeometry(input, true), codes(0.5, isSigned),
                      input);
    case 1: { // a residual sum of codes
      Value other =
          convolve(input, chooseGeometry(input, true), codes(0.5, isSigned));
      int64_t shift = pick(0, 20);
      auto factor = [&] {
        return shiftsOnly ? int64_t(1) << std::min<int64_t>(shift, 19)
                          : pick(0, (int64_t(1) << shift) - 1) | 1;
      };
      return make<RequantizeAddOp>(codes(0.25, chance(2)), input, other,
                                   factor(), factor(), shift, rounding);
    }
    case 2: { // two branches with one format, side by side
      Type output = codes(0.5, isSigned);
      llvm::SmallVector<Value> parts{
          convolve(input, chooseGeometry(input, true), output),
          convolve(input, chooseGeometry(input, true), output)};
      return make<ConcatOp>(output, mlir::ValueRange(parts), int64_t(3));
    }
    case 3: // pooling behind a layer
      return pool(
          convolve(input, chooseGeometry(input, true), codes(0.5, isSigned)));
    default:
      return convolve(input, chooseGeometry(input, false),
                      codes(0.5, isSigned));
    }
  }

  Value pool(Value input) {
    auto shape = shapeOf(input);
    int64_t size = std::min<int64_t>({2, shape[1], shape[2]});
    llvm::SmallVector<int64_t> kernel{size, size}, ones{1, 1},
        padding{0, 0, 0, 0};
    Type element = tensorType(input).getElementType();
    if (chance(2))
      return make<MaxPoolOp>(element, input, kernel, kernel, padding, ones);
    Value sum = make<SumPoolOp>(builder.getI32Type(), input, kernel, kernel,
                                padding, ones);
    return requantize(sum, nullptr, codes(0.5, chance(2)), 128, size * size);
  }

  /// The sum over all pixels, or all pixels in a row, and a dense layer.
  Value addHead(Value input) {
    auto shape = shapeOf(input);
    int64_t batch = mlir::ShapedType::isDynamic(shape[0]) ? -1 : shape[0];
    int64_t features = shape.back();
    if (chance(2)) {
      llvm::SmallVector<int64_t> kernel{shape[1], shape[2]}, ones{1, 1},
          padding{0, 0, 0, 0};
      int64_t area = shape[1] * shape[2];
      Value sum = make<SumPoolOp>(builder.getI32Type(), input, kernel, ones,
                                  padding, ones);
      input = requantize(sum, nullptr, codes(0.5, chance(2)), 128, area);
    } else {
      features *= shape[1] * shape[2];
    }
    input = make<ReshapeOp>(tensorType(input).getElementType(), input,
                            llvm::ArrayRef<int64_t>{batch, features});
    int64_t outputs = pick(1, 10);
    std::vector<int64_t> weights;
    Value filter = makeWeights({outputs, features}, weights);
    Value sum =
        make<DenseOp>(sumType(weights, outputs, input), input, filter, Value());
    return requantize(sum, nullptr, codes(0.5, chance(2)),
                      128.0 * meanSize(weights), features);
  }

  mlir::OpBuilder builder;
  mlir::Location location;
  std::mt19937_64 random;
  Rounding rounding = Rounding::HalfUp;
  bool shiftsOnly = false;
};

} // namespace

mlir::OwningOpRef<mlir::ModuleOp> makeRandomNetwork(mlir::MLIRContext &context,
                                                    uint64_t seed) {
  return Generator(context, seed).run();
}

} // namespace shiftadd::test
