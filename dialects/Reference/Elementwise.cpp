//===- Elementwise.cpp - Element by element -------------------------------===//
//
// Part of the shiftadd project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
#include "dialects/Reference/ElementAccess.h"
#include "dialects/Reference/Evaluators.h"

#include <cmath>
#include <cstring>

namespace shiftadd::ref {

llvm::Expected<Shape> broadcastShapes(llvm::ArrayRef<int64_t> lhs,
                                      llvm::ArrayRef<int64_t> rhs) {
  if (lhs.size() < rhs.size())
    std::swap(lhs, rhs);
  Shape shape(lhs);
  size_t lead = lhs.size() - rhs.size();
  for (auto [d, size] : llvm::enumerate(rhs)) {
    int64_t &common = shape[lead + d];
    if (common != 1 && size != 1 && common != size)
      return makeError("sizes " + llvm::Twine(common) + " and " +
                       llvm::Twine(size) + " do not broadcast");
    if (size != 1)
      common = size;
  }
  return shape;
}

llvm::Expected<Shape> broadcastAll(llvm::ArrayRef<Tensor> tensors) {
  llvm::Expected<Shape> shape = Shape();
  for (const Tensor &tensor : tensors) {
    shape = broadcastShapes(*shape, tensor.getShape());
    if (!shape)
      return shape;
  }
  return shape;
}

namespace {

/// Whether an op is defined on codes: they order and select as their values do.
enum class Codes { Refused, Allowed };

/// `function` takes two doubles, two int64_t or two uint64_t. Codes stand for
/// themselves.
template <typename Function>
llvm::Expected<Tensor> binary(mlir::Operation *op,
                              llvm::ArrayRef<Tensor> operands, Codes codes,
                              Function function) {
  const Tensor &lhs = operands[0];
  const Tensor &rhs = operands[1];
  if (lhs.getElementType() != rhs.getElementType())
    return makeError("the operands differ in element type");
  if (codes == Codes::Refused)
    if (llvm::Error error = refuseCodes(lhs))
      return error;
  llvm::Expected<Shape> shape = broadcastAll(operands);
  if (!shape)
    return shape.takeError();
  llvm::Expected<Tensor> result = Tensor::create(resultElementType(op), *shape);
  if (!result)
    return result;
  Writer writer(*result);
  std::array<Shape, 2> strides{getBroadcastStrides(lhs.getShape(), *shape),
                               getBroadcastStrides(rhs.getShape(), *shape)};
  withElementType(lhs, [&](auto tag) {
    using T = decltype(tag);
    forEachIndex(*shape, strides, [&](int64_t i, const auto &offsets) {
      store(writer, i,
            function(load<T>(lhs, offsets[0]), load<T>(rhs, offsets[1])));
    });
  });
  return result;
}

/// `function` takes two bit patterns.
template <typename Function>
llvm::Expected<Tensor> bitwise(mlir::Operation *op,
                               llvm::ArrayRef<Tensor> operands,
                               Function function) {
  if (operands[0].isFloat())
    return makeError("is not defined on floating point tensors");
  return binary(op, operands, Codes::Refused, [=](auto a, auto b) {
    return uint64_t(
        function(static_cast<uint64_t>(a), static_cast<uint64_t>(b)));
  });
}

template <typename T> T divide(T a, T b) {
  if constexpr (std::is_floating_point_v<T>) {
    return a / b;
  } else {
    if (b == 0)
      return 0;
    if (std::is_signed_v<T> && b == T(-1))
      return static_cast<T>(uint64_t(0) - static_cast<uint64_t>(a));
    return a / b;
  }
}

template <typename T> T remainder(T a, T b, bool signOfDividend) {
  if constexpr (std::is_floating_point_v<T>) {
    T rest = std::fmod(a, b);
    if (!signOfDividend && rest != 0 && (rest < 0) != (b < 0))
      rest += b;
    return rest;
  } else {
    if (b == 0 || (std::is_signed_v<T> && b == T(-1)))
      return 0;
    T rest = a % b;
    if (!signOfDividend && rest != 0 && (rest < 0) != (b < 0))
      rest += b;
    return rest;
  }
}

template <typename OpT, typename Function>
void addBinary(EvaluatorTable &table, Codes codes, Function function) {
  table.add<OpT>([=](OpT op, llvm::ArrayRef<Tensor> operands) {
    return binary(op, operands, codes, function);
  });
}

template <typename OpT>
void addBitwise(EvaluatorTable &table,
                uint64_t (*function)(uint64_t, uint64_t)) {
  table.add<OpT>([=](OpT op, llvm::ArrayRef<Tensor> operands) {
    return bitwise(op, operands, function);
  });
}

llvm::Expected<Tensor> power(PowOp op, llvm::ArrayRef<Tensor> operands) {
  for (const Tensor &operand : operands)
    if (llvm::Error error = refuseCodes(operand))
      return error;
  llvm::Expected<Shape> shape = broadcastAll(operands);
  if (!shape)
    return shape.takeError();
  llvm::Expected<Tensor> result = Tensor::create(resultElementType(op), *shape);
  if (!result)
    return result;
  Writer writer(*result);
  std::array<Shape, 2> strides{
      getBroadcastStrides(operands[0].getShape(), *shape),
      getBroadcastStrides(operands[1].getShape(), *shape)};
  forEachIndex(*shape, strides, [&](int64_t i, const auto &offsets) {
    writer.setDouble(i, std::pow(operands[0].getDouble(offsets[0]),
                                 operands[1].getDouble(offsets[1])));
  });
  return result;
}

llvm::Expected<Tensor> bitShift(BitShiftOp op,
                                llvm::ArrayRef<Tensor> operands) {
  uint64_t width = 8 * getByteWidth(operands[0].getKind());
  bool left = op.getDirection() == ShiftDirection::Left;
  return bitwise(op, operands, [=](uint64_t value, uint64_t amount) {
    if (amount >= width)
      return uint64_t(0);
    return left ? value << amount : value >> amount;
  });
}

llvm::Expected<Tensor> select(WhereOp op, llvm::ArrayRef<Tensor> operands) {
  if (operands[1].getElementType() != operands[2].getElementType())
    return makeError("the operands differ in element type");
  llvm::Expected<Shape> shape = broadcastAll(operands);
  if (!shape)
    return shape.takeError();
  llvm::Expected<Tensor> result = Tensor::create(resultElementType(op), *shape);
  if (!result)
    return result;
  if (result->getKind() != operands[1].getKind())
    return makeError("the result differs in element type");
  std::array<Shape, 3> strides{
      getBroadcastStrides(operands[0].getShape(), *shape),
      getBroadcastStrides(operands[1].getShape(), *shape),
      getBroadcastStrides(operands[2].getShape(), *shape)};
  unsigned width = getByteWidth(result->getKind());
  char *target = result->getMutableBytes().data();
  forEachIndex(*shape, strides, [&](int64_t i, const auto &offsets) {
    size_t side = operands[0].getInteger(offsets[0]) ? 1 : 2;
    std::memcpy(target + i * width,
                operands[side].getBytes().data() + offsets[side] * width,
                width);
  });
  return result;
}

} // namespace

void addElementwise(EvaluatorTable &table) {
  constexpr auto refused = Codes::Refused;
  constexpr auto allowed = Codes::Allowed;
  addBinary<AddOp>(table, refused, [](auto a, auto b) {
    return wrapping(a, b, [](auto x, auto y) { return x + y; });
  });
  addBinary<SubOp>(table, refused, [](auto a, auto b) {
    return wrapping(a, b, [](auto x, auto y) { return x - y; });
  });
  addBinary<MulOp>(table, refused, [](auto a, auto b) {
    return wrapping(a, b, [](auto x, auto y) { return x * y; });
  });
  addBinary<DivOp>(table, refused, [](auto a, auto b) { return divide(a, b); });
  table.add<PowOp>(power);
  table.add<ModOp>([](ModOp op, llvm::ArrayRef<Tensor> operands) {
    bool signOfDividend = op.getFmod();
    return binary(op, operands, Codes::Refused, [=](auto a, auto b) {
      return remainder(a, b, signOfDividend);
    });
  });
  addBinary<MinOp>(table, allowed,
                   [](auto a, auto b) { return minimum(a, b); });
  addBinary<MaxOp>(table, allowed,
                   [](auto a, auto b) { return maximum(a, b); });
  table.add<PreluOp>([](PreluOp op, llvm::ArrayRef<Tensor> operands) {
    return binary(op, operands, Codes::Refused, [](auto x, auto slope) {
      auto scaled = wrapping(x, slope, [](auto p, auto q) { return p * q; });
      return x >= 0 ? x : scaled;
    });
  });
  addBinary<EqualOp>(table, allowed,
                     [](auto a, auto b) { return uint64_t(a == b); });
  addBinary<LessOp>(table, allowed,
                    [](auto a, auto b) { return uint64_t(a < b); });
  addBinary<LessEqualOp>(table, allowed,
                         [](auto a, auto b) { return uint64_t(a <= b); });
  addBinary<GreaterOp>(table, allowed,
                       [](auto a, auto b) { return uint64_t(a > b); });
  addBinary<GreaterEqualOp>(table, allowed,
                            [](auto a, auto b) { return uint64_t(a >= b); });
  addBitwise<AndOp>(table, [](uint64_t a, uint64_t b) { return a & b; });
  addBitwise<OrOp>(table, [](uint64_t a, uint64_t b) { return a | b; });
  addBitwise<XorOp>(table, [](uint64_t a, uint64_t b) { return a ^ b; });
  table.add<BitShiftOp>(bitShift);
  table.add<WhereOp>(select);
}

} // namespace shiftadd::ref
