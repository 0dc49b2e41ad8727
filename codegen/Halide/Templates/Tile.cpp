//===- Tile.cpp - Register tiles of convolution kernels ---------*- C++ -*-===//
//
// Part of the shiftadd project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// The model: two 256-bit or one 512-bit multiply-add per cycle, two loads per
// cycle (a 512-bit load counts twice), four cycles until a sum can be added to
// again, a fixed cost to start and store a tile. A tile that does not fit the
// register file spills inside the loop and halves the speed, so those are never
// considered.
//
//===----------------------------------------------------------------------===//
#include "codegen/Halide/Templates/Tile.h"

#include <algorithm>

namespace shiftadd::halide_gen {

/// Half cycles, so that the counts stay integers.
static int64_t cyclesOfStep(const Tile &tile, const TileCosts &costs) {
  int64_t width = tile.lanes / 8; // in 256-bit units
  int64_t sums = int64_t(tile.pixels) * tile.vectors;
  int64_t arithmetic = sums * costs.operationsPerVector * width;
  int64_t loads = tile.pixels + tile.vectors * width * costs.registersPerVector;
  constexpr int64_t latency = 8;
  if (costs.operationsPerWeight > 0)
    return arithmetic + tile.pixels +
           tile.vectors * costs.registersPerVector * costs.operationsPerWeight *
               width;
  return std::max({arithmetic, loads, latency});
}

static bool fitsRegisters(CpuLevel level, const Tile &tile,
                          const TileCosts &costs) {
  int registers = level == CpuLevel::X86_64_V3 ? 16 : 32;
  return costs.registersPerVector * tile.vectors * (tile.pixels + 1) +
             costs.scratchRegisters <=
         registers;
}

Tile chooseTile(CpuLevel level, int64_t width, int64_t outputs, int64_t steps,
                const TileCosts &costs) {
  constexpr int maxPixels = 16, maxSums = 28;
  constexpr int64_t startCost = 60;
  Tile best;
  best.lanes = 8;
  int64_t bestCycles = -1;
  for (int lanes : {16, 8}) {
    if (lanes == 16 && level == CpuLevel::X86_64_V3)
      continue;
    int64_t blocks = (outputs + lanes - 1) / lanes;
    for (int vectors = 1; vectors <= costs.mostVectors; ++vectors) {
      // Panels behind the last one do not exist, so blocks have to divide.
      if (blocks % vectors != 0)
        continue;
      for (int pixels = 1; pixels <= std::min<int64_t>(maxPixels, width);
           ++pixels) {
        Tile tile{pixels, vectors, lanes};
        if (pixels * vectors > maxSums || !fitsRegisters(level, tile, costs))
          continue;
        int64_t tiles = (width + pixels - 1) / pixels * (blocks / vectors);
        int64_t cycles =
            tiles * (steps * cyclesOfStep(tile, costs) + startCost);
        // Equal counts: fewer channels in a tile read each weight panel once
        // per row of pixels in longer runs.
        if (bestCycles < 0 || cycles < bestCycles) {
          bestCycles = cycles;
          best = tile;
        }
      }
    }
  }
  return best;
}

int chooseRowPixels(int64_t width, int limit) {
  if (width <= limit)
    return static_cast<int>(width);
  int best = 1;
  int64_t bestWork = -1;
  for (int pixels = limit; pixels >= std::max(1, limit / 2); --pixels) {
    int64_t work = (width + pixels - 1) / pixels * (pixels + 1);
    if (bestWork < 0 || work < bestWork) {
      bestWork = work;
      best = pixels;
    }
  }
  return best;
}

} // namespace shiftadd::halide_gen
