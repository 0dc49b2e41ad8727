//===- FloatOps.cpp - Ops that compute in floating point -*- C++ -*-===//
//
// Part of the shiftadd project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
#include "passes/Quantize/FloatOps.h"

#include "dialects/ShiftAdd/IR/ShiftAdd.h"
#include "passes/Quantize/Passes.h"

namespace shiftadd {

#define GEN_PASS_DEF_REQUIREINTEGERPASS
#include "passes/Quantize/Passes.h.inc"

static std::string getNodeName(mlir::Location location) {
  if (auto fused = llvm::dyn_cast<mlir::FusedLoc>(location))
    for (mlir::Location part : fused.getLocations())
      if (std::string name = getNodeName(part); !name.empty())
        return name;
  if (auto name = llvm::dyn_cast<mlir::NameLoc>(location))
    return name.getName().str();
  return "";
}

static bool isFloatTensor(mlir::Type type) {
  return llvm::isa<mlir::FloatType>(mlir::getElementTypeOrSelf(type));
}

/// Elements of the result are elements of the operands.
static bool movesElements(mlir::Operation *op) {
  return llvm::isa<TransposeOp, ReshapeOp, SliceOp, GatherOp, BroadcastOp,
                   TileOp, ConcatOp, PadOp, ConstantOp>(op);
}

std::string FloatOp::describe() const {
  std::string text = op->getName().stripDialect().str();
  return layer.empty() ? text : "'" + layer + "' (" + text + ")";
}

std::vector<FloatOp> findFloatOps(mlir::func::FuncOp function) {
  std::vector<FloatOp> found;
  function.walk([&](mlir::Operation *op) {
    if (op->getNumResults() == 0 || op->getNumRegions() != 0 ||
        movesElements(op) || llvm::isa<QuantizeOp, DequantizeOp, LookupOp>(op))
      return;
    if (llvm::any_of(op->getOperandTypes(), isFloatTensor) ||
        llvm::any_of(op->getResultTypes(), isFloatTensor))
      found.push_back({op, getNodeName(op->getLoc())});
  });
  return found;
}

namespace {

struct RequireInteger : impl::RequireIntegerPassBase<RequireInteger> {
  void runOnOperation() override {
    auto ops = findFloatOps(getOperation());
    if (ops.empty())
      return markAllAnalysesPreserved();
    auto error = getOperation().emitError("computes in floating point: ");
    for (auto [i, op] : llvm::enumerate(ops))
      error << (i ? ", " : "") << op.describe();
    signalPassFailure();
  }
};

} // namespace
} // namespace shiftadd
