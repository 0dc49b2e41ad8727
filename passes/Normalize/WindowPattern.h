//===- WindowPattern.h - Windows found in element numbers -*- C++ -*-===//
//
// Part of the shiftadd project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Decides whether a table "this output reads that element" is the access
// pattern of a convolution, and of which.
//
//===----------------------------------------------------------------------===//
#ifndef SHIFTADD_PASSES_NORMALIZE_WINDOWPATTERN_H
#define SHIFTADD_PASSES_NORMALIZE_WINDOWPATTERN_H

#include "llvm/ADT/ArrayRef.h"
#include "llvm/ADT/SmallVector.h"

#include <cstdint>
#include <optional>
#include <vector>

namespace shiftadd {

/// Which element of a source every output reads. The element of group g, output
/// position p and window element (tap) t has the number
/// `numbers[groups[g] + positions[p] + taps[t]]`, counted from 1 in row-major
/// order; 0 is padding. Positions run over the samples first.
struct AccessPattern {
  const int64_t *numbers = nullptr;
  std::vector<int64_t> groups, positions, taps;

  int64_t getNumber(size_t group, size_t position, size_t tap) const {
    return numbers[groups[group] + positions[position] + taps[tap]];
  }
};

/// A sliding window; one entry per spatial dimension, two in `padding`.
struct Window {
  llvm::SmallVector<int64_t> outputs, kernel, strides, dilations, padding;
  /// Where each tap stands in a filter [kernel..., channels / groups].
  std::vector<int64_t> filterIndex;
};

/// The window that produces exactly this pattern on a source of `shape`, where
/// dimension 0 counts samples, `channel` counts channels and all others are
/// spatial. Without spatial dimensions that is a dense layer.
std::optional<Window> findWindow(const AccessPattern &pattern,
                                 llvm::ArrayRef<int64_t> shape,
                                 int64_t channel);

} // namespace shiftadd

#endif // SHIFTADD_PASSES_NORMALIZE_WINDOWPATTERN_H
