//===- Quantized.cpp - Between real values, codes and accumulators --------===//
//
// Part of the shiftadd project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
#include "dialects/Reference/Evaluators.h"
#include "dialects/Support/Rounding.h"

#include <cmath>

namespace shiftadd::ref {

std::optional<Quantization> Quantization::get(mlir::Type elementType) {
  Quantization result;
  auto quantized =
      llvm::dyn_cast_if_present<mlir::quant::QuantizedType>(elementType);
  if (!quantized)
    return std::nullopt;
  result.minimum = quantized.getStorageTypeMin();
  result.maximum = quantized.getStorageTypeMax();
  if (auto uniform =
          llvm::dyn_cast<mlir::quant::UniformQuantizedType>(quantized)) {
    result.scales = {uniform.getScale()};
    result.zeroPoints = {uniform.getZeroPoint()};
    return result;
  }
  if (auto perAxis =
          llvm::dyn_cast<mlir::quant::UniformQuantizedPerAxisType>(quantized)) {
    result.scales.assign(perAxis.getScales().begin(),
                         perAxis.getScales().end());
    result.zeroPoints.assign(perAxis.getZeroPoints().begin(),
                             perAxis.getZeroPoints().end());
    result.axis = perAxis.getQuantizedDimension();
    return result;
  }
  return std::nullopt;
}

int64_t Quantization::quantize(float value, size_t channel) const {
  float steps = std::nearbyint(value / static_cast<float>(scales[channel]));
  // NaN has no nearest code: the lowest stands for it, as in compiled kernels.
  if (std::isnan(steps))
    return minimum;
  // Beyond this every storage range saturates, and the sum below stays exact.
  double bounded = std::clamp(static_cast<double>(steps), -0x1p40, 0x1p40);
  return std::clamp(static_cast<int64_t>(bounded) + zeroPoints[channel],
                    minimum, maximum);
}

llvm::Expected<int64_t> getScalarZeroPoint(mlir::Type elementType) {
  std::optional<Quantization> quantization = Quantization::get(elementType);
  if (!quantization)
    return 0;
  if (quantization->axis < 0)
    return quantization->zeroPoints[0];
  for (int64_t zeroPoint : quantization->zeroPoints)
    if (zeroPoint != quantization->zeroPoints[0])
      return makeError("the zero points differ per channel");
  return quantization->zeroPoints[0];
}

namespace {

/// Calls visit(i, channel) for every element, where channel is the index of the
/// scale and zero point that belong to it.
template <typename Visit>
llvm::Error forEachChannel(const Quantization &quantization,
                           const Tensor &tensor, Visit visit) {
  int64_t count = tensor.getElementCount();
  if (quantization.axis < 0) {
    for (int64_t i = 0; i < count; ++i)
      visit(i, size_t(0));
    return llvm::Error::success();
  }
  auto channels = int64_t(quantization.scales.size());
  if (quantization.axis >= tensor.getRank() ||
      tensor.getDimension(quantization.axis) != channels)
    return makeError("has not one scale per index of its axis");
  int64_t inner = product(tensor.getShape(), size_t(quantization.axis) + 1,
                          size_t(tensor.getRank()));
  for (int64_t i = 0; i < count; ++i)
    visit(i, size_t(i / inner % channels));
  return llvm::Error::success();
}

llvm::Expected<Tensor> quantize(QuantizeOp op,
                                llvm::ArrayRef<Tensor> operands) {
  const Tensor &input = operands[0];
  auto quantization = Quantization::get(resultElementType(op));
  if (!quantization || input.isCoded())
    return makeError("needs plain values and a quantised result");
  llvm::Expected<Tensor> result =
      Tensor::create(resultElementType(op), input.getShape());
  if (!result)
    return result;
  Writer writer(*result);
  llvm::Error error =
      forEachChannel(*quantization, input, [&](int64_t i, size_t channel) {
        // An integer reaches f32 by one rounding.
        float value = input.isFloat() ? static_cast<float>(input.getDouble(i))
                      : input.isUnsigned()
                          ? static_cast<float>(input.getUnsigned(i))
                          : static_cast<float>(input.getInteger(i));
        writer.setInteger(i, quantization->quantize(value, channel));
      });
  if (error)
    return error;
  return result;
}

llvm::Expected<Tensor> dequantize(DequantizeOp op,
                                  llvm::ArrayRef<Tensor> operands) {
  const Tensor &input = operands[0];
  auto quantization = Quantization::get(input.getElementType());
  llvm::Expected<Tensor> result =
      Tensor::create(resultElementType(op), input.getShape());
  if (!result)
    return result;
  if (!quantization || !result->isFloat())
    return makeError("needs a quantised tensor and a floating point result");
  Writer writer(*result);
  llvm::Error error =
      forEachChannel(*quantization, input, [&](int64_t i, size_t channel) {
        auto steps = static_cast<float>(input.getInteger(i) -
                                        quantization->zeroPoints[channel]);
        float value = steps * static_cast<float>(quantization->scales[channel]);
        writer.setDouble(i, value);
      });
  if (error)
    return error;
  return result;
}

/// A parameter of requantize: one element or one per channel.
llvm::Error checkParameter(const Tensor &parameter, int64_t channels,
                           const char *name) {
  bool isCode = llvm::isa<PowerOfTwoType>(parameter.getElementType());
  if (parameter.isFloat() || (parameter.isCoded() && !isCode))
    return makeError(llvm::Twine("the ") + name + " must be an integer tensor");
  if (parameter.getElementCount() != 1 &&
      parameter.getElementCount() != channels)
    return makeError(llvm::Twine("the ") + name + " has " +
                     llvm::Twine(parameter.getElementCount()) +
                     " elements, not one nor one per channel (" +
                     llvm::Twine(channels) + ")");
  return llvm::Error::success();
}

/// Multipliers as integers, or as codes of integers.
llvm::SmallVector<int64_t> readMultipliers(const Tensor &parameter) {
  llvm::SmallVector<int64_t> values = parameter.toIntegers();
  if (auto code = llvm::dyn_cast<PowerOfTwoType>(parameter.getElementType()))
    for (int64_t &value : values)
      value = getFormat(code).decodeInteger(uint64_t(value));
  return values;
}

/// Multiplier, shift and bias per channel, checked.
struct Scaling {
  llvm::SmallVector<int64_t> biases{0};
  llvm::SmallVector<int64_t> multipliers;
  llvm::SmallVector<int64_t> shifts;
};

llvm::Expected<llvm::SmallVector<int64_t>>
readMultipliers(const Tensor &parameter, int64_t channels, const char *name) {
  if (llvm::Error error = checkParameter(parameter, channels, name))
    return error;
  llvm::SmallVector<int64_t> values = readMultipliers(parameter);
  for (int64_t value : values)
    if (value <= -(int64_t(1) << 20) || value >= (int64_t(1) << 20))
      return makeError(llvm::Twine("the ") + name + " " + llvm::Twine(value) +
                       " is not in (-2^20, 2^20)");
  return values;
}

llvm::Expected<Scaling> readScaling(const Tensor &input, const Tensor *bias,
                                    const Tensor &multiplier,
                                    const Tensor &shift) {
  if (input.isFloat() ||
      llvm::isa<PowerOfTwoType, mlir::quant::UniformQuantizedPerAxisType>(
          input.getElementType()))
    return makeError("needs an integer accumulator, or codes of one scale");
  int64_t channels =
      input.getRank() ? input.getDimension(input.getRank() - 1) : 1;
  Scaling scaling;
  if (bias) {
    if (llvm::Error error = checkParameter(*bias, channels, "bias"))
      return error;
    scaling.biases = bias->toIntegers();
  }
  auto multipliers = readMultipliers(multiplier, channels, "multiplier");
  if (!multipliers)
    return multipliers.takeError();
  scaling.multipliers = *multipliers;
  if (llvm::Error error = checkParameter(shift, channels, "shift"))
    return error;
  scaling.shifts = shift.toIntegers();
  for (int64_t value : scaling.shifts)
    if (value < 0 || value > 62)
      return makeError("the shift " + llvm::Twine(value) +
                       " is not in [0, 62]");
  return scaling;
}

int64_t pick(const llvm::SmallVector<int64_t> &values, int64_t channel) {
  return values[values.size() == 1 ? 0 : size_t(channel)];
}

/// The one rounding of the integer contract (N50).
int64_t roundToCode(__int128 scaled, int64_t shift, Rounding rounding,
                    const Quantization &result) {
  auto mode = static_cast<num::RoundingMode>(rounding);
  __int128 code =
      num::roundShift(scaled, unsigned(shift), mode) + result.zeroPoints[0];
  return int64_t(std::clamp<__int128>(code, result.minimum, result.maximum));
}

/// (sum + bias) * multiplier, plus addend(i, channel), scaled to codes.
template <typename Addend>
llvm::Expected<Tensor> scaleToCodes(mlir::Type type, const Tensor &input,
                                    const Scaling &scaling, Rounding rounding,
                                    Addend addend) {
  auto quantization = Quantization::get(type);
  if (!quantization || quantization->axis >= 0)
    return makeError("needs a result quantised by one scale");
  llvm::Expected<Tensor> result = Tensor::create(type, input.getShape());
  if (!result)
    return result;
  Writer writer(*result);
  int64_t channels =
      input.getRank() ? input.getDimension(input.getRank() - 1) : 1;
  for (int64_t i = 0, e = input.getElementCount(); i < e; ++i) {
    int64_t channel = i % channels;
    __int128 scaled =
        (__int128(input.getInteger(i)) + pick(scaling.biases, channel)) *
            pick(scaling.multipliers, channel) +
        addend(i, channel);
    writer.setInteger(i, roundToCode(scaled, pick(scaling.shifts, channel),
                                     rounding, *quantization));
  }
  return result;
}

llvm::Expected<Tensor> requantize(RequantizeOp op,
                                  llvm::ArrayRef<Tensor> operands) {
  const Tensor *bias = op.getBias() ? &operands[1] : nullptr;
  size_t next = bias ? 2 : 1;
  auto scaling =
      readScaling(operands[0], bias, operands[next], operands[next + 1]);
  if (!scaling)
    return scaling.takeError();
  return scaleToCodes(resultElementType(op), operands[0], *scaling,
                      op.getRounding(),
                      [](int64_t, int64_t) { return __int128(0); });
}

llvm::Expected<Tensor> requantizeResidual(RequantizeResidualOp op,
                                          llvm::ArrayRef<Tensor> operands) {
  const Tensor &input = operands[0];
  const Tensor *bias = op.getBias() ? &operands[1] : nullptr;
  size_t next = bias ? 2 : 1;
  const Tensor &residual = operands[next + 2];
  auto scaling = readScaling(input, bias, operands[next], operands[next + 1]);
  if (!scaling)
    return scaling.takeError();
  int64_t channels =
      input.getRank() ? input.getDimension(input.getRank() - 1) : 1;
  auto multipliers =
      readMultipliers(operands[next + 3], channels, "residual multiplier");
  if (!multipliers)
    return multipliers.takeError();
  auto codes = Quantization::get(residual.getElementType());
  if (!codes || codes->axis >= 0 || residual.getShape() != input.getShape())
    return makeError("needs a residual of codes in the shape of the sums");
  return scaleToCodes(resultElementType(op), input, *scaling, op.getRounding(),
                      [&](int64_t i, int64_t channel) {
                        return __int128(residual.getInteger(i) -
                                        codes->zeroPoints[0]) *
                               pick(*multipliers, channel);
                      });
}

/// Two quantised tensors, broadcast: combine(a - za, b - zb) * 2^-shift.
template <typename OpTy, typename Combine>
llvm::Expected<Tensor> combineCodes(OpTy op, llvm::ArrayRef<Tensor> operands,
                                    Combine combine) {
  auto quantization = Quantization::get(resultElementType(op));
  auto left = Quantization::get(operands[0].getElementType());
  auto right = Quantization::get(operands[1].getElementType());
  if (!quantization || !left || !right || quantization->axis >= 0 ||
      left->axis >= 0 || right->axis >= 0)
    return makeError("needs operands and a result quantised by one scale");
  auto shift = int64_t(op.getShift());
  if (shift < 0 || shift > 62)
    return makeError("the shift " + llvm::Twine(shift) + " is not in [0, 62]");
  llvm::Expected<Shape> shape = broadcastAll(operands);
  if (!shape)
    return shape.takeError();
  llvm::Expected<Tensor> result = Tensor::create(resultElementType(op), *shape);
  if (!result)
    return result;
  Writer writer(*result);
  std::array<Shape, 2> strides{
      getBroadcastStrides(operands[0].getShape(), *shape),
      getBroadcastStrides(operands[1].getShape(), *shape)};
  forEachIndex(*shape, strides, [&](int64_t i, const auto &offsets) {
    __int128 sum = combine(
        __int128(operands[0].getInteger(offsets[0]) - left->zeroPoints[0]),
        __int128(operands[1].getInteger(offsets[1]) - right->zeroPoints[0]));
    writer.setInteger(i,
                      roundToCode(sum, shift, op.getRounding(), *quantization));
  });
  return result;
}

llvm::Error checkFactor(int64_t value) {
  if (value <= -(int64_t(1) << 20) || value >= (int64_t(1) << 20))
    return makeError("the multiplier " + llvm::Twine(value) +
                     " has more than 20 bits");
  return llvm::Error::success();
}

llvm::Expected<Tensor> requantizeAdd(RequantizeAddOp op,
                                     llvm::ArrayRef<Tensor> operands) {
  auto left = int64_t(op.getLhsMultiplier());
  auto right = int64_t(op.getRhsMultiplier());
  for (int64_t value : {left, right})
    if (llvm::Error error = checkFactor(value))
      return error;
  return combineCodes(op, operands, [&](__int128 a, __int128 b) {
    return a * left + b * right;
  });
}

llvm::Expected<Tensor> requantizeMul(RequantizeMulOp op,
                                     llvm::ArrayRef<Tensor> operands) {
  auto multiplier = int64_t(op.getMultiplier());
  if (llvm::Error error = checkFactor(multiplier))
    return error;
  return combineCodes(
      op, operands, [&](__int128 a, __int128 b) { return a * b * multiplier; });
}

} // namespace

void addQuantized(EvaluatorTable &table) {
  table.add<QuantizeOp>(quantize);
  table.add<DequantizeOp>(dequantize);
  table.add<RequantizeOp>(requantize);
  table.add<RequantizeResidualOp>(requantizeResidual);
  table.add<RequantizeAddOp>(requantizeAdd);
  table.add<RequantizeMulOp>(requantizeMul);
}

} // namespace shiftadd::ref
