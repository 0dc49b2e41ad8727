//===- Passes.h - Weights that are left out ---------------------*- C++ -*-===//
//
// Part of the shiftadd project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
#ifndef SHIFTADD_PASSES_PRUNE_PASSES_H
#define SHIFTADD_PASSES_PRUNE_PASSES_H

#include "mlir/Dialect/Func/IR/FuncOps.h"
#include "mlir/Pass/Pass.h"

namespace shiftadd {

#define GEN_PASS_DECL
#define GEN_PASS_REGISTRATION
#include "passes/Prune/Passes.h.inc"

} // namespace shiftadd

#endif // SHIFTADD_PASSES_PRUNE_PASSES_H
