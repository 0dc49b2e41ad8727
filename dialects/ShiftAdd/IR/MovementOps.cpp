//===- MovementOps.cpp - Shapes and folds of data movement -*- C++ -*-===//
//
// Part of the shiftadd project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
#include "dialects/ShiftAdd/IR/Shapes.h"
#include "dialects/ShiftAdd/IR/ShiftAdd.h"

#include "mlir/IR/PatternMatch.h"

using llvm::LogicalResult;
using mlir::ShapedType;

namespace shiftadd {

// Attributes write a free batch as -1.
static Shape fromAttribute(llvm::ArrayRef<int64_t> shape) {
  Shape result(shape);
  for (int64_t &size : result)
    if (size == -1)
      size = ShapedType::kDynamic;
  return result;
}

static LogicalResult verifyRank(mlir::Operation *op, llvm::StringRef attribute,
                                size_t have, size_t want) {
  if (have == want)
    return llvm::success();
  return op->emitOpError("`")
         << attribute << "` has " << int64_t(have) << " entries for "
         << int64_t(want) << " dimensions";
}

LogicalResult TransposeOp::inferResultShapes(Shapes &shapes) {
  auto input = shapeOf(getInput());
  auto permutation = getPermutation();
  if (failed(
          verifyRank(*this, "permutation", permutation.size(), input.size())))
    return llvm::failure();
  llvm::SmallVector<bool> seen(input.size());
  Shape shape;
  for (int64_t from : permutation) {
    if (from < 0 || from >= int64_t(input.size()) || seen[from])
      return emitOpError("`permutation` must name every dimension once");
    seen[from] = true;
    shape.push_back(input[from]);
  }
  shapes.push_back(shape);
  return llvm::success();
}

mlir::OpFoldResult TransposeOp::fold(FoldAdaptor) {
  bool identity =
      llvm::all_of(llvm::enumerate(getPermutation()), [](auto item) {
        return int64_t(item.index()) == item.value();
      });
  if (identity && getInput().getType() == getType())
    return getInput();
  return {};
}

void TransposeOp::getCanonicalizationPatterns(mlir::RewritePatternSet &patterns,
                                              mlir::MLIRContext *) {
  // transpose(transpose(x)) is one transpose.
  patterns.add(+[](TransposeOp op, mlir::PatternRewriter &rewriter) {
    auto inner = op.getInput().getDefiningOp<TransposeOp>();
    if (!inner)
      return rewriter.notifyMatchFailure(op, "operand is no transpose");
    llvm::SmallVector<int64_t> permutation;
    for (int64_t from : op.getPermutation())
      permutation.push_back(inner.getPermutation()[from]);
    rewriter.replaceOpWithNewOp<TransposeOp>(op, op.getType(), inner.getInput(),
                                             permutation);
    return llvm::success();
  });
}

LogicalResult ReshapeOp::inferResultShapes(Shapes &shapes) {
  auto input = shapeOf(getInput());
  Shape shape = fromAttribute(getShape());
  bool freeIn = !input.empty() && ShapedType::isDynamic(input.front());
  bool freeOut = !shape.empty() && ShapedType::isDynamic(shape.front());
  auto negative = [](int64_t size) { return size < 0; };
  if (llvm::any_of(llvm::ArrayRef(shape).drop_front(freeOut), negative) ||
      freeIn != freeOut)
    return emitOpError("cannot reshape ")
           << getInput().getType() << ": only the leading dimension may be "
           << "free, on both sides";
  if (elementsPerSample(input) != elementsPerSample(shape))
    return emitOpError("cannot reshape ")
           << elementsPerSample(input) << " elements to "
           << elementsPerSample(shape);
  shapes.push_back(shape);
  return llvm::success();
}

mlir::OpFoldResult ReshapeOp::fold(FoldAdaptor) {
  if (getInput().getType() == getType())
    return getInput();
  if (auto inner = getInput().getDefiningOp<ReshapeOp>()) {
    setOperand(inner.getInput());
    return getResult();
  }
  return {};
}

LogicalResult PadOp::inferResultShapes(Shapes &shapes) {
  auto input = shapeOf(getInput());
  if (failed(verifyRank(*this, "low", getLow().size(), input.size())) ||
      failed(verifyRank(*this, "high", getHigh().size(), input.size())))
    return llvm::failure();
  Shape shape;
  for (auto [size, low, high] : llvm::zip_equal(input, getLow(), getHigh())) {
    if (ShapedType::isDynamic(size)) {
      if (low != 0 || high != 0)
        return emitOpError("cannot pad the free batch");
      shape.push_back(size);
      continue;
    }
    if (size + low + high < 0 || size + low < 0 || size + high < 0)
      return emitOpError("removes more elements than there are");
    int64_t reach = getMode() == PadMode::Reflect ? size - 1 : size;
    if (getMode() == PadMode::Reflect && (low > reach || high > reach))
      return emitOpError("reflects further than the tensor reaches");
    if (getMode() != PadMode::Constant && size == 0 && (low > 0 || high > 0))
      return emitOpError("has no elements to pad with");
    shape.push_back(size + low + high);
  }
  shapes.push_back(shape);
  return llvm::success();
}

mlir::OpFoldResult PadOp::fold(FoldAdaptor) {
  auto zero = [](int64_t amount) { return amount == 0; };
  if (llvm::all_of(getLow(), zero) && llvm::all_of(getHigh(), zero) &&
      getInput().getType() == getType())
    return getInput();
  return {};
}

LogicalResult ConcatOp::inferResultShapes(Shapes &shapes) {
  if (getInputs().empty())
    return emitOpError("needs at least one input");
  Shape shape(shapeOf(getInputs().front()));
  int64_t axis = getAxis();
  if (failed(verifyAxis(*this, axis, shape.size())))
    return llvm::failure();
  for (mlir::Value input : getInputs().drop_front()) {
    auto other = shapeOf(input);
    bool fits = other.size() == shape.size();
    for (size_t d = 0; fits && d < shape.size(); ++d)
      if (int64_t(d) != axis && other[d] != shape[d])
        fits = false;
    if (!fits)
      return emitOpError("inputs differ in more than the axis: ")
             << getInputs().getTypes();
    if (ShapedType::isDynamic(shape[axis]) ||
        ShapedType::isDynamic(other[axis]))
      return emitOpError("cannot join along the free batch");
    shape[axis] += other[axis];
  }
  shapes.push_back(shape);
  return llvm::success();
}

mlir::OpFoldResult ConcatOp::fold(FoldAdaptor) {
  if (getInputs().size() == 1 && getInputs().front().getType() == getType())
    return getInputs().front();
  return {};
}

LogicalResult SliceOp::inferResultShapes(Shapes &shapes) {
  auto input = shapeOf(getInput());
  if (failed(verifyRank(*this, "starts", getStarts().size(), input.size())) ||
      failed(verifyRank(*this, "sizes", getSizes().size(), input.size())) ||
      failed(verifyRank(*this, "steps", getSteps().size(), input.size())))
    return llvm::failure();
  Shape shape = fromAttribute(getSizes());
  for (auto [d, size] : llvm::enumerate(shape)) {
    int64_t start = getStarts()[d], step = getSteps()[d];
    if (step == 0)
      return emitOpError("steps must not be 0");
    if (ShapedType::isDynamic(size) || ShapedType::isDynamic(input[d])) {
      if (d != 0 || size != input[d] || start != 0 || step != 1)
        return emitOpError("cannot take a part of the free batch");
      continue;
    }
    int64_t last = start + (size - 1) * step;
    if (size < 0 || (size > 0 && (start < 0 || start >= input[d] || last < 0 ||
                                  last >= input[d])))
      return emitOpError("reaches outside dimension ") << int64_t(d);
  }
  shapes.push_back(shape);
  return llvm::success();
}

mlir::OpFoldResult SliceOp::fold(FoldAdaptor) {
  auto isOne = [](int64_t step) { return step == 1; };
  auto isZero = [](int64_t start) { return start == 0; };
  if (getInput().getType() == getType() && llvm::all_of(getSteps(), isOne) &&
      llvm::all_of(getStarts(), isZero))
    return getInput();
  return {};
}

LogicalResult GatherOp::inferResultShapes(Shapes &shapes) {
  auto data = shapeOf(getData());
  if (failed(verifyAxis(*this, getAxis(), data.size())))
    return llvm::failure();
  if (ShapedType::isDynamic(data[getAxis()]))
    return emitOpError("cannot pick from the free batch");
  Shape shape(data.take_front(getAxis()));
  llvm::append_range(shape, shapeOf(getIndices()));
  llvm::append_range(shape, data.drop_front(getAxis() + 1));
  if (llvm::any_of(llvm::ArrayRef(shape).drop_front(!shape.empty()),
                   ShapedType::isDynamic))
    return emitOpError("would move the free batch from the first dimension");
  shapes.push_back(shape);
  return llvm::success();
}

LogicalResult GatherOp::verify() {
  if (tensorType(getData()).getElementType() != getType().getElementType())
    return emitOpError("keeps the element type of its data");
  if (!llvm::isa<mlir::IntegerType>(tensorType(getIndices()).getElementType()))
    return emitOpError("needs integer indices, got ") << getIndices().getType();
  return llvm::success();
}

LogicalResult BroadcastOp::inferResultShapes(Shapes &shapes) {
  Shape shape = fromAttribute(getShape());
  auto joined = broadcastShapes(shapeOf(getInput()), shape);
  if (!joined || *joined != shape)
    return emitOpError("cannot stretch ") << getInput().getType();
  shapes.push_back(shape);
  return llvm::success();
}

mlir::OpFoldResult BroadcastOp::fold(FoldAdaptor) {
  return getInput().getType() == getType() ? mlir::OpFoldResult(getInput())
                                           : mlir::OpFoldResult();
}

LogicalResult TileOp::inferResultShapes(Shapes &shapes) {
  Shape shape(shapeOf(getInput()));
  if (failed(verifyRank(*this, "repeats", getRepeats().size(), shape.size())))
    return llvm::failure();
  for (auto [size, repeats] : llvm::zip_equal(shape, getRepeats())) {
    if (repeats < 0)
      return emitOpError("repeat counts must not be negative");
    if (ShapedType::isDynamic(size) && repeats != 1)
      return emitOpError("cannot repeat the free batch");
    if (!ShapedType::isDynamic(size))
      size *= repeats;
  }
  shapes.push_back(shape);
  return llvm::success();
}

} // namespace shiftadd
