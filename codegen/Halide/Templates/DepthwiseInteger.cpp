//===- DepthwiseInteger.cpp - 8-bit depthwise convolution -------*- C++ -*-===//
//
// Part of the shiftadd project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// One filter per channel on 8-bit codes with exact 32-bit sums. The dot product
// instructions of the CPU add neighbouring elements, but in memory neighbours
// are channels, which must not be added. So the rows of the window are
// interleaved per channel: four rows as bytes for vpdpbusd, two rows as 16-bit
// values for vpmaddwd; an interleaved column serves every pixel whose window it
// lies in. Missing rows are zeros with zero weights.
//
// The filter lies in both forms, as the packing does not know the CPU level:
// [C/16][rows/4][columns][16][4] bytes and [C/16][rows/2][columns][16][2]
// 16-bit values.
//
//===----------------------------------------------------------------------===//
#include "codegen/Halide/Templates/AnchorForm.h"
#include "codegen/Halide/Templates/Blocks.h"
#include "codegen/Halide/Templates/Templates.h"

#include <cstring>

using Halide::Expr;
using Halide::Func;
using Halide::RDom;
using Halide::Var;

namespace shiftadd::halide_gen {
namespace {

/// Pixels of a tile, with and without four-way dot products: what the registers
/// hold of sums and interleaved columns. Strided pixels share fewer columns, so
/// more of them are held at once.
constexpr int mostPixelsDot = 14, mostStridedPixelsDot = 7, mostPixelsPairs = 8;
/// Everything is unrolled, so large windows are left to the generic emitter.
constexpr int64_t mostColumns = 7, mostRows = 9;

/// Rows of the window: the taps of all dimensions but the last.
int64_t rowsOf(const FilterShape &shape) {
  return shape.taps / shape.dimensions.back().taps;
}

int64_t groupsOf(const FilterShape &shape, int factor) {
  return (rowsOf(shape) + factor - 1) / factor;
}

template <typename Element>
std::vector<uint8_t> packInterleaved(const FilterShape &shape,
                                     const int8_t *filter, int factor) {
  int64_t columns = shape.dimensions.back().taps;
  int64_t groups = groupsOf(shape, factor);
  std::vector<Element> elements(shape.panels() * groups * columns *
                                panelChannels * factor);
  for (int64_t channel = 0; channel < shape.outputs; ++channel)
    for (int64_t row = 0; row < rowsOf(shape); ++row)
      for (int64_t column = 0; column < columns; ++column) {
        int64_t group = channel / panelChannels * groups + row / factor;
        elements[((group * columns + column) * panelChannels +
                  channel % panelChannels) *
                     factor +
                 row % factor] =
            filter[channel * shape.taps + row * columns + column];
      }
  std::vector<uint8_t> bytes(elements.size() * sizeof(Element));
  std::memcpy(bytes.data(), elements.data(), bytes.size());
  return bytes;
}

class DepthwiseInteger : public AnchorTemplate {
public:
  std::string name() const override { return "depthwise_integer"; }

  bool matches(const Anchor &anchor) const override {
    if (anchor.arithmetic != Anchor::Arithmetic::MultiplyAdd ||
        !isDepthwise(anchor) || !hasByteInput(anchor) ||
        anchor.filterType.scalar != ScalarType::Int8 ||
        anchor.resultType.scalar != ScalarType::Int32 ||
        !readsStoredWindows(anchor))
      return false;
    FilterShape shape(anchor);
    return shape.dimensions.back().taps <= mostColumns &&
           rowsOf(shape) <= mostRows;
  }

  std::vector<Halide::Type> packedTypes(const Anchor &anchor) const override {
    std::vector<Halide::Type> types = {Halide::Int(8), Halide::Int(16)};
    if (hasSignedInput(anchor))
      types.push_back(Halide::Int(32));
    return types;
  }

  PackedConstants pack(const Anchor &anchor,
                       const uint8_t *filter) const override {
    FilterShape shape(anchor);
    const int8_t *weights = reinterpret_cast<const int8_t *>(filter);
    PackedConstants packed = {packInterleaved<int8_t>(shape, weights, 4),
                              packInterleaved<int16_t>(shape, weights, 2)};
    if (hasSignedInput(anchor)) {
      std::vector<int32_t> offsets(shape.panels() * panelChannels);
      for (int64_t i = 0; i < shape.outputs * shape.taps; ++i)
        offsets[i / shape.taps] -= 128 * weights[i];
      std::vector<uint8_t> bytes(offsets.size() * sizeof(int32_t));
      std::memcpy(bytes.data(), offsets.data(), bytes.size());
      packed.push_back(bytes);
    }
    return packed;
  }

  Func build(const Anchor &anchor, const AnchorContext &context) const override;
};

} // namespace

Func DepthwiseInteger::build(const Anchor &anchor,
                             const AnchorContext &context) const {
  PixelSpace space(anchor, context);
  const FilterShape &shape = space.filter();
  bool dotProduct = context.level == CpuLevel::Zen4;
  // See ConvolutionInteger: signed codes become unsigned by adding 128, which
  // the start value of the sums takes back.
  bool shifted = dotProduct && hasSignedInput(anchor);
  int factor = dotProduct ? 4 : 2;
  Halide::Type element = dotProduct ? Halide::UInt(8) : Halide::Int(16);
  int columns = static_cast<int>(shape.dimensions.back().taps);
  int rows = static_cast<int>(rowsOf(shape));
  int groups = static_cast<int>(groupsOf(shape, factor));
  Tile tile;
  tile.lanes = context.level == CpuLevel::X86_64_V3 ? 8 : 16;
  tile.pixels = chooseRowPixels(space.width(), !dotProduct ? mostPixelsPairs
                                               : space.rowStride() > 1
                                                   ? mostStridedPixelsDot
                                                   : mostPixelsDot);

  // interleaved(row in group, c, input column, group, outer...)
  Var inGroup("in_group"), group("group"), inputColumn("input_column");
  std::vector<Var> variables = space.variables();
  std::vector<Expr> arguments = expressions(variables);
  auto stored = [&](int row) {
    if (row >= rows)
      return Halide::cast(element, 0);
    std::vector<Expr> outerPositions;
    for (size_t i = 0; i < space.outerVariables().size(); ++i) {
      int count = static_cast<int>(space.outerTaps(i));
      outerPositions.push_back(space.outerAt(i, arguments[2 + i], row % count));
      row /= count;
    }
    Coordinates at = space.inputRow(variables[0], outerPositions);
    at[space.countedDimension()] = inputColumn;
    Expr value = Halide::cast(element, context.input(context.inputIndex(at)));
    return shifted ? value ^ Halide::cast(element, 128) : value;
  };
  Expr interleavedValue;
  for (int g = groups - 1; g >= 0; --g) {
    std::vector<Expr> values;
    for (int i = 0; i < factor; ++i)
      values.push_back(stored(g * factor + i));
    Expr value = Halide::mux(inGroup, values);
    interleavedValue = interleavedValue.defined()
                           ? Halide::select(group == g, value, interleavedValue)
                           : value;
  }
  Func interleaved("interleaved");
  std::vector<Var> interleavedVariables = {inGroup, variables[0], inputColumn,
                                           group};
  interleavedVariables.insert(interleavedVariables.end(), variables.begin() + 2,
                              variables.end());
  interleaved(interleavedVariables) = interleavedValue;

  RDom taps({{0, factor}, {0, columns}, {0, groups}}, "taps");
  std::vector<Expr> read = {taps[0], variables[0],
                            space.columnAt(arguments[1], taps[1]), taps[2]};
  read.insert(read.end(), arguments.begin() + 2, arguments.end());
  PanelPosition at = panelPosition(variables[0], tile.channels());
  Expr weight =
      packedBuffer(context, dotProduct ? 0 : 1,
                   shape.panels() * groups * columns * panelChannels * factor)(
          taps[0] + factor * at.lane +
          factor * panelChannels *
              (taps[1] + columns * (taps[2] + groups * at.panel)));

  Func sums("sums");
  sums(variables) =
      shifted ? Expr(packedBuffer(context, 2,
                                  shape.panels() * panelChannels)(variables[0]))
              : Expr(0);
  sums(variables) +=
      Halide::cast<int32_t>(interleaved(read)) * Halide::cast<int32_t>(weight);

  Func output = defineOutput(space, context, sums);
  BlockLevels levels = scheduleBlocks(
      output, space, tile, /*channelsOutermost=*/true, context.parallel);
  sums.compute_at(levels.tile);
  scheduleTile(sums, space, tile);
  auto update = sums.update();
  std::vector<Halide::VarOrRVar> order = {taps[0], variables[0], variables[1],
                                          taps[1]};
  order.insert(order.end(), variables.begin() + 2, variables.end());
  order.emplace_back(taps[2]);
  update.reorder(order).atomic().vectorize(taps[0]).vectorize(variables[0],
                                                              tile.lanes);
  for (const Var &variable : variables)
    update.unroll(variable);
  update.unroll(taps[1]).unroll(taps[2]);
  interleaved.compute_at(levels.tile)
      .bound_extent(inGroup, factor)
      .bound_extent(variables[0], tile.channels())
      .vectorize(variables[0], tile.lanes)
      .unroll(inGroup)
      .store_in(Halide::MemoryType::Stack);
  for (size_t i = 1; i < interleavedVariables.size(); ++i)
    interleaved.unroll(interleavedVariables[i]);
  context.bindOutput(output, space.outputShape());
  return output;
}

std::unique_ptr<AnchorTemplate> createDepthwiseInteger() {
  return std::make_unique<DepthwiseInteger>();
}

} // namespace shiftadd::halide_gen
