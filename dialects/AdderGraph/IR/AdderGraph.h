//===- AdderGraph.h - The adder_graph dialect -*- C++ -*-===//
//
// Part of the shiftadd project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Ops of the dialect, and what follows from a graph: its value on a vector, the
// matrix that it multiplies by, its number of adders and its depth.
//
//===----------------------------------------------------------------------===//
#ifndef SHIFTADD_ADDERGRAPH_IR_ADDERGRAPH_H
#define SHIFTADD_ADDERGRAPH_IR_ADDERGRAPH_H

#include "dialects/Interfaces/Interfaces.h"
#include "dialects/ShiftAdd/IR/ShiftAdd.h"

#include "dialects/AdderGraph/IR/AdderGraphDialect.h.inc"

#define GET_OP_CLASSES
#include "dialects/AdderGraph/IR/AdderGraphOps.h.inc"

namespace shiftadd::adder_graph {

/// The output row of one input row. Inputs lie within the range that the
/// verifier assumes, so nothing overflows.
llvm::SmallVector<int64_t> evaluate(GraphOp graph, llvm::ArrayRef<int64_t> row);

/// The constant matrix [outputs, inputs] that the graph multiplies by.
llvm::SmallVector<int64_t> getMatrix(GraphOp graph);

struct GraphSize {
  int64_t adders = 0;
  int64_t negations = 0;
  /// Shifts by other amounts than 0; wires in hardware.
  int64_t shifts = 0;
  /// Adders on the longest path.
  int64_t depth = 0;
};

/// Counts of one evaluation, for one row.
GraphSize getSize(GraphOp graph);

} // namespace shiftadd::adder_graph

#endif // SHIFTADD_ADDERGRAPH_IR_ADDERGRAPH_H
