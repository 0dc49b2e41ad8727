//===- Reduction.cpp - From many elements to few --------------------------===//
//
// Part of the shiftadd project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
#include "dialects/Reference/Evaluators.h"

#include <cmath>
#include <limits>
#include <numeric>

namespace shiftadd::ref {

llvm::Expected<int64_t> checkAxis(int64_t axis, const Tensor &tensor) {
  if (axis < 0 || axis >= tensor.getRank())
    return makeError("axis " + llvm::Twine(axis) + " is outside the " +
                     llvm::Twine(tensor.getRank()) + " dimensions");
  return axis;
}

namespace {

/// The shapes of a reduction: `kept` has size 1 where a dimension is reduced,
/// `strides` lead from an input index to its place in the result.
struct ReductionShape {
  Shape kept;
  Shape result;
  Shape strides;
  int64_t terms = 1; ///< elements reduced into one

  static llvm::Expected<ReductionShape>
  get(const Tensor &input, llvm::ArrayRef<int64_t> axes, bool keepDims) {
    ReductionShape shape;
    llvm::SmallVector<bool> reduced(size_t(input.getRank()), false);
    for (int64_t axis : axes) {
      llvm::Expected<int64_t> checked = checkAxis(axis, input);
      if (!checked)
        return checked.takeError();
      reduced[size_t(axis)] = true;
    }
    for (auto [d, size] : llvm::enumerate(input.getShape())) {
      shape.kept.push_back(reduced[d] ? 1 : size);
      if (reduced[d])
        shape.terms *= size;
      if (!reduced[d] || keepDims)
        shape.result.push_back(shape.kept.back());
    }
    shape.strides = getStrides(shape.kept);
    for (size_t d = 0; d < reduced.size(); ++d)
      if (reduced[d])
        shape.strides[d] = 0;
    return shape;
  }
};

/// Folds every element into its accumulator: `start` is what an empty
/// reduction gives, `combine` adds one element, `finish` makes the result.
template <typename T, typename Load, typename Combine, typename Finish>
void fold(const Tensor &input, const ReductionShape &shape, Tensor &result,
          T start, Load load, Combine combine, Finish finish) {
  std::vector<T> accumulators(size_t(result.getElementCount()), start);
  forEachIndex<1>(input.getShape(), {shape.strides},
                  [&](int64_t i, const auto &offsets) {
                    T &accumulator = accumulators[size_t(offsets[0])];
                    accumulator = combine(accumulator, load(i));
                  });
  Writer writer(result);
  for (auto [i, accumulator] : llvm::enumerate(accumulators))
    finish(writer, int64_t(i), accumulator);
}

void finishFloat(const Writer &writer, int64_t i, double value) {
  writer.setDouble(i, value);
}
void finishInteger(const Writer &writer, int64_t i, uint64_t value) {
  writer.setInteger(i, int64_t(value));
}

/// A reduction of plain values; `evaluate` gets the shapes and the empty
/// result.
template <typename OpT, typename Evaluate>
void addArithmeticReduction(EvaluatorTable &table, Evaluate evaluate) {
  table.add<OpT>(
      [=](OpT op, llvm::ArrayRef<Tensor> operands) -> llvm::Expected<Tensor> {
        const Tensor &input = operands[0];
        if (input.isCoded())
          return makeError("is not defined on quantised tensors");
        llvm::Expected<ReductionShape> shape =
            ReductionShape::get(input, op.getAxes(), op.getKeepDims());
        if (!shape)
          return shape.takeError();
        llvm::Expected<Tensor> result =
            Tensor::create(resultElementType(op), shape->result);
        if (result)
          evaluate(input, *shape, *result);
        return result;
      });
}

void sum(const Tensor &input, const ReductionShape &shape, Tensor &result) {
  if (input.isFloat())
    fold(
        input, shape, result, 0.0,
        [&](int64_t i) { return input.getDouble(i); },
        [](double a, double b) { return a + b; }, finishFloat);
  else
    fold(
        input, shape, result, uint64_t(0),
        [&](int64_t i) { return input.getUnsigned(i); },
        [](uint64_t a, uint64_t b) { return a + b; }, finishInteger);
}

void multiply(const Tensor &input, const ReductionShape &shape,
              Tensor &result) {
  if (input.isFloat())
    fold(
        input, shape, result, 1.0,
        [&](int64_t i) { return input.getDouble(i); },
        [](double a, double b) { return a * b; }, finishFloat);
  else
    fold(
        input, shape, result, uint64_t(1),
        [&](int64_t i) { return input.getUnsigned(i); },
        [](uint64_t a, uint64_t b) { return a * b; }, finishInteger);
}

void average(const Tensor &input, const ReductionShape &shape, Tensor &result) {
  if (input.isFloat())
    return fold(
        input, shape, result, 0.0,
        [&](int64_t i) { return input.getDouble(i); },
        [](double a, double b) { return a + b; },
        [&](const Writer &writer, int64_t i, double value) {
          writer.setDouble(i, value / double(shape.terms));
        });
  // The sum itself may need more bits than the elements have.
  fold(
      input, shape, result, __int128(0),
      [&](int64_t i) {
        return input.isUnsigned() ? __int128(input.getUnsigned(i))
                                  : __int128(input.getInteger(i));
      },
      [](__int128 a, __int128 b) { return a + b; },
      [&](const Writer &writer, int64_t i, __int128 value) {
        writer.setInteger(i, shape.terms ? int64_t(value / shape.terms) : 0);
      });
}

/// The lowest (sign -1) or highest (sign 1) value of an integer kind or range
/// of codes.
int64_t integerLimit(const Tensor &tensor, bool highest) {
  if (auto quantization = Quantization::get(tensor.getElementType()))
    return highest ? quantization->maximum : quantization->minimum;
  unsigned bits = tensor.getKind() == ElementKind::Bool
                      ? 1
                      : 8 * getByteWidth(tensor.getKind());
  if (tensor.isUnsigned())
    return highest ? int64_t(llvm::maxUIntN(bits)) : 0;
  return highest ? llvm::maxIntN(bits) : llvm::minIntN(bits);
}

template <typename OpT> void addExtremum(EvaluatorTable &table, bool highest) {
  table.add<OpT>(
      [=](OpT op, llvm::ArrayRef<Tensor> operands) -> llvm::Expected<Tensor> {
        const Tensor &input = operands[0];
        if (llvm::isa<PowerOfTwoType>(input.getElementType()))
          return makeError("is not defined on codes of powers of two");
        llvm::Expected<ReductionShape> shape =
            ReductionShape::get(input, op.getAxes(), op.getKeepDims());
        if (!shape)
          return shape.takeError();
        llvm::Expected<Tensor> result =
            Tensor::create(resultElementType(op), shape->result);
        if (!result)
          return result;
        auto select = [=](auto a, auto b) {
          if (a != a || b != b) // NaN
            return a != a ? a : b;
          return (highest ? a < b : b < a) ? b : a;
        };
        if (input.isFloat()) {
          double infinity = std::numeric_limits<double>::infinity();
          fold(
              input, *shape, *result, highest ? -infinity : infinity,
              [&](int64_t i) { return input.getDouble(i); }, select,
              finishFloat);
        } else if (input.isUnsigned()) {
          fold(
              input, *shape, *result, uint64_t(integerLimit(input, !highest)),
              [&](int64_t i) { return input.getUnsigned(i); }, select,
              finishInteger);
        } else {
          fold(
              input, *shape, *result, integerLimit(input, !highest),
              [&](int64_t i) { return input.getInteger(i); }, select,
              finishInteger);
        }
        return result;
      });
}

/// Whether element a of the tensor is less than element b; NaN is above all,
/// so that the order is total.
bool isLess(const Tensor &tensor, int64_t a, int64_t b) {
  if (tensor.isFloat()) {
    double x = tensor.getDouble(a);
    double y = tensor.getDouble(b);
    return std::isnan(y) ? !std::isnan(x) : x < y;
  }
  if (tensor.isUnsigned())
    return tensor.getUnsigned(a) < tensor.getUnsigned(b);
  return tensor.getInteger(a) < tensor.getInteger(b);
}

/// The tensor as [outer, size, inner] around an axis.
struct AxisView {
  int64_t outer = 1;
  int64_t size = 1;
  int64_t inner = 1;

  static llvm::Expected<AxisView> get(const Tensor &tensor, uint64_t axis) {
    llvm::Expected<int64_t> checked = checkAxis(int64_t(axis), tensor);
    if (!checked)
      return checked.takeError();
    return AxisView{
        product(tensor.getShape(), 0, axis), tensor.getDimension(*checked),
        product(tensor.getShape(), axis + 1, size_t(tensor.getRank()))};
  }
  int64_t index(int64_t o, int64_t k, int64_t i) const {
    return (o * size + k) * inner + i;
  }
};

template <typename OpT>
llvm::Expected<Tensor> argument(OpT op, llvm::ArrayRef<Tensor> operands,
                                bool highest) {
  const Tensor &input = operands[0];
  if (llvm::isa<PowerOfTwoType>(input.getElementType()))
    return makeError("is not defined on codes of powers of two");
  llvm::Expected<AxisView> view = AxisView::get(input, op.getAxis());
  if (!view)
    return view.takeError();
  Shape shape(input.getShape());
  shape[op.getAxis()] = 1;
  if (!op.getKeepDims())
    shape.erase(shape.begin() + ptrdiff_t(op.getAxis()));
  llvm::Expected<Tensor> result = Tensor::create(resultElementType(op), shape);
  if (!result)
    return result;
  if (view->size == 0 && result->getElementCount() > 0)
    return makeError("an empty axis has no extremum");
  Writer writer(*result);
  bool last = op.getSelectLastIndex();
  for (int64_t o = 0; o < view->outer; ++o)
    for (int64_t i = 0; i < view->inner; ++i) {
      int64_t best = 0;
      for (int64_t k = 1; k < view->size; ++k) {
        int64_t a = view->index(o, best, i);
        int64_t b = view->index(o, k, i);
        bool better = highest ? isLess(input, a, b) : isLess(input, b, a);
        bool worse = highest ? isLess(input, b, a) : isLess(input, a, b);
        if (better || (last && !worse))
          best = k;
      }
      writer.setInteger(o * view->inner + i, best);
    }
  return result;
}

llvm::Expected<Tensors> topK(TopKOp op, llvm::ArrayRef<Tensor> operands) {
  const Tensor &input = operands[0];
  if (llvm::isa<PowerOfTwoType>(input.getElementType()))
    return makeError("is not defined on codes of powers of two");
  llvm::Expected<AxisView> view = AxisView::get(input, op.getAxis());
  if (!view)
    return view.takeError();
  auto k = int64_t(op.getK());
  if (k < 0 || k > view->size)
    return makeError("k is " + llvm::Twine(k) + ", the axis has " +
                     llvm::Twine(view->size) + " elements");
  Shape shape(input.getShape());
  shape[op.getAxis()] = k;
  llvm::Expected<Tensor> values = Tensor::create(resultElementType(op), shape);
  if (!values)
    return values.takeError();
  llvm::Expected<Tensor> indices =
      Tensor::create(resultElementType(op, 1), shape);
  if (!indices)
    return indices.takeError();
  if (values->getKind() != input.getKind())
    return makeError("the result differs in element type");
  unsigned width = getByteWidth(input.getKind());
  char *to = values->getMutableBytes().data();
  Writer writer(*indices);
  bool largest = op.getLargest();
  std::vector<int64_t> order(size_t(view->size));
  for (int64_t o = 0; o < view->outer; ++o)
    for (int64_t i = 0; i < view->inner; ++i) {
      std::iota(order.begin(), order.end(), 0);
      std::stable_sort(order.begin(), order.end(), [&](int64_t a, int64_t b) {
        int64_t x = view->index(o, a, i);
        int64_t y = view->index(o, b, i);
        return largest ? isLess(input, y, x) : isLess(input, x, y);
      });
      for (int64_t j = 0; j < k; ++j) {
        int64_t target = (o * k + j) * view->inner + i;
        int64_t source = view->index(o, order[size_t(j)], i);
        std::memcpy(to + target * width,
                    input.getBytes().data() + source * width, width);
        writer.setInteger(target, order[size_t(j)]);
      }
    }
  return Tensors{*values, *indices};
}

template <typename OpT>
llvm::Expected<Tensor> softmax(OpT op, llvm::ArrayRef<Tensor> operands,
                               bool logarithm) {
  const Tensor &input = operands[0];
  if (!input.isFloat())
    return makeError("is defined on floating point tensors only");
  llvm::Expected<AxisView> view = AxisView::get(input, op.getAxis());
  if (!view)
    return view.takeError();
  llvm::Expected<Tensor> result =
      Tensor::create(resultElementType(op), input.getShape());
  if (!result)
    return result;
  Writer writer(*result);
  for (int64_t o = 0; o < view->outer; ++o)
    for (int64_t i = 0; i < view->inner; ++i) {
      double highest = -std::numeric_limits<double>::infinity();
      for (int64_t k = 0; k < view->size; ++k)
        highest = std::max(highest, input.getDouble(view->index(o, k, i)));
      double total = 0;
      for (int64_t k = 0; k < view->size; ++k)
        total += std::exp(input.getDouble(view->index(o, k, i)) - highest);
      for (int64_t k = 0; k < view->size; ++k) {
        int64_t at = view->index(o, k, i);
        double shifted = input.getDouble(at) - highest;
        writer.setDouble(at, logarithm ? shifted - std::log(total)
                                       : std::exp(shifted) / total);
      }
    }
  return result;
}

} // namespace

void addReduction(EvaluatorTable &table) {
  addArithmeticReduction<ReduceSumOp>(table, sum);
  addArithmeticReduction<ReduceMeanOp>(table, average);
  addArithmeticReduction<ReduceProdOp>(table, multiply);
  addExtremum<ReduceMaxOp>(table, /*highest=*/true);
  addExtremum<ReduceMinOp>(table, /*highest=*/false);
  table.add<ArgMaxOp>([](ArgMaxOp op, llvm::ArrayRef<Tensor> operands) {
    return argument(op, operands, /*highest=*/true);
  });
  table.add<ArgMinOp>([](ArgMinOp op, llvm::ArrayRef<Tensor> operands) {
    return argument(op, operands, /*highest=*/false);
  });
  table.add<TopKOp>(topK);
  table.add<SoftmaxOp>([](SoftmaxOp op, llvm::ArrayRef<Tensor> operands) {
    return softmax(op, operands, /*logarithm=*/false);
  });
  table.add<LogSoftmaxOp>([](LogSoftmaxOp op, llvm::ArrayRef<Tensor> operands) {
    return softmax(op, operands, /*logarithm=*/true);
  });
}

} // namespace shiftadd::ref
