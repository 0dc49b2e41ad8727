//===- AdderInteger.cpp - Sums of absolute differences of codes -*- C++ -*-===//
//
// Part of the shiftadd project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Adder layers on 8-bit codes: vpsadbw adds up eight absolute differences of
// bytes, so one instruction and one addition take as many elements as the four
// bytes of a multiply-accumulate lane do. The filter lies in panels
// [O/16][runs][run/8][16][8]. Signed codes become unsigned by a flip of the top
// bit on both sides, which leaves their distance as it is.
//
// An element read behind the end of a run would count with its distance from
// the zero that fills up the filter's run: the last step of a run whose length
// is no multiple of eight is a sum of its own, which masks such elements.
//
// The sums are UInt(64), the type of vpsadbw's lanes. With any other type
// Halide 21 builds a kernel that forgets all but the last step.
//
//===----------------------------------------------------------------------===//
#include "codegen/Halide/Templates/AnchorForm.h"
#include "codegen/Halide/Templates/Staging.h"
#include "codegen/Halide/Templates/Templates.h"

using Halide::Expr;
using Halide::Func;
using Halide::RDom;
using Halide::Var;

namespace shiftadd::halide_gen {
namespace {

/// Elements of a run that one step takes.
constexpr int octet = 8;
constexpr int64_t cachedWeightBytes = 256 * 1024;
constexpr uint8_t topBit = 0x80;

int64_t octetsPerRun(const FilterShape &shape) {
  return (shape.runLength() + octet - 1) / octet;
}

class AdderInteger : public AnchorTemplate {
public:
  std::string name() const override { return "adder_integer"; }

  bool matches(const Anchor &anchor) const override {
    return anchor.arithmetic == Anchor::Arithmetic::AbsoluteDifference &&
           hasWholeGroupPanels(anchor) && hasByteInput(anchor) &&
           anchor.filterType.scalar == anchor.inputType.scalar &&
           anchor.resultType.scalar == ScalarType::Int32 &&
           readsStoredWindows(anchor);
  }

  std::vector<Halide::Type> packedTypes(const Anchor &) const override {
    return {Halide::UInt(8)};
  }

  PackedConstants pack(const Anchor &anchor,
                       const uint8_t *filter) const override {
    FilterShape shape(anchor);
    int64_t run = shape.runLength(), octets = octetsPerRun(shape);
    int64_t panelBytes = shape.runs() * octets * panelChannels * octet;
    std::vector<uint8_t> bytes(shape.panels() * panelBytes);
    uint8_t flip = hasSignedInput(anchor) ? topBit : 0;
    for (int64_t output = 0; output < shape.outputs; ++output) {
      uint8_t *panel = bytes.data() + output / panelChannels * panelBytes +
                       output % panelChannels * octet;
      for (int64_t i = 0; i < shape.runs() * run; ++i) {
        int64_t inRun = i % run;
        panel[(i / run * octets + inRun / octet) * panelChannels * octet +
              inRun % octet] = *filter++ ^ flip;
      }
    }
    return {bytes};
  }

  Func build(const Anchor &anchor, const AnchorContext &context) const override;
};

} // namespace

Func AdderInteger::build(const Anchor &anchor,
                         const AnchorContext &context) const {
  PixelSpace space(anchor, context);
  const FilterShape &shape = space.filter();
  int64_t run = shape.runLength(), octets = octetsPerRun(shape);
  int64_t steps = shape.runs() * octets;
  // A vector of 32-bit results is two of 64-bit sums.
  TileCosts costs;
  costs.registersPerVector = 2;
  costs.operationsPerVector = 4;
  costs.scratchRegisters = 2;
  costs.mostVectors = 1;
  Tile tile = chooseTile(context.level, space.width(),
                         shape.outputs / anchor.groups, steps, costs);

  int64_t columnTaps = shape.joinedRun || shape.dimensions.empty()
                           ? 1
                           : shape.dimensions.back().taps;
  std::vector<Var> variables = space.variables();
  std::vector<Expr> arguments = expressions(variables);
  PanelPosition at = panelPosition(variables[0], tile.channels());
  Halide::ImageParam packed =
      packedBuffer(context, 0, shape.panels() * steps * panelChannels * octet);
  Expr firstChannel = groupChannel(anchor, variables[0], tile);

  // Flipped ahead: on every broadcast it would cost as much as a difference
  // (and keeps LLVM 21 from ending).
  StagedInput staged(anchor, space, tile, octets * octet, columnTaps);
  if (hasSignedInput(anchor))
    staged.define(context, withoutSign);

  /// The terms of elements [first, first + count) of every run, octet by octet.
  Func wide("wide_sums");
  wide(variables) = Halide::cast<uint64_t>(0);
  auto addSteps = [&](int64_t first, int64_t count, const char *name) {
    std::vector<Halide::Range> ranges = {{0, octet},
                                         {0, static_cast<int>(count)},
                                         {0, static_cast<int>(columnTaps)}};
    for (size_t i = 0; i < space.outerVariables().size(); ++i)
      ranges.emplace_back(0, static_cast<int>(space.outerTaps(i)));
    RDom taps(ranges, name);
    std::vector<Expr> outerTaps;
    for (size_t i = 0; i < space.outerVariables().size(); ++i)
      outerTaps.push_back(taps[3 + i]);
    Expr step = 0;
    for (size_t i = outerTaps.size(); i-- > 0;)
      step = step * static_cast<int>(space.outerTaps(i)) + outerTaps[i];
    Expr inOctet = taps[0];
    Expr octetNumber = taps[1] + static_cast<int>(first);
    step = (step * static_cast<int>(columnTaps) + taps[2]) *
               static_cast<int>(octets) +
           octetNumber;
    Expr weight =
        packed(inOctet + octet * at.lane + octet * panelChannels * step +
               at.panel * static_cast<int>(steps * octet * panelChannels));
    Expr inRun = firstChannel + inOctet + octet * octetNumber;
    Expr value = hasSignedInput(anchor)
                     ? staged.at(arguments, taps[2], outerTaps, inRun)
                     : Expr(context.input(context.inputIndex(space.inputAt(
                           arguments, taps[2], outerTaps, inRun))));
    int rest = static_cast<int>(run - first * octet);
    if (count == 1 && rest < octet)
      value = Halide::select(inOctet < rest, value, Halide::cast<uint8_t>(0));
    wide(variables) += Halide::cast<uint64_t>(Halide::absd(value, weight));
    auto update = wide.update(wide.num_update_definitions() - 1);
    std::vector<Halide::VarOrRVar> order = {taps[0]};
    order.insert(order.end(), variables.begin(), variables.end());
    for (int i = 1; i < taps.dimensions(); ++i)
      order.emplace_back(taps[i]);
    update.reorder(order).atomic().vectorize(taps[0]).vectorize(variables[0],
                                                                tile.lanes / 2);
    for (const Var &variable : variables)
      update.unroll(variable);
  };
  if (run / octet > 0)
    addSteps(0, run / octet, "taps");
  if (run % octet > 0)
    addSteps(run / octet, 1, "last_taps");

  Func sums("sums");
  sums(variables) = -Halide::cast<int32_t>(wide(arguments));
  Func output = defineOutput(space, context, sums);
  BlockLevels levels = scheduleBlocks(
      output, space, tile,
      /*channelsOutermost=*/steps * octet * shape.outputs > cachedWeightBytes,
      context.parallel);
  sums.compute_at(levels.tile);
  if (hasSignedInput(anchor))
    staged.computeAt(levels);
  scheduleTile(sums, space, tile);
  wide.compute_at(levels.tile)
      .bound_extent(variables[0], tile.channels())
      .bound_extent(variables[1], tile.pixels)
      .vectorize(variables[0], tile.lanes / 2);
  for (const Var &variable : variables)
    wide.unroll(variable);
  context.bindOutput(output, space.outputShape());
  return output;
}

std::unique_ptr<AnchorTemplate> createAdderInteger() {
  return std::make_unique<AdderInteger>();
}

} // namespace shiftadd::halide_gen
