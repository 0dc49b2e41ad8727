//===- EqualizeLayers.cpp - Channels of like magnitude --------------------===//
//
// Part of the shiftadd project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Works on copies of the weights, since a layer in the middle of a chain is
// scaled by both of its neighbours, and writes those that have changed.
//
//===----------------------------------------------------------------------===//
#include "passes/Quantize/Passes.h"

#include "dialects/ShiftAdd/IR/Build.h"
#include "dialects/ShiftAdd/IR/ShiftAdd.h"
#include "dialects/ShiftAdd/IR/WeightView.h"

#include "llvm/ADT/MapVector.h"

#include <algorithm>
#include <cmath>

namespace shiftadd {

#define GEN_PASS_DEF_EQUALIZELAYERSPASS
#include "passes/Quantize/Passes.h.inc"

namespace {

/// Factors settle along a chain of layers; so many rounds are more than enough.
constexpr int mostRounds = 20;
/// Factors of one round lie between 2^-this and 2^this.
constexpr int largestExponent = 30;

struct FloatLayer {
  std::vector<float> weights, bias;
  int64_t outputs = 0, taps = 0; ///< taps: of one output
  /// Each output channel reads the input channel of its own number.
  bool isDepthwise = false;
  bool changed = false;
};

std::optional<std::vector<float>> readFloats(mlir::Value value) {
  auto view = WeightView::get(value);
  if (!view || !tensorType(value).getElementType().isF32())
    return std::nullopt;
  std::vector<float> values;
  for (int64_t i = 0; i < view->size(); ++i) {
    values.push_back(float(view->getDouble(i)));
    if (!std::isfinite(values.back()))
      return std::nullopt;
  }
  return values;
}

/// A convolution or dense layer with constant weights that can be scaled.
std::optional<FloatLayer> readLayer(mlir::Operation *op) {
  if (!llvm::isa<ConvOp, DenseOp>(op))
    return std::nullopt;
  FloatLayer layer;
  auto weights = readFloats(op->getOperand(1));
  if (!weights || weights->empty())
    return std::nullopt;
  layer.weights = std::move(*weights);
  layer.outputs = tensorType(op->getOperand(1)).getDimSize(0);
  layer.taps = int64_t(layer.weights.size()) / layer.outputs;
  if (op->getNumOperands() > 2) {
    auto bias = readFloats(op->getOperand(2));
    if (!bias || int64_t(bias->size()) != layer.outputs)
      return std::nullopt;
    layer.bias = std::move(*bias);
  }
  if (auto conv = llvm::dyn_cast<ConvOp>(op)) {
    int64_t channels = tensorType(conv.getInput()).getShape().back();
    layer.isDepthwise = conv.getGroups() > 1 &&
                        int64_t(conv.getGroups()) == channels &&
                        layer.outputs == channels;
  }
  return layer;
}

/// Whether the input channels of a layer are the last dimension of its filter,
/// or its output channels.
bool readsChannels(mlir::Operation *op, const FloatLayer &layer) {
  auto conv = llvm::dyn_cast<ConvOp>(op);
  return !conv || conv.getGroups() == 1 || layer.isDepthwise;
}

/// f(s * x) = s * f(x) for s > 0, channel by channel.
bool isHomogeneous(mlir::Operation *op) {
  if (auto clamp = llvm::dyn_cast<ClampOp>(op))
    return !clamp.getMaximum() &&
           (!clamp.getMinimum() || clamp.getMinimum()->isZero());
  return llvm::isa<ReluOp, MaxPoolOp, AvgPoolOp>(op);
}

/// The layer that alone reads what another one gives.
mlir::Operation *findReader(mlir::Operation *layer) {
  mlir::Value value = layer->getResult(0);
  while (value.hasOneUse()) {
    mlir::OpOperand &use = *value.use_begin();
    mlir::Operation *op = use.getOwner();
    if (use.getOperandNumber() != 0)
      return nullptr;
    if (llvm::isa<ConvOp, DenseOp>(op))
      return op;
    if (!isHomogeneous(op))
      return nullptr;
    value = op->getResult(0);
  }
  return nullptr;
}

/// Multiplies by 2^exponent if no bit of any value gets lost.
bool scale(llvm::ArrayRef<float *> values, int exponent) {
  for (float *value : values) {
    float scaled = std::ldexp(*value, exponent);
    if (*value != 0.0f && !std::isnormal(scaled))
      return false;
  }
  for (float *value : values)
    *value = std::ldexp(*value, exponent);
  return true;
}

float largest(llvm::ArrayRef<float *> values) {
  float result = 0.0f;
  for (const float *value : values)
    result = std::max(result, std::fabs(*value));
  return result;
}

/// How far up a bias may go, so that a channel whose weights are next to
/// nothing does not outgrow the others, with which it shares the scale of its
/// codes.
int getBiasRoom(float bias, float bound) {
  if (bias == 0.0f || !std::isfinite(bias))
    return largestExponent;
  return std::max(0, int(std::log2(double(bound) / std::fabs(bias))));
}

/// Balances the channels between two layers; the number of those scaled.
size_t equalize(FloatLayer &first, FloatLayer &second) {
  size_t scaled = 0;
  float bound = 0.0f;
  for (const std::vector<float> *values : {&first.weights, &first.bias})
    for (float value : *values)
      bound = std::max(bound, std::fabs(value));
  for (int64_t channel = 0; channel < first.outputs; ++channel) {
    std::vector<float *> given, read;
    for (int64_t tap = 0; tap < first.taps; ++tap)
      given.push_back(&first.weights[size_t(channel * first.taps + tap)]);
    if (second.isDepthwise) {
      for (int64_t tap = 0; tap < second.taps; ++tap)
        read.push_back(&second.weights[size_t(channel * second.taps + tap)]);
    } else {
      for (size_t i = size_t(channel); i < second.weights.size();
           i += size_t(first.outputs))
        read.push_back(&second.weights[i]);
    }
    double r1 = largest(given), r2 = largest(read);
    if (r1 == 0.0 || r2 == 0.0)
      continue;
    int exponent = std::clamp(int(std::nearbyint(0.5 * std::log2(r1 / r2))),
                              -largestExponent, largestExponent);
    if (!first.bias.empty())
      exponent =
          std::max(exponent, -getBiasRoom(first.bias[size_t(channel)], bound));
    if (exponent == 0)
      continue;
    if (!first.bias.empty())
      given.push_back(&first.bias[size_t(channel)]);
    if (!scale(given, -exponent))
      continue;
    if (!scale(read, exponent)) {
      scale(given, exponent);
      continue;
    }
    ++scaled;
  }
  first.changed |= scaled > 0;
  second.changed |= scaled > 0;
  return scaled;
}

void write(mlir::Operation *op, const FloatLayer &layer) {
  mlir::OpBuilder builder(op);
  auto set = [&](unsigned operand, const std::vector<float> &values) {
    mlir::Value old = op->getOperand(operand);
    op->setOperand(operand, makeConstant(builder, old.getLoc(),
                                         tensorType(old).getShape(), values));
  };
  set(1, layer.weights);
  if (!layer.bias.empty())
    set(2, layer.bias);
}

struct EqualizeLayers : impl::EqualizeLayersPassBase<EqualizeLayers> {
  using EqualizeLayersPassBase::EqualizeLayersPassBase;

  void runOnOperation() override {
    llvm::MapVector<mlir::Operation *, FloatLayer> layers;
    getOperation().walk([&](mlir::Operation *op) {
      if (auto layer = readLayer(op))
        layers.insert({op, std::move(*layer)});
    });
    std::vector<std::pair<FloatLayer *, FloatLayer *>> pairs;
    for (auto &[op, layer] : layers) {
      mlir::Operation *reader = findReader(op);
      auto found = reader ? layers.find(reader) : layers.end();
      if (found != layers.end() && readsChannels(reader, found->second))
        pairs.push_back({&layer, &found->second});
    }
    for (int round = 0; round < mostRounds; ++round) {
      size_t scaled = 0;
      for (auto [first, second] : pairs)
        scaled += equalize(*first, *second);
      factors += scaled;
      if (scaled == 0)
        break;
    }
    for (auto &[op, layer] : layers)
      if (layer.changed)
        write(op, layer);
  }
};

} // namespace
} // namespace shiftadd
