//===- FloatOps.h - Loops for common float ops ------------------*- C++ -*-===//
//
// Part of the shiftadd project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
#ifndef SHIFTADD_PASSES_CALIBRATION_FLOATOPS_H
#define SHIFTADD_PASSES_CALIBRATION_FLOATOPS_H

#include "passes/Calibration/Batch.h"

namespace shiftadd::calibration {

/// The result of an op whose operands differ from sample to sample. An empty
/// batch means that there is no loop for this op on these operands.
llvm::Expected<Batch> evaluateFloat(mlir::Operation *op,
                                    llvm::ArrayRef<Batch> operands);

} // namespace shiftadd::calibration

#endif // SHIFTADD_PASSES_CALIBRATION_FLOATOPS_H
