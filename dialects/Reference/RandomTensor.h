//===- RandomTensor.h - Random data for a type ------------------*- C++ -*-===//
//
// Part of the shiftadd project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Reproducible inputs for tests that run a function before and after a pass:
// the same seed gives the same bytes on every machine.
//
//===----------------------------------------------------------------------===//
#ifndef SHIFTADD_REFERENCE_RANDOMTENSOR_H
#define SHIFTADD_REFERENCE_RANDOMTENSOR_H

#include "dialects/Reference/Tensor.h"

#include "mlir/Dialect/Func/IR/FuncOps.h"

namespace shiftadd::ref {

/// Floats are uniform in [-1, 1), codes uniform over all valid codes, integers
/// of 8 and 16 bits over their range, wider ones in [-1000, 1000] (unsigned
/// ones in [0, 1000]). Free dimensions become `batch`.
llvm::Expected<Tensor> randomTensor(mlir::RankedTensorType type, uint64_t seed,
                                    int64_t batch = 2);

/// One random tensor per argument, each from its own stream of the seed.
llvm::Expected<llvm::SmallVector<Tensor>>
randomInputs(mlir::func::FuncOp function, uint64_t seed, int64_t batch = 2);

/// Runs both functions on the same inputs and compares every result, as
/// compare() does.
llvm::Error compareFunctions(mlir::func::FuncOp actual,
                             mlir::func::FuncOp expected,
                             llvm::ArrayRef<Tensor> inputs, double tolerance);

} // namespace shiftadd::ref

#endif // SHIFTADD_REFERENCE_RANDOMTENSOR_H
