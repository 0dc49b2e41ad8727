//===- ShrinkChannels.cpp - Remove channels from all that holds them ------===//
//
// Part of the shiftadd project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
#include "dialects/ShiftAdd/IR/Build.h"
#include "dialects/ShiftAdd/IR/WeightView.h"
#include "passes/Prune/ChannelSpaces.h"

#include "llvm/ADT/TypeSwitch.h"

namespace shiftadd {

namespace {

using mlir::quant::UniformQuantizedPerAxisType;

using Indices = std::vector<int64_t>;

/// The element type behind a removal along `axis`: scales per channel go with
/// their channels.
mlir::Type keepScales(mlir::Type element, int64_t axis, const Indices &kept) {
  auto perAxis = llvm::dyn_cast<UniformQuantizedPerAxisType>(element);
  if (!perAxis || perAxis.getQuantizedDimension() != axis)
    return element;
  llvm::SmallVector<double> scales;
  llvm::SmallVector<int64_t> zeroPoints;
  for (int64_t index : kept) {
    scales.push_back(perAxis.getScales()[size_t(index)]);
    zeroPoints.push_back(perAxis.getZeroPoints()[size_t(index)]);
  }
  return UniformQuantizedPerAxisType::get(
      perAxis.getFlags(), perAxis.getStorageType(), perAxis.getExpressedType(),
      scales, zeroPoints, int32_t(axis), perAxis.getStorageTypeMin(),
      perAxis.getStorageTypeMax());
}

class Shrink {
public:
  Shrink(const ChannelSpaces &spaces, llvm::ArrayRef<Indices> kept)
      : spaces(spaces), kept(kept) {}

  void run(mlir::func::FuncOp function) {
    llvm::DenseMap<mlir::Operation *, WeightLayer> layers;
    for (const WeightLayer &layer : findWeightLayers(function))
      layers.try_emplace(layer.op, layer);
    // All indices come from the shapes before the first change.
    for (mlir::Operation &op :
         llvm::make_early_inc_range(function.getBody().front())) {
      if (llvm::isa<ConstantOp>(op) || op.getNumResults() == 0 ||
          llvm::all_of(op.getResults(), isConstant))
        continue;
      if (auto found = layers.find(&op); found != layers.end())
        shrinkLayer(found->second);
      else
        shrinkFollower(&op);
    }
  }

private:
  /// The indices of the last dimension that stay, or nothing if all do.
  std::optional<Indices> keptOf(mlir::Value value) const {
    if (isConstant(value))
      return std::nullopt;
    Channels channels = spaces.lookup(value);
    const Indices &indices = kept[channels.space];
    if (int64_t(indices.size()) == channels.size)
      return std::nullopt;
    Indices result;
    for (int64_t first = 0; first < originalSize(value); first += channels.size)
      for (int64_t index : indices)
        result.push_back(first + index);
    return result;
  }

  int64_t originalSize(mlir::Value value) const {
    if (auto found = sizes.find(value); found != sizes.end())
      return found->second;
    return tensorType(value).getShape().back();
  }

  /// A constant, or a dequantized one, without the other indices of `axis`.
  mlir::Value subset(mlir::Operation *user, mlir::Value value, int64_t axis,
                     const Indices &indices) const {
    mlir::OpBuilder builder(user);
    if (auto dequantize = value.getDefiningOp<DequantizeOp>()) {
      mlir::Value codes = subset(user, dequantize.getInput(), axis, indices);
      auto type = mlir::RankedTensorType::get(
          tensorType(codes).getShape(), tensorType(value).getElementType());
      return DequantizeOp::create(builder, dequantize.getLoc(), type, codes);
    }
    auto type = tensorType(value);
    auto view = *WeightView::get(value);
    llvm::SmallVector<char, 0> bytes = view.toBytes(), result;
    int64_t outer = 1, inner = 1;
    for (int64_t d = 0; d < type.getRank(); ++d)
      (d < axis ? outer : inner) *= d == axis ? 1 : type.getDimSize(d);
    if (view.size())
      inner *= int64_t(bytes.size()) / view.size();
    int64_t size = type.getDimSize(axis);
    for (int64_t i = 0; i < outer; ++i)
      for (int64_t index : indices)
        result.append(bytes.begin() + (i * size + index) * inner,
                      bytes.begin() + (i * size + index + 1) * inner);
    llvm::SmallVector<int64_t> shape(type.getShape());
    shape[size_t(axis)] = int64_t(indices.size());
    return makeConstant(
        builder, value.getLoc(),
        mlir::RankedTensorType::get(
            shape, keepScales(type.getElementType(), axis, indices)),
        result);
  }

  void shrinkOperand(mlir::Operation *op, unsigned operand, int64_t axis,
                     const Indices &indices) const {
    op->setOperand(operand, subset(op, op->getOperand(operand), axis, indices));
  }

  void setLastSize(mlir::Value value, const Indices &indices) {
    auto type = tensorType(value);
    sizes[value] = type.getShape().back();
    llvm::SmallVector<int64_t> shape(type.getShape());
    shape.back() = int64_t(indices.size());
    value.setType(mlir::RankedTensorType::get(shape, type.getElementType()));
  }

  void shrinkLayer(const WeightLayer &layer) {
    mlir::Operation *op = layer.op;
    std::optional<Indices> outputs = keptOf(op->getResult(0));
    bool follows = keepsChannels(layer);
    if (!follows)
      if (std::optional<Indices> inputs = keptOf(op->getOperand(0)))
        shrinkOperand(op, 1, tensorType(op->getOperand(1)).getRank() - 1,
                      *inputs);
    if (!outputs)
      return;
    shrinkOperand(op, 1, 0, *outputs);
    if (op->getNumOperands() > 2)
      shrinkOperand(op, 2, tensorType(op->getOperand(2)).getRank() - 1,
                    *outputs);
    if (follows)
      llvm::TypeSwitch<mlir::Operation *>(op).Case<ConvOp, ShiftConvOp>(
          [&](auto conv) { conv.setGroups(int64_t(outputs->size())); });
    setLastSize(op->getResult(0), *outputs);
  }

  void shrinkFollower(mlir::Operation *op) {
    if (op->getNumResults() != 1 ||
        !llvm::isa<mlir::RankedTensorType>(op->getResult(0).getType()))
      return;
    mlir::Value result = op->getResult(0);
    std::optional<Indices> indices = keptOf(result);
    if (!indices)
      return;
    int64_t size = originalSize(result);
    for (auto [index, operand] : llvm::enumerate(op->getOperands()))
      if (isConstant(operand) && tensorType(operand).getRank() > 0 &&
          tensorType(operand).getShape().back() == size)
        shrinkOperand(op, unsigned(index), tensorType(operand).getRank() - 1,
                      *indices);
    if (auto reshape = llvm::dyn_cast<ReshapeOp>(op)) {
      llvm::SmallVector<int64_t> shape(reshape.getShape());
      if (!shape.empty() && shape.back() == size)
        shape.back() = int64_t(indices->size());
      reshape.setShape(shape);
    }
    setLastSize(result, *indices);
  }

  const ChannelSpaces &spaces;
  llvm::ArrayRef<Indices> kept;
  llvm::DenseMap<mlir::Value, int64_t> sizes; ///< before they changed
};

} // namespace

void shrinkChannels(mlir::func::FuncOp function, const ChannelSpaces &spaces,
                    llvm::ArrayRef<std::vector<int64_t>> kept) {
  Shrink(spaces, kept).run(function);
}

} // namespace shiftadd
