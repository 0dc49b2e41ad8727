//===- NodeImporter.h - What a handler works with ---------------*- C++ -*-===//
//
// Part of the shiftadd project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// One node under import: typed access to its attributes and operands,
// shorthands that build ops, and a place for results and errors. The shorthands
// pass a null value on, so that a handler states its arithmetic in one go and
// the first error is the one reported.
//
//===----------------------------------------------------------------------===//
#ifndef SHIFTADD_FRONTEND_ONNX_NODEIMPORTER_H
#define SHIFTADD_FRONTEND_ONNX_NODEIMPORTER_H

#include "dialects/Reference/Tensor.h"
#include "dialects/ShiftAdd/IR/Build.h"
#include "dialects/ShiftAdd/IR/ShiftAdd.h"
#include "frontend/Onnx/Model.h"

#include "mlir/IR/Builders.h"
#include "llvm/ADT/SmallVector.h"

#include <optional>
#include <string>

namespace shiftadd::onnx_import {

using Shape = llvm::SmallVector<int64_t>;

/// The builtin type of an ONNX element type; null for those out of scope.
mlir::Type toElementType(mlir::MLIRContext *context, int32_t type);
/// The inverse; kUndefined for types that ONNX does not have.
int32_t toDataType(mlir::Type elementType);

/// An integer of a shape computation: a number or the size of the free batch.
struct ShapeNumber {
  int64_t value = 0;
  bool isBatch = false;

  bool operator==(const ShapeNumber &other) const = default;
};

/// An integer tensor of at most one dimension that contains the free batch: it
/// has no value in the IR but decides shapes.
struct BatchNumbers {
  bool isScalar = false;
  llvm::SmallVector<ShapeNumber> elements;
};

/// What a name of the graph stands for: a value, a constant that no op needed
/// yet, or numbers that depend on the free batch.
struct Symbol {
  mlir::Value value;
  std::optional<TensorData> data;
  std::optional<BatchNumbers> batch;
  /// Defined by a node that could not be imported.
  bool isMissing = false;

  bool isConstant() const;
};

/// An operand of an op that may be absent.
struct OptionalValue {
  mlir::Value value;

  operator mlir::Value() const { return value; }
};

class NodeImporter {
public:
  NodeImporter(const Node &node, mlir::OpBuilder &builder,
               mlir::Location location, llvm::ArrayRef<Symbol *> operands)
      : node(node), builder(builder), location(location), operands(operands),
        results(node.outputs.size()) {}

  const Node &node;
  mlir::OpBuilder &builder;
  mlir::Location location;

  /// Version of the node's operator set.
  int64_t version() const { return node.version; }

  // Attributes. One of the wrong kind is an error of the model.
  bool hasAttribute(llvm::StringRef name) const;
  int64_t getInt(llvm::StringRef name, int64_t otherwise);
  double getFloat(llvm::StringRef name, double otherwise);
  std::string getString(llvm::StringRef name, llvm::StringRef otherwise);
  Shape getInts(llvm::StringRef name);
  llvm::SmallVector<float> getFloats(llvm::StringRef name);

  // Operands.
  size_t inputCount() const { return operands.size(); }
  bool hasInput(size_t index) const {
    return index < operands.size() && operands[index];
  }
  bool hasOutput(size_t index) const {
    return index < node.outputs.size() && !node.outputs[index].empty();
  }
  /// Fails when a required operand is absent or has no value in the IR.
  bool requireInputs(size_t count);
  /// The operand's shape; unlike the operand itself it costs no constant op.
  Shape inputShape(size_t index);
  /// The operand with plain elements: codes of quantised tensors become the
  /// integers that store them. Null when absent.
  mlir::Value input(size_t index);
  /// The operand as it is.
  mlir::Value codedInput(size_t index);
  /// The operand of an op that moves elements: coded where one scale holds for
  /// all of them.
  mlir::Value movedInput(size_t index = 0);
  bool isConstant(size_t index) const {
    return hasInput(index) && operands[index]->isConstant();
  }
  /// The content of a constant operand, nothing when it is no constant.
  std::optional<ref::Tensor> constant(size_t index);
  /// The elements of an operand that decides a shape or an axis; an error that
  /// tells the user how to fix it when it is no constant.
  std::optional<Shape> constantInts(size_t index, llvm::StringRef what);
  std::optional<double> constantFloat(size_t index, llvm::StringRef what);
  /// Numbers that depend on the free batch, or a constant read as such.
  std::optional<BatchNumbers> batchNumbers(size_t index);
  bool dependsOnBatch(size_t index) const {
    return hasInput(index) && operands[index]->batch;
  }

  // Types of values; harmless on null values.
  static mlir::Type elementType(mlir::Value value);
  static Shape shapeOf(mlir::Value value);
  static int64_t rank(mlir::Value value) { return shapeOf(value).size(); }
  static bool isFloat(mlir::Value value);
  static bool isNarrowFloat(mlir::Value value); ///< f16 or bf16
  static bool isUnsigned(mlir::Value value);
  static bool isBool(mlir::Value value);
  /// An axis counted from the end when negative; an error when outside.
  std::optional<int64_t> normalizeAxis(int64_t axis, int64_t rank);
  /// Sorted axes without repeats.
  std::optional<Shape> normalizeAxes(llvm::ArrayRef<int64_t> axes,
                                     int64_t rank);

  // Building.
  template <typename OpTy, typename... Args>
  mlir::Value make(mlir::Type element, const Args &...arguments) {
    if (failed || (isNull(arguments) || ...))
      return {};
    auto op = buildInferred<OpTy>(builder, location, element,
                                  toArgument(arguments)...);
    if (!op) {
      failed = true;
      return {};
    }
    return op->getResult(0);
  }
  template <typename OpTy, typename... Args>
  mlir::Operation *makePair(mlir::Type first, mlir::Type second,
                            const Args &...arguments) {
    if (failed || (isNull(arguments) || ...))
      return nullptr;
    auto op = buildInferredPair<OpTy>(builder, location, first, second,
                                      toArgument(arguments)...);
    failed |= !op;
    return op ? op.getOperation() : nullptr;
  }
  template <typename OpTy> mlir::Value unary(mlir::Value x) {
    return make<OpTy>(elementType(x), x);
  }
  template <typename OpTy> mlir::Value binary(mlir::Value a, mlir::Value b) {
    return make<OpTy>(elementType(a), a, b);
  }
  mlir::Value add(mlir::Value a, mlir::Value b) { return binary<AddOp>(a, b); }
  mlir::Value sub(mlir::Value a, mlir::Value b) { return binary<SubOp>(a, b); }
  mlir::Value mul(mlir::Value a, mlir::Value b) { return binary<MulOp>(a, b); }
  mlir::Value div(mlir::Value a, mlir::Value b) { return binary<DivOp>(a, b); }
  mlir::Value cast(mlir::Value x, mlir::Type element);
  mlir::Value transpose(mlir::Value x, llvm::ArrayRef<int64_t> permutation);
  /// `shape` may begin with ShapedType::kDynamic for the free batch.
  mlir::Value reshape(mlir::Value x, llvm::ArrayRef<int64_t> shape);
  mlir::Value slice(mlir::Value x, int64_t axis, int64_t start, int64_t size);
  mlir::Value gather(mlir::Value x, llvm::ArrayRef<int64_t> indices,
                     int64_t axis);
  mlir::Value clamp(mlir::Value x, std::optional<double> minimum,
                    std::optional<double> maximum);
  template <typename OpTy>
  mlir::Value reduce(mlir::Value x, llvm::ArrayRef<int64_t> axes,
                     bool keepDims) {
    return make<OpTy>(elementType(x), x, axes, builder.getBoolAttr(keepDims));
  }
  /// A constant without dimensions.
  mlir::Value scalar(mlir::Type element, double value);
  mlir::Value splat(mlir::Type element, llvm::ArrayRef<int64_t> shape,
                    double value);
  mlir::Value ints(llvm::ArrayRef<int64_t> values);
  mlir::Value constant(mlir::RankedTensorType type, llvm::ArrayRef<char> bytes,
                       llvm::StringRef name);
  mlir::Value constant(const ref::Tensor &tensor, llvm::StringRef name);
  /// A vector reshaped so that it runs along `axis` of a tensor of `rank`.
  mlir::Value alongAxis(mlir::Value vector, int64_t axis, int64_t rank);

  /// The operand with its dimensions permuted. Constants are permuted at once,
  /// also below a dequantisation.
  mlir::Value permuted(mlir::Value x, llvm::ArrayRef<int64_t> permutation);
  mlir::Value permutedInput(size_t index, llvm::ArrayRef<int64_t> permutation);
  /// [N, C, spatial...] to [N, spatial..., C] and back.
  mlir::Value toChannelsLast(mlir::Value x);
  mlir::Value toChannelsFirst(mlir::Value x);

  // Results.
  bool set(size_t index, mlir::Value value);
  bool set(size_t index, BatchNumbers numbers);

  // Errors; all return false and only the first one counts.
  bool invalid(const llvm::Twine &message);
  bool unsupported(const llvm::Twine &message);
  /// The operand would have to be constant.
  bool needsConstant(size_t index, llvm::StringRef what);

  struct Problem {
    bool isUnsupported = false;
    std::string message;
    std::vector<std::string> inputsToFix;
  };
  std::optional<Problem> problem;
  bool failed = false;

  llvm::ArrayRef<Symbol> getResults() const { return results; }
  llvm::MutableArrayRef<Symbol> getResults() { return results; }

private:
  static bool isNull(mlir::Value value) { return !value; }
  template <typename T> static bool isNull(const T &) { return false; }
  /// Attributes are given as such, lists of numbers as lists.
  mlir::DenseI64ArrayAttr toArgument(llvm::ArrayRef<int64_t> list) {
    return builder.getDenseI64ArrayAttr(list);
  }
  template <typename T> const T &toArgument(const T &argument) {
    return argument;
  }
  const Attribute *find(llvm::StringRef name) const;
  template <typename T>
  const T *getAttribute(llvm::StringRef name, llvm::StringRef kind);
  mlir::Value materialize(Symbol &symbol);

  llvm::SmallVector<Symbol *> operands;
  llvm::SmallVector<Symbol> results;
};

/// The names of the function arguments that a value depends on.
std::vector<std::string> findSources(mlir::Value value);

} // namespace shiftadd::onnx_import

#endif // SHIFTADD_FRONTEND_ONNX_NODEIMPORTER_H
