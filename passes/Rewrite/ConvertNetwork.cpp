//===- ConvertNetwork.cpp - Shift, adder and ShiftAddNet forms -*- C++ -*-===//
//
// Part of the shiftadd project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// The three published ways to replace convolutions (N34 to N38). Each is
// another function that has to be trained: what is right here are the layers,
// their shapes and therefore their costs.
//
//===----------------------------------------------------------------------===//
#include "passes/Rewrite/Passes.h"

#include "dialects/ShiftAdd/IR/Build.h"
#include "dialects/ShiftAdd/IR/Shapes.h"
#include "dialects/ShiftAdd/IR/WeightView.h"
#include "passes/Rewrite/TermCodes.h"

#include <cmath>
#include <random>

namespace shiftadd {

#define GEN_PASS_DEF_CONVERTNETWORKPASS
#include "passes/Rewrite/Passes.h.inc"

namespace {

/// 5-bit codes of powers of two: a zero, a sign and 15 exponents (N8).
constexpr unsigned kShiftBits = 5;
constexpr int kShiftRange = 14;

/// The weights as the nearest codes; what is below the smallest power is 0.
mlir::Value makeShiftFilter(mlir::OpBuilder &builder, mlir::Value filter,
                            const WeightView &weights) {
  int highest = std::numeric_limits<int>::min();
  for (int64_t i = 0; i < weights.size(); ++i)
    if (double weight = weights.getDouble(i); weight != 0)
      highest = std::max(
          highest, std::ilogb(nearestTermSum(weight, 1, std::ilogb(weight))));
  if (highest == std::numeric_limits<int>::min())
    highest = 0;
  num::PowerOfTwoFormat format{kShiftBits, 1, highest - kShiftRange, highest,
                               true};
  std::vector<char> codes(weights.size());
  for (int64_t i = 0; i < weights.size(); ++i)
    codes[i] = char(
        format
            .encode(nearestTermSum(weights.getDouble(i), 1, format.minExponent))
            .value_or(0));
  auto element =
      PowerOfTwoType::get(builder.getContext(), format.bits, format.terms,
                          format.minExponent, format.maxExponent, true);
  return makeConstant(
      builder, filter.getLoc(),
      mlir::RankedTensorType::get(tensorType(filter).getShape(), element),
      codes);
}

/// Adder weights as training starts with them (N28), the same in every run.
mlir::Value makeAdderFilter(mlir::OpBuilder &builder, mlir::Location location,
                            llvm::ArrayRef<int64_t> shape, unsigned seed) {
  std::mt19937 generator(seed);
  int64_t count = elementsPerSample(shape);
  std::vector<float> weights(count);
  // The sum of 12 uniform numbers: normal enough, and equal on every system,
  // which std::normal_distribution is not.
  for (float &weight : weights) {
    double sum = -6;
    for (int i = 0; i < 12; ++i)
      sum += double(generator()) / 4294967296.0;
    weight = static_cast<float>(sum);
  }
  return makeConstant(builder, location, shape, llvm::ArrayRef<float>(weights));
}

struct ConvertNetwork : impl::ConvertNetworkPassBase<ConvertNetwork> {
  using ConvertNetworkPassBase::ConvertNetworkPassBase;

  void runOnOperation() override {
    if (form != "shift" && form != "adder" && form != "shiftaddnet") {
      getOperation().emitError("the form is shift, adder or shiftaddnet, not '")
          << form.getValue() << "'";
      return signalPassFailure();
    }
    llvm::SmallVector<mlir::Operation *> layers;
    getOperation().walk([&](mlir::Operation *op) {
      if (llvm::isa<ConvOp, DenseOp>(op))
        layers.push_back(op);
    });
    for (auto [i, op] : llvm::enumerate(layers)) {
      bool inner = i > 0 && i + 1 < layers.size();
      auto result = mlir::success();
      if (auto conv = llvm::dyn_cast<ConvOp>(op))
        result = convert<ConvOp, ShiftConvOp, AdderConvOp>(conv, inner, i);
      else
        result = convert<DenseOp, ShiftDenseOp, AdderDenseOp>(
            llvm::cast<DenseOp>(op), inner, i);
      if (mlir::failed(result))
        return signalPassFailure();
    }
  }

  template <typename OpTy, typename ShiftOpTy, typename AdderOpTy>
  mlir::LogicalResult convert(OpTy op, bool inner, unsigned index) {
    auto weights = WeightView::get(op.getFilter());
    if (!weights || !weights->getElementType().isF32() ||
        !tensorType(op.getInput()).getElementType().isF32())
      return op.emitError("has no constant float weights; networks are "
                          "converted before they are quantised");
    mlir::OpBuilder builder(op);
    if (form == "adder") {
      if (!inner)
        return mlir::success();
      auto adder = AdderOpTy::create(builder, op.getLoc(), op->getResultTypes(),
                                     op->getOperands(), op->getAttrs());
      op.getResult().replaceAllUsesWith(adder.getResult());
      op.erase();
      return mlir::success();
    }
    mlir::Value filter = makeShiftFilter(builder, op.getFilter(), *weights);
    auto shift = ShiftOpTy::create(builder, op.getLoc(), op->getResultTypes(),
                                   op->getOperands(), op->getAttrs());
    shift.getFilterMutable().assign(filter);
    mlir::Value result = shift.getResult();
    if (form == "shiftaddnet" && inner) {
      // Nothing stands between the two, and what normalises follows (N35).
      mlir::Value bias = shift.getBias();
      shift.getBiasMutable().clear();
      result = appendAdder(builder, op, result, bias, index);
    }
    op.getResult().replaceAllUsesWith(result);
    op.erase();
    return mlir::success();
  }

  mlir::Value appendAdder(mlir::OpBuilder &builder, ConvOp op,
                          mlir::Value input, mlir::Value bias, unsigned seed) {
    auto shape = shapeOf(op.getFilter());
    int64_t spatial = int64_t(shape.size()) - 2, outputs = shape.front();
    bool wide = llvm::any_of(shape.drop_front().drop_back(),
                             [](int64_t size) { return size > 1; });
    llvm::SmallVector<int64_t> filter(spatial + 2, wide ? 3 : 1);
    filter.front() = outputs;
    filter.back() = outputs / op.getGroups();
    llvm::SmallVector<int64_t> ones(spatial, 1), padding(2 * spatial, wide);
    mlir::Value weights = makeAdderFilter(builder, op.getLoc(), filter, seed);
    return AdderConvOp::create(builder, op.getLoc(), op.getType(), input,
                               weights, bias, ones, padding, ones,
                               op.getGroups());
  }

  mlir::Value appendAdder(mlir::OpBuilder &builder, DenseOp op,
                          mlir::Value input, mlir::Value bias, unsigned seed) {
    int64_t outputs = shapeOf(op.getFilter()).front();
    mlir::Value weights =
        makeAdderFilter(builder, op.getLoc(), {outputs, outputs}, seed);
    return AdderDenseOp::create(builder, op.getLoc(), op.getType(), input,
                                weights, bias);
  }
};

} // namespace
} // namespace shiftadd
