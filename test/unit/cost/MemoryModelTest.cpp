//===- MemoryModelTest.cpp - Memory accesses by level -*- C++ -*-===//
//
// Part of the shiftadd project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
#include "passes/Cost/MemoryModel.h"

#include "gtest/gtest.h"

namespace shiftadd {
namespace {

MemoryPrices getPrices() {
  return llvm::cantFail(PriceTable::load("asic")).getMemory();
}

// A loop nest that needs no tiling: one output channel, one input channel, one
// row. Every formula of E10 by hand.
TEST(MemoryModel, OneRow) {
  MemoryModel model(getPrices());
  LayerLoops loops;
  loops.inputColumns = loops.outputColumns = 8;
  loops.filterColumns = 3;
  OperandWidths widths;
  widths.input = 8, widths.weights = 8, widths.output = 8;
  widths.partialSums = 32;
  MemoryTraffic traffic = model.getTraffic(loops, widths);
  EXPECT_EQ(traffic.dram, 8 * 8 + 3 * 8 + 8 * 8);
  EXPECT_EQ(traffic.globalBuffer, 8 * 8 + 8 * 8);
  EXPECT_EQ(traffic.network, 8 * 8 + 3 * 8);
  EXPECT_EQ(traffic.networkPartialSums, 8 * 32);
  // max(2 * (3 - 1), 1) partial sums per output; each input for three taps.
  EXPECT_EQ(traffic.registerFile, 4 * 8 * 32 + 3 * 8 * 8);
  EXPECT_EQ(traffic.registerFileWeights, 8 * 3 * 8);
}

TEST(MemoryModel, EverythingIsReadOnceAtLeast) {
  MemoryModel model(getPrices());
  LayerLoops loops{64, 64, 56, 56, 56, 56, 3, 3};
  OperandWidths widths;
  MemoryTraffic traffic = model.getTraffic(loops, widths);
  double input = 64 * 56 * 56 * 8.0, output = input, weights = 64 * 64 * 9 * 8;
  EXPECT_GE(traffic.dram, input + output + weights);
  EXPECT_GE(traffic.globalBuffer, input);
}

// Narrower weights move fewer bits, with everything else equal.
TEST(MemoryModel, NarrowWeights) {
  MemoryModel model(getPrices());
  LayerLoops loops{64, 64, 16, 16, 16, 16, 3, 3};
  OperandWidths wide, narrow;
  narrow.weights = 4;
  MemoryPrices prices = getPrices();
  EXPECT_LT(model.getTraffic(loops, narrow).getDramEnergy(prices),
            model.getTraffic(loops, wide).getDramEnergy(prices));
}

// Only what a fused layer keeps inside is free of DRAM and global buffer (E12).
TEST(MemoryModel, FusedTensorsStayInside) {
  MemoryModel model(getPrices());
  LayerLoops loops{16, 16, 8, 8, 8, 8, 3, 3};
  OperandWidths inside;
  inside.inputStaysInside = inside.outputStaysInside = true;
  MemoryTraffic traffic = model.getTraffic(loops, inside);
  EXPECT_EQ(traffic.dram, 16 * 16 * 9 * 8);
  EXPECT_GT(traffic.registerFile, 0);
}

// A word of 16 bits from DRAM costs 200 pJ (E9).
TEST(MemoryModel, PricesWords) {
  MemoryPrices prices = getPrices();
  MemoryTraffic transfer = MemoryModel::getTransfer(32);
  EXPECT_DOUBLE_EQ(transfer.getDramEnergy(prices), 400);
  EXPECT_DOUBLE_EQ(transfer.getOnChipEnergy(prices), 2 * 22.2);
}

// Sizes without divisors, and layers that no tile of the limits holds.
TEST(MemoryModel, OddSizes) {
  MemoryModel model(getPrices());
  OperandWidths widths;
  for (LayerLoops loops : {LayerLoops{1009, 1, 1, 1, 1, 1, 1, 1},
                           LayerLoops{1, 1, 7, 7, 7, 7, 31, 31},
                           LayerLoops{1, 1, 1, 1, 1, 1, 5000, 1},
                           LayerLoops{0, 0, 0, 0, 0, 0, 0, 0},
                           LayerLoops{1, 1, 2048, 40000, 2048, 40000, 3, 3}}) {
    MemoryTraffic traffic = model.getTraffic(loops, widths);
    EXPECT_GE(traffic.dram, 0);
    EXPECT_TRUE(traffic.registerFile >= 0);
  }
}

} // namespace
} // namespace shiftadd
