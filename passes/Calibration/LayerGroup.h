//===- LayerGroup.h - A layer and what is computed with it -*- C++ -*-===//
//
// Part of the shiftadd project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// The integer form of a layer takes up what follows it: a scale and offset per
// channel, an addition and a clamp (Q1). Calibration fits them as one.
//
//===----------------------------------------------------------------------===//
#ifndef SHIFTADD_PASSES_CALIBRATION_LAYERGROUP_H
#define SHIFTADD_PASSES_CALIBRATION_LAYERGROUP_H

#include "dialects/ShiftAdd/IR/ShiftAdd.h"
#include "passes/Calibration/LayerFit.h"

#include "llvm/ADT/DenseSet.h"

#include <memory>

namespace shiftadd::calibration {

struct LayerGroup {
  size_t index = 0; ///< among the groups of the function
  /// conv, dense, or a shift or adder form of them, with constant weights.
  mlir::Operation *layer = nullptr;
  /// Multiplications by and additions of a constant per channel behind it.
  llvm::SmallVector<mlir::Operation *> affine;
  /// What they amount to: result = factor * layer + offset. Empty without.
  std::vector<double> factor, offset;
  /// The addition of another value, and that value.
  mlir::Operation *add = nullptr;
  mlir::Value residual;
  /// clamp or relu.
  mlir::Operation *activation = nullptr;
  double lowest = -std::numeric_limits<double>::infinity();
  double highest = std::numeric_limits<double>::infinity();

  mlir::Value getInput() const { return layer->getOperand(0); }
  mlir::Value getFilter() const { return layer->getOperand(1); }
  mlir::Value getBias() const {
    return layer->getNumOperands() > 2 ? layer->getOperand(2) : nullptr;
  }
  bool isAdder() const { return llvm::isa<AdderConvOp, AdderDenseOp>(layer); }
  /// The result of the whole group.
  mlir::Value getResult() const;
  /// All ops in order.
  llvm::SmallVector<mlir::Operation *> getOps() const;
  int64_t getChannels() const {
    return tensorType(layer->getResult(0)).getShape().back();
  }
  /// For inputs of `count` samples whose shape is `inputShape`.
  ConvolutionShape getShape(llvm::ArrayRef<int64_t> inputShape,
                            int64_t count) const;
};

using LayerGroups = std::vector<std::unique_ptr<LayerGroup>>;

/// The layers of a function that can be fitted, in its order, with what
/// belongs to them. `varying` are the values that differ between samples.
LayerGroups findLayerGroups(mlir::func::FuncOp function,
                            const llvm::DenseSet<mlir::Value> &varying);

/// Whether all elements of the result are elements of the operands, or zero.
bool movesElements(mlir::Operation *op);

/// Whether the op is a function of one value, element by element.
bool mapsElements(mlir::Operation *op);

/// The ONNX name of a node, from its location; else the op and its line.
std::string getLayerName(mlir::Operation *op);

} // namespace shiftadd::calibration

#endif // SHIFTADD_PASSES_CALIBRATION_LAYERGROUP_H
