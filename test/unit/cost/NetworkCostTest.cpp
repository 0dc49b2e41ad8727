//===- NetworkCostTest.cpp - Layers and their baseline -*- C++ -*-===//
//
// Part of the shiftadd project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
#include "passes/Cost/NetworkCost.h"
#include "test/unit/cost/Fixture.h"

namespace shiftadd {
namespace {

using Kind = OperationKind;

class NetworkCostTest : public CostTest {
protected:
  NetworkCostTest()
      : table(llvm::cantFail(PriceTable::load("asic"))),
        memory(table.getMemory()) {}

  NetworkCost count(llvm::StringRef text,
                    const NetworkCost *imported = nullptr) {
    return getNetworkCost(parse(text), memory, imported);
  }

  PriceTable table;
  MemoryModel memory;
};

// A shift layer and an adder layer in one fused layer, both from the node "c".
const char *shiftAddBlock = R"(
  !x = !quant.uniform<i8:f32, 0.5>
  !w = !quant.uniform<i8<-127:127>:f32, 0.5>
  !codes = !shiftadd.pot<bits = 5, terms = 1, min_exponent = 0, max_exponent = 14, zero = true>
  func.func @main(%x: tensor<1x4x!x>) -> tensor<1x4xi32> {
    %w = shiftadd.constant dense<[[33, 132, 0], [33, 132, 0], [33, 132, 0], [33, 132, 0]]> : tensor<4x3xui8> as tensor<4x4x!codes>
    %a = shiftadd.constant dense<0> : tensor<4x4xi8> as tensor<4x4x!x>
    %m = shiftadd.constant dense<1> : tensor<1xi32> as tensor<1xi32>
    %0 = shiftadd.layer "c"(%x, %w, %a, %m) : (tensor<1x4x!x>, tensor<4x4x!codes>, tensor<4x4x!x>, tensor<1xi32>) -> tensor<1x4xi32> {
    ^bb0(%y: tensor<1x4x!x>, %v: tensor<4x4x!codes>, %b: tensor<4x4x!x>, %n: tensor<1xi32>):
      %1 = shiftadd.shift_dense %y, %v : (tensor<1x4x!x>, tensor<4x4x!codes>) -> tensor<1x4xi32> loc("c")
      %2 = shiftadd.requantize %1, multiplier %n, shift %n {rounding = #shiftadd<rounding half_up>} : (tensor<1x4xi32>, tensor<1xi32>, tensor<1xi32>) -> tensor<1x4x!x>
      %3 = shiftadd.adder_dense %2, %b : (tensor<1x4x!x>, tensor<4x4x!x>) -> tensor<1x4xi32> loc("c")
      shiftadd.yield %3 : tensor<1x4xi32>
    }
    return %0 : tensor<1x4xi32>
  })";

TEST_F(NetworkCostTest, BaselineOfAShiftAddBlock) {
  NetworkCost network = count(shiftAddBlock);
  ASSERT_EQ(network.layers.size(), 1u);
  const LayerCost &layer = network.layers[0];
  EXPECT_EQ(layer.shiftTaps, 16);
  EXPECT_EQ(layer.adderTaps, 16);
  EXPECT_EQ(layer.shiftTerms, 16);
  EXPECT_EQ(layer.baselineTaps, 16);
  // One multiplication per tap of the shift layer, none for the adder layer,
  // and no scale between the two.
  EXPECT_EQ(layer.int8.taps.getTotal(Kind::Multiply), 16);
  EXPECT_EQ(layer.int8.taps.getTotal(Kind::Shift), 0);
  EXPECT_EQ(layer.int8.other.getTotal(), 0);
  EXPECT_GT(layer.compiled.other.getTotal(), 0);
  EXPECT_EQ(layer.activations.bits, 8u);
  EXPECT_EQ(layer.weights.bits, 5u);
  // Rows of four 5-bit codes take three bytes.
  EXPECT_EQ(layer.weightBytes, 4 * 3 + 16);
  ASSERT_TRUE(layer.getWidestSum());
  // |x - w| with w = 0 is at most 128, and so is |x|; four of them.
  EXPECT_EQ(layer.getWidestSum()->low, -512);
}

// Every sum is listed with what it can reach, through the layer's arguments.
TEST_F(NetworkCostTest, SumsOfAShiftAddBlock) {
  NetworkCost network = count(shiftAddBlock);
  const std::vector<IntegerSum> &sums = network.layers[0].sums;
  ASSERT_EQ(sums.size(), 2u);
  // Four times 1, each at codes from -128 to 127.
  EXPECT_EQ(sums[0].op, "shift_dense");
  EXPECT_EQ(sums[0].low, -512);
  EXPECT_EQ(sums[0].high, 508);
  EXPECT_EQ(sums[0].bits, 10u);
  EXPECT_EQ(sums[0].width, 32u);
  EXPECT_EQ(sums[0].getHeadroom(), 22);
  // Scaled by 1: magnitudes of up to 512, of either sign.
  EXPECT_EQ(sums[0].biasedBits, 11u);
  EXPECT_EQ(sums[0].scaledBits, 11u);
  // Nothing requantises the other one.
  EXPECT_EQ(sums[1].op, "adder_dense");
  EXPECT_EQ(sums[1].low, -512);
  EXPECT_EQ(sums[1].high, 0);
  EXPECT_EQ(sums[1].scaledBits, 0u);
}

// What passes from the shift to the adder layer stays inside (E12).
TEST_F(NetworkCostTest, FusedTensorsStayInside) {
  NetworkCost network = count(shiftAddBlock);
  // x, both weights, the scale's one constant, and the sums as i32.
  EXPECT_EQ(network.layers[0].compiled.traffic.dram,
            4 * 8 + 16 * 5 + 16 * 8 + 32 + 4 * 32);
}

// The imported network decides what is added, when it is known.
TEST_F(NetworkCostTest, BaselineOfTheImportedNetwork) {
  NetworkCost imported;
  imported.nodeTaps["c"] = 32;
  EXPECT_EQ(count(shiftAddBlock, &imported).layers[0].baselineTaps, 32);
  imported.nodeTaps["c"] = 16;
  EXPECT_EQ(count(shiftAddBlock, &imported).layers[0].baselineTaps, 16);
}

TEST_F(NetworkCostTest, EnergyOfABaseline) {
  NetworkCost network = count(shiftAddBlock);
  std::vector<UsedPrice> used;
  Energy energy = getEnergy(network.layers[0].int8, table, &used);
  EXPECT_NEAR(energy.taps, 16 * (0.2 + 0.03), 1e-9);
  Energy compiled = getEnergy(network.layers[0].compiled, table);
  EXPECT_NEAR(compiled.taps, 16 * (0.024 + 0.03) + 16 * 2 * 0.03, 1e-9);
  EXPECT_EQ(used.size(), 2u);
  EXPECT_GT(energy.dram, 0);
  EXPECT_GT(energy.onChip, 0);
}

// A kernel's weights are those of its launch.
TEST_F(NetworkCostTest, Launches) {
  NetworkCost network = count(R"(
    !codes = !shiftadd.pot<bits = 8, terms = 2, min_exponent = 0, max_exponent = 6, zero = true>
    module {
      shiftadd.kernel @k attributes {argument_layouts = [#shiftadd.layout<low = [0, 0], high = [0, 0]>, #shiftadd.layout<low = [0, 0], high = [0, 0]>], constants = array<i1: false, true>, result_layouts = [#shiftadd.layout<low = [0, 0], high = [0, 0]>]} {
      ^bb0(%x: tensor<1x2xf32>, %w: tensor<1x2x!codes>):
        %0 = shiftadd.shift_dense %x, %w : (tensor<1x2xf32>, tensor<1x2x!codes>) -> tensor<1x1xf32>
        shiftadd.yield %0 : tensor<1x1xf32>
      }
      func.func @main(%x: tensor<1x2xf32>) -> tensor<1x1xf32> {
        %w = shiftadd.constant dense<[[33, 1]]> : tensor<1x2xui8> as tensor<1x2x!codes>
        %0 = shiftadd.launch @k "a"(%x, %w) {arena_offsets = array<i64: -1>} : (tensor<1x2xf32>, tensor<1x2x!codes>) -> tensor<1x1xf32>
        return %0 : tensor<1x1xf32>
      }
    })");
  ASSERT_EQ(network.layers.size(), 1u);
  EXPECT_EQ(network.layers[0].name, "a");
  EXPECT_EQ(network.layers[0].shiftTerms, 3);
  EXPECT_EQ(network.layers[0].equalPrecision.taps.getTotal(Kind::Multiply), 2);
}

} // namespace
} // namespace shiftadd
