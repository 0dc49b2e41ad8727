//===- Chunk.h - Products that add up in 16 bits ----------------*- C++ -*-===//
//
// Part of the shiftadd project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Without a four-way dot product the fastest multiplication of bytes is
// vpmaddubsw: two products of an unsigned and a signed byte, added in 16 bits
// with saturation. It is exact where the weights are small enough, and several
// such sums can be added in 16 bits before they go on in 32. How many elements
// of a run (a chunk) that is follows from the weights: the schedule stage
// states it as attributes of the op and packing proves it again.
//
//===----------------------------------------------------------------------===//
#ifndef SHIFTADD_CODEGEN_HALIDE_TEMPLATES_CHUNK_H
#define SHIFTADD_CODEGEN_HALIDE_TEMPLATES_CHUNK_H

#include "codegen/Halide/Templates/PixelSpace.h"

#include <cstdint>
#include <optional>

namespace shiftadd::halide_gen {

/// Elements of a run that lie together for one output: two pairs.
constexpr int chunkQuad = 4;

/// Quads of a chunk, which divide those of a run; nothing where the op states
/// none, or states it for runs of another length.
std::optional<int64_t> statedChunk(const Anchor &anchor,
                                   const FilterShape &shape);

/// Throws SpecError when a sum of some chunk could leave 16 bits. `filter` is
/// dense row-major.
void proveChunk(const Anchor &anchor, const FilterShape &shape, int64_t quads,
                const int8_t *filter);

/// A convolution whose filter lies in panels [O/16][runs][run/4][16][4] with
/// each run filled up by zeros, and whose second blob, for signed codes, holds
/// the start values of the sums.
Halide::Func buildChunkedConvolution(const Anchor &anchor,
                                     const AnchorContext &context,
                                     int64_t quads);

} // namespace shiftadd::halide_gen

#endif // SHIFTADD_CODEGEN_HALIDE_TEMPLATES_CHUNK_H
