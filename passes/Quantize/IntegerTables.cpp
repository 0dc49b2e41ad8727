//===- IntegerTables.cpp - Functions of one code as tables -*- C++ -*-===//
//
// Part of the shiftadd project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// A function of one code of 8 bits is a table of 256 codes, whatever ops it is
// made of (N119). The table is what the interpreter computes for every code, so
// that no result changes. Softmax needs a table of exponentials and one integer
// division per element (N120).
//
//===----------------------------------------------------------------------===//
#include "passes/Quantize/QuantizePattern.h"

#include "dialects/Reference/Interpreter.h"
#include "dialects/ShiftAdd/IR/Build.h"
#include "dialects/ShiftAdd/IR/Shapes.h"
#include "dialects/ShiftAdd/IR/WeightView.h"
#include "dialects/Support/Rounding.h"

#include "mlir/IR/IRMapping.h"
#include "llvm/ADT/SetVector.h"

#include <cmath>

namespace shiftadd {

namespace {

/// The ops between codes and a value that is a function of each code alone.
struct CodeFunction {
  mlir::Value codes;
  /// In an order in which they can be executed; constants included.
  llvm::SetVector<mlir::Operation *> ops;
};

/// A constant that is the same everywhere.
bool isUniformConstant(ConstantOp constant) {
  auto view = WeightView::get(constant.getResult());
  if (!view || view->size() == 0 ||
      llvm::isa<mlir::quant::QuantizedType, PowerOfTwoType>(
          tensorType(constant.getResult()).getElementType()))
    return false;
  for (int64_t i = 1; i < view->size() && !view->isSplat(); ++i)
    if (view->getDouble(i) != view->getDouble(0))
      return false;
  return true;
}

bool isElementwise(mlir::Operation *op) {
  return op->hasTrait<BroadcastsElements>() && op->getNumResults() == 1 &&
         !llvm::isa<QuantizeOp, DequantizeOp, RequantizeAddOp, RequantizeMulOp>(
             op);
}

/// Larger than what frameworks make of one activation.
constexpr size_t kMostOps = 64;

bool collect(mlir::Value value, CodeFunction &function) {
  mlir::Operation *op = value.getDefiningOp();
  if (!op || function.ops.size() > kMostOps)
    return false;
  if (function.ops.contains(op))
    return true;
  if (auto constant = llvm::dyn_cast<ConstantOp>(op)) {
    if (!isUniformConstant(constant))
      return false;
    function.ops.insert(op);
    return true;
  }
  if (llvm::isa<DequantizeOp>(op)) {
    mlir::Value codes = getCodes(value, 8);
    if (!codes || codes.getDefiningOp<ConstantOp>() ||
        (function.codes && function.codes != codes))
      return false;
    function.codes = codes;
    function.ops.insert(op);
    return true;
  }
  if (!isElementwise(op))
    return false;
  for (mlir::Value operand : op->getOperands())
    if (!collect(operand, function))
      return false;
  function.ops.insert(op);
  return true;
}

/// What `last` makes of the function, for all codes of the storage in order.
std::optional<ref::Tensor> evaluate(const CodeFunction &function,
                                    mlir::Operation *last) {
  auto uniform = getUniform(function.codes);
  unsigned bits = uniform.getStorageTypeIntegralWidth();
  int64_t count = int64_t(1) << bits;
  int64_t lowest = uniform.isSigned() ? -count / 2 : 0;
  llvm::SmallVector<int64_t> all;
  for (int64_t i = 0; i < count; ++i)
    all.push_back(lowest + i);
  auto codes = ref::Tensor::fromIntegers(uniform, {count}, all);
  if (!codes) {
    llvm::consumeError(codes.takeError());
    return std::nullopt;
  }
  llvm::DenseMap<mlir::Value, ref::Tensor> values;
  values[function.codes] = *codes;
  auto run = [&](mlir::Operation *op) {
    llvm::SmallVector<ref::Tensor> operands;
    for (mlir::Value operand : op->getOperands())
      operands.push_back(values.lookup(operand));
    // The op as it is for one dimension of any size.
    bool isConstant = llvm::isa<ConstantOp>(op);
    mlir::OwningOpRef<mlir::Operation *> copy(op->clone());
    if (!isConstant)
      copy->getResult(0).setType(mlir::RankedTensorType::get(
          {mlir::ShapedType::kDynamic},
          tensorType(op->getResult(0)).getElementType()));
    auto results = ref::evaluateOperation(*copy, operands);
    if (!results) {
      llvm::consumeError(results.takeError());
      return false;
    }
    ref::Tensor result = results->front();
    // One element stands for a constant of any shape.
    if (isConstant) {
      auto width = ref::getByteWidth(result.getKind());
      auto first = ref::Tensor::fromBytes(result.getElementType(), {1},
                                          result.getBytes().take_front(width));
      if (!first) {
        llvm::consumeError(first.takeError());
        return false;
      }
      result = *first;
    }
    values[op->getResult(0)] = result;
    return true;
  };
  for (mlir::Operation *op : function.ops)
    if (!run(op))
      return std::nullopt;
  if (!run(last))
    return std::nullopt;
  return values[last->getResult(0)];
}

/// A table of what `last` computes from codes, and the lookup in it.
mlir::Value buildLookup(mlir::OpBuilder &builder, const CodeFunction &function,
                        mlir::Operation *last) {
  auto table = evaluate(function, last);
  if (!table || table->getElementCount() < 2)
    return nullptr;
  mlir::Value constant = ConstantOp::create(
      builder, last->getLoc(), table->getType(), table->toAttribute("table"));
  return LookupOp::create(builder, last->getLoc(), last->getResult(0).getType(),
                          function.codes, constant);
}

/// quantize(f(dequantize(x))) for any elementwise f.
struct ConvertFunction : QuantizePattern {
  ConvertFunction(mlir::MLIRContext *context, PatternOptions options)
      : QuantizePattern(context, options, /*benefit=*/2) {}

  mlir::FailureOr<mlir::Value>
  convert(QuantizeOp op, mlir::PatternRewriter &rewriter) const override {
    mlir::Operation *last = op.getInput().getDefiningOp();
    // A mere change of scale stays arithmetic.
    if (!last || llvm::isa<DequantizeOp>(last))
      return mlir::failure();
    CodeFunction function;
    if (!collect(op.getInput(), function) || !function.codes ||
        shapeOf(function.codes) != shapeOf(op))
      return rewriter.notifyMatchFailure(op, "no function of one 8-bit code");
    mlir::Value result = buildLookup(rewriter, function, op);
    if (!result)
      return rewriter.notifyMatchFailure(op, "cannot be computed");
    return result;
  }
};

/// The exponentials of multiples of -scale, and room for sums of `count`.
std::vector<int32_t> makeExponentials(double scale, int64_t codes,
                                      int64_t count) {
  unsigned bits =
      30 - std::min<unsigned>(29, llvm::Log2_64_Ceil(uint64_t(count)));
  bits = std::min(bits, 22U);
  std::vector<int32_t> table;
  for (int64_t i = 0; i < codes; ++i)
    table.push_back(static_cast<int32_t>(
        std::nearbyint(std::ldexp(std::exp(-double(i) * scale), int(bits)))));
  return table;
}

/// quantize(softmax(dequantize(x))).
struct ConvertSoftmax : QuantizePattern {
  using QuantizePattern::QuantizePattern;

  mlir::FailureOr<mlir::Value>
  convert(QuantizeOp op, mlir::PatternRewriter &rewriter) const override {
    auto softmax = op.getInput().getDefiningOp<SoftmaxOp>();
    auto output = getUniform(op);
    mlir::Value codes = softmax ? getCodes(softmax.getInput(), 8) : nullptr;
    if (!codes)
      return mlir::failure();
    int64_t count = shapeOf(codes)[softmax.getAxis()];
    // Beyond this, exponentials would have too few bits left.
    if (mlir::ShapedType::isDynamic(count) || count < 1 || count > (1 << 16))
      return rewriter.notifyMatchFailure(op, "too many elements");
    // Finer steps than 2^-20 are below what the table resolves.
    double perUnit = 1.0 / output.getScale();
    if (!(perUnit < 0x1p20))
      return rewriter.notifyMatchFailure(op, "scale of the result");
    num::FixedPointScale steps =
        num::toFixedPoint(perUnit, perUnit < 0x1p16 ? 16 : 20);
    if (steps.multiplier < 1 || steps.shift > 28)
      return rewriter.notifyMatchFailure(op, "scale of the result");
    auto x = getUniform(codes);
    int64_t size = int64_t(1) << x.getStorageTypeIntegralWidth();
    std::vector<int32_t> exponentials =
        makeExponentials(x.getScale(), size, count);
    mlir::Value table = makeConstant(rewriter, op.getLoc(), {size},
                                     llvm::ArrayRef<int32_t>(exponentials));
    return QuantizedSoftmaxOp::create(rewriter, op.getLoc(), op.getType(),
                                      codes, table, softmax.getAxis(),
                                      steps.multiplier, steps.shift)
        .getResult();
  }
};

} // namespace

void addTablePatterns(mlir::RewritePatternSet &patterns,
                      PatternOptions options) {
  patterns.add<ConvertFunction, ConvertSoftmax>(patterns.getContext(), options);
}

} // namespace shiftadd
