//===- Quantization.cpp - Linear quantisation as ONNX states it -----------===//
//
// Part of the shiftadd project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Scales become types where a type can hold them, else arithmetic in f32.
//
//===----------------------------------------------------------------------===//

#include "frontend/Onnx/Quantization.h"

#include "mlir/IR/Diagnostics.h"

#include <cmath>

namespace shiftadd::onnx_import {

std::optional<Scaling> readScaling(NodeImporter &n, size_t scale,
                                   size_t zeroPoint, int64_t axis,
                                   int64_t rank) {
  Scaling scaling;
  if (!n.hasInput(scale)) {
    n.invalid("its scale is missing");
    return std::nullopt;
  }
  scaling.scale = n.input(scale);
  scaling.constantScale = n.constant(scale);
  if (n.hasInput(zeroPoint)) {
    scaling.zeroPoint = n.input(zeroPoint);
    scaling.constantZeroPoint = n.constant(zeroPoint);
  }
  if (n.failed)
    return std::nullopt;
  if (!n.isFloat(scaling.scale)) {
    n.invalid("its scale is no float");
    return std::nullopt;
  }
  if (n.rank(scaling.scale) > 0 && rank > 0 &&
      llvm::any_of(n.shapeOf(scaling.scale),
                   [](int64_t size) { return size != 1; })) {
    auto normalized = n.normalizeAxis(axis, rank);
    if (!normalized)
      return std::nullopt;
    scaling.axis = *normalized;
  }
  return scaling;
}

/// The range of a plain integer type; nothing for other types.
static std::optional<std::pair<int64_t, int64_t>> rangeOf(mlir::Type storage) {
  if (!storage.isInteger() || storage.getIntOrFloatBitWidth() < 8 ||
      storage.getIntOrFloatBitWidth() > 32)
    return std::nullopt;
  unsigned width = storage.getIntOrFloatBitWidth();
  if (storage.isUnsignedInteger())
    return std::pair<int64_t, int64_t>(0, (int64_t(1) << width) - 1);
  return std::pair<int64_t, int64_t>(-(int64_t(1) << (width - 1)),
                                     (int64_t(1) << (width - 1)) - 1);
}

mlir::Type quantizedType(NodeImporter &n, mlir::Type storage,
                         llvm::ArrayRef<int64_t> shape,
                         const Scaling &scaling) {
  auto range = rangeOf(storage);
  const std::optional<ref::Tensor> &scale = scaling.constantScale;
  if (!range || !scale || scaling.block || scale->getRank() > 1 ||
      !scale->getElementType().isF32() ||
      (scaling.zeroPoint && !scaling.constantZeroPoint))
    return {};
  // 32-bit codes exist for biases, which have no zero point.
  bool isUnsigned = storage.isUnsignedInteger();
  unsigned width = storage.getIntOrFloatBitWidth();
  if (width == 32 && isUnsigned)
    return {};
  llvm::SmallVector<double> scales;
  llvm::SmallVector<int64_t> zeroPoints(scale->getElementCount(), 0);
  for (int64_t i = 0; i < scale->getElementCount(); ++i) {
    scales.push_back(scale->getDouble(i));
    if (!(std::isnormal(scales.back()) && scales.back() > 0))
      return {};
  }
  if (const auto &zero = scaling.constantZeroPoint) {
    if (zero->getElementCount() != scale->getElementCount() || zero->isFloat())
      return {};
    for (auto [i, value] : llvm::enumerate(zeroPoints)) {
      value = zero->getInteger(int64_t(i));
      if (value < range->first || value > range->second)
        return {};
    }
  }
  auto emitError = [&] {
    return mlir::emitError(n.location) << "scale out of range";
  };
  mlir::Type integer = n.builder.getIntegerType(width);
  mlir::Type expressed = n.builder.getF32Type();
  unsigned flags = isUnsigned ? 0 : mlir::quant::QuantizationFlags::Signed;
  if (scales.size() == 1)
    return mlir::quant::UniformQuantizedType::getChecked(
        emitError, flags, integer, expressed, scales[0], zeroPoints[0],
        range->first, range->second);
  if (scaling.axis >= int64_t(shape.size()) ||
      shape[scaling.axis] != int64_t(scales.size()))
    return {};
  return mlir::quant::UniformQuantizedPerAxisType::getChecked(
      emitError, flags, integer, expressed, scales, zeroPoints,
      int32_t(scaling.axis), range->first, range->second);
}

/// The same codes under another meaning.
static mlir::Value recode(NodeImporter &n, mlir::Value x, mlir::Type type) {
  if (n.elementType(x) == type)
    return x;
  if (auto constant = x.getDefiningOp<ConstantOp>())
    return ConstantOp::create(n.builder, n.location,
                              mlir::RankedTensorType::get(n.shapeOf(x), type),
                              constant.getValue());
  return n.cast(n.cast(x, getStorageType(n.elementType(x))), type);
}

/// A scale or zero point, shaped to broadcast against a tensor like x.
static mlir::Value spread(NodeImporter &n, mlir::Value parameter,
                          const Scaling &scaling, mlir::Value x) {
  int64_t rank = n.rank(x);
  if (!parameter || n.rank(parameter) == 0 || rank == 0)
    return n.reshape(parameter, {});
  if (scaling.block) {
    Shape indices;
    int64_t size = n.shapeOf(x)[scaling.axis];
    int64_t count = scaling.axis < n.rank(parameter)
                        ? n.shapeOf(parameter)[scaling.axis]
                        : 0;
    for (int64_t i = 0; i < size; ++i)
      indices.push_back(i / scaling.block);
    if (count < 1 || (size > 0 && indices.back() >= count)) {
      n.invalid("has too few scales for its blocks");
      return {};
    }
    return n.gather(parameter, indices, scaling.axis);
  }
  if (n.rank(parameter) == 1)
    return n.alongAxis(parameter,
                       n.shapeOf(parameter)[0] == 1 ? rank - 1 : scaling.axis,
                       rank);
  return parameter;
}

mlir::Value dequantize(NodeImporter &n, mlir::Value x, const Scaling &scaling,
                       mlir::Type result) {
  if (!x)
    return {};
  mlir::Type storage = getStorageType(n.elementType(x));
  if (result.isF32())
    if (mlir::Type type = quantizedType(n, storage, n.shapeOf(x), scaling))
      return n.make<DequantizeOp>(result, recode(n, x, type));
  // The difference is exact in i32; only the product is rounded.
  mlir::Type f32 = n.builder.getF32Type();
  mlir::Value codes = n.cast(x, storage);
  if (scaling.zeroPoint) {
    mlir::Type i32 = n.builder.getI32Type();
    codes = n.sub(n.cast(codes, i32),
                  spread(n, n.cast(scaling.zeroPoint, i32), scaling, x));
  }
  mlir::Value scale = spread(n, n.cast(scaling.scale, f32), scaling, x);
  return n.cast(n.mul(n.cast(codes, f32), scale), result);
}

mlir::Value productBias(NodeImporter &n, mlir::Value bias, const Scaling &input,
                        const Scaling &weights) {
  Scaling scaling;
  scaling.scale = n.mul(n.reshape(input.scale, {}), weights.scale);
  const auto &scaleX = input.constantScale;
  const auto &scaleW = weights.constantScale;
  if (scaleX && scaleW && scaleX->getElementCount() == 1) {
    ref::Tensor product = *scaleW;
    for (int64_t i = 0; i < product.getElementCount(); ++i)
      product.setDouble(i, scaleX->getDouble(0) * scaleW->getDouble(i));
    scaling.constantScale = std::move(product);
  }
  return dequantize(n, bias, scaling, n.builder.getF32Type());
}

mlir::Value quantize(NodeImporter &n, mlir::Value x, const Scaling &scaling,
                     mlir::Type storage) {
  mlir::Type f32 = n.builder.getF32Type();
  if (!n.isFloat(x))
    x = n.cast(x, f32);
  auto range = rangeOf(storage);
  if (!range || storage.getIntOrFloatBitWidth() > 16) {
    n.unsupported("the type of its result");
    return {};
  }
  if (n.failed || !x)
    return {};
  if (n.elementType(x) == f32)
    if (mlir::Type type = quantizedType(n, storage, n.shapeOf(x), scaling))
      return n.make<QuantizeOp>(type, x);
  mlir::Value scale = spread(n, n.cast(scaling.scale, f32), scaling, x);
  mlir::Value y = n.unary<RoundOp>(n.div(n.cast(x, f32), scale));
  if (scaling.zeroPoint)
    y = n.add(y, spread(n, n.cast(scaling.zeroPoint, f32), scaling, x));
  return n.cast(n.clamp(y, double(range->first), double(range->second)),
                storage);
}

} // namespace shiftadd::onnx_import
