//===- ConvolutionFloat.cpp - float32 convolutions --------------*- C++ -*-===//
//
// Part of the shiftadd project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Direct convolution, dense and their adder forms in float32. The filter lies
// in panels [O/16][taps, C][16], so that the inner loop takes one vector of
// weights and one scalar of the input per product.
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

/// Weights up to this size stay in the caches while the pixels pass by.
constexpr int64_t cachedWeightBytes = 192 * 1024;

class ConvolutionFloat : public AnchorTemplate {
public:
  explicit ConvolutionFloat(Anchor::Arithmetic arithmetic)
      : arithmetic(arithmetic) {}

  std::string name() const override {
    return arithmetic == Anchor::Arithmetic::MultiplyAdd ? "convolution_float"
                                                         : "adder_float";
  }

  bool matches(const Anchor &anchor) const override {
    return anchor.arithmetic == arithmetic && anchor.groups == 1 &&
           anchor.inputType.scalar == ScalarType::Float32 &&
           anchor.filterType.scalar == ScalarType::Float32 &&
           anchor.resultType.scalar == ScalarType::Float32 &&
           readsStoredWindows(anchor);
  }

  bool contracts(const Anchor &) const override {
    return arithmetic == Anchor::Arithmetic::MultiplyAdd;
  }

  std::vector<Halide::Type> packedTypes(const Anchor &) const override {
    return {Halide::Float(32)};
  }

  PackedConstants pack(const Anchor &anchor,
                       const uint8_t *filter) const override {
    FilterShape shape(anchor);
    int64_t steps = shape.taps * shape.channels;
    std::vector<uint8_t> bytes(shape.panels() * steps * panelChannels *
                               sizeof(float));
    for (int64_t output = 0; output < shape.outputs; ++output) {
      uint8_t *panel = bytes.data() +
                       output / panelChannels * steps * panelChannels * 4 +
                       output % panelChannels * 4;
      for (int64_t step = 0; step < steps; ++step)
        std::memcpy(panel + step * panelChannels * 4,
                    filter + (output * steps + step) * 4, 4);
    }
    return {bytes};
  }

  Func build(const Anchor &anchor, const AnchorContext &context) const override;

private:
  Anchor::Arithmetic arithmetic;
};

} // namespace

Func ConvolutionFloat::build(const Anchor &anchor,
                             const AnchorContext &context) const {
  PixelSpace space(anchor, context);
  const FilterShape &shape = space.filter();
  bool adder = arithmetic == Anchor::Arithmetic::AbsoluteDifference;
  int64_t steps = shape.taps * shape.channels;
  TileCosts costs;
  costs.operationsPerVector = adder ? 3 : 1;
  costs.scratchRegisters = adder ? 4 : 1;
  Tile tile =
      chooseTile(context.level, space.width(), shape.outputs, steps, costs);

  // The run along the row first, then the taps of the outer dimensions.
  int64_t run = shape.runLength();
  int64_t columnTaps = shape.joinedRun || shape.dimensions.empty()
                           ? 1
                           : shape.dimensions.back().taps;
  std::vector<Halide::Range> ranges = {{0, static_cast<int>(run)},
                                       {0, static_cast<int>(columnTaps)}};
  for (size_t i = 0; i < space.outerVariables().size(); ++i)
    ranges.emplace_back(0, static_cast<int>(space.outerTaps(i)));
  RDom taps(ranges, "taps");

  std::vector<Var> variables = space.variables();
  std::vector<Expr> arguments = expressions(variables);
  std::vector<Expr> outerTaps;
  for (size_t i = 0; i < space.outerVariables().size(); ++i)
    outerTaps.push_back(taps[2 + i]);
  if (!adder && anchor.paddingValue == 0)
    space.skipPaddedTaps(taps, arguments, outerTaps);

  Expr step = 0;
  for (size_t i = outerTaps.size(); i-- > 0;)
    step = step * static_cast<int>(space.outerTaps(i)) + outerTaps[i];
  step =
      (step * static_cast<int>(columnTaps) + taps[1]) * static_cast<int>(run) +
      taps[0];
  PanelPosition at = panelPosition(variables[0], tile.channels());
  Expr weight =
      context.packed[0](at.lane + panelChannels * step +
                        at.panel * static_cast<int>(steps * panelChannels));
  Expr value = context.input(context.inputIndex(
      space.inputAt(arguments, taps[1], outerTaps, taps[0])));

  Func sums("sums");
  sums(variables) = 0.0f;
  // The difference is taken as weight - value: the loads of a repeated scalar
  // then fold into the subtraction.
  if (adder)
    sums(variables) -= Halide::abs(weight - value);
  else
    sums(variables) += value * weight;

  Func output = defineOutput(space, context, sums);
  bool channelsOutermost =
      steps * shape.outputs * int64_t(sizeof(float)) > cachedWeightBytes;
  BlockLevels levels =
      scheduleBlocks(output, space, tile, channelsOutermost, context.parallel);
  sums.compute_at(levels.tile);
  scheduleTile(sums, space, tile);
  std::vector<Halide::VarOrRVar> order(variables.begin(), variables.end());
  for (int i = 0; i < taps.dimensions(); ++i)
    order.emplace_back(taps[i]);
  auto update = sums.update();
  update.reorder(order).vectorize(variables[0], tile.lanes);
  for (const Var &variable : variables)
    update.unroll(variable);
  context.bindOutput(output, space.outputShape());
  return output;
}

std::unique_ptr<AnchorTemplate> createConvolutionFloat() {
  return std::make_unique<ConvolutionFloat>(Anchor::Arithmetic::MultiplyAdd);
}

std::unique_ptr<AnchorTemplate> createAdderFloat() {
  return std::make_unique<ConvolutionFloat>(
      Anchor::Arithmetic::AbsoluteDifference);
}

} // namespace shiftadd::halide_gen
