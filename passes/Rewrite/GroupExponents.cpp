//===- GroupExponents.cpp - One shift per exponent -*- C++ -*-===//
//
// Part of the shiftadd project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// The digits of all weights, sorted by exponent: each exponent is a layer with
// the weights -1, 0 and 1 (N49). Legal because sums are exact; a layer whose
// partial sums could leave its type is left alone (N52).
//
//===----------------------------------------------------------------------===//
#include "passes/Rewrite/Passes.h"

#include "dialects/ShiftAdd/IR/Build.h"
#include "dialects/ShiftAdd/IR/Shapes.h"
#include "dialects/ShiftAdd/IR/WeightView.h"
#include "passes/Quantize/AccumulatorRange.h"
#include "passes/Rewrite/TermCodes.h"

#include <map>

namespace shiftadd {

#define GEN_PASS_DEF_GROUPEXPONENTSPASS
#include "passes/Rewrite/Passes.h.inc"

namespace {

/// Exponent -> signs of all weights, -1, 0 or 1.
using Groups = std::map<int, std::vector<int64_t>>;

Groups groupByExponent(const std::vector<int64_t> &weights) {
  Groups groups;
  for (auto [i, weight] : llvm::enumerate(weights))
    for (Term digit : getSignedDigits(weight)) {
      auto [group, isNew] = groups.try_emplace(digit.exponent);
      if (isNew)
        group->second.assign(weights.size(), 0);
      group->second[i] = digit.negative ? -1 : 1;
    }
  return groups;
}

/// Whether no partial sum can leave `bits` bits.
bool partialSumsFit(const Groups &groups, int64_t channels, Interval input,
                    unsigned bits) {
  std::vector<Interval> total(channels);
  for (const auto &[exponent, signs] : groups) {
    auto sums = sumOfProducts(signs, channels, input);
    for (auto [sum, part] : llvm::zip_equal(total, sums)) {
      __int128 power = __int128(1) << exponent;
      Interval shifted{part.low * power, part.high * power};
      sum.low += shifted.low;
      sum.high += shifted.high;
      if (!shifted.fits(bits) || !sum.fits(bits))
        return false;
    }
  }
  return true;
}

/// Signs as codes of one bit of magnitude and one of sign.
mlir::Value makeSigns(mlir::OpBuilder &builder, mlir::Value like,
                      const std::vector<int64_t> &signs) {
  num::PowerOfTwoFormat format{2, 1, 0, 0, true};
  auto element = PowerOfTwoType::get(builder.getContext(), 2, 1, 0, 0, true);
  std::vector<char> codes;
  for (int64_t sign : signs)
    codes.push_back(char(format.encode(double(sign)).value_or(0)));
  return makeConstant(
      builder, like.getLoc(),
      mlir::RankedTensorType::get(tensorType(like).getShape(), element), codes);
}

template <typename OpTy> void group(OpTy op) {
  auto range = getCodeRange(tensorType(op.getInput()).getElementType());
  auto weights = readCodedIntegers(op.getFilter());
  if (!range || !weights || op.getBias())
    return;
  Groups groups = groupByExponent(*weights);
  auto type = tensorType(op.getResult());
  unsigned bits = type.getElementTypeBitWidth();
  if (groups.empty() ||
      !partialSumsFit(groups, shapeOf(op.getFilter()).front(), *range, bits))
    return;
  mlir::OpBuilder builder(op);
  auto scalar = mlir::RankedTensorType::get({}, type.getElementType());
  mlir::Value total;
  for (const auto &[exponent, signs] : groups) {
    mlir::Value filter = makeSigns(builder, op.getFilter(), signs);
    auto part = OpTy::create(builder, op.getLoc(), op->getResultTypes(),
                             op->getOperands(), op->getAttrs());
    part.getFilterMutable().assign(filter);
    mlir::Value sum = part.getResult();
    if (exponent != 0) {
      mlir::Value amount = ConstantOp::create(
          builder, op.getLoc(), scalar,
          mlir::DenseElementsAttr::get(scalar,
                                       llvm::APInt(bits, uint64_t(exponent))));
      sum = BitShiftOp::create(builder, op.getLoc(), type, sum, amount,
                               ShiftDirection::Left);
    }
    total =
        total
            ? AddOp::create(builder, op.getLoc(), type, total, sum).getResult()
            : sum;
  }
  op.getResult().replaceAllUsesWith(total);
  op.erase();
}

struct GroupExponents : impl::GroupExponentsPassBase<GroupExponents> {
  void runOnOperation() override {
    llvm::SmallVector<mlir::Operation *> ops;
    getOperation().walk([&](mlir::Operation *op) { ops.push_back(op); });
    for (mlir::Operation *op : ops) {
      if (auto conv = llvm::dyn_cast<ShiftConvOp>(op))
        group(conv);
      else if (auto dense = llvm::dyn_cast<ShiftDenseOp>(op))
        group(dense);
    }
  }
};

} // namespace
} // namespace shiftadd
