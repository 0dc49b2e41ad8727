//===- LayerGroup.cpp - A layer and what is computed with it -*- C++ -*-===//
//
// Part of the shiftadd project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
#include "passes/Calibration/LayerGroup.h"

#include "dialects/ShiftAdd/IR/WeightView.h"

#include "llvm/ADT/DenseMap.h"

#include <optional>

namespace shiftadd::calibration {

mlir::Value LayerGroup::getResult() const {
  return getOps().back()->getResult(0);
}

llvm::SmallVector<mlir::Operation *> LayerGroup::getOps() const {
  llvm::SmallVector<mlir::Operation *> ops{layer};
  ops.append(affine.begin(), affine.end());
  if (add)
    ops.push_back(add);
  if (activation)
    ops.push_back(activation);
  return ops;
}

ConvolutionShape LayerGroup::getShape(llvm::ArrayRef<int64_t> inputShape,
                                      int64_t count) const {
  ConvolutionShape shape;
  llvm::ArrayRef<int64_t> filter = tensorType(getFilter()).getShape();
  shape.channels = inputShape.back();
  shape.outChannels = filter.front();
  if (llvm::isa<DenseOp, ShiftDenseOp, AdderDenseOp>(layer)) {
    shape.images = count;
    for (int64_t size : inputShape.drop_back())
      shape.input[2] *= size;
    shape.output = shape.input;
    return shape;
  }
  shape.images = count * inputShape.front();
  auto array = [&](llvm::StringRef name) {
    return layer->getAttrOfType<mlir::DenseI64ArrayAttr>(name).asArrayRef();
  };
  size_t rank = filter.size() - 2;
  for (size_t d = 0; d < rank; ++d) {
    size_t to = 3 - rank + d;
    shape.input[to] = inputShape[d + 1];
    shape.kernel[to] = filter[d + 1];
    shape.strides[to] = array("strides")[d];
    shape.dilations[to] = array("dilations")[d];
    shape.padLow[to] = array("padding")[2 * d];
    shape.padHigh[to] = array("padding")[2 * d + 1];
    shape.output[to] = tensorType(layer->getResult(0)).getDimSize(d + 1);
  }
  shape.groups = layer->getAttrOfType<mlir::IntegerAttr>("groups").getInt();
  return shape;
}

bool movesElements(mlir::Operation *op) {
  if (auto pad = llvm::dyn_cast<PadOp>(op))
    return pad.getMode() != PadMode::Constant || pad.getValue().isZero();
  return llvm::isa<TransposeOp, ReshapeOp, SliceOp, GatherOp, BroadcastOp,
                   TileOp, ConcatOp, MaxPoolOp>(op);
}

bool mapsElements(mlir::Operation *op) {
  return llvm::isa<AbsOp, NegOp, SignOp, SqrtOp, ExpOp, LogOp, ReciprocalOp,
                   RoundOp, FloorOp, CeilOp, SinOp, CosOp, ErfOp, SigmoidOp,
                   TanhOp, SoftplusOp, LeakyReluOp, EluOp, HardSigmoidOp>(op);
}

static std::string getName(mlir::Location location) {
  if (auto fused = llvm::dyn_cast<mlir::FusedLoc>(location))
    if (!fused.getLocations().empty())
      return getName(fused.getLocations().front());
  if (auto name = llvm::dyn_cast<mlir::NameLoc>(location))
    return name.getName().str();
  return "";
}

std::string getLayerName(mlir::Operation *op) {
  std::string name = getName(op->getLoc());
  if (!name.empty())
    return name;
  name = op->getName().getStringRef().str();
  if (auto place = op->getLoc()->findInstanceOf<mlir::FileLineColLoc>())
    name += " in line " + std::to_string(place.getLine());
  return name;
}

namespace {

bool isConstant(mlir::Value value) {
  return value.getDefiningOp<ConstantOp>() != nullptr;
}

bool isFloat(mlir::Value value) {
  return tensorType(value).getElementType().isF32();
}

bool isFittable(mlir::Operation *op) {
  if (!llvm::isa<ConvOp, DenseOp, ShiftConvOp, ShiftDenseOp, AdderConvOp,
                 AdderDenseOp>(op))
    return false;
  mlir::Value filter = op->getOperand(1);
  bool shifts = llvm::isa<ShiftConvOp, ShiftDenseOp>(op);
  auto isStatic = [](mlir::Value value) {
    for (int64_t size : tensorType(value).getShape().drop_front())
      if (mlir::ShapedType::isDynamic(size) || size == 0)
        return false;
    return true;
  };
  return isConstant(filter) && (shifts || isFloat(filter)) &&
         !isConstant(op->getOperand(0)) && isFloat(op->getOperand(0)) &&
         isFloat(op->getResult(0)) && isStatic(op->getOperand(0)) &&
         isStatic(op->getResult(0)) && tensorType(filter).getDimSize(0) > 0 &&
         tensorType(filter).getNumElements() > 0 &&
         (op->getNumOperands() < 3 || isConstant(op->getOperand(2)));
}

/// The one op that uses a value, if it has no other use.
mlir::Operation *onlyUser(mlir::Value value) {
  return value.hasOneUse() ? *value.user_begin() : nullptr;
}

/// A constant with one element, or one per channel of `type`.
std::optional<std::vector<double>> readPerChannel(mlir::Value value,
                                                  mlir::RankedTensorType type) {
  if (!isConstant(value) || !isFloat(value))
    return std::nullopt;
  auto view = WeightView::get(value);
  int64_t channels = type.getShape().empty() ? 1 : type.getShape().back();
  auto shape = tensorType(value).getShape();
  if (!view ||
      (view->size() != 1 &&
       (view->size() != channels || shape.back() != channels)) ||
      int64_t(shape.size()) > type.getRank())
    return std::nullopt;
  std::vector<double> values(size_t(channels), 0.0);
  for (int64_t c = 0; c < channels; ++c)
    values[size_t(c)] = view->getDouble(view->size() == 1 ? 0 : c);
  return values;
}

/// Takes `op` into the group if it scales or offsets each channel.
bool absorbAffine(LayerGroup &group, mlir::Operation *op, mlir::Value value) {
  if (!llvm::isa<MulOp, AddOp, SubOp, DivOp>(op))
    return false;
  bool first = op->getOperand(0) == value;
  // A constant less or over the value is no scale or offset of it.
  if (!first && llvm::isa<SubOp, DivOp>(op))
    return false;
  auto constant = readPerChannel(op->getOperand(first ? 1 : 0),
                                 tensorType(op->getResult(0)));
  if (!constant ||
      tensorType(op->getResult(0)).getShape() != tensorType(value).getShape())
    return false;
  if (group.factor.empty()) {
    group.factor.assign(constant->size(), 1.0);
    group.offset.assign(constant->size(), 0.0);
  }
  for (size_t c = 0; c < constant->size(); ++c) {
    double operand = (*constant)[c];
    if (llvm::isa<AddOp>(op))
      group.offset[c] += operand;
    else if (llvm::isa<SubOp>(op))
      group.offset[c] -= operand;
    else {
      double factor = llvm::isa<MulOp>(op) ? operand : 1.0 / operand;
      group.factor[c] *= factor;
      group.offset[c] *= factor;
    }
  }
  group.affine.push_back(op);
  return true;
}

void absorbActivation(LayerGroup &group) {
  mlir::Operation *user = onlyUser(group.getResult());
  if (auto clamp = llvm::dyn_cast_or_null<ClampOp>(user)) {
    group.activation = clamp;
    if (clamp.getMinimum())
      group.lowest = clamp.getMinimum()->convertToDouble();
    if (clamp.getMaximum())
      group.highest = clamp.getMaximum()->convertToDouble();
  } else if (auto relu = llvm::dyn_cast_or_null<ReluOp>(user)) {
    group.activation = relu;
    group.lowest = 0.0;
  }
}

} // namespace

LayerGroups findLayerGroups(mlir::func::FuncOp function,
                            const llvm::DenseSet<mlir::Value> &varying) {
  LayerGroups groups;
  llvm::DenseMap<mlir::Value, LayerGroup *> open;
  for (mlir::Operation &op : function.front()) {
    if (!isFittable(&op) || !varying.contains(op.getOperand(0)))
      continue;
    groups.push_back(std::make_unique<LayerGroup>());
    LayerGroup &group = *groups.back();
    group.index = groups.size() - 1;
    group.layer = &op;
    while (mlir::Operation *user = onlyUser(group.getResult()))
      if (!absorbAffine(group, user, group.getResult()))
        break;
    if (!group.isAdder())
      open[group.getResult()] = &group;
  }
  for (AddOp add : function.getOps<AddOp>()) {
    // The later of two layers is fused: the other one's result is there by
    // then.
    LayerGroup *fused = nullptr;
    mlir::Value other;
    for (auto [value, rest] : {std::pair(add.getLhs(), add.getRhs()),
                               std::pair(add.getRhs(), add.getLhs())}) {
      LayerGroup *group = open.lookup(value);
      if (!group || !value.hasOneUse() || isConstant(rest) ||
          !varying.contains(rest) || value == rest ||
          rest.getType() != value.getType())
        continue;
      if (!fused || fused->layer->isBeforeInBlock(group->layer)) {
        fused = group;
        other = rest;
      }
    }
    if (!fused)
      continue;
    fused->add = add;
    fused->residual = other;
  }
  for (auto &group : groups)
    absorbActivation(*group);
  return groups;
}

} // namespace shiftadd::calibration
