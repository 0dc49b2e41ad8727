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
  if (parameter.isFloat() || parameter.isCoded())
    return makeError(llvm::Twine("the ") + name + " must be an integer tensor");
  if (parameter.getElementCount() != 1 &&
      parameter.getElementCount() != channels)
    return makeError(llvm::Twine("the ") + name + " has " +
                     llvm::Twine(parameter.getElementCount()) +
                     " elements, not one nor one per channel (" +
                     llvm::Twine(channels) + ")");
  return llvm::Error::success();
}

llvm::Expected<Tensor> requantize(RequantizeOp op,
                                  llvm::ArrayRef<Tensor> operands) {
  const Tensor &input = operands[0];
  const Tensor *bias = op.getBias() ? &operands[1] : nullptr;
  const Tensor &multiplier = operands[bias ? 2 : 1];
  const Tensor &shift = operands[bias ? 3 : 2];
  auto quantization = Quantization::get(resultElementType(op));
  if (!quantization || quantization->axis >= 0)
    return makeError("needs a result quantised by one scale");
  if (input.isFloat() || input.isCoded())
    return makeError("needs an integer accumulator");
  int64_t channels =
      input.getRank() ? input.getDimension(input.getRank() - 1) : 1;
  for (auto [parameter, name] :
       {std::pair(bias, "bias"), std::pair(&multiplier, "multiplier"),
        std::pair(&shift, "shift")})
    if (parameter)
      if (llvm::Error error = checkParameter(*parameter, channels, name))
        return error;
  llvm::SmallVector<int64_t> biases =
      bias ? bias->toIntegers() : llvm::SmallVector<int64_t>{0};
  llvm::SmallVector<int64_t> multipliers = multiplier.toIntegers();
  llvm::SmallVector<int64_t> shifts = shift.toIntegers();
  for (int64_t value : multipliers)
    if (value < 0 || value >= (int64_t(1) << 20))
      return makeError("the multiplier " + llvm::Twine(value) +
                       " is not in [0, 2^20)");
  for (int64_t value : shifts)
    if (value < 0 || value > 62)
      return makeError("the shift " + llvm::Twine(value) +
                       " is not in [0, 62]");
  llvm::Expected<Tensor> result =
      Tensor::create(resultElementType(op), input.getShape());
  if (!result)
    return result;
  Writer writer(*result);
  auto mode = static_cast<num::RoundingMode>(op.getRounding());
  for (int64_t i = 0, e = input.getElementCount(); i < e; ++i) {
    auto channel = size_t(i % channels);
    auto pick = [&](const llvm::SmallVector<int64_t> &values) {
      return values[values.size() == 1 ? 0 : channel];
    };
    __int128 scaled =
        (__int128(input.getInteger(i)) + pick(biases)) * pick(multipliers);
    __int128 code = num::roundShift(scaled, unsigned(pick(shifts)), mode) +
                    quantization->zeroPoints[0];
    writer.setInteger(i,
                      int64_t(std::clamp<__int128>(code, quantization->minimum,
                                                   quantization->maximum)));
  }
  return result;
}

llvm::Expected<Tensor> requantizeAdd(RequantizeAddOp op,
                                     llvm::ArrayRef<Tensor> operands) {
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
  auto mode = static_cast<num::RoundingMode>(op.getRounding());
  auto leftMultiplier = int64_t(op.getLhsMultiplier());
  auto rightMultiplier = int64_t(op.getRhsMultiplier());
  for (int64_t value : {leftMultiplier, rightMultiplier})
    if (value <= -(int64_t(1) << 20) || value >= (int64_t(1) << 20))
      return makeError("the multiplier " + llvm::Twine(value) +
                       " has more than 20 bits");
  std::array<Shape, 2> strides{
      getBroadcastStrides(operands[0].getShape(), *shape),
      getBroadcastStrides(operands[1].getShape(), *shape)};
  forEachIndex(*shape, strides, [&](int64_t i, const auto &offsets) {
    __int128 sum =
        __int128(operands[0].getInteger(offsets[0]) - left->zeroPoints[0]) *
            leftMultiplier +
        __int128(operands[1].getInteger(offsets[1]) - right->zeroPoints[0]) *
            rightMultiplier;
    __int128 code = num::roundShift(sum, unsigned(shift), mode) +
                    quantization->zeroPoints[0];
    writer.setInteger(i,
                      int64_t(std::clamp<__int128>(code, quantization->minimum,
                                                   quantization->maximum)));
  });
  return result;
}

} // namespace

void addQuantized(EvaluatorTable &table) {
  table.add<QuantizeOp>(quantize);
  table.add<DequantizeOp>(dequantize);
  table.add<RequantizeOp>(requantize);
  table.add<RequantizeAddOp>(requantizeAdd);
}

} // namespace shiftadd::ref
