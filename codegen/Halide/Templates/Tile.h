//===- Tile.h - Register tiles of convolution kernels -----------*- C++ -*-===//
//
// Part of the shiftadd project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// The inner loop of a convolution keeps a tile of accumulators (some pixels of
// a row by some vectors of output channels) in registers. The tile follows from
// the shape by a count of machine cycles, so that no table of known networks is
// needed.
//
//===----------------------------------------------------------------------===//
#ifndef SHIFTADD_CODEGEN_HALIDE_TEMPLATES_TILE_H
#define SHIFTADD_CODEGEN_HALIDE_TEMPLATES_TILE_H

#include "codegen/Halide/Compile.h"

#include <cstdint>

namespace shiftadd::halide_gen {

/// Output channels of one panel of packed weights; all constants per channel
/// are padded to a multiple of it.
constexpr int panelChannels = 16;

/// What one step of the reduction costs, per register of accumulators.
struct TileCosts {
  int registersPerVector = 1; ///< accumulator registers per pixel and vector
  int operationsPerVector = 1;
  /// To convert one vector of weights; 0 also says that the units that multiply
  /// are not kept from it by loads of the input.
  int operationsPerWeight = 0;
  int scratchRegisters = 1;
  int mostVectors = 8; ///< along the output channels
};

struct Tile {
  int pixels = 1;
  int vectors = 1; ///< along the output channels
  int lanes = 16;  ///< 32-bit lanes of one vector
  int channels() const { return vectors * lanes; }
};

/// `width` pixels in a row, `outputs` channels, sums of `steps` products.
Tile chooseTile(CpuLevel level, int64_t width, int64_t outputs, int64_t steps,
                const TileCosts &costs);

/// Pixels of a row that one iteration of a depthwise kernel takes.
int chooseRowPixels(int64_t width, int limit);

} // namespace shiftadd::halide_gen

#endif // SHIFTADD_CODEGEN_HALIDE_TEMPLATES_TILE_H
