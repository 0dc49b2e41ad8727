//===- MoveTransposes.cpp - Transposes toward the results -*- C++ -*-===//
//
// Part of the shiftadd project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// The importer wraps every channels-first spatial op in two transposes. Moving
// each one behind the ops that use it brings it to its inverse in front of the
// next spatial op, where both vanish. Only downward moves are made, and only
// where all other operands follow for free, so the pass cannot go in circles.
//
// Notation: result = transpose(x, p) has result.shape[i] = x.shape[p[i]]; an op
// moved in front of the transpose works in x's frame, where dimension i of the
// result is dimension p[i].
//
//===----------------------------------------------------------------------===//
#include "passes/Normalize/Passes.h"

#include "dialects/ShiftAdd/IR/Shapes.h"
#include "dialects/ShiftAdd/IR/ShiftAdd.h"

#include "mlir/Transforms/GreedyPatternRewriteDriver.h"

namespace shiftadd {

#define GEN_PASS_DEF_MOVETRANSPOSESPASS
#include "passes/Normalize/Passes.h.inc"

namespace {

using Dimensions = llvm::SmallVector<int64_t>;

Dimensions invert(llvm::ArrayRef<int64_t> permutation) {
  Dimensions inverse(permutation.size());
  for (auto [i, from] : llvm::enumerate(permutation))
    inverse[from] = i;
  return inverse;
}

/// One entry per dimension of the result, reordered for x's frame.
Dimensions toFrame(llvm::ArrayRef<int64_t> values,
                   llvm::ArrayRef<int64_t> permutation) {
  Dimensions moved(values.size());
  for (auto [i, from] : llvm::enumerate(permutation))
    moved[from] = values[i];
  return moved;
}

mlir::RankedTensorType typeInFrame(mlir::RankedTensorType type,
                                   llvm::ArrayRef<int64_t> permutation) {
  return mlir::RankedTensorType::get(toFrame(type.getShape(), permutation),
                                     type.getElementType());
}

/// A constant, also behind the reading of its codes.
bool isConstantLike(mlir::Value value) {
  if (auto dequantize = value.getDefiningOp<DequantizeOp>())
    value = dequantize.getInput();
  return value.getDefiningOp<ConstantOp>() != nullptr;
}

bool isPerAxis(mlir::Value value) {
  return llvm::isa<mlir::quant::UniformQuantizedPerAxisType>(
      tensorType(value).getElementType());
}

/// The operand in x's frame, or null when that would cost a transpose at run
/// time.
mlir::Value operandInFrame(mlir::Value operand,
                           llvm::ArrayRef<int64_t> permutation,
                           mlir::PatternRewriter &rewriter) {
  if (auto transpose = operand.getDefiningOp<TransposeOp>();
      transpose && transpose.getPermutation() == permutation)
    return transpose.getInput();
  auto type = tensorType(operand);
  int64_t rank = permutation.size();
  if (type.hasStaticShape() && type.getNumElements() == 1 &&
      type.getRank() <= rank)
    return operand;
  if (!isConstantLike(operand) || type.getRank() > rank)
    return nullptr;
  auto location = operand.getLoc();
  Dimensions shape(rank - type.getRank(), 1);
  llvm::append_range(shape, type.getShape());
  auto full = mlir::RankedTensorType::get(shape, type.getElementType());
  if (full != type)
    operand = ReshapeOp::create(rewriter, location, full, operand, shape);
  return TransposeOp::create(rewriter, location, typeInFrame(full, permutation),
                             operand, invert(permutation));
}

/// Whether operandInFrame() would succeed; creates nothing.
bool followsForFree(mlir::Value operand, llvm::ArrayRef<int64_t> permutation) {
  if (auto transpose = operand.getDefiningOp<TransposeOp>();
      transpose && transpose.getPermutation() == permutation)
    return true;
  auto type = tensorType(operand);
  if (type.getRank() > int64_t(permutation.size()))
    return false;
  return (type.hasStaticShape() && type.getNumElements() == 1) ||
         (isConstantLike(operand) && !isPerAxis(operand));
}

/// Changes the attributes of `op` (a clone in x's frame) that name dimensions.
/// Fails on ops that a transpose cannot pass.
mlir::LogicalResult moveAttributes(mlir::Operation *op,
                                   llvm::ArrayRef<int64_t> permutation) {
  auto axis = [&](auto typed) {
    typed.setAxis(permutation[typed.getAxis()]);
    return mlir::success();
  };
  return llvm::TypeSwitch<mlir::Operation *, mlir::LogicalResult>(op)
      .Case<SoftmaxOp, LogSoftmaxOp, LrnOp, BatchNormOp, ConcatOp>(axis)
      .Case<SliceOp>([&](SliceOp slice) {
        slice.setStarts(toFrame(slice.getStarts(), permutation));
        slice.setSizes(toFrame(slice.getSizes(), permutation));
        slice.setSteps(toFrame(slice.getSteps(), permutation));
        return mlir::success();
      })
      .Case<PadOp>([&](PadOp pad) {
        pad.setLow(toFrame(pad.getLow(), permutation));
        pad.setHigh(toFrame(pad.getHigh(), permutation));
        return mlir::success();
      })
      .Case<TileOp>([&](TileOp tile) {
        tile.setRepeats(toFrame(tile.getRepeats(), permutation));
        return mlir::success();
      })
      .Case<BroadcastOp>([&](BroadcastOp broadcast) {
        if (tensorType(broadcast.getInput()).getRank() !=
            int64_t(permutation.size()))
          return mlir::failure();
        broadcast.setShape(toFrame(broadcast.getShape(), permutation));
        return mlir::success();
      })
      .Default([](mlir::Operation *other) {
        return mlir::success(other->hasTrait<BroadcastsElements>());
      });
}

/// Ops whose result has the dimensions of the operand, in order.
bool keepsDimensions(mlir::Operation *op) {
  return op->hasTrait<BroadcastsElements>() ||
         llvm::isa<SoftmaxOp, LogSoftmaxOp, LrnOp, BatchNormOp, ConcatOp,
                   SliceOp, PadOp, TileOp, BroadcastOp>(op);
}

struct SinkBehind : mlir::RewritePattern {
  SinkBehind(mlir::MLIRContext *context, mlir::Pass::Statistic &moved)
      : RewritePattern(MatchAnyOpTypeTag(), /*benefit=*/1, context),
        moved(moved) {}

  mlir::LogicalResult
  matchAndRewrite(mlir::Operation *op,
                  mlir::PatternRewriter &rewriter) const override {
    if (!keepsDimensions(op) || op->getNumResults() != 1)
      return mlir::failure();
    auto type = tensorType(op->getResult(0));
    TransposeOp transpose;
    for (mlir::Value operand : op->getOperands())
      if (auto found = operand.getDefiningOp<TransposeOp>();
          found && found.getType().getRank() == type.getRank()) {
        transpose = found;
        break;
      }
    if (!transpose)
      return mlir::failure();
    auto permutation = transpose.getPermutation();
    // Only the first operand of a batch_norm has the frame's dimensions.
    unsigned framed = llvm::isa<BatchNormOp>(op) ? 1 : op->getNumOperands();
    for (mlir::Value operand : op->getOperands().take_front(framed))
      if (!followsForFree(operand, permutation))
        return rewriter.notifyMatchFailure(op, "another operand would need a "
                                               "transpose");
    for (mlir::Value value : {op->getOperand(0), mlir::Value(op->getResult(0))})
      if (isPerAxis(value))
        return rewriter.notifyMatchFailure(op, "codes are per axis");

    mlir::Operation *clone = op->clone();
    if (mlir::failed(moveAttributes(clone, permutation))) {
      clone->destroy();
      return rewriter.notifyMatchFailure(op, "cannot be passed");
    }
    for (unsigned i = 0; i < framed; ++i)
      clone->setOperand(
          i, operandInFrame(op->getOperand(i), permutation, rewriter));
    clone->getResult(0).setType(typeInFrame(type, permutation));
    rewriter.insert(clone);
    rewriter.replaceOpWithNewOp<TransposeOp>(op, type, clone->getResult(0),
                                             permutation);
    ++moved;
    return mlir::success();
  }

  mlir::Pass::Statistic &moved;
};

/// Reductions lose dimensions: the transpose behind them has fewer.
template <typename OpTy>
struct SinkBehindReduction : mlir::OpRewritePattern<OpTy> {
  using mlir::OpRewritePattern<OpTy>::OpRewritePattern;

  mlir::LogicalResult
  matchAndRewrite(OpTy op, mlir::PatternRewriter &rewriter) const override {
    auto transpose = op.getInput().template getDefiningOp<TransposeOp>();
    if (!transpose)
      return mlir::failure();
    auto permutation = transpose.getPermutation();
    Dimensions axes;
    for (int64_t axis : op.getAxes())
      axes.push_back(permutation[axis]);
    llvm::sort(axes);
    auto type = op.getType();
    Dimensions behind(permutation);
    if (!op.getKeepDims()) {
      // Remaining dimensions, renumbered without the reduced ones.
      behind.clear();
      for (int64_t from : permutation)
        if (!llvm::is_contained(axes, from))
          behind.push_back(from - llvm::count_if(axes, [&](int64_t axis) {
                             return axis < from;
                           }));
    }
    auto reduced =
        OpTy::create(rewriter, op.getLoc(), typeInFrame(type, behind),
                     transpose.getInput(), axes, op.getKeepDims());
    rewriter.replaceOpWithNewOp<TransposeOp>(op, type, reduced, behind);
    return mlir::success();
  }
};

/// transpose(dequantize(codes)) of constant codes transposes the codes.
struct HoistAboveDequantize : mlir::OpRewritePattern<TransposeOp> {
  using OpRewritePattern::OpRewritePattern;

  mlir::LogicalResult
  matchAndRewrite(TransposeOp op,
                  mlir::PatternRewriter &rewriter) const override {
    auto dequantize = op.getInput().getDefiningOp<DequantizeOp>();
    if (!dequantize || !dequantize.getInput().getDefiningOp<ConstantOp>())
      return mlir::failure();
    auto codes = tensorType(dequantize.getInput());
    mlir::Type element = codes.getElementType();
    if (auto perAxis =
            llvm::dyn_cast<mlir::quant::UniformQuantizedPerAxisType>(element))
      element = mlir::quant::UniformQuantizedPerAxisType::get(
          perAxis.getFlags(), perAxis.getStorageType(),
          perAxis.getExpressedType(), perAxis.getScales(),
          perAxis.getZeroPoints(),
          invert(op.getPermutation())[perAxis.getQuantizedDimension()],
          perAxis.getStorageTypeMin(), perAxis.getStorageTypeMax());
    mlir::Value moved = TransposeOp::create(
        rewriter, op.getLoc(),
        mlir::RankedTensorType::get(op.getType().getShape(), element),
        dequantize.getInput(), op.getPermutation());
    rewriter.replaceOpWithNewOp<DequantizeOp>(op, op.getType(), moved);
    return mlir::success();
  }
};

/// dense(flatten(transpose(x)), w) permutes the columns of constant weights.
template <typename OpTy>
struct PermuteDenseWeights : mlir::OpRewritePattern<OpTy> {
  using mlir::OpRewritePattern<OpTy>::OpRewritePattern;

  mlir::LogicalResult
  matchAndRewrite(OpTy op, mlir::PatternRewriter &rewriter) const override {
    auto flatten = op.getInput().template getDefiningOp<ReshapeOp>();
    auto transpose =
        flatten ? flatten.getInput().template getDefiningOp<TransposeOp>()
                : nullptr;
    if (!transpose || transpose.getPermutation().front() != 0 ||
        flatten.getType().getRank() != 2 || !isConstantLike(op.getFilter()))
      return mlir::failure();
    auto image = transpose.getType();
    auto batch = image.getDimSize(0);
    if (batch != flatten.getType().getDimSize(0) ||
        tensorType(op.getFilter()).getDimSize(1) !=
            elementsPerSample(image.getShape().drop_front()))
      return rewriter.notifyMatchFailure(op, "does not flatten each sample");

    mlir::Value weights = op.getFilter();
    auto dequantize = weights.getDefiningOp<DequantizeOp>();
    if (dequantize)
      weights = dequantize.getInput();
    auto matrix = tensorType(weights);
    auto perAxis = llvm::dyn_cast<mlir::quant::UniformQuantizedPerAxisType>(
        matrix.getElementType());
    if (perAxis && perAxis.getQuantizedDimension() != 0)
      return rewriter.notifyMatchFailure(op,
                                         "columns have scales of their own");
    auto location = op.getLoc();
    Dimensions shape(image.getShape());
    shape.front() = matrix.getDimSize(0);
    auto unflat = mlir::RankedTensorType::get(shape, matrix.getElementType());
    auto permutation = transpose.getPermutation();
    mlir::Value permuted =
        ReshapeOp::create(rewriter, location, unflat, weights, shape);
    permuted = TransposeOp::create(rewriter, location,
                                   typeInFrame(unflat, permutation), permuted,
                                   invert(permutation));
    permuted = ReshapeOp::create(rewriter, location, matrix, permuted,
                                 matrix.getShape());
    if (dequantize)
      permuted = DequantizeOp::create(rewriter, location, dequantize.getType(),
                                      permuted);
    auto flat = flatten.getShape();
    mlir::Value input = ReshapeOp::create(rewriter, location, flatten.getType(),
                                          transpose.getInput(), flat);
    rewriter.modifyOpInPlace(op, [&] {
      op.getInputMutable().assign(input);
      op.getFilterMutable().assign(permuted);
    });
    return mlir::success();
  }
};

struct MoveTransposes : impl::MoveTransposesPassBase<MoveTransposes> {
  void runOnOperation() override {
    mlir::RewritePatternSet patterns(&getContext());
    patterns.add<SinkBehind>(&getContext(), moved);
    patterns.add<
        SinkBehindReduction<ReduceSumOp>, SinkBehindReduction<ReduceMeanOp>,
        SinkBehindReduction<ReduceMaxOp>, SinkBehindReduction<ReduceMinOp>,
        SinkBehindReduction<ReduceProdOp>, HoistAboveDequantize,
        PermuteDenseWeights<DenseOp>, PermuteDenseWeights<ShiftDenseOp>,
        PermuteDenseWeights<AdderDenseOp>>(&getContext());
    TransposeOp::getCanonicalizationPatterns(patterns, &getContext());
    if (mlir::failed(
            mlir::applyPatternsGreedily(getOperation(), std::move(patterns))))
      signalPassFailure();
  }
};

} // namespace
} // namespace shiftadd
