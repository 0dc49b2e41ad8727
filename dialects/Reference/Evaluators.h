//===- Evaluators.h - What the op groups share ------------------*- C++ -*-===//
//
// Part of the shiftadd project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Inside the reference interpreter only: the table from op to code, and the
// index arithmetic that all groups need.
//
//===----------------------------------------------------------------------===//
#ifndef SHIFTADD_REFERENCE_EVALUATORS_H
#define SHIFTADD_REFERENCE_EVALUATORS_H

#include "dialects/Reference/Tensor.h"
#include "dialects/ShiftAdd/IR/ShiftAdd.h"

#include "llvm/ADT/DenseMap.h"
#include "llvm/ADT/STLExtras.h"

#include <array>
#include <functional>
#include <type_traits>

namespace shiftadd::ref {

using Tensors = llvm::SmallVector<Tensor>;
using Shape = llvm::SmallVector<int64_t>;

/// The code of every op that needs nothing but its operands.
class EvaluatorTable {
public:
  using Function = std::function<llvm::Expected<Tensors>(
      mlir::Operation *, llvm::ArrayRef<Tensor>)>;

  /// `evaluate` takes the op and its operands and returns the result or, of an
  /// op with several, all results.
  template <typename OpT, typename Evaluate> void add(Evaluate evaluate) {
    functions[mlir::TypeID::get<OpT>()] =
        [evaluate](mlir::Operation *op,
                   llvm::ArrayRef<Tensor> operands) -> llvm::Expected<Tensors> {
      auto result = evaluate(llvm::cast<OpT>(op), operands);
      if (!result)
        return result.takeError();
      if constexpr (std::is_same_v<decltype(result), llvm::Expected<Tensor>>)
        return Tensors{std::move(*result)};
      else
        return result;
    };
  }

  /// Null when the op is none of the table.
  const Function *find(mlir::Operation *op) const {
    auto found = functions.find(op->getName().getTypeID());
    return found == functions.end() ? nullptr : &found->second;
  }

private:
  llvm::DenseMap<mlir::TypeID, Function> functions;
};

void addAdderGraph(EvaluatorTable &table);
void addElementwise(EvaluatorTable &table);
void addMathematics(EvaluatorTable &table);
void addMovement(EvaluatorTable &table);
void addNetwork(EvaluatorTable &table);
void addNormalization(EvaluatorTable &table);
void addPooling(EvaluatorTable &table);
void addQuantized(EvaluatorTable &table);
void addTables(EvaluatorTable &table);
void addReduction(EvaluatorTable &table);

/// The element type that an op declares for a result.
inline mlir::Type resultElementType(mlir::Operation *op, unsigned index = 0) {
  return mlir::getElementTypeOrSelf(op->getResult(index).getType());
}

/// Row-major strides in elements.
inline Shape getStrides(llvm::ArrayRef<int64_t> shape) {
  Shape strides(shape.size());
  int64_t stride = 1;
  for (size_t d = shape.size(); d-- > 0; stride *= shape[d])
    strides[d] = stride;
  return strides;
}

/// Strides that read a tensor of `shape` under the (broadcast) shape `target`:
/// stretched dimensions stand still.
inline Shape getBroadcastStrides(llvm::ArrayRef<int64_t> shape,
                                 llvm::ArrayRef<int64_t> target) {
  Shape strides(target.size(), 0);
  Shape own = getStrides(shape);
  size_t lead = target.size() - shape.size();
  for (size_t d = 0; d < shape.size(); ++d)
    if (shape[d] != 1)
      strides[lead + d] = own[d];
  return strides;
}

/// The common shape to which shapes broadcast as in numpy.
llvm::Expected<Shape> broadcastShapes(llvm::ArrayRef<int64_t> lhs,
                                      llvm::ArrayRef<int64_t> rhs);
llvm::Expected<Shape> broadcastAll(llvm::ArrayRef<Tensor> tensors);

/// Calls visit(i, offsets) for the indices of `shape` in row-major order: i
/// counts them, offsets[k] is the position under strides[k].
template <size_t N, typename Visit>
void forEachIndex(llvm::ArrayRef<int64_t> shape,
                  const std::array<Shape, N> &strides, Visit visit) {
  if (llvm::is_contained(shape, 0))
    return;
  std::array<int64_t, N> offsets{};
  Shape index(shape.size(), 0);
  for (int64_t i = 0;; ++i) {
    visit(i, offsets);
    size_t d = shape.size();
    while (d > 0) {
      --d;
      for (size_t k = 0; k < N; ++k)
        offsets[k] += strides[k][d];
      if (++index[d] < shape[d])
        break;
      for (size_t k = 0; k < N; ++k)
        offsets[k] -= shape[d] * strides[k][d];
      index[d] = 0;
      if (d == 0)
        return;
    }
    if (shape.empty())
      return;
  }
}

/// An axis attribute as a dimension of `tensor`.
llvm::Expected<int64_t> checkAxis(int64_t axis, const Tensor &tensor);

/// The product of the dimensions from `begin` up to `end`.
inline int64_t product(llvm::ArrayRef<int64_t> shape, size_t begin,
                       size_t end) {
  int64_t result = 1;
  for (size_t d = begin; d < end; ++d)
    result *= shape[d];
  return result;
}

/// Range and step of a quantised element type. Scales and zero points have one
/// entry, or one per index of `axis`.
struct Quantization {
  llvm::SmallVector<double> scales;
  llvm::SmallVector<int64_t> zeroPoints;
  int64_t axis = -1;
  int64_t minimum = 0;
  int64_t maximum = 0;

  static std::optional<Quantization> get(mlir::Type elementType);
  /// The code of a real value by the rule of `quantize` (N51); NaN becomes the
  /// zero point.
  int64_t quantize(float value, size_t channel) const;
};

/// The one zero point of an activation, or 0 of a plain tensor. Fails on codes
/// with a zero point per channel.
llvm::Expected<int64_t> getScalarZeroPoint(mlir::Type elementType);

} // namespace shiftadd::ref

#endif // SHIFTADD_REFERENCE_EVALUATORS_H
