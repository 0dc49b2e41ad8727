//===- HandlersResize.cpp - Resampling ------------------------------------===//
//
// Part of the shiftadd project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Every axis is resampled by itself: where each output element comes from is
// known at compile time, so a nearest-neighbour step is one gather and a linear
// one a weighted sum of two.
//
//===----------------------------------------------------------------------===//

#include "frontend/Onnx/Handlers.h"

#include <cmath>

namespace shiftadd::onnx_import {
namespace {

struct AxisResize {
  int64_t axis = 0;
  int64_t from = 1, to = 1; ///< sizes
  double scale = 1;
  double start = 0, end = 1; ///< region of interest
};

struct ResizeMode {
  bool isLinear = false;
  std::string coordinates; ///< coordinate_transformation_mode
  std::string nearest;     ///< nearest_mode
  double extrapolation = 0;
};

/// Where output element `i` lies in the input.
double sourceCoordinate(const AxisResize &r, const std::string &mode,
                        int64_t i) {
  double x = double(i), from = double(r.from);
  // The exact size, which the real one is the integer part of.
  double to = r.scale * from;
  if (mode == "asymmetric")
    return x / r.scale;
  if (mode == "tf_half_pixel_for_nn")
    return (x + 0.5) / r.scale;
  if (mode == "align_corners")
    return to == 1 ? 0 : x * (from - 1) / (to - 1);
  if (mode == "pytorch_half_pixel" && to == 1)
    return -0.5;
  if (mode == "tf_crop_and_resize") {
    double width = (r.end - r.start) * (from - 1);
    return r.start * (from - 1) + (to == 1 ? width / 2 : x * width / (to - 1));
  }
  double centre = (x + 0.5) / r.scale - 0.5;
  if (mode == "half_pixel_symmetric")
    centre += from / 2 * (1 - double(r.to) / to);
  return centre;
}

int64_t nearestIndex(double x, const std::string &mode) {
  double floor = std::floor(x), ratio = x - floor;
  if (ratio == 0 || mode == "floor")
    return int64_t(floor);
  bool up = mode == "ceil" || ratio > 0.5 ||
            (mode == "round_prefer_ceil" && ratio == 0.5);
  return int64_t(floor) + up;
}

mlir::Value resizeAxis(NodeImporter &n, mlir::Value x, const AxisResize &r,
                       const ResizeMode &mode) {
  Shape low, high;
  llvm::SmallVector<float> weights;
  llvm::SmallVector<char> outside;
  bool anyOutside = false;
  for (int64_t i = 0; i < r.to; ++i) {
    double source = sourceCoordinate(r, mode.coordinates, i);
    bool isOutside = mode.coordinates == "tf_crop_and_resize" &&
                     (source < 0 || source > double(r.from - 1));
    outside.push_back(isOutside);
    anyOutside |= isOutside;
    if (!std::isfinite(source) || std::abs(source) > 1e15) {
      n.invalid("its scales give no coordinates");
      return {};
    }
    auto clip = [&](int64_t index) {
      return std::clamp<int64_t>(index, 0, r.from - 1);
    };
    if (mode.isLinear) {
      double floor = std::floor(source);
      low.push_back(clip(int64_t(floor)));
      high.push_back(clip(int64_t(floor) + 1));
      weights.push_back(float(source - floor));
    } else {
      low.push_back(clip(nearestIndex(source, mode.nearest)));
    }
  }
  mlir::Value y = n.gather(x, low, r.axis);
  mlir::Type element = n.elementType(x);
  int64_t rank = n.rank(x);
  bool interpolates = llvm::any_of(weights, [](float w) { return w != 0; });
  if (mode.isLinear && interpolates) {
    auto along = [&](llvm::ArrayRef<float> values) {
      Shape shape(rank, 1);
      shape[r.axis] = r.to;
      mlir::Value vector =
          makeConstant(n.builder, n.location, shape, values).getResult();
      return n.cast(vector, element);
    };
    llvm::SmallVector<float> rest;
    for (float weight : weights)
      rest.push_back(1 - weight);
    y = n.add(n.mul(y, along(rest)),
              n.mul(n.gather(x, high, r.axis), along(weights)));
  }
  if (anyOutside) {
    Shape shape(rank, 1);
    shape[r.axis] = r.to;
    mlir::Value mask =
        n.constant(mlir::RankedTensorType::get(shape, n.builder.getI1Type()),
                   outside, "outside");
    y = n.make<WhereOp>(element, mask, n.scalar(element, mode.extrapolation),
                        y);
  }
  return y;
}

bool resize(NodeImporter &n, llvm::ArrayRef<AxisResize> axes,
            const ResizeMode &mode) {
  mlir::Value x = mode.isLinear ? n.input(0) : n.movedInput();
  if (mode.coordinates == "tf_crop_and_resize")
    x = n.input(0);
  mlir::Type element = n.elementType(x);
  bool widens =
      mode.isLinear && !(element && (element.isF32() || element.isF64()));
  mlir::Value y = widens ? n.cast(x, n.builder.getF32Type()) : x;
  for (const AxisResize &r : axes) {
    bool isWhole = r.start == 0 && r.end == 1;
    if (r.scale == 1 && r.from == r.to && isWhole)
      continue;
    if (r.to > 0 && r.from == 0)
      return n.invalid("resamples an empty dimension");
    y = resizeAxis(n, y, r, mode);
  }
  return n.set(0, n.cast(y, element));
}

bool checkMode(NodeImporter &n, std::string &mode) {
  mode = n.getString("mode", "nearest");
  if (mode == "bilinear") // the name that Upsample once had
    mode = "linear";
  return mode == "nearest" || mode == "linear" ||
         n.unsupported("mode '" + mode + "'");
}

/// Axis `d` of the input; an error when it is the free batch.
bool startAxis(NodeImporter &n, int64_t d, AxisResize &r) {
  r.axis = d;
  r.from = n.shapeOf(n.codedInput(0))[d];
  return !mlir::ShapedType::isDynamic(r.from) ||
         n.unsupported("resamples the free batch; fix the batch with --shape");
}

bool setScale(NodeImporter &n, double scale, AxisResize &r) {
  if (!(scale > 0) || !std::isfinite(scale) ||
      scale * double(r.from) > double(INT32_MAX))
    return n.invalid("has a bad scale");
  r.scale = scale;
  r.to = int64_t(std::floor(scale * double(r.from)));
  return true;
}

} // namespace

bool importResize10(NodeImporter &n) {
  std::string name;
  if (!n.requireInputs(1) || !checkMode(n, name))
    return false;
  llvm::SmallVector<double> scales;
  if (n.hasAttribute("scales")) {
    for (float scale : n.getFloats("scales"))
      scales.push_back(scale);
  } else {
    std::optional<ref::Tensor> tensor = n.constant(1);
    if (!tensor)
      return n.needsConstant(1, "scales");
    for (int64_t i = 0; i < tensor->getElementCount(); ++i)
      scales.push_back(tensor->getDouble(i));
  }
  int64_t rank = n.rank(n.codedInput(0));
  if (int64_t(scales.size()) != rank)
    return n.invalid("needs one scale per dimension");
  llvm::SmallVector<AxisResize> axes;
  for (int64_t d = 0; d < rank; ++d) {
    AxisResize r;
    if (scales[d] == 1)
      continue;
    if (!startAxis(n, d, r) || !setScale(n, scales[d], r))
      return false;
    axes.push_back(r);
  }
  ResizeMode mode;
  mode.isLinear = name == "linear";
  mode.coordinates = "asymmetric";
  mode.nearest = "floor";
  return resize(n, axes, mode);
}

namespace {

/// Sizes from the operand `sizes`, whose ratio may have to be kept.
bool applySizes(NodeImporter &n, llvm::ArrayRef<int64_t> sizes,
                llvm::MutableArrayRef<AxisResize> axes) {
  std::string policy = n.getString("keep_aspect_ratio_policy", "stretch");
  if (policy != "stretch" && policy != "not_larger" && policy != "not_smaller")
    return n.invalid("keep_aspect_ratio_policy is '" + policy + "'");
  std::optional<double> common;
  for (auto [r, size] : llvm::zip_equal(axes, sizes)) {
    if (size < 0 || size > INT32_MAX || (r.from == 0 && size != 0))
      return n.invalid("has a bad size");
    r.to = size;
    r.scale = r.from == 0 ? 1 : double(size) / double(r.from);
    if (!common)
      common = r.scale;
    common = policy == "not_larger" ? std::min(*common, r.scale)
                                    : std::max(*common, r.scale);
  }
  if (policy == "stretch" || !common)
    return true;
  for (AxisResize &r : axes) {
    r.scale = *common;
    r.to = int64_t(*common * double(r.from) + 0.5);
  }
  return true;
}

} // namespace

bool importResize(NodeImporter &n) {
  std::string name;
  if (!n.requireInputs(1) || !checkMode(n, name))
    return false;
  ResizeMode mode;
  mode.isLinear = name == "linear";
  mode.coordinates =
      n.getString("coordinate_transformation_mode", "half_pixel");
  mode.nearest = n.getString("nearest_mode", "round_prefer_floor");
  mode.extrapolation = n.getFloat("extrapolation_value", 0);
  static constexpr llvm::StringLiteral known[] = {
      "half_pixel",        "half_pixel_symmetric", "pytorch_half_pixel",
      "align_corners",     "asymmetric",           "tf_half_pixel_for_nn",
      "tf_crop_and_resize"};
  static constexpr llvm::StringLiteral rounding[] = {
      "round_prefer_floor", "round_prefer_ceil", "floor", "ceil"};
  if (!llvm::is_contained(known, mode.coordinates))
    return n.unsupported("coordinate_transformation_mode '" + mode.coordinates +
                         "'");
  if (!llvm::is_contained(rounding, mode.nearest))
    return n.unsupported("nearest_mode '" + mode.nearest + "'");

  int64_t rank = n.rank(n.codedInput(0));
  Shape order = n.getInts("axes");
  if (!n.hasAttribute("axes"))
    for (int64_t d = 0; d < rank; ++d)
      order.push_back(d);
  for (int64_t &axis : order) {
    auto normalized = n.normalizeAxis(axis, rank);
    if (!normalized)
      return false;
    axis = *normalized;
  }

  // An empty tensor stands for an absent operand.
  std::optional<ref::Tensor> operands[4];
  for (size_t i = 1; i < 4; ++i) {
    if (!n.hasInput(i))
      continue;
    // Only one mode looks at the region.
    if (i == 1 && mode.coordinates != "tf_crop_and_resize")
      continue;
    operands[i] = n.constant(i);
    if (!operands[i])
      return n.needsConstant(i, i == 1   ? "region of interest"
                                : i == 2 ? "scales"
                                         : "sizes");
    if (operands[i]->getElementCount() == 0)
      operands[i].reset();
  }
  const std::optional<ref::Tensor> &given =
      operands[2] ? operands[2] : operands[3];
  if (!given || given->getElementCount() != int64_t(order.size()))
    return n.invalid("needs one scale or one size per axis");
  if (operands[1] &&
      operands[1]->getElementCount() != 2 * int64_t(order.size()))
    return n.invalid("needs two numbers of its region per axis");

  llvm::SmallVector<AxisResize> axes;
  Shape sizes;
  for (auto [i, axis] : llvm::enumerate(order)) {
    AxisResize r;
    bool isFree = mlir::ShapedType::isDynamic(n.shapeOf(n.codedInput(0))[axis]);
    if (isFree && operands[2] && given->getDouble(int64_t(i)) == 1)
      continue;
    if (!startAxis(n, axis, r))
      return false;
    if (operands[2] && !setScale(n, given->getDouble(int64_t(i)), r))
      return false;
    if (operands[1]) {
      r.start = operands[1]->getDouble(int64_t(i));
      r.end = operands[1]->getDouble(int64_t(i + order.size()));
    }
    sizes.push_back(given->getInteger(int64_t(i)));
    axes.push_back(r);
  }
  if (!operands[2] && !applySizes(n, sizes, axes))
    return false;
  return resize(n, axes, mode);
}

} // namespace shiftadd::onnx_import
