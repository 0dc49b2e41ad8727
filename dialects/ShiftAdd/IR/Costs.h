//===- Costs.h - Scalar operations of ops, layers and kernels -*- C++ -*-===//
//
// Part of the shiftadd project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Counts with the weights at hand, wherever they lie: beside the op, outside of
// its layer, or at the launch of its kernel.
//
//===----------------------------------------------------------------------===//
#ifndef SHIFTADD_IR_COSTS_H
#define SHIFTADD_IR_COSTS_H

#include "dialects/ShiftAdd/IR/ShiftAdd.h"

namespace shiftadd {

/// The operand of the layer that a block argument of it stands for; other
/// values, and arguments of kernels, as they are.
mlir::Value getLayerOperand(mlir::Value value);

/// The scalar operations of one op, none for ops that count nothing. Weights
/// are looked for outside of the layer that the op is in.
OperationCounts countOperations(mlir::Operation *op);

/// The scalar operations of all ops of a kernel with the weights of one of its
/// launches.
OperationCounts countOperations(LaunchOp launch, KernelOp kernel);

/// The taps of an op that sums over weights: outputs times weights that reach
/// one output, padded positions included (E31). 0 for all other ops.
int64_t countTaps(mlir::Operation *op);

/// The format of an element type: its float or integer type, the bits that the
/// codes between its bounds need for a quantised type, the width of a code for
/// `!shiftadd.pot`.
NumberFormat getNumberFormat(mlir::Type elementType);

} // namespace shiftadd

#endif // SHIFTADD_IR_COSTS_H
