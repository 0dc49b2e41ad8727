//===- FloatOps.cpp - Loops for common float ops ----------------*- C++ -*-===//
//
// Part of the shiftadd project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// The reference interpreter knows every op but takes its time for each element.
// These loops do the same for what fills most of a network; sums are formed in
// double, as there.
//
//===----------------------------------------------------------------------===//
#include "passes/Calibration/FloatOps.h"

#include "dialects/Reference/SlidingWindow.h"
#include "passes/Calibration/LayerGroup.h"

#include <array>
#include <cmath>
#include <cstring>
#include <limits>

namespace shiftadd::calibration {

namespace {

/// The shape of an op's result for one sample.
llvm::SmallVector<int64_t> getSampleShape(mlir::Operation *op) {
  llvm::SmallVector<int64_t> shape(tensorType(op->getResult(0)).getShape());
  for (int64_t &size : shape)
    if (mlir::ShapedType::isDynamic(size))
      size = 1;
  return shape;
}

llvm::Expected<Batch> createResult(mlir::Operation *op, int64_t count) {
  return Batch::create(tensorType(op->getResult(0)).getElementType(),
                       getSampleShape(op), count);
}

Batch none() { return Batch(); }

template <typename Function>
llvm::Expected<Batch> mapElements(mlir::Operation *op, const Batch &input,
                                  Function function) {
  auto result = createResult(op, input.getCount());
  if (!result)
    return result;
  int64_t size = input.getSampleSize();
  forEachSample(op->getContext(), input.getCount(), [&](int64_t sample) {
    const float *x = input.floats().data() + sample * size;
    float *y = result->mutableFloats().data() + sample * size;
    for (int64_t i = 0; i < size; ++i)
      y[i] = function(x[i]);
  });
  return result;
}

llvm::Expected<Batch> clamp(ClampOp op, const Batch &input) {
  float low = op.getMinimum() ? float(op.getMinimum()->convertToDouble())
                              : -std::numeric_limits<float>::infinity();
  float high = op.getMaximum() ? float(op.getMaximum()->convertToDouble())
                               : std::numeric_limits<float>::infinity();
  return mapElements(op, input, [=](float x) {
    x = x < low ? low : x;
    return x > high ? high : x;
  });
}

/// Operands of one shape, or one that repeats along the trailing dimensions.
template <typename Function>
llvm::Expected<Batch> combine(mlir::Operation *op,
                              llvm::ArrayRef<Batch> operands,
                              Function function) {
  int64_t size = 1, count = 1;
  for (int64_t dimension : getSampleShape(op))
    size *= dimension;
  std::array<int64_t, 2> period, stride;
  for (size_t i = 0; i < 2; ++i) {
    const Batch &operand = operands[i];
    llvm::ArrayRef<int64_t> shape = operand.getShape();
    llvm::SmallVector<int64_t> full = getSampleShape(op);
    // Leading dimensions of 1 repeat like absent ones.
    while (!shape.empty() && shape.front() == 1)
      shape = shape.drop_front();
    if (shape.size() > full.size() ||
        !std::equal(shape.begin(), shape.end(), full.end() - shape.size()))
      return none();
    period[i] = operand.getSampleSize();
    stride[i] = operand.isShared() ? 0 : operand.getSampleSize();
    if (!operand.isShared())
      count = operand.getCount();
  }
  if (period[0] == 0 || period[1] == 0)
    return none();
  auto result = createResult(op, count);
  if (!result)
    return result;
  forEachSample(op->getContext(), count, [&](int64_t sample) {
    const float *a = operands[0].floats().data() + sample * stride[0];
    const float *b = operands[1].floats().data() + sample * stride[1];
    float *y = result->mutableFloats().data() + sample * size;
    if (period[0] == size && period[1] == size) {
      for (int64_t i = 0; i < size; ++i)
        y[i] = function(a[i], b[i]);
      return;
    }
    for (int64_t i = 0; i < size; ++i)
      y[i] = function(a[i % period[0]], b[i % period[1]]);
  });
  return result;
}

llvm::Expected<Batch> transpose(TransposeOp op, const Batch &input) {
  auto result = createResult(op, input.getCount());
  if (!result)
    return result;
  llvm::ArrayRef<int64_t> permutation = op.getPermutation();
  llvm::SmallVector<int64_t> shape(result->getShape());
  auto rank = shape.size();
  llvm::SmallVector<int64_t> strides(rank, 1), steps(rank);
  for (size_t d = rank; d-- > 1;)
    strides[d - 1] = strides[d] * input.getShape()[d];
  for (size_t d = 0; d < rank; ++d)
    steps[d] = strides[permutation[d]];
  int64_t size = input.getSampleSize();
  if (rank == 0 || size == 0)
    return none();
  forEachSample(op->getContext(), input.getCount(), [&](int64_t sample) {
    const float *x = input.floats().data() + sample * size;
    float *y = result->mutableFloats().data() + sample * size;
    llvm::SmallVector<int64_t> index(rank, 0);
    int64_t row = shape[rank - 1], step = steps[rank - 1];
    for (int64_t i = 0, from = 0; i < size; i += row) {
      for (int64_t j = 0; j < row; ++j)
        y[i + j] = x[from + j * step];
      for (size_t d = rank - 1; d-- > 0;) {
        from += steps[d];
        if (++index[d] < shape[d])
          break;
        from -= steps[d] * shape[d];
        index[d] = 0;
      }
    }
  });
  return result;
}

llvm::Expected<Batch> pad(PadOp op, const Batch &input) {
  auto rank = input.getShape().size();
  if (op.getMode() != PadMode::Constant || rank == 0 ||
      llvm::any_of(op.getLow(), [](int64_t low) { return low < 0; }) ||
      llvm::any_of(op.getHigh(), [](int64_t high) { return high < 0; }))
    return none();
  auto result = createResult(op, input.getCount());
  if (!result)
    return result;
  auto value = float(op.getValue().convertToDouble());
  llvm::ArrayRef<int64_t> from = input.getShape(), to = result->getShape();
  llvm::SmallVector<int64_t> strides(rank, 1);
  for (size_t d = rank; d-- > 1;)
    strides[d - 1] = strides[d] * to[d];
  int64_t size = input.getSampleSize();
  forEachSample(op->getContext(), input.getCount(), [&](int64_t sample) {
    const float *x = input.floats().data() + sample * size;
    float *y =
        result->mutableFloats().data() + sample * result->getSampleSize();
    std::fill_n(y, result->getSampleSize(), value);
    int64_t row = from[rank - 1];
    llvm::SmallVector<int64_t> index(rank, 0);
    for (int64_t i = 0; i < size; i += row) {
      int64_t offset = 0;
      for (size_t d = 0; d < rank; ++d)
        offset += (index[d] + op.getLow()[d]) * strides[d];
      std::copy_n(x + i, row, y + offset);
      for (size_t d = rank - 1; d-- > 0;) {
        if (++index[d] < from[d])
          break;
        index[d] = 0;
      }
    }
  });
  return result;
}

llvm::Expected<Batch> concat(ConcatOp op, llvm::ArrayRef<Batch> operands) {
  int64_t count = 1;
  for (const Batch &operand : operands)
    if (!operand.isShared())
      count = operand.getCount();
  auto result = createResult(op, count);
  if (!result)
    return result;
  auto axis = size_t(op.getAxis());
  auto inner = [&](const Batch &batch) {
    int64_t size = 1;
    for (int64_t dimension : batch.getShape().drop_front(axis))
      size *= dimension;
    return size;
  };
  int64_t row = inner(*result);
  if (row == 0)
    return none();
  int64_t rows = result->getSampleSize() / row;
  forEachSample(op->getContext(), count, [&](int64_t sample) {
    float *y =
        result->mutableFloats().data() + sample * result->getSampleSize();
    for (const Batch &operand : operands) {
      int64_t part = inner(operand);
      const float *x =
          operand.floats().data() +
          (operand.isShared() ? 0 : sample * operand.getSampleSize());
      for (int64_t i = 0; i < rows; ++i)
        std::copy_n(x + i * part, part, y + i * row);
      y += part;
    }
  });
  return result;
}

/// A mean over neighbouring dimensions in front of the last one.
llvm::Expected<Batch> mean(ReduceMeanOp op, const Batch &input) {
  llvm::ArrayRef<int64_t> axes = op.getAxes();
  llvm::ArrayRef<int64_t> shape = input.getShape();
  if (axes.empty() || axes.back() + 1 >= int64_t(shape.size()))
    return none();
  for (size_t i = 1; i < axes.size(); ++i)
    if (axes[i] != axes[i - 1] + 1)
      return none();
  auto result = createResult(op, input.getCount());
  if (!result)
    return result;
  int64_t outer = 1, reduced = 1, inner = 1;
  for (auto [d, size] : llvm::enumerate(shape))
    (int64_t(d) < axes.front()  ? outer
     : int64_t(d) > axes.back() ? inner
                                : reduced) *= size;
  forEachSample(op->getContext(), input.getCount(), [&](int64_t sample) {
    const float *x = input.floats().data() + sample * input.getSampleSize();
    float *y =
        result->mutableFloats().data() + sample * result->getSampleSize();
    std::vector<double> sums(size_t(inner), 0.0);
    for (int64_t o = 0; o < outer; ++o) {
      std::fill(sums.begin(), sums.end(), 0.0);
      for (int64_t r = 0; r < reduced; ++r)
        for (int64_t i = 0; i < inner; ++i)
          sums[size_t(i)] += *x++;
      for (int64_t i = 0; i < inner; ++i)
        *y++ = float(sums[size_t(i)] / double(reduced));
    }
  });
  return result;
}

template <typename OpTy>
llvm::Expected<Batch> pool(OpTy op, const Batch &input) {
  if (input.getShape().size() < 3 || input.getShape().size() > 5)
    return none();
  if constexpr (std::is_same_v<OpTy, AvgPoolOp>)
    if (llvm::any_of(op.getPadding(), [](int64_t amount) { return amount; }))
      return none();
  auto result = createResult(op, input.getCount());
  if (!result)
    return result;
  auto window =
      ref::Window::get(input.getShape(), op.getKernel(), op.getStrides(),
                       op.getPadding(), op.getDilations());
  if (!window)
    return window.takeError();
  int64_t channels = window->channels;
  forEachSample(op->getContext(), input.getCount(), [&](int64_t sample) {
    const float *x = input.floats().data() + sample * input.getSampleSize();
    float *y =
        result->mutableFloats().data() + sample * result->getSampleSize();
    std::vector<double> sums(size_t(channels), 0.0);
    window->forEachPixel(
        [&](int64_t position, const std::vector<int64_t> &inside) {
          float *to = y + position * channels;
          if constexpr (std::is_same_v<OpTy, AvgPoolOp>) {
            std::fill(sums.begin(), sums.end(), 0.0);
            for (int64_t pixel : inside)
              for (int64_t c = 0; c < channels; ++c)
                sums[size_t(c)] += x[pixel * channels + c];
            for (int64_t c = 0; c < channels; ++c)
              to[c] = float(sums[size_t(c)] / double(inside.size()));
          } else {
            std::fill_n(to, channels, -std::numeric_limits<float>::infinity());
            for (int64_t pixel : inside)
              for (int64_t c = 0; c < channels; ++c)
                to[c] = std::max(to[c], x[pixel * channels + c]);
          }
        });
  });
  return result;
}

/// A layer with the same weights for all samples.
llvm::Expected<Batch> layer(mlir::Operation *op,
                            llvm::ArrayRef<Batch> operands) {
  if (operands[0].isShared() || !operands[1].isShared() ||
      (operands.size() > 2 && !operands[2].isShared()))
    return none();
  auto result = createResult(op, operands[0].getCount());
  if (!result)
    return result;
  LayerGroup group;
  group.layer = op;
  ConvolutionShape shape =
      group.getShape(operands[0].getShape(), operands[0].getCount());
  std::string error;
  ConvolutionAddends addends;
  if (operands.size() > 2)
    addends.bias = operands[2].floats().data();
  // The interpreter says better what is wrong with a shape.
  if (!shape.verify(error))
    return none();
  unsigned threads = op->getContext()->getNumThreads();
  auto run = group.isAdder() ? convolveAdder : convolve;
  if (!run(shape, operands[0].floats().data(), operands[1].floats().data(),
           addends, result->mutableFloats().data(), threads, error))
    return ref::makeError(error);
  return result;
}

} // namespace

llvm::Expected<Batch> evaluateFloat(mlir::Operation *op,
                                    llvm::ArrayRef<Batch> operands) {
  if (op->getNumResults() != 1 ||
      !tensorType(op->getResult(0)).getElementType().isF32() ||
      !llvm::all_of(operands,
                    [](const Batch &operand) { return operand.isFloat(); }))
    return none();
  return llvm::TypeSwitch<mlir::Operation *, llvm::Expected<Batch>>(op)
      .Case([&](ClampOp op) { return clamp(op, operands[0]); })
      .Case([&](ReluOp op) {
        return mapElements(op, operands[0],
                           [](float x) { return x < 0 ? 0.0f : x; });
      })
      .Case([&](AddOp op) {
        return combine(op, operands, [](float a, float b) { return a + b; });
      })
      .Case([&](SubOp op) {
        return combine(op, operands, [](float a, float b) { return a - b; });
      })
      .Case([&](MulOp op) {
        return combine(op, operands, [](float a, float b) { return a * b; });
      })
      .Case([&](ReshapeOp op) -> llvm::Expected<Batch> {
        return operands[0].withShape(getSampleShape(op));
      })
      .Case([&](TransposeOp op) { return transpose(op, operands[0]); })
      .Case([&](PadOp op) { return pad(op, operands[0]); })
      .Case([&](ConcatOp op) { return concat(op, operands); })
      .Case([&](ReduceMeanOp op) { return mean(op, operands[0]); })
      .Case<ConvOp, DenseOp, AdderConvOp, AdderDenseOp>(
          [&](mlir::Operation *op) { return layer(op, operands); })
      .Case([&](MaxPoolOp op) { return pool(op, operands[0]); })
      .Case([&](AvgPoolOp op) { return pool(op, operands[0]); })
      .Default(
          [](mlir::Operation *) -> llvm::Expected<Batch> { return Batch(); });
}

} // namespace shiftadd::calibration
