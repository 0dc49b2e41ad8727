//===- WindowPattern.cpp - Windows found in element numbers -*- C++ -*-===//
//
// Part of the shiftadd project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// A few entries of the table suggest a window; the window then has to produce
// the whole table. A wrong suggestion costs time, never correctness.
//
//===----------------------------------------------------------------------===//
#include "passes/Normalize/WindowPattern.h"

#include "dialects/ShiftAdd/IR/Shapes.h"

#include "llvm/ADT/STLExtras.h"

#include <algorithm>
#include <functional>
#include <numeric>

namespace shiftadd {

namespace {

using Sizes = llvm::SmallVector<int64_t>;

/// A source element relative to an output position, per tap.
struct Tap {
  int64_t channel = 0;
  Sizes offset; ///< source coordinate - output coordinate * stride
};

class WindowFinder {
public:
  WindowFinder(const AccessPattern &pattern, llvm::ArrayRef<int64_t> shape,
               int64_t channel)
      : pattern(pattern), samples(shape[0]),
        groupChannels(shape[channel] / int64_t(pattern.groups.size())),
        channels(shape[channel]) {
    int64_t stride = 1;
    for (int64_t d = int64_t(shape.size()) - 1; d >= 0; --d) {
      if (d == 0)
        sampleStride = stride;
      else if (d == channel)
        channelStride = stride;
      else {
        sizes.insert(sizes.begin(), shape[d]);
        strides.insert(strides.begin(), stride);
      }
      stride *= shape[d];
    }
  }

  /// Tries every way to arrange the positions of a sample in a grid.
  std::optional<Window> find() {
    int64_t positions = pattern.positions.size();
    if (samples == 0 || positions % samples ||
        channels % int64_t(pattern.groups.size()))
      return std::nullopt;
    Sizes outputs(sizes.size(), 1);
    return findGrid(positions / samples, 0, outputs);
  }

private:
  std::optional<Window> findGrid(int64_t left, size_t dimension,
                                 Sizes &outputs) {
    if (dimension == outputs.size())
      return left == 1 ? fit(outputs) : std::nullopt;
    for (int64_t size = 1; size <= left; ++size) {
      if (left % size)
        continue;
      outputs[dimension] = size;
      if (auto window = findGrid(left / size, dimension + 1, outputs))
        return window;
    }
    return std::nullopt;
  }

  std::optional<Window> fit(const Sizes &outputs) {
    Window window;
    window.outputs = outputs;
    auto taps = findTaps(window);
    if (!taps || !findKernel(*taps, window) || !explains(*taps, window))
      return std::nullopt;
    return window;
  }

  /// Coordinates of output position `index` of a sample.
  static Sizes coordinatesOf(int64_t index, const Sizes &outputs) {
    Sizes coordinates(outputs.size());
    for (size_t d = outputs.size(); d-- > 0; index /= outputs[d])
      coordinates[d] = index % outputs[d];
    return coordinates;
  }

  Tap decode(int64_t number) const {
    Tap tap;
    tap.channel = (number - 1) / channelStride % channels;
    for (auto [size, stride] : llvm::zip_equal(sizes, strides))
      tap.offset.push_back((number - 1) / stride % size);
    return tap;
  }

  /// Strides and the place of each tap, from sample 0 and group 0.
  std::optional<std::vector<Tap>> findTaps(Window &window) const {
    Sizes &step = window.strides;
    for (int64_t size : window.outputs)
      step.push_back(size == 1 ? 1 : 0);
    std::vector<Tap> taps;
    std::vector<Sizes> origins;
    int64_t positions = pattern.positions.size() / samples;
    for (size_t t = 0; t < pattern.taps.size(); ++t) {
      int64_t first = 0;
      while (first < positions && pattern.getNumber(0, first, t) == 0)
        ++first;
      // A tap that never sees the source could stand anywhere.
      if (first == positions)
        return std::nullopt;
      taps.push_back(decode(pattern.getNumber(0, first, t)));
      origins.push_back(coordinatesOf(first, window.outputs));
      for (int64_t p = first + 1; p < positions && llvm::is_contained(step, 0);
           ++p)
        if (int64_t number = pattern.getNumber(0, p, t))
          if (!addStrides(taps.back(), origins.back(), decode(number),
                          coordinatesOf(p, window.outputs), step))
            return std::nullopt;
    }
    if (llvm::is_contained(step, 0))
      return std::nullopt;
    for (auto [tap, origin] : llvm::zip_equal(taps, origins))
      for (size_t d = 0; d < step.size(); ++d)
        tap.offset[d] -= origin[d] * step[d];
    return taps;
  }

  /// What two positions of one tap say about the strides.
  static bool addStrides(const Tap &tap, const Sizes &origin, const Tap &other,
                         const Sizes &position, Sizes &step) {
    for (size_t d = 0; d < step.size(); ++d) {
      int64_t outputs = position[d] - origin[d];
      int64_t inputs = other.offset[d] - tap.offset[d];
      if (step[d] || !outputs)
        continue;
      if (inputs % outputs || inputs / outputs < 1)
        return false;
      step[d] = inputs / outputs;
    }
    return true;
  }

  /// Kernel, dilations and padding: the offsets must fill a regular grid.
  bool findKernel(const std::vector<Tap> &taps, Window &window) const {
    int64_t count = groupChannels;
    Sizes lowest;
    for (size_t d = 0; d < sizes.size(); ++d) {
      Sizes offsets;
      for (const Tap &tap : taps)
        offsets.push_back(tap.offset[d]);
      llvm::sort(offsets);
      offsets.erase(llvm::unique(offsets), offsets.end());
      int64_t dilation = offsets.size() > 1 ? offsets[1] - offsets[0] : 1;
      int64_t kernel = offsets.size(), low = -offsets.front();
      int64_t reach = (window.outputs[d] - 1) * window.strides[d];
      int64_t high =
          std::max<int64_t>(0, reach + offsets.back() + 1 - sizes[d]);
      if (low < 0 ||
          offsets.back() - offsets.front() != dilation * (kernel - 1) ||
          windowCount(sizes[d], kernel, window.strides[d], low, high,
                      dilation) != window.outputs[d])
        return false;
      window.kernel.push_back(kernel);
      window.dilations.push_back(dilation);
      window.padding.append({low, high});
      lowest.push_back(offsets.front());
      count *= kernel;
    }
    if (count != int64_t(taps.size()))
      return false;
    std::vector<bool> taken(count);
    for (const Tap &tap : taps) {
      int64_t index = 0;
      for (size_t d = 0; d < sizes.size(); ++d) {
        int64_t distance = tap.offset[d] - lowest[d];
        if (distance % window.dilations[d])
          return false;
        index = index * window.kernel[d] + distance / window.dilations[d];
      }
      index = index * groupChannels + tap.channel;
      if (tap.channel >= groupChannels || taken[index])
        return false;
      taken[index] = true;
      window.filterIndex.push_back(index);
    }
    return true;
  }

  /// Whether the window reads exactly what the table says.
  bool explains(const std::vector<Tap> &taps, const Window &window) const {
    int64_t positions = pattern.positions.size() / samples;
    for (int64_t p = 0; p < positions; ++p) {
      Sizes base = coordinatesOf(p, window.outputs);
      for (size_t d = 0; d < base.size(); ++d)
        base[d] *= window.strides[d];
      for (size_t t = 0; t < taps.size(); ++t) {
        int64_t element = 1 + taps[t].channel * channelStride;
        bool inside = true;
        for (size_t d = 0; d < base.size(); ++d) {
          int64_t at = base[d] + taps[t].offset[d];
          inside &= at >= 0 && at < sizes[d];
          element += at * strides[d];
        }
        for (size_t g = 0; g < pattern.groups.size(); ++g)
          for (int64_t n = 0; n < samples; ++n) {
            int64_t expected =
                inside ? element + n * sampleStride +
                             int64_t(g) * groupChannels * channelStride
                       : 0;
            if (pattern.getNumber(g, n * positions + p, t) != expected)
              return false;
          }
      }
    }
    return true;
  }

  const AccessPattern &pattern;
  int64_t samples, groupChannels, channels;
  int64_t sampleStride = 1, channelStride = 1;
  Sizes sizes, strides; ///< of the spatial dimensions
};

} // namespace

std::optional<Window> findWindow(const AccessPattern &pattern,
                                 llvm::ArrayRef<int64_t> shape,
                                 int64_t channel) {
  if (pattern.groups.empty() || pattern.positions.empty() ||
      pattern.taps.empty() || llvm::is_contained(shape, 0))
    return std::nullopt;
  return WindowFinder(pattern, shape, channel).find();
}

} // namespace shiftadd
