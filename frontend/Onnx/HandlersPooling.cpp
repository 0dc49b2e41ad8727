//===- HandlersPooling.cpp - Pools ----------------------------------------===//
//
// Part of the shiftadd project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Windows that reach beyond the padding (ceil_mode) become padding that does
// not count; global pools are reductions.
//
//===----------------------------------------------------------------------===//

#include "frontend/Onnx/Handlers.h"
#include "frontend/Onnx/Window.h"

#include <numeric>

namespace shiftadd::onnx_import {
namespace {

template <typename OpTy, typename... Args>
mlir::Value buildPool(NodeImporter &n, mlir::Value channelsLast,
                      const Window &window, llvm::ArrayRef<int64_t> padding,
                      Args... arguments) {
  return n.make<OpTy>(n.elementType(channelsLast), channelsLast,
                      llvm::ArrayRef<int64_t>(window.kernel),
                      llvm::ArrayRef<int64_t>(window.strides), padding,
                      llvm::ArrayRef<int64_t>(window.dilations), arguments...);
}

/// Indices that count along columns first: within a channel, the flattened
/// index is taken apart and put together in the other order.
mlir::Value toColumnMajor(NodeImporter &n, mlir::Value indices,
                          llvm::ArrayRef<int64_t> sizes) {
  mlir::Type i64 = n.builder.getI64Type();
  auto number = [&](int64_t value) { return n.scalar(i64, double(value)); };
  int64_t plane = 1;
  for (int64_t size : sizes)
    plane *= std::max<int64_t>(size, 1);
  mlir::Value channel = n.mul(n.div(indices, number(plane)), number(plane));
  mlir::Value rest = n.sub(indices, channel), result = channel;
  int64_t rowMajor = plane, columnMajor = 1;
  for (int64_t size : sizes) {
    rowMajor /= std::max<int64_t>(size, 1);
    mlir::Value coordinate = n.div(rest, number(rowMajor));
    rest = n.sub(rest, n.mul(coordinate, number(rowMajor)));
    result = n.add(result, n.mul(coordinate, number(columnMajor)));
    columnMajor *= size;
  }
  return result;
}

/// Axes of all spatial dimensions.
std::optional<Shape> globalAxes(NodeImporter &n) {
  if (!n.requireInputs(1))
    return std::nullopt;
  int64_t rank = n.rank(n.codedInput(0));
  if (rank < 2) {
    n.invalid("needs a tensor [N, C, spatial...]");
    return std::nullopt;
  }
  Shape axes(rank - 2);
  std::iota(axes.begin(), axes.end(), 2);
  return axes;
}

} // namespace

bool importMaxPool(NodeImporter &n) {
  if (!n.requireInputs(1))
    return false;
  // The maximum of codes is the code of the maximum.
  mlir::Value x = n.hasOutput(1) ? n.input(0) : n.movedInput();
  std::optional<Shape> sizes = spatialSizes(n, x);
  if (!sizes)
    return false;
  std::optional<Window> window = readWindow(n, *sizes);
  if (!window)
    return false;
  Shape padding = window->fullPadding();
  mlir::Value last = n.toChannelsLast(x);
  if (!n.hasOutput(1))
    return n.set(
        0, n.toChannelsFirst(buildPool<MaxPoolOp>(n, last, *window, padding)));
  mlir::Operation *op = n.makePair<MaxPoolWithIndicesOp>(
      n.elementType(x), n.builder.getI64Type(), last,
      llvm::ArrayRef<int64_t>(window->kernel),
      llvm::ArrayRef<int64_t>(window->strides),
      llvm::ArrayRef<int64_t>(padding),
      llvm::ArrayRef<int64_t>(window->dilations));
  if (!op)
    return false;
  mlir::Value indices = n.toChannelsFirst(op->getResult(1));
  if (n.getInt("storage_order", 0) != 0)
    indices = toColumnMajor(n, indices, *sizes);
  return (!n.hasOutput(0) || n.set(0, n.toChannelsFirst(op->getResult(0)))) &&
         n.set(1, indices);
}

bool importAveragePool(NodeImporter &n) {
  if (!n.requireInputs(1))
    return false;
  mlir::Value x = n.input(0);
  std::optional<Shape> sizes = spatialSizes(n, x);
  if (!sizes)
    return false;
  std::optional<Window> window = readWindow(n, *sizes);
  if (!window)
    return false;
  bool countsPadding = n.getInt("count_include_pad", 0) != 0;
  mlir::Value last = n.toChannelsLast(x);
  Shape padding = window->fullPadding();
  if (countsPadding && window->hasSurplus()) {
    // The padding counts and the surplus does not: one becomes elements.
    Shape low(n.rank(last), 0), high(n.rank(last), 0);
    for (size_t d = 0; d < window->rank(); ++d) {
      int64_t surplus = std::max<int64_t>(window->surplus[d], 0);
      low[d + 1] = padding[2 * d];
      high[d + 1] = padding[2 * d + 1] - surplus;
      padding[2 * d] = 0;
      padding[2 * d + 1] = surplus;
    }
    last = n.make<PadOp>(
        n.elementType(x), last, llvm::ArrayRef<int64_t>(low),
        llvm::ArrayRef<int64_t>(high),
        PadModeAttr::get(n.builder.getContext(), PadMode::Constant),
        n.builder.getF64FloatAttr(0));
    countsPadding = false;
  }
  mlir::Value y = buildPool<AvgPoolOp>(n, last, *window, padding,
                                       n.builder.getBoolAttr(countsPadding));
  return n.set(0, n.toChannelsFirst(y));
}

bool importLpPool(NodeImporter &n) {
  if (!n.requireInputs(1))
    return false;
  mlir::Value x = n.input(0);
  std::optional<Shape> sizes = spatialSizes(n, x);
  if (!sizes)
    return false;
  std::optional<Window> window = readWindow(n, *sizes);
  if (!window)
    return false;
  mlir::Value y = buildPool<LpPoolOp>(
      n, n.toChannelsLast(x), *window, window->fullPadding(),
      n.builder.getI64IntegerAttr(n.getInt("p", 2)));
  return n.set(0, n.toChannelsFirst(y));
}

bool importGlobalMaxPool(NodeImporter &n) {
  std::optional<Shape> axes = globalAxes(n);
  return axes && n.set(0, n.reduce<ReduceMaxOp>(n.input(0), *axes, true));
}

bool importGlobalAveragePool(NodeImporter &n) {
  std::optional<Shape> axes = globalAxes(n);
  return axes && n.set(0, n.reduce<ReduceMeanOp>(n.input(0), *axes, true));
}

bool importGlobalLpPool(NodeImporter &n) {
  std::optional<Shape> axes = globalAxes(n);
  if (!axes)
    return false;
  mlir::Value x = n.input(0);
  mlir::Type element = n.elementType(x);
  if (n.isNarrowFloat(x))
    x = n.cast(x, n.builder.getF32Type());
  int64_t p = n.getInt("p", 2);
  if (p < 1)
    return n.invalid("p must be positive");
  auto number = [&](double value) { return n.scalar(n.elementType(x), value); };
  mlir::Value y = n.unary<AbsOp>(x);
  if (p == 2)
    y = n.mul(y, y);
  else if (p > 2)
    y = n.make<PowOp>(n.elementType(x), y, number(double(p)));
  y = n.reduce<ReduceSumOp>(y, *axes, true);
  if (p == 2)
    y = n.unary<SqrtOp>(y);
  else if (p > 2)
    y = n.make<PowOp>(n.elementType(x), y, number(1.0 / double(p)));
  return n.set(0, n.cast(y, element));
}

} // namespace shiftadd::onnx_import
