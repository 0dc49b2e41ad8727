//===- MemoryPlan.cpp - Offsets of the tensors in one arena ---------------===//
//
// Part of the shiftadd project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Placing buffers with fixed lifetimes is NP-hard, but greedy placement in a
// good order comes within a few percent. No single order is the best for all
// networks, so several are tried and the best is improved by a short hill climb
// whose length is a count of steps: the plan never depends on the clock.
//
//===----------------------------------------------------------------------===//
#include "codegen/Native/MemoryPlan.h"

#include "llvm/ADT/STLExtras.h"
#include "llvm/ADT/SmallVector.h"
#include "llvm/Support/MathExtras.h"

#include <algorithm>
#include <numeric>
#include <random>

namespace shiftadd::native {
namespace {

using Order = std::vector<uint32_t>;

/// Which of the gaps that are wide enough takes a buffer.
enum class Fit { Lowest, Tightest };

struct Placement {
  Order order;
  Fit fit = Fit::Lowest;
  std::vector<uint64_t> offsets;
  uint64_t arenaBytes = UINT64_MAX;
};

class Planner {
public:
  explicit Planner(llvm::ArrayRef<LiveBuffer> input);
  MemoryPlan plan();

private:
  void findNeighbours();
  void findPressure();
  std::vector<Order> initialOrders() const;
  Order byBreadth() const;
  void place(Placement &candidate);
  void climb(Placement &best);

  std::vector<LiveBuffer> buffers; ///< sizes rounded, zero sizes left out
  std::vector<uint32_t> originals; ///< index in the caller's list
  size_t callerCount;
  /// Buffers that share a launch with buffer i.
  std::vector<std::vector<uint32_t>> neighbours;
  uint64_t neighbourCount = 0;
  /// Live bytes at every launch, launches renumbered to those that matter.
  std::vector<uint64_t> pressure;
  uint64_t lowerBound = 0;
  /// Occupied ranges met while placing one buffer; kept to reuse the storage.
  std::vector<std::pair<uint64_t, uint64_t>> occupied;
};

Planner::Planner(llvm::ArrayRef<LiveBuffer> input) : callerCount(input.size()) {
  for (auto [index, buffer] : llvm::enumerate(input)) {
    if (buffer.bytes == 0)
      continue;
    buffers.push_back({llvm::alignTo(buffer.bytes, kArenaAlignment),
                       buffer.firstUse,
                       std::max(buffer.firstUse, buffer.lastUse)});
    originals.push_back(index);
  }
  findPressure();
  findNeighbours();
}

void Planner::findPressure() {
  // Liveness grows only where a buffer begins, so the launches at which one
  // begins are the only ones to look at.
  std::vector<uint32_t> starts;
  for (const LiveBuffer &buffer : buffers)
    starts.push_back(buffer.firstUse);
  llvm::sort(starts);
  starts.erase(std::unique(starts.begin(), starts.end()), starts.end());
  auto rank = [&](uint32_t launch) {
    return uint32_t(std::upper_bound(starts.begin(), starts.end(), launch) -
                    starts.begin() - 1);
  };
  for (LiveBuffer &buffer : buffers) {
    buffer.firstUse = rank(buffer.firstUse);
    buffer.lastUse = rank(buffer.lastUse);
  }
  std::vector<uint64_t> delta(starts.size() + 1);
  for (const LiveBuffer &buffer : buffers) {
    delta[buffer.firstUse] += buffer.bytes;
    delta[buffer.lastUse + 1] -= buffer.bytes;
  }
  pressure.resize(starts.size());
  uint64_t live = 0;
  for (size_t i = 0; i < starts.size(); ++i) {
    live += delta[i];
    pressure[i] = live;
    lowerBound = std::max(lowerBound, live);
  }
}

void Planner::findNeighbours() {
  neighbours.resize(buffers.size());
  for (uint32_t i = 0; i < buffers.size(); ++i)
    for (uint32_t j = 0; j < i; ++j)
      if (buffers[i].firstUse <= buffers[j].lastUse &&
          buffers[j].firstUse <= buffers[i].lastUse) {
        neighbours[i].push_back(j);
        neighbours[j].push_back(i);
        neighbourCount += 2;
      }
}

/// Launches in falling order of their live bytes; the buffers of each by size.
Order Planner::byBreadth() const {
  std::vector<uint32_t> launches(pressure.size());
  std::iota(launches.begin(), launches.end(), 0);
  llvm::stable_sort(launches, [&](uint32_t a, uint32_t b) {
    return pressure[a] > pressure[b];
  });
  std::vector<uint32_t> launchRank(launches.size());
  for (auto [position, launch] : llvm::enumerate(launches))
    launchRank[launch] = position;
  std::vector<uint32_t> rank(buffers.size());
  for (auto [i, buffer] : llvm::enumerate(buffers))
    rank[i] = *std::min_element(launchRank.begin() + buffer.firstUse,
                                launchRank.begin() + buffer.lastUse + 1);
  Order order(buffers.size());
  std::iota(order.begin(), order.end(), 0);
  llvm::stable_sort(order, [&](uint32_t a, uint32_t b) {
    return std::pair(rank[a], buffers[b].bytes) <
           std::pair(rank[b], buffers[a].bytes);
  });
  return order;
}

std::vector<Order> Planner::initialOrders() const {
  Order identity(buffers.size());
  std::iota(identity.begin(), identity.end(), 0);
  auto duration = [&](uint32_t i) {
    return uint64_t(buffers[i].lastUse) - buffers[i].firstUse + 1;
  };
  auto sorted = [&](auto key) {
    Order order = identity;
    llvm::stable_sort(order,
                      [&](uint32_t a, uint32_t b) { return key(a) < key(b); });
    return order;
  };
  // Keys are negated where the largest comes first.
  return {sorted([&](uint32_t i) {
            return std::pair(-int64_t(buffers[i].bytes), -int64_t(duration(i)));
          }),
          byBreadth(), sorted([&](uint32_t i) {
            return std::pair(int64_t(buffers[i].firstUse),
                             -int64_t(buffers[i].bytes));
          }),
          sorted([&](uint32_t i) {
            return std::pair(-int64_t(duration(i)), -int64_t(buffers[i].bytes));
          }),
          sorted([&](uint32_t i) {
            return -double(duration(i)) * double(buffers[i].bytes);
          })};
}

void Planner::place(Placement &candidate) {
  constexpr uint64_t unplaced = UINT64_MAX;
  candidate.offsets.assign(buffers.size(), unplaced);
  candidate.arenaBytes = 0;
  for (uint32_t i : candidate.order) {
    occupied.clear();
    for (uint32_t j : neighbours[i])
      if (candidate.offsets[j] != unplaced)
        occupied.emplace_back(candidate.offsets[j],
                              candidate.offsets[j] + buffers[j].bytes);
    llvm::sort(occupied);
    uint64_t bytes = buffers[i].bytes, end = 0, bestGap = UINT64_MAX;
    uint64_t offset = unplaced;
    for (auto [from, to] : occupied) {
      if (from > end && from - end >= bytes && from - end < bestGap) {
        offset = end;
        bestGap = from - end;
        if (candidate.fit == Fit::Lowest)
          break;
      }
      end = std::max(end, to);
    }
    if (offset == unplaced)
      offset = end;
    candidate.offsets[i] = offset;
    candidate.arenaBytes = std::max(candidate.arenaBytes, offset + bytes);
  }
}

/// Moves one buffer to an earlier place in the order, mostly one that reaches
/// the arena's end, and keeps the change unless the arena grows.
void Planner::climb(Placement &best) {
  constexpr uint64_t workBudget = 40'000'000;
  constexpr uint64_t maximalSteps = 5000;
  uint64_t steps =
      std::min(maximalSteps, workBudget / (8 * neighbourCount + 1));
  std::mt19937_64 random(1);
  Placement candidate;
  std::vector<uint32_t> top;
  for (uint64_t step = 0; step < steps && best.arenaBytes > lowerBound;
       ++step) {
    top.clear();
    for (uint32_t position = 0; position < best.order.size(); ++position) {
      uint32_t i = best.order[position];
      if (best.offsets[i] + buffers[i].bytes == best.arenaBytes)
        top.push_back(position);
    }
    // The standard distributions differ between libraries; remainders do not.
    uint64_t from = random() % 4 != 0 ? top[random() % top.size()]
                                      : random() % best.order.size();
    if (from == 0)
      continue;
    uint64_t to = random() % from;
    candidate = best;
    auto begin = candidate.order.begin();
    std::rotate(begin + to, begin + from, begin + from + 1);
    place(candidate);
    if (candidate.arenaBytes <= best.arenaBytes)
      std::swap(best, candidate);
  }
}

MemoryPlan Planner::plan() {
  MemoryPlan result;
  result.offsets.assign(callerCount, 0);
  result.lowerBound = lowerBound;
  if (buffers.empty())
    return result;
  Placement best;
  for (Order &order : initialOrders())
    for (Fit fit : {Fit::Lowest, Fit::Tightest}) {
      Placement candidate;
      candidate.order = order;
      candidate.fit = fit;
      place(candidate);
      if (candidate.arenaBytes < best.arenaBytes)
        best = std::move(candidate);
    }
  climb(best);
  for (auto [i, original] : llvm::enumerate(originals))
    result.offsets[original] = best.offsets[i];
  result.arenaBytes = best.arenaBytes;
  return result;
}

} // namespace

MemoryPlan planMemory(llvm::ArrayRef<LiveBuffer> buffers) {
  return Planner(buffers).plan();
}

} // namespace shiftadd::native
