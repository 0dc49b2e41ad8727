//===- Plan.cpp - What a calibration has decided -*- C++ -*-===//
//
// Part of the shiftadd project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
#include "passes/Calibration/Plan.h"

#include "dialects/ShiftAdd/IR/Build.h"

#include <cmath>

namespace shiftadd::calibration {

using mlir::quant::UniformQuantizedPerAxisType;
using mlir::quant::UniformQuantizedType;
using mlir::quant::QuantizationFlags::Signed;

UniformQuantizedType ValueCodes::getType(mlir::MLIRContext *context) const {
  return UniformQuantizedType::get(
      range.lowestCode < 0 ? Signed : 0, mlir::IntegerType::get(context, bits),
      mlir::Float32Type::get(context), range.scale, range.zeroPoint,
      range.lowestCode, range.highestCode);
}

double Plan::getSignalToNoise() const {
  if (noise <= 0.0)
    return std::numeric_limits<double>::infinity();
  return 10.0 * std::log10(signal / noise);
}

namespace {

/// Builds the pair of quantize and dequantize behind a value.
struct RoundedValue {
  QuantizeOp quantize;
  mlir::Value result;
};

RoundedValue roundValue(mlir::OpBuilder &builder, mlir::Value value,
                        const ValueCodes &codes) {
  auto type = tensorType(value);
  mlir::Location location = value.getLoc();
  auto quantize = QuantizeOp::create(
      builder, location,
      mlir::RankedTensorType::get(type.getShape(),
                                  codes.getType(builder.getContext())),
      value);
  return {quantize, DequantizeOp::create(builder, location, type, quantize)};
}

template <typename T>
ConstantOp makeCodes(mlir::OpBuilder &builder, mlir::Location location,
                     mlir::RankedTensorType type,
                     const std::vector<int16_t> &codes) {
  std::vector<T> stored(codes.begin(), codes.end());
  return makeConstant(
      builder, location, type,
      llvm::ArrayRef<char>(reinterpret_cast<const char *>(stored.data()),
                           stored.size() * sizeof(T)),
      "weights");
}

/// The constant of new weights, dequantised.
mlir::Value makeWeights(mlir::OpBuilder &builder, const PlannedLayer &layer) {
  mlir::MLIRContext *context = builder.getContext();
  auto type = tensorType(layer.group->getFilter());
  mlir::Location location = layer.group->getFilter().getLoc();
  mlir::Type element;
  bool wide = layer.lowestCode < -128 || layer.highestCode > 127;
  if (layer.shared) {
    element = layer.shared->getType(context);
  } else {
    llvm::SmallVector<int64_t> zeroPoints(layer.scales.size(), 0);
    element = UniformQuantizedPerAxisType::get(
        Signed, mlir::IntegerType::get(context, wide ? 16 : 8),
        mlir::Float32Type::get(context), layer.scales, zeroPoints, 0,
        layer.lowestCode, layer.highestCode);
  }
  auto codes = mlir::RankedTensorType::get(type.getShape(), element);
  mlir::Value constant =
      !layer.shared && wide
          ? makeCodes<int16_t>(builder, location, codes, layer.codes)
          : makeCodes<int8_t>(builder, location, codes, layer.codes);
  return DequantizeOp::create(
      builder, location,
      mlir::RankedTensorType::get(type.getShape(), builder.getF32Type()),
      constant);
}

mlir::Value makeVector(mlir::OpBuilder &builder, mlir::Location location,
                       const std::vector<float> &values) {
  return makeConstant(builder, location, {int64_t(values.size())},
                      llvm::ArrayRef<float>(values));
}

void setBias(mlir::Operation *layer, mlir::Value bias) {
  if (layer->getNumOperands() > 2)
    layer->setOperand(2, bias);
  else
    layer->insertOperands(2, bias);
}

void applyLayer(const PlannedLayer &planned) {
  const LayerGroup &group = *planned.group;
  mlir::Operation *layer = group.layer;
  mlir::OpBuilder builder(layer);
  if (!planned.codes.empty())
    layer->setOperand(1, makeWeights(builder, planned));
  if (!planned.bias.empty())
    setBias(layer, makeVector(builder, layer->getLoc(), planned.bias));
  if (group.affine.empty())
    return;
  mlir::Operation *last = group.affine.back();
  builder.setInsertionPoint(last);
  mlir::Value value = layer->getResult(0);
  mlir::Location location = last->getLoc();
  if (!planned.factor.empty()) {
    value = MulOp::create(builder, location, value.getType(), value,
                          makeVector(builder, location, planned.factor));
    value = AddOp::create(builder, location, value.getType(), value,
                          makeVector(builder, location, planned.offset));
  }
  last->getResult(0).replaceAllUsesWith(value);
  for (mlir::Operation *op : llvm::reverse(group.affine))
    op->erase();
}

} // namespace

void apply(const Plan &plan, mlir::func::FuncOp function) {
  // Values that end a group of which ops are replaced are found again by their
  // users, so everything at values comes first.
  mlir::OpBuilder builder(function.getContext());
  auto isRounding = [](mlir::OpOperand &use) {
    return llvm::isa<QuantizeOp>(use.getOwner());
  };
  for (const PlannedLayer &planned : plan.layers)
    if (planned.shared) {
      mlir::Value input = planned.group->getInput();
      builder.setInsertionPoint(planned.group->layer);
      planned.group->layer->setOperand(
          0, roundValue(builder, input, *planned.shared).result);
    }
  for (auto [value, codes] : plan.values) {
    builder.setInsertionPointAfterValue(value);
    RoundedValue rounded = roundValue(builder, value, codes);
    mlir::Value(value).replaceUsesWithIf(
        rounded.result, [&](mlir::OpOperand &use) { return !isRounding(use); });
  }
  for (const PlannedLayer &planned : plan.layers)
    applyLayer(planned);
}

} // namespace shiftadd::calibration
