//===- AdderFit.h - One grid for the input and the weights of an adder layer -*-
// C++ -*-===//
//
// Part of the shiftadd project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
#ifndef SHIFTADD_PASSES_CALIBRATION_ADDERFIT_H
#define SHIFTADD_PASSES_CALIBRATION_ADDERFIT_H

#include "passes/Calibration/ActivationRange.h"
#include "passes/Calibration/Convolve.h"

#include "llvm/ADT/ArrayRef.h"

#include <vector>

namespace shiftadd::calibration {

/// -sum of |x - w| needs x and w on one grid (N31).
struct AdderProblem {
  ConvolutionShape shape;
  llvm::ArrayRef<float> exact; ///< input in the float network
  llvm::ArrayRef<float> input; ///< input of the quantised one, not rounded
  llvm::ArrayRef<float> weights;
  llvm::ArrayRef<float> sums; ///< of the float network, without bias
  int64_t lowestCode = 0, highestCode = 255;
  unsigned threads = 1;
};

struct AdderFit {
  ActivationRange range;
  std::vector<int16_t> codes;        ///< of the weights
  std::vector<float> input, weights; ///< rounded
};

/// The grid over the range of both operands, or a part of it, with the least
/// squared error of the sums, means apart (Q24).
bool fitAdder(const AdderProblem &problem, AdderFit &fit, std::string &error);

} // namespace shiftadd::calibration

#endif // SHIFTADD_PASSES_CALIBRATION_ADDERFIT_H
