//===- Passes.h - Multiplications as shifts and additions -*- C++ -*-===//
//
// Part of the shiftadd project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
#ifndef SHIFTADD_PASSES_REWRITE_PASSES_H
#define SHIFTADD_PASSES_REWRITE_PASSES_H

#include "dialects/AdderGraph/IR/AdderGraph.h"

#include "mlir/Dialect/Func/IR/FuncOps.h"
#include "mlir/Pass/Pass.h"

namespace shiftadd {

/// Attribute of a layer whose number of terms was chosen per output channel:
/// that number for each.
inline constexpr llvm::StringLiteral kTermsAttribute = "shiftadd.terms";

#define GEN_PASS_DECL
#define GEN_PASS_REGISTRATION
#include "passes/Rewrite/Passes.h.inc"

} // namespace shiftadd

#endif // SHIFTADD_PASSES_REWRITE_PASSES_H
