//===- Pooling.cpp - One value per window and channel ---------------------===//
//
// Part of the shiftadd project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
#include "dialects/Reference/ElementAccess.h"
#include "dialects/Reference/SlidingWindow.h"

#include <limits>

namespace shiftadd::ref {

namespace {

template <typename OpT>
llvm::Expected<Window> getWindow(OpT op, const Tensor &input) {
  if (llvm::isa<PowerOfTwoType>(input.getElementType()))
    return makeError("is not defined on codes of powers of two");
  return Window::get(input.getShape(), op.getKernel(), op.getStrides(),
                     op.getPadding(), op.getDilations());
}

/// The first largest element of one channel of a window, -1 when all of it is
/// padding; the first NaN is larger than all.
template <typename T>
int64_t findLargest(const Tensor &input, llvm::ArrayRef<int64_t> inside,
                    int64_t channel, int64_t channels) {
  int64_t best = -1;
  T largest{};
  for (int64_t pixel : inside) {
    int64_t at = pixel * channels + channel;
    T value = load<T>(input, at);
    if (best >= 0 && (isNan(largest) || !(isNan(value) || value > largest)))
      continue;
    best = at;
    largest = value;
  }
  return best;
}

/// Calls visit(result index, input index or -1) for every maximum.
template <typename Visit>
void forEachLargest(const Tensor &input, const Window &window, Visit visit) {
  int64_t channels = window.channels;
  withElementType(input, [&](auto tag) {
    window.forEachPixel([&](int64_t pixel, const std::vector<int64_t> &inside) {
      for (int64_t c = 0; c < channels; ++c)
        visit(pixel * channels + c,
              findLargest<decltype(tag)>(input, inside, c, channels));
    });
  });
}

/// Takes the lowest value where a window lies in the padding entirely.
void setMaximum(const Writer &writer, const Tensor &input, int64_t target,
                int64_t source) {
  if (input.isFloat())
    writer.setDouble(target, source < 0
                                 ? -std::numeric_limits<double>::infinity()
                                 : input.getDouble(source));
  else if (source >= 0)
    writer.setInteger(target, input.getInteger(source));
  else if (auto quantization = Quantization::get(input.getElementType()))
    writer.setInteger(target, quantization->minimum);
  else
    writer.setInteger(target,
                      input.isUnsigned()
                          ? 0
                          : llvm::minIntN(8 * getByteWidth(input.getKind())));
}

llvm::Expected<Tensor> maxPool(MaxPoolOp op, llvm::ArrayRef<Tensor> operands) {
  const Tensor &input = operands[0];
  llvm::Expected<Window> window = getWindow(op, input);
  if (!window)
    return window.takeError();
  llvm::Expected<Tensor> result = Tensor::create(
      resultElementType(op), window->getResultShape(window->channels));
  if (!result)
    return result;
  Writer writer(*result);
  forEachLargest(input, *window, [&](int64_t target, int64_t source) {
    setMaximum(writer, input, target, source);
  });
  return result;
}

llvm::Expected<Tensors> maxPoolWithIndices(MaxPoolWithIndicesOp op,
                                           llvm::ArrayRef<Tensor> operands) {
  const Tensor &input = operands[0];
  llvm::Expected<Window> window = getWindow(op, input);
  if (!window)
    return window.takeError();
  Shape shape = window->getResultShape(window->channels);
  llvm::Expected<Tensor> values = Tensor::create(resultElementType(op), shape);
  if (!values)
    return values.takeError();
  llvm::Expected<Tensor> indices =
      Tensor::create(resultElementType(op, 1), shape);
  if (!indices)
    return indices.takeError();
  Writer valueWriter(*values);
  Writer indexWriter(*indices);
  int64_t area = volume(window->input);
  int64_t channels = window->channels;
  forEachLargest(input, *window, [&](int64_t target, int64_t source) {
    setMaximum(valueWriter, input, target, source);
    int64_t pixel = source / channels;
    int64_t plane = pixel / area * channels + source % channels;
    indexWriter.setInteger(target,
                           source < 0 ? -1 : plane * area + pixel % area);
  });
  return Tensors{*values, *indices};
}

/// One double per window and channel: `finish` gets the sum of `term` over the
/// elements inside and their number.
template <typename OpT, typename Term, typename Finish>
llvm::Expected<Tensor> floatPool(OpT op, const Tensor &input, Term term,
                                 Finish finish) {
  llvm::Expected<Window> window = getWindow(op, input);
  if (!window)
    return window.takeError();
  if (!input.isFloat())
    return makeError("is defined on floating point tensors only");
  int64_t channels = window->channels;
  llvm::Expected<Tensor> result =
      Tensor::create(resultElementType(op), window->getResultShape(channels));
  if (!result)
    return result;
  Writer writer(*result);
  window->forEachPixel([&](int64_t pixel, const std::vector<int64_t> &inside) {
    for (int64_t c = 0; c < channels; ++c) {
      double sum = 0;
      for (int64_t source : inside)
        sum += term(input.getDouble(source * channels + c));
      writer.setDouble(pixel * channels + c,
                       finish(sum, double(inside.size())));
    }
  });
  return result;
}

double identity(double value) { return value; }

llvm::Expected<Tensor> avgPool(AvgPoolOp op, llvm::ArrayRef<Tensor> operands) {
  bool countPadding = op.getCountIncludePad();
  double taps = 1;
  for (int64_t size : op.getKernel())
    taps *= double(size);
  return floatPool(op, operands[0], identity, [=](double sum, double inside) {
    return sum / (countPadding ? taps : inside);
  });
}

llvm::Expected<Tensor> lpPool(LpPoolOp op, llvm::ArrayRef<Tensor> operands) {
  auto p = double(int64_t(op.getP()));
  if (p < 1)
    return makeError("p must be positive");
  return floatPool(
      op, operands[0], [=](double x) { return std::pow(std::fabs(x), p); },
      [=](double sum, double) { return std::pow(sum, 1 / p); });
}

llvm::Expected<Tensor> sumPool(SumPoolOp op, llvm::ArrayRef<Tensor> operands) {
  const Tensor &input = operands[0];
  if (input.isFloat())
    return floatPool(op, input, identity,
                     [](double sum, double) { return sum; });
  llvm::Expected<Window> window = getWindow(op, input);
  if (!window)
    return window.takeError();
  llvm::Expected<int64_t> padding = getScalarZeroPoint(input.getElementType());
  if (!padding)
    return padding.takeError();
  int64_t channels = window->channels;
  llvm::Expected<Tensor> result =
      Tensor::create(resultElementType(op), window->getResultShape(channels));
  if (!result)
    return result;
  if (result->isFloat() || result->isCoded())
    return makeError("needs an integer accumulator");
  Writer writer(*result);
  unsigned bits = 8 * getByteWidth(result->getKind());
  int64_t taps = volume(window->kernel);
  int64_t overflowAt = -1;
  window->forEachPixel([&](int64_t pixel, const std::vector<int64_t> &inside) {
    for (int64_t c = 0; c < channels; ++c) {
      Wide sum = Wide(*padding) * (taps - int64_t(inside.size()));
      for (int64_t source : inside)
        sum += loadOperand<Wide>(input, source * channels + c);
      int64_t target = pixel * channels + c;
      bool fits = result->isUnsigned() ? sum >= 0 && sum < (Wide(1) << bits)
                                       : sum >= llvm::minIntN(bits) &&
                                             sum <= llvm::maxIntN(bits);
      if (!fits && overflowAt < 0)
        overflowAt = target;
      writer.setInteger(target, int64_t(sum));
    }
  });
  if (overflowAt >= 0)
    return makeError("accumulator overflow at " +
                     result->indexToString(overflowAt));
  return result;
}

} // namespace

void addPooling(EvaluatorTable &table) {
  table.add<MaxPoolOp>(maxPool);
  table.add<MaxPoolWithIndicesOp>(maxPoolWithIndices);
  table.add<AvgPoolOp>(avgPool);
  table.add<SumPoolOp>(sumPool);
  table.add<LpPoolOp>(lpPool);
}

} // namespace shiftadd::ref
