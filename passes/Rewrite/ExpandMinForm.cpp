//===- ExpandMinForm.cpp - Adder layers with minima -*- C++ -*-===//
//
// Part of the shiftadd project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// |x - w| = x + w - 2 min(x, w), summed over the taps (N33). Every tap is a
// strided slice of the padded input, so geometry and groups need no case of
// their own.
//
//===----------------------------------------------------------------------===//
#include "passes/Rewrite/Passes.h"

#include "dialects/ShiftAdd/IR/Build.h"
#include "dialects/ShiftAdd/IR/Shapes.h"
#include "dialects/ShiftAdd/IR/WeightView.h"

namespace shiftadd {

#define GEN_PASS_DEF_EXPANDMINFORMPASS
#include "passes/Rewrite/Passes.h.inc"

namespace {

/// Builds ops in the element type of the sums.
class Expansion {
public:
  Expansion(mlir::Operation *op, mlir::Type sumType)
      : builder(op), location(op->getLoc()), sumType(sumType),
        isFloat(llvm::isa<mlir::FloatType>(sumType)) {}

  /// Codes as the integers that they are stored as.
  mlir::Value widen(mlir::Value value) {
    mlir::Type stored = getStorageType(tensorType(value).getElementType());
    for (mlir::Type type : {stored, sumType})
      if (value && tensorType(value).getElementType() != type)
        value = buildInferred<CastOp>(builder, location, type, value);
    return value;
  }

  mlir::Value pad(mlir::Value value, llvm::ArrayRef<int64_t> padding,
                  int64_t number) {
    if (llvm::all_of(padding, [](int64_t amount) { return amount == 0; }))
      return value;
    llvm::SmallVector<int64_t> low(tensorType(value).getRank(), 0), high = low;
    for (size_t d = 0; 2 * d < padding.size(); ++d) {
      low[d + 1] = padding[2 * d];
      high[d + 1] = padding[2 * d + 1];
    }
    return buildInferred<PadOp>(builder, location, sumType, value, low, high,
                                PadMode::Constant,
                                llvm::APFloat(double(number)));
  }

  /// The elements starts + i * steps of all dimensions but the first.
  mlir::Value slice(mlir::Value value, llvm::ArrayRef<int64_t> starts,
                    llvm::ArrayRef<int64_t> sizes,
                    llvm::ArrayRef<int64_t> steps) {
    llvm::SmallVector<int64_t> allStarts{0}, allSizes{-1}, allSteps{1};
    if (!tensorType(value).isDynamicDim(0))
      allSizes[0] = tensorType(value).getDimSize(0);
    allStarts.append(starts.begin(), starts.end());
    allSizes.append(sizes.begin(), sizes.end());
    allSteps.append(steps.begin(), steps.end());
    return buildInferred<SliceOp>(builder, location, sumType, value, allStarts,
                                  allSizes, allSteps);
  }

  /// [..., C] as [..., 1, C].
  mlir::Value spread(mlir::Value value) {
    llvm::SmallVector<int64_t> shape(tensorType(value).getShape());
    if (mlir::ShapedType::isDynamic(shape.front()))
      shape.front() = -1;
    shape.insert(shape.end() - 1, 1);
    return buildInferred<ReshapeOp>(builder, location, sumType, value, shape);
  }

  mlir::Value sumLast(mlir::Value value, bool keepDimension) {
    int64_t last = tensorType(value).getRank() - 1;
    return buildInferred<ReduceSumOp>(builder, location, sumType, value,
                                      llvm::ArrayRef<int64_t>(last),
                                      keepDimension);
  }

  mlir::Value minimum(mlir::Value lhs, mlir::Value rhs) {
    return buildInferred<MinOp>(builder, location, sumType, lhs, rhs);
  }
  mlir::Value subtract(mlir::Value lhs, mlir::Value rhs) {
    return buildInferred<SubOp>(builder, location, sumType, lhs, rhs);
  }
  /// lhs may be null: nothing summed up so far.
  mlir::Value add(mlir::Value lhs, mlir::Value rhs) {
    return lhs ? buildInferred<AddOp>(builder, location, sumType, lhs, rhs)
                     .getResult()
               : rhs;
  }
  mlir::Value concat(llvm::ArrayRef<mlir::Value> parts) {
    if (parts.size() == 1)
      return parts.front();
    return buildInferred<ConcatOp>(builder, location, sumType, parts,
                                   tensorType(parts.front()).getRank() - 1);
  }

  /// A constant of the sums' type.
  mlir::Value constant(llvm::ArrayRef<int64_t> shape,
                       llvm::ArrayRef<double> values) {
    auto type = mlir::RankedTensorType::get(shape, sumType);
    if (isFloat) {
      llvm::SmallVector<float> elements(values.begin(), values.end());
      return makeConstant(builder, location, shape,
                          llvm::ArrayRef<float>(elements));
    }
    llvm::SmallVector<llvm::APInt> elements;
    for (double value : values)
      elements.emplace_back(sumType.getIntOrFloatBitWidth(),
                            uint64_t(int64_t(value)), true, true);
    return ConstantOp::create(builder, location, type,
                              mlir::DenseElementsAttr::get(type, elements));
  }

  /// 2 * minima - inputs - weights (+ bias).
  mlir::Value finish(mlir::Value minima, mlir::Value inputs,
                     mlir::Value weights, mlir::Value bias) {
    mlir::Value sum = subtract(add(minima, minima), inputs);
    sum = subtract(sum, weights);
    return bias ? add(sum, widen(bias)) : sum;
  }

private:
  mlir::OpBuilder builder;
  mlir::Location location;
  mlir::Type sumType;
  bool isFloat;
};

/// The weights as numbers, [outputs, taps, channels].
struct Weights {
  std::vector<double> values;
  int64_t outputs, taps, channels;

  double at(int64_t output, int64_t tap, int64_t channel) const {
    return values[(output * taps + tap) * channels + channel];
  }
  llvm::SmallVector<double> sums() const {
    llvm::SmallVector<double> result(outputs, 0);
    for (size_t i = 0; i < values.size(); ++i)
      result[i / (taps * channels)] += values[i];
    return result;
  }
};

std::optional<Weights> readWeights(mlir::Value filter) {
  auto view = WeightView::get(filter);
  if (!view)
    return std::nullopt;
  auto shape = shapeOf(filter);
  Weights weights{{}, shape.front(), 1, shape.back()};
  for (int64_t size : shape.drop_front().drop_back())
    weights.taps *= size;
  for (int64_t i = 0; i < view->size(); ++i)
    weights.values.push_back(view->getDouble(i));
  return weights;
}

mlir::Value expand(AdderDenseOp op, const Weights &weights) {
  Expansion e(op, op.getType().getElementType());
  mlir::Value input = e.widen(op.getInput());
  llvm::ArrayRef<double> filter(weights.values);
  mlir::Value minima = e.sumLast(
      e.minimum(e.spread(input),
                e.constant({weights.outputs, weights.channels}, filter)),
      false);
  return e.finish(minima, e.sumLast(input, true),
                  e.constant({weights.outputs}, weights.sums()), op.getBias());
}

/// The taps' indices in each spatial dimension, last dimension fastest.
llvm::SmallVector<llvm::SmallVector<int64_t>>
listTaps(llvm::ArrayRef<int64_t> kernel) {
  llvm::SmallVector<llvm::SmallVector<int64_t>> taps;
  llvm::SmallVector<int64_t> tap(kernel.size(), 0);
  int64_t count = elementsPerSample(kernel);
  for (int64_t i = 0; i < count; ++i) {
    taps.push_back(tap);
    for (size_t d = kernel.size(); d-- > 0;) {
      if (++tap[d] < kernel[d])
        break;
      tap[d] = 0;
    }
  }
  return taps;
}

mlir::Value expand(AdderConvOp op, const Weights &weights) {
  Expansion e(op, op.getType().getElementType());
  mlir::Value input =
      e.pad(e.widen(op.getInput()), op.getPadding(),
            getZeroPoint(tensorType(op.getInput()).getElementType()));
  auto spatial = shapeOf(op.getResult()).drop_front().drop_back();
  auto taps = listTaps(shapeOf(op.getFilter()).drop_front().drop_back());
  int64_t groups = op.getGroups(), outputs = weights.outputs / groups;
  // One channel in and out per group: all groups at once, element by element.
  bool depthwise = weights.channels == 1 && outputs == 1;
  int64_t parts = depthwise ? 1 : groups;
  int64_t channels = depthwise ? groups : weights.channels;
  llvm::SmallVector<mlir::Value> minima(parts), inputs(parts);
  for (auto [t, tap] : llvm::enumerate(taps))
    for (int64_t g = 0; g < parts; ++g) {
      llvm::SmallVector<int64_t> starts, sizes(spatial), steps(op.getStrides());
      for (auto [position, dilation] : llvm::zip_equal(tap, op.getDilations()))
        starts.push_back(position * dilation);
      starts.push_back(g * channels);
      sizes.push_back(channels);
      steps.push_back(1);
      mlir::Value window = e.slice(input, starts, sizes, steps);
      llvm::SmallVector<double> filter;
      int64_t count = depthwise ? groups : outputs;
      for (int64_t o = 0; o < count; ++o)
        for (int64_t c = 0; c < weights.channels; ++c)
          filter.push_back(weights.at(g * outputs + o, t, c));
      if (depthwise) {
        minima[g] =
            e.add(minima[g], e.minimum(window, e.constant({groups}, filter)));
        inputs[g] = e.add(inputs[g], window);
        continue;
      }
      mlir::Value least = e.minimum(
          e.spread(window), e.constant({outputs, weights.channels}, filter));
      minima[g] = e.add(minima[g], e.sumLast(least, false));
      inputs[g] = e.add(inputs[g], e.sumLast(window, true));
    }
  // The sum of a group's inputs serves all of its outputs.
  llvm::SmallVector<mlir::Value> differences;
  for (auto [least, sum] : llvm::zip_equal(minima, inputs))
    differences.push_back(e.subtract(e.add(least, least), sum));
  mlir::Value result = e.subtract(
      e.concat(differences), e.constant({weights.outputs}, weights.sums()));
  return op.getBias() ? e.add(result, e.widen(op.getBias())) : result;
}

struct ExpandMinForm : impl::ExpandMinFormPassBase<ExpandMinForm> {
  using ExpandMinFormPassBase::ExpandMinFormPassBase;

  void runOnOperation() override {
    llvm::SmallVector<mlir::Operation *> ops;
    getOperation().walk([&](mlir::Operation *op) { ops.push_back(op); });
    for (mlir::Operation *op : ops) {
      if (auto conv = llvm::dyn_cast<AdderConvOp>(op))
        replace(conv);
      else if (auto dense = llvm::dyn_cast<AdderDenseOp>(op))
        replace(dense);
    }
  }

  template <typename OpTy> void replace(OpTy op) {
    mlir::Type type = op.getType().getElementType();
    if (llvm::isa<mlir::FloatType>(type) && !(floats && type.isF32()))
      return;
    auto weights = readWeights(op.getFilter());
    if (!weights)
      return;
    op.getResult().replaceAllUsesWith(expand(op, *weights));
    op.erase();
  }
};

} // namespace
} // namespace shiftadd
