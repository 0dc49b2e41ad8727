//===- ConvolutionInteger.cpp - 8-bit convolutions --------------*- C++ -*-===//
//
// Part of the shiftadd project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Convolution and dense of 8-bit codes with exact 32-bit sums. The filter lies
// in panels [O/16][runs][run/4][16][4], each run filled up with zero weights to
// a multiple of four. Where the CPU has a four-way dot product (vpdpbusd) one
// instruction takes four elements of the run; elsewhere weights that are proven
// small go through vpmaddubsw (see Chunk.h), others are widened to 16 bits like
// the inputs and go through vpmaddwd in pairs. Inputs are read up to the next
// multiple of four elements of a run (or of a vector, where they are widened
// first) and what is read too much meets a zero weight.
//
//===----------------------------------------------------------------------===//
#include "codegen/Halide/Templates/AnchorForm.h"
#include "codegen/Halide/Templates/Blocks.h"
#include "codegen/Halide/Templates/Chunk.h"
#include "codegen/Halide/Templates/Staging.h"
#include "codegen/Halide/Templates/Templates.h"

#include <algorithm>
#include <cstring>

using Halide::Expr;
using Halide::Func;
using Halide::RDom;
using Halide::Var;

namespace shiftadd::halide_gen {
namespace {

/// Elements of a run that one step takes.
constexpr int quad = 4;
/// Weights up to this size stay in the caches while the pixels pass by.
constexpr int64_t cachedWeightBytes = 256 * 1024;
/// Largest input of a tile that is converted ahead.
constexpr int64_t stagedBytes = 12 * 1024;

class ConvolutionInteger : public AnchorTemplate {
public:
  std::string name() const override { return "convolution_integer"; }

  bool matches(const Anchor &anchor) const override {
    return anchor.arithmetic == Anchor::Arithmetic::MultiplyAdd &&
           hasWholeGroupPanels(anchor) && hasByteInput(anchor) &&
           anchor.filterType.scalar == ScalarType::Int8 &&
           anchor.resultType.scalar == ScalarType::Int32 &&
           readsStoredWindows(anchor);
  }

  std::vector<Halide::Type> packedTypes(const Anchor &anchor) const override {
    std::vector<Halide::Type> types = {Halide::Int(8)};
    if (hasSignedInput(anchor))
      types.push_back(Halide::Int(32));
    return types;
  }

  PackedConstants pack(const Anchor &anchor,
                       const uint8_t *filter) const override;
  Func build(const Anchor &anchor, const AnchorContext &context) const override;
};

int64_t quadsPerRun(const FilterShape &shape) {
  return (shape.runLength() + quad - 1) / quad;
}

} // namespace

PackedConstants ConvolutionInteger::pack(const Anchor &anchor,
                                         const uint8_t *filter) const {
  FilterShape shape(anchor);
  if (auto chunk = statedChunk(anchor, shape))
    proveChunk(anchor, shape, *chunk, reinterpret_cast<const int8_t *>(filter));
  int64_t run = shape.runLength(), quads = quadsPerRun(shape);
  int64_t panelBytes = shape.runs() * quads * panelChannels * quad;
  std::vector<uint8_t> bytes(shape.panels() * panelBytes);
  // Sums of all weights of an output, for the offset of signed inputs.
  std::vector<int32_t> offsets(shape.panels() * panelChannels);
  for (int64_t output = 0; output < shape.outputs; ++output) {
    uint8_t *panel = bytes.data() + output / panelChannels * panelBytes +
                     output % panelChannels * quad;
    for (int64_t i = 0; i < shape.runs() * run; ++i) {
      uint8_t weight = *filter++;
      int64_t inRun = i % run;
      panel[(i / run * quads + inRun / quad) * panelChannels * quad +
            inRun % quad] = weight;
      offsets[output] -= 128 * static_cast<int8_t>(weight);
    }
  }
  PackedConstants packed = {bytes};
  if (hasSignedInput(anchor)) {
    std::vector<uint8_t> offsetBytes(offsets.size() * sizeof(int32_t));
    std::memcpy(offsetBytes.data(), offsets.data(), offsetBytes.size());
    packed.push_back(offsetBytes);
  }
  return packed;
}

Func ConvolutionInteger::build(const Anchor &anchor,
                               const AnchorContext &context) const {
  PixelSpace space(anchor, context);
  const FilterShape &shape = space.filter();
  bool dotProduct = context.level == CpuLevel::Zen4;
  if (auto chunk = statedChunk(anchor, shape); chunk && !dotProduct)
    return buildChunkedConvolution(anchor, context, *chunk);
  // vpdpbusd multiplies unsigned by signed: signed inputs get 128 added (a
  // flip of the top bit), which the sums' start value takes back.
  bool shifted = dotProduct && hasSignedInput(anchor);
  // Without it a sum is held as two halves, one per pair of a quad.
  int halves = dotProduct ? 1 : 2;

  int64_t quads = quadsPerRun(shape);
  int64_t steps = shape.runs() * quads;
  TileCosts costs;
  costs.registersPerVector = halves;
  costs.operationsPerVector = halves;
  costs.operationsPerWeight = dotProduct ? 0 : 2;
  costs.scratchRegisters = 2;
  Tile tile = chooseTile(context.level, space.width(),
                         shape.outputs / anchor.groups, steps, costs);

  int64_t columnTaps = shape.joinedRun || shape.dimensions.empty()
                           ? 1
                           : shape.dimensions.back().taps;
  std::vector<Halide::Range> ranges = {{0, quad / halves},
                                       {0, static_cast<int>(quads)},
                                       {0, static_cast<int>(columnTaps)}};
  for (size_t i = 0; i < space.outerVariables().size(); ++i)
    ranges.emplace_back(0, static_cast<int>(space.outerTaps(i)));
  RDom taps(ranges, "taps");

  std::vector<Var> variables = space.variables();
  std::vector<Expr> arguments = expressions(variables);
  std::vector<Expr> outerTaps;
  for (size_t i = 0; i < space.outerVariables().size(); ++i)
    outerTaps.push_back(taps[3 + i]);
  Var half("half");
  Expr inQuad = halves == 1 ? Expr(taps[0]) : taps[0] + 2 * half;
  // In a grouped convolution the run of a pixel starts at the tile's group.
  Expr inRun =
      inQuad + quad * taps[1] + groupChannel(anchor, variables[0], tile);
  Expr step = 0;
  for (size_t i = outerTaps.size(); i-- > 0;)
    step = step * static_cast<int>(space.outerTaps(i)) + outerTaps[i];
  step = (step * static_cast<int>(columnTaps) + taps[2]) *
             static_cast<int>(quads) +
         taps[1];
  PanelPosition at = panelPosition(variables[0], tile.channels());
  Expr weight =
      packedBuffer(context, 0, shape.panels() * steps * panelChannels * quad)(
          inQuad + quad * at.lane + quad * panelChannels * step +
          at.panel * static_cast<int>(steps * quad * panelChannels));

  Halide::Type wide = dotProduct ? Halide::UInt(8) : Halide::Int(16);
  auto convert = [&](const Expr &stored) {
    return shifted ? withoutSign(stored) : Halide::cast(wide, stored);
  };
  StagedInput staged(anchor, space, tile, quads * quad, columnTaps);
  bool stage = (!dotProduct || shifted) &&
               staged.elements() * wide.bytes() <= stagedBytes;
  // A start value for all taps does not allow to skip some. Staged windows are
  // copied whole.
  if (anchor.paddingValue == 0 && !shifted &&
      (!stage || space.storesUnpaddedWindows()))
    space.skipPaddedTaps(taps, arguments, outerTaps);
  Expr value;
  if (stage) {
    staged.define(context, convert);
    value = staged.at(arguments, taps[2], outerTaps, inRun);
  } else {
    value = convert(context.input(context.inputIndex(
        space.inputAt(arguments, taps[2], outerTaps, inRun))));
  }

  // The sums, in halves first where needed.
  Func sums("sums"), halfSums("half_sums");
  Func accumulator = halves == 1 ? sums : halfSums;
  std::vector<Var> accumulatorVariables = variables;
  if (halves > 1)
    accumulatorVariables.insert(accumulatorVariables.begin(), half);
  accumulator(accumulatorVariables) =
      shifted ? Expr(packedBuffer(context, 1,
                                  shape.panels() * panelChannels)(variables[0]))
              : Expr(0);
  Halide::Type factor = dotProduct ? Halide::Int(8) : Halide::Int(16);
  accumulator(accumulatorVariables) +=
      Halide::cast<int32_t>(value) *
      Halide::cast<int32_t>(Halide::cast(factor, weight));
  // Added up as a reduction, which stays in registers: separate reads of the
  // two halves would go through memory at addresses that no store wrote whole.
  RDom bothHalves(0, halves, "both_halves");
  if (halves > 1) {
    std::vector<Expr> read = arguments;
    read.insert(read.begin(), bothHalves);
    sums(variables) = 0;
    sums(variables) += halfSums(read);
  }

  Func output = defineOutput(space, context, sums);
  // Staged input is reused by the blocks of channels only if they are inside.
  bool channelsOutermost =
      steps * quad * shape.outputs > cachedWeightBytes * (stage ? 4 : 1);
  BlockLevels levels =
      scheduleBlocks(output, space, tile, channelsOutermost, context.parallel);
  sums.compute_at(levels.tile);
  scheduleTile(sums, space, tile);
  int lanes = tile.lanes / halves;
  auto update = accumulator.update();
  std::vector<Halide::VarOrRVar> order = {taps[0]};
  if (halves > 1)
    order.emplace_back(half);
  order.insert(order.end(), variables.begin(), variables.end());
  for (int i = 1; i < taps.dimensions(); ++i)
    order.emplace_back(taps[i]);
  update.reorder(order).atomic().vectorize(taps[0]);
  if (halves > 1) {
    halfSums.compute_at(levels.tile)
        .bound_extent(half, halves)
        .bound_extent(variables[0], tile.channels())
        .bound_extent(variables[1], tile.pixels)
        .vectorize(half)
        .vectorize(variables[0], lanes);
    for (const Var &variable : variables)
      halfSums.unroll(variable);
    update.vectorize(half);
    std::vector<Halide::VarOrRVar> addOrder = {bothHalves.x};
    addOrder.insert(addOrder.end(), variables.begin(), variables.end());
    auto add = sums.update();
    add.reorder(addOrder)
        .atomic()
        .vectorize(bothHalves.x)
        .vectorize(variables[0], lanes);
    for (const Var &variable : variables)
      add.unroll(variable);
  }
  update.vectorize(variables[0], lanes);
  for (const Var &variable : variables)
    update.unroll(variable);
  if (stage)
    staged.computeAt(levels);
  context.bindOutput(output, space.outputShape());
  return output;
}

std::unique_ptr<AnchorTemplate> createConvolutionInteger() {
  return std::make_unique<ConvolutionInteger>();
}

} // namespace shiftadd::halide_gen
