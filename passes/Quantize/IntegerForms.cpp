//===- IntegerForms.cpp - Integer forms of ops between codes -*- C++ -*-===//
//
// Part of the shiftadd project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// The integer contract (N43, N44, N50): one exact sum of stored codes, one bias
// that also takes up the zero point's constant, one rounding.
//
//   quantize(layer(dequantize(x), dequantize(w)) + b)
//     = requantize(layer(x, w), bias = b / (sx sw) - zx * sum(w),
//                  multiplier * 2^-shift = sx sw / sy)
//
// Clamps need no part in it: MoveDequantize has moved them behind the quantize.
//
//===----------------------------------------------------------------------===//
#include "passes/Quantize/IntegerForms.h"

#include "dialects/ShiftAdd/IR/Build.h"
#include "dialects/ShiftAdd/IR/Shapes.h"
#include "dialects/ShiftAdd/IR/WeightView.h"

#include <cmath>

namespace shiftadd {

using mlir::quant::UniformQuantizedPerAxisType;
using mlir::quant::UniformQuantizedType;

UniformQuantizedType getUniform(mlir::Value value) {
  return llvm::dyn_cast<UniformQuantizedType>(
      tensorType(value).getElementType());
}

Interval getCentredRange(UniformQuantizedType type) {
  Interval range = *getCodeRange(type);
  range.low -= type.getZeroPoint();
  range.high -= type.getZeroPoint();
  return range;
}

mlir::Value getCodes(mlir::Value value, unsigned bits) {
  auto dequantize = value.getDefiningOp<DequantizeOp>();
  if (!dequantize)
    return nullptr;
  auto type = getUniform(dequantize.getInput());
  if (!type || type.getStorageTypeIntegralWidth() > bits)
    return nullptr;
  return dequantize.getInput();
}

std::optional<std::vector<double>> readReals(mlir::Value value) {
  std::vector<double> result;
  if (auto dequantize = value.getDefiningOp<DequantizeOp>()) {
    auto view = WeightView::get(dequantize.getInput());
    if (!view)
      return std::nullopt;
    auto type = tensorType(dequantize.getInput());
    auto uniform = llvm::dyn_cast<UniformQuantizedType>(type.getElementType());
    auto perAxis =
        llvm::dyn_cast<UniformQuantizedPerAxisType>(type.getElementType());
    int64_t inner = 1, channels = 1;
    if (perAxis) {
      auto axis = perAxis.getQuantizedDimension();
      channels = type.getDimSize(axis);
      for (int64_t size : type.getShape().drop_front(axis + 1))
        inner *= size;
    }
    for (int64_t i = 0; i < view->size(); ++i) {
      int64_t c = perAxis ? i / inner % channels : 0;
      double scale = uniform ? uniform.getScale() : perAxis.getScales()[c];
      int64_t zero =
          uniform ? uniform.getZeroPoint() : perAxis.getZeroPoints()[c];
      // As dequantize computes it.
      result.push_back(float(view->getInteger(i) - zero) * float(scale));
    }
    return result;
  }
  auto view = WeightView::get(value);
  if (!view || !llvm::isa<mlir::FloatType>(view->getElementType()))
    return std::nullopt;
  for (int64_t i = 0; i < view->size(); ++i)
    result.push_back(view->getDouble(i));
  return result;
}

bool Affine::isIdentity() const {
  return llvm::all_of(factor, [](double value) { return value == 1.0; }) &&
         llvm::all_of(offset, [](double value) { return value == 0.0; });
}

std::optional<std::vector<double>> readChannels(mlir::Value constant,
                                                mlir::Value result) {
  auto shape = shapeOf(constant);
  auto full = shapeOf(result);
  if (shape.size() > full.size())
    return std::nullopt;
  for (int64_t size : shape.drop_back(shape.empty() ? 0 : 1))
    if (size != 1)
      return std::nullopt;
  if (!shape.empty() && shape.back() != 1 && shape.back() != full.back())
    return std::nullopt;
  auto values = readReals(constant);
  if (!values || values->empty())
    return std::nullopt;
  return values;
}

/// outer(inner(x)), where inner is factor * x + offset.
static void compose(Affine &outer, const std::vector<double> &factor,
                    const std::vector<double> &offset) {
  size_t size = std::max(
      {outer.factor.size(), outer.offset.size(), factor.size(), offset.size()});
  std::vector<double> a(size), b(size);
  for (size_t c = 0; c < size; ++c) {
    double slope = pick(outer.factor, int64_t(c));
    a[c] = slope * pick(factor, int64_t(c));
    b[c] = slope * pick(offset, int64_t(c)) + pick(outer.offset, int64_t(c));
  }
  outer.factor = a;
  outer.offset = b;
}

static std::vector<double> negated(std::vector<double> values) {
  for (double &value : values)
    value = -value;
  return values;
}

mlir::Value peelAffine(mlir::Value value, Affine &affine) {
  const std::vector<double> one{1.0}, zero{0.0};
  while (mlir::Operation *op = value.getDefiningOp()) {
    if (auto neg = llvm::dyn_cast<NegOp>(op)) {
      compose(affine, {-1.0}, zero);
      value = neg.getInput();
      continue;
    }
    if (!llvm::isa<AddOp, SubOp, MulOp, DivOp>(op))
      return value;
    mlir::Value lhs = op->getOperand(0), rhs = op->getOperand(1);
    auto right = readChannels(rhs, value);
    auto left = right ? std::nullopt : readChannels(lhs, value);
    mlir::Value inner = right ? lhs : rhs;
    if ((!right && !left) || shapeOf(inner) != shapeOf(value))
      return value;
    if (llvm::isa<AddOp>(op)) {
      compose(affine, one, right ? *right : *left);
    } else if (llvm::isa<MulOp>(op)) {
      compose(affine, right ? *right : *left, zero);
    } else if (llvm::isa<SubOp>(op)) {
      if (right)
        compose(affine, one, negated(*right));
      else
        compose(affine, {-1.0}, *left);
    } else {
      if (!right)
        return value;
      for (double &divisor : *right)
        divisor = 1.0 / divisor;
      compose(affine, *right, zero);
    }
    value = inner;
  }
  return value;
}

mlir::Value makeVector(mlir::OpBuilder &builder, mlir::Location location,
                       const std::vector<int64_t> &values) {
  bool narrow = llvm::all_of(
      values, [](int64_t value) { return value == int64_t(int32_t(value)); });
  int64_t size = values.size();
  if (!narrow)
    return makeConstant(builder, location, {size},
                        llvm::ArrayRef<int64_t>(values));
  std::vector<int32_t> small(values.begin(), values.end());
  return makeConstant(builder, location, {size},
                      llvm::ArrayRef<int32_t>(small));
}

std::optional<IntegerSum> matchSum(mlir::Operation *op) {
  if (!op)
    return std::nullopt;
  for (auto match : {matchProduct, matchDistance, matchMatmul, matchAverage})
    if (auto sum = match(op))
      return sum;
  return std::nullopt;
}

IntegerSum makeCodeSum(mlir::Value codes) {
  auto type = getUniform(codes);
  IntegerSum sum{nullptr, codes.getLoc()};
  sum.channels = shapeOf(codes).empty() ? 1 : shapeOf(codes).back();
  sum.range = {*getCodeRange(type)};
  sum.grid = {type.getScale()};
  sum.zeroPointTerm = {-__int128(type.getZeroPoint())};
  sum.build = [codes](mlir::OpBuilder &builder) -> mlir::Value {
    auto cast = [&](mlir::Value value, mlir::Type element) -> mlir::Value {
      return CastOp::create(
          builder, codes.getLoc(),
          mlir::RankedTensorType::get(shapeOf(codes), element), value);
    };
    return cast(cast(codes, getStorageType(getUniform(codes))),
                builder.getI32Type());
  };
  return sum;
}

mlir::Value reshapeTo(mlir::OpBuilder &builder, mlir::Value value,
                      mlir::RankedTensorType type) {
  if (value.getType() == type)
    return value;
  llvm::SmallVector<int64_t> shape(type.getShape());
  for (int64_t &size : shape)
    if (mlir::ShapedType::isDynamic(size))
      size = -1;
  return ReshapeOp::create(builder, value.getLoc(), type, value, shape);
}

namespace {

/// The integers of one channel.
struct ChannelForm {
  int64_t bias = 0;
  ChannelScale scale;
};

} // namespace

/// A channel that is constant because its factor is 0 (N126): the constant, in
/// codes and rounded, moved so far up that the sum cannot reach it.
static std::optional<ChannelForm>
makeConstantChannel(double codes, Interval range, UniformQuantizedType output) {
  // Far beyond both ends of the codes; those of 32 bits are outputs, which are
  // chosen to hold all that a layer reaches.
  if (output.getStorageTypeIntegralWidth() <= 16)
    codes = std::clamp(codes, -0x1p20, 0x1p20);
  int shift = 2;
  while (shift < 62 && (__int128(1) << (shift - 2)) <= range.magnitude())
    ++shift;
  double bias = std::ldexp(std::nearbyint(codes), shift);
  if (!(std::fabs(bias) < 0x1p61))
    return std::nullopt;
  return ChannelForm{static_cast<int64_t>(bias), {1, 0, shift}};
}

/// Whether the scaled sum, with its bias, stays in 63 bits with one to spare.
static bool fitsProduct(const ChannelScale &scale, Interval sum,
                        Interval residual) {
  return sum.magnitude() * std::abs(scale.multiplier) +
             residual.magnitude() * std::abs(scale.residualMultiplier) <
         (__int128(1) << 62);
}

/// Whether a channel is its bias, whatever the sum is: weights as good as zero.
static bool showsNothing(const IntegerSum &sum, int64_t channel,
                         double factor) {
  return double(pick(sum.range, channel).magnitude()) * std::fabs(factor) <
         0x1p-10;
}

double getReach(const IntegerSum &sum, const Affine &affine) {
  double reach = 0;
  for (int64_t c = 0; c < sum.channels; ++c) {
    double bias = pick(sum.bias, c) + double(pick(sum.zeroPointTerm, c));
    Interval range = pick(sum.range, c);
    double step = pick(sum.grid, c) * pick(affine.factor, c);
    for (__int128 end : {range.low, range.high})
      reach = std::max(reach, std::fabs((double(end) + bias) * step +
                                        pick(affine.offset, c)));
  }
  return reach;
}

/// The bias of a channel, in steps of its sum.
static double getBiasSteps(const IntegerSum &sum, const Affine &affine,
                           int64_t channel) {
  double step = pick(sum.grid, channel) * pick(affine.factor, channel);
  double steps = pick(sum.bias, channel);
  if (step != 0 && pick(affine.offset, channel) != 0)
    steps += pick(affine.offset, channel) / step;
  return steps;
}

static mlir::Value shiftLeft(mlir::OpBuilder &builder, mlir::Value value,
                             int bits) {
  mlir::Value amount = makeConstant(builder, value.getLoc(), {},
                                    llvm::ArrayRef<int32_t>({bits}));
  return BitShiftOp::create(builder, value.getLoc(), value.getType(), value,
                            amount, ShiftDirection::Left);
}

/// A bias is rounded to steps of the sum (N125). Where these are so coarse that
/// it shows (sums of few distances with an offset of their own, codes), the sum
/// moves up by as many bits as it needs and has room for.
static void refine(IntegerSum &sum, const Affine &affine,
                   UniformQuantizedType output) {
  // Codes of more than a byte are outputs.
  double parts = output.getStorageTypeIntegralWidth() > 8 ? 0x1p16 : 0x1p12;
  double span = output.getScale() * (double(output.getStorageTypeMax()) -
                                     double(output.getStorageTypeMin()));
  double visible = std::min(getReach(sum, affine), span) / parts;
  auto shows = [&](int bits) {
    for (int64_t c = 0; c < sum.channels; ++c) {
      double steps = std::ldexp(getBiasSteps(sum, affine, c), bits);
      double step = pick(sum.grid, c) * pick(affine.factor, c);
      if (std::fabs(std::ldexp((steps - std::nearbyint(steps)) * step, -bits)) >
          visible)
        return true;
    }
    return false;
  };
  auto fits = [&](int bits) {
    return llvm::all_of(sum.range, [&](Interval range) {
      return Interval{range.low << bits, range.high << bits}.fits(32);
    });
  };
  int bits = 0;
  while (bits < 12 && shows(bits) && fits(bits + 1))
    ++bits;
  if (bits == 0)
    return;
  for (Interval &range : sum.range)
    range = {range.low << bits, range.high << bits};
  for (double &step : sum.grid)
    step = std::ldexp(step, -bits);
  for (double &steps : sum.bias)
    steps = std::ldexp(steps, bits);
  for (__int128 &term : sum.zeroPointTerm)
    term <<= bits;
  sum.build = [build = sum.build, bits](mlir::OpBuilder &builder) {
    mlir::Value value = build(builder);
    return value ? shiftLeft(builder, value, bits) : value;
  };
}

mlir::Value buildRequantize(mlir::OpBuilder &builder, mlir::Type type,
                            IntegerSum sum, const Affine &affine,
                            mlir::Value residual,
                            const ScalingOptions &options) {
  auto output = llvm::cast<UniformQuantizedType>(
      llvm::cast<mlir::RankedTensorType>(type).getElementType());
  refine(sum, affine, output);
  auto added = residual ? getUniform(residual) : nullptr;
  double residualFactor = added ? added.getScale() / output.getScale() : 0.0;
  Interval residualRange = added ? getCentredRange(added) : Interval();
  bool perChannel = std::max({sum.range.size(), sum.grid.size(),
                              sum.bias.size(), sum.zeroPointTerm.size(),
                              affine.factor.size(), affine.offset.size()}) > 1;
  int64_t channels = perChannel ? sum.channels : 1;
  std::vector<int64_t> biases, multipliers, shifts, residualMultipliers;
  for (int64_t c = 0; c < channels; ++c) {
    double step = pick(sum.grid, c) * pick(affine.factor, c);
    double factor = step / output.getScale();
    double offset = pick(affine.offset, c);
    Interval range = pick(sum.range, c);
    double steps = getBiasSteps(sum, affine, c);
    std::optional<ChannelForm> form;
    if (step == 0 && !residual) {
      form = makeConstantChannel(offset / output.getScale(), range, output);
    } else if (step == 0 && offset != 0) {
      return nullptr;
    } else {
      if (!(std::fabs(steps) < 4.0e18))
        return nullptr;
      __int128 bias = static_cast<int64_t>(std::nearbyint(steps)) +
                      pick(sum.zeroPointTerm, c);
      if (bias != int64_t(bias))
        return nullptr;
      range.low += bias;
      range.high += bias;
      auto scale =
          chooseScale(factor, residualFactor, range, residualRange, options);
      if (scale && fitsProduct(*scale, range, residualRange))
        form = ChannelForm{int64_t(bias), *scale};
      else if (scale && !residual && showsNothing(sum, c, factor))
        form = makeConstantChannel(double(bias) * factor, pick(sum.range, c),
                                   output);
    }
    if (!form)
      return nullptr;
    biases.push_back(form->bias);
    multipliers.push_back(form->scale.multiplier);
    residualMultipliers.push_back(form->scale.residualMultiplier);
    shifts.push_back(form->scale.shift);
  }
  mlir::Value value = sum.build(builder);
  if (!value)
    return nullptr;
  mlir::Location location = sum.location;
  mlir::Value bias = makeVector(builder, location, biases);
  mlir::Value multiplier = makeVector(builder, location, multipliers);
  mlir::Value shift = makeVector(builder, location, shifts);
  auto result =
      mlir::RankedTensorType::get(tensorType(value).getShape(), output);
  if (!residual)
    return RequantizeOp::create(builder, location, result, value, bias,
                                multiplier, shift, options.rounding,
                                ArithmeticAttr());
  return RequantizeResidualOp::create(
      builder, location, result, value, bias, multiplier, shift, residual,
      makeVector(builder, location, residualMultipliers), options.rounding,
      ArithmeticAttr());
}

} // namespace shiftadd
