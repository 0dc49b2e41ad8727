//===- RecognizeAdderLayers.cpp - Adder layers from im2col -*- C++ -*-===//
//
// Part of the shiftadd project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// There are many ways to gather the windows of a layer (unfold with Gather,
// Slice and Concat, tap-major or channel-major), so no form is matched by name:
// the interpreter runs the data movement on the numbers of the source's
// elements, and the numbers tell which window, if any, was gathered. What does
// not come out exactly as a window stays as it is.
//
//===----------------------------------------------------------------------===//
#include "passes/Normalize/Passes.h"

#include "dialects/ShiftAdd/IR/Build.h"
#include "dialects/ShiftAdd/IR/Shapes.h"
#include "dialects/ShiftAdd/IR/WeightView.h"
#include "passes/Normalize/DataMovement.h"
#include "passes/Normalize/WindowPattern.h"

#include "mlir/Transforms/GreedyPatternRewriteDriver.h"

#include <cstring>

namespace shiftadd {

#define GEN_PASS_DEF_RECOGNIZEADDERLAYERSPASS
#include "passes/Normalize/Passes.h.inc"

namespace {

using Dimensions = llvm::SmallVector<int64_t>;

/// A tensor that broadcasts to a rank: sizes and strides, where a dimension
/// along which nothing changes has size 1 and stride 0.
struct BroadcastView {
  Dimensions sizes, strides;

  BroadcastView(const ref::Tensor &tensor, int64_t rank)
      : sizes(rank, 1), strides(rank, 0) {
    unsigned width = ref::getByteWidth(tensor.getKind());
    const char *bytes = tensor.getBytes().data();
    int64_t stride = 1;
    for (int64_t d = rank - 1; d >= rank - tensor.getRank(); --d) {
      int64_t size = tensor.getDimension(d - rank + tensor.getRank());
      auto changes = [&] {
        for (int64_t i = stride; i < tensor.getElementCount(); ++i)
          if (i / stride % size != 0 &&
              std::memcmp(bytes + i * width, bytes + (i - stride) * width,
                          width) != 0)
            return true;
        return false;
      };
      if (size > 1 && changes()) {
        sizes[d] = size;
        strides[d] = stride;
      }
      stride *= size;
    }
  }

  /// Offsets of all combinations of indices into some dimensions.
  std::vector<int64_t> getOffsets(llvm::ArrayRef<int64_t> dimensions,
                                  llvm::ArrayRef<int64_t> counts) const {
    std::vector<int64_t> offsets{0};
    for (int64_t d : dimensions) {
      std::vector<int64_t> longer;
      for (int64_t offset : offsets)
        for (int64_t i = 0; i < counts[d]; ++i)
          longer.push_back(offset + i * strides[d]);
      offsets = std::move(longer);
    }
    return offsets;
  }
};

/// -sum over `axes` of |data - weights|.
struct Distance {
  mlir::Operation *root; ///< the negation
  mlir::Value data, weights;
  llvm::ArrayRef<int64_t> axes;
};

/// How the result of a distance is made up of positions and channels.
struct Arrangement {
  AccessPattern access;
  std::vector<int64_t> groupWeights, channelWeights, tapWeights;
  int64_t positionsInFront = 1; ///< of the channels
};

std::optional<Arrangement> arrange(const Distance &distance,
                                   const ref::Tensor &data,
                                   const ref::Tensor &weights) {
  int64_t rank = std::max(data.getRank(), weights.getRank());
  auto counts = broadcastShapes(data.getShape(), weights.getShape());
  if (!counts)
    return std::nullopt;
  BroadcastView dataView(data, rank), weightView(weights, rank);
  Dimensions groups, channels, positions, taps;
  Arrangement result;
  bool behindChannels = false;
  for (int64_t d = 0; d < rank; ++d) {
    if (llvm::is_contained(distance.axes, d)) {
      taps.push_back(d);
    } else if (dataView.sizes[d] > 1 && weightView.sizes[d] == 1) {
      positions.push_back(d);
      behindChannels = !channels.empty() || !groups.empty();
      if (!behindChannels)
        result.positionsInFront *= (*counts)[d];
    } else if ((*counts)[d] > 1) {
      bool group = dataView.sizes[d] > 1;
      // Output channels lie together, those of a group in sequence.
      if (behindChannels || (group && !channels.empty()))
        return std::nullopt;
      (group ? groups : channels).push_back(d);
    }
  }
  bool freeBatch = tensorType(distance.root->getResult(0)).isDynamicDim(0);
  if (freeBatch && (positions.empty() || positions.front() != 0))
    return std::nullopt;
  result.access.numbers = data.data<int64_t>();
  result.access.groups = dataView.getOffsets(groups, *counts);
  result.access.positions = dataView.getOffsets(positions, *counts);
  result.access.taps = dataView.getOffsets(taps, *counts);
  result.groupWeights = weightView.getOffsets(groups, *counts);
  result.channelWeights = weightView.getOffsets(channels, *counts);
  result.tapWeights = weightView.getOffsets(taps, *counts);
  return result;
}

/// A layer that computes the distance.
struct Layer {
  mlir::Value source;
  Window window;
  int64_t channel = 0; ///< the source's channel dimension
  bool dense = false;
};

/// The layer that reads `source` in this way, if its result can be brought into
/// the place of the distance by moving the channels.
std::optional<Layer> findLayer(mlir::Value source,
                               const Arrangement &arrangement) {
  Dimensions shape = DataMovement::withSamples(tensorType(source).getShape());
  int64_t rank = shape.size();
  const AccessPattern &access = arrangement.access;
  bool channelsLast =
      arrangement.positionsInFront == int64_t(access.positions.size());
  if (rank >= 1 && rank <= 3 && channelsLast && access.groups.size() == 1) {
    int64_t positions =
        elementsPerSample(llvm::ArrayRef<int64_t>(shape).drop_back());
    if (auto window = findWindow(access, {positions, shape.back()}, 1))
      return Layer{source, *window, rank - 1, /*dense=*/true};
  }
  if (rank < 3 || rank > 5 ||
      (!channelsLast && arrangement.positionsInFront != shape.front()))
    return std::nullopt;
  for (int64_t channel : {rank - 1, int64_t(1)})
    if (auto window = findWindow(access, shape, channel))
      return Layer{source, *window, channel, /*dense=*/false};
  return std::nullopt;
}

/// The weights as [output channels, kernel..., channels of a group].
mlir::Value makeFilter(mlir::OpBuilder &builder, mlir::Location location,
                       const Layer &layer, const Arrangement &arrangement,
                       const ref::Tensor &weights) {
  size_t width = ref::getByteWidth(weights.getKind());
  int64_t taps = arrangement.tapWeights.size();
  int64_t outputs =
      arrangement.groupWeights.size() * arrangement.channelWeights.size();
  llvm::SmallVector<char, 0> bytes(outputs * taps * width);
  char *row = bytes.data();
  for (int64_t group : arrangement.groupWeights)
    for (int64_t channel : arrangement.channelWeights) {
      for (int64_t t = 0; t < taps; ++t)
        std::memcpy(row + layer.window.filterIndex[t] * width,
                    weights.getBytes().data() +
                        (group + channel + arrangement.tapWeights[t]) * width,
                    width);
      row += taps * width;
    }
  Dimensions shape{outputs};
  llvm::append_range(shape, layer.window.kernel);
  shape.push_back(taps / elementsPerSample(layer.window.kernel));
  return makeConstant(
      builder, location,
      mlir::RankedTensorType::get(shape, weights.getElementType()), bytes,
      "weight");
}

/// Emits the layer in front of the distance's negation.
mlir::Value emit(const Distance &distance, const Layer &layer,
                 const Arrangement &arrangement, const ref::Tensor &weights) {
  mlir::OpBuilder builder(distance.root);
  auto location = distance.root->getLoc();
  auto type = tensorType(distance.root->getResult(0));
  mlir::Type element = type.getElementType();
  mlir::Value filter =
      makeFilter(builder, location, layer, arrangement, weights);
  mlir::Value input = layer.source, result;
  int64_t rank = tensorType(input).getRank();
  if (layer.dense) {
    result = buildInferred<AdderDenseOp>(builder, location, element, input,
                                         filter, mlir::Value());
  } else {
    Dimensions toLast;
    for (int64_t d = 0; d < rank; ++d)
      if (d != layer.channel)
        toLast.push_back(d);
    toLast.push_back(layer.channel);
    if (layer.channel != rank - 1)
      input =
          buildInferred<TransposeOp>(builder, location, element, input, toLast);
    result = buildInferred<AdderConvOp>(
        builder, location, element, input, filter, mlir::Value(),
        layer.window.strides, layer.window.padding, layer.window.dilations,
        arrangement.groupWeights.size());
    if (arrangement.positionsInFront !=
        int64_t(arrangement.access.positions.size())) {
      Dimensions toFirst{0, rank - 1};
      for (int64_t d = 1; d < rank - 1; ++d)
        toFirst.push_back(d);
      result = buildInferred<TransposeOp>(builder, location, element, result,
                                          toFirst);
    }
  }
  Dimensions shape(type.getShape());
  for (int64_t &size : shape)
    if (mlir::ShapedType::isDynamic(size))
      size = -1;
  return builder.createOrFold<ReshapeOp>(location, type, result, shape);
}

bool isSplatOf(mlir::Value value, double number) {
  auto view = WeightView::get(value);
  return view && view->size() > 0 && (view->isSplat() || view->size() == 1) &&
         view->getDouble(0) == number;
}

/// x, when the op computes -x of the same shape.
mlir::Value getNegated(mlir::Operation *op) {
  mlir::Value value;
  if (auto neg = llvm::dyn_cast<NegOp>(op))
    value = neg.getInput();
  else if (auto mul = llvm::dyn_cast<MulOp>(op))
    value = isSplatOf(mul.getRhs(), -1)   ? mul.getLhs()
            : isSplatOf(mul.getLhs(), -1) ? mul.getRhs()
                                          : mlir::Value();
  else if (auto sub = llvm::dyn_cast<SubOp>(op))
    value = isSplatOf(sub.getLhs(), 0) ? sub.getRhs() : mlir::Value();
  if (value && value.getType() != op->getResult(0).getType())
    return nullptr;
  return value;
}

/// The distance that an op negates; steps with other uses would be computed
/// twice.
std::optional<Distance> matchDistance(mlir::Operation *op) {
  mlir::Value negated = getNegated(op);
  if (!negated ||
      !llvm::isa<mlir::FloatType>(tensorType(negated).getElementType()))
    return std::nullopt;
  auto sum = negated.getDefiningOp<ReduceSumOp>();
  auto abs = sum ? sum.getInput().getDefiningOp<AbsOp>() : nullptr;
  auto sub = abs ? abs.getInput().getDefiningOp<SubOp>() : nullptr;
  if (!sub || !sum->hasOneUse() || !abs->hasOneUse() || !sub->hasOneUse())
    return std::nullopt;
  Distance distance{op, sub.getLhs(), sub.getRhs(), sum.getAxes()};
  if (auto lhs = DataMovement::find(sub.getLhs()); lhs && lhs->isConstant())
    std::swap(distance.data, distance.weights);
  return distance;
}

/// The layer's result, or null when the distance is none that is understood.
mlir::Value recognize(const Distance &distance) {
  auto weightMovement = DataMovement::find(distance.weights);
  auto dataMovement = DataMovement::find(distance.data);
  if (!weightMovement || !weightMovement->isConstant() || !dataMovement ||
      dataMovement->isConstant())
    return nullptr;
  auto weights = weightMovement->runOnConstants();
  if (!weights)
    return nullptr;
  for (mlir::Value source : dataMovement->getSources()) {
    auto numbers = dataMovement->runOnNumbers(source);
    if (!numbers)
      continue;
    auto arrangement = arrange(distance, *numbers, *weights);
    if (!arrangement)
      continue;
    if (auto layer = findLayer(source, *arrangement))
      return emit(distance, *layer, *arrangement, *weights);
  }
  return nullptr;
}

struct RecognizeAdderLayers
    : impl::RecognizeAdderLayersPassBase<RecognizeAdderLayers> {
  void runOnOperation() override {
    llvm::SmallVector<Distance> distances;
    getOperation().walk([&](mlir::Operation *op) {
      if (auto distance = matchDistance(op))
        distances.push_back(*distance);
    });
    for (const Distance &distance : distances) {
      if (mlir::Value layer = recognize(distance)) {
        distance.root->getResult(0).replaceAllUsesWith(layer);
        ++found;
      }
    }
    // Removes the data movement and joins the reshapes around the layers.
    if (mlir::failed(mlir::applyPatternsGreedily(
            getOperation(), mlir::RewritePatternSet(&getContext()))))
      signalPassFailure();
  }
};

} // namespace
} // namespace shiftadd
