//===- ConvolutionChunked.cpp - Convolutions by vpmaddubsw ------*- C++ -*-===//
//
// Part of the shiftadd project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Three nested sums: a pair of products (vpmaddubsw), the pairs of a chunk
// (vpaddw) and the chunks (vpmaddwd by ones, which joins the two pairs of a
// quad, and vpaddd). A 16-bit lane is one of the two pairs of an output.
//
//===----------------------------------------------------------------------===//
#include "codegen/Halide/Templates/AnchorForm.h"
#include "codegen/Halide/Templates/Blocks.h"
#include "codegen/Halide/Templates/Chunk.h"
#include "codegen/Halide/Templates/Staging.h"

#include "codegen/Halide/Types.h"

#include <algorithm>

using Halide::Expr;
using Halide::Func;
using Halide::RDom;
using Halide::Var;

namespace shiftadd::halide_gen {

static int64_t quadsPerRun(const FilterShape &shape) {
  return (shape.runLength() + chunkQuad - 1) / chunkQuad;
}

std::optional<int64_t> statedChunk(const Anchor &anchor,
                                   const FilterShape &shape) {
  const Op &op = anchor.spec->ops[static_cast<size_t>(anchor.opNumber)];
  const char *chunk = "shiftadd.chunk", *run = "shiftadd.chunk_run";
  if (!op.attributes.count(chunk) || !op.attributes.count(run) ||
      integerAttribute(op, run) != shape.runLength())
    return std::nullopt;
  int64_t elements = integerAttribute(op, chunk);
  if (elements < chunkQuad || elements % chunkQuad != 0 ||
      quadsPerRun(shape) % (elements / chunkQuad) != 0)
    throw SpecError(op.op + ": a chunk has to divide a run into whole parts");
  // Chunks of a single quad would spend as much on joining them as on the
  // products.
  if (elements == chunkQuad)
    return std::nullopt;
  return elements / chunkQuad;
}

void proveChunk(const Anchor &anchor, const FilterShape &shape, int64_t quads,
                const int8_t *filter) {
  int64_t highest = 255;
  if (!hasSignedInput(anchor) && anchor.inputType.quantized)
    highest = std::min(highest, anchor.inputType.quantization.maximum);
  int64_t run = shape.runLength();
  for (int64_t first = 0; first < shape.outputs * shape.taps * shape.channels;
       first += run)
    for (int64_t start = 0; start < run; start += quads * chunkQuad)
      for (int64_t half : {0, 2}) {
        int64_t positive = 0, negative = 0;
        for (int64_t i = start; i < std::min(run, start + quads * chunkQuad);
             ++i) {
          int64_t weight = filter[first + i];
          if (i % chunkQuad / 2 * 2 == half)
            (weight > 0 ? positive : negative) += weight;
        }
        if (positive * highest > INT16_MAX || negative * highest < INT16_MIN)
          throw SpecError("the products of a chunk do not fit 16 bits, against "
                          "the attribute of the op");
      }
}

Func buildChunkedConvolution(const Anchor &anchor, const AnchorContext &context,
                             int64_t quads) {
  PixelSpace space(anchor, context);
  const FilterShape &shape = space.filter();
  int64_t runQuads = quadsPerRun(shape);
  int64_t steps = shape.runs() * runQuads;
  // The 32-bit sums wait in memory while a chunk is added up.
  TileCosts costs;
  costs.operationsPerVector = 2;
  costs.scratchRegisters = 4;
  Tile tile = chooseTile(context.level, space.width(),
                         shape.outputs / anchor.groups, steps, costs);

  int64_t columnTaps = shape.joinedRun || shape.dimensions.empty()
                           ? 1
                           : shape.dimensions.back().taps;
  std::vector<Var> variables = space.variables();
  std::vector<Expr> arguments = expressions(variables);
  size_t outer = space.outerVariables().size();
  Var half("half"), quad("quad"), chunk("chunk_number"),
      columnTap("column_tap");
  std::vector<Var> tapVariables = {columnTap};
  std::vector<Halide::Range> ranges = {{0, 2},
                                       {0, static_cast<int>(runQuads / quads)},
                                       {0, static_cast<int>(columnTaps)}};
  for (size_t i = 0; i < outer; ++i) {
    tapVariables.emplace_back("outer_tap" + std::to_string(i));
    ranges.emplace_back(0, static_cast<int>(space.outerTaps(i)));
  }
  RDom pair(0, 2, "pair"), inChunk(0, static_cast<int>(quads), "in_chunk"),
      taps(ranges, "taps");

  // pairs(half, c, x, outer..., quad, taps...)
  std::vector<Expr> outerTaps(tapVariables.begin() + 1, tapVariables.end());
  Expr step = 0;
  for (size_t i = outer; i-- > 0;)
    step = step * static_cast<int>(space.outerTaps(i)) + outerTaps[i];
  step = (step * static_cast<int>(columnTaps) + columnTap) *
             static_cast<int>(runQuads) +
         quad;
  PanelPosition at = panelPosition(variables[0], tile.channels());
  Expr inQuad = pair + 2 * half;
  Expr weight = packedBuffer(
      context, 0, shape.panels() * steps * panelChannels * chunkQuad)(
      inQuad + chunkQuad * at.lane + chunkQuad * panelChannels * step +
      at.panel * static_cast<int>(steps * chunkQuad * panelChannels));
  Expr inRun =
      groupChannel(anchor, variables[0], tile) + inQuad + chunkQuad * quad;
  StagedInput staged(anchor, space, tile, runQuads * chunkQuad, columnTaps);
  Expr value;
  if (hasSignedInput(anchor)) {
    staged.define(context, withoutSign);
    value = staged.at(arguments, columnTap, outerTaps, inRun);
  } else {
    value = context.input(context.inputIndex(
        space.inputAt(arguments, columnTap, outerTaps, inRun)));
  }
  std::vector<Var> pairVariables = {half}, chunkVariables = {half};
  for (std::vector<Var> *list : {&pairVariables, &chunkVariables}) {
    list->insert(list->end(), variables.begin(), variables.end());
    list->push_back(list == &pairVariables ? quad : chunk);
    list->insert(list->end(), tapVariables.begin(), tapVariables.end());
  }
  Func pairs("pairs"), chunks("chunks"), sums("sums");
  pairs(pairVariables) = Halide::cast<int16_t>(0);
  pairs(pairVariables) = Halide::saturating_add(
      pairs(pairVariables),
      Halide::cast<int16_t>(value) * Halide::cast<int16_t>(weight));

  std::vector<Expr> readPairs = expressions(pairVariables);
  readPairs[1 + variables.size()] =
      inChunk + static_cast<int>(quads) * Expr(chunk);
  chunks(chunkVariables) = Halide::cast<int16_t>(0);
  chunks(chunkVariables) += pairs(readPairs);

  std::vector<Expr> readChunks = {taps[0]};
  readChunks.insert(readChunks.end(), arguments.begin(), arguments.end());
  for (int i = 1; i < taps.dimensions(); ++i)
    readChunks.push_back(taps[i]);
  sums(variables) =
      hasSignedInput(anchor)
          ? Expr(packedBuffer(context, 1,
                              shape.panels() * panelChannels)(variables[0]))
          : Expr(0);
  sums(variables) += Halide::cast<int32_t>(chunks(readChunks));

  Func output = defineOutput(space, context, sums);
  constexpr int64_t cachedWeightBytes = 256 * 1024;
  BlockLevels levels =
      scheduleBlocks(output, space, tile,
                     /*channelsOutermost=*/steps * chunkQuad * shape.outputs >
                         cachedWeightBytes,
                     context.parallel);
  sums.compute_at(levels.tile);
  if (hasSignedInput(anchor))
    staged.computeAt(levels);
  scheduleTile(sums, space, tile);
  auto update = sums.update();
  std::vector<Halide::VarOrRVar> order = {taps[0]};
  order.insert(order.end(), variables.begin(), variables.end());
  for (int i = 1; i < taps.dimensions(); ++i)
    order.emplace_back(taps[i]);
  update.reorder(order).atomic().vectorize(taps[0]).vectorize(variables[0],
                                                              tile.lanes);
  for (const Var &variable : variables)
    update.unroll(variable);
  auto scheduleHalves = [&](auto part) {
    part.vectorize(half).vectorize(variables[0], tile.lanes);
    for (const Var &variable : variables)
      part.unroll(variable);
  };
  for (Func func : {chunks, pairs}) {
    func.bound_extent(half, 2)
        .bound_extent(variables[0], tile.channels())
        .bound_extent(variables[1], tile.pixels);
    scheduleHalves(func);
  }
  chunks.compute_at(sums, taps[1]);
  order = {half};
  order.insert(order.end(), variables.begin(), variables.end());
  std::vector<Halide::VarOrRVar> pairOrder = order;
  order.emplace_back(inChunk.x);
  scheduleHalves(chunks.update().reorder(order));
  pairs.compute_at(chunks, inChunk.x);
  pairOrder.insert(pairOrder.begin(), pair.x);
  scheduleHalves(pairs.update()
                     .reorder(pairOrder)
                     .atomic(/*override_associativity_test=*/true)
                     .vectorize(pair.x));
  context.bindOutput(output, space.outputShape());
  return output;
}

} // namespace shiftadd::halide_gen
