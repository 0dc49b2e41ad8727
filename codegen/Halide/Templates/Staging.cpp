//===- Staging.cpp - The converted input of a tile --------------*- C++ -*-===//
//
// Part of the shiftadd project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// The first coordinate counts elements from the first pixel of the row.
//
//===----------------------------------------------------------------------===//
#include "codegen/Halide/Templates/Staging.h"

using Halide::Expr;
using Halide::Var;

namespace shiftadd::halide_gen {

constexpr int stagedLanes = 16;
/// Larger stack objects would become heap allocations anyway.
constexpr int64_t stackBytes = 12 * 1024;

StagedInput::StagedInput(const Anchor &anchor, const PixelSpace &space,
                         const Tile &tile, int64_t runElements,
                         int64_t columnTaps)
    : space(space) {
  const FilterShape &shape = space.filter();
  bool plain = shape.dimensions.empty();
  pixelStride = plain ? shape.channels
                      : anchor.inputLayout.strides[space.countedDimension()];
  int64_t columnWindow =
      (tile.pixels - 1) * space.rowStride() +
      (columnTaps - 1) * (plain ? 1 : shape.dimensions.back().dilation);
  rowElements =
      (columnWindow * pixelStride + (anchor.groups - 1) * shape.channels +
       runElements + stagedLanes - 1) /
      stagedLanes * stagedLanes;
}

int64_t StagedInput::elements() const {
  int64_t count = rowElements;
  for (size_t i = 0; i < space.outerVariables().size(); ++i)
    count *= space.outerWindow(i);
  return count;
}

void StagedInput::define(const AnchorContext &context,
                         const std::function<Expr(const Expr &)> &convert) {
  Var element("element");
  std::vector<Var> variables = {element};
  for (const Var &variable : space.outerVariables())
    variables.push_back(variable);
  func(variables) = convert(context.input(context.inputIndex(
      space.inputRow(element, expressions(space.outerVariables())))));
  func.vectorize(element, stagedLanes, Halide::TailStrategy::RoundUp);
  // Skipped taps make the inferred size depend on the position.
  for (size_t i = 0; i < space.outerVariables().size(); ++i)
    func.bound_extent(space.outerVariables()[i],
                      static_cast<int>(space.outerWindow(i)));
  func.store_in(elements() * func.types()[0].bytes() <= stackBytes
                    ? Halide::MemoryType::Stack
                    : Halide::MemoryType::Heap);
}

Expr StagedInput::at(const std::vector<Expr> &arguments, const Expr &columnTap,
                     const std::vector<Expr> &outerTaps,
                     const Expr &inRun) const {
  std::vector<Expr> read = {space.columnAt(arguments[1], columnTap) *
                                static_cast<int>(pixelStride) +
                            inRun};
  for (size_t i = 0; i < space.outerVariables().size(); ++i)
    read.push_back(space.outerAt(i, arguments[2 + i], outerTaps[i]));
  return func(read);
}

void StagedInput::computeAt(const BlockLevels &levels) {
  func.compute_at(levels.pixels);
}

Expr withoutSign(const Expr &code) {
  return Halide::cast<uint8_t>(code) ^ Halide::cast<uint8_t>(128);
}

} // namespace shiftadd::halide_gen
