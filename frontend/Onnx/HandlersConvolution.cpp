//===- HandlersConvolution.cpp - Convolutions -----------------------------===//
//
// Part of the shiftadd project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// ONNX tensors are channels-first: the op stands between two transposes, which
// later passes remove.
//
//===----------------------------------------------------------------------===//

#include "frontend/Onnx/Convolution.h"
#include "frontend/Onnx/Handlers.h"

namespace shiftadd::onnx_import {

using mlir::ShapedType;

Shape filterToChannelsLast(int64_t rank) {
  Shape permutation{0};
  for (int64_t d = 2; d < rank; ++d)
    permutation.push_back(d);
  permutation.push_back(1);
  return permutation;
}

std::optional<Window> readConvolutionWindow(NodeImporter &n, mlir::Value x,
                                            llvm::ArrayRef<int64_t> filter) {
  std::optional<Shape> sizes = spatialSizes(n, x);
  if (!sizes)
    return std::nullopt;
  if (filter.size() != sizes->size() + 2) {
    n.invalid("its filter has " + llvm::Twine(filter.size()) +
              " dimensions, its input " + llvm::Twine(sizes->size() + 2));
    return std::nullopt;
  }
  if (llvm::any_of(filter, ShapedType::isDynamic)) {
    n.unsupported("a filter whose size is not known");
    return std::nullopt;
  }
  return readWindow(n, *sizes, filter.drop_front(2));
}

bool importConv(NodeImporter &n) {
  if (!n.requireInputs(2))
    return false;
  mlir::Value x = n.input(0);
  Shape shape = n.inputShape(1);
  auto window = readConvolutionWindow(n, x, shape);
  if (!window)
    return false;
  mlir::Value filter = n.permutedInput(1, filterToChannelsLast(shape.size()));
  return n.set(0, buildConvolution<ConvOp>(n, n.elementType(x), x, filter,
                                           n.input(2), *window));
}

namespace {

/// [C, O / groups, kernel...] to [O, kernel..., C / groups].
mlir::Value transposedFilter(NodeImporter &n, int64_t groups) {
  Shape shape = n.inputShape(1);
  int64_t rank = shape.size();
  Shape permutation;
  if (groups == 1) {
    for (int64_t d = 1; d < rank; ++d)
      permutation.push_back(d);
    permutation.push_back(0);
    return n.permutedInput(1, permutation);
  }
  Shape split{groups, shape[0] / groups};
  llvm::append_range(split, llvm::ArrayRef(shape).drop_front());
  permutation = {0, 2};
  for (int64_t d = 3; d <= rank; ++d)
    permutation.push_back(d);
  permutation.push_back(1);
  Shape joined{groups * shape[1]};
  llvm::append_range(joined, llvm::ArrayRef(shape).drop_front(2));
  joined.push_back(shape[0] / groups);
  return n.reshape(n.transpose(n.reshape(n.input(1), split), permutation),
                   joined);
}

/// Padding and output padding of a transposed convolution, which together give
/// the output size.
bool readTransposedPadding(NodeImporter &n, llvm::ArrayRef<int64_t> sizes,
                           Window &window, Shape &outputPadding) {
  size_t rank = sizes.size();
  std::string mode = n.getString("auto_pad", "NOTSET");
  bool isSame = mode == "SAME_UPPER" || mode == "SAME_LOWER";
  if (!isSame && mode != "NOTSET" && mode != "VALID" && !mode.empty())
    return n.invalid("auto_pad is '" + mode + "'");
  outputPadding = n.getInts("output_padding");
  if (outputPadding.empty())
    outputPadding.assign(rank, 0);
  Shape pads = n.getInts("pads"), wanted = n.getInts("output_shape");
  if (pads.empty() || isSame || mode == "VALID")
    pads.assign(2 * rank, 0);
  // Some exporters list batch and channels, too.
  if (wanted.size() == rank + 2)
    wanted.erase(wanted.begin(), wanted.begin() + 2);
  if (outputPadding.size() != rank || pads.size() != 2 * rank ||
      (!wanted.empty() && wanted.size() != rank))
    return n.invalid("pads, output_padding or output_shape do not have " +
                     llvm::Twine(rank) + " dimensions");
  for (size_t d = 0; d < rank; ++d) {
    int64_t low = pads[d], high = pads[d + rank];
    if (isSame || !wanted.empty()) {
      int64_t target =
          wanted.empty() ? sizes[d] * window.strides[d] : wanted[d];
      int64_t total = window.strides[d] * (sizes[d] - 1) + outputPadding[d] +
                      window.dilations[d] * (window.kernel[d] - 1) + 1 - target;
      if (total < 0) {
        // Nothing reaches the rest of the output.
        outputPadding[d] -= total;
        total = 0;
      }
      low = mode == "SAME_UPPER" ? total / 2 : total - total / 2;
      high = total - low;
    }
    if (low < 0 || high < 0 || outputPadding[d] < 0)
      return n.unsupported("negative padding");
    window.padding[2 * d] = low;
    window.padding[2 * d + 1] = high;
  }
  return true;
}

} // namespace

bool importConvTranspose(NodeImporter &n) {
  if (!n.requireInputs(2))
    return false;
  mlir::Value x = n.input(0);
  std::optional<Shape> sizes = spatialSizes(n, x);
  if (!sizes)
    return false;
  Shape shape = n.inputShape(1);
  int64_t groups = n.getInt("group", 1);
  if (shape.size() != sizes->size() + 2 || groups < 1 ||
      llvm::any_of(shape, ShapedType::isDynamic) || shape[0] % groups != 0 ||
      shape[0] != n.shapeOf(x)[1])
    return n.invalid("its filter does not fit the input");
  auto window =
      readUnpaddedWindow(n, sizes->size(), llvm::ArrayRef(shape).drop_front(2));
  Shape outputPadding;
  if (!window || !readTransposedPadding(n, *sizes, *window, outputPadding))
    return false;
  mlir::Value y = n.make<ConvTransposeOp>(
      n.elementType(x), n.toChannelsLast(x), transposedFilter(n, groups),
      OptionalValue{n.input(2)}, llvm::ArrayRef<int64_t>(window->strides),
      llvm::ArrayRef<int64_t>(window->padding),
      llvm::ArrayRef<int64_t>(window->dilations),
      n.builder.getI64IntegerAttr(groups),
      llvm::ArrayRef<int64_t>(outputPadding));
  return n.set(0, n.toChannelsFirst(y));
}

} // namespace shiftadd::onnx_import
