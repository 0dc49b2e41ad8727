//===- AdderGraph.cpp - Rules and values of adder graphs -*- C++ -*-===//
//
// Part of the shiftadd project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
#include "dialects/AdderGraph/IR/AdderGraph.h"

#include "dialects/ShiftAdd/IR/Shapes.h"

#include "mlir/IR/Builders.h"
#include "llvm/ADT/TypeSwitch.h"

#include "dialects/AdderGraph/IR/AdderGraphDialect.cpp.inc"

using llvm::LogicalResult;

namespace shiftadd::adder_graph {

void AdderGraphDialect::initialize() {
  addOperations<
#define GET_OP_LIST
#include "dialects/AdderGraph/IR/AdderGraphOps.cpp.inc"
      >();
}

namespace {

using Wide = __int128;

/// Every value is linear in the inputs: its coefficients.
struct Linear {
  llvm::SmallVector<Wide> coefficients;
};

Linear operator+(Linear a, const Linear &b) {
  a.coefficients.resize(std::max(a.coefficients.size(), b.coefficients.size()));
  for (auto [i, coefficient] : llvm::enumerate(b.coefficients))
    a.coefficients[i] += coefficient;
  return a;
}
Linear operator-(Linear a) {
  for (Wide &coefficient : a.coefficients)
    coefficient = -coefficient;
  return a;
}
Linear shifted(Linear a, int64_t amount) {
  for (Wide &coefficient : a.coefficients)
    coefficient *= Wide(1) << amount;
  return a;
}
uint64_t shifted(uint64_t a, int64_t amount) { return a << amount; }

/// What a value can be.
struct Interval {
  Wide low = 0, high = 0;

  bool fits(unsigned bits) const {
    return low >= -(Wide(1) << (bits - 1)) && high < (Wide(1) << (bits - 1));
  }
};

/// The exact interval of a value when every input has the same range; nothing
/// when a coefficient alone is out of all bounds.
std::optional<Interval> getInterval(const Linear &value, Interval input) {
  Interval result;
  for (Wide coefficient : value.coefficients) {
    if (coefficient >= (Wide(1) << 62) || coefficient <= -(Wide(1) << 62))
      return std::nullopt;
    Wide a = coefficient * input.low, b = coefficient * input.high;
    result.low += std::min(a, b);
    result.high += std::max(a, b);
  }
  return result;
}

/// The body in any arithmetic that has +, unary - and shifted(): on integers,
/// on coefficients. `visit(op, value)` sees every value and may stop the run.
template <typename T, typename Visit>
llvm::SmallVector<T> run(GraphOp graph, llvm::ArrayRef<T> inputs, Visit visit) {
  llvm::DenseMap<mlir::Value, T> values;
  mlir::Block &block = graph.getBody().front();
  for (auto [argument, input] : llvm::zip_equal(block.getArguments(), inputs))
    values[argument] = input;
  for (mlir::Operation &op : block.without_terminator()) {
    T value = llvm::TypeSwitch<mlir::Operation *, T>(&op)
                  .Case([&](ShiftAddOp add) {
                    T rhs = shifted(values.lookup(add.getRhs()),
                                    int64_t(add.getRhsShift()));
                    return shifted(values.lookup(add.getLhs()),
                                   int64_t(add.getLhsShift())) +
                           (add.getSubtract() ? -rhs : rhs);
                  })
                  .Case([&](ShiftOp shift) {
                    return shifted(values.lookup(shift.getInput()),
                                   int64_t(shift.getAmount()));
                  })
                  .Case([&](NegateOp negate) {
                    return -values.lookup(negate.getInput());
                  })
                  .Default([](mlir::Operation *) { return T(); });
    if (!visit(&op, value))
      return {};
    values[op.getResult(0)] = value;
  }
  llvm::SmallVector<T> outputs;
  for (mlir::Value value : block.getTerminator()->getOperands())
    outputs.push_back(values.lookup(value));
  return outputs;
}

/// The stored integers of an element type; nothing for floats.
std::optional<Interval> getStoredRange(mlir::Type type) {
  if (auto quantized = llvm::dyn_cast<mlir::quant::QuantizedType>(type)) {
    Wide zero = getZeroPoint(type);
    return Interval{std::min<Wide>(quantized.getStorageTypeMin(), zero),
                    std::max<Wide>(quantized.getStorageTypeMax(), zero)};
  }
  auto integer = llvm::dyn_cast<mlir::IntegerType>(type);
  if (!integer || integer.getWidth() > 64)
    return std::nullopt;
  if (integer.isUnsigned() || integer.getWidth() == 1)
    return Interval{0, (Wide(1) << integer.getWidth()) - 1};
  return Interval{-(Wide(1) << (integer.getWidth() - 1)),
                  (Wide(1) << (integer.getWidth() - 1)) - 1};
}

/// Shift amounts and op kinds, so that evaluation needs no checks.
LogicalResult verifyBody(GraphOp graph) {
  for (mlir::Operation &op : graph.getBody().front().without_terminator()) {
    llvm::SmallVector<uint64_t, 2> amounts;
    if (auto add = llvm::dyn_cast<ShiftAddOp>(op))
      amounts = {add.getLhsShift(), add.getRhsShift()};
    else if (auto shift = llvm::dyn_cast<ShiftOp>(op))
      amounts = {shift.getAmount()};
    else if (!llvm::isa<NegateOp, ZeroOp>(op))
      return op.emitOpError("does not belong into an adder graph");
    for (uint64_t amount : amounts)
      if (amount > 62)
        return op.emitOpError("shifts lie between 0 and 62, got ")
               << int64_t(amount);
  }
  return llvm::success();
}

} // namespace

LogicalResult GraphOp::inferResultShapes(
    llvm::SmallVectorImpl<llvm::SmallVector<int64_t>> &shapes) {
  llvm::SmallVector<int64_t> shape(shapeOf(getInput()));
  if (shape.empty() || getBody().empty())
    return emitOpError("needs an input with a last dimension and a body");
  mlir::Block &block = getBody().front();
  if (shape.back() != int64_t(block.getNumArguments()))
    return emitOpError("has ")
           << block.getNumArguments() << " inputs for " << getInput().getType();
  if (!block.mightHaveTerminator())
    return emitOpError("has no outputs");
  shape.back() = block.getTerminator()->getNumOperands();
  shapes.push_back(shape);
  return llvm::success();
}

LogicalResult GraphOp::verify() {
  for (mlir::Value argument : getBody().front().getArguments())
    if (!argument.getType().isInteger(64))
      return emitOpError("computes with i64, not ") << argument.getType();
  mlir::Type element = tensorType(getResult()).getElementType();
  if (!element.isInteger(32) && !element.isInteger(64))
    return emitOpError("gives i32 or i64 sums, not ") << element;
  auto range = getStoredRange(tensorType(getInput()).getElementType());
  if (!range)
    return emitOpError("takes integers, got ") << getInput().getType();
  if (failed(verifyBody(*this)))
    return llvm::failure();
  size_t count = getBody().front().getNumArguments();
  llvm::SmallVector<Linear> inputs(count);
  for (size_t i = 0; i < count; ++i) {
    inputs[i].coefficients.assign(i + 1, 0);
    inputs[i].coefficients.back() = 1;
  }
  mlir::Operation *tooWide = nullptr;
  auto outputs =
      run<Linear>(*this, inputs, [&](mlir::Operation *op, const Linear &value) {
        auto interval = getInterval(value, *range);
        if (!interval || !interval->fits(64))
          tooWide = op;
        return !tooWide;
      });
  if (tooWide)
    return tooWide->emitOpError("could leave 64 bits (N52)");
  for (auto [i, output] : llvm::enumerate(outputs))
    if (!getInterval(output, *range)->fits(element.getIntOrFloatBitWidth()))
      return emitOpError("output ")
             << int64_t(i) << " could leave " << element << " (N52)";
  return llvm::success();
}

llvm::SmallVector<int64_t> evaluate(GraphOp graph,
                                    llvm::ArrayRef<int64_t> row) {
  // Parts of a sum may wrap where the sum does not.
  llvm::SmallVector<uint64_t> inputs(row.begin(), row.end());
  auto outputs = run<uint64_t>(
      graph, inputs, [](mlir::Operation *, uint64_t) { return true; });
  return llvm::SmallVector<int64_t>(outputs.begin(), outputs.end());
}

llvm::SmallVector<int64_t> getMatrix(GraphOp graph) {
  size_t inputs = graph.getBody().front().getNumArguments();
  size_t outputs = graph.getBody().front().getTerminator()->getNumOperands();
  llvm::SmallVector<int64_t> matrix(inputs * outputs), unit(inputs, 0);
  for (size_t k = 0; k < inputs; ++k) {
    unit[k] = 1;
    for (auto [n, value] : llvm::enumerate(evaluate(graph, unit)))
      matrix[n * inputs + k] = value;
    unit[k] = 0;
  }
  return matrix;
}

GraphSize getSize(GraphOp graph) {
  GraphSize size;
  llvm::DenseMap<mlir::Value, int64_t> depths;
  for (mlir::Operation &op : graph.getBody().front().without_terminator()) {
    int64_t depth = 0;
    for (mlir::Value operand : op.getOperands())
      depth = std::max(depth, depths.lookup(operand));
    if (auto add = llvm::dyn_cast<ShiftAddOp>(op)) {
      ++size.adders;
      ++depth;
      size.shifts += (add.getLhsShift() != 0) + (add.getRhsShift() != 0);
    } else if (auto shift = llvm::dyn_cast<ShiftOp>(op)) {
      size.shifts += shift.getAmount() != 0;
    } else if (llvm::isa<NegateOp>(op)) {
      ++size.negations;
    }
    depths[op.getResult(0)] = depth;
    size.depth = std::max(size.depth, depth);
  }
  return size;
}

OperationCounts GraphOp::getOperationCounts(ValueSource) {
  int64_t inputs = getBody().front().getNumArguments();
  int64_t rows =
      inputs ? elementsPerSample(shapeOf(getInput())) / inputs : int64_t(0);
  GraphSize size = getSize(*this);
  NumberFormat format{
      false, tensorType(getResult()).getElementType().getIntOrFloatBitWidth()};
  OperationCounts counts;
  counts.add(OperationKind::Add, format, rows * (size.adders + size.negations));
  counts.add(OperationKind::Shift, format, rows * size.shifts);
  return counts;
}

} // namespace shiftadd::adder_graph

#define GET_OP_CLASSES
#include "dialects/AdderGraph/IR/AdderGraphOps.cpp.inc"
