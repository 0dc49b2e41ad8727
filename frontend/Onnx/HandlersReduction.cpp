//===- HandlersReduction.cpp - Reductions ---------------------------------===//
//
// Part of the shiftadd project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Reductions without an op of their own are a map, a sum and another map,
// computed in a wider type where the result would otherwise be rounded twice.
//
//===----------------------------------------------------------------------===//

#include "frontend/Onnx/Handlers.h"

#include <cmath>
#include <numeric>

namespace shiftadd::onnx_import {
namespace {

struct Reduction {
  mlir::Value x;
  Shape axes;
  bool keepDims = true;
  bool isIdentity = false; ///< no axes and noop_with_empty_axes
};

/// Axes are an attribute or an operand, depending on operator and version.
bool readReduction(NodeImporter &n, Reduction &reduction) {
  if (!n.requireInputs(1))
    return false;
  reduction.x = n.input(0);
  reduction.keepDims = n.getInt("keepdims", 1) != 0;
  int64_t rank = n.rank(reduction.x);
  Shape axes = n.getInts("axes");
  if (n.hasInput(1)) {
    std::optional<Shape> given = n.constantInts(1, "axes");
    if (!given)
      return false;
    axes = *given;
  }
  if (axes.empty()) {
    reduction.isIdentity = n.getInt("noop_with_empty_axes", 0) != 0;
    axes.resize(rank);
    std::iota(axes.begin(), axes.end(), 0);
  }
  std::optional<Shape> normalized = n.normalizeAxes(axes, rank);
  if (!normalized)
    return false;
  reduction.axes = *normalized;
  return !n.failed;
}

template <typename OpTy> bool importReduction(NodeImporter &n) {
  Reduction r;
  if (!readReduction(n, r))
    return false;
  if (r.isIdentity)
    return n.set(0, r.x);
  // Of booleans, minimum and maximum are those of 0 and 1.
  mlir::Type element = n.elementType(r.x);
  mlir::Value x = r.x;
  if (n.isBool(x))
    x = n.cast(x, n.builder.getIntegerType(8, /*isSigned=*/false));
  return n.set(0, n.cast(n.reduce<OpTy>(x, r.axes, r.keepDims), element));
}

/// The type in which a composed reduction computes: integers and f64 in f64,
/// smaller floats in f32, so that only the result is rounded to them.
mlir::Value widen(NodeImporter &n, mlir::Value x) {
  if (!n.isFloat(x))
    return n.cast(x, n.builder.getF64Type());
  return n.isNarrowFloat(x) ? n.cast(x, n.builder.getF32Type()) : x;
}

bool setNarrowed(NodeImporter &n, const Reduction &r, mlir::Value y) {
  return n.set(0, n.cast(y, n.elementType(r.x)));
}

/// before, sum, behind; nothing but `before` and `behind` when no axis is given
/// and that means none.
template <typename Before, typename Behind>
bool importComposed(NodeImporter &n, bool exactOnIntegers, Before before,
                    Behind behind) {
  Reduction r;
  if (!readReduction(n, r))
    return false;
  mlir::Value x = exactOnIntegers && !n.isFloat(r.x) ? r.x : widen(n, r.x);
  mlir::Value y = before(x);
  if (!r.isIdentity)
    y = n.reduce<ReduceSumOp>(y, r.axes, r.keepDims);
  return setNarrowed(n, r, behind(y));
}

mlir::Value same(mlir::Value x) { return x; }

template <typename OpTy> bool importArg(NodeImporter &n) {
  if (!n.requireInputs(1))
    return false;
  mlir::Value x = n.input(0);
  auto axis = n.normalizeAxis(n.getInt("axis", 0), n.rank(x));
  if (!axis)
    return false;
  mlir::Builder &b = n.builder;
  return n.set(
      0, n.make<OpTy>(b.getI64Type(), x, b.getI64IntegerAttr(*axis),
                      b.getBoolAttr(n.getInt("keepdims", 1) != 0),
                      b.getBoolAttr(n.getInt("select_last_index", 0) != 0)));
}

} // namespace

bool importReduceSum(NodeImporter &n) {
  return importReduction<ReduceSumOp>(n);
}
bool importReduceMean(NodeImporter &n) {
  return importReduction<ReduceMeanOp>(n);
}
bool importReduceMax(NodeImporter &n) {
  return importReduction<ReduceMaxOp>(n);
}
bool importReduceMin(NodeImporter &n) {
  return importReduction<ReduceMinOp>(n);
}
bool importReduceProd(NodeImporter &n) {
  return importReduction<ReduceProdOp>(n);
}

bool importReduceL1(NodeImporter &n) {
  return importComposed(
      n, true, [&](mlir::Value x) { return n.unary<AbsOp>(x); }, same);
}

bool importReduceL2(NodeImporter &n) {
  return importComposed(
      n, false, [&](mlir::Value x) { return n.mul(x, x); },
      [&](mlir::Value x) { return n.unary<SqrtOp>(x); });
}

bool importReduceSumSquare(NodeImporter &n) {
  return importComposed(
      n, true, [&](mlir::Value x) { return n.mul(x, x); }, same);
}

bool importReduceLogSum(NodeImporter &n) {
  return importComposed(n, false, same,
                        [&](mlir::Value x) { return n.unary<LogOp>(x); });
}

bool importReduceLogSumExp(NodeImporter &n) {
  Reduction r;
  if (!readReduction(n, r))
    return false;
  if (r.isIdentity)
    return n.set(0, r.x);
  // The maximum is taken out so that exp does not overflow; an infinite one
  // would give NaN and is left in.
  mlir::Value x = widen(n, r.x);
  mlir::Type element = n.elementType(x);
  mlir::Value top = n.reduce<ReduceMaxOp>(x, r.axes, true);
  mlir::Value infinity = n.scalar(element, INFINITY);
  mlir::Value isInfinite =
      n.make<EqualOp>(n.builder.getI1Type(), n.unary<AbsOp>(top), infinity);
  top = n.make<WhereOp>(element, isInfinite, n.scalar(element, 0), top);
  mlir::Value sum =
      n.reduce<ReduceSumOp>(n.unary<ExpOp>(n.sub(x, top)), r.axes, true);
  mlir::Value y = n.add(n.unary<LogOp>(sum), top);
  if (!r.keepDims) {
    Shape shape;
    for (auto [d, size] : llvm::enumerate(n.shapeOf(x)))
      if (!llvm::is_contained(r.axes, int64_t(d)))
        shape.push_back(size);
    y = n.reshape(y, shape);
  }
  return setNarrowed(n, r, y);
}

bool importArgMax(NodeImporter &n) { return importArg<ArgMaxOp>(n); }
bool importArgMin(NodeImporter &n) { return importArg<ArgMinOp>(n); }

bool importTopK(NodeImporter &n) {
  if (!n.requireInputs(1))
    return false;
  mlir::Value x = n.input(0);
  auto axis = n.normalizeAxis(n.getInt("axis", -1), n.rank(x));
  int64_t k = n.getInt("k", 0);
  if (n.version() >= 10) {
    std::optional<Shape> given = n.constantInts(1, "k");
    if (!given)
      return false;
    if (given->size() != 1)
      return n.invalid("k must be one number");
    k = given->front();
  }
  if (!axis)
    return false;
  int64_t size = n.shapeOf(x)[*axis];
  if (mlir::ShapedType::isDynamic(size))
    return n.unsupported("mixes the samples of the free batch; fix the batch "
                         "with --shape");
  if (k < 0 || k > size)
    return n.invalid("k = " + llvm::Twine(k) + " of " + llvm::Twine(size) +
                     " elements");
  mlir::Builder &b = n.builder;
  mlir::Operation *op = n.makePair<TopKOp>(
      n.elementType(x), b.getI64Type(), x, b.getI64IntegerAttr(*axis),
      b.getI64IntegerAttr(k), b.getBoolAttr(n.getInt("largest", 1) != 0));
  if (!op)
    return false;
  if (n.hasOutput(0) && !n.set(0, op->getResult(0)))
    return false;
  return !n.hasOutput(1) || n.set(1, op->getResult(1));
}

} // namespace shiftadd::onnx_import
