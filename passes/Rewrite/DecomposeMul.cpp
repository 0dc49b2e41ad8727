//===- DecomposeMul.cpp - Constants as sums of powers of two -*- C++ -*-===//
//
// Part of the shiftadd project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// A product with a constant is a sum of shifts, one per signed digit of the
// constant. That is a property of the weights, so it is their element type that
// changes: the filter becomes a tensor of codes and the layer its shift form,
// whatever the number of weights.
//
//===----------------------------------------------------------------------===//
#include "passes/Rewrite/Passes.h"

#include "dialects/ShiftAdd/IR/Build.h"
#include "dialects/ShiftAdd/IR/Shapes.h"
#include "dialects/ShiftAdd/IR/WeightView.h"
#include "passes/Quantize/AccumulatorRange.h"
#include "passes/Rewrite/TermCodes.h"

#include <cmath>

namespace shiftadd {

#define GEN_PASS_DEF_DECOMPOSEMULPASS
#include "passes/Rewrite/Passes.h.inc"

namespace {

/// Terms of a weight where the user names no limit: a float is a sum of powers
/// of two anyway, and what needs more is not meant to be one.
constexpr unsigned kFloatTerms = 4;
constexpr unsigned kApproximateTerms = 8;
/// Powers of two between the largest and the smallest term of a float.
constexpr int kWidestRange = 30;

/// Numbers as codes: multiples of 2^exponent.
struct Coded {
  num::PowerOfTwoFormat format;
  std::vector<uint64_t> codes;
};

std::optional<Coded> encode(const ScaledIntegers &numbers) {
  auto format = smallestFormat(numbers.values);
  if (!format)
    return std::nullopt;
  Coded coded;
  coded.codes = encodeAll(*format, numbers.values);
  format->minExponent += numbers.exponent;
  format->maxExponent += numbers.exponent;
  if (!format->check().empty())
    return std::nullopt;
  coded.format = *format;
  return coded;
}

mlir::Value makeCodes(mlir::OpBuilder &builder, mlir::Value like,
                      const Coded &coded) {
  const num::PowerOfTwoFormat &format = coded.format;
  auto element = PowerOfTwoType::get(builder.getContext(), format.bits,
                                     format.terms, format.minExponent,
                                     format.maxExponent, format.hasZero);
  unsigned width = getElementBytes(getStorageType(element));
  llvm::SmallVector<char, 0> bytes(coded.codes.size() * width);
  // Little-endian hosts only, as everywhere with constant data.
  for (auto [i, code] : llvm::enumerate(coded.codes))
    std::memcpy(bytes.data() + i * width, &code, width);
  return makeConstant(
      builder, like.getLoc(),
      mlir::RankedTensorType::get(tensorType(like).getShape(), element), bytes);
}

/// A filter's numbers, [channels, taps].
struct Filter {
  std::vector<double> numbers;
  int64_t channels = 0;
  bool isFloat = false;

  int64_t taps() const { return channels ? numbers.size() / channels : 0; }
};

std::optional<Filter> readFilter(mlir::Value filter) {
  auto view = WeightView::get(filter);
  if (!view)
    return std::nullopt;
  Filter result;
  result.channels = tensorType(filter).getDimSize(0);
  result.isFloat = llvm::isa<mlir::FloatType>(view->getElementType());
  if (result.isFloat ? !view->getElementType().isF32()
                     : getElementBytes(view->getElementType()) > 4)
    return std::nullopt;
  result.numbers.resize(view->size());
  for (int64_t i = 0; i < view->size(); ++i)
    result.numbers[i] = view->getDouble(i);
  return result;
}

/// The fewest terms per channel that keep the error, and what they give.
class Approximation {
public:
  Approximation(const Filter &filter, double maxError, unsigned maxTerms,
                bool perChannel)
      : filter(filter), maxError(maxError), maxTerms(maxTerms),
        perChannel(perChannel), terms(filter.channels, 1),
        numbers(filter.numbers.size()) {
    double largest = 0;
    for (double number : filter.numbers)
      largest = std::max(largest, std::fabs(number));
    highest = largest > 0 ? std::ilogb(largest) : 0;
  }

  /// Whether all channels come within the bound; if not, `worst` and `error`
  /// say which does not.
  bool run() {
    // Integers have no bits below 1.
    lowest = filter.isFloat ? highest - kWidestRange : 0;
    if (!chooseTerms())
      return false;
    if (!filter.isFloat)
      return true;
    // The error does not grow with the range: the least range that keeps it.
    int bad = 0, good = kWidestRange;
    while (good - bad > 1) {
      int range = (good + bad) / 2;
      (isGood(highest - range) ? good : bad) = range;
    }
    lowest = highest - (isGood(highest) ? 0 : good);
    for (int64_t o = 0; o < filter.channels; ++o)
      approximate(o, terms[o]);
    return true;
  }

  const std::vector<double> &getNumbers() const { return numbers; }
  llvm::ArrayRef<int32_t> getTerms() const { return terms; }
  int64_t getWorstChannel() const { return worst; }
  double getWorstError() const { return error; }

private:
  /// Fills in channel `o` and returns its error.
  double approximate(int64_t o, unsigned count) {
    int64_t taps = filter.taps();
    const double *from = filter.numbers.data() + o * taps;
    double *to = numbers.data() + o * taps;
    for (int64_t k = 0; k < taps; ++k)
      to[k] = nearestTermSum(from[k], count, lowest);
    return relativeError(from, to, taps);
  }

  bool chooseTerms() {
    unsigned most = 1;
    for (int64_t o = 0; o < filter.channels; ++o) {
      unsigned count = perChannel ? 1 : most;
      double reached = approximate(o, count);
      while (reached > maxError && count < maxTerms)
        reached = approximate(o, ++count);
      if (reached > maxError) {
        worst = o;
        error = reached;
        return false;
      }
      terms[o] = int32_t(count);
      most = std::max(most, count);
    }
    for (int64_t o = 0; !perChannel && o < filter.channels; ++o) {
      terms[o] = int32_t(most);
      approximate(o, most);
    }
    return true;
  }

  bool isGood(int candidate) {
    lowest = candidate;
    for (int64_t o = 0; o < filter.channels; ++o)
      if (approximate(o, terms[o]) > maxError)
        return false;
    return true;
  }

  const Filter &filter;
  double maxError;
  unsigned maxTerms;
  bool perChannel;
  std::vector<int32_t> terms;
  std::vector<double> numbers;
  int highest = 0, lowest = 0;
  int64_t worst = 0;
  double error = 0;
};

/// The bias operands that hold a zero point's constant of a sum; nothing when
/// the sum is used in another way, too.
std::optional<llvm::SmallVector<mlir::Operation *>>
getScalings(mlir::Value sum) {
  llvm::SmallVector<mlir::Operation *> scalings;
  for (mlir::OpOperand &use : sum.getUses()) {
    mlir::Operation *user = use.getOwner();
    mlir::Value bias;
    if (auto op = llvm::dyn_cast<RequantizeOp>(user))
      bias = op.getBias();
    else if (auto op = llvm::dyn_cast<RequantizeResidualOp>(user))
      bias = op.getBias();
    else
      return std::nullopt;
    if (use.getOperandNumber() != 0 || (bias && !readCodedIntegers(bias)))
      return std::nullopt;
    scalings.push_back(user);
  }
  return scalings;
}

/// Adds one number per channel to the bias of a requantisation.
template <typename OpTy>
void addToBias(OpTy op, const std::vector<int64_t> &change) {
  std::vector<int64_t> bias(change.size(), 0);
  if (op.getBias())
    bias = *readCodedIntegers(op.getBias());
  if (bias.size() == 1)
    bias.resize(change.size(), bias.front());
  for (auto [value, delta] : llvm::zip_equal(bias, change))
    value += delta;
  bool narrow = llvm::all_of(
      bias, [](int64_t value) { return value == int64_t(int32_t(value)); });
  std::vector<int32_t> small(bias.begin(), bias.end());
  mlir::OpBuilder builder(op);
  int64_t size = bias.size();
  mlir::Value constant = narrow ? makeConstant(builder, op.getLoc(), {size},
                                               llvm::ArrayRef<int32_t>(small))
                                : makeConstant(builder, op.getLoc(), {size},
                                               llvm::ArrayRef<int64_t>(bias));
  op.getBiasMutable().assign(constant);
}

struct DecomposeMul : impl::DecomposeMulPassBase<DecomposeMul> {
  using DecomposeMulPassBase::DecomposeMulPassBase;

  void runOnOperation() override {
    if (maxError < 0 || !std::isfinite(maxError) || maxTerms > 16) {
      getOperation().emitError("max-error is not negative, max-terms at most "
                               "16; got ")
          << maxError.getValue() << " and " << maxTerms.getValue();
      return signalPassFailure();
    }
    llvm::SmallVector<mlir::Operation *> ops;
    getOperation().walk([&](mlir::Operation *op) { ops.push_back(op); });
    for (mlir::Operation *op : ops) {
      mlir::LogicalResult result = mlir::success();
      if (auto conv = llvm::dyn_cast<ConvOp>(op); conv && weights)
        result = decompose<ConvOp, ShiftConvOp>(conv);
      else if (auto dense = llvm::dyn_cast<DenseOp>(op); dense && weights)
        result = decompose<DenseOp, ShiftDenseOp>(dense);
      else if (scales)
        decomposeScale(op);
      if (mlir::failed(result))
        return signalPassFailure();
    }
  }

  template <typename OpTy, typename ShiftOpTy>
  mlir::LogicalResult decompose(OpTy op) {
    auto filter = readFilter(op.getFilter());
    bool floatInput =
        llvm::isa<mlir::FloatType>(tensorType(op.getInput()).getElementType());
    if (!filter || filter->isFloat != floatInput)
      return mlir::success();
    if (llvm::any_of(filter->numbers,
                     [](double number) { return !std::isfinite(number); }))
      return op.emitError("has weights that are infinite or not a number");
    // Exactly, if that takes few terms.
    auto coded = encodeExactly(*filter);
    if (maxError > 0) {
      Approximation approximation(
          *filter, maxError, maxTerms ? maxTerms.getValue() : kApproximateTerms,
          perChannel);
      bool within = approximation.run();
      if (!within && !coded)
        return op.emitError("no sum of at most ")
               << (maxTerms ? maxTerms.getValue() : kApproximateTerms)
               << " powers of two brings the weights within a relative error "
                  "of "
               << maxError.getValue() << ": output channel "
               << approximation.getWorstChannel() << " has "
               << approximation.getWorstError()
               << "; allow more terms or a larger error";
      if (within)
        if (auto better = adopt(op, *filter, approximation))
          if (!coded || better->format.terms < coded->format.terms) {
            correctBias(op, *filter, approximation);
            coded = better;
            recordTerms(op, approximation);
          }
    }
    if (!coded && strict && !filter->isFloat)
      return op.emitError("has weights that need more than ")
             << maxTerms.getValue()
             << " powers of two; calibrate the network for this scheme, or "
                "allow an error";
    if (!coded)
      return mlir::success();
    mlir::OpBuilder builder(op);
    mlir::Value codes = makeCodes(builder, op.getFilter(), *coded);
    auto shift = ShiftOpTy::create(builder, op.getLoc(), op->getResultTypes(),
                                   op->getOperands(), op->getAttrs());
    shift.getFilterMutable().assign(codes);
    op.getResult().replaceAllUsesWith(shift.getResult());
    mlir::Operation *old = op.getFilter().getDefiningOp();
    op.erase();
    if (old && old->use_empty())
      old->erase();
    ++layers;
    return mlir::success();
  }

  std::optional<Coded> encodeExactly(const Filter &filter) {
    ScaledIntegers integers;
    if (filter.isFloat) {
      auto scaled = toIntegers(filter.numbers);
      if (!scaled)
        return std::nullopt;
      integers = std::move(*scaled);
    } else {
      integers.values.assign(filter.numbers.begin(), filter.numbers.end());
    }
    auto coded = encode(integers);
    unsigned limit = maxTerms         ? maxTerms.getValue()
                     : filter.isFloat ? kFloatTerms
                                      : 16;
    if (!coded || coded->format.terms > limit)
      return std::nullopt;
    return coded;
  }

  /// The approximation as codes, when the layer can take it: integer sums keep
  /// to their type, and the zero point's constant can follow the weights.
  template <typename OpTy>
  std::optional<Coded> adopt(OpTy op, const Filter &filter,
                             const Approximation &approximation) {
    auto scaled = toIntegers(approximation.getNumbers());
    if (!scaled)
      return std::nullopt;
    if (filter.isFloat)
      return encode(*scaled);
    ScaledIntegers integers;
    integers.values.assign(approximation.getNumbers().begin(),
                           approximation.getNumbers().end());
    mlir::Type input = tensorType(op.getInput()).getElementType();
    auto range = getCodeRange(input);
    unsigned bits =
        tensorType(op.getResult()).getElementType().getIntOrFloatBitWidth();
    if (!range ||
        !llvm::all_of(sumOfProducts(integers.values, filter.channels, *range),
                      [&](const Interval &sum) { return sum.fits(bits); }))
      return std::nullopt;
    if (getZeroPoint(input) != 0 && !getScalings(op.getResult()))
      return std::nullopt;
    return encode(integers);
  }

  /// bias = ... - zero point * sum of weights (N43).
  template <typename OpTy>
  void correctBias(OpTy op, const Filter &filter,
                   const Approximation &approximation) {
    int64_t zero = getZeroPoint(tensorType(op.getInput()).getElementType());
    if (filter.isFloat || zero == 0)
      return;
    std::vector<int64_t> change(filter.channels, 0);
    for (size_t i = 0; i < filter.numbers.size(); ++i)
      change[i / filter.taps()] -=
          zero * int64_t(approximation.getNumbers()[i] - filter.numbers[i]);
    auto scalings = getScalings(op.getResult());
    if (!scalings)
      return;
    for (mlir::Operation *scaling : *scalings) {
      if (auto requantize = llvm::dyn_cast<RequantizeOp>(scaling))
        addToBias(requantize, change);
      else
        addToBias(llvm::cast<RequantizeResidualOp>(scaling), change);
    }
  }

  void recordTerms(mlir::Operation *op, const Approximation &approximation) {
    if (perChannel)
      op->setAttr(kTermsAttribute,
                  mlir::DenseI32ArrayAttr::get(op->getContext(),
                                               approximation.getTerms()));
  }

  /// A multiplier operand as codes; stays as it is when it is none.
  void decomposeOperand(mlir::OpBuilder &builder, mlir::OpOperand &operand) {
    auto view = WeightView::get(operand.get());
    if (!view || !view->getElementType().isInteger(32) ||
        llvm::isa<PowerOfTwoType>(tensorType(operand.get()).getElementType()))
      return;
    ScaledIntegers multipliers;
    for (int64_t i = 0; i < view->size(); ++i)
      multipliers.values.push_back(view->getInteger(i));
    if (auto coded = encode(multipliers)) {
      operand.set(makeCodes(builder, operand.get(), *coded));
      ++rescaled;
    }
  }

  void decomposeScale(mlir::Operation *op) {
    mlir::OpBuilder builder(op);
    if (auto requantize = llvm::dyn_cast<RequantizeOp>(op)) {
      decomposeOperand(builder, requantize.getMultiplierMutable());
    } else if (auto residual = llvm::dyn_cast<RequantizeResidualOp>(op)) {
      decomposeOperand(builder, residual.getMultiplierMutable());
      decomposeOperand(builder, residual.getResidualMultiplierMutable());
    } else if (auto add = llvm::dyn_cast<RequantizeAddOp>(op)) {
      add.setShiftAdd(true);
      ++rescaled;
    } else if (auto mul = llvm::dyn_cast<RequantizeMulOp>(op)) {
      mul.setShiftAdd(true);
      ++rescaled;
    }
  }
};

} // namespace
} // namespace shiftadd
