//===- SharedAdditions.cpp - Constant matrices as few additions -*- C++ -*-===//
//
// Part of the shiftadd project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// A pattern is two digits of one output: (a << s) +- (b << (s + distance)).
// Replacing all its disjoint occurrences by a new value saves one addition for
// each but the first. The number of occurrences of an old pattern only shrinks,
// so a queue entry is recounted when it comes up, not when others change it.
//
//===----------------------------------------------------------------------===//
#include "passes/Rewrite/SharedAdditions.h"

#include "passes/Rewrite/TermCodes.h"

#include <algorithm>
#include <map>
#include <queue>
#include <tuple>

namespace shiftadd {

namespace {

/// A digit of an output: +-(value << shift).
struct Digit {
  int value, shift;
  bool negative;
};

/// Where a value is used.
struct Use {
  int output, shift;
  bool negative;
};

struct Pattern {
  int lhs, rhs, distance;
  bool opposite; ///< the digits' signs differ

  auto key() const { return std::tie(lhs, rhs, distance, opposite); }
};

struct Candidate {
  int count;
  Pattern pattern;

  /// For the queue: more uses first, then the older pattern.
  bool operator<(const Candidate &other) const {
    return count != other.count ? count < other.count
                                : pattern.key() > other.pattern.key();
  }
};

class Solver {
public:
  Solver(const std::vector<int64_t> &matrix, int outputs, int inputs)
      : inputs(inputs), uses(inputs), rows(outputs), depths(inputs, 0) {
    for (int output = 0; output < outputs; ++output) {
      for (int input = 0; input < inputs; ++input)
        for (Term term :
             getSignedDigits(matrix[size_t(output) * inputs + input])) {
          rows[output].push_back({input, term.exponent, term.negative});
          uses[input].push_back({output, term.exponent, term.negative});
        }
      if (!rows[output].empty())
        result.plainAdders += int64_t(rows[output].size()) - 1;
    }
  }

  SharedAdditions run() {
    for (int value = 0; value < inputs; ++value)
      addCandidates(value, /*fromOwn=*/true);
    while (!queue.empty()) {
      Candidate candidate = queue.top();
      queue.pop();
      auto matches = match(candidate.pattern);
      int count = int(matches.size());
      if (count < 2)
        continue;
      if (count < candidate.count) {
        candidate.count = count;
        queue.push(candidate);
        continue;
      }
      replace(candidate.pattern, matches);
    }
    for (std::vector<Digit> &row : rows)
      result.outputs.push_back(finish(row));
    return std::move(result);
  }

private:
  /// Pairs of positions in the use lists of a pattern's two values.
  using Matches = std::vector<std::pair<size_t, size_t>>;

  /// Queues the patterns of a value with others; `fromOwn` leaves those with
  /// smaller numbers to them.
  void addCandidates(int value, bool fromOwn) {
    std::map<std::tuple<int, int, bool>, int> counts;
    for (const Use &use : uses[value])
      for (const Digit &digit : rows[use.output]) {
        if (fromOwn && digit.value < value)
          continue;
        if (digit.value == value && digit.shift <= use.shift)
          continue;
        ++counts[{digit.value, digit.shift - use.shift,
                  digit.negative != use.negative}];
      }
    for (const auto &[key, count] : counts)
      if (count >= 2)
        queue.push(
            {count,
             {value, std::get<0>(key), std::get<1>(key), std::get<2>(key)}});
  }

  /// Disjoint occurrences; use lists are ordered by output and shift.
  Matches match(const Pattern &pattern) const {
    Matches matches;
    const std::vector<Use> &lhs = uses[pattern.lhs], &rhs = uses[pattern.rhs];
    auto isMatch = [&](const Use &a, const Use &b) {
      return (a.negative != b.negative) == pattern.opposite;
    };
    if (pattern.lhs == pattern.rhs) {
      std::vector<bool> taken(lhs.size(), false);
      for (size_t i = 0; i < lhs.size(); ++i) {
        if (taken[i])
          continue;
        for (size_t j = i + 1; j < lhs.size() && lhs[j].output == lhs[i].output;
             ++j)
          if (!taken[j] && lhs[j].shift == lhs[i].shift + pattern.distance &&
              isMatch(lhs[i], lhs[j])) {
            taken[i] = taken[j] = true;
            matches.push_back({i, j});
            break;
          }
      }
      return matches;
    }
    for (size_t i = 0, j = 0; i < lhs.size() && j < rhs.size();) {
      auto left = std::pair(lhs[i].output, lhs[i].shift + pattern.distance);
      auto right = std::pair(rhs[j].output, rhs[j].shift);
      if (left < right) {
        ++i;
      } else if (right < left) {
        ++j;
      } else {
        if (isMatch(lhs[i], rhs[j]))
          matches.push_back({i, j});
        ++i;
        ++j;
      }
    }
    return matches;
  }

  void replace(const Pattern &pattern, const Matches &matches) {
    SharedSum sum;
    sum.lhs = pattern.lhs;
    sum.rhs = pattern.rhs;
    sum.lhsShift = std::max(0, -pattern.distance);
    sum.rhsShift = std::max(0, pattern.distance);
    sum.subtract = pattern.opposite;
    int value = addSum(sum);
    std::vector<Use> fresh;
    std::vector<bool> goneLeft(uses[pattern.lhs].size(), false);
    std::vector<bool> goneRight(uses[pattern.rhs].size(), false);
    bool same = pattern.lhs == pattern.rhs;
    for (auto [i, j] : matches) {
      const Use &left = uses[pattern.lhs][i], &right = uses[pattern.rhs][j];
      goneLeft[i] = true;
      (same ? goneLeft : goneRight)[j] = true;
      std::vector<Digit> &row = rows[left.output];
      erase(row, pattern.lhs, left.shift);
      erase(row, pattern.rhs, right.shift);
      fresh.push_back({left.output, left.shift - sum.lhsShift, left.negative});
      row.push_back({value, fresh.back().shift, left.negative});
    }
    drop(uses[pattern.lhs], goneLeft);
    if (!same)
      drop(uses[pattern.rhs], goneRight);
    std::sort(fresh.begin(), fresh.end(), [](const Use &a, const Use &b) {
      return std::tie(a.output, a.shift) < std::tie(b.output, b.shift);
    });
    uses.push_back(std::move(fresh));
    addCandidates(value, /*fromOwn=*/false);
  }

  static void erase(std::vector<Digit> &row, int value, int shift) {
    row.erase(std::find_if(row.begin(), row.end(), [=](const Digit &digit) {
      return digit.value == value && digit.shift == shift;
    }));
  }

  static void drop(std::vector<Use> &list, const std::vector<bool> &gone) {
    size_t kept = 0;
    for (size_t i = 0; i < list.size(); ++i)
      if (!gone[i])
        list[kept++] = list[i];
    list.resize(kept);
  }

  int addSum(const SharedSum &sum) {
    depths.push_back(1 + std::max(depths[sum.lhs], depths[sum.rhs]));
    result.sums.push_back(sum);
    return inputs + int(result.sums.size()) - 1;
  }

  /// Adds up what is left of an output, shallow values first.
  SharedOutput finish(std::vector<Digit> row) {
    if (row.empty())
      return {};
    auto deeper = [&](const Digit &a, const Digit &b) {
      return std::tuple(depths[a.value], a.negative, a.shift, a.value) >
             std::tuple(depths[b.value], b.negative, b.shift, b.value);
    };
    std::make_heap(row.begin(), row.end(), deeper);
    auto take = [&] {
      std::pop_heap(row.begin(), row.end(), deeper);
      Digit digit = row.back();
      row.pop_back();
      return digit;
    };
    while (row.size() > 1) {
      Digit lhs = take(), rhs = take();
      if (lhs.negative && !rhs.negative)
        std::swap(lhs, rhs);
      int shift = std::min(lhs.shift, rhs.shift);
      int value = addSum({lhs.value, rhs.value, lhs.shift - shift,
                          rhs.shift - shift, lhs.negative != rhs.negative});
      row.push_back({value, shift, lhs.negative});
      std::push_heap(row.begin(), row.end(), deeper);
    }
    return {row.front().value, row.front().shift, row.front().negative};
  }

  int inputs;
  std::vector<std::vector<Use>> uses;
  std::vector<std::vector<Digit>> rows;
  std::vector<int> depths;
  std::priority_queue<Candidate> queue;
  SharedAdditions result;
};

} // namespace

SharedAdditions shareAdditions(const std::vector<int64_t> &matrix, int outputs,
                               int inputs) {
  return Solver(matrix, outputs, inputs).run();
}

} // namespace shiftadd
