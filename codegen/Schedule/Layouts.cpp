//===- Layouts.cpp - Which tensors carry a halo -*- C++ -*-===//
//
// Part of the shiftadd project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
#include "codegen/Schedule/Layouts.h"

#include "dialects/ShiftAdd/IR/WeightView.h"

#include "mlir/IR/Builders.h"
#include "llvm/Support/FormatVariadic.h"

namespace shiftadd {

LayoutAttr getPlainLayout(mlir::Value value) {
  llvm::SmallVector<int64_t> zeros(tensorType(value).getRank(), 0);
  auto amounts = mlir::DenseI64ArrayAttr::get(value.getContext(), zeros);
  return LayoutAttr::get(value.getContext(), amounts, amounts);
}

/// Adds what one use inside a layer's region wants.
static void addWish(mlir::OpOperand &use, llvm::MutableArrayRef<int64_t> low,
                    llvm::MutableArrayRef<int64_t> high) {
  auto window = llvm::dyn_cast<ConvolutionGeometryOpInterface>(use.getOwner());
  if (!window || use.getOperandNumber() != 0)
    return;
  auto padding = window.getPadding();
  for (size_t d = 0; 2 * d < padding.size(); ++d) {
    low[d + 1] = std::max(low[d + 1], padding[2 * d]);
    high[d + 1] = std::max(high[d + 1], padding[2 * d + 1]);
  }
}

LayoutAttr getWantedLayout(mlir::Value value) {
  int64_t rank = tensorType(value).getRank();
  llvm::SmallVector<int64_t> low(rank, 0), high(rank, 0);
  for (mlir::OpOperand &use : value.getUses())
    if (auto layer = llvm::dyn_cast<LayerOp>(use.getOwner())) {
      mlir::Value inner = layer.getBody().getArgument(use.getOperandNumber());
      for (mlir::OpOperand &innerUse : inner.getUses())
        addWish(innerUse, low, high);
    }
  mlir::MLIRContext *context = value.getContext();
  return LayoutAttr::get(context, mlir::DenseI64ArrayAttr::get(context, low),
                         mlir::DenseI64ArrayAttr::get(context, high));
}

llvm::SmallVector<int64_t> getStoredShape(mlir::RankedTensorType type,
                                          LayoutAttr layout) {
  llvm::SmallVector<int64_t> shape;
  for (auto [size, low, high] :
       llvm::zip_equal(type.getShape(), layout.getLow().asArrayRef(),
                       layout.getHigh().asArrayRef()))
    shape.push_back((mlir::ShapedType::isDynamic(size) ? 1 : size) + low +
                    high);
  return shape;
}

int64_t getStoredBytes(mlir::RankedTensorType type, LayoutAttr layout) {
  int64_t bytes = getElementBytes(getStorageType(type.getElementType()));
  for (int64_t size : getStoredShape(type, layout))
    bytes *= size;
  return bytes;
}

/// Whether the tensor's memory is its own and nobody needs it dense.
static bool mayHaveHalo(mlir::Value value) {
  if (!value.getDefiningOp<LayerOp>())
    return false;
  return llvm::none_of(value.getUsers(), [](mlir::Operation *user) {
    return !llvm::isa<LayerOp>(user);
  });
}

/// Whether the tensor lies in a buffer that the caller gave, behind which
/// nothing may be read.
static bool isCallersBuffer(mlir::Value value) {
  while (auto view = value.getDefiningOp<ReshapeOp>())
    value = view.getInput();
  return llvm::isa<mlir::BlockArgument>(value);
}

/// Layers around a sum of products: their kernels read whole vectors, past the
/// end of a tensor too (kReadSlack).
static bool readsWholeVectors(LayerOp layer) {
  return llvm::any_of(layer.getBody().getOps(), [](mlir::Operation &op) {
    return llvm::isa<ConvolutionGeometryOpInterface, DenseOp, ShiftDenseOp,
                     AdderDenseOp>(op);
  });
}

/// Whether this use needs a tensor in the arena where `value` is not one.
static bool needsCopy(mlir::OpOperand &use) {
  auto layer = llvm::dyn_cast<LayerOp>(use.getOwner());
  if (!layer)
    return false;
  mlir::Value value = use.get();
  if (isCallersBuffer(value) && readsWholeVectors(layer))
    return true;
  if (mayHaveHalo(value))
    return false;
  llvm::SmallVector<int64_t> low(tensorType(value).getRank(), 0), high(low);
  mlir::Value inner = layer.getBody().getArgument(use.getOperandNumber());
  for (mlir::OpOperand &innerUse : inner.getUses())
    addWish(innerUse, low, high);
  auto positive = [](int64_t amount) { return amount > 0; };
  return llvm::any_of(low, positive) || llvm::any_of(high, positive);
}

void insertArenaCopies(mlir::func::FuncOp function) {
  llvm::SmallVector<mlir::Value> values(function.getArguments());
  for (mlir::Operation &op : function.getBody().front())
    if (!llvm::isa<ConstantOp>(op))
      llvm::append_range(values, op.getResults());
  for (mlir::Value value : values) {
    llvm::SmallVector<mlir::OpOperand *> uses;
    for (mlir::OpOperand &use : value.getUses())
      if (needsCopy(use))
        uses.push_back(&use);
    if (uses.empty())
      continue;
    mlir::OpBuilder builder(value.getContext());
    builder.setInsertionPointAfterValue(value);
    auto type = tensorType(value);
    auto reader = llvm::cast<LayerOp>(uses.front()->getOwner());
    std::string name = llvm::formatv("{0}/input{1}", reader.getName(),
                                     uses.front()->getOperandNumber())
                           .str();
    auto copy = LayerOp::create(builder, value.getLoc(), type,
                                builder.getStringAttr(name), value);
    mlir::Block &body = copy.getBody().emplaceBlock();
    mlir::Value inner = body.addArgument(type, value.getLoc());
    builder.setInsertionPointToStart(&body);
    auto identity = llvm::to_vector(llvm::seq<int64_t>(0, type.getRank()));
    mlir::Value same =
        TransposeOp::create(builder, value.getLoc(), type, inner, identity);
    YieldOp::create(builder, value.getLoc(), same);
    for (mlir::OpOperand *use : uses)
      use->set(copy.getResult(0));
  }
}

} // namespace shiftadd
