//===- IntegerDistances.cpp - Sums of distances of codes -*- C++ -*-===//
//
// Part of the shiftadd project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Adder layers (N44): distances of codes are those of the values over the scale
// only when input and weights share scale and zero point (N31). Weights are
// constants, so another zero point is no obstacle: they are moved.
//
//===----------------------------------------------------------------------===//
#include "passes/Quantize/IntegerForms.h"

#include "dialects/ShiftAdd/IR/Build.h"
#include "dialects/ShiftAdd/IR/Shapes.h"
#include "dialects/ShiftAdd/IR/WeightView.h"

#include "llvm/ADT/TypeSwitch.h"

namespace shiftadd {

using mlir::quant::UniformQuantizedType;

namespace {

/// Constant codes and their type.
struct Weights {
  mlir::Value codes;
  std::vector<int64_t> values;
};

/// Weights of the input's scale, their zero point moved to that of the input.
std::optional<Weights> readWeights(mlir::Value filter, UniformQuantizedType x) {
  mlir::Value codes = getCodes(filter);
  auto view = codes ? WeightView::get(codes) : std::nullopt;
  if (!view || getUniform(codes).getScale() != x.getScale())
    return std::nullopt;
  int64_t move = x.getZeroPoint() - getUniform(codes).getZeroPoint();
  Weights weights{codes, {}};
  for (int64_t i = 0; i < view->size(); ++i) {
    int64_t code = view->getInteger(i) + move;
    if (code < -32768 || code > 32767)
      return std::nullopt;
    weights.values.push_back(code);
  }
  return weights;
}

mlir::Value makeWeights(mlir::OpBuilder &builder, const Weights &weights,
                        UniformQuantizedType x) {
  if (getUniform(weights.codes).getZeroPoint() == x.getZeroPoint())
    return weights.codes;
  std::vector<int16_t> moved(weights.values.begin(), weights.values.end());
  auto element = UniformQuantizedType::get(
      mlir::quant::QuantizationFlags::Signed, builder.getIntegerType(16),
      builder.getF32Type(), x.getScale(), x.getZeroPoint(), -32768, 32767);
  llvm::ArrayRef<char> bytes(reinterpret_cast<const char *>(moved.data()),
                             moved.size() * sizeof(int16_t));
  return makeConstant(
      builder, weights.codes.getLoc(),
      mlir::RankedTensorType::get(shapeOf(weights.codes), element), bytes);
}

template <typename OpTy> std::optional<IntegerSum> matchLayer(OpTy layer) {
  mlir::Value codes = getCodes(layer.getInput());
  auto weights =
      codes ? readWeights(layer.getFilter(), getUniform(codes)) : std::nullopt;
  if (!weights)
    return std::nullopt;
  auto x = getUniform(codes);
  IntegerSum sum{nullptr, layer.getLoc()};
  sum.channels = shapeOf(layer.getFilter()).front();
  sum.grid = {x.getScale()};
  sum.range = sumOfDistances(weights->values, sum.channels, *getCodeRange(x));
  if (!llvm::all_of(sum.range, [](const Interval &r) { return r.fits(32); }))
    return std::nullopt;
  if (layer.getBias()) {
    auto bias = readReals(layer.getBias());
    if (!bias)
      return std::nullopt;
    sum.bias = *bias;
    for (double &value : sum.bias)
      value /= x.getScale();
  }
  sum.build = [layer, codes, weights = std::move(*weights)](
                  mlir::OpBuilder &builder) mutable -> mlir::Value {
    auto *copy = builder.clone(*layer.getOperation());
    auto typed = llvm::cast<OpTy>(copy);
    typed.getInputMutable().assign(codes);
    typed.getFilterMutable().assign(
        makeWeights(builder, weights, getUniform(codes)));
    typed.getBiasMutable().clear();
    copy->getResult(0).setType(mlir::RankedTensorType::get(
        shapeOf(layer.getResult()), builder.getI32Type()));
    return copy->getResult(0);
  };
  return sum;
}

} // namespace

std::optional<IntegerSum> matchDistance(mlir::Operation *op) {
  return llvm::TypeSwitch<mlir::Operation *, std::optional<IntegerSum>>(op)
      .Case<AdderConvOp, AdderDenseOp>(
          [](auto layer) { return matchLayer(layer); })
      .Default([](mlir::Operation *) { return std::nullopt; });
}

} // namespace shiftadd
