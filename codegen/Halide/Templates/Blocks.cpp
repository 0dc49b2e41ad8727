//===- Blocks.cpp - The loops around a register tile ------------*- C++ -*-===//
//
// Part of the shiftadd project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Shared schedule of the templates.
//
//===----------------------------------------------------------------------===//
#include "codegen/Halide/Templates/Blocks.h"

#include <algorithm>

using Halide::Expr;
using Halide::Func;
using Halide::TailStrategy;
using Halide::Var;

namespace shiftadd::halide_gen {

std::vector<Expr> expressions(const std::vector<Var> &variables) {
  return std::vector<Expr>(variables.begin(), variables.end());
}

Halide::ImageParam packedBuffer(const AnchorContext &context, size_t i,
                                int64_t elements) {
  Halide::ImageParam buffer = context.packed[i];
  buffer.dim(0).set_bounds(0, static_cast<int>(elements));
  buffer.set_host_alignment(64);
  return buffer;
}

PanelPosition panelPosition(const Expr &channel, int tileChannels) {
  int lanes = panelChannels;
  while (tileChannels % lanes != 0)
    lanes /= 2;
  PanelPosition position;
  position.lane = channel % lanes;
  if (lanes < panelChannels)
    position.lane += channel / lanes % (panelChannels / lanes) * lanes;
  position.panel = channel / panelChannels;
  return position;
}

Expr groupChannel(const Anchor &anchor, const Expr &channel, const Tile &tile) {
  if (anchor.groups == 1)
    return 0;
  int64_t outputs = anchor.filterType.shape.front() / anchor.groups;
  Expr block = channel / tile.channels();
  return block / static_cast<int>(outputs / tile.channels()) *
         static_cast<int>(anchor.filterType.shape.back());
}

void scheduleTile(Func tile, const PixelSpace &space, const Tile &size) {
  std::vector<Var> variables = space.variables();
  tile.bound_extent(variables[0], size.channels())
      .bound_extent(variables[1], size.pixels)
      .vectorize(variables[0], size.lanes);
  for (const Var &variable : variables)
    tile.unroll(variable);
}

Func defineOutput(const PixelSpace &space, const AnchorContext &context,
                  const Func &sums) {
  std::vector<Var> variables = space.variables();
  std::vector<Expr> arguments = expressions(variables);
  Func output("output");
  std::vector<Expr> values =
      context.epilogue(sums(arguments), space.resultAt(arguments));
  if (values.size() == 1)
    output(variables) = values[0];
  else
    output(variables) = Halide::Tuple(values);
  return output;
}

BlockLevels scheduleBlocks(Func output, const PixelSpace &space,
                           const Tile &tile, bool channelsOutermost,
                           bool parallel) {
  std::vector<Var> variables = space.variables();
  Var block("block"), inBlock("in_block"), vector("vector"), lane("lane"),
      column("column"), pixel("pixel");
  int64_t outputs = space.filter().outputs, width = space.width();
  output.bound(variables[0], 0, static_cast<int>(outputs))
      .bound(variables[1], 0, static_cast<int>(width));
  for (size_t i = 0; i + 2 < variables.size(); ++i)
    output.bound(variables[2 + i], 0, static_cast<int>(space.outerExtent(i)));

  output
      .split(variables[0], block, inBlock, tile.channels(),
             outputs % tile.channels() == 0 ? TailStrategy::RoundUp
                                            : TailStrategy::GuardWithIf)
      .split(inBlock, vector, lane, tile.lanes)
      .vectorize(lane)
      .unroll(vector)
      .split(variables[1], column, pixel, tile.pixels,
             width % tile.pixels == 0 ? TailStrategy::RoundUp
                                      : TailStrategy::ShiftInwards)
      .unroll(pixel);

  struct Loop {
    Var variable;
    int64_t extent;
    bool overBlocks;
  };
  int64_t blocks = (outputs + tile.channels() - 1) / tile.channels();
  std::vector<Loop> loops; // innermost first
  loops.push_back({column, (width + tile.pixels - 1) / tile.pixels, false});
  for (size_t i = 0; i + 2 < variables.size(); ++i)
    loops.push_back({variables[2 + i], space.outerExtent(i), false});
  loops.insert(channelsOutermost ? loops.end() : loops.begin(),
               Loop{block, blocks, true});

  // The threads share the outermost loop that has enough iterations to balance.
  constexpr int64_t enoughTasks = 4;
  int64_t taskSize = 1;
  if (parallel) {
    size_t shared = loops.size();
    while (shared > 0 && loops[shared - 1].extent < enoughTasks)
      --shared;
    if (shared == 0)
      shared = std::max_element(loops.begin(), loops.end(),
                                [](const Loop &a, const Loop &b) {
                                  return a.extent < b.extent;
                                }) -
               loops.begin() + 1;
    std::rotate(loops.begin() + (shared - 1), loops.begin() + shared,
                loops.end());
    constexpr int64_t mostTasks = 16;
    taskSize = (loops.back().extent + mostTasks - 1) / mostTasks;
  }

  std::vector<Halide::VarOrRVar> order = {lane, vector, pixel};
  for (const Loop &loop : loops)
    order.emplace_back(loop.variable);
  output.reorder(order);
  if (parallel && loops.back().extent > 1) {
    // A split of its own: Func::parallel with a task size would give the
    // loop's name to the tasks, and the sums would be computed per task.
    Var task("task");
    output
        .split(loops.back().variable, task, loops.back().variable,
               static_cast<int>(taskSize), TailStrategy::GuardWithIf)
        .parallel(task);
  }

  size_t pixels = loops.front().overBlocks && loops.size() > 1 ? 1 : 0;
  return {Halide::LoopLevel(output, loops.front().variable),
          Halide::LoopLevel(output, loops[pixels].variable)};
}

} // namespace shiftadd::halide_gen
