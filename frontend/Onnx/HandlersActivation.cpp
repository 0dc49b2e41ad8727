//===- HandlersActivation.cpp - Activations -------------------------------===//
//
// Part of the shiftadd project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Activations without an op of their own are stated in elementary ops; on f16
// and bf16 those compute in f32, so that only the result is rounded.
//
//===----------------------------------------------------------------------===//

#include "frontend/Onnx/Handlers.h"

#include <cmath>
#include <limits>
#include <numbers>

namespace shiftadd::onnx_import {
namespace {

template <typename OpTy, typename... Args>
bool importUnary(NodeImporter &n, Args... attributes) {
  return n.requireInputs(1) &&
         n.set(0, n.make<OpTy>(n.elementType(n.input(0)), n.input(0),
                               n.builder.getF64FloatAttr(attributes)...));
}

/// The operand in the type to compute in.
mlir::Value wideInput(NodeImporter &n) {
  if (!n.requireInputs(1))
    return {};
  mlir::Value x = n.input(0);
  return n.isNarrowFloat(x) ? n.cast(x, n.builder.getF32Type()) : x;
}

bool setNarrowed(NodeImporter &n, mlir::Value y) {
  return n.set(0, n.cast(y, n.elementType(n.input(0))));
}

} // namespace

bool importRelu(NodeImporter &n) { return importUnary<ReluOp>(n); }
bool importSigmoid(NodeImporter &n) { return importUnary<SigmoidOp>(n); }
bool importTanh(NodeImporter &n) { return importUnary<TanhOp>(n); }
bool importSoftplus(NodeImporter &n) { return importUnary<SoftplusOp>(n); }

bool importLeakyRelu(NodeImporter &n) {
  return importUnary<LeakyReluOp>(n, n.getFloat("alpha", 0.01f));
}

bool importElu(NodeImporter &n) {
  return importUnary<EluOp>(n, n.getFloat("alpha", 1.0));
}

bool importHardSigmoid(NodeImporter &n) {
  return importUnary<HardSigmoidOp>(n, n.getFloat("alpha", 0.2f),
                                    n.getFloat("beta", 0.5));
}

bool importPRelu(NodeImporter &n) {
  return n.requireInputs(2) &&
         n.set(0, n.binary<PreluOp>(n.input(0), n.input(1)));
}

bool importHardSwish(NodeImporter &n) {
  mlir::Value x = wideInput(n);
  mlir::Value gate = n.make<HardSigmoidOp>(n.elementType(x), x,
                                           n.builder.getF64FloatAttr(1.0 / 6),
                                           n.builder.getF64FloatAttr(0.5));
  return setNarrowed(n, n.mul(x, gate));
}

bool importMish(NodeImporter &n) {
  mlir::Value x = wideInput(n);
  return setNarrowed(n, n.mul(x, n.unary<TanhOp>(n.unary<SoftplusOp>(x))));
}

bool importGelu(NodeImporter &n) {
  mlir::Value x = wideInput(n);
  std::string approximate = n.getString("approximate", "none");
  auto number = [&](double value) { return n.scalar(n.elementType(x), value); };
  mlir::Value inner;
  if (approximate == "none") {
    inner = n.unary<ErfOp>(n.mul(x, number(std::numbers::sqrt2 / 2)));
  } else if (approximate == "tanh") {
    mlir::Value cube = n.mul(n.mul(x, x), x);
    mlir::Value sum = n.add(x, n.mul(cube, number(0.044715)));
    inner = n.unary<TanhOp>(
        n.mul(sum, number(std::sqrt(2 * std::numbers::inv_pi))));
  } else {
    return n.invalid("approximate must be none or tanh");
  }
  mlir::Value half = n.mul(x, number(0.5));
  return setNarrowed(n, n.mul(half, n.add(inner, number(1))));
}

bool importClipAttributes(NodeImporter &n) {
  if (!n.requireInputs(1))
    return false;
  std::optional<double> minimum, maximum;
  // The defaults are the bounds of f32 and do not bind.
  if (n.hasAttribute("min"))
    minimum = n.getFloat("min", 0);
  if (n.hasAttribute("max"))
    maximum = n.getFloat("max", 0);
  return n.set(0, n.clamp(n.input(0), minimum, maximum));
}

bool importClip(NodeImporter &n) {
  if (!n.requireInputs(1))
    return false;
  mlir::Value x = n.input(0);
  bool constantBounds = n.isFloat(x) && (!n.hasInput(1) || n.isConstant(1)) &&
                        (!n.hasInput(2) || n.isConstant(2));
  if (constantBounds) {
    std::optional<double> bounds[2];
    for (size_t i : {0, 1}) {
      if (!n.hasInput(i + 1))
        continue;
      bounds[i] = n.constantFloat(i + 1, i ? "max" : "min");
      if (!bounds[i])
        return false;
    }
    // NaN bounds and crossed ones keep the meaning of max and min.
    bool ordered = !(bounds[0] && std::isnan(*bounds[0])) &&
                   !(bounds[1] && std::isnan(*bounds[1]));
    if (ordered)
      return n.set(0, n.clamp(x, bounds[0], bounds[1]));
  }
  if (n.hasInput(1))
    x = n.binary<MaxOp>(x, n.input(1));
  if (n.hasInput(2))
    x = n.binary<MinOp>(x, n.input(2));
  return n.set(0, x);
}

namespace {

template <typename OpTy> bool importAlongAxis(NodeImporter &n) {
  if (!n.requireInputs(1))
    return false;
  mlir::Value x = n.input(0);
  auto axis = n.normalizeAxis(n.getInt("axis", -1), n.rank(x));
  if (!axis)
    return false;
  return n.set(
      0, n.make<OpTy>(n.elementType(x), x, n.builder.getI64IntegerAttr(*axis)));
}

/// Before version 13 all dimensions from the axis on are one.
template <typename OpTy> bool importFlat(NodeImporter &n) {
  if (!n.requireInputs(1))
    return false;
  mlir::Value x = n.input(0);
  Shape shape = n.shapeOf(x);
  int64_t given = n.getInt("axis", 1);
  if (given == int64_t(shape.size()))
    shape.push_back(1);
  auto axis = n.normalizeAxis(given, shape.size());
  if (!axis)
    return false;
  Shape flat(shape.begin(), shape.begin() + *axis);
  int64_t count = 1;
  for (int64_t size : llvm::ArrayRef(shape).drop_front(*axis)) {
    if (mlir::ShapedType::isDynamic(size))
      return n.unsupported("mixes the samples of the free batch; fix the batch "
                           "with --shape");
    count *= size;
  }
  flat.push_back(count);
  mlir::Value y = n.make<OpTy>(n.elementType(x), n.reshape(x, flat),
                               n.builder.getI64IntegerAttr(*axis));
  return n.set(0, n.reshape(y, n.shapeOf(x)));
}

} // namespace

bool importSoftmax(NodeImporter &n) { return importAlongAxis<SoftmaxOp>(n); }
bool importLogSoftmax(NodeImporter &n) {
  return importAlongAxis<LogSoftmaxOp>(n);
}
bool importFlatSoftmax(NodeImporter &n) { return importFlat<SoftmaxOp>(n); }
bool importFlatLogSoftmax(NodeImporter &n) {
  return importFlat<LogSoftmaxOp>(n);
}

} // namespace shiftadd::onnx_import
