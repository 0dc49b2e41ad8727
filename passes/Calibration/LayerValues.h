//===- LayerValues.h - Numbers of a layer -----------------------*- C++ -*-===//
//
// Part of the shiftadd project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// What the fit of a layer reads from its op: weights, bias, what pruning has
// left of them.
//
//===----------------------------------------------------------------------===//
#ifndef SHIFTADD_PASSES_CALIBRATION_LAYERVALUES_H
#define SHIFTADD_PASSES_CALIBRATION_LAYERVALUES_H

#include "passes/Calibration/LayerGroup.h"

#include "llvm/Support/Error.h"

#include <cstdint>
#include <vector>

namespace shiftadd::calibration {

/// An error that names the layer.
llvm::Error layerError(mlir::Operation *layer, const llvm::Twine &text);

/// A constant operand of the layer, coded or not. Fails for values that are
/// not finite.
llvm::Expected<std::vector<float>> readFloats(mlir::Operation *layer,
                                              mlir::Value value);

/// Of the canonical signed digits of a code, those that are not zero.
double getMeanDigits(const std::vector<int16_t> &codes);

/// Which weights the quantised network has: all but those that pruning has
/// marked, or the zeros of a layer that came pruned (Q26). Empty for all.
std::vector<uint8_t> findKeptWeights(mlir::Operation *layer,
                                     llvm::ArrayRef<float> weights);

/// The shape of a group's result for one sample.
llvm::SmallVector<int64_t> getResultShape(const LayerGroup &group);

} // namespace shiftadd::calibration

#endif // SHIFTADD_PASSES_CALIBRATION_LAYERVALUES_H
