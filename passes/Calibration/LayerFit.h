//===- LayerFit.h - Codes, scales and bias of one layer ---------*- C++ -*-===//
//
// Part of the shiftadd project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Fits one layer of a quantised network to the float network (Q4 to Q12): from
// the quantised input that the layer will really see and the float output that
// it should give, it finds integer weight codes, one scale per output channel
// and a bias. This is the whole interface between the sweep over a network,
// which knows MLIR, and the arithmetic, which knows only arrays.
//
//===----------------------------------------------------------------------===//
#ifndef SHIFTADD_PASSES_CALIBRATION_LAYERFIT_H
#define SHIFTADD_PASSES_CALIBRATION_LAYERFIT_H

#include "passes/Calibration/ActivationRange.h"
#include "passes/Calibration/CodeSet.h"
#include "passes/Calibration/Convolve.h"

#include <cstdint>
#include <limits>
#include <memory>
#include <string>
#include <vector>

namespace shiftadd::calibration {

/// What the weights of the layer are before the fit.
enum class LayerWeights {
  /// Real numbers, to be rounded to codes.
  Real,
  /// Already values of the final codes: only the bias is fitted.
  Fixed,
  /// Weights of an adder layer on the grid of its input: only the bias is
  /// fitted.
  FixedAdder,
};

/// One layer with the data of all calibration images. The arrays belong to the
/// caller and are only read.
struct LayerProblem {
  ConvolutionShape shape;
  LayerWeights kind = LayerWeights::Real;
  /// The quantised network's input, already rounded to its grid.
  const float *input = nullptr;
  /// The float network's output before the activation, residual included.
  const float *target = nullptr;
  /// What the quantised network adds to the layer's sum, or null.
  const float *residual = nullptr;
  /// [outChannels, kernel..., channels / groups]
  const float *weights = nullptr;
  /// [outChannels, kernel..., channels / groups] or null: where it is 0, the
  /// weight belongs to the float network alone and gets the code 0. The others
  /// make up for it as far as they can.
  const uint8_t *kept = nullptr;
  /// The float network's bias, or null for zeros; used where the fit does not
  /// replace it.
  const float *bias = nullptr;
  /// The scales of fixed weights, 1 or outChannels of them: they set the grid
  /// of the bias. An adder layer's sum has the scale of its input, so it needs
  /// none.
  std::vector<double> fixedScales;
  /// What the activation behind the layer clamps to; infinite without one. An
  /// activation of another form is described by the interval on which it is
  /// not constant.
  double lowest = -std::numeric_limits<double>::infinity();
  double highest = std::numeric_limits<double>::infinity();
  double inputScale = 1.0;
  /// The range of the input's codes in real units, or infinite.
  double inputLowest = -std::numeric_limits<double>::infinity();
  double inputHighest = std::numeric_limits<double>::infinity();
  /// The largest magnitude that the residual's codes can have.
  double residualReach = 0.0;
  /// The scale of the layer's result; 0 if it has none.
  double outputScale = 0.0;
  /// One sample per image behind a global pool: too few for a target shift.
  bool behindGlobalPool = false;
};

/// How strongly the weights stay at their float values when they are moved to
/// the best ones for the quantised input (Q7).
enum class Ridge {
  /// max(0.01, 30 * taps / positions) of the mean diagonal.
  TapsOverPositions,
  /// The best of a few by two-fold cross-validation.
  CrossValidation,
  /// `FitOptions::fixedRidge`.
  Fixed,
  /// The weights are not moved.
  Infinite,
};

/// How far the bias repairs the layer (Q11).
enum class BiasFit {
  /// The float bias, rounded to its grid.
  None,
  /// The mean before the activation is exact.
  Mean,
  /// The mean after the activation is exact, as far as it can be.
  AfterActivation,
};

struct FitOptions {
  CodeSet codes = CodeSet::integers(8);
  Ridge ridge = Ridge::TapsOverPositions;
  double fixedRidge = 0.01;
  /// Rounds each weight to its nearest code instead of Q9.
  bool plainRounding = false;
  /// Coordinate descent after the rounding (Q10).
  bool descent = false;
  /// Rounds with several scales and keeps the best per channel (Q8).
  bool scaleTrials = false;
  /// Takes the largest weight as the range instead of the scale search (Q8).
  bool maximumScale = false;
  /// Chooses weight scales that make the requantisation a shift (Q13).
  bool snapToShift = false;
  BiasFit bias = BiasFit::AfterActivation;
  unsigned threads = 1;
};

/// Elements of a vector that grows are left as they are: what holds a value for
/// all samples is written by many threads right after, once.
template <typename T> struct UninitialisedAllocator : std::allocator<T> {
  template <typename U> struct rebind {
    using other = UninitialisedAllocator<U>;
  };
  void construct(T *) noexcept {}
};
using OutputValues = std::vector<float, UninitialisedAllocator<float>>;

/// The fitted layer.
struct LayerFit {
  /// [outChannels, taps] codes; empty for fixed weights.
  std::vector<int16_t> codes;
  /// One per output channel; a weight is code * scale. For fixed weights the
  /// scales of the problem.
  std::vector<double> weightScales;
  /// In real units: biasSteps * inputScale * weightScales as a float.
  std::vector<float> bias;
  std::vector<int64_t> biasSteps;
  /// The ridge that was used; infinite if the weights were not moved.
  double ridge = std::numeric_limits<double>::infinity();
  /// The squared error of the output before the activation, relative to the
  /// power of the target (Q3): what the nearest codes would give at best, and
  /// what the fit gives. Without statistics the two are equal.
  double errorBefore = 0.0;
  double errorAfter = 0.0;
  /// Signal to noise of the output before the activation, in dB.
  double signalToNoise = 0.0;
  /// The output before the activation for all images: layer + bias + residual.
  OutputValues output;
};

/// Fits the layer. False, with one line in `error` that says what is wrong
/// with the data, if it cannot be done (weights or activations that are not
/// finite, sizes that do not match, no memory).
bool fitLayer(const LayerProblem &problem, const FitOptions &options,
              LayerFit &fit, std::string &error);

} // namespace shiftadd::calibration

#endif // SHIFTADD_PASSES_CALIBRATION_LAYERFIT_H
