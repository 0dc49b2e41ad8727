//===- CheckSamples.cpp - Samples of a free batch do not mix -*- C++ -*-===//
//
// Part of the shiftadd project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
#include "codegen/Schedule/Passes.h"

#include "dialects/ShiftAdd/IR/ShiftAdd.h"

#include "llvm/ADT/TypeSwitch.h"

namespace shiftadd {

#define GEN_PASS_DEF_CHECKSAMPLESPASS
#include "codegen/Schedule/Passes.h.inc"

namespace {

bool isFree(mlir::Value value) {
  auto type = llvm::dyn_cast<mlir::RankedTensorType>(value.getType());
  return type && type.getRank() > 0 && type.isDynamicDim(0);
}

/// Whether the op works along dimension 0.
bool usesFirstDimension(mlir::Operation *op) {
  auto axes = [](auto reduction) {
    return llvm::is_contained(reduction.getAxes(), 0);
  };
  auto axis = [](auto typed) { return typed.getAxis() == 0; };
  return llvm::TypeSwitch<mlir::Operation *, bool>(op)
      .Case<ReduceSumOp, ReduceMeanOp, ReduceMaxOp, ReduceMinOp, ReduceProdOp>(
          axes)
      .Case<SoftmaxOp, LogSoftmaxOp, LrnOp, BatchNormOp, ConcatOp, ArgMaxOp,
            ArgMinOp, TopKOp>(axis)
      .Case<TransposeOp>(
          [](TransposeOp op) { return op.getPermutation().front() != 0; })
      // Samples would meet in the sum, unless they are a dimension of their
      // own.
      .Case<MatmulOp>([](MatmulOp op) {
        return isFree(op.getRhs()) &&
               !(isFree(op.getLhs()) && op.getType().getRank() > 2 &&
                 tensorType(op.getLhs()).getRank() ==
                     tensorType(op.getRhs()).getRank());
      })
      // Indices count through the whole batch.
      .Case<MaxPoolWithIndicesOp>(
          [](MaxPoolWithIndicesOp op) { return !op.getIndices().use_empty(); })
      .Case<GatherOp>(
          [](GatherOp op) { return isFree(op.getData()) && op.getAxis() == 0; })
      .Default([](mlir::Operation *) { return false; });
}

/// Broadcasting aligns dimensions from the last one: a free batch of lower rank
/// than the result would meet another dimension.
bool misalignsSamples(mlir::Operation *op) {
  if (!op->hasTrait<BroadcastsElements>() && !llvm::isa<BroadcastOp>(op))
    return false;
  int64_t rank = tensorType(op->getResult(0)).getRank();
  return llvm::any_of(op->getOperands(), [&](mlir::Value operand) {
    return isFree(operand) && tensorType(operand).getRank() != rank;
  });
}

struct CheckSamples : impl::CheckSamplesPassBase<CheckSamples> {
  void runOnOperation() override {
    auto result = getOperation().walk([](mlir::Operation *op) {
      if (llvm::isa<mlir::func::FuncOp, mlir::func::ReturnOp, YieldOp, LayerOp>(
              op))
        return mlir::WalkResult::advance();
      bool takesSamples = llvm::any_of(op->getOperands(), isFree);
      auto onlyLeading = [](mlir::Value value) {
        auto type = llvm::cast<mlir::RankedTensorType>(value.getType());
        return type.getNumDynamicDims() == (isFree(value) ? 1 : 0);
      };
      bool keepsSamples = llvm::all_of(op->getResults(), isFree) &&
                          llvm::all_of(op->getResults(), onlyLeading);
      bool makesSamples = !takesSamples && !llvm::isa<BroadcastOp>(op) &&
                          llvm::any_of(op->getResults(), isFree);
      if (makesSamples ||
          (takesSamples &&
           (!keepsSamples || usesFirstDimension(op) || misalignsSamples(op)))) {
        op->emitError("mixes the samples of a free batch; fix the batch size "
                      "with --shape NAME=...");
        return mlir::WalkResult::interrupt();
      }
      return mlir::WalkResult::advance();
    });
    if (result.wasInterrupted())
      signalPassFailure();
  }
};

} // namespace
} // namespace shiftadd
