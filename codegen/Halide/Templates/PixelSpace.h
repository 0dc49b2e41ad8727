//===- PixelSpace.h - Loops over pixels and taps ----------------*- C++ -*-===//
//
// Part of the shiftadd project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// One view of every anchor: a row of pixels (x) inside any number of outer
// dimensions, for convolutions of any spatial rank and for dense ops alike.
// Where a one-tap filter reads and writes pixels that follow each other, all
// pixels are one row.
//
//===----------------------------------------------------------------------===//
#ifndef SHIFTADD_CODEGEN_HALIDE_TEMPLATES_PIXELSPACE_H
#define SHIFTADD_CODEGEN_HALIDE_TEMPLATES_PIXELSPACE_H

#include "codegen/Halide/AnchorTemplate.h"
#include "codegen/Halide/Templates/Tile.h"

#include <Halide.h>

#include <cstdint>
#include <string>
#include <vector>

namespace shiftadd::halide_gen {

/// A dimension of the result before the channels. Dimensions without taps (the
/// samples, all pixels of dense ops) have one tap.
struct PixelDimension {
  int64_t extent = 1;
  int64_t inputExtent = 1;
  int64_t taps = 1;
  int64_t stride = 1;
  int64_t dilation = 1;
  int64_t paddingLow = 0;
  int64_t paddingHigh = 0;
  int64_t storedHigh = 0; ///< halo behind the input
};

/// Facts of the anchor alone, which packing may depend on.
class FilterShape {
public:
  explicit FilterShape(const Anchor &anchor);

  /// In the order of the result's shape.
  std::vector<PixelDimension> dimensions;
  int64_t outputs = 1;
  int64_t channels = 1; ///< of the input, per group
  int64_t taps = 1;     ///< of all dimensions
  /// The taps along the last dimension and their channels follow each other in
  /// memory: they are one run of taps * channels elements.
  bool joinedRun = false;

  int64_t panels() const {
    return (outputs + panelChannels - 1) / panelChannels;
  }
  /// Elements that follow each other in memory, and how many such runs there
  /// are in the window of one pixel.
  int64_t runLength() const;
  int64_t runs() const { return taps * channels / runLength(); }
};

class PixelSpace {
public:
  PixelSpace(const Anchor &anchor, const AnchorContext &context);

  const FilterShape &filter() const { return shape; }
  /// The row that tiles cut.
  int64_t width() const { return rowExtent; }
  bool isLinear() const { return linear; }
  /// Input pixels between two pixels of a row.
  int64_t rowStride() const {
    return linear ? 1 : shape.dimensions.back().stride;
  }

  /// Channel, x, then the outer dimensions from the innermost outwards: the
  /// arguments of the output and of the sums.
  std::vector<Halide::Var> variables() const;
  /// The same as variables() for the outer dimensions only.
  const std::vector<Halide::Var> &outerVariables() const { return outer; }
  int64_t outerExtent(size_t i) const;

  /// Coordinates of the result, for the epilogue.
  Coordinates resultAt(const std::vector<Halide::Expr> &arguments) const;
  /// Coordinates of the input for the tap with these indices (one per outer
  /// dimension in the order of variables(), `column` for the row) and channel.
  Coordinates inputAt(const std::vector<Halide::Expr> &arguments,
                      const Halide::Expr &column,
                      const std::vector<Halide::Expr> &outerTaps,
                      const Halide::Expr &channel) const;
  /// The input coordinate along the row, and along outer dimension `i`.
  Halide::Expr columnAt(const Halide::Expr &x, const Halide::Expr &tap) const;
  Halide::Expr outerAt(size_t i, const Halide::Expr &position,
                       const Halide::Expr &tap) const;
  /// Coordinates of the input `element` elements behind pixel 0 of the row at
  /// these input coordinates of the outer dimensions.
  Coordinates inputRow(const Halide::Expr &element,
                       const std::vector<Halide::Expr> &outerPositions) const;
  /// The dimension of the shape that the row counts.
  size_t countedDimension() const { return rowDimension; }

  /// Taps of the outer dimensions, in the order of outerVariables().
  int64_t outerTaps(size_t i) const;
  /// Input positions from the first to the last tap of outer dimension `i`.
  int64_t outerWindow(size_t i) const;
  /// Whether whole windows that start at the first element of the input, not
  /// at its padding, lie in the stored box too.
  bool storesUnpaddedWindows() const;
  /// Leaves out the taps in the padding of outer dimensions, which add nothing
  /// when the padding is zero.
  void skipPaddedTaps(Halide::RDom &domain,
                      const std::vector<Halide::Expr> &arguments,
                      const std::vector<Halide::Expr> &outerTaps) const;

  /// Row-major, for AnchorContext::bindOutput.
  std::vector<int64_t> outputShape() const;

private:
  const PixelDimension &outerDimension(size_t i) const;

  FilterShape shape;
  bool linear = false;
  size_t rowDimension = 0; ///< the one that x counts
  int64_t rowExtent = 1;
  Halide::Var channel{"c"}, column{"x"};
  std::vector<Halide::Var> outer;
};

} // namespace shiftadd::halide_gen

#endif // SHIFTADD_CODEGEN_HALIDE_TEMPLATES_PIXELSPACE_H
