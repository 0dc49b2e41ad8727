//===- WeightLayers.cpp - Layers whose weights can be pruned --------------===//
//
// Part of the shiftadd project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
#include "passes/Prune/WeightLayers.h"

#include "dialects/ShiftAdd/IR/Build.h"
#include "dialects/ShiftAdd/IR/WeightView.h"
#include "llvm/ADT/DenseSet.h"
#include "llvm/ADT/TypeSwitch.h"

#include <cmath>
#include <cstring>

namespace shiftadd {

namespace {

using mlir::quant::QuantizedType;
using mlir::quant::UniformQuantizedPerAxisType;
using mlir::quant::UniformQuantizedType;

constexpr unsigned filterOperand = 1;

/// The constant behind a filter, or a null value.
mlir::Value findWeights(mlir::Value filter) {
  if (auto dequantize = filter.getDefiningOp<DequantizeOp>())
    filter = dequantize.getInput();
  bool readable = filter.getDefiningOp<ConstantOp>() && WeightView::get(filter);
  return readable ? filter : mlir::Value();
}

bool isWeightLayer(mlir::Operation *op) {
  return llvm::isa<ConvOp, ShiftConvOp, AdderConvOp, DenseOp, ShiftDenseOp,
                   AdderDenseOp>(op);
}

int64_t getGroups(mlir::Operation *op) {
  return llvm::TypeSwitch<mlir::Operation *, int64_t>(op)
      .Case<ConvOp, ShiftConvOp, AdderConvOp>(
          [](auto conv) { return conv.getGroups(); })
      .Default(int64_t(1));
}

/// Scale and zero point of the filter's output channel, dimension 0.
struct ChannelScale {
  double scale = 1;
  int64_t zeroPoint = 0;
};

ChannelScale getScale(mlir::Type element, int64_t output) {
  if (auto uniform = llvm::dyn_cast<UniformQuantizedType>(element))
    return {uniform.getScale(), uniform.getZeroPoint()};
  auto perAxis = llvm::dyn_cast<UniformQuantizedPerAxisType>(element);
  if (perAxis && perAxis.getQuantizedDimension() == 0)
    return {perAxis.getScales()[output], perAxis.getZeroPoints()[output]};
  return {};
}

/// The same codes in a format that has a zero, term by term.
std::optional<PowerOfTwoType> withZero(PowerOfTwoType type) {
  num::PowerOfTwoFormat format = getFormat(type);
  format.hasZero = true;
  unsigned fieldBits = format.fieldBits();
  while (fieldBits < 64 && (uint64_t(1) << fieldBits) < format.termCount())
    ++fieldBits;
  format.bits = fieldBits * format.terms;
  if (!format.check().empty())
    return std::nullopt;
  return PowerOfTwoType::get(type.getContext(), format.bits, format.terms,
                             format.minExponent, format.maxExponent, true);
}

/// A field value of a format without zero is one less than that of the format
/// with it.
uint64_t addZero(uint64_t code, const num::PowerOfTwoFormat &from,
                 const num::PowerOfTwoFormat &to) {
  uint64_t result = 0;
  for (unsigned term = 0; term < from.terms; ++term) {
    uint64_t mask = (uint64_t(1) << from.fieldBits()) - 1;
    uint64_t field = code >> (term * from.fieldBits()) & mask;
    result |= (field + 1) << (term * to.fieldBits());
  }
  return result;
}

} // namespace

int64_t WeightLayer::outputs() const {
  return tensorType(weights).getDimSize(0);
}

int64_t WeightLayer::inputs() const {
  int64_t count = outputs();
  return count ? tensorType(weights).getNumElements() / count : 0;
}

std::vector<double> WeightLayer::magnitudes() const {
  auto view = *WeightView::get(weights);
  mlir::Type element = tensorType(weights).getElementType();
  auto codes = llvm::dyn_cast<PowerOfTwoType>(element);
  bool quantised = llvm::isa<QuantizedType>(element);
  int64_t row = inputs();
  std::vector<double> result(size_t(view.size()));
  for (auto [index, magnitude] : llvm::enumerate(result)) {
    int64_t i = int64_t(index);
    double value = view.getDouble(i);
    if (codes) {
      value = getFormat(codes).decode(uint64_t(view.getInteger(i)));
    } else if (quantised) {
      ChannelScale scale = getScale(element, i / row);
      value = double(view.getInteger(i) - scale.zeroPoint) * scale.scale;
    }
    magnitude = std::fabs(value);
  }
  return result;
}

std::vector<WeightLayer> findWeightLayers(mlir::func::FuncOp function) {
  std::vector<WeightLayer> layers;
  // Values that depend on a layer with weights.
  llvm::DenseSet<mlir::Value> behindLayer;
  function.walk([&](mlir::Operation *op) {
    bool behind = llvm::any_of(op->getOperands(), [&](mlir::Value operand) {
      return behindLayer.contains(operand);
    });
    bool isLayer = isWeightLayer(op);
    if (behind || isLayer)
      behindLayer.insert_range(op->getResults());
    if (!isLayer)
      return;
    WeightLayer layer{op, findWeights(op->getOperand(filterOperand))};
    if (!layer.weights)
      return;
    layer.groups = getGroups(op);
    layer.isAdder = llvm::isa<AdderConvOp, AdderDenseOp>(op);
    int64_t channels = tensorType(op->getOperand(0)).getShape().back();
    layer.isDepthwise = layer.groups > 1 && layer.groups == channels;
    layer.isFirst = !behind;
    layers.push_back(layer);
  });
  return layers;
}

void markWeights(const WeightLayer &layer, const std::vector<bool> &remove) {
  auto type = tensorType(layer.weights);
  std::vector<bool> earlier = readMarks(layer.op, type.getNumElements());
  llvm::SmallVector<bool> marks(remove.begin(), remove.end());
  for (auto [index, mark] : llvm::enumerate(earlier))
    marks[index] |= mark;
  layer.op->setAttr(
      kPrunedAttribute,
      mlir::DenseElementsAttr::get(
          mlir::RankedTensorType::get(
              type.getShape(), mlir::IntegerType::get(type.getContext(), 1)),
          llvm::ArrayRef<bool>(marks)));
}

std::vector<bool> readMarks(mlir::Operation *layer, int64_t weights) {
  auto marks =
      layer->getAttrOfType<mlir::DenseIntElementsAttr>(kPrunedAttribute);
  if (!marks || !marks.getElementType().isInteger(1) ||
      marks.getNumElements() != weights)
    return {};
  auto values = marks.getValues<bool>();
  return std::vector<bool>(values.begin(), values.end());
}

llvm::LogicalResult removeWeights(const WeightLayer &layer,
                                  const std::vector<bool> &remove) {
  mlir::Value old = layer.weights;
  auto view = *WeightView::get(old);
  auto type = tensorType(old);
  mlir::Type element = type.getElementType();
  llvm::SmallVector<char, 0> bytes = view.toBytes();
  int64_t row = layer.inputs();

  if (auto codes = llvm::dyn_cast<PowerOfTwoType>(element);
      codes && !codes.getZero() && llvm::is_contained(remove, true)) {
    std::optional<PowerOfTwoType> wider = withZero(codes);
    if (!wider)
      return layer.op->emitError("cannot be pruned: its codes, ")
             << codes << ", have no zero, and there is no such format with one";
    element = *wider;
    num::PowerOfTwoFormat from = getFormat(codes), to = getFormat(*wider);
    unsigned width = getElementBytes(getStorageType(element));
    llvm::SmallVector<char, 0> recoded(size_t(view.size()) * width);
    for (int64_t i = 0; i < view.size(); ++i) {
      uint64_t code = addZero(uint64_t(view.getInteger(i)), from, to);
      std::memcpy(recoded.data() + i * width, &code, width);
    }
    bytes = std::move(recoded);
  }
  unsigned width = getElementBytes(getStorageType(element));
  for (int64_t i = 0; i < view.size(); ++i) {
    if (!remove[size_t(i)])
      continue;
    int64_t zero = getScale(element, i / row).zeroPoint;
    std::memcpy(bytes.data() + i * width, &zero, width);
  }

  mlir::OpBuilder builder(layer.op);
  auto newType = mlir::RankedTensorType::get(type.getShape(), element);
  mlir::Value filter =
      makeConstant(builder, layer.weights.getLoc(), newType, bytes);
  if (auto dequantize =
          layer.op->getOperand(filterOperand).getDefiningOp<DequantizeOp>())
    filter = DequantizeOp::create(builder, dequantize.getLoc(),
                                  dequantize.getType(), filter);
  layer.op->setOperand(filterOperand, filter);
  layer.op->setAttr(kPrunedAttribute, builder.getUnitAttr());
  return mlir::success();
}

llvm::LogicalResult checkFraction(mlir::func::FuncOp function,
                                  double fraction) {
  if (fraction >= 0 && fraction < 1)
    return mlir::success();
  return function.emitError(
             "the share to prune is at least 0 and below 1, not ")
         << fraction;
}

} // namespace shiftadd
