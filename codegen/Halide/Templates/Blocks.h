//===- Blocks.h - The loops around a register tile --------------*- C++ -*-===//
//
// Part of the shiftadd project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Cuts an output into register tiles and orders the loops over them: which one
// is outermost decides whether weights or pixels stay in the cache, and which
// one the threads share.
//
//===----------------------------------------------------------------------===//
#ifndef SHIFTADD_CODEGEN_HALIDE_TEMPLATES_BLOCKS_H
#define SHIFTADD_CODEGEN_HALIDE_TEMPLATES_BLOCKS_H

#include "codegen/Halide/Templates/PixelSpace.h"
#include "codegen/Halide/Templates/Tile.h"

#include <Halide.h>

#include <vector>

namespace shiftadd::halide_gen {

struct BlockLevels {
  /// Where the sums of one tile are computed.
  Halide::LoopLevel tile;
  /// Where the input of a tile's pixels is prepared, outside of the loop over
  /// blocks of channels if that is the innermost one.
  Halide::LoopLevel pixels;
};

/// `channelsOutermost`: each block of channels goes over all pixels.
BlockLevels scheduleBlocks(Halide::Func output, const PixelSpace &space,
                           const Tile &tile, bool channelsOutermost,
                           bool parallel);

/// Vectorises and unrolls a Func over (channel, x, outer...) at tile size.
void scheduleTile(Halide::Func tile, const PixelSpace &space, const Tile &size);

/// The output Func from the sums: the epilogue at every point.
Halide::Func defineOutput(const PixelSpace &space, const AnchorContext &context,
                          const Halide::Func &sums);

/// Packed constant `i` with its size and alignment fixed.
Halide::ImageParam packedBuffer(const AnchorContext &context, size_t i,
                                int64_t elements);

std::vector<Halide::Expr>
expressions(const std::vector<Halide::Var> &variables);

/// Position of a channel inside its panel of packed weights, counted in
/// channels, and the panel's number: written so that a tile of `channels`
/// starting at a multiple of that size reads vectors at constant offsets.
struct PanelPosition {
  Halide::Expr lane, panel;
};
PanelPosition panelPosition(const Halide::Expr &channel, int tileChannels);

/// The first input channel of the group that an output channel belongs to, the
/// same for all channels of a tile, which lies in one group.
Halide::Expr groupChannel(const Anchor &anchor, const Halide::Expr &channel,
                          const Tile &tile);

} // namespace shiftadd::halide_gen

#endif // SHIFTADD_CODEGEN_HALIDE_TEMPLATES_BLOCKS_H
