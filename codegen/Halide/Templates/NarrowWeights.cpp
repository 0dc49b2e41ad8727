//===- NarrowWeights.cpp - Dense ops with weights of four bits --*- C++ -*-===//
//
// Part of the shiftadd project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// A dense op on one row reads each weight once, so that memory sets its speed:
// weights are kept as two codes to a byte and unpacked in registers. The panels
// are those of the 8-bit template with the next two steps of the sum in one
// byte: [O/16][K/8][16][4], the first four of eight elements in the low half.
//
// Codes are the weight less the lowest one, which the sum of the inputs takes
// back, or for powers of two a sign and an exponent.
//
//===----------------------------------------------------------------------===//
#include "codegen/Halide/Templates/NarrowWeights.h"

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

/// Elements that one step takes, and the steps of one byte of codes.
constexpr int quad = 4, steps = 2;

const Op &opOf(const Anchor &anchor) {
  return anchor.spec->ops[static_cast<size_t>(anchor.opNumber)];
}

bool hasPowers(const Anchor &anchor) {
  return opOf(anchor).attributes.count(narrow::powers) &&
         integerAttribute(opOf(anchor), narrow::powers) == 1;
}

bool hasLowest(const Anchor &anchor) {
  return opOf(anchor).attributes.count(narrow::lowest);
}

/// Bytes of one output's codes times four.
int64_t octets(const Anchor &anchor) {
  return (anchor.filterType.shape.back() + quad * steps - 1) / (quad * steps);
}

uint8_t codeOf(const Anchor &anchor, int8_t weight) {
  if (hasPowers(anchor)) {
    for (int exponent = 0; exponent <= 4; ++exponent) {
      int power = exponent == 0 ? 0 : 1 << (exponent - 1);
      if (weight == power || weight == -power)
        return static_cast<uint8_t>(exponent | (weight < 0 ? 8 : 0));
    }
    throw SpecError("a weight is no power of two up to 8, against the "
                    "attribute of its op");
  }
  int64_t code = weight - integerAttribute(opOf(anchor), narrow::lowest);
  if (code < 0 || code > 15)
    throw SpecError("a weight does not fit four bits from the lowest one that "
                    "its op states");
  return static_cast<uint8_t>(code);
}

class NarrowWeights : public AnchorTemplate {
public:
  std::string name() const override { return "narrow_weights"; }

  bool matches(const Anchor &anchor) const override {
    const std::vector<int64_t> &shape = anchor.inputType.shape;
    return anchor.dense && (hasPowers(anchor) || hasLowest(anchor)) &&
           anchor.arithmetic == Anchor::Arithmetic::MultiplyAdd &&
           hasByteInput(anchor) &&
           anchor.filterType.scalar == ScalarType::Int8 &&
           anchor.resultType.scalar == ScalarType::Int32 &&
           std::all_of(shape.begin(), shape.end() - 1,
                       [](int64_t size) { return size == 1; }) &&
           readsStoredWindows(anchor);
  }

  std::vector<Halide::Type> packedTypes(const Anchor &anchor) const override {
    std::vector<Halide::Type> types = {Halide::UInt(8)};
    if (hasSignedInput(anchor))
      types.push_back(Halide::Int(32));
    return types;
  }

  std::string unit(const Anchor &anchor, CpuLevel level) const override {
    return AnchorTemplate::unit(anchor, level) + " on 4-bit weights";
  }

  PackedConstants pack(const Anchor &anchor,
                       const uint8_t *filter) const override;
  Func build(const Anchor &anchor, const AnchorContext &context) const override;
};

/// The weight (or the weight less the lowest one) of a code.
Expr decoded(const Anchor &anchor, const Expr &code) {
  if (!hasPowers(anchor))
    return Halide::cast<int8_t>(code);
  auto byte = [](int value) { return Halide::cast<uint8_t>(value); };
  // 0, 1, 2, 4, 8 from 0, 1, 2, 3, 4: one more step beyond 2, two beyond 3.
  Expr exponent = code & byte(7);
  Expr beyond = Halide::saturating_sub(exponent, byte(3));
  Expr weight = Halide::cast<int8_t>(
      exponent + Halide::saturating_sub(exponent, byte(2)) + (beyond + beyond));
  return Halide::select(code >= byte(8), -weight, weight);
}

} // namespace

PackedConstants NarrowWeights::pack(const Anchor &anchor,
                                    const uint8_t *filter) const {
  FilterShape shape(anchor);
  int64_t panelBytes = octets(anchor) * panelChannels * quad;
  std::vector<uint8_t> codes(static_cast<size_t>(shape.panels() * panelBytes));
  std::vector<int32_t> offsets(
      static_cast<size_t>(shape.panels() * panelChannels));
  for (int64_t output = 0; output < shape.outputs; ++output)
    for (int64_t k = 0; k < shape.channels; ++k) {
      int8_t weight = static_cast<int8_t>(*filter++);
      int64_t step = k / quad;
      size_t place = static_cast<size_t>(
          output / panelChannels * panelBytes +
          (step / steps * panelChannels + output % panelChannels) * quad +
          k % quad);
      codes[place] = static_cast<uint8_t>(
          codes[place] | codeOf(anchor, weight) << (step % steps * 4));
      offsets[static_cast<size_t>(output)] -= 128 * weight;
    }
  PackedConstants packed = {codes};
  if (hasSignedInput(anchor)) {
    std::vector<uint8_t> bytes(offsets.size() * sizeof(int32_t));
    std::memcpy(bytes.data(), offsets.data(), bytes.size());
    packed.push_back(bytes);
  }
  return packed;
}

Func NarrowWeights::build(const Anchor &anchor,
                          const AnchorContext &context) const {
  PixelSpace space(anchor, context);
  const FilterShape &shape = space.filter();
  bool dotProduct = context.level == CpuLevel::Zen4;
  int count = static_cast<int>(octets(anchor));

  Tile tile;
  tile.pixels = 1;
  tile.lanes = context.level == CpuLevel::X86_64_V3 ? 8 : 16;
  int64_t vectorsInAll = shape.panels() * panelChannels / tile.lanes;
  for (int vectors : {2, 3, 4})
    if (vectorsInAll % vectors == 0)
      tile.vectors = vectors;

  std::vector<Var> variables = space.variables();
  std::vector<Expr> arguments = expressions(variables);
  auto inputAt = [&](const Expr &k) {
    std::vector<Expr> noTaps(space.outerVariables().size(), Expr(0));
    Expr value = Halide::cast<uint8_t>(context.input(
        context.inputIndex(space.inputAt(arguments, 0, noTaps, k))));
    // Both ways of adding up multiply unsigned by signed, see
    // ConvolutionInteger.
    return hasSignedInput(anchor) ? value ^ Halide::cast<uint8_t>(128) : value;
  };
  PanelPosition at = panelPosition(variables[0], tile.channels());
  Halide::ImageParam codes =
      packedBuffer(context, 0, shape.panels() * count * panelChannels * quad);
  auto weightAt = [&](const Expr &inQuad, const Expr &step, const Expr &octet) {
    Expr both = codes(inQuad + quad * at.lane + quad * panelChannels * octet +
                      at.panel * (count * quad * panelChannels));
    return decoded(anchor, (both >> Halide::cast<uint8_t>(4 * step)) &
                               Halide::cast<uint8_t>(15));
  };

  Func sums("sums");
  sums(variables) =
      hasSignedInput(anchor)
          ? Expr(packedBuffer(context, 1,
                              shape.panels() * panelChannels)(variables[0]))
          : Expr(0);
  // The dot product takes a step at once. Elsewhere products of pairs
  // (vpmaddubsw) and the sums of a few of them are formed in 16 bits, which
  // they fit whatever the codes are: four pairs of 2 * 255 * 15.
  int octetsInChunk = count % 2 == 0 ? 2 : 1;
  Var half("half"), step("step"), octet("octet"), chunk("chunk_number");
  RDom quads(0, quad, 0, steps, 0, count, "quads"), pair(0, 2, "pair"),
      inChunk(0, steps, 0, octetsInChunk, "in_chunk"),
      halves(0, 2, 0, count / octetsInChunk, "halves");
  std::vector<Var> pairVariables = {half}, chunkVariables;
  pairVariables.insert(pairVariables.end(), variables.begin(), variables.end());
  chunkVariables = pairVariables;
  pairVariables.push_back(step);
  pairVariables.push_back(octet);
  chunkVariables.push_back(chunk);
  Func pairs("pairs"), chunks("chunks");
  if (dotProduct) {
    sums(variables) +=
        Halide::cast<int32_t>(
            inputAt(quads[0] + quad * quads[1] + quad * steps * quads[2])) *
        Halide::cast<int32_t>(weightAt(quads[0], quads[1], quads[2]));
  } else {
    Expr inQuad = pair + 2 * half;
    pairs(pairVariables) = Halide::cast<int16_t>(0);
    pairs(pairVariables) = Halide::saturating_add(
        pairs(pairVariables),
        Halide::cast<int16_t>(
            inputAt(inQuad + quad * step + quad * steps * octet)) *
            Halide::cast<int16_t>(weightAt(inQuad, step, octet)));
    std::vector<Expr> readPairs = {half}, readChunks = {halves[0]};
    readPairs.insert(readPairs.end(), arguments.begin(), arguments.end());
    readChunks.insert(readChunks.end(), arguments.begin(), arguments.end());
    readPairs.push_back(inChunk[0]);
    readPairs.push_back(inChunk[1] + octetsInChunk * chunk);
    readChunks.push_back(halves[1]);
    chunks(chunkVariables) = Halide::cast<int16_t>(0);
    chunks(chunkVariables) += pairs(readPairs);
    sums(variables) += Halide::cast<int32_t>(chunks(readChunks));
  }

  // What the lowest weight adds to every output.
  Func inputSum("input_sum"), totals("totals");
  RDom all(0, static_cast<int>(shape.channels), "all");
  std::vector<Var> pixels(variables.begin() + 1, variables.end());
  if (hasPowers(anchor)) {
    totals(variables) = sums(arguments);
  } else {
    inputSum(pixels) = 0;
    inputSum(pixels) += Halide::cast<int32_t>(inputAt(all));
    totals(variables) = sums(arguments) +
                        inputSum(expressions(pixels)) *
                            static_cast<int32_t>(
                                integerAttribute(opOf(anchor), narrow::lowest));
    inputSum.compute_root();
    inputSum.update().atomic().vectorize(all.x, 16,
                                         Halide::TailStrategy::GuardWithIf);
  }

  Func output = defineOutput(space, context, totals);
  BlockLevels levels =
      scheduleBlocks(output, space, tile,
                     /*channelsOutermost=*/true, context.parallel);
  sums.compute_at(levels.tile);
  scheduleTile(sums, space, tile);
  auto inVectors = [&](auto part) {
    part.vectorize(variables[0], tile.lanes);
    for (const Var &variable : variables)
      part.unroll(variable);
  };
  auto orderOf = [&](std::vector<Halide::VarOrRVar> first,
                     std::vector<Halide::VarOrRVar> last) {
    first.insert(first.end(), variables.begin(), variables.end());
    first.insert(first.end(), last.begin(), last.end());
    return first;
  };
  auto update = sums.update();
  if (dotProduct) {
    update.reorder(orderOf({quads[0]}, {quads[1], quads[2]}))
        .atomic()
        .vectorize(quads[0])
        .unroll(quads[1]);
    inVectors(update);
    context.bindOutput(output, space.outputShape());
    return output;
  }
  update.reorder(orderOf({halves[0]}, {halves[1]}))
      .atomic()
      .vectorize(halves[0]);
  inVectors(update);
  for (Func func : {chunks, pairs}) {
    func.bound_extent(half, 2)
        .bound_extent(variables[0], tile.channels())
        .bound_extent(variables[1], tile.pixels)
        .vectorize(half);
    inVectors(func);
  }
  chunks.compute_at(sums, halves[1]);
  auto add = chunks.update();
  add.reorder(orderOf({half}, {inChunk[0], inChunk[1]}))
      .vectorize(half)
      .unroll(inChunk[0])
      .unroll(inChunk[1]);
  inVectors(add);
  pairs.compute_at(chunks, inChunk[0]);
  auto multiply = pairs.update();
  multiply.reorder(orderOf({pair.x, half}, {}))
      .atomic(/*override_associativity_test=*/true)
      .vectorize(pair.x)
      .vectorize(half);
  inVectors(multiply);
  context.bindOutput(output, space.outputShape());
  return output;
}

std::unique_ptr<AnchorTemplate> createNarrowWeights() {
  return std::make_unique<NarrowWeights>();
}

} // namespace shiftadd::halide_gen
