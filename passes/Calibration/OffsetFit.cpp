//===- OffsetFit.cpp - Offsets behind kept weights --------------*- C++ -*-===//
//
// Part of the shiftadd project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
#include "passes/Calibration/OffsetFit.h"

#include <algorithm>
#include <cmath>

namespace shiftadd::calibration {

std::vector<double> fitOffsets(mlir::MLIRContext *context,
                               const OffsetProblem &problem) {
  int64_t channels = problem.channels;
  int64_t rows = int64_t(problem.sums.size()) / channels;
  std::vector<double> offsets(size_t(channels), 0.0);
  forEachSample(context, channels, [&](int64_t c) {
    double factor = problem.factor[size_t(c)];
    auto value = [&](int64_t row) {
      int64_t i = row * channels + c;
      return factor * double(problem.sums[size_t(i)]) +
             (problem.residual.empty() ? 0.0
                                       : double(problem.residual[size_t(i)]));
    };
    auto activate = [&](double x) {
      return std::min(std::max(x, problem.lowest), problem.highest);
    };
    double mean = 0.0, wanted = 0.0;
    for (int64_t row = 0; row < rows; ++row) {
      double target = problem.target[size_t(row * channels + c)];
      mean += target - value(row);
      wanted += activate(target);
    }
    mean /= double(rows);
    double moved = 0.0;
    bool clamps =
        std::isfinite(problem.lowest) || std::isfinite(problem.highest);
    for (int step = 0; clamps && step < 3; ++step) {
      double found = 0.0;
      int64_t inside = 0;
      for (int64_t row = 0; row < rows; ++row) {
        double x = value(row) + mean + moved;
        found += activate(x);
        inside += x > problem.lowest && x < problem.highest;
      }
      double slope = std::max(double(inside) / double(rows), 0.05);
      double change = (wanted - found) / double(rows) / slope;
      moved += std::clamp(change, -0.5, 0.5);
    }
    offsets[size_t(c)] = mean + (std::fabs(moved) < 2.0 ? moved : 0.0);
  });
  return offsets;
}

} // namespace shiftadd::calibration
