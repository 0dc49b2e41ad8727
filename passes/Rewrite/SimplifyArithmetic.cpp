//===- SimplifyArithmetic.cpp - Cheaper elementwise arithmetic -*- C++ -*-===//
//
// Part of the shiftadd project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Identities that hold bit for bit: on integers modulo 2^bits, on floats for
// every value, infinities and the sign of zero included.
//
//===----------------------------------------------------------------------===//
#include "passes/Rewrite/Passes.h"

#include "dialects/ShiftAdd/IR/Build.h"
#include "dialects/ShiftAdd/IR/WeightView.h"
#include "passes/Rewrite/TermCodes.h"

#include "mlir/Transforms/GreedyPatternRewriteDriver.h"

#include <cmath>

namespace shiftadd {

#define GEN_PASS_DEF_SIMPLIFYARITHMETICPASS
#include "passes/Rewrite/Passes.h.inc"

namespace {

/// A plain integer type of more than one bit, or null.
mlir::IntegerType integerOf(mlir::Value value) {
  auto type =
      llvm::dyn_cast<mlir::IntegerType>(tensorType(value).getElementType());
  return type && type.getWidth() > 1 ? type : mlir::IntegerType();
}

/// Negation and division of truth values are no arithmetic.
bool isNumber(mlir::Operation *op) {
  return !tensorType(op->getResult(0)).getElementType().isInteger(1);
}

/// The number that all elements of a plain constant are.
std::optional<WeightView> getSplat(mlir::Value value) {
  auto view = WeightView::get(value);
  if (!view || view->size() == 0 || !(view->isSplat() || view->size() == 1) ||
      tensorType(value).getElementType() != view->getElementType())
    return std::nullopt;
  return view;
}

/// A constant of integers, each once, in the type and shape of another.
mlir::Value makeIntegers(mlir::OpBuilder &builder, mlir::Value like,
                         llvm::ArrayRef<int64_t> values) {
  auto type = tensorType(like);
  unsigned bits = type.getElementTypeBitWidth();
  llvm::SmallVector<llvm::APInt> elements;
  for (int64_t value : values)
    elements.emplace_back(bits, uint64_t(value), /*isSigned=*/true,
                          /*implicitTrunc=*/true);
  return ConstantOp::create(builder, like.getLoc(), type,
                            mlir::DenseElementsAttr::get(type, elements));
}

mlir::Value makeShift(mlir::OpBuilder &builder, mlir::Location location,
                      mlir::Value input, mlir::Value like, int64_t amount) {
  if (amount == 0)
    return input;
  return BitShiftOp::create(builder, location, input.getType(), input,
                            makeIntegers(builder, like, amount),
                            ShiftDirection::Left);
}

class Pattern {
public:
  Pattern(unsigned maxTerms, mlir::Pass::Statistic &simplified)
      : maxTerms(maxTerms), simplified(simplified) {}

protected:
  mlir::LogicalResult done() const {
    ++simplified;
    return mlir::success();
  }
  unsigned maxTerms;
  mlir::Pass::Statistic &simplified;
};

/// Patterns on one op type share the constructor.
template <typename OpTy>
struct ArithmeticPattern : mlir::OpRewritePattern<OpTy>, Pattern {
  ArithmeticPattern(mlir::MLIRContext *context, unsigned maxTerms,
                    mlir::Pass::Statistic &simplified)
      : mlir::OpRewritePattern<OpTy>(context), Pattern(maxTerms, simplified) {}
};

/// x + x = x * 2; x + (-y) = x - y.
struct SimplifyAdd : ArithmeticPattern<AddOp> {
  using ArithmeticPattern::ArithmeticPattern;

  mlir::LogicalResult
  matchAndRewrite(AddOp op, mlir::PatternRewriter &rewriter) const override {
    if (!isNumber(op))
      return mlir::failure();
    if (op.getLhs() == op.getRhs() && integerOf(op)) {
      auto scalar = mlir::RankedTensorType::get({}, integerOf(op));
      mlir::Value one = ConstantOp::create(
          rewriter, op.getLoc(), scalar,
          mlir::DenseElementsAttr::get(
              scalar, llvm::APInt(scalar.getElementTypeBitWidth(), 1)));
      rewriter.replaceOpWithNewOp<BitShiftOp>(op, op.getType(), op.getLhs(),
                                              one, ShiftDirection::Left);
      return done();
    }
    for (auto [positive, other] : {std::pair(op.getLhs(), op.getRhs()),
                                   std::pair(op.getRhs(), op.getLhs())})
      if (auto negated = other.getDefiningOp<NegOp>()) {
        rewriter.replaceOpWithNewOp<SubOp>(op, op.getType(), positive,
                                           negated.getInput());
        return done();
      }
    return mlir::failure();
  }
};

/// 0 - x = -x, of floats only with -0 in front; x - (-y) = x + y.
struct SimplifySub : ArithmeticPattern<SubOp> {
  using ArithmeticPattern::ArithmeticPattern;

  mlir::LogicalResult
  matchAndRewrite(SubOp op, mlir::PatternRewriter &rewriter) const override {
    if (!isNumber(op))
      return mlir::failure();
    if (auto negated = op.getRhs().getDefiningOp<NegOp>()) {
      rewriter.replaceOpWithNewOp<AddOp>(op, op.getType(), op.getLhs(),
                                         negated.getInput());
      return done();
    }
    auto zero = getSplat(op.getLhs());
    if (!zero || zero->getDouble(0) != 0 ||
        op.getRhs().getType() != op.getType())
      return mlir::failure();
    if (!integerOf(op) && !std::signbit(zero->getDouble(0)))
      return rewriter.notifyMatchFailure(op, "0.0 - 0.0 is not -0.0");
    rewriter.replaceOpWithNewOp<NegOp>(op, op.getType(), op.getRhs());
    return done();
  }
};

/// -(-x) = x.
struct SimplifyNeg : ArithmeticPattern<NegOp> {
  using ArithmeticPattern::ArithmeticPattern;

  mlir::LogicalResult
  matchAndRewrite(NegOp op, mlir::PatternRewriter &rewriter) const override {
    if (!isNumber(op))
      return mlir::failure();
    auto inner = op.getInput().getDefiningOp<NegOp>();
    if (!inner)
      return mlir::failure();
    rewriter.replaceOp(op, inner.getInput());
    return done();
  }
};

/// x * -1 = -x; integers times a constant are the shifts of its signed digits.
struct SimplifyMul : ArithmeticPattern<MulOp> {
  using ArithmeticPattern::ArithmeticPattern;

  mlir::LogicalResult
  matchAndRewrite(MulOp op, mlir::PatternRewriter &rewriter) const override {
    if (!isNumber(op))
      return mlir::failure();
    for (auto [input, factor] : {std::pair(op.getLhs(), op.getRhs()),
                                 std::pair(op.getRhs(), op.getLhs())}) {
      if (input.getType() != op.getType())
        continue;
      if (auto view = getSplat(factor))
        return integerOf(op) ? multiply(op, input, factor, *view, rewriter)
                             : negate(op, input, *view, rewriter);
      if (succeeded(shiftEach(op, input, factor, rewriter)))
        return mlir::success();
    }
    return mlir::failure();
  }

private:
  mlir::LogicalResult negate(MulOp op, mlir::Value input,
                             const WeightView &factor,
                             mlir::PatternRewriter &rewriter) const {
    if (factor.getDouble(0) != -1.0)
      return mlir::failure();
    rewriter.replaceOpWithNewOp<NegOp>(op, op.getType(), input);
    return done();
  }

  mlir::LogicalResult multiply(MulOp op, mlir::Value input, mlir::Value like,
                               const WeightView &factor,
                               mlir::PatternRewriter &rewriter) const {
    // Modulo 2^bits a factor and its signed reading multiply alike.
    unsigned bits = integerOf(op).getWidth();
    int64_t number =
        int64_t(uint64_t(factor.getInteger(0)) << (64 - bits)) >> (64 - bits);
    std::vector<Term> digits = getSignedDigits(number);
    if (digits.empty() || digits.size() > maxTerms)
      return rewriter.notifyMatchFailure(op, "too many signed digits");
    // A positive digit in front saves the negation.
    auto first =
        llvm::find_if(digits, [](Term term) { return !term.negative; });
    if (first != digits.end())
      std::iter_swap(digits.begin(), first);
    mlir::Location location = op.getLoc();
    mlir::Value sum;
    for (Term digit : digits) {
      mlir::Value part =
          makeShift(rewriter, location, input, like, digit.exponent);
      if (!sum)
        sum = digit.negative
                  ? NegOp::create(rewriter, location, op.getType(), part)
                        .getResult()
                  : part;
      else if (digit.negative)
        sum = SubOp::create(rewriter, location, op.getType(), sum, part);
      else
        sum = AddOp::create(rewriter, location, op.getType(), sum, part);
    }
    rewriter.replaceOp(op, sum);
    return done();
  }

  /// One power of two per element or channel.
  mlir::LogicalResult shiftEach(MulOp op, mlir::Value input, mlir::Value factor,
                                mlir::PatternRewriter &rewriter) const {
    auto view = WeightView::get(factor);
    if (!view || !integerOf(op) || view->size() == 0)
      return mlir::failure();
    unsigned bits = integerOf(op).getWidth();
    llvm::SmallVector<int64_t> amounts;
    for (int64_t i = 0; i < view->size(); ++i) {
      uint64_t number = uint64_t(view->getInteger(i)) &
                        llvm::maskTrailingOnes<uint64_t>(bits);
      if (!llvm::isPowerOf2_64(number))
        return mlir::failure();
      amounts.push_back(llvm::Log2_64(number));
    }
    rewriter.replaceOpWithNewOp<BitShiftOp>(
        op, op.getType(), input, makeIntegers(rewriter, factor, amounts),
        ShiftDirection::Left);
    return done();
  }
};

/// x / 2^k = x * 2^-k on floats, and a shift on unsigned integers. Signed
/// integers truncate toward zero, which a shift does not.
struct SimplifyDiv : ArithmeticPattern<DivOp> {
  using ArithmeticPattern::ArithmeticPattern;

  mlir::LogicalResult
  matchAndRewrite(DivOp op, mlir::PatternRewriter &rewriter) const override {
    if (!isNumber(op))
      return mlir::failure();
    auto constant = op.getRhs().getDefiningOp<ConstantOp>();
    auto value =
        constant ? llvm::dyn_cast<mlir::DenseElementsAttr>(constant.getValue())
                 : mlir::DenseElementsAttr();
    if (!value || value.empty() ||
        tensorType(op.getRhs()).getElementType() != value.getElementType())
      return mlir::failure();
    if (integerOf(op))
      return divideIntegers(op, value, rewriter);
    llvm::SmallVector<llvm::APFloat> inverses;
    for (const llvm::APFloat &divisor : value.getValues<llvm::APFloat>()) {
      llvm::APFloat inverse(divisor.getSemantics());
      if (!divisor.getExactInverse(&inverse))
        return rewriter.notifyMatchFailure(op, "the inverse is not exact");
      inverses.push_back(inverse);
    }
    mlir::Value factors = ConstantOp::create(
        rewriter, constant.getLoc(), constant.getType(),
        mlir::DenseElementsAttr::get(value.getType(), inverses));
    rewriter.replaceOpWithNewOp<MulOp>(op, op.getType(), op.getLhs(), factors);
    return done();
  }

private:
  mlir::LogicalResult divideIntegers(DivOp op, mlir::DenseElementsAttr value,
                                     mlir::PatternRewriter &rewriter) const {
    if (!integerOf(op).isUnsigned())
      return rewriter.notifyMatchFailure(op, "signed integers truncate");
    llvm::SmallVector<int64_t> amounts;
    for (const llvm::APInt &divisor : value.getValues<llvm::APInt>()) {
      if (!divisor.isPowerOf2())
        return mlir::failure();
      amounts.push_back(divisor.logBase2());
    }
    rewriter.replaceOpWithNewOp<BitShiftOp>(
        op, op.getType(), op.getLhs(),
        makeIntegers(rewriter, op.getRhs(), amounts), ShiftDirection::Right);
    return done();
  }
};

struct SimplifyArithmetic
    : impl::SimplifyArithmeticPassBase<SimplifyArithmetic> {
  using SimplifyArithmeticPassBase::SimplifyArithmeticPassBase;

  void runOnOperation() override {
    mlir::RewritePatternSet patterns(&getContext());
    patterns
        .add<SimplifyAdd, SimplifySub, SimplifyNeg, SimplifyMul, SimplifyDiv>(
            &getContext(), maxTerms.getValue(), simplified);
    if (mlir::failed(
            mlir::applyPatternsGreedily(getOperation(), std::move(patterns))))
      signalPassFailure();
  }
};

} // namespace
} // namespace shiftadd
