//===- DepthwiseFloat.cpp - float32 depthwise convolution -------*- C++ -*-===//
//
// Part of the shiftadd project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// One filter per channel. Vectors run along the channels; the taps of one
// filter row are unrolled over several pixels, so that neighbouring pixels
// share the loads of their common inputs. The filter lies as [C/16][taps][16].
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

/// Accumulators: half of the registers at most, the inputs take the others.
constexpr int mostVectors = 8;
/// Longer filter rows stay loops.
constexpr int64_t mostUnrolledTaps = 7;

class DepthwiseFloat : public AnchorTemplate {
public:
  std::string name() const override { return "depthwise_float"; }

  bool matches(const Anchor &anchor) const override {
    return anchor.arithmetic == Anchor::Arithmetic::MultiplyAdd &&
           isDepthwise(anchor) &&
           anchor.inputType.scalar == ScalarType::Float32 &&
           anchor.filterType.scalar == ScalarType::Float32 &&
           anchor.resultType.scalar == ScalarType::Float32 &&
           readsStoredWindows(anchor);
  }

  std::vector<Halide::Type> packedTypes(const Anchor &) const override {
    return {Halide::Float(32)};
  }

  PackedConstants pack(const Anchor &anchor,
                       const uint8_t *filter) const override {
    FilterShape shape(anchor);
    std::vector<uint8_t> bytes(shape.panels() * shape.taps * panelChannels *
                               sizeof(float));
    for (int64_t channel = 0; channel < shape.outputs; ++channel)
      for (int64_t tap = 0; tap < shape.taps; ++tap)
        std::memcpy(
            bytes.data() +
                ((channel / panelChannels * shape.taps + tap) * panelChannels +
                 channel % panelChannels) *
                    4,
            filter + (channel * shape.taps + tap) * 4, 4);
    return {bytes};
  }

  Func build(const Anchor &anchor, const AnchorContext &context) const override;
};

} // namespace

Func DepthwiseFloat::build(const Anchor &anchor,
                           const AnchorContext &context) const {
  PixelSpace space(anchor, context);
  const FilterShape &shape = space.filter();
  Tile tile;
  tile.lanes = context.level == CpuLevel::X86_64_V3 ? 8 : 16;
  // A tile takes whole cache lines, also where that is two vectors.
  if (tile.lanes == 8 && shape.outputs > 8)
    tile.vectors = 2;
  tile.pixels = chooseRowPixels(space.width(), mostVectors / tile.vectors);

  int64_t columnTaps = shape.dimensions.back().taps;
  std::vector<Halide::Range> ranges = {{0, static_cast<int>(columnTaps)}};
  for (size_t i = 0; i < space.outerVariables().size(); ++i)
    ranges.emplace_back(0, static_cast<int>(space.outerTaps(i)));
  RDom taps(ranges, "taps");

  std::vector<Var> variables = space.variables();
  std::vector<Expr> arguments = expressions(variables);
  std::vector<Expr> outerTaps;
  for (size_t i = 0; i < space.outerVariables().size(); ++i)
    outerTaps.push_back(taps[1 + i]);
  if (anchor.paddingValue == 0)
    space.skipPaddedTaps(taps, arguments, outerTaps);

  Expr tap = 0;
  for (size_t i = outerTaps.size(); i-- > 0;)
    tap = tap * static_cast<int>(space.outerTaps(i)) + outerTaps[i];
  tap = tap * static_cast<int>(columnTaps) + taps[0];
  PanelPosition at = panelPosition(variables[0], tile.channels());
  Expr weight =
      packedBuffer(context, 0, shape.panels() * shape.taps * panelChannels)(
          at.lane + panelChannels * tap +
          at.panel * static_cast<int>(shape.taps * panelChannels));
  Expr value = context.input(context.inputIndex(
      space.inputAt(arguments, taps[0], outerTaps, variables[0])));

  Func sums("sums");
  sums(variables) = 0.0f;
  sums(variables) += value * weight;

  Func output = defineOutput(space, context, sums);
  BlockLevels levels = scheduleBlocks(
      output, space, tile, /*channelsOutermost=*/true, context.parallel);
  sums.compute_at(levels.tile);
  scheduleTile(sums, space, tile);
  auto update = sums.update();
  std::vector<Halide::VarOrRVar> order = {variables[0], variables[1], taps[0]};
  order.insert(order.end(), variables.begin() + 2, variables.end());
  for (int i = 1; i < taps.dimensions(); ++i)
    order.emplace_back(taps[i]);
  update.reorder(order).vectorize(variables[0], tile.lanes);
  for (const Var &variable : variables)
    update.unroll(variable);
  if (columnTaps <= mostUnrolledTaps)
    update.unroll(taps[0]);
  context.bindOutput(output, space.outputShape());
  return output;
}

std::unique_ptr<AnchorTemplate> createDepthwiseFloat() {
  return std::make_unique<DepthwiseFloat>();
}

} // namespace shiftadd::halide_gen
