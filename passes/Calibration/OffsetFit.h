//===- OffsetFit.h - Offsets behind kept weights ----------------*- C++ -*-===//
//
// Part of the shiftadd project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
#ifndef SHIFTADD_PASSES_CALIBRATION_OFFSETFIT_H
#define SHIFTADD_PASSES_CALIBRATION_OFFSETFIT_H

#include "passes/Calibration/Batch.h"

#include <vector>

namespace shiftadd::calibration {

/// result = activation(factor * sum + offset) per channel.
struct OffsetProblem {
  llvm::ArrayRef<float> sums;
  llvm::ArrayRef<float> target; ///< before the activation
  /// What is added besides, or empty.
  llvm::ArrayRef<float> residual;
  int64_t channels = 1;
  std::vector<double> factor;
  double lowest = 0.0, highest = 0.0; ///< of the activation
};

/// The offsets that make the means behind the activation those of the target
/// (Q11).
std::vector<double> fitOffsets(mlir::MLIRContext *context,
                               const OffsetProblem &problem);

} // namespace shiftadd::calibration

#endif // SHIFTADD_PASSES_CALIBRATION_OFFSETFIT_H
