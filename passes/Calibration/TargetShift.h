//===- TargetShift.h - Weights for the inputs that a layer really sees *- C++
//-*-===//
//
// Part of the shiftadd project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Moves float weights to those that reproduce the float output best from the
// quantised input (Q7): a ridge regression towards the original weights.
//
//===----------------------------------------------------------------------===//
#ifndef SHIFTADD_PASSES_CALIBRATION_TARGETSHIFT_H
#define SHIFTADD_PASSES_CALIBRATION_TARGETSHIFT_H

#include "passes/Calibration/Moments.h"

#include <cstdint>
#include <vector>

namespace shiftadd::calibration {

/// W + (A - W H) inverse(H + ridge * mean diagonal of H * I) for each group;
/// W itself for an infinite ridge. Where `kept` is not null, its zeros are the
/// places at which the result is 0: the regression is over the others, towards
/// their original weights.
std::vector<double> shiftWeights(const Moments &moments,
                                 const std::vector<double> &weights,
                                 const uint8_t *kept, double ridge,
                                 unsigned threads);

/// max(0.01, 30 * taps / positions).
double defaultRidge(const ConvolutionShape &shape);

/// The ridge of a few whose weights, fitted on one half of the data, err least
/// on the other (two-fold cross-validation).
double crossValidatedRidge(const Moments &first, const Moments &second,
                           const std::vector<double> &weights,
                           const uint8_t *kept, unsigned threads);

} // namespace shiftadd::calibration

#endif // SHIFTADD_PASSES_CALIBRATION_TARGETSHIFT_H
