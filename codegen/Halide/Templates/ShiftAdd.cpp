//===- ShiftAdd.cpp - Convolutions by shifts and additions ------*- C++ -*-===//
//
// Part of the shiftadd project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Convolution and dense of codes whose weights are sums of signed powers of
// two, without a multiply instruction. The weights of a panel of 16 outputs are
// a list of rows: the place of one input element in the window and a term for
// each output. Elements of which no weight has a further term have no further
// row, so pruned elements cost nothing.
//
// A kernel holds the element shifted to the left as far as its lane allows,
// and a row shifts it back to the right by an amount for each output: a weight
// without that term shifts everything out, which a left shift could not. The
// sign is an exclusive or; the ones that this leaves to add, and the offset
// that makes signed elements unsigned, are the start value of the sum.
//
//===----------------------------------------------------------------------===//
#include "codegen/Halide/Templates/AnchorForm.h"
#include "codegen/Halide/Templates/Blocks.h"
#include "codegen/Halide/Templates/ShiftAddTerms.h"
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

/// Rows whose codes have indices of 32 bits.
constexpr int64_t addressableRows = INT32_MAX / panelChannels - 1;

/// Bits of the lanes in which sums are formed.
int laneBits(const Anchor &anchor) {
  return anchor.resultType.scalar == ScalarType::Int64 ||
                 elementBytes(anchor.filterType.scalar) > 2
             ? 64
             : 32;
}

/// How far elements are shifted to the left; the top bit stays clear, so that
/// the longest shift to the right leaves nothing.
int raise(const Anchor &anchor) {
  return laneBits(anchor) - 1 -
         8 * static_cast<int>(elementBytes(anchor.inputType.scalar));
}

/// What makes an element unsigned.
int64_t elementOffset(const Anchor &anchor) {
  return hasSignedInput(anchor)
             ? int64_t(1) << (8 * elementBytes(anchor.inputType.scalar) - 1)
             : 0;
}

class ShiftAdd : public AnchorTemplate {
public:
  std::string name() const override { return "shift_add"; }

  bool matches(const Anchor &anchor) const override {
    const std::string &op = anchor.spec->ops[anchor.opNumber].op;
    ScalarType input = anchor.inputType.scalar;
    ScalarType filter = anchor.filterType.scalar;
    ScalarType result = anchor.resultType.scalar;
    return anchor.spec->shiftAdd &&
           (op == "shift_conv" || op == "shift_dense") &&
           (input == ScalarType::UInt8 || input == ScalarType::Int8 ||
            input == ScalarType::UInt16 || input == ScalarType::Int16) &&
           (filter == ScalarType::Int8 || filter == ScalarType::Int16 ||
            filter == ScalarType::Int32) &&
           (result == ScalarType::Int32 || result == ScalarType::Int64) &&
           readsStoredWindows(anchor);
  }

  std::vector<Halide::Type> packedTypes(const Anchor &anchor) const override {
    return {Halide::Int(8), Halide::Int(32), Halide::Int(32),
            Halide::Int(laneBits(anchor))};
  }

  std::string unit(const Anchor &, CpuLevel) const override {
    return "shift-add";
  }

  PackedConstants pack(const Anchor &anchor,
                       const uint8_t *filter) const override;
  Func build(const Anchor &anchor, const AnchorContext &context) const override;
};

int64_t filterElement(ScalarType scalar, const uint8_t *filter, int64_t index) {
  auto read = [&](auto number) {
    std::memcpy(&number, filter + index * int64_t(sizeof number),
                sizeof number);
    return static_cast<int64_t>(number);
  };
  return scalar == ScalarType::Int8    ? read(int8_t())
         : scalar == ScalarType::Int16 ? read(int16_t())
                                       : read(int32_t());
}

/// Distances in the input buffer from a pixel's first tap to each tap.
std::vector<int64_t> tapDistances(const Anchor &anchor) {
  std::vector<int64_t> distances = {0};
  for (size_t d = 0; d < anchor.strides.size(); ++d) {
    std::vector<int64_t> next;
    for (int64_t distance : distances)
      for (int64_t tap = 0; tap < anchor.filterType.shape[d + 1]; ++tap)
        next.push_back(distance + tap * anchor.dilations[d] *
                                      anchor.inputLayout.strides[d + 1]);
    distances = next;
  }
  return distances;
}

template <typename T> std::vector<uint8_t> bytesOf(const std::vector<T> &list) {
  std::vector<uint8_t> bytes(list.size() * sizeof(T));
  std::memcpy(bytes.data(), list.data(), bytes.size());
  return bytes;
}

} // namespace

PackedConstants ShiftAdd::pack(const Anchor &anchor,
                               const uint8_t *filter) const {
  int64_t outputs = anchor.filterType.shape.front();
  int64_t channels = anchor.filterType.shape.back();
  std::vector<int64_t> distances = tapDistances(anchor);
  int64_t taps = static_cast<int64_t>(distances.size());
  int64_t panels = (outputs + panelChannels - 1) / panelChannels;
  int64_t outputsPerGroup = outputs / anchor.groups;
  bool depthwise = isDepthwise(anchor);
  int bits = laneBits(anchor), up = raise(anchor);

  std::vector<uint8_t> codes;
  std::vector<int32_t> places, starts = {0};
  std::vector<int64_t> sums(panels * panelChannels, 0);
  for (int64_t panel = 0; panel < panels; ++panel) {
    int64_t first = panel * panelChannels;
    int64_t last = std::min(outputs, first + panelChannels) - 1;
    // A panel's outputs may belong to several groups, each with its channels;
    // those of a depthwise filter read the channel with their own number.
    int64_t firstGroup = depthwise ? 0 : first / outputsPerGroup;
    int64_t lastGroup = depthwise ? 0 : last / outputsPerGroup;
    for (int64_t tap = 0; tap < taps; ++tap)
      for (int64_t group = firstGroup; group <= lastGroup; ++group)
        for (int64_t channel = 0; channel < channels; ++channel) {
          std::vector<std::vector<Term>> terms(panelChannels);
          size_t rows = 0;
          for (int64_t output = first; output <= last; ++output) {
            if (!depthwise && output / outputsPerGroup != group)
              continue;
            int64_t weight =
                filterElement(anchor.filterType.scalar, filter,
                              (output * taps + tap) * channels + channel);
            std::vector<Term> &own = terms[output - first];
            own = canonicalTerms(weight);
            rows = std::max(rows, own.size());
            sums[output] -= weight * elementOffset(anchor);
            for (const Term &term : own)
              sums[output] += term.negative;
          }
          for (size_t row = 0; row < rows; ++row) {
            places.push_back(static_cast<int32_t>(
                distances[tap] + (depthwise ? 0 : group * channels + channel)));
            for (const std::vector<Term> &own : terms)
              codes.push_back(
                  row < own.size()
                      ? termCode(own[row].negative, up - own[row].exponent)
                      : termCode(false, bits - 1));
          }
        }
    if (static_cast<int64_t>(places.size()) > addressableRows)
      throw SpecError("a filter has more terms than a kernel can address");
    starts.push_back(static_cast<int32_t>(places.size()));
  }
  // No blob is empty, whatever the weights are.
  codes.resize(codes.size() + panelChannels, termCode(false, bits - 1));
  places.push_back(0);
  std::vector<int32_t> narrow(sums.begin(), sums.end());
  return {codes, bytesOf(places), bytesOf(starts),
          bits == 32 ? bytesOf(narrow) : bytesOf(sums)};
}

Func ShiftAdd::build(const Anchor &anchor, const AnchorContext &context) const {
  PixelSpace space(anchor, context);
  const FilterShape &shape = space.filter();
  bool depthwise = isDepthwise(anchor);
  int bits = laneBits(anchor);
  Halide::Type lanes = Halide::UInt(bits), terms = Halide::Int(bits);

  Tile tile;
  bool wide = context.level != CpuLevel::X86_64_V3;
  tile.lanes = (wide ? 512 : 256) / bits;
  tile.vectors = panelChannels / tile.lanes;
  // Registers for the sums; the others hold a row's terms and an element.
  int sumRegisters = wide ? 20 : 10;
  tile.pixels =
      chooseRowPixels(space.width(), std::max(1, sumRegisters / tile.vectors));

  std::vector<Var> variables = space.variables();
  Var lane("lane"), panel("panel");
  std::vector<Var> sumVariables = {lane, panel};
  sumVariables.insert(sumVariables.end(), variables.begin() + 1,
                      variables.end());

  Halide::ImageParam codes = context.packed[0], places = context.packed[1];
  Halide::ImageParam starts = packedBuffer(context, 2, shape.panels() + 1);
  Halide::ImageParam offsets =
      packedBuffer(context, 3, shape.panels() * panelChannels);
  codes.set_host_alignment(64);
  int64_t termBound = 8 * elementBytes(anchor.filterType.scalar) / 2 + 1;
  int64_t mostRows = shape.taps * shape.channels * anchor.groups * termBound;
  RDom rows(0, static_cast<int>(std::min(mostRows, addressableRows)), "rows");
  rows.where(rows < starts(panel + 1) - starts(panel));
  // Places come from the weights, so that their bounds are not seen.
  auto bounded = [](const Expr &value, int64_t highest) {
    return Halide::unsafe_promise_clamped(
        value, 0, static_cast<int32_t>(std::min(highest, addressableRows)));
  };
  Expr row = bounded(starts(panel) + rows, shape.panels() * mostRows);

  std::vector<Expr> arguments = expressions(variables);
  std::vector<Expr> noTaps(space.outerVariables().size(), Expr(0));
  Expr first = context.inputIndex(space.inputAt(arguments, 0, noTaps, Expr(0)));
  int64_t farthest = tapDistances(anchor).back() +
                     (depthwise ? 0 : shape.channels * anchor.groups - 1);
  Expr index = first + bounded(places(row), farthest);
  if (depthwise)
    index += panel * panelChannels + lane;
  Expr element = context.input(index);
  Halide::Type stored = Halide::UInt(element.type().bits());
  element = Halide::cast(stored, element);
  if (hasSignedInput(anchor))
    element = element ^
              Halide::cast(stored,
                           Expr(static_cast<uint32_t>(elementOffset(anchor))));
  Expr raised = Halide::cast(lanes, element)
                << Halide::cast(lanes, raise(anchor));
  Expr code = Halide::cast(terms, codes(row * panelChannels + lane));
  Expr amount = Halide::cast(lanes, code) & Halide::cast(lanes, bits - 1);
  Expr sign = Halide::cast(lanes, code >> Halide::cast(terms, bits - 1));

  Func sums("sums");
  sums(sumVariables) =
      Halide::cast(lanes, offsets(panel * panelChannels + lane));
  sums(sumVariables) += (raised >> amount) ^ sign;

  Func channels("channels");
  std::vector<Expr> read = arguments;
  read[0] = arguments[0] / panelChannels;
  read.insert(read.begin(), arguments[0] % panelChannels);
  channels(variables) = Halide::cast(
      anchor.resultType.scalar == ScalarType::Int64 ? Halide::Int(64)
                                                    : Halide::Int(32),
      Halide::cast(terms, sums(read)));

  Func output = defineOutput(space, context, channels);
  BlockLevels levels = scheduleBlocks(
      output, space, tile, /*channelsOutermost=*/true, context.parallel);
  sums.compute_at(levels.tile)
      .bound_extent(lane, panelChannels)
      .bound_extent(panel, 1)
      .bound_extent(variables[1], tile.pixels)
      .vectorize(lane, tile.lanes)
      .unroll(lane);
  auto update = sums.update();
  std::vector<Halide::VarOrRVar> order(sumVariables.begin(),
                                       sumVariables.end());
  order.erase(order.begin() + 1);
  order.emplace_back(rows.x);
  order.emplace_back(panel);
  update.reorder(order).vectorize(lane, tile.lanes).unroll(lane);
  for (size_t i = 1; i < variables.size(); ++i) {
    sums.unroll(variables[i]);
    update.unroll(variables[i]);
  }
  context.bindOutput(output, space.outputShape());
  return output;
}

std::unique_ptr<AnchorTemplate> createShiftAdd() {
  return std::make_unique<ShiftAdd>();
}

} // namespace shiftadd::halide_gen
