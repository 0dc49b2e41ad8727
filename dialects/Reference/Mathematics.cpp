//===- Mathematics.cpp - Functions of one element -------------------------===//
//
// Part of the shiftadd project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
#include "dialects/Reference/ElementAccess.h"
#include "dialects/Reference/Evaluators.h"

#include <cmath>

namespace shiftadd::ref {

namespace {

template <typename Function>
llvm::Expected<Tensor>
unary(mlir::Operation *op, llvm::ArrayRef<Tensor> operands, Function function) {
  const Tensor &input = operands[0];
  if (llvm::Error error = refuseCodes(input))
    return error;
  llvm::Expected<Tensor> result =
      Tensor::create(resultElementType(op), input.getShape());
  if (!result)
    return result;
  Writer writer(*result);
  withElementType(input, [&](auto tag) {
    for (int64_t i = 0, e = input.getElementCount(); i < e; ++i)
      store(writer, i, function(load<decltype(tag)>(input, i)));
  });
  return result;
}

llvm::Expected<Tensor> floatUnary(mlir::Operation *op,
                                  llvm::ArrayRef<Tensor> operands,
                                  llvm::function_ref<double(double)> function) {
  const Tensor &input = operands[0];
  if (!input.isFloat())
    return makeError("is defined on floating point tensors only");
  llvm::Expected<Tensor> result =
      Tensor::create(resultElementType(op), input.getShape());
  if (!result)
    return result;
  Writer writer(*result);
  for (int64_t i = 0, e = input.getElementCount(); i < e; ++i)
    writer.setDouble(i, function(input.getDouble(i)));
  return result;
}

template <typename OpT, typename Function>
void addUnary(EvaluatorTable &table, Function function) {
  table.add<OpT>([=](OpT op, llvm::ArrayRef<Tensor> operands) {
    return unary(op, operands, function);
  });
}

template <typename OpT, typename Function>
void addFloatUnary(EvaluatorTable &table, Function function) {
  table.add<OpT>([=](OpT op, llvm::ArrayRef<Tensor> operands) {
    return floatUnary(op, operands, function);
  });
}

/// min(max(x, low), high), where an absent bound does not bind.
llvm::Expected<Tensor> clampTo(mlir::Operation *op, const Tensor &input,
                               std::optional<double> low,
                               std::optional<double> high) {
  llvm::Expected<Tensor> result =
      Tensor::create(resultElementType(op), input.getShape());
  if (!result)
    return result;
  if (result->getKind() != input.getKind())
    return makeError("the result differs in element type");
  Writer writer(*result);
  int64_t count = input.getElementCount();
  if (input.isFloat()) {
    for (int64_t i = 0; i < count; ++i) {
      double value = input.getDouble(i);
      if (low && value < *low)
        value = *low;
      if (high && value > *high)
        value = *high;
      writer.setDouble(i, value);
    }
    return result;
  }
  // The bounds in the input's integers, rounded as the values themselves are.
  auto quantization = Quantization::get(input.getElementType());
  if (input.isCoded() && !quantization)
    return makeError("is not defined on codes of powers of two");
  if (quantization && quantization->axis >= 0)
    return makeError("is not defined on a tensor quantised per channel");
  llvm::Expected<Tensor> bounds =
      Tensor::create(input.getElementType(), llvm::ArrayRef<int64_t>{2});
  if (!bounds)
    return bounds.takeError();
  Writer boundsWriter(*bounds);
  std::array<std::optional<double>, 2> realBounds{low, high};
  for (auto [i, bound] : llvm::enumerate(realBounds)) {
    if (bound && quantization)
      boundsWriter.setInteger(int64_t(i),
                              quantization->quantize(float(*bound), 0));
    else if (bound)
      boundsWriter.setDouble(int64_t(i), *bound);
  }
  withElementType(input, [&](auto tag) {
    using T = decltype(tag);
    for (int64_t i = 0; i < count; ++i) {
      T value = load<T>(input, i);
      if (low && value < load<T>(*bounds, 0))
        value = load<T>(*bounds, 0);
      if (high && value > load<T>(*bounds, 1))
        value = load<T>(*bounds, 1);
      store(writer, i, value);
    }
  });
  return result;
}

llvm::Expected<Tensor> cast(CastOp op, llvm::ArrayRef<Tensor> operands) {
  const Tensor &input = operands[0];
  mlir::Type type = resultElementType(op);
  // Between codes and their storage nothing changes but the meaning.
  if (getStorageType(input.getElementType()) == getStorageType(type))
    return input.withElementType(type);
  if (llvm::Error error = refuseCodes(input))
    return error;
  llvm::Expected<Tensor> result = Tensor::create(type, input.getShape());
  if (!result)
    return result;
  if (llvm::Error error = refuseCodes(*result))
    return error;
  Writer writer(*result);
  withElementType(input, [&](auto tag) {
    for (int64_t i = 0, e = input.getElementCount(); i < e; ++i)
      store(writer, i, load<decltype(tag)>(input, i));
  });
  return result;
}

void addMath(EvaluatorTable &table) {
  addUnary<AbsOp>(table, [](auto x) {
    if constexpr (std::is_floating_point_v<decltype(x)>)
      return std::fabs(x);
    else if constexpr (std::is_signed_v<decltype(x)>)
      return x < 0 ? int64_t(uint64_t(0) - uint64_t(x)) : x;
    else
      return x;
  });
  addUnary<NegOp>(table, [](auto x) {
    if constexpr (std::is_floating_point_v<decltype(x)>)
      return -x;
    else
      return static_cast<decltype(x)>(uint64_t(0) - uint64_t(x));
  });
  addUnary<SignOp>(table, [](auto x) {
    if (isNan(x))
      return x;
    return static_cast<decltype(x)>((x > 0) - (x < 0));
  });
  table.add<NotOp>([](NotOp op, llvm::ArrayRef<Tensor> operands) {
    bool boolean = operands[0].getKind() == ElementKind::Bool;
    return unary(op, operands, [=](auto x) {
      return boolean ? uint64_t(x == 0) : ~static_cast<uint64_t>(x);
    });
  });
  addFloatUnary<SqrtOp>(table, [](double x) { return std::sqrt(x); });
  addFloatUnary<ExpOp>(table, [](double x) { return std::exp(x); });
  addFloatUnary<LogOp>(table, [](double x) { return std::log(x); });
  addFloatUnary<ReciprocalOp>(table, [](double x) { return 1 / x; });
  addFloatUnary<RoundOp>(table, [](double x) { return std::nearbyint(x); });
  addFloatUnary<FloorOp>(table, [](double x) { return std::floor(x); });
  addFloatUnary<CeilOp>(table, [](double x) { return std::ceil(x); });
  addFloatUnary<SinOp>(table, [](double x) { return std::sin(x); });
  addFloatUnary<CosOp>(table, [](double x) { return std::cos(x); });
  addFloatUnary<ErfOp>(table, [](double x) { return std::erf(x); });
  addFloatUnary<SigmoidOp>(table,
                           [](double x) { return 1 / (1 + std::exp(-x)); });
  addFloatUnary<TanhOp>(table, [](double x) { return std::tanh(x); });
  addFloatUnary<SoftplusOp>(table, [](double x) {
    // log(1 + exp(x)) = max(x, 0) + log(1 + exp(-|x|)), which cannot overflow.
    return (x > 0 ? x : x < 0 ? 0 : x) + std::log1p(std::exp(-std::fabs(x)));
  });
}

void addActivations(EvaluatorTable &table) {
  table.add<ReluOp>([](ReluOp op, llvm::ArrayRef<Tensor> operands) {
    return clampTo(op, operands[0], 0.0, std::nullopt);
  });
  table.add<LeakyReluOp>([](LeakyReluOp op, llvm::ArrayRef<Tensor> operands) {
    double alpha = op.getAlpha().convertToDouble();
    return floatUnary(op, operands,
                      [=](double x) { return x >= 0 ? x : alpha * x; });
  });
  table.add<EluOp>([](EluOp op, llvm::ArrayRef<Tensor> operands) {
    double alpha = op.getAlpha().convertToDouble();
    return floatUnary(op, operands, [=](double x) {
      return x >= 0 ? x : alpha * std::expm1(x);
    });
  });
  table.add<HardSigmoidOp>(
      [](HardSigmoidOp op, llvm::ArrayRef<Tensor> operands) {
        double alpha = op.getAlpha().convertToDouble();
        double beta = op.getBeta().convertToDouble();
        return floatUnary(op, operands, [=](double x) {
          return minimum(1.0, maximum(0.0, alpha * x + beta));
        });
      });
  table.add<ClampOp>([](ClampOp op, llvm::ArrayRef<Tensor> operands) {
    auto bound = [](std::optional<llvm::APFloat> value) {
      return value ? std::optional(value->convertToDouble()) : std::nullopt;
    };
    return clampTo(op, operands[0], bound(op.getMinimum()),
                   bound(op.getMaximum()));
  });
  table.add<CastOp>(cast);
}

} // namespace

void addMathematics(EvaluatorTable &table) {
  addMath(table);
  addActivations(table);
}

} // namespace shiftadd::ref
