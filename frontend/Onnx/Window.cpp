//===- Window.cpp - Geometry of sliding windows ---------------------------===//
//
// Part of the shiftadd project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// auto_pad and ceil_mode end here: what leaves is strides, dilations and
// amounts.
//
//===----------------------------------------------------------------------===//

#include "frontend/Onnx/Window.h"

namespace shiftadd::onnx_import {

/// Larger numbers are no model's; sums of products of two stay exact.
static constexpr int64_t kLimit = int64_t(1) << 30;

bool Window::hasSurplus() const {
  return llvm::any_of(surplus, [](int64_t amount) { return amount != 0; });
}

Shape Window::fullPadding() const {
  Shape result = padding;
  for (size_t d = 0; d < rank(); ++d)
    result[2 * d + 1] = std::max<int64_t>(0, result[2 * d + 1] + surplus[d]);
  return result;
}

std::optional<Shape> spatialSizes(NodeImporter &n, mlir::Value x) {
  Shape shape = n.shapeOf(x);
  if (shape.size() < 3 || shape.size() > 5) {
    if (shape.size() > 5)
      n.unsupported("more than 3 spatial dimensions");
    else
      n.invalid("needs a tensor [N, C, spatial...], got " +
                llvm::Twine(shape.size()) + " dimensions");
    return std::nullopt;
  }
  return Shape(shape.begin() + 2, shape.end());
}

static std::optional<Shape> readList(NodeImporter &n, llvm::StringRef name,
                                     size_t length, int64_t otherwise,
                                     int64_t minimum) {
  Shape list = n.getInts(name);
  if (list.empty())
    list.assign(length, otherwise);
  bool sound = list.size() == length;
  for (int64_t number : list)
    sound &= number >= minimum && number <= kLimit;
  if (!sound) {
    n.invalid("attribute '" + name + "' needs " + llvm::Twine(length) +
              " numbers of at least " + llvm::Twine(minimum));
    return std::nullopt;
  }
  return list;
}

std::optional<Window> readUnpaddedWindow(NodeImporter &n, size_t rank,
                                         llvm::ArrayRef<int64_t> kernel) {
  Window window;
  auto strides = readList(n, "strides", rank, 1, 1);
  auto dilations = readList(n, "dilations", rank, 1, 1);
  if (!strides || !dilations)
    return std::nullopt;
  window.strides = *strides;
  window.dilations = *dilations;
  if (kernel.empty() || n.hasAttribute("kernel_shape")) {
    if (!n.hasAttribute("kernel_shape")) {
      n.invalid("attribute 'kernel_shape' is missing");
      return std::nullopt;
    }
    auto given = readList(n, "kernel_shape", rank, 1, 1);
    if (!given)
      return std::nullopt;
    if (!kernel.empty() && kernel != llvm::ArrayRef<int64_t>(*given)) {
      n.invalid("attribute 'kernel_shape' is not the shape of the filter");
      return std::nullopt;
    }
    window.kernel = *given;
  } else {
    window.kernel.assign(kernel.begin(), kernel.end());
  }
  if (window.kernel.size() != rank) {
    n.invalid("its filter does not fit the input");
    return std::nullopt;
  }
  window.padding.assign(2 * rank, 0);
  window.surplus.assign(rank, 0);
  return window;
}

/// What a window in ceil mode reaches beyond the padding. A window that would
/// begin there is dropped.
static int64_t ceilSurplus(int64_t size, int64_t low, int64_t high,
                           int64_t extent, int64_t stride) {
  int64_t room = size + low + high - extent;
  if (room < 0)
    return 0;
  int64_t count = (room + stride - 1) / stride + 1;
  if ((count - 1) * stride >= size + low)
    --count;
  if (count == room / stride + 1)
    return 0;
  return (count - 1) * stride - room;
}

std::optional<Window> readWindow(NodeImporter &n, llvm::ArrayRef<int64_t> sizes,
                                 llvm::ArrayRef<int64_t> kernel) {
  size_t rank = sizes.size();
  std::optional<Window> window = readUnpaddedWindow(n, rank, kernel);
  if (!window)
    return std::nullopt;
  std::string mode = n.getString("auto_pad", "NOTSET");
  bool isCeil = n.getInt("ceil_mode", 0) != 0;
  Shape pads(2 * rank, 0);
  if (mode == "NOTSET" || mode.empty()) {
    auto given = readList(n, "pads", 2 * rank, 0, -kLimit);
    if (!given)
      return std::nullopt;
    pads = *given;
  } else if (mode != "SAME_UPPER" && mode != "SAME_LOWER" && mode != "VALID") {
    n.invalid("auto_pad is '" + mode + "'");
    return std::nullopt;
  }
  for (size_t d = 0; d < rank; ++d) {
    int64_t extent = window->dilations[d] * (window->kernel[d] - 1) + 1;
    int64_t stride = window->strides[d];
    int64_t low = pads[d], high = pads[d + rank];
    if (mode == "SAME_UPPER" || mode == "SAME_LOWER") {
      int64_t count = (sizes[d] + stride - 1) / stride;
      int64_t total =
          std::max<int64_t>(0, (count - 1) * stride + extent - sizes[d]);
      low = mode == "SAME_UPPER" ? total / 2 : total - total / 2;
      high = total - low;
    }
    if (low < 0 || high < 0) {
      n.unsupported("negative padding");
      return std::nullopt;
    }
    window->padding[2 * d] = low;
    window->padding[2 * d + 1] = high;
    if (isCeil)
      window->surplus[d] = ceilSurplus(sizes[d], low, high, extent, stride);
  }
  return window;
}

} // namespace shiftadd::onnx_import
