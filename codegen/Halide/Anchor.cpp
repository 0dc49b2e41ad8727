//===- Anchor.cpp - Recognises anchored kernels -----------------*- C++ -*-===//
//
// Part of the shiftadd project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// The form that templates can take: the filter op first, then ops that work
// element by element on its result.
//
//===----------------------------------------------------------------------===//
#include "codegen/Halide/Pack.h"
#include "codegen/Halide/Types.h"

#include <algorithm>

namespace shiftadd::halide_gen {

bool pixelsLinear(const std::vector<int64_t> &shape, const Layout &layout) {
  int64_t expected = -1;
  for (size_t d = shape.size() > 1 ? shape.size() - 1 : 0; d-- > 0;) {
    if (shape[d] == 1)
      continue;
    if (expected >= 0 && layout.strides[d] != expected)
      return false;
    expected = layout.strides[d] * shape[d];
  }
  return true;
}

/// Every op behind the first works element by element at the result's shape,
/// and every output is the result of an op.
static bool hasElementwiseRest(const KernelSpec &spec) {
  const std::vector<int64_t> &shape = spec.ops[0].results[0].shape;
  int arguments = static_cast<int>(spec.arguments.size());
  for (size_t i = 1; i < spec.ops.size(); ++i) {
    const Op &op = spec.ops[i];
    if (!isElementwise(op) || op.results.size() != 1 ||
        op.results[0].shape != shape)
      return false;
    // Per-axis quantisation is served for channels only.
    for (int operand : op.operands)
      if (operand >= 0 && spec.typeOf(operand).quantized &&
          spec.typeOf(operand).quantization.axis >= 0 &&
          spec.typeOf(operand).shape != shape)
        return false;
  }
  return std::all_of(
      spec.outputs.begin(), spec.outputs.end(),
      [&](const Output &output) { return output.value >= arguments; });
}

static bool coversPadding(const Anchor &anchor) {
  const std::vector<int64_t> &input = anchor.inputType.shape;
  const std::vector<int64_t> &result = anchor.resultType.shape;
  const std::vector<int64_t> &filter = anchor.filterType.shape;
  for (size_t d = 0; d < anchor.strides.size(); ++d) {
    int64_t last = (result[d + 1] - 1) * anchor.strides[d] +
                   (filter[d + 1] - 1) * anchor.dilations[d] -
                   anchor.paddingLow[d];
    int64_t beyond = std::max<int64_t>(0, last - (input[d + 1] - 1));
    if (anchor.inputLayout.low[d + 1] < anchor.paddingLow[d] ||
        anchor.inputLayout.high[d + 1] < beyond)
      return false;
  }
  return true;
}

std::optional<Anchor> matchAnchor(const KernelSpec &spec) {
  if (spec.ops.empty())
    return std::nullopt;
  const Op &op = spec.ops[0];
  bool adder = op.op == "adder_conv" || op.op == "adder_dense";
  bool dense =
      op.op == "dense" || op.op == "shift_dense" || op.op == "adder_dense";
  if (!isFilterOp(op) || op.op == "conv_transpose" || op.operands.size() < 2)
    return std::nullopt;
  int arguments = static_cast<int>(spec.arguments.size());
  int input = op.operands[0], filter = op.operands[1];
  if (input < 0 || filter < 0 || input >= arguments || filter >= arguments ||
      spec.arguments[input].constant || !spec.arguments[filter].constant ||
      !hasElementwiseRest(spec))
    return std::nullopt;
  for (size_t i = 1; i < spec.ops.size(); ++i)
    if (std::count(spec.ops[i].operands.begin(), spec.ops[i].operands.end(),
                   filter))
      return std::nullopt;

  Anchor anchor;
  anchor.spec = &spec;
  anchor.arithmetic = adder ? Anchor::Arithmetic::AbsoluteDifference
                            : Anchor::Arithmetic::MultiplyAdd;
  anchor.dense = dense;
  anchor.input = input;
  anchor.filter = filter;
  anchor.inputType = spec.arguments[input].type;
  anchor.filterType = spec.arguments[filter].type;
  anchor.resultType = op.results[0];
  anchor.inputLayout = spec.arguments[input].layout;
  if (elementCount(anchor.resultType.shape) == 0 ||
      elementCount(anchor.filterType.shape) == 0)
    return std::nullopt;
  const ValueType &type = anchor.inputType;
  if (type.quantized) {
    if (type.quantization.zeroPoints.size() != 1)
      return std::nullopt;
    anchor.paddingValue = type.quantization.zeroPoints[0];
  }
  if (dense) {
    anchor.paddingStored = true;
    return anchor;
  }
  size_t spatial = type.shape.size() - 2;
  if (type.shape.size() < 3 || anchor.filterType.shape.size() != spatial + 2 ||
      anchor.resultType.shape.size() != spatial + 2)
    return std::nullopt;
  anchor.strides = listAttribute(op, "strides");
  anchor.dilations = listAttribute(op, "dilations");
  anchor.groups = integerAttribute(op, "groups");
  std::vector<int64_t> padding = listAttribute(op, "padding");
  if (anchor.strides.size() != spatial || anchor.dilations.size() != spatial ||
      padding.size() != 2 * spatial)
    throw SpecError(op.op + ": one stride, dilation and padding pair per "
                            "spatial dimension is expected");
  for (size_t d = 0; d < spatial; ++d) {
    anchor.paddingLow.push_back(padding[2 * d]);
    anchor.paddingHigh.push_back(padding[2 * d + 1]);
  }
  anchor.paddingStored = coversPadding(anchor);
  return anchor;
}

} // namespace shiftadd::halide_gen
