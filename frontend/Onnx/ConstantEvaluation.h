//===- ConstantEvaluation.h - Evaluates ops on constants --------*- C++ -*-===//
//
// Part of the shiftadd project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// The one place of the importer where values are computed: whatever a handler
// built on constants alone is run through the reference interpreter.
//
//===----------------------------------------------------------------------===//
#ifndef SHIFTADD_FRONTEND_ONNX_CONSTANTEVALUATION_H
#define SHIFTADD_FRONTEND_ONNX_CONSTANTEVALUATION_H

#include "frontend/Onnx/NodeImporter.h"

namespace shiftadd::onnx_import {

/// Replaces every op among `ops` (in order of execution) whose operands are
/// constants by constants, also in `results`. A dequantisation of a constant
/// stays: it says how the integers of a layer's weights are meant.
void evaluateConstants(llvm::ArrayRef<mlir::Operation *> ops,
                       llvm::MutableArrayRef<Symbol> results);

} // namespace shiftadd::onnx_import

#endif // SHIFTADD_FRONTEND_ONNX_CONSTANTEVALUATION_H
