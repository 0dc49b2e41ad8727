//===- HandlersNormalization.cpp - Normalisations -------------------------===//
//
// Part of the shiftadd project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Only batch normalisation, which folds into weights, has an op; the others are
// stated in elementary ops.
//
//===----------------------------------------------------------------------===//

#include "frontend/Onnx/Handlers.h"

#include <numeric>

namespace shiftadd::onnx_import {
namespace {

/// (x - mean) / sqrt(variance + epsilon) over axes, with the two factors.
struct Normalized {
  mlir::Value y, mean, inverse;
};

Normalized normalize(NodeImporter &n, mlir::Value x,
                     llvm::ArrayRef<int64_t> axes, double epsilon) {
  Normalized result;
  result.mean = n.reduce<ReduceMeanOp>(x, axes, true);
  mlir::Value centred = n.sub(x, result.mean);
  mlir::Value variance =
      n.reduce<ReduceMeanOp>(n.mul(centred, centred), axes, true);
  mlir::Value root =
      n.unary<SqrtOp>(n.add(variance, n.scalar(n.elementType(x), epsilon)));
  result.inverse = n.unary<ReciprocalOp>(root);
  result.y = n.mul(centred, result.inverse);
  return result;
}

} // namespace

bool importBatchNormalization(NodeImporter &n) {
  if (!n.requireInputs(5))
    return false;
  mlir::Value x = n.input(0);
  if (n.rank(x) < 2)
    return n.invalid("needs a tensor [N, C, ...]");
  mlir::Type element = n.elementType(x);
  // Newer versions may hold the parameters in a wider type than the input.
  mlir::Type wide = element;
  for (size_t i = 1; i < 5; ++i)
    if (n.isFloat(n.input(i)) && llvm::isa<mlir::FloatType>(wide) &&
        n.elementType(n.input(i)) != wide)
      wide = n.builder.getF32Type();
  if (wide != element && element.isF64())
    wide = element;
  mlir::Value y = n.make<BatchNormOp>(
      wide, n.cast(x, wide), n.cast(n.input(1), wide), n.cast(n.input(2), wide),
      n.cast(n.input(3), wide), n.cast(n.input(4), wide),
      n.builder.getF64FloatAttr(n.getFloat("epsilon", 1e-5f)),
      n.builder.getI64IntegerAttr(1));
  return n.set(0, n.cast(y, element));
}

bool importInstanceNormalization(NodeImporter &n) {
  if (!n.requireInputs(3))
    return false;
  mlir::Value x = n.input(0);
  mlir::Type element = n.elementType(x);
  int64_t rank = n.rank(x);
  if (rank < 3)
    return n.invalid("needs a tensor [N, C, spatial...]");
  mlir::Type wide =
      n.isNarrowFloat(x) ? mlir::Type(n.builder.getF32Type()) : element;
  Shape axes(rank - 2);
  std::iota(axes.begin(), axes.end(), 2);
  Normalized normal =
      normalize(n, n.cast(x, wide), axes, n.getFloat("epsilon", 1e-5f));
  mlir::Value scale = n.alongAxis(n.cast(n.input(1), wide), 1, rank);
  mlir::Value bias = n.alongAxis(n.cast(n.input(2), wide), 1, rank);
  return n.set(0, n.cast(n.add(n.mul(normal.y, scale), bias), element));
}

bool importLayerNormalization(NodeImporter &n) {
  if (!n.requireInputs(2))
    return false;
  mlir::Value x = n.input(0);
  mlir::Type element = n.elementType(x);
  auto axis = n.normalizeAxis(n.getInt("axis", -1), n.rank(x));
  if (!axis)
    return false;
  mlir::Type stash = toElementType(n.builder.getContext(),
                                   int32_t(n.getInt("stash_type", kFloat)));
  if (!llvm::isa_and_present<mlir::FloatType>(stash))
    return n.unsupported("the type of its statistics");
  Shape axes(n.rank(x) - *axis);
  std::iota(axes.begin(), axes.end(), *axis);
  Normalized normal =
      normalize(n, n.cast(x, stash), axes, n.getFloat("epsilon", 1e-5f));
  mlir::Value y = n.mul(n.cast(normal.y, element), n.input(1));
  if (n.hasInput(2))
    y = n.add(y, n.input(2));
  if (!n.set(0, y))
    return false;
  if (n.hasOutput(1) && !n.set(1, normal.mean))
    return false;
  return !n.hasOutput(2) || n.set(2, normal.inverse);
}

bool importLrn(NodeImporter &n) {
  if (!n.requireInputs(1))
    return false;
  mlir::Value x = n.input(0);
  if (n.rank(x) < 2)
    return n.invalid("needs a tensor [N, C, ...]");
  if (!n.hasAttribute("size"))
    return n.invalid("attribute 'size' is missing");
  mlir::Builder &b = n.builder;
  return n.set(0, n.make<LrnOp>(n.elementType(x), x,
                                b.getI64IntegerAttr(n.getInt("size", 1)),
                                b.getF64FloatAttr(n.getFloat("alpha", 1e-4f)),
                                b.getF64FloatAttr(n.getFloat("beta", 0.75)),
                                b.getF64FloatAttr(n.getFloat("bias", 1.0)),
                                b.getI64IntegerAttr(1)));
}

} // namespace shiftadd::onnx_import
