//===- SparseAdder.cpp - Adder layers without their zeros -----------------===//
//
// Part of the shiftadd project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
//   -sum |x - w| = -(sum |x| + sum over w != 0 of (|x - w| - |x|))
//
// The windows lie side by side in one tensor, [..., taps * channels]; each
// output channel gathers the elements that it has weights for.
//
//===----------------------------------------------------------------------===//
#include "passes/Prune/Passes.h"

#include "dialects/ShiftAdd/IR/Build.h"
#include "dialects/ShiftAdd/IR/ShiftAdd.h"
#include "dialects/ShiftAdd/IR/WeightView.h"

namespace shiftadd {

#define GEN_PASS_DEF_SPARSEADDERPASS
#include "passes/Prune/Passes.h.inc"

namespace {

/// The weights of a layer that are not zero, the same number for each output:
/// weights of zero fill up the rows.
struct SparseWeights {
  int64_t outputs = 0, row = 0;
  llvm::SmallVector<int64_t> inputs; ///< [outputs, row], within the group
  llvm::SmallVector<double> values;  ///< relative to the zero point
  double sparsity = 0;
};

std::optional<SparseWeights> readWeights(mlir::Value filter) {
  auto view = WeightView::get(filter);
  auto type = tensorType(filter);
  if (!view || view->size() == 0 ||
      llvm::isa<PowerOfTwoType>(type.getElementType()))
    return std::nullopt;
  int64_t zeroPoint = getZeroPoint(type.getElementType());
  int64_t outputs = type.getDimSize(0), taps = view->size() / outputs;
  auto valueAt = [&](int64_t i) { return view->getDouble(i) - zeroPoint; };
  SparseWeights weights;
  weights.outputs = outputs;
  for (int64_t o = 0; o < outputs; ++o) {
    int64_t count = 0;
    for (int64_t k = 0; k < taps; ++k)
      count += valueAt(o * taps + k) != 0;
    weights.row = std::max(weights.row, count);
  }
  weights.sparsity = 1.0 - double(weights.row) / double(taps);
  weights.row = std::max<int64_t>(weights.row, 1);
  for (int64_t o = 0; o < outputs; ++o) {
    int64_t filled = 0;
    for (int64_t k = 0; k < taps; ++k)
      if (double value = valueAt(o * taps + k); value != 0) {
        weights.inputs.push_back(k);
        weights.values.push_back(value);
        ++filled;
      }
    weights.inputs.append(size_t(weights.row - filled), 0);
    weights.values.append(size_t(weights.row - filled), 0.0);
  }
  return weights;
}

/// Builds ops in the element type of the sums.
class Expansion {
public:
  Expansion(mlir::Operation *op, mlir::Type sumType)
      : builder(op), location(op->getLoc()), sumType(sumType) {}

  /// The input relative to its zero point.
  mlir::Value centre(mlir::Value input) {
    mlir::Type element = tensorType(input).getElementType();
    for (mlir::Type type : {getStorageType(element), sumType})
      if (tensorType(input).getElementType() != type)
        input = buildInferred<CastOp>(builder, location, type, input);
    int64_t zeroPoint = getZeroPoint(element);
    if (zeroPoint == 0)
      return input;
    return buildInferred<SubOp>(builder, location, sumType, input,
                                constant({1}, {double(zeroPoint)}));
  }

  /// What every tap of the window reads, tap after tap: [..., taps * channels].
  mlir::Value unfold(AdderConvOp op, mlir::Value input) {
    input = pad(input, op.getPadding());
    auto kernel =
        tensorType(op.getFilter()).getShape().drop_front().drop_back();
    auto spatial = op.getType().getShape().drop_front().drop_back();
    int64_t channels = tensorType(input).getShape().back(), taps = 1;
    for (int64_t size : kernel)
      taps *= size;
    llvm::SmallVector<mlir::Value> windows;
    for (int64_t tap = 0; tap < taps; ++tap) {
      llvm::SmallVector<int64_t> starts(kernel.size() + 2, 0), steps(starts),
          sizes(starts);
      steps.front() = steps.back() = 1;
      sizes.front() = batchOf(input);
      sizes.back() = channels;
      int64_t rest = tap;
      for (size_t d = kernel.size(); d-- > 0;) {
        starts[d + 1] = rest % kernel[d] * op.getDilations()[d];
        rest /= kernel[d];
        sizes[d + 1] = spatial[d];
        steps[d + 1] = op.getStrides()[d];
      }
      windows.push_back(buildInferred<SliceOp>(builder, location, sumType,
                                               input, starts, sizes, steps));
    }
    if (taps == 1)
      return windows.front();
    return buildInferred<ConcatOp>(builder, location, sumType, windows,
                                   tensorType(input).getRank() - 1);
  }

  /// The whole layer from its unfolded input; `type` is that of its result.
  mlir::Value build(mlir::Value unfolded, const SparseWeights &weights,
                    int64_t groups, int64_t channels, mlir::Value bias,
                    mlir::RankedTensorType type) {
    mlir::Value distances = unary<AbsOp>(unfolded);
    mlir::Value shared = sumGroups(distances, groups, channels);
    mlir::Value indices = gatherIndices(weights, groups, channels);
    mlir::Value values =
        constant({weights.outputs, weights.row}, weights.values);
    mlir::Value near = gather(unfolded, indices, weights);
    mlir::Value far = gather(distances, indices, weights);
    mlir::Value difference =
        binary<SubOp>(unary<AbsOp>(binary<SubOp>(near, values)), far);
    int64_t last = tensorType(difference).getRank() - 1;
    mlir::Value sums = reduceSum(difference, {last}, /*keep=*/false);
    llvm::SmallVector<int64_t> outer = outerShape(sums), whole = outer;
    outer.append({groups, weights.outputs / groups});
    whole.push_back(weights.outputs);
    mlir::Value total = binary<AddOp>(reshape(sums, outer), shared);
    mlir::Value result = unary<NegOp>(reshape(total, whole));
    if (bias)
      result = binary<AddOp>(result, centre(bias));
    // A batch of 1 or a free one: what the shapes of the ops say.
    if (result.getType() != type)
      result.setType(type);
    return result;
  }

private:
  /// -1 for a free batch.
  static int64_t batchOf(mlir::Value value) {
    auto type = tensorType(value);
    return type.isDynamicDim(0) ? -1 : type.getDimSize(0);
  }

  static llvm::SmallVector<int64_t> outerShape(mlir::Value value) {
    llvm::SmallVector<int64_t> shape(tensorType(value).getShape().drop_back());
    if (!shape.empty() && mlir::ShapedType::isDynamic(shape.front()))
      shape.front() = -1;
    return shape;
  }

  mlir::Value reshape(mlir::Value value, llvm::ArrayRef<int64_t> shape) {
    return buildInferred<ReshapeOp>(builder, location, sumType, value, shape);
  }
  template <typename OpTy> mlir::Value unary(mlir::Value value) {
    return buildInferred<OpTy>(builder, location, sumType, value);
  }
  template <typename OpTy> mlir::Value binary(mlir::Value a, mlir::Value b) {
    return buildInferred<OpTy>(builder, location, sumType, a, b);
  }
  mlir::Value reduceSum(mlir::Value value, llvm::ArrayRef<int64_t> axes,
                        bool keep) {
    return buildInferred<ReduceSumOp>(builder, location, sumType, value, axes,
                                      keep);
  }

  mlir::Value pad(mlir::Value value, llvm::ArrayRef<int64_t> padding) {
    if (llvm::all_of(padding, [](int64_t amount) { return amount == 0; }))
      return value;
    llvm::SmallVector<int64_t> low(tensorType(value).getRank(), 0), high = low;
    for (size_t d = 0; 2 * d < padding.size(); ++d) {
      low[d + 1] = padding[2 * d];
      high[d + 1] = padding[2 * d + 1];
    }
    return buildInferred<PadOp>(builder, location, sumType, value, low, high,
                                PadMode::Constant, llvm::APFloat(0.0));
  }

  /// T: [..., taps * channels] summed to [..., groups, 1].
  mlir::Value sumGroups(mlir::Value distances, int64_t groups,
                        int64_t channels) {
    llvm::SmallVector<int64_t> shape = outerShape(distances);
    int64_t first = int64_t(shape.size());
    int64_t size = tensorType(distances).getShape().back();
    shape.append({size / (groups * channels), groups, channels});
    mlir::Value sums = reduceSum(reshape(distances, shape), {first, first + 2},
                                 /*keep=*/false);
    llvm::SmallVector<int64_t> column = outerShape(sums);
    column.append({groups, 1});
    return reshape(sums, column);
  }

  /// Where the unfolded input holds what each weight reads.
  mlir::Value gatherIndices(const SparseWeights &weights, int64_t groups,
                            int64_t channels) {
    llvm::SmallVector<int64_t> indices;
    for (auto [position, input] : llvm::enumerate(weights.inputs)) {
      int64_t output = int64_t(position) / weights.row;
      int64_t group = output / (weights.outputs / groups);
      indices.push_back((input / channels * groups + group) * channels +
                        input % channels);
    }
    return makeConstant(builder, location, {int64_t(indices.size())},
                        llvm::ArrayRef<int64_t>(indices));
  }

  /// [..., outputs, row].
  mlir::Value gather(mlir::Value from, mlir::Value indices,
                     const SparseWeights &weights) {
    int64_t last = tensorType(from).getRank() - 1;
    mlir::Value flat = buildInferred<GatherOp>(builder, location, sumType, from,
                                               indices, last);
    llvm::SmallVector<int64_t> shape = outerShape(flat);
    shape.append({weights.outputs, weights.row});
    return reshape(flat, shape);
  }

  mlir::Value constant(llvm::ArrayRef<int64_t> shape,
                       llvm::ArrayRef<double> values) {
    auto type = mlir::RankedTensorType::get(shape, sumType);
    if (llvm::isa<mlir::FloatType>(sumType)) {
      llvm::SmallVector<float> elements(values.begin(), values.end());
      return makeConstant(builder, location, shape,
                          llvm::ArrayRef<float>(elements));
    }
    llvm::SmallVector<llvm::APInt> elements;
    for (double value : values)
      elements.emplace_back(sumType.getIntOrFloatBitWidth(),
                            uint64_t(int64_t(value)), /*isSigned=*/true);
    return ConstantOp::create(builder, location, type,
                              mlir::DenseElementsAttr::get(type, elements));
  }

  mlir::OpBuilder builder;
  mlir::Location location;
  mlir::Type sumType;
};

struct SparseAdder : impl::SparseAdderPassBase<SparseAdder> {
  using SparseAdderPassBase::SparseAdderPassBase;

  void runOnOperation() override {
    llvm::SmallVector<mlir::Operation *> ops;
    getOperation().walk([&](mlir::Operation *op) {
      if (llvm::isa<AdderConvOp, AdderDenseOp>(op))
        ops.push_back(op);
    });
    for (mlir::Operation *op : ops) {
      if (auto conv = llvm::dyn_cast<AdderConvOp>(op))
        rewrite(conv, conv.getGroups(),
                [&](Expansion &expansion, mlir::Value input) {
                  return expansion.unfold(conv, input);
                });
      else
        rewrite(llvm::cast<AdderDenseOp>(op), 1,
                [](Expansion &, mlir::Value input) { return input; });
    }
  }

  template <typename OpTy>
  void
  rewrite(OpTy op, int64_t groups,
          llvm::function_ref<mlir::Value(Expansion &, mlir::Value)> unfold) {
    mlir::RankedTensorType type = tensorType(op.getResult());
    bool isFloat = llvm::isa<mlir::FloatType>(type.getElementType());
    if (isFloat && !(floats && type.getElementType().isF32()))
      return;
    auto weights = readWeights(op.getFilter());
    if (!weights || weights->sparsity < minSparsity)
      return;
    Expansion expansion(op, type.getElementType());
    mlir::Value input = unfold(expansion, expansion.centre(op.getInput()));
    int64_t channels = tensorType(op.getFilter()).getShape().back();
    mlir::Value result =
        expansion.build(input, *weights, groups, channels, op.getBias(), type);
    op.getResult().replaceAllUsesWith(result);
    op.erase();
    ++rewritten;
  }
};

} // namespace
} // namespace shiftadd
