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

#include "dialects/ShiftAdd/IR/WeightView.h"
#include "passes/Quantize/AccumulatorRange.h"

namespace shiftadd {

#define GEN_PASS_DEF_CHOOSEARITHMETICPASS
#include "passes/Quantize/Passes.h.inc"

namespace {

/// Largest |acc + bias| * multiplier over the channels, and largest |acc +
/// bias|.
struct Reach {
  __int128 sum = 0, product = 0;
};

std::optional<Reach> getReach(RequantizeOp op) {
  auto ranges = getAccumulatorRange(op.getInput());
  if (!ranges)
    ranges = {*getCodeRange(tensorType(op.getInput()).getElementType())};
  auto multiplier = WeightView::get(op.getMultiplier());
  std::optional<WeightView> bias;
  if (op.getBias())
    bias = WeightView::get(op.getBias());
  if (!multiplier || (op.getBias() && !bias))
    return std::nullopt;
  auto pick = [](const WeightView &view, int64_t channel) {
    return view.getInteger(view.size() == 1 ? 0 : channel);
  };
  int64_t channels = std::max<int64_t>(ranges->size(), multiplier->size());
  if (bias)
    channels = std::max(channels, bias->size());
  Reach reach;
  for (int64_t c = 0; c < channels; ++c) {
    Interval interval = ranges->size() == 1 ? ranges->front() : (*ranges)[c];
    __int128 offset = bias ? pick(*bias, c) : 0;
    interval.low += offset;
    interval.high += offset;
    reach.sum = std::max(reach.sum, interval.magnitude());
    reach.product =
        std::max(reach.product, interval.magnitude() * pick(*multiplier, c));
  }
  return reach;
}

struct ChooseArithmetic : impl::ChooseArithmeticPassBase<ChooseArithmetic> {
  void runOnOperation() override {
    auto result = getOperation().walk([](RequantizeOp op) {
      auto reach = getReach(op);
      Arithmetic choice = Arithmetic::Int64;
      if (reach) {
        // Rounding adds half a unit before the shift: one bit of headroom.
        if (reach->product < (__int128(1) << 30) &&
            reach->sum < (__int128(1) << 31))
          choice = Arithmetic::Int32;
        else if (reach->product < (__int128(1) << 52))
          choice = Arithmetic::Double;
        else if (reach->product >= (__int128(1) << 62)) {
          op.emitError("a sum times its multiplier could exceed 63 bits (N52); "
                       "lower the multiplier bits");
          return mlir::WalkResult::interrupt();
        }
      }
      op.setArithmetic(choice);
      return mlir::WalkResult::advance();
    });
    if (result.wasInterrupted())
      signalPassFailure();
  }
};

} // namespace
} // namespace shiftadd
