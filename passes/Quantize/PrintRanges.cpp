//===- PrintRanges.cpp - What accumulators can reach -*- C++ -*-===//
//
// Part of the shiftadd project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
#include "passes/Quantize/Passes.h"

#include "passes/Quantize/AccumulatorRange.h"

#include "llvm/ADT/StringExtras.h"

namespace shiftadd {

#define GEN_PASS_DEF_PRINTRANGESPASS
#include "passes/Quantize/Passes.h.inc"

namespace {

std::string toText(__int128 value) {
  std::string digits;
  unsigned __int128 rest = value < 0 ? -(unsigned __int128)value : value;
  do
    digits.insert(digits.begin(), char('0' + int(rest % 10)));
  while (rest /= 10);
  return (value < 0 ? "-" : "") + digits;
}

template <typename OpTy> void print(OpTy op) {
  mlir::Operation *source = op.getInput().getDefiningOp();
  auto reach = getReach(op);
  mlir::Type type = tensorType(op.getInput()).getElementType();
  auto remark = op.emitRemark();
  if (!reach) {
    remark << "parameters are not constant: nothing is proven";
    return;
  }
  Interval products{-reach->product, reach->product};
  remark << (source ? source->getName().getStringRef() : "argument")
         << (reach->known ? ": sum in [" : ": type holds [")
         << toText(reach->accumulator.low) << ", "
         << toText(reach->accumulator.high) << "], "
         << countBits(reach->accumulator) << " bits in " << type
         << "; with bias |sum| <= " << toText(reach->sum) << "; products up to "
         << toText(reach->product) << ", " << countBits(products) << " bits";
  if (op.getArithmetic())
    remark << " in " << stringifyArithmetic(*op.getArithmetic());
}

struct PrintRanges : impl::PrintRangesPassBase<PrintRanges> {
  void runOnOperation() override {
    getOperation().walk([](mlir::Operation *op) {
      if (auto requantize = llvm::dyn_cast<RequantizeOp>(op))
        print(requantize);
      else if (auto residual = llvm::dyn_cast<RequantizeResidualOp>(op))
        print(residual);
    });
    markAllAnalysesPreserved();
  }
};

} // namespace
} // namespace shiftadd
