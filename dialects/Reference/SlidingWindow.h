//===- SlidingWindow.h - Windows over channels-last tensors -----*- C++ -*-===//
//
// Part of the shiftadd project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Inside the reference interpreter only: the geometry that convolutions and
// pools share, written for three spatial dimensions (fewer ones are 1 wide),
// and the sum over windows that every layer with weights is made of.
//
//===----------------------------------------------------------------------===//
#ifndef SHIFTADD_REFERENCE_SLIDINGWINDOW_H
#define SHIFTADD_REFERENCE_SLIDINGWINDOW_H

#include "dialects/Reference/Evaluators.h"

#include "llvm/Support/Parallel.h"

#include <cmath>
#include <vector>

namespace shiftadd::ref {

using Sizes = std::array<int64_t, 3>;

inline int64_t volume(const Sizes &sizes) {
  return sizes[0] * sizes[1] * sizes[2];
}

struct Window {
  int64_t batch = 1;
  int64_t channels = 1;
  size_t spatialRank = 0;
  Sizes input{1, 1, 1};
  Sizes output{1, 1, 1};
  Sizes kernel{1, 1, 1};
  Sizes strides{1, 1, 1};
  Sizes low{0, 0, 0};
  Sizes high{0, 0, 0};
  Sizes dilations{1, 1, 1};

  /// A window over an input [batch, sizes..., channels]. Output sizes follow
  /// N27.
  static llvm::Expected<Window> get(llvm::ArrayRef<int64_t> input,
                                    llvm::ArrayRef<int64_t> kernel,
                                    llvm::ArrayRef<int64_t> strides,
                                    llvm::ArrayRef<int64_t> padding,
                                    llvm::ArrayRef<int64_t> dilations);

  /// A matrix [rows, depth] as a row of pixels under a window of one.
  static Window getMatrix(int64_t rows, int64_t depth);

  Sizes getPadded() const {
    return {low[0] + input[0] + high[0], low[1] + input[1] + high[1],
            low[2] + input[2] + high[2]};
  }
  /// [batch, output sizes..., channels]
  Shape getResultShape(int64_t resultChannels) const;

  /// Calls visit(pixel, inside) for every output pixel, batch included:
  /// `inside` are the input pixels of its window that are not padding.
  template <typename Visit> void forEachPixel(Visit visit) const;
};

template <typename Visit> void Window::forEachPixel(Visit visit) const {
  std::vector<int64_t> inside;
  int64_t pixel = 0;
  for (int64_t n = 0; n < batch; ++n)
    for (int64_t z = 0; z < output[0]; ++z)
      for (int64_t y = 0; y < output[1]; ++y)
        for (int64_t x = 0; x < output[2]; ++x) {
          inside.clear();
          for (int64_t kz = 0; kz < kernel[0]; ++kz)
            for (int64_t ky = 0; ky < kernel[1]; ++ky)
              for (int64_t kx = 0; kx < kernel[2]; ++kx) {
                int64_t iz = z * strides[0] + kz * dilations[0] - low[0];
                int64_t iy = y * strides[1] + ky * dilations[1] - low[1];
                int64_t ix = x * strides[2] + kx * dilations[2] - low[2];
                if (iz >= 0 && iz < input[0] && iy >= 0 && iy < input[1] &&
                    ix >= 0 && ix < input[2])
                  inside.push_back(
                      ((n * input[0] + iz) * input[1] + iy) * input[2] + ix);
              }
          visit(pixel++, inside);
        }
}

/// A wide integer where 64 bits may not hold a sum.
using Wide = __int128;

template <typename T> T loadOperand(const Tensor &tensor, int64_t index) {
  if constexpr (std::is_same_v<T, double>)
    return tensor.getDouble(index);
  else if (tensor.isUnsigned())
    return static_cast<T>(tensor.getUnsigned(index));
  else
    return static_cast<T>(tensor.getInteger(index));
}

struct Multiply {
  template <typename T> static T term(T x, T w) { return x * w; }
};
/// The term of an adder layer (N25), its minus included.
struct NegatedDifference {
  template <typename T> static T term(T x, T w) {
    if constexpr (std::is_same_v<T, double>)
      return -std::fabs(x - w);
    else
      return x < w ? x - w : w - x;
  }
};

/// Whether each group has one input and one output channel. Such weights lie as
/// [tap][group], so that the innermost loop runs over the channels.
inline bool isDepthwise(int64_t groups, int64_t channels, int64_t outputs) {
  return groups > 1 && groups == channels && groups == outputs;
}

/// The sum of Term over every window. `input` is padded: [batch, getPadded(),
/// channels]. `weights` are [group][tap][channel of the group][output of the
/// group]; then the innermost loop runs over outputs, whose sums are
/// independent. The result is [batch, output, outputs], every sum in the order
/// of taps and channels.
template <typename T, typename Term>
std::vector<T> sumWindows(const Window &window, int64_t groups, int64_t outputs,
                          const std::vector<T> &input,
                          const std::vector<T> &weights) {
  Sizes padded = window.getPadded();
  int64_t groupChannels = window.channels / groups;
  int64_t groupOutputs = outputs / groups;
  bool depthwise = isDepthwise(groups, window.channels, outputs);
  const Sizes &kernel = window.kernel;
  int64_t taps = volume(kernel);
  std::vector<T> result(size_t(window.batch * volume(window.output) * outputs));

  // The first element under tap (kz, ky, kx) of the window at a pixel.
  auto source = [&](int64_t n, int64_t z, int64_t y, int64_t x,
                    const Sizes &tap) {
    int64_t iz = z * window.strides[0] + tap[0] * window.dilations[0];
    int64_t iy = y * window.strides[1] + tap[1] * window.dilations[1];
    int64_t ix = x * window.strides[2] + tap[2] * window.dilations[2];
    return input.data() +
           (((n * padded[0] + iz) * padded[1] + iy) * padded[2] + ix) *
               window.channels;
  };
  auto forEachTap = [&](auto visit) {
    int64_t t = 0;
    for (int64_t kz = 0; kz < kernel[0]; ++kz)
      for (int64_t ky = 0; ky < kernel[1]; ++ky)
        for (int64_t kx = 0; kx < kernel[2]; ++kx)
          visit(t++, Sizes{kz, ky, kx});
  };

  // A few pixels together read the weights once.
  constexpr int64_t kBlock = 4;
  auto computeRow = [&](size_t row) {
    int64_t y = int64_t(row) % window.output[1];
    int64_t z = int64_t(row) / window.output[1] % window.output[0];
    int64_t n = int64_t(row) / (window.output[1] * window.output[0]);
    T *out = result.data() + int64_t(row) * window.output[2] * outputs;
    for (int64_t x = 0; x < window.output[2]; x += kBlock) {
      int64_t block = std::min(kBlock, window.output[2] - x);
      for (int64_t g = 0; g < (depthwise ? 1 : groups); ++g)
        forEachTap([&](int64_t t, const Sizes &tap) {
          const T *from[kBlock];
          for (int64_t p = 0; p < block; ++p)
            from[p] = source(n, z, y, x + p, tap) + g * groupChannels;
          if (depthwise) {
            for (int64_t p = 0; p < block; ++p) {
              T *sums = out + (x + p) * outputs;
              for (int64_t c = 0; c < outputs; ++c)
                sums[c] += Term::template term<T>(
                    from[p][c], weights[size_t(t * outputs + c)]);
            }
            return;
          }
          const T *w =
              weights.data() + (g * taps + t) * groupChannels * groupOutputs;
          for (int64_t c = 0; c < groupChannels; ++c, w += groupOutputs)
            for (int64_t p = 0; p < block; ++p) {
              T *__restrict sums = out + (x + p) * outputs + g * groupOutputs;
              T value = from[p][c];
              for (int64_t o = 0; o < groupOutputs; ++o)
                sums[o] += Term::template term<T>(value, w[o]);
            }
        });
    }
  };
  auto rows = size_t(window.batch * window.output[0] * window.output[1]);
  if (rows == 1)
    computeRow(0);
  else
    llvm::parallelFor(0, rows, computeRow);
  return result;
}

} // namespace shiftadd::ref

#endif // SHIFTADD_REFERENCE_SLIDINGWINDOW_H
