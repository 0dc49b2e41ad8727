//===- HandlersQuantization.cpp - Quantised operators ---------------------===//
//
// Part of the shiftadd project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// The quantised layers are their float forms between dequantisation and
// quantisation; the integer ones subtract zero points and sum in i32.
//
//===----------------------------------------------------------------------===//

#include "frontend/Onnx/Convolution.h"
#include "frontend/Onnx/Handlers.h"
#include "frontend/Onnx/Matmul.h"
#include "frontend/Onnx/Quantization.h"

namespace shiftadd::onnx_import {
namespace {

bool readBlock(NodeImporter &n, Scaling &scaling) {
  scaling.block = n.getInt("block_size", 0);
  return scaling.block >= 0 || n.invalid("has a negative block size");
}

/// The storage type of a quantised result.
mlir::Type resultStorage(NodeImporter &n, const Scaling &scaling) {
  if (scaling.zeroPoint)
    return n.elementType(scaling.zeroPoint);
  int64_t type = n.getInt("output_dtype", 0);
  return toElementType(n.builder.getContext(),
                       type ? int32_t(type) : int32_t(kUInt8));
}

/// x - zero point as i32.
mlir::Value centred(NodeImporter &n, size_t x, size_t zeroPoint, int64_t axis) {
  mlir::Type i32 = n.builder.getI32Type();
  mlir::Value value = n.cast(n.input(x), i32);
  if (!n.hasInput(zeroPoint))
    return value;
  mlir::Value zero = n.cast(n.input(zeroPoint), i32);
  Shape shape = n.shapeOf(zero);
  if (shape.size() == 1)
    zero = shape[0] == 1 ? n.reshape(zero, {})
                         : n.alongAxis(zero, axis, n.rank(value));
  return n.sub(value, zero);
}

} // namespace

bool importQuantizeLinear(NodeImporter &n) {
  if (!n.requireInputs(2))
    return false;
  mlir::Value x = n.input(0);
  auto scaling = readScaling(n, 1, 2, n.getInt("axis", 1), n.rank(x));
  if (!scaling || !readBlock(n, *scaling))
    return false;
  mlir::Type storage = resultStorage(n, *scaling);
  return n.set(0, storage ? quantize(n, x, *scaling, storage) : mlir::Value());
}

bool importDequantizeLinear(NodeImporter &n) {
  if (!n.requireInputs(2))
    return false;
  mlir::Value x = n.codedInput(0);
  auto scaling = readScaling(n, 1, 2, n.getInt("axis", 1), n.rank(x));
  if (!scaling || !readBlock(n, *scaling))
    return false;
  mlir::Type result = n.elementType(scaling->scale);
  if (int64_t type = n.getInt("output_dtype", 0))
    result = toElementType(n.builder.getContext(), int32_t(type));
  if (!llvm::isa_and_present<mlir::FloatType>(result))
    return n.invalid("its result is no float");
  return n.set(0, dequantize(n, x, *scaling, result));
}

bool importDynamicQuantizeLinear(NodeImporter &n) {
  if (!n.requireInputs(1))
    return false;
  mlir::Value x = n.input(0);
  mlir::Type f32 = n.builder.getF32Type();
  if (n.elementType(x) != f32)
    return n.invalid("quantises f32 only");
  Shape axes;
  for (int64_t d = 0; d < n.rank(x); ++d)
    axes.push_back(d);
  auto number = [&](double value) { return n.scalar(f32, value); };
  // The range always holds 0; of zeros alone any scale is right.
  mlir::Value low =
      n.binary<MinOp>(n.reduce<ReduceMinOp>(x, axes, false), number(0));
  mlir::Value high =
      n.binary<MaxOp>(n.reduce<ReduceMaxOp>(x, axes, false), number(0));
  mlir::Value scale = n.div(n.sub(high, low), number(255));
  mlir::Value isZero = n.make<EqualOp>(n.builder.getI1Type(), scale, number(0));
  scale = n.make<WhereOp>(f32, isZero, number(1), scale);
  mlir::Value zero = n.div(n.sub(number(0), low), scale);
  zero = n.unary<RoundOp>(n.clamp(zero, 0, 255));
  mlir::Value y = n.add(n.unary<RoundOp>(n.div(x, scale)), zero);
  mlir::Type u8 = n.builder.getIntegerType(8, /*isSigned=*/false);
  return n.set(0, n.cast(n.clamp(y, 0, 255), u8)) && n.set(1, scale) &&
         n.set(2, n.cast(zero, u8));
}

bool importQLinearConv(NodeImporter &n) {
  if (!n.requireInputs(8))
    return false;
  mlir::Value x = n.codedInput(0);
  int64_t rank = n.rank(x);
  mlir::Type f32 = n.builder.getF32Type();
  Shape shape = n.inputShape(3);
  auto window = readConvolutionWindow(n, x, shape);
  auto scalingX = readScaling(n, 1, 2, 0, rank);
  auto scalingW = readScaling(n, 4, 5, 0, int64_t(shape.size()));
  auto scalingY = readScaling(n, 6, 7, 1, rank);
  if (!window || !scalingX || !scalingW || !scalingY)
    return false;
  mlir::Value bias;
  if (n.hasInput(8)) {
    bias = productBias(n, n.codedInput(8), *scalingX, *scalingW);
  }
  mlir::Value filter =
      n.permuted(dequantize(n, n.codedInput(3), *scalingW, f32),
                 filterToChannelsLast(shape.size()));
  mlir::Value y = buildConvolution<ConvOp>(
      n, f32, dequantize(n, x, *scalingX, f32), filter, bias, *window);
  return n.set(0,
               quantize(n, y, *scalingY, n.elementType(scalingY->zeroPoint)));
}

bool importQLinearMatMul(NodeImporter &n) {
  if (!n.requireInputs(8))
    return false;
  mlir::Value a = n.codedInput(0), b = n.codedInput(3);
  mlir::Type f32 = n.builder.getF32Type();
  auto scalingA = readScaling(n, 1, 2, -2, n.rank(a));
  auto scalingB = readScaling(n, 4, 5, -1, n.rank(b));
  auto scalingY = readScaling(n, 6, 7, -2, n.rank(a));
  if (!scalingA || !scalingB || !scalingY)
    return false;
  mlir::Value y = buildMatmul(n, dequantize(n, a, *scalingA, f32),
                              dequantize(n, b, *scalingB, f32));
  return n.set(0,
               quantize(n, y, *scalingY, n.elementType(scalingY->zeroPoint)));
}

bool importConvInteger(NodeImporter &n) {
  if (!n.requireInputs(2))
    return false;
  mlir::Value x = n.input(0);
  Shape shape = n.inputShape(1);
  auto window = readConvolutionWindow(n, x, shape);
  if (!window)
    return false;
  mlir::Value filter =
      n.permuted(centred(n, 1, 3, 0), filterToChannelsLast(shape.size()));
  return n.set(0, buildConvolution<ConvOp>(n, n.builder.getI32Type(),
                                           centred(n, 0, 2, 1), filter, {},
                                           *window));
}

bool importMatMulInteger(NodeImporter &n) {
  if (!n.requireInputs(2))
    return false;
  return n.set(0, buildMatmul(n, centred(n, 0, 2, n.rank(n.input(0)) - 2),
                              centred(n, 1, 3, n.rank(n.input(1)) - 1)));
}

} // namespace shiftadd::onnx_import
