//===- RandomNetwork.h - Small seeded integer networks -*- C++ -*-===//
//
// Part of the shiftadd project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Networks as the stage quantize leaves them, in all the forms that integer
// layers take, to compare rewrites with what they rewrite.
//
//===----------------------------------------------------------------------===//
#ifndef SHIFTADD_TEST_UNIT_REWRITE_RANDOMNETWORK_H
#define SHIFTADD_TEST_UNIT_REWRITE_RANDOMNETWORK_H

#include "dialects/ShiftAdd/IR/ShiftAdd.h"

#include "mlir/IR/BuiltinOps.h"
#include "mlir/IR/OwningOpRef.h"

namespace shiftadd::test {

/// A module with @main of one sample or a free batch, f32 in and out: 2 to 5
/// layers of convolutions (dense, grouped, depthwise; strides, dilation,
/// padding), poolings, residuals and concatenations, then a dense layer.
/// Weights have 2 to 8 bits, activations zero points and 8 bits; scales are
/// multiplier and shift or a shift alone, rounded half up or half to even. The
/// same seed gives the same network on every system.
mlir::OwningOpRef<mlir::ModuleOp> makeRandomNetwork(mlir::MLIRContext &context,
                                                    uint64_t seed);

} // namespace shiftadd::test

#endif // SHIFTADD_TEST_UNIT_REWRITE_RANDOMNETWORK_H
