//===- IntegerSums.cpp - Layers between dequantize and quantize -*- C++ -*-===//
//
// Part of the shiftadd project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// A sum of codes, the batch normalisation behind it and an addition of other
// codes become one requantisation (Q1, N36, N53).
//
//===----------------------------------------------------------------------===//
#include "passes/Quantize/QuantizePattern.h"

#include "dialects/ShiftAdd/IR/Shapes.h"

#include "mlir/Interfaces/SideEffectInterfaces.h"

#include <cmath>

namespace shiftadd {

namespace {

/// quantize(affine(layer)).
struct ConvertSum : QuantizePattern {
  ConvertSum(mlir::MLIRContext *context, PatternOptions options)
      : QuantizePattern(context, options, /*benefit=*/4) {}

  mlir::FailureOr<mlir::Value>
  convert(QuantizeOp op, mlir::PatternRewriter &rewriter) const override {
    Affine affine;
    auto sum = matchSum(peelAffine(op.getInput(), affine).getDefiningOp());
    if (!sum)
      return rewriter.notifyMatchFailure(op, "no sum of codes");
    mlir::Value result = buildRequantize(rewriter, op.getType(), *sum, affine,
                                         nullptr, options.scaling);
    if (!result)
      return rewriter.notifyMatchFailure(op, "scales or bias out of range");
    return reshapeTo(rewriter, result, op.getType());
  }
};

/// quantize(affine(layer) + dequantize(residual)).
struct ConvertResidual : QuantizePattern {
  ConvertResidual(mlir::MLIRContext *context, PatternOptions options)
      : QuantizePattern(context, options, /*benefit=*/3) {}

  mlir::FailureOr<mlir::Value>
  convert(QuantizeOp op, mlir::PatternRewriter &rewriter) const override {
    auto add = op.getInput().getDefiningOp<AddOp>();
    if (!add)
      return mlir::failure();
    for (auto [value, other] : {std::pair(add.getLhs(), add.getRhs()),
                                std::pair(add.getRhs(), add.getLhs())}) {
      mlir::Value residual = getCodes(other);
      if (!residual || residual.getDefiningOp<ConstantOp>() ||
          shapeOf(residual) != shapeOf(value))
        continue;
      Affine affine;
      mlir::Operation *layer = peelAffine(value, affine).getDefiningOp();
      auto sum = layer && !matchAverage(layer) ? matchSum(layer) : std::nullopt;
      if (!sum)
        continue;
      mlir::Value result = buildRequantize(rewriter, op.getType(), *sum, affine,
                                           residual, options.scaling);
      if (!result)
        return rewriter.notifyMatchFailure(op, "scales or bias out of range");
      return result;
    }
    return rewriter.notifyMatchFailure(op, "no sum of codes beside codes");
  }
};

/// Whether codes of one step resolve what every channel reaches, not only the
/// one that reaches farthest.
bool resolvesChannels(const IntegerSum &sum, const Affine &affine,
                      double step) {
  for (int64_t c = 0; c < sum.channels; ++c) {
    double own = std::fabs(pick(sum.grid, c) * pick(affine.factor, c)) *
                 double(pick(sum.range, c).magnitude());
    if (own != 0 && own < step * 0x1p10)
      return false;
  }
  return true;
}

/// Codes for the real values of a layer: the steps of its sum themselves when
/// all channels have the same, else steps of a power of two with which every
/// code is exact in f32.
mlir::Type getOutputCodes(mlir::MLIRContext *context, const IntegerSum &sum,
                          const Affine &affine) {
  double reach = getReach(sum, affine);
  double step = std::fabs(pick(sum.grid, 0) * pick(affine.factor, 0));
  bool equal = true;
  for (int64_t c = 0; c < sum.channels; ++c)
    equal &= std::fabs(pick(sum.grid, c) * pick(affine.factor, c)) == step;
  if (!equal || !(reach < step * 0x1p24)) {
    step = std::exp2(std::ceil(std::log2(reach)) - 24);
    if (!resolvesChannels(sum, affine, step))
      return {};
  }
  if (!std::isnormal(step) || float(step) == 0.0F)
    return {};
  return mlir::quant::UniformQuantizedType::get(
      mlir::quant::QuantizationFlags::Signed,
      mlir::IntegerType::get(context, 32), mlir::Float32Type::get(context),
      step, 0, INT32_MIN, INT32_MAX);
}

} // namespace

void addSumPatterns(mlir::RewritePatternSet &patterns, PatternOptions options) {
  patterns.add<ConvertSum, ConvertResidual>(patterns.getContext(), options);
}

void convertOutputs(mlir::func::FuncOp function, PatternOptions options) {
  llvm::SmallVector<mlir::Operation *> ops;
  function.walk([&](mlir::Operation *op) {
    if (op->getNumResults() == 1 && op->getNumOperands() > 0)
      ops.push_back(op);
  });
  // The last op of a chain comes first, so that the chain is taken as a whole.
  for (mlir::Operation *op : llvm::reverse(ops)) {
    if (mlir::isOpTriviallyDead(op)) {
      op->erase();
      continue;
    }
    mlir::Value value = op->getResult(0);
    auto type = llvm::dyn_cast<mlir::RankedTensorType>(value.getType());
    if (!type || !type.getElementType().isF32())
      continue;
    // Scales that did not fit before do not fit now.
    if (llvm::any_of(value.getUsers(), llvm::IsaPred<QuantizeOp>))
      continue;
    Affine affine;
    auto sum = matchSum(peelAffine(value, affine).getDefiningOp());
    mlir::Type codes =
        sum ? getOutputCodes(op->getContext(), *sum, affine) : nullptr;
    if (!codes)
      continue;
    mlir::OpBuilder builder(op);
    mlir::Value result = buildRequantize(
        builder, mlir::RankedTensorType::get(type.getShape(), codes), *sum,
        affine, nullptr, options.scaling);
    if (!result)
      continue;
    mlir::Value real = DequantizeOp::create(
        builder, op->getLoc(),
        mlir::RankedTensorType::get(shapeOf(result), type.getElementType()),
        result);
    value.replaceAllUsesWith(reshapeTo(builder, real, type));
    op->erase();
    ++*options.converted;
  }
}

} // namespace shiftadd
