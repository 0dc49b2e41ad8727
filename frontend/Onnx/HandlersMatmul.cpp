//===- HandlersMatmul.cpp - Matrix products -------------------------------===//
//
// Part of the shiftadd project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// A product with constant weights is a dense layer, whose weights are stored
// [N, K].
//
//===----------------------------------------------------------------------===//

#include "frontend/Onnx/Handlers.h"
#include "frontend/Onnx/Matmul.h"

#include <cmath>

namespace shiftadd::onnx_import {

bool isWeights(mlir::Value value) {
  if (!value)
    return false;
  if (auto dequantize = value.getDefiningOp<DequantizeOp>())
    value = dequantize.getInput();
  return value.getDefiningOp<ConstantOp>() != nullptr;
}

mlir::Type productType(NodeImporter &n, mlir::Value x) {
  mlir::Type element = n.elementType(x);
  if (!element || llvm::isa<mlir::FloatType>(element))
    return element;
  return element.getIntOrFloatBitWidth() == 64
             ? mlir::Type(n.builder.getI64Type())
             : mlir::Type(n.builder.getI32Type());
}

mlir::Value buildMatmul(NodeImporter &n, mlir::Value a, mlir::Value b) {
  Shape left = n.shapeOf(a), right = n.shapeOf(b);
  if (left.empty() || right.empty()) {
    n.invalid("multiplies a scalar");
    return {};
  }
  mlir::Type element = productType(n, a);
  if (right.size() == 2 && isWeights(b))
    return n.make<DenseOp>(element, a, n.permuted(b, {1, 0}), OptionalValue{});
  // Vectors are matrices of one row or column whose dimension then vanishes.
  if (left.size() == 1)
    a = n.reshape(a, {1, left[0]});
  if (right.size() == 1)
    b = n.reshape(b, {right[0], 1});
  mlir::Value y = n.make<MatmulOp>(element, a, b);
  Shape shape = n.shapeOf(y);
  if (!y)
    return {};
  if (right.size() == 1)
    shape.pop_back();
  if (left.size() == 1)
    shape.erase(shape.end() - (right.size() == 1 ? 1 : 2));
  return n.reshape(y, shape);
}

bool importMatMul(NodeImporter &n) {
  if (!n.requireInputs(2))
    return false;
  mlir::Value y = buildMatmul(n, n.input(0), n.input(1));
  return n.set(0, n.cast(y, n.elementType(n.input(0))));
}

std::optional<GemmOperands> readGemm(NodeImporter &n) {
  if (!n.requireInputs(2))
    return std::nullopt;
  GemmOperands g;
  g.input = n.input(0);
  if (n.rank(g.input) != 2 || n.inputShape(1).size() != 2) {
    n.invalid("needs two matrices");
    return std::nullopt;
  }
  if (n.getInt("transA", 0) != 0)
    g.input = n.permuted(g.input, {1, 0});
  g.filter =
      n.getInt("transB", 0) != 0 ? n.input(1) : n.permutedInput(1, {1, 0});
  g.alpha = n.getFloat("alpha", 1.0);
  g.beta = n.getFloat("beta", 1.0);
  mlir::Type element = n.elementType(g.input);
  bool whole = g.alpha == std::trunc(g.alpha) && g.beta == std::trunc(g.beta);
  if (llvm::isa<mlir::IntegerType>(element) && !whole) {
    n.unsupported("a fraction for alpha or beta, with integers");
    return std::nullopt;
  }
  if (n.hasInput(2) && g.beta != 0) {
    mlir::Value c = n.input(2);
    if (g.beta != 1)
      c = n.mul(c, n.scalar(element, g.beta));
    Shape shape = n.shapeOf(c);
    int64_t channels = g.filter ? n.shapeOf(g.filter)[0] : 0;
    bool perChannel =
        (shape.size() == 1 && shape[0] == channels) ||
        (shape.size() == 2 && shape[0] == 1 && shape[1] == channels);
    if (perChannel)
      g.bias = n.reshape(c, {channels});
    else
      g.addend = c;
  }
  return g;
}

bool importGemm(NodeImporter &n) {
  std::optional<GemmOperands> g = readGemm(n);
  if (!g || !g->filter)
    return false;
  mlir::Type element = n.elementType(g->input);
  mlir::Type product = productType(n, g->input);
  mlir::Value y;
  if (isWeights(g->filter)) {
    mlir::Value filter = g->filter;
    // Plain weights take the factor; quantised ones keep their codes.
    bool folds = filter.getDefiningOp<ConstantOp>() != nullptr;
    if (g->alpha != 1 && folds)
      filter = n.mul(filter, n.scalar(element, g->alpha));
    bool scales = g->alpha != 1 && !folds;
    bool joins = !scales && g->bias && product == element;
    y = n.make<DenseOp>(product, g->input, filter,
                        OptionalValue{joins ? g->bias : mlir::Value()});
    y = n.cast(y, element);
    if (scales)
      y = n.mul(y, n.scalar(element, g->alpha));
    if (g->bias && !joins)
      y = n.add(y, g->bias);
  } else {
    // The right operand as it comes, transposed only where it has to be.
    mlir::Value b = n.input(1);
    if (n.getInt("transB", 0) != 0)
      b = n.transpose(b, {1, 0});
    y = n.cast(n.make<MatmulOp>(product, g->input, b), element);
    if (g->alpha != 1)
      y = n.mul(y, n.scalar(element, g->alpha));
    if (g->bias)
      y = n.add(y, g->bias);
  }
  if (g->addend)
    y = n.add(y, g->addend);
  return n.set(0, y);
}

} // namespace shiftadd::onnx_import
