//===- HandlersShiftAdd.cpp - The domain ai.shiftadd ----------------------===//
//
// Part of the shiftadd project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Layers whose weights are powers of two, or that sum absolute differences.
// Both have the attributes of Conv or Gemm.
//
//===----------------------------------------------------------------------===//

#include "dialects/Support/PowerOfTwoFormat.h"
#include "frontend/Onnx/Convolution.h"
#include "frontend/Onnx/Handlers.h"
#include "frontend/Onnx/Matmul.h"

#include <cmath>

namespace shiftadd::onnx_import {
namespace {

/// The constant of codes for a constant of floats; an error when one is no
/// signed power of two.
mlir::Value encodePowersOfTwo(NodeImporter &n, mlir::Value filter,
                              llvm::StringRef name) {
  auto constant = filter ? filter.getDefiningOp<ConstantOp>() : ConstantOp();
  if (!constant) {
    if (filter)
      n.unsupported("weights that are not known at compile time");
    return {};
  }
  auto tensor =
      ref::Tensor::fromAttribute(constant.getValue(), tensorType(filter));
  if (!tensor) {
    n.invalid(llvm::toString(tensor.takeError()));
    return {};
  }
  std::vector<float> values;
  for (int64_t i = 0; i < tensor->getElementCount(); ++i) {
    double value = tensor->getDouble(i);
    int exponent = 0;
    if (!std::isfinite(value) ||
        (value != 0 && std::abs(std::frexp(value, &exponent)) != 0.5)) {
      n.invalid(std::string("weight ") + std::to_string(value) + " of '" +
                name + "' is neither 0 nor a signed power of two");
      return {};
    }
    values.push_back(float(value));
  }
  std::optional<num::PowerOfTwoFormat> format =
      num::smallestOneTermFormat(values);
  if (!format) {
    n.unsupported("weights of '" + name +
                  "' whose powers of two lie too far apart");
    return {};
  }
  auto type = PowerOfTwoType::get(n.builder.getContext(), format->bits,
                                  format->terms, format->minExponent,
                                  format->maxExponent, format->hasZero);
  mlir::Type storage = getStorageType(type);
  auto codes = ref::Tensor::create(storage, tensor->getShape());
  if (!codes) {
    n.invalid(llvm::toString(codes.takeError()));
    return {};
  }
  for (auto [i, value] : llvm::enumerate(values)) {
    std::optional<uint64_t> code = format->encode(value);
    if (!code) {
      n.invalid(std::string("weight ") + std::to_string(value) + " of '" +
                name + "' has no code");
      return {};
    }
    codes->setInteger(int64_t(i), int64_t(*code));
  }
  return n.constant(mlir::RankedTensorType::get(tensor->getShape(), type),
                    codes->getBytes(), name);
}

template <typename OpTy> bool importLayer(NodeImporter &n, bool isShift) {
  if (!n.requireInputs(2))
    return false;
  mlir::Value x = n.input(0);
  Shape shape = n.inputShape(1);
  auto window = readConvolutionWindow(n, x, shape);
  if (!window)
    return false;
  mlir::Value filter = n.permutedInput(1, filterToChannelsLast(shape.size()));
  if (isShift)
    filter = encodePowersOfTwo(n, filter, n.node.inputs[1]);
  return n.set(0, buildConvolution<OpTy>(n, n.elementType(x), x, filter,
                                         n.input(2), *window));
}

template <typename OpTy> bool importDense(NodeImporter &n, bool isShift) {
  std::optional<GemmOperands> g = readGemm(n);
  if (!g || !g->filter)
    return false;
  mlir::Value filter = g->filter;
  if (isShift)
    filter = encodePowersOfTwo(n, filter, n.node.inputs[1]);
  mlir::Type element = n.elementType(g->input);
  bool joins = g->alpha == 1 && g->bias;
  mlir::Value y = n.make<OpTy>(productType(n, g->input), g->input, filter,
                               OptionalValue{joins ? g->bias : mlir::Value()});
  if (g->alpha != 1)
    y = n.mul(y, n.scalar(element, g->alpha));
  if (g->bias && !joins)
    y = n.add(y, g->bias);
  if (g->addend)
    y = n.add(y, g->addend);
  return n.set(0, y);
}

} // namespace

bool importShiftConv(NodeImporter &n) {
  return importLayer<ShiftConvOp>(n, true);
}
bool importAdderConv(NodeImporter &n) {
  return importLayer<AdderConvOp>(n, false);
}
bool importShiftGemm(NodeImporter &n) {
  return importDense<ShiftDenseOp>(n, true);
}
bool importAdderGemm(NodeImporter &n) {
  return importDense<AdderDenseOp>(n, false);
}

} // namespace shiftadd::onnx_import
