//===- ChooseArithmetic.cpp - Exact arithmetic of requantisation -*- C++
//-*-===//
//
// Part of the shiftadd project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// A backend computes (acc + bias) * multiplier * 2^-shift in the narrowest
// arithmetic that cannot lose a bit; which one that is follows from the real
// weights and is proven here, once, for every backend.
//
//===----------------------------------------------------------------------===//
#include "passes/Quantize/Passes.h"

#include "passes/Quantize/AccumulatorRange.h"

namespace shiftadd {

#define GEN_PASS_DEF_CHOOSEARITHMETICPASS
#include "passes/Quantize/Passes.h.inc"

namespace {

/// A sum of codes stays in its accumulator by construction; IR from elsewhere
/// is checked.
template <typename OpTy> bool fitsAccumulator(OpTy op, const Reach &reach) {
  unsigned width =
      tensorType(op.getInput()).getElementType().isInteger(64) ? 64 : 32;
  if (!reach.known || reach.accumulator.fits(width))
    return true;
  op.emitError("a sum could exceed its ")
      << width << " bits (N52): it needs " << countBits(reach.accumulator);
  return false;
}

template <typename OpTy> mlir::LogicalResult choose(OpTy op) {
  auto reach = getReach(op);
  Arithmetic choice = Arithmetic::Int64;
  if (reach) {
    if (!fitsAccumulator(op, *reach))
      return mlir::failure();
    // Rounding adds half a unit before the shift: one bit of headroom.
    if (reach->product < (__int128(1) << 30) &&
        reach->sum < (__int128(1) << 31)) {
      choice = Arithmetic::Int32;
    } else if (reach->product < (__int128(1) << 52) &&
               reach->sum < (__int128(1) << 52)) {
      choice = Arithmetic::Double;
    } else if (reach->product >= (__int128(1) << 62)) {
      return op.emitError("a sum times its multiplier could exceed 63 bits "
                          "(N52); lower the multiplier bits");
    }
  }
  op.setArithmetic(choice);
  return mlir::success();
}

struct ChooseArithmetic : impl::ChooseArithmeticPassBase<ChooseArithmetic> {
  void runOnOperation() override {
    auto result = getOperation().walk([](mlir::Operation *op) {
      mlir::LogicalResult done = mlir::success();
      if (auto requantize = llvm::dyn_cast<RequantizeOp>(op))
        done = choose(requantize);
      else if (auto residual = llvm::dyn_cast<RequantizeResidualOp>(op))
        done = choose(residual);
      return mlir::failed(done) ? mlir::WalkResult::interrupt()
                                : mlir::WalkResult::advance();
    });
    if (result.wasInterrupted())
      signalPassFailure();
  }
};

} // namespace
} // namespace shiftadd
