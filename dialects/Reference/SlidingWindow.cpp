//===- SlidingWindow.cpp - Windows over channels-last tensors -------------===//
//
// Part of the shiftadd project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
#include "dialects/Reference/SlidingWindow.h"

namespace shiftadd::ref {

llvm::Expected<Window> Window::get(llvm::ArrayRef<int64_t> input,
                                   llvm::ArrayRef<int64_t> kernel,
                                   llvm::ArrayRef<int64_t> strides,
                                   llvm::ArrayRef<int64_t> padding,
                                   llvm::ArrayRef<int64_t> dilations) {
  size_t rank = kernel.size();
  if (rank < 1 || rank > 3 || input.size() != rank + 2)
    return makeError("needs 1 to 3 spatial dimensions between batch and "
                     "channels");
  if (strides.size() != rank || dilations.size() != rank ||
      padding.size() != 2 * rank)
    return makeError("needs one stride, one dilation and a (low, high) padding "
                     "pair per spatial dimension");
  Window window;
  window.batch = input.front();
  window.channels = input.back();
  window.spatialRank = rank;
  // Bounds every size, so that the arithmetic below cannot overflow.
  constexpr int64_t kLargest = int64_t(1) << 31;
  for (size_t d = 0; d < rank; ++d) {
    size_t to = 3 - rank + d;
    int64_t low = padding[2 * d];
    int64_t high = padding[2 * d + 1];
    for (int64_t value : {kernel[d], strides[d], dilations[d]})
      if (value < 1 || value > kLargest)
        return makeError("kernel sizes, strides and dilations must be "
                         "positive");
    if (low < 0 || high < 0 || low > kLargest || high > kLargest)
      return makeError("padding must not be negative");
    int64_t room =
        input[d + 1] + low + high - dilations[d] * (kernel[d] - 1) - 1;
    if (room < 0)
      return makeError("the window is larger than the padded input");
    window.input[to] = input[d + 1];
    window.kernel[to] = kernel[d];
    window.strides[to] = strides[d];
    window.dilations[to] = dilations[d];
    window.low[to] = low;
    window.high[to] = high;
    window.output[to] = room / strides[d] + 1;
  }
  return window;
}

Window Window::getMatrix(int64_t rows, int64_t depth) {
  Window window;
  window.channels = depth;
  window.spatialRank = 1;
  window.input[2] = rows;
  window.output[2] = rows;
  return window;
}

Shape Window::getResultShape(int64_t resultChannels) const {
  Shape shape{batch};
  shape.append(output.begin() + ptrdiff_t(3 - spatialRank), output.end());
  shape.push_back(resultChannels);
  return shape;
}

} // namespace shiftadd::ref
