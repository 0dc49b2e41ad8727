//===- LayerBody.h - The ops of one layer -*- C++ -*-===//
//
// Part of the shiftadd project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Fused layers and launches of kernels are counted alike.
//
//===----------------------------------------------------------------------===//
#ifndef SHIFTADD_COST_LAYERBODY_H
#define SHIFTADD_COST_LAYERBODY_H

#include "dialects/ShiftAdd/IR/ShiftAdd.h"

#include <string>

namespace shiftadd {

/// A layer or a launch: a body and what its arguments stand for outside.
struct LayerBody {
  std::string name;
  mlir::Block *block;
  mlir::ValueRange inputs;
  mlir::ResultRange results;

  mlir::Value trace(mlir::Value value) const {
    auto argument = llvm::dyn_cast<mlir::BlockArgument>(value);
    if (!argument || argument.getOwner() != block ||
        argument.getArgNumber() >= inputs.size())
      return value;
    return inputs[argument.getArgNumber()];
  }
};

inline bool isConstant(mlir::Value value) {
  return value.getDefiningOp<ConstantOp>() != nullptr;
}

/// The ONNX node that an op stands for; empty without one.
std::string getNodeName(mlir::Operation *op);

} // namespace shiftadd

#endif // SHIFTADD_COST_LAYERBODY_H
