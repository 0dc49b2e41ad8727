//===- WeightFacts.h - Pruned blocks and narrow weights -*- C++ -*-===//
//
// Part of the shiftadd project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// What the values of a filter let a kernel leave out. The names of the
// attributes and their meaning are those that codegen/Halide reads
// (Templates/SparseBlocks.h, Templates/NarrowWeights.h); packing checks them
// once more.
//
//===----------------------------------------------------------------------===//
#ifndef SHIFTADD_CODEGEN_SCHEDULE_WEIGHTFACTS_H
#define SHIFTADD_CODEGEN_SCHEDULE_WEIGHTFACTS_H

#include "dialects/ShiftAdd/IR/ShiftAdd.h"

namespace shiftadd {

/// Sets attributes on a convolution or dense op whose filter is the constant
/// `filter`, seen from outside of the layer:
///
/// kept_blocks, where a fair share of the blocks of 16 outputs by four elements
/// (8-bit codes) or one (floats) is zero: the most that any 16 outputs keep.
///
/// narrow_lowest or narrow_powers, on dense ops on one row that are worth it:
/// the lowest of 16 values in a row that hold all weights, or that all weights
/// are zero or signed powers of two up to 8.
void stateWeightFacts(mlir::Operation *op, mlir::Value filter);

} // namespace shiftadd

#endif // SHIFTADD_CODEGEN_SCHEDULE_WEIGHTFACTS_H
