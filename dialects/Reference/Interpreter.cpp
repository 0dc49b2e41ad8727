//===- Interpreter.cpp - Executes the dialect's IR ------------------------===//
//
// Part of the shiftadd project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
#include "dialects/Reference/Interpreter.h"

#include "dialects/Reference/Evaluators.h"

#include "mlir/IR/SymbolTable.h"
#include "llvm/ADT/ScopeExit.h"
#include "llvm/Support/FormatVariadic.h"

#include <cmath>

namespace shiftadd::ref {

namespace {

const EvaluatorTable &getTable() {
  static const EvaluatorTable table = [] {
    EvaluatorTable result;
    addAdderGraph(result);
    addElementwise(result);
    addMathematics(result);
    addMovement(result);
    addNetwork(result);
    addNormalization(result);
    addPooling(result);
    addQuantized(result);
    addTables(result);
    addReduction(result);
    return result;
  }();
  return table;
}

std::string typeToString(mlir::Type type) {
  std::string text;
  llvm::raw_string_ostream(text) << type;
  return text;
}

/// The name that a location carries, else the place in a file.
std::string locationToString(mlir::Location location) {
  if (auto fused = llvm::dyn_cast<mlir::FusedLoc>(location))
    if (!fused.getLocations().empty())
      return locationToString(fused.getLocations().front());
  if (auto name = llvm::dyn_cast<mlir::NameLoc>(location))
    return name.getName().str();
  if (auto file = llvm::dyn_cast<mlir::FileLineColLoc>(location))
    return llvm::formatv("{0}:{1}", file.getFilename().getValue(),
                         file.getLine())
        .str();
  return {};
}

/// Prefixes the reason with the op that failed.
llvm::Error describe(mlir::Operation *op, llvm::Error error) {
  std::string place = locationToString(op->getLoc());
  llvm::StringRef name = op->getName().getStringRef();
  std::string reason = llvm::toString(std::move(error));
  if (place.empty())
    return makeError(llvm::formatv("'{0}': {1}", name, reason));
  return makeError(llvm::formatv("'{0}' ({1}): {2}", name, place, reason));
}

/// One run: a chain of blocks (function, layers, kernels, calls) under an
/// observer.
class Interpreter {
public:
  explicit Interpreter(Observer observer) : observer(observer) {}

  /// Any op, with the op named in the error.
  llvm::Expected<Tensors> evaluate(mlir::Operation *op,
                                   llvm::ArrayRef<Tensor> operands);

  /// A region of one block. Values die after their last use.
  llvm::Expected<Tensors> runRegion(mlir::Region &region,
                                    llvm::ArrayRef<Tensor> inputs);

private:
  llvm::Expected<Tensors> dispatch(mlir::Operation *op,
                                   llvm::ArrayRef<Tensor> operands);
  llvm::Expected<Tensors> launch(LaunchOp op, llvm::ArrayRef<Tensor> operands);
  llvm::Expected<Tensors> call(mlir::func::CallOp op,
                               llvm::ArrayRef<Tensor> operands);

  Observer observer;
  unsigned depth = 0;
};

/// Whether a tensor is of a declared type; free dimensions take any size.
llvm::Error checkType(const Tensor &tensor, mlir::Type declared,
                      const llvm::Twine &what) {
  auto type = llvm::dyn_cast<mlir::RankedTensorType>(declared);
  bool fits = type && type.getElementType() == tensor.getElementType() &&
              type.getRank() == tensor.getRank();
  for (int64_t d = 0; fits && d < tensor.getRank(); ++d)
    fits = type.isDynamicDim(d) || type.getDimSize(d) == tensor.getDimension(d);
  if (fits)
    return llvm::Error::success();
  return makeError(what + " has the type " + typeToString(tensor.getType()) +
                   ", not " + typeToString(declared));
}

llvm::Expected<Tensors> Interpreter::evaluate(mlir::Operation *op,
                                              llvm::ArrayRef<Tensor> operands) {
  if (operands.size() != op->getNumOperands())
    return describe(op, makeError("got " + llvm::Twine(operands.size()) +
                                  " operands, has " +
                                  llvm::Twine(op->getNumOperands())));
  llvm::Expected<Tensors> results = dispatch(op, operands);
  if (!results)
    return describe(op, results.takeError());
  if (results->size() != op->getNumResults())
    return describe(
        op, makeError("its body gives " + llvm::Twine(results->size()) +
                      " results, it has " + llvm::Twine(op->getNumResults())));
  for (auto [i, result] : llvm::enumerate(*results))
    if (llvm::Error error =
            checkType(result, op->getResult(unsigned(i)).getType(),
                      "result " + llvm::Twine(i)))
      return describe(op, std::move(error));
  if (observer)
    observer(op, *results);
  return results;
}

llvm::Expected<Tensors> Interpreter::dispatch(mlir::Operation *op,
                                              llvm::ArrayRef<Tensor> operands) {
  if (const EvaluatorTable::Function *function = getTable().find(op))
    return (*function)(op, operands);
  return llvm::TypeSwitch<mlir::Operation *, llvm::Expected<Tensors>>(op)
      .Case([](ConstantOp constant) -> llvm::Expected<Tensors> {
        auto type =
            llvm::cast<mlir::RankedTensorType>(constant.getResult().getType());
        llvm::Expected<Tensor> value =
            Tensor::fromAttribute(constant.getValue(), type);
        if (!value)
          return value.takeError();
        return Tensors{*value};
      })
      .Case([&](CheckEqualOp) -> llvm::Expected<Tensors> {
        if (llvm::Error error = compare(operands[0], operands[1], 0))
          return error;
        return Tensors{};
      })
      .Case([&](CheckCloseOp check) -> llvm::Expected<Tensors> {
        double tolerance = check.getTolerance().convertToDouble();
        if (llvm::Error error = compare(operands[0], operands[1], tolerance))
          return error;
        return Tensors{};
      })
      .Case([&](LayerOp layer) { return runRegion(layer.getBody(), operands); })
      .Case([&](LaunchOp launchOp) { return launch(launchOp, operands); })
      .Case([&](mlir::func::CallOp callOp) { return call(callOp, operands); })
      .Default([](mlir::Operation *) -> llvm::Expected<Tensors> {
        return makeError("cannot be executed");
      });
}

/// `count` samples of a tensor from sample `first` on.
llvm::Expected<Tensor> takeSamples(const Tensor &tensor, int64_t first,
                                   int64_t count) {
  Shape shape(tensor.getShape());
  shape[0] = count;
  int64_t sample =
      product(shape, 1, shape.size()) * int64_t(getByteWidth(tensor.getKind()));
  return Tensor::fromBytes(
      tensor.getElementType(), shape,
      tensor.getBytes().slice(size_t(first * sample), size_t(count * sample)));
}

/// A kernel is code for one sample (or for the fixed batch of its arguments):
/// a launch on a free batch runs it once per sample and stacks the results.
llvm::Expected<Tensors> Interpreter::launch(LaunchOp op,
                                            llvm::ArrayRef<Tensor> operands) {
  auto kernel = mlir::SymbolTable::lookupNearestSymbolFrom<KernelOp>(
      op, op.getKernelAttr());
  if (!kernel)
    return makeError("there is no kernel @" + op.getKernel());
  mlir::Region &body = kernel.getBody();
  if (body.empty() || body.front().getNumArguments() != operands.size())
    return makeError("the kernel @" + op.getKernel() +
                     " has another number of arguments");
  llvm::SmallVector<bool> free;
  int64_t samples = -1;
  for (auto [operand, value] : llvm::zip_equal(operands, op.getInputs())) {
    auto type = llvm::cast<mlir::RankedTensorType>(value.getType());
    free.push_back(type.getRank() > 0 && type.isDynamicDim(0));
    if (!free.back())
      continue;
    if (samples >= 0 && operand.getDimension(0) != samples)
      return makeError("the inputs disagree about the batch");
    samples = operand.getDimension(0);
  }
  if (samples < 0)
    return runRegion(body, operands);

  llvm::SmallVector<llvm::SmallVector<char, 0>> bytes(op.getNumResults());
  for (int64_t sample = 0; sample < samples; ++sample) {
    Tensors inputs;
    for (auto [operand, isFree] : llvm::zip_equal(operands, free)) {
      if (!isFree) {
        inputs.push_back(operand);
        continue;
      }
      llvm::Expected<Tensor> part = takeSamples(operand, sample, 1);
      if (!part)
        return part.takeError();
      inputs.push_back(std::move(*part));
    }
    llvm::Expected<Tensors> results = runRegion(body, inputs);
    if (!results)
      return results.takeError();
    if (results->size() != bytes.size())
      return makeError("the kernel @" + op.getKernel() +
                       " has another number of results");
    for (auto [all, part] : llvm::zip_equal(bytes, *results))
      all.append(part.getBytes().begin(), part.getBytes().end());
  }
  Tensors stacked;
  for (auto [result, all] : llvm::zip_equal(op.getResults(), bytes)) {
    auto type = llvm::cast<mlir::RankedTensorType>(result.getType());
    Shape shape(type.getShape());
    if (!type.isDynamicDim(0))
      return makeError("a launch on a free batch has a result without one");
    shape[0] = samples;
    llvm::Expected<Tensor> tensor =
        Tensor::fromBytes(type.getElementType(), shape, all);
    if (!tensor)
      return tensor.takeError();
    stacked.push_back(std::move(*tensor));
  }
  return stacked;
}

llvm::Expected<Tensors> Interpreter::call(mlir::func::CallOp op,
                                          llvm::ArrayRef<Tensor> operands) {
  auto callee = mlir::SymbolTable::lookupNearestSymbolFrom<mlir::func::FuncOp>(
      op, op.getCalleeAttr());
  if (!callee)
    return makeError("there is no function @" + op.getCallee());
  return runRegion(callee.getBody(), operands);
}

llvm::Expected<Tensors> Interpreter::runRegion(mlir::Region &region,
                                               llvm::ArrayRef<Tensor> inputs) {
  // Calls may be recursive, and nothing in the dialect ends a recursion.
  constexpr unsigned kDeepest = 64;
  if (depth == kDeepest)
    return makeError("the calls are nested too deeply");
  if (!region.hasOneBlock())
    return makeError("needs a body of one block");
  mlir::Block &block = region.front();
  if (block.getNumArguments() != inputs.size())
    return makeError("got " + llvm::Twine(inputs.size()) + " inputs, has " +
                     llvm::Twine(block.getNumArguments()));
  llvm::DenseMap<mlir::Value, Tensor> values;
  llvm::DenseMap<mlir::Value, unsigned> uses;
  auto define = [&](mlir::Value value, Tensor tensor) {
    unsigned count = unsigned(llvm::range_size(value.getUses()));
    if (count == 0)
      return;
    uses[value] = count;
    values[value] = std::move(tensor);
  };
  for (auto [i, argument] : llvm::enumerate(block.getArguments())) {
    if (llvm::Error error =
            checkType(inputs[i], argument.getType(), "input " + llvm::Twine(i)))
      return error;
    define(argument, inputs[i]);
  }
  ++depth;
  llvm::scope_exit leave([&] { --depth; });
  for (mlir::Operation &op : block) {
    Tensors operands;
    for (mlir::Value operand : op.getOperands()) {
      auto found = values.find(operand);
      if (found == values.end())
        return describe(&op, makeError("uses a value from outside its region"));
      operands.push_back(found->second);
      if (--uses[operand] == 0)
        values.erase(found);
    }
    if (llvm::isa<YieldOp, mlir::func::ReturnOp>(op))
      return operands;
    llvm::Expected<Tensors> results = evaluate(&op, operands);
    if (!results)
      return results;
    for (auto [value, tensor] : llvm::zip_equal(op.getResults(), *results))
      define(value, std::move(tensor));
  }
  return makeError("the body does not return");
}

} // namespace

bool canEvaluate(mlir::Operation *op) {
  return getTable().find(op) ||
         llvm::isa<ConstantOp, CheckEqualOp, CheckCloseOp, LayerOp, LaunchOp,
                   mlir::func::CallOp>(op);
}

llvm::Expected<Tensors> evaluateOperation(mlir::Operation *op,
                                          llvm::ArrayRef<Tensor> operands) {
  return Interpreter(nullptr).evaluate(op, operands);
}

llvm::Expected<Tensors> runFunction(mlir::func::FuncOp function,
                                    llvm::ArrayRef<Tensor> inputs,
                                    Observer observer) {
  llvm::Expected<Tensors> results =
      Interpreter(observer).runRegion(function.getBody(), inputs);
  if (!results)
    return makeError("in @" + function.getName() + ": " +
                     llvm::toString(results.takeError()));
  return results;
}

/// Whether an element has the bits that are expected; any NaN is a NaN.
static bool isSame(const Tensor &actual, const Tensor &expected, int64_t i) {
  if (!expected.isFloat())
    return actual.getInteger(i) == expected.getInteger(i);
  double a = actual.getDouble(i);
  double e = expected.getDouble(i);
  return (std::isnan(a) && std::isnan(e)) ||
         (a == e && std::signbit(a) == std::signbit(e));
}

static bool isClose(const Tensor &actual, const Tensor &expected, int64_t i,
                    double allowed) {
  double a = actual.getDouble(i);
  double e = expected.getDouble(i);
  // Infinities are close to themselves only, and their difference is NaN.
  return (std::isnan(a) && std::isnan(e)) || a == e ||
         (std::isfinite(e) && std::fabs(a - e) <= allowed);
}

llvm::Error compare(const Tensor &actual, const Tensor &expected,
                    double tolerance) {
  if (actual.getType() != expected.getType())
    return makeError("the actual tensor is " + typeToString(actual.getType()) +
                     ", the expected one " + typeToString(expected.getType()));
  double largest = 0;
  int64_t count = expected.getElementCount();
  if (tolerance > 0)
    for (int64_t i = 0; i < count; ++i) {
      double magnitude = std::fabs(expected.getDouble(i));
      if (std::isfinite(magnitude))
        largest = std::max(largest, magnitude);
    }
  double allowed = tolerance * largest;
  int64_t first = -1;
  int64_t differing = 0;
  for (int64_t i = 0; i < count; ++i)
    if (!(tolerance > 0 ? isClose(actual, expected, i, allowed)
                        : isSame(actual, expected, i))) {
      first = first < 0 ? i : first;
      ++differing;
    }
  if (first < 0)
    return llvm::Error::success();
  return makeError("element " + expected.indexToString(first) + " is " +
                   actual.elementToString(first) + ", expected " +
                   expected.elementToString(first) + " (" +
                   llvm::Twine(differing) + " of " + llvm::Twine(count) +
                   " elements differ)");
}

} // namespace shiftadd::ref
