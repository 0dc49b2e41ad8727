//===- MemoryModel.cpp - Memory accesses of a layer by level -*- C++ -*-===//
//
// Part of the shiftadd project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// A loop of size X is split into four factors: X3 outside of the chip, X2 over
// the global buffer, X1 over the processing elements, X0 in a register file.
// The batch is one sample and stays whole.
//
//===----------------------------------------------------------------------===//
#include "passes/Cost/MemoryModel.h"

#include <limits>

namespace shiftadd {

MemoryTraffic &MemoryTraffic::operator+=(const MemoryTraffic &other) {
  dram += other.dram;
  globalBuffer += other.globalBuffer;
  network += other.network;
  networkPartialSums += other.networkPartialSums;
  registerFile += other.registerFile;
  registerFileWeights += other.registerFileWeights;
  return *this;
}

MemoryTraffic MemoryTraffic::operator*(double factor) const {
  return {dram * factor,         globalBuffer * factor,
          network * factor,      networkPartialSums * factor,
          registerFile * factor, registerFileWeights * factor};
}

double MemoryTraffic::getDramEnergy(const MemoryPrices &prices) const {
  return dram * prices.dram / prices.wordBits;
}

double MemoryTraffic::getOnChipEnergy(const MemoryPrices &prices) const {
  return (globalBuffer * prices.globalBuffer + network * prices.network +
          networkPartialSums * prices.networkPartialSums +
          registerFile * prices.registerFile +
          registerFileWeights * prices.registerFileWeights) /
         prices.wordBits;
}

MemoryTraffic MemoryModel::getTransfer(double bits) {
  MemoryTraffic traffic;
  traffic.dram = bits;
  traffic.globalBuffer = bits;
  return traffic;
}

static std::vector<int64_t> getDivisors(int64_t number) {
  std::vector<int64_t> divisors;
  for (int64_t i = 1; i * i <= number; ++i)
    if (number % i == 0) {
      divisors.push_back(i);
      if (i != number / i)
        divisors.push_back(number / i);
    }
  return divisors;
}

/// The largest divisor of `number` that is at most `limit`.
static int64_t getDivisorUpTo(int64_t number, int64_t limit) {
  int64_t best = 1;
  for (int64_t i = 1; i <= std::min(number, limit); ++i)
    if (number % i == 0)
      best = i;
  return best;
}

namespace {

/// Limits of the processing elements' register files (E11).
constexpr int64_t kMaxOutputChannelsInside = 16;
constexpr int64_t kMaxFilterWordsInside = 12;

struct Split {
  int64_t outer, buffer, array, inside;
};

/// Traffic that one split of a loop causes, and what it occupies.
struct Choice {
  Split split;
  MemoryTraffic traffic;
  double energy;
};

class Search {
public:
  Search(const LayerLoops &loops, const OperandWidths &widths,
         const MemoryPrices &prices)
      : loops(loops), widths(widths), prices(prices) {
    // Narrow operands fit four to an element's datapath.
    elements = prices.processingElements *
               (std::max(widths.input, widths.weights) <= 8 ? 4 : 1);
    inputs = double(loops.inputChannels) * loops.inputRows *
             loops.inputColumns * widths.input;
    weights = double(loops.outputChannels) * loops.inputChannels *
              loops.filterRows * loops.filterColumns * widths.weights;
    outputs =
        double(loops.outputChannels) * loops.outputRows * loops.outputColumns;
  }

  /// The formulas add up: the inputs' accesses depend on the split of the
  /// output channels alone, those of the outputs on the input channels, those
  /// of the weights on the rows; only the limits couple them.
  MemoryTraffic run() {
    std::vector<Choice> outputChannels = splitOutputChannels();
    std::vector<Choice> inputChannels = splitInputChannels();
    double best = std::numeric_limits<double>::infinity();
    MemoryTraffic traffic;
    // A layer whose smallest tile is too large runs in that tile.
    for (bool limited : {true, false}) {
      for (int64_t rows : getDivisors(loops.outputRows)) {
        Choice weightsChoice = placeWeights(rows);
        for (const Choice &m : outputChannels)
          for (const Choice &c : inputChannels) {
            double energy = weightsChoice.energy + m.energy + c.energy;
            if (energy >= best || (limited && !fits(m.split, c.split, rows)))
              continue;
            best = energy;
            traffic = weightsChoice.traffic;
            traffic += m.traffic;
            traffic += c.traffic;
          }
      }
      if (best < std::numeric_limits<double>::infinity())
        break;
    }
    return traffic;
  }

private:
  Choice finish(Split split, MemoryTraffic traffic) const {
    return {split, traffic,
            traffic.getDramEnergy(prices) + traffic.getOnChipEnergy(prices)};
  }

  /// Input activations. As many output channels as the registers take are best
  /// kept inside.
  std::vector<Choice> splitOutputChannels() const {
    std::vector<Choice> choices;
    int64_t all = loops.outputChannels;
    double rowReuse = double(loops.filterRows) * loops.outputRows /
                      std::max<int64_t>(1, loops.inputRows);
    double columnReuse = double(loops.filterColumns) * loops.outputColumns /
                         std::max<int64_t>(1, loops.inputColumns);
    for (int64_t outer : getDivisors(all))
      for (int64_t array : getDivisors(all / outer)) {
        int64_t rest = all / outer / array;
        int64_t inside = getDivisorUpTo(rest, kMaxOutputChannelsInside);
        Split split{outer, rest / inside, array, inside};
        MemoryTraffic traffic;
        if (!widths.inputStaysInside) {
          traffic.dram = outer * inputs;
          traffic.globalBuffer = double(outer) * split.buffer * inputs;
        }
        traffic.network =
            double(outer) * split.buffer * array * rowReuse * inputs;
        traffic.registerFile = traffic.network * inside * columnReuse;
        choices.push_back(finish(split, traffic));
      }
    return choices;
  }

  /// Partial sums and results.
  std::vector<Choice> splitInputChannels() const {
    std::vector<Choice> choices;
    double sums = outputs * widths.partialSums;
    double results = outputs * widths.output;
    int64_t all = loops.inputChannels;
    for (int64_t outer : getDivisors(all))
      for (int64_t buffer : getDivisors(all / outer))
        for (int64_t array : getDivisors(all / outer / buffer)) {
          int64_t inside = all / outer / buffer / array;
          if (inside > 1 &&
              inside * loops.filterColumns >= kMaxFilterWordsInside)
            continue;
          Split split{outer, buffer, array, inside};
          MemoryTraffic traffic;
          // Sums that leave the chip come back; the last pass writes results.
          traffic.dram = 2.0 * (outer - 1) * sums;
          traffic.globalBuffer = 2.0 * outer * (buffer - 1) * sums;
          if (!widths.outputStaysInside) {
            traffic.dram += results;
            if (buffer == 1)
              traffic.globalBuffer += results;
          }
          traffic.networkPartialSums =
              std::max(double(outer) * buffer * (array * loops.filterRows - 1),
                       1.0) *
              sums;
          traffic.registerFile =
              std::max(2.0 * outer * buffer * array * loops.filterRows *
                           (inside * loops.filterColumns - 1),
                       1.0) *
              sums;
          choices.push_back(finish(split, traffic));
        }
    return choices;
  }

  Choice placeWeights(int64_t arrayRows) const {
    MemoryTraffic traffic;
    traffic.dram = double(loops.outputRows / arrayRows) * weights;
    traffic.network = double(loops.outputRows) * weights;
    traffic.registerFileWeights =
        double(loops.outputRows) * loops.outputColumns * weights;
    return finish({}, traffic);
  }

  bool fits(const Split &m, const Split &c, int64_t rows) const {
    if (m.array * c.array * rows * loops.filterRows >= elements)
      return false;
    int64_t step = std::max<int64_t>(
        1, loops.inputRows / std::max<int64_t>(1, loops.outputRows));
    int64_t inputRows =
        std::min(loops.inputRows, (rows - 1) * step + loops.filterRows);
    double tile = double(loops.inputChannels / c.outer) * inputRows *
                      loops.inputColumns * widths.input +
                  double(loops.outputChannels / m.outer) * rows *
                      loops.outputColumns * widths.partialSums;
    return tile <= double(prices.globalBufferWords) * prices.wordBits;
  }

  const LayerLoops &loops;
  const OperandWidths &widths;
  const MemoryPrices &prices;
  int64_t elements;
  double inputs, weights, outputs;
};

} // namespace

MemoryTraffic MemoryModel::getTraffic(const LayerLoops &loops,
                                      const OperandWidths &widths) {
  auto [place, isNew] = known.try_emplace(
      std::tuple_cat(loops.asTuple(), widths.asTuple()), MemoryTraffic());
  if (isNew)
    place->second = Search(loops, widths, prices).run();
  return place->second;
}

} // namespace shiftadd
