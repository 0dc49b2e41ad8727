//===- HandlersQLinear.cpp - Quantised operators of com.microsoft ---------===//
//
// Part of the shiftadd project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// What onnxruntime's quantizer writes beside QLinearConv and QLinearMatMul when
// it is asked for operators: each is a float operator between dequantisation
// and quantisation.
//
//===----------------------------------------------------------------------===//

#include "frontend/Onnx/Handlers.h"
#include "frontend/Onnx/Quantization.h"

namespace shiftadd::onnx_import {
namespace {

/// The real values of codes: operands `x`, `x` + 1 (scale) and `x` + 2 (zero
/// point).
mlir::Value readReal(NodeImporter &n, size_t x) {
  mlir::Value codes = n.codedInput(x);
  auto scaling = readScaling(n, x + 1, x + 2, 1, n.rank(codes));
  if (!scaling)
    return {};
  return dequantize(n, codes, *scaling, n.builder.getF32Type());
}

/// Sets the result to the codes of `y`, by the operands `scale` and
/// `scale` + 1 (zero point).
bool setCodes(NodeImporter &n, mlir::Value y, size_t scale, size_t codes) {
  auto scaling = readScaling(n, scale, scale + 1, 1, n.rank(y));
  if (!scaling)
    return false;
  mlir::Type storage = scaling->zeroPoint
                           ? n.elementType(scaling->zeroPoint)
                           : getStorageType(n.elementType(n.codedInput(codes)));
  return n.set(0, quantize(n, y, *scaling, storage));
}

template <typename OpTy> bool importBinary(NodeImporter &n) {
  if (!n.requireInputs(7))
    return false;
  mlir::Value a = readReal(n, 0), b = readReal(n, 3);
  return setCodes(n, n.binary<OpTy>(a, b), 6, 0);
}

} // namespace

bool importQLinearAdd(NodeImporter &n) { return importBinary<AddOp>(n); }
bool importQLinearMul(NodeImporter &n) { return importBinary<MulOp>(n); }

bool importQLinearSigmoid(NodeImporter &n) {
  return n.requireInputs(4) &&
         setCodes(n, n.unary<SigmoidOp>(readReal(n, 0)), 3, 0);
}

bool importQLinearLeakyRelu(NodeImporter &n) {
  if (!n.requireInputs(4))
    return false;
  auto alpha = n.builder.getF64FloatAttr(n.getFloat("alpha", 0.01F));
  return setCodes(
      n, n.make<LeakyReluOp>(n.builder.getF32Type(), readReal(n, 0), alpha), 3,
      0);
}

bool importQLinearGlobalAveragePool(NodeImporter &n) {
  if (!n.requireInputs(4))
    return false;
  mlir::Value x = readReal(n, 0);
  if (!x)
    return false;
  bool isLast = n.getInt("channels_last", 0) != 0;
  if (n.rank(x) < 3)
    return n.invalid("has no spatial dimensions");
  Shape axes;
  for (int64_t d = isLast ? 1 : 2; d < n.rank(x) - (isLast ? 1 : 0); ++d)
    axes.push_back(d);
  return setCodes(n, n.reduce<ReduceMeanOp>(x, axes, true), 3, 0);
}

bool importQLinearSoftmax(NodeImporter &n) {
  if (!n.requireInputs(4))
    return false;
  mlir::Value x = readReal(n, 0);
  auto axis =
      x ? n.normalizeAxis(n.getInt("axis", -1), n.rank(x)) : std::nullopt;
  if (!axis)
    return false;
  // Before operator set 13 all dimensions from the axis on are one.
  if (n.getInt("opset", 13) < 13 && *axis != n.rank(x) - 1)
    return n.unsupported("softmax over several dimensions");
  return setCodes(n, n.make<SoftmaxOp>(n.builder.getF32Type(), x, *axis), 3, 0);
}

bool importQLinearConcat(NodeImporter &n) {
  if (!n.requireInputs(5))
    return false;
  if (n.inputCount() % 3 != 2)
    return n.invalid("has not a scale and a zero point for each tensor");
  if (!n.hasAttribute("axis"))
    return n.invalid("attribute 'axis' is missing");
  llvm::SmallVector<mlir::Value> values;
  for (size_t i = 2; i < n.inputCount(); i += 3) {
    values.push_back(readReal(n, i));
    if (!values.back())
      return false;
  }
  auto axis = n.normalizeAxis(n.getInt("axis", 0), n.rank(values.front()));
  if (!axis)
    return false;
  return setCodes(
      n,
      n.make<ConcatOp>(n.builder.getF32Type(), mlir::ValueRange(values), *axis),
      0, 2);
}

bool importQGemm(NodeImporter &n) {
  if (!n.requireInputs(6))
    return false;
  mlir::Type f32 = n.builder.getF32Type();
  mlir::Value a = readReal(n, 0), codes = n.codedInput(3);
  if (!a || !codes)
    return false;
  if (n.rank(a) != 2 || n.rank(codes) != 2)
    return n.invalid("multiplies matrices of two dimensions");
  bool isTransposed = n.getInt("transB", 0) != 0;
  auto scalingA = readScaling(n, 1, 2, 1, 2);
  auto scalingB = readScaling(n, 4, 5, isTransposed ? 0 : 1, 2);
  if (!scalingA || !scalingB)
    return false;
  mlir::Value b = dequantize(n, codes, *scalingB, f32);
  if (n.getInt("transA", 0) != 0)
    a = n.permuted(a, {1, 0});
  if (!isTransposed)
    b = n.permuted(b, {1, 0});
  mlir::Value bias;
  if (n.hasInput(6)) {
    bias = productBias(n, n.codedInput(6), *scalingA, *scalingB);
    if (n.rank(bias) != 1)
      return n.unsupported("a bias that is no vector");
  }
  mlir::Value y = n.make<DenseOp>(f32, a, b, OptionalValue{bias});
  // The bias counts in steps of both scales and alpha.
  double alpha = n.getFloat("alpha", 1.0);
  if (alpha != 1)
    y = n.mul(y, n.scalar(f32, alpha));
  return n.hasInput(7) ? setCodes(n, y, 7, 0) : n.set(0, y);
}

} // namespace shiftadd::onnx_import
