//===- ConvolveLoops.h - Convolutions that are no matrix products *- C++
//-*-===//
//
// Part of the shiftadd project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// The parts of `convolve` that have loops of their own, and what they share.
//
//===----------------------------------------------------------------------===//
#ifndef SHIFTADD_PASSES_CALIBRATION_CONVOLVELOOPS_H
#define SHIFTADD_PASSES_CALIBRATION_CONVOLVELOOPS_H

#include "passes/Calibration/Convolve.h"

namespace shiftadd::calibration {

/// A depthwise convolution with one output channel per input channel.
void convolveDepthwise(const ConvolutionShape &shape, const float *input,
                       const float *weights, ConvolutionAddends addends,
                       float *output, unsigned threads);

/// An adder layer.
void convolveDistances(const ConvolutionShape &shape, const float *input,
                       const float *weights, ConvolutionAddends addends,
                       float *output, unsigned threads);

/// Adds residual and bias to `count` output positions.
void addToSums(const ConvolutionShape &shape, ConvolutionAddends addends,
               int64_t firstPosition, int64_t count, float *output);

} // namespace shiftadd::calibration

#endif // SHIFTADD_PASSES_CALIBRATION_CONVOLVELOOPS_H
