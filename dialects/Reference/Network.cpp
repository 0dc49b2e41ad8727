//===- Network.cpp - Layers with weights ----------------------------------===//
//
// Part of the shiftadd project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Convolutions, dense layers and matrix products are one sum over windows with
// different terms. The sum is computed in double for floats, in 64-bit integers
// where these cannot overflow and in 128-bit ones elsewhere.
//
//===----------------------------------------------------------------------===//
#include "dialects/Reference/SlidingWindow.h"

namespace shiftadd::ref {

namespace {

/// Filter elements as the numbers they stand for in a sum: of power-of-two
/// codes the value on floats and the exact integer (N43) on codes.
template <typename T> class FilterReader {
public:
  explicit FilterReader(const Tensor &filter) : filter(filter) {
    if (auto code = llvm::dyn_cast<PowerOfTwoType>(filter.getElementType()))
      format = getFormat(code);
  }
  T operator()(int64_t index) const {
    if (!format)
      return loadOperand<T>(filter, index);
    if constexpr (std::is_same_v<T, double>)
      return format->decode(filter.getUnsigned(index));
    else
      return static_cast<T>(format->decodeInteger(filter.getUnsigned(index)));
  }

private:
  const Tensor &filter;
  std::optional<num::PowerOfTwoFormat> format;
};

/// The input in its padded box. With `spacing`, zeros stand between the pixels
/// (a transposed convolution reads its input so); `low` may then be negative.
template <typename T>
std::vector<T> padInput(const Tensor &input, const Window &window,
                        const Sizes &box, const Sizes &low,
                        const Sizes &spacing, T padding) {
  int64_t channels = window.channels;
  std::vector<T> result(size_t(window.batch * volume(box) * channels), padding);
  int64_t source = 0;
  for (int64_t n = 0; n < window.batch; ++n)
    for (int64_t z = 0; z < window.input[0]; ++z)
      for (int64_t y = 0; y < window.input[1]; ++y)
        for (int64_t x = 0; x < window.input[2]; ++x, source += channels) {
          int64_t tz = z * spacing[0] + low[0];
          int64_t ty = y * spacing[1] + low[1];
          int64_t tx = x * spacing[2] + low[2];
          if (tz < 0 || tz >= box[0] || ty < 0 || ty >= box[1] || tx < 0 ||
              tx >= box[2])
            continue;
          T *target =
              result.data() +
              (((n * box[0] + tz) * box[1] + ty) * box[2] + tx) * channels;
          for (int64_t c = 0; c < channels; ++c)
            target[c] = loadOperand<T>(input, source + c);
        }
  return result;
}

/// The filter [outputs, taps, channels / groups] in the order of sumWindows.
/// `flip` mirrors the taps.
template <typename T>
std::vector<T> packFilter(const Tensor &filter, const Window &window,
                          int64_t groups, int64_t outputs, bool flip) {
  FilterReader<T> read(filter);
  int64_t taps = volume(window.kernel);
  int64_t groupChannels = window.channels / groups;
  int64_t groupOutputs = outputs / groups;
  bool depthwise = isDepthwise(groups, window.channels, outputs);
  std::vector<T> result(size_t(filter.getElementCount()));
  int64_t source = 0;
  for (int64_t o = 0; o < outputs; ++o)
    for (int64_t t = 0; t < taps; ++t)
      for (int64_t c = 0; c < groupChannels; ++c, ++source) {
        int64_t tap = flip ? taps - 1 - t : t;
        int64_t g = o / groupOutputs;
        int64_t target =
            depthwise ? tap * groups + g
                      : ((g * taps + tap) * groupChannels + c) * groupOutputs +
                            o % groupOutputs;
        result[size_t(target)] = read(source);
      }
  return result;
}

std::string wideToString(Wide value) {
  std::string digits;
  for (Wide rest = value < 0 ? -value : value; rest || digits.empty();
       rest /= 10)
    digits.push_back(char('0' + int(rest % 10)));
  if (value < 0)
    digits.push_back('-');
  std::reverse(digits.begin(), digits.end());
  return digits;
}

/// Writes the sums and a bias per last index into a new tensor: rounded once,
/// or checked to fit (N52).
template <typename T>
llvm::Expected<Tensor> finish(mlir::Type elementType, const Shape &shape,
                              const std::vector<T> &sums, const Tensor *bias) {
  llvm::Expected<Tensor> result = Tensor::create(elementType, shape);
  if (!result)
    return result;
  auto outputs = size_t(shape.empty() ? 1 : shape.back());
  std::vector<T> biases(outputs, T(0));
  if (bias)
    for (size_t o = 0; o < outputs; ++o)
      biases[o] = loadOperand<T>(*bias, int64_t(o));
  Writer writer(*result);
  if constexpr (std::is_same_v<T, double>) {
    for (size_t i = 0; i < sums.size(); ++i)
      writer.setDouble(int64_t(i), sums[i] + biases[i % outputs]);
    return result;
  } else {
    unsigned bits = 8 * getByteWidth(result->getKind());
    Wide lowest = result->isUnsigned() ? Wide(0) : -(Wide(1) << (bits - 1));
    Wide highest = (Wide(1) << (result->isUnsigned() ? bits : bits - 1)) - 1;
    for (size_t i = 0; i < sums.size(); ++i) {
      Wide value = Wide(sums[i]) + biases[i % outputs];
      if (value < lowest || value > highest) {
        std::string type;
        llvm::raw_string_ostream(type) << elementType;
        return makeError("accumulator overflow at " +
                         result->indexToString(int64_t(i)) + ": " +
                         wideToString(value) + " does not fit into " + type);
      }
      writer.setInteger(int64_t(i), int64_t(value));
    }
    return result;
  }
}

/// Largest magnitude of an integer operand.
Wide getMagnitude(const Tensor &tensor) {
  FilterReader<Wide> read(tensor);
  Wide largest = 0;
  for (int64_t i = 0, e = tensor.getElementCount(); i < e; ++i) {
    Wide value = read(i);
    largest = std::max(largest, value < 0 ? -value : value);
  }
  return largest;
}

/// Whether no sum of `count` terms can leave 64 bits, a 64-bit bias included.
bool fits64Bits(Wide x, Wide w, Wide count, bool multiplies) {
  // Operands are below 2^64 and counts below 2^62, so bound the product by
  // parts before forming it.
  Wide limit = Wide(1) << 62;
  if (x >= limit || w >= limit || count >= limit)
    return false;
  Wide term = multiplies ? (x == 0 || w <= limit / x ? x * w : limit) : x + w;
  return term == 0 || count <= limit / term;
}

/// What kind of numbers a layer computes with; refuses mixtures.
llvm::Expected<bool> computesFloats(const Tensor &input, const Tensor &filter,
                                    const Tensor *bias, mlir::Type resultType) {
  bool floats = input.isFloat();
  bool filterFits = llvm::isa<PowerOfTwoType>(filter.getElementType()) ||
                    (floats ? filter.isFloat() : !filter.isFloat());
  bool biasFits = !bias || (bias->isFloat() == floats && !bias->isCoded());
  bool resultFits = floats ? llvm::isa<mlir::FloatType>(resultType)
                           : llvm::isa<mlir::IntegerType>(resultType);
  if (!filterFits || !biasFits || !resultFits ||
      llvm::isa<PowerOfTwoType>(input.getElementType()))
    return makeError("needs all floats, or codes and integers with an integer "
                     "accumulator");
  return floats;
}

llvm::Error checkFilter(const Window &window, const Tensor &filter,
                        const Tensor *bias, int64_t groups) {
  int64_t outputs = filter.getDimension(0);
  if (groups < 1 || window.channels % groups || outputs % groups ||
      filter.getShape().back() != window.channels / groups)
    return makeError("the filter does not fit " + llvm::Twine(window.channels) +
                     " channels in " + llvm::Twine(groups) + " groups");
  if (bias && bias->getElementCount() != outputs)
    return makeError("needs one bias per output channel");
  auto code = llvm::dyn_cast<PowerOfTwoType>(filter.getElementType());
  for (int64_t i = 0; code && i < filter.getElementCount(); ++i)
    if (!getFormat(code).isValid(filter.getUnsigned(i)))
      return makeError("the filter's code " + filter.elementToString(i) +
                       " at " + filter.indexToString(i) +
                       " is none of its format (N105)");
  return llvm::Error::success();
}

/// Refuses a layer whose input box or sums, 16 bytes per element, are larger
/// than what any machine of today runs in a test.
llvm::Error checkMemory(const Window &window, const Sizes &box,
                        int64_t outputs) {
  for (auto [sizes, channels] :
       {std::pair(box, window.channels), std::pair(window.output, outputs)}) {
    Wide bytes = 16;
    for (int64_t size : {window.batch, channels, sizes[0], sizes[1], sizes[2]})
      if ((bytes *= size) > (Wide(1) << 35))
        return makeError("the layer is too large for this machine");
  }
  return llvm::Error::success();
}

template <typename T, typename Term>
llvm::Expected<Tensor> computeLayer(mlir::Type elementType, const Shape &shape,
                                    const Window &window, int64_t groups,
                                    const Tensor &input, const Tensor &filter,
                                    const Tensor *bias, int64_t padding) {
  int64_t outputs = filter.getDimension(0);
  auto padded = padInput<T>(input, window, window.getPadded(), window.low,
                            {1, 1, 1}, T(padding));
  auto weights = packFilter<T>(filter, window, groups, outputs, false);
  auto sums = sumWindows<T, Term>(window, groups, outputs, padded, weights);
  return finish<T>(elementType, shape, sums, bias);
}

/// A layer y = sum of Term over the window, with the arithmetic that its
/// operands need.
template <typename Term>
llvm::Expected<Tensor> evaluateLayer(mlir::Type elementType, const Shape &shape,
                                     const Window &window, int64_t groups,
                                     const Tensor &input, const Tensor &filter,
                                     const Tensor *bias) {
  if (llvm::Error error = checkFilter(window, filter, bias, groups))
    return error;
  llvm::Expected<bool> floats =
      computesFloats(input, filter, bias, elementType);
  if (!floats)
    return floats.takeError();
  if (llvm::Error error =
          checkMemory(window, window.getPadded(), filter.getDimension(0)))
    return error;
  if (*floats)
    return computeLayer<double, Term>(elementType, shape, window, groups, input,
                                      filter, bias, 0);
  llvm::Expected<int64_t> padding = getScalarZeroPoint(input.getElementType());
  if (!padding)
    return padding.takeError();
  Wide largest =
      std::max(getMagnitude(input), Wide(*padding < 0 ? -*padding : *padding));
  Wide terms = Wide(volume(window.kernel)) * (window.channels / groups);
  if (fits64Bits(largest, getMagnitude(filter), terms,
                 std::is_same_v<Term, Multiply>))
    return computeLayer<int64_t, Term>(elementType, shape, window, groups,
                                       input, filter, bias, *padding);
  return computeLayer<Wide, Term>(elementType, shape, window, groups, input,
                                  filter, bias, *padding);
}

template <typename Term, typename OpT>
llvm::Expected<Tensor> convolution(OpT op, llvm::ArrayRef<Tensor> operands) {
  const Tensor &input = operands[0];
  const Tensor &filter = operands[1];
  const Tensor *bias = op.getBias() ? &operands[2] : nullptr;
  if (filter.getRank() < 3 || filter.getRank() != input.getRank())
    return makeError("the filter has not the rank of the input");
  llvm::Expected<Window> window =
      Window::get(input.getShape(), filter.getShape().drop_front().drop_back(),
                  op.getStrides(), op.getPadding(), op.getDilations());
  if (!window)
    return window.takeError();
  return evaluateLayer<Term>(
      resultElementType(op), window->getResultShape(filter.getDimension(0)),
      *window, int64_t(op.getGroups()), input, filter, bias);
}

template <typename Term, typename OpT>
llvm::Expected<Tensor> dense(OpT op, llvm::ArrayRef<Tensor> operands) {
  const Tensor &input = operands[0];
  const Tensor &filter = operands[1];
  const Tensor *bias = op.getBias() ? &operands[2] : nullptr;
  if (input.getRank() < 1 || filter.getRank() != 2)
    return makeError("needs an input of at least one dimension and a filter of "
                     "two");
  Shape shape(input.getShape());
  int64_t rows = product(shape, 0, shape.size() - 1);
  int64_t depth = shape.back();
  shape.back() = filter.getDimension(0);
  return evaluateLayer<Term>(resultElementType(op), shape,
                             Window::getMatrix(rows, depth), 1, input, filter,
                             bias);
}

/// The convolution, at stride 1 and with mirrored taps, of the input with
/// stride - 1 zeros between its pixels.
llvm::Expected<Tensor> convTranspose(ConvTransposeOp op,
                                     llvm::ArrayRef<Tensor> operands) {
  const Tensor &input = operands[0];
  const Tensor &filter = operands[1];
  const Tensor *bias = op.getBias() ? &operands[2] : nullptr;
  size_t rank = filter.getRank() < 3 ? 0 : size_t(filter.getRank()) - 2;
  llvm::ArrayRef<int64_t> extra = op.getOutputPadding();
  // The window's checks hold for any geometry that fits it: one pixel does.
  Shape unit(rank, 1);
  llvm::Expected<Window> window =
      Window::get(input.getShape(), unit, op.getStrides(), op.getPadding(),
                  op.getDilations());
  if (!window)
    return window.takeError();
  if (extra.size() != rank)
    return makeError("needs one output padding per spatial dimension");
  Sizes spacing = window->strides;
  Sizes low{0, 0, 0};
  Window sums = *window;
  sums.strides = {1, 1, 1};
  sums.low = {0, 0, 0};
  sums.high = {0, 0, 0};
  for (size_t d = 0; d < rank; ++d) {
    size_t to = 3 - rank + d;
    int64_t kernel = filter.getShape()[d + 1];
    int64_t reach = window->dilations[to] * (kernel - 1);
    sums.kernel[to] = kernel;
    sums.output[to] = spacing[to] * (window->input[to] - 1) + extra[d] + reach +
                      1 - window->low[to] - window->high[to];
    if (kernel < 1 || extra[d] < 0 || sums.output[to] < 1)
      return makeError("the padding leaves no output");
    low[to] = reach - window->low[to];
    // The box that the windows cover, which sumWindows reads as its input.
    sums.input[to] = sums.output[to] + reach;
  }
  auto groups = int64_t(op.getGroups());
  if (llvm::Error error = checkFilter(sums, filter, bias, groups))
    return error;
  llvm::Expected<bool> floats =
      computesFloats(input, filter, bias, resultElementType(op));
  if (!floats)
    return floats.takeError();
  if (!*floats)
    return makeError("is defined on floating point tensors only");
  int64_t outputs = filter.getDimension(0);
  if (llvm::Error error = checkMemory(sums, sums.input, outputs))
    return error;
  auto padded = padInput<double>(input, *window, sums.input, low, spacing, 0.0);
  auto weights = packFilter<double>(filter, sums, groups, outputs, true);
  return finish<double>(
      resultElementType(op), sums.getResultShape(outputs),
      sumWindows<double, Multiply>(sums, groups, outputs, padded, weights),
      bias);
}

/// One product [rows, depth] x [depth, columns] from the given first elements.
template <typename T>
std::vector<T> multiplyMatrices(const Tensor &lhs, const Tensor &rhs,
                                int64_t lhsStart, int64_t rhsStart,
                                int64_t rows, int64_t depth, int64_t columns) {
  std::vector<T> a(size_t(rows * depth));
  std::vector<T> b(size_t(depth * columns));
  for (size_t i = 0; i < a.size(); ++i)
    a[i] = loadOperand<T>(lhs, lhsStart + int64_t(i));
  for (size_t i = 0; i < b.size(); ++i)
    b[i] = loadOperand<T>(rhs, rhsStart + int64_t(i));
  return sumWindows<T, Multiply>(Window::getMatrix(rows, depth), 1, columns, a,
                                 b);
}

template <typename T>
llvm::Expected<Tensor> batchedProduct(mlir::Type elementType, const Tensor &lhs,
                                      const Tensor &rhs, const Shape &batch) {
  llvm::ArrayRef<int64_t> lhsBatch = lhs.getShape().drop_back(2);
  llvm::ArrayRef<int64_t> rhsBatch = rhs.getShape().drop_back(2);
  int64_t rows = lhs.getDimension(lhs.getRank() - 2);
  int64_t depth = lhs.getShape().back();
  int64_t columns = rhs.getShape().back();
  std::vector<T> sums;
  std::array<Shape, 2> strides{getBroadcastStrides(lhsBatch, batch),
                               getBroadcastStrides(rhsBatch, batch)};
  forEachIndex(batch, strides, [&](int64_t, const auto &offsets) {
    auto part =
        multiplyMatrices<T>(lhs, rhs, offsets[0] * rows * depth,
                            offsets[1] * depth * columns, rows, depth, columns);
    sums.insert(sums.end(), part.begin(), part.end());
  });
  Shape shape = batch;
  shape.append({rows, columns});
  return finish<T>(elementType, shape, sums, nullptr);
}

llvm::Expected<Tensor> matmul(MatmulOp op, llvm::ArrayRef<Tensor> operands) {
  const Tensor &lhs = operands[0];
  const Tensor &rhs = operands[1];
  if (lhs.getRank() < 2 || rhs.getRank() < 2 ||
      lhs.getShape().back() != rhs.getDimension(rhs.getRank() - 2))
    return makeError("the matrices do not fit together");
  mlir::Type type = resultElementType(op);
  llvm::Expected<bool> floats = computesFloats(lhs, rhs, nullptr, type);
  if (!floats)
    return floats.takeError();
  // Only the leading dimensions broadcast.
  Shape lhsBatch(lhs.getShape().drop_back(2));
  Shape rhsBatch(rhs.getShape().drop_back(2));
  llvm::Expected<Shape> batch = broadcastShapes(lhsBatch, rhsBatch);
  if (!batch)
    return batch.takeError();
  if (*floats)
    return batchedProduct<double>(type, lhs, rhs, *batch);
  if (fits64Bits(getMagnitude(lhs), getMagnitude(rhs), lhs.getShape().back(),
                 /*multiplies=*/true))
    return batchedProduct<int64_t>(type, lhs, rhs, *batch);
  return batchedProduct<Wide>(type, lhs, rhs, *batch);
}

} // namespace

void addNetwork(EvaluatorTable &table) {
  table.add<ConvOp>(convolution<Multiply, ConvOp>);
  table.add<ShiftConvOp>(convolution<Multiply, ShiftConvOp>);
  table.add<AdderConvOp>(convolution<NegatedDifference, AdderConvOp>);
  table.add<ConvTransposeOp>(convTranspose);
  table.add<DenseOp>(dense<Multiply, DenseOp>);
  table.add<ShiftDenseOp>(dense<Multiply, ShiftDenseOp>);
  table.add<AdderDenseOp>(dense<NegatedDifference, AdderDenseOp>);
  table.add<MatmulOp>(matmul);
}

} // namespace shiftadd::ref
