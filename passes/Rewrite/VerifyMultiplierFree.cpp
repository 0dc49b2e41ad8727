//===- VerifyMultiplierFree.cpp - Names what still multiplies -*- C++ -*-===//
//
// Part of the shiftadd project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Before scheduling: what a backend makes of a shift layer is its own affair as
// long as the bits are the same.
//
//===----------------------------------------------------------------------===//
#include "passes/Rewrite/Multiplications.h"
#include "passes/Rewrite/Passes.h"

namespace shiftadd {

#define GEN_PASS_DEF_VERIFYMULTIPLIERFREEPASS
#include "passes/Rewrite/Passes.h.inc"

namespace {

struct VerifyMultiplierFree
    : impl::VerifyMultiplierFreePassBase<VerifyMultiplierFree> {
  using VerifyMultiplierFreePassBase::VerifyMultiplierFreePassBase;

  void runOnOperation() override {
    markAllAnalysesPreserved();
    bool found = false;
    for (const Multiplication &entry : listMultiplications(getOperation())) {
      bool isError = fail && !entry.isExempt();
      found |= isError;
      mlir::InFlightDiagnostic line =
          isError ? mlir::emitError(entry.op->getLoc())
                  : mlir::emitRemark(entry.op->getLoc());
      line << "'" << entry.op->getName().getStringRef() << "' "
           << entry.explanation;
      if (isError)
        line << " (N108)";
    }
    if (found)
      signalPassFailure();
  }
};

} // namespace
} // namespace shiftadd
