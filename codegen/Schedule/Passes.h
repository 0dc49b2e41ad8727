//===- Passes.h - Kernels, buffers, order -*- C++ -*-===//
//
// Part of the shiftadd project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
#ifndef SHIFTADD_CODEGEN_SCHEDULE_PASSES_H
#define SHIFTADD_CODEGEN_SCHEDULE_PASSES_H

#include "mlir/Dialect/Func/IR/FuncOps.h"
#include "mlir/Pass/Pass.h"

namespace shiftadd {

/// Function attributes set by PlanArena, in bytes.
inline constexpr llvm::StringLiteral kArenaBytesAttribute =
    "shiftadd.arena_bytes";
inline constexpr llvm::StringLiteral kLiveBytesAttribute =
    "shiftadd.live_bytes";

#define GEN_PASS_DECL
#define GEN_PASS_REGISTRATION
#include "codegen/Schedule/Passes.h.inc"

} // namespace shiftadd

#endif // SHIFTADD_CODEGEN_SCHEDULE_PASSES_H
