//===- PixelSpace.cpp - Loops over pixels and taps --------------*- C++ -*-===//
//
// Part of the shiftadd project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Builds the common view of convolutions and dense ops.
//
//===----------------------------------------------------------------------===//
#include "codegen/Halide/Templates/PixelSpace.h"

#include <algorithm>

using Halide::Expr;

namespace shiftadd::halide_gen {

static Expr number(int64_t value) { return Expr(static_cast<int32_t>(value)); }

FilterShape::FilterShape(const Anchor &anchor) {
  const std::vector<int64_t> &result = anchor.resultType.shape;
  const std::vector<int64_t> &filter = anchor.filterType.shape;
  outputs = filter.front();
  channels = filter.back();
  for (size_t i = 0; i + 1 < result.size(); ++i) {
    PixelDimension dimension;
    dimension.extent = result[i];
    dimension.inputExtent = anchor.inputType.shape[i];
    if (!anchor.dense && i > 0) {
      dimension.taps = filter[i];
      dimension.stride = anchor.strides[i - 1];
      dimension.dilation = anchor.dilations[i - 1];
      dimension.paddingLow = anchor.paddingLow[i - 1];
      dimension.paddingHigh = anchor.paddingHigh[i - 1];
    }
    dimension.storedHigh = anchor.inputLayout.high[i];
    taps *= dimension.taps;
    dimensions.push_back(dimension);
  }
  if (!dimensions.empty() && dimensions.back().taps > 1)
    joinedRun = anchor.groups == 1 && dimensions.back().dilation == 1 &&
                anchor.inputLayout.strides[dimensions.size() - 1] == channels &&
                anchor.inputLayout.strides.back() == 1;
}

int64_t FilterShape::runLength() const {
  return joinedRun ? channels * dimensions.back().taps : channels;
}

PixelSpace::PixelSpace(const Anchor &anchor, const AnchorContext &context)
    : shape(anchor) {
  bool onePixelWindows =
      std::all_of(shape.dimensions.begin(), shape.dimensions.end(),
                  [](const PixelDimension &d) {
                    return d.taps == 1 && d.stride == 1 &&
                           d.extent == d.inputExtent && d.paddingLow == 0;
                  });
  linear = shape.dimensions.empty() ||
           (onePixelWindows && context.inputPixelsLinear &&
            context.outputPixelsLinear);
  if (linear) {
    // Strides of dimensions with one element mean nothing: count along the
    // last one that has more.
    for (size_t i = 0; i < shape.dimensions.size(); ++i) {
      rowExtent *= shape.dimensions[i].extent;
      if (shape.dimensions[i].extent > 1)
        rowDimension = i;
    }
    return;
  }
  rowDimension = shape.dimensions.size() - 1;
  rowExtent = shape.dimensions.back().extent;
  for (size_t i = 0; i + 1 < shape.dimensions.size(); ++i)
    outer.emplace_back("y" + std::to_string(i));
}

const PixelDimension &PixelSpace::outerDimension(size_t i) const {
  return shape.dimensions[shape.dimensions.size() - 2 - i];
}

int64_t PixelSpace::outerExtent(size_t i) const {
  return outerDimension(i).extent;
}

int64_t PixelSpace::outerTaps(size_t i) const { return outerDimension(i).taps; }

int64_t PixelSpace::outerWindow(size_t i) const {
  const PixelDimension &dimension = outerDimension(i);
  return (dimension.taps - 1) * dimension.dilation + 1;
}

bool PixelSpace::storesUnpaddedWindows() const {
  for (size_t i = 0; i < outer.size(); ++i)
    if (outerWindow(i) >
        outerDimension(i).inputExtent + outerDimension(i).storedHigh)
      return false;
  return true;
}

std::vector<Halide::Var> PixelSpace::variables() const {
  std::vector<Halide::Var> all = {channel, column};
  all.insert(all.end(), outer.begin(), outer.end());
  return all;
}

Coordinates PixelSpace::resultAt(const std::vector<Expr> &arguments) const {
  Coordinates at(shape.dimensions.size(), Expr(0));
  at.push_back(arguments[0]);
  if (shape.dimensions.empty())
    return at;
  // In a linear row x counts all pixels; the other dimensions stay at 0.
  at[rowDimension] = arguments[1];
  for (size_t i = 0; i < outer.size(); ++i)
    at[rowDimension - 1 - i] = arguments[2 + i];
  return at;
}

Coordinates PixelSpace::inputAt(const std::vector<Expr> &arguments,
                                const Expr &columnTap,
                                const std::vector<Expr> &outerTaps,
                                const Expr &inputChannel) const {
  Coordinates at(shape.dimensions.size(), Expr(0));
  at.push_back(inputChannel);
  if (shape.dimensions.empty())
    return at;
  at[rowDimension] = columnAt(arguments[1], columnTap);
  for (size_t i = 0; i < outer.size(); ++i)
    at[rowDimension - 1 - i] = outerAt(i, arguments[2 + i], outerTaps[i]);
  return at;
}

Expr PixelSpace::columnAt(const Expr &x, const Expr &tap) const {
  if (shape.dimensions.empty())
    return x;
  const PixelDimension &row = shape.dimensions[rowDimension];
  return x * number(rowStride()) + tap * number(row.dilation) -
         number(row.paddingLow);
}

Expr PixelSpace::outerAt(size_t i, const Expr &position,
                         const Expr &tap) const {
  const PixelDimension &dimension = outerDimension(i);
  return position * number(dimension.stride) +
         tap * number(dimension.dilation) - number(dimension.paddingLow);
}

Coordinates
PixelSpace::inputRow(const Expr &element,
                     const std::vector<Expr> &outerPositions) const {
  Coordinates at(shape.dimensions.size(), Expr(0));
  at.push_back(element);
  for (size_t i = 0; i < outer.size(); ++i)
    at[rowDimension - 1 - i] = outerPositions[i];
  return at;
}

void PixelSpace::skipPaddedTaps(Halide::RDom &domain,
                                const std::vector<Expr> &arguments,
                                const std::vector<Expr> &outerTaps) const {
  for (size_t i = 0; i < outer.size(); ++i) {
    const PixelDimension &dimension = outerDimension(i);
    if (dimension.taps == 1)
      continue;
    Expr at = outerAt(i, arguments[2 + i], outerTaps[i]);
    if (dimension.paddingLow > 0)
      domain.where(at >= 0);
    if (dimension.paddingHigh > 0)
      domain.where(at < number(dimension.inputExtent));
  }
}

std::vector<int64_t> PixelSpace::outputShape() const {
  if (linear && !shape.dimensions.empty())
    return {rowExtent, shape.outputs};
  std::vector<int64_t> all;
  for (const PixelDimension &dimension : shape.dimensions)
    all.push_back(dimension.extent);
  all.push_back(shape.outputs);
  return all;
}

} // namespace shiftadd::halide_gen
