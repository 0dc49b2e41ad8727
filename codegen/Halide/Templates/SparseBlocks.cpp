//===- SparseBlocks.cpp - Convolutions with pruned blocks -------*- C++ -*-===//
//
// Part of the shiftadd project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Convolution and dense whose weights are zero in whole blocks of 16 outputs by
// one step of the sum: four elements of a run for 8-bit codes, one for floats.
// A panel of 16 outputs is the list of its kept blocks, each with its place in
// the window of a pixel. All panels have the same number of blocks, so that the
// loops have constant bounds; those with fewer are filled up with zeros.
//
//===----------------------------------------------------------------------===//
#include "codegen/Halide/Templates/SparseBlocks.h"

#include "codegen/Halide/Templates/AnchorForm.h"
#include "codegen/Halide/Templates/Blocks.h"
#include "codegen/Halide/Templates/Templates.h"
#include "codegen/Halide/Types.h"

#include <algorithm>
#include <cstring>

using Halide::Expr;
using Halide::Func;
using Halide::RDom;
using Halide::Var;

namespace shiftadd::halide_gen {
namespace {

int64_t keptBlocks(const Anchor &anchor) {
  const Op &op = anchor.spec->ops[static_cast<size_t>(anchor.opNumber)];
  return op.attributes.count(sparse::keptBlocks)
             ? integerAttribute(op, sparse::keptBlocks)
             : 0;
}

bool isCodes(const Anchor &anchor) {
  return hasByteInput(anchor) && anchor.filterType.scalar == ScalarType::Int8 &&
         anchor.resultType.scalar == ScalarType::Int32;
}

bool isReal(const Anchor &anchor) {
  return anchor.inputType.scalar == ScalarType::Float32 &&
         anchor.filterType.scalar == ScalarType::Float32 &&
         anchor.resultType.scalar == ScalarType::Float32;
}

/// Elements of a window that a block takes.
int64_t blockElements(const Anchor &anchor) { return isCodes(anchor) ? 4 : 1; }

/// Distances in the input buffer from a window's first element to every block.
std::vector<int64_t> blockPlaces(const Anchor &anchor) {
  std::vector<int64_t> taps = {0};
  for (size_t d = 0; d < anchor.strides.size(); ++d) {
    std::vector<int64_t> next;
    for (int64_t tap : taps)
      for (int64_t i = 0; i < anchor.filterType.shape[d + 1]; ++i)
        next.push_back(tap + i * anchor.dilations[d] *
                                 anchor.inputLayout.strides[d + 1]);
    taps = next;
  }
  // A block starts with any element and goes on in memory, see matches().
  int64_t channels = anchor.filterType.shape.back();
  int64_t elements = static_cast<int64_t>(taps.size()) * channels;
  std::vector<int64_t> places;
  for (int64_t k = 0; k < elements; k += blockElements(anchor))
    places.push_back(taps[static_cast<size_t>(k / channels)] + k % channels);
  return places;
}

class SparseBlocks : public AnchorTemplate {
public:
  std::string name() const override { return "sparse_blocks"; }

  bool matches(const Anchor &anchor) const override {
    if (keptBlocks(anchor) < 1 || anchor.groups != 1 ||
        anchor.arithmetic != Anchor::Arithmetic::MultiplyAdd ||
        (!isCodes(anchor) && !isReal(anchor)) || !readsStoredWindows(anchor))
      return false;
    FilterShape shape(anchor);
    return shape.runs() == 1 || shape.runLength() % blockElements(anchor) == 0;
  }

  std::vector<Halide::Type> packedTypes(const Anchor &anchor) const override {
    if (isReal(anchor))
      return {Halide::Float(32), Halide::Int(32)};
    std::vector<Halide::Type> types = {Halide::Int(8), Halide::Int(32)};
    if (hasSignedInput(anchor))
      types.push_back(Halide::Int(32));
    return types;
  }

  std::string unit(const Anchor &anchor, CpuLevel level) const override {
    return AnchorTemplate::unit(anchor, level) + " on kept blocks";
  }

  PackedConstants pack(const Anchor &anchor,
                       const uint8_t *filter) const override;
  Func build(const Anchor &anchor, const AnchorContext &context) const override;
};

} // namespace

PackedConstants SparseBlocks::pack(const Anchor &anchor,
                                   const uint8_t *filter) const {
  FilterShape shape(anchor);
  std::vector<int64_t> allPlaces = blockPlaces(anchor);
  int64_t kept = keptBlocks(anchor), block = blockElements(anchor);
  int64_t elements = shape.taps * shape.channels;
  size_t size = static_cast<size_t>(elementBytes(anchor.filterType.scalar));
  size_t blockBytes = static_cast<size_t>(panelChannels * block) * size;
  std::vector<uint8_t> weights(static_cast<size_t>(shape.panels() * kept) *
                               blockBytes);
  std::vector<int32_t> places(static_cast<size_t>(shape.panels() * kept), 0);
  std::vector<int32_t> offsets(
      static_cast<size_t>(shape.panels() * panelChannels), 0);
  std::vector<uint8_t> bytes(blockBytes);
  for (int64_t panel = 0; panel < shape.panels(); ++panel) {
    int64_t first = panel * panelChannels;
    int64_t last = std::min(shape.outputs, first + panelChannels);
    int64_t next = panel * kept;
    for (size_t b = 0; b < allPlaces.size(); ++b) {
      int64_t start = static_cast<int64_t>(b) * block;
      int64_t count = std::min(block, elements - start);
      std::fill(bytes.begin(), bytes.end(), uint8_t(0));
      for (int64_t output = first; output < last; ++output)
        std::memcpy(
            bytes.data() + static_cast<size_t>((output - first) * block) * size,
            filter + static_cast<size_t>(output * elements + start) * size,
            static_cast<size_t>(count) * size);
      if (std::all_of(bytes.begin(), bytes.end(),
                      [](uint8_t byte) { return byte == 0; }))
        continue;
      if (next == (panel + 1) * kept)
        throw SpecError("a panel of the filter has more blocks than the " +
                        std::to_string(kept) + " that its op states");
      std::memcpy(weights.data() + static_cast<size_t>(next) * blockBytes,
                  bytes.data(), blockBytes);
      places[static_cast<size_t>(next++)] = static_cast<int32_t>(allPlaces[b]);
      if (hasSignedInput(anchor))
        for (size_t i = 0; i < bytes.size(); ++i)
          offsets[static_cast<size_t>(first) +
                  i / static_cast<size_t>(block)] -=
              128 * static_cast<int8_t>(bytes[i]);
    }
  }
  auto bytesOf = [](const std::vector<int32_t> &list) {
    std::vector<uint8_t> result(list.size() * sizeof(int32_t));
    std::memcpy(result.data(), list.data(), result.size());
    return result;
  };
  PackedConstants packed = {weights, bytesOf(places)};
  if (hasSignedInput(anchor))
    packed.push_back(bytesOf(offsets));
  return packed;
}

Func SparseBlocks::build(const Anchor &anchor,
                         const AnchorContext &context) const {
  PixelSpace space(anchor, context);
  const FilterShape &shape = space.filter();
  bool real = isReal(anchor);
  bool dotProduct = !real && context.level == CpuLevel::Zen4;
  // vpdpbusd multiplies unsigned by signed, see ConvolutionInteger.
  bool shifted = dotProduct && hasSignedInput(anchor);
  // Without it a sum is held as two halves, one per pair of a block.
  int halves = real || dotProduct ? 1 : 2;
  int block = static_cast<int>(blockElements(anchor));
  int kept = static_cast<int>(keptBlocks(anchor));

  bool wide = context.level != CpuLevel::X86_64_V3;
  Tile tile;
  tile.lanes = wide ? 16 : 8;
  tile.vectors = panelChannels / tile.lanes;
  int sumRegisters = wide ? 24 : 12;
  tile.pixels =
      chooseRowPixels(space.width(), sumRegisters / (tile.vectors * halves));

  std::vector<Var> variables = space.variables();
  Var lane("lane"), panel("panel"), half("half");
  std::vector<Var> sumVariables = {lane, panel};
  sumVariables.insert(sumVariables.end(), variables.begin() + 1,
                      variables.end());
  RDom taps(0, block / halves, 0, kept, "taps");
  Expr number = panel * kept + taps[1];
  Expr inBlock = halves == 1 ? Expr(taps[0]) : taps[0] + 2 * half;
  Expr weight =
      packedBuffer(context, 0, shape.panels() * kept * panelChannels * block)(
          inBlock + block * lane + block * panelChannels * number);
  // The place comes from the weights, so that its bounds are not seen.
  Expr place = Halide::unsafe_promise_clamped(
      packedBuffer(context, 1, shape.panels() * kept)(number), 0,
      static_cast<int>(blockPlaces(anchor).back()));
  std::vector<Expr> arguments = expressions(variables);
  std::vector<Expr> noTaps(space.outerVariables().size(), Expr(0));
  Expr value = context.input(
      context.inputIndex(space.inputAt(arguments, 0, noTaps, Expr(0))) + place +
      inBlock);

  Func sums("sums"), halfSums("half_sums");
  Func accumulator = halves == 1 ? sums : halfSums;
  std::vector<Var> accumulatorVariables = sumVariables;
  if (halves > 1)
    accumulatorVariables.insert(accumulatorVariables.begin(), half);
  if (real) {
    accumulator(accumulatorVariables) = 0.0f;
    accumulator(accumulatorVariables) += value * weight;
  } else {
    Expr start = 0;
    if (shifted)
      start = packedBuffer(context, 2, shape.panels() * panelChannels)(
          panel * panelChannels + lane);
    accumulator(accumulatorVariables) = start;
    Halide::Type stored = dotProduct ? Halide::UInt(8) : Halide::Int(16);
    Expr element = Halide::cast(stored, value);
    if (shifted)
      element = element ^ Halide::cast(stored, 128);
    Halide::Type factor = dotProduct ? Halide::Int(8) : Halide::Int(16);
    accumulator(accumulatorVariables) +=
        Halide::cast<int32_t>(element) *
        Halide::cast<int32_t>(Halide::cast(factor, weight));
  }
  // Added up as a reduction, see ConvolutionInteger.
  RDom bothHalves(0, halves, "both_halves");
  if (halves > 1) {
    std::vector<Expr> read(sumVariables.begin(), sumVariables.end());
    read.insert(read.begin(), bothHalves);
    sums(sumVariables) = 0;
    sums(sumVariables) += halfSums(read);
  }
  Func channels("channels");
  std::vector<Expr> read = arguments;
  read[0] = arguments[0] / panelChannels;
  read.insert(read.begin(), arguments[0] % panelChannels);
  channels(variables) = sums(read);

  Func output = defineOutput(space, context, channels);
  constexpr int64_t cachedWeightBytes = 256 * 1024;
  bool channelsOutermost = shape.panels() * kept * panelChannels * block *
                               elementBytes(anchor.filterType.scalar) >
                           cachedWeightBytes;
  BlockLevels levels =
      scheduleBlocks(output, space, tile, channelsOutermost, context.parallel);
  int lanes = tile.lanes / halves;
  auto tiled = [&](Func func, int vectorLanes) {
    func.compute_at(levels.tile)
        .bound_extent(lane, panelChannels)
        .bound_extent(panel, 1)
        .bound_extent(variables[1], tile.pixels)
        .vectorize(lane, vectorLanes)
        .unroll(lane);
    for (size_t i = 1; i < variables.size(); ++i)
      func.unroll(variables[i]);
  };
  tiled(sums, tile.lanes);
  auto update = accumulator.update();
  std::vector<Halide::VarOrRVar> order;
  if (!real)
    order.emplace_back(taps[0]);
  if (halves > 1)
    order.emplace_back(half);
  order.emplace_back(lane);
  order.insert(order.end(), variables.begin() + 1, variables.end());
  order.emplace_back(taps[1]);
  order.emplace_back(panel);
  update.reorder(order);
  if (!real)
    update.atomic().vectorize(taps[0]);
  if (halves > 1) {
    halfSums.bound_extent(half, halves).vectorize(half);
    tiled(halfSums, lanes);
    update.vectorize(half);
    std::vector<Halide::VarOrRVar> addOrder = {bothHalves.x};
    addOrder.emplace_back(lane);
    addOrder.insert(addOrder.end(), variables.begin() + 1, variables.end());
    addOrder.emplace_back(panel);
    auto add = sums.update();
    add.reorder(addOrder)
        .atomic()
        .vectorize(bothHalves.x)
        .vectorize(lane, lanes)
        .unroll(lane);
    for (size_t i = 1; i < variables.size(); ++i)
      add.unroll(variables[i]);
  }
  update.vectorize(lane, lanes).unroll(lane);
  for (size_t i = 1; i < variables.size(); ++i)
    update.unroll(variables[i]);
  context.bindOutput(output, space.outputShape());
  return output;
}

std::unique_ptr<AnchorTemplate> createSparseBlocks() {
  return std::make_unique<SparseBlocks>();
}

} // namespace shiftadd::halide_gen
