//===- Movement.cpp - Moving elements without computing -------------------===//
//
// Part of the shiftadd project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
#include "dialects/Reference/Evaluators.h"

#include <cstring>

namespace shiftadd::ref {

namespace {

/// result[i] = input[offset + i * strides], bytes unchanged.
llvm::Expected<Tensor> copyStrided(mlir::Type elementType, const Tensor &input,
                                   llvm::ArrayRef<int64_t> shape,
                                   const Shape &strides, int64_t offset) {
  llvm::Expected<Tensor> result = Tensor::create(elementType, shape);
  if (!result)
    return result;
  if (result->getKind() != input.getKind())
    return makeError("the result differs in element type");
  const char *source = input.getBytes().data();
  char *target = result->getMutableBytes().data();
  auto copy = [&](auto tag) {
    using T = decltype(tag);
    auto *from = reinterpret_cast<const T *>(source) + offset;
    auto *to = reinterpret_cast<T *>(target);
    forEachIndex<1>(shape, {strides}, [&](int64_t i, const auto &offsets) {
      to[i] = from[offsets[0]];
    });
  };
  switch (getByteWidth(input.getKind())) {
  case 1:
    copy(uint8_t());
    break;
  case 2:
    copy(uint16_t());
    break;
  case 4:
    copy(uint32_t());
    break;
  default:
    copy(uint64_t());
  }
  return result;
}

llvm::Expected<Tensor> transpose(TransposeOp op,
                                 llvm::ArrayRef<Tensor> operands) {
  const Tensor &input = operands[0];
  llvm::ArrayRef<int64_t> permutation = op.getPermutation();
  size_t rank = size_t(input.getRank());
  llvm::SmallVector<bool> used(rank, false);
  Shape own = getStrides(input.getShape());
  Shape shape;
  Shape strides;
  for (int64_t d : permutation) {
    if (d < 0 || size_t(d) >= rank || used[size_t(d)])
      return makeError("the permutation does not fit the input");
    used[size_t(d)] = true;
    shape.push_back(input.getDimension(d));
    strides.push_back(own[size_t(d)]);
  }
  if (shape.size() != rank)
    return makeError("the permutation does not fit the input");
  return copyStrided(resultElementType(op), input, shape, strides, 0);
}

llvm::Expected<Tensor> reshape(ReshapeOp op, llvm::ArrayRef<Tensor> operands) {
  const Tensor &input = operands[0];
  Shape shape(op.getShape());
  if (!shape.empty() && shape[0] == -1) {
    if (input.getRank() == 0)
      return makeError("a scalar has no free batch");
    shape[0] = input.getDimension(0);
  }
  llvm::Expected<Tensor> result = input.withShape(shape);
  if (!result)
    return result;
  return result->withElementType(resultElementType(op));
}

/// Where element `i` of a padded dimension comes from; -1 where the padding
/// value stands.
int64_t padSource(PadMode mode, int64_t i, int64_t size) {
  if (i >= 0 && i < size)
    return i;
  switch (mode) {
  case PadMode::Constant:
    return -1;
  case PadMode::Edge:
    return i < 0 ? 0 : size - 1;
  case PadMode::Wrap:
    return ((i % size) + size) % size;
  case PadMode::Reflect: {
    if (size == 1)
      return 0;
    int64_t period = 2 * (size - 1);
    int64_t phase = ((i % period) + period) % period;
    return phase < size ? phase : period - phase;
  }
  }
  return -1;
}

llvm::Expected<Tensor> pad(PadOp op, llvm::ArrayRef<Tensor> operands) {
  const Tensor &input = operands[0];
  size_t rank = size_t(input.getRank());
  llvm::ArrayRef<int64_t> low = op.getLow();
  llvm::ArrayRef<int64_t> high = op.getHigh();
  if (low.size() != rank || high.size() != rank)
    return makeError("needs one padding amount per dimension and side");
  Shape shape(rank);
  for (size_t d = 0; d < rank; ++d) {
    if (__builtin_add_overflow(low[d], high[d], &shape[d]) ||
        __builtin_add_overflow(shape[d], input.getShape()[d], &shape[d]))
      return makeError("a padding amount is too large");
    if (input.getShape()[d] == 0 && shape[d] > 0 &&
        op.getMode() != PadMode::Constant)
      return makeError("an empty dimension can only be padded by a constant");
  }
  llvm::Expected<Tensor> result = Tensor::create(resultElementType(op), shape);
  llvm::Expected<Tensor> value =
      Tensor::create(input.getElementType(), llvm::ArrayRef<int64_t>{});
  if (!result)
    return result;
  if (!value)
    return value;
  if (result->getKind() != input.getKind())
    return makeError("the result differs in element type");
  double real = op.getValue().convertToDouble();
  if (auto quantization = Quantization::get(input.getElementType())) {
    if (quantization->axis >= 0 && op.getMode() == PadMode::Constant)
      return makeError("a tensor quantised per channel has no padding value");
    value->setInteger(0, quantization->quantize(float(real), 0));
  } else if (input.isCoded() && op.getMode() == PadMode::Constant) {
    return makeError("codes of powers of two have no padding value");
  } else {
    value->setDouble(0, real);
  }
  if (result->getElementCount() == 0)
    return result;
  // Per dimension: the offset of the source of every index, or -1.
  Shape own = getStrides(input.getShape());
  llvm::SmallVector<Shape> sources(rank);
  for (size_t d = 0; d < rank; ++d)
    for (int64_t i = 0; i < shape[d]; ++i) {
      int64_t source = padSource(op.getMode(), i - low[d], input.getShape()[d]);
      sources[d].push_back(source < 0 ? -1 : source * own[d]);
    }
  unsigned width = getByteWidth(input.getKind());
  const char *from = input.getBytes().data();
  char *to = result->getMutableBytes().data();
  Shape index(rank, 0);
  for (int64_t i = 0, e = result->getElementCount(); i < e; ++i) {
    int64_t offset = 0;
    for (size_t d = 0; d < rank && offset >= 0; ++d) {
      int64_t part = sources[d][size_t(index[d])];
      offset = part < 0 ? -1 : offset + part;
    }
    std::memcpy(to + i * width,
                offset < 0 ? value->getBytes().data() : from + offset * width,
                width);
    for (size_t d = rank; d-- > 0 && ++index[d] == shape[d];)
      index[d] = 0;
  }
  return result;
}

llvm::Expected<Tensor> concat(ConcatOp op, llvm::ArrayRef<Tensor> operands) {
  if (operands.empty())
    return makeError("needs an input");
  llvm::Expected<int64_t> axis =
      checkAxis(int64_t(op.getAxis()), operands.front());
  if (!axis)
    return axis.takeError();
  Shape shape(operands.front().getShape());
  shape[size_t(*axis)] = 0;
  for (const Tensor &input : operands) {
    bool fits = input.getRank() == int64_t(shape.size()) &&
                input.getElementType() == operands.front().getElementType();
    for (size_t d = 0; fits && d < shape.size(); ++d)
      fits = int64_t(d) == *axis ||
             input.getShape()[d] == operands.front().getShape()[d];
    if (!fits)
      return makeError("the inputs do not fit together");
    shape[size_t(*axis)] += input.getDimension(*axis);
  }
  llvm::Expected<Tensor> result = Tensor::create(resultElementType(op), shape);
  if (!result)
    return result;
  if (result->getKind() != operands.front().getKind())
    return makeError("the result differs in element type");
  // Each input contributes one run of bytes per index of the leading
  // dimensions.
  size_t rank = shape.size();
  int64_t outer = product(shape, 0, size_t(*axis));
  int64_t inner = product(shape, size_t(*axis) + 1, rank) *
                  int64_t(getByteWidth(result->getKind()));
  char *to = result->getMutableBytes().data();
  for (int64_t i = 0; i < outer; ++i)
    for (const Tensor &input : operands) {
      int64_t run = input.getDimension(*axis) * inner;
      if (run)
        std::memcpy(to, input.getBytes().data() + i * run, size_t(run));
      to += run;
    }
  return result;
}

llvm::Expected<Tensor> slice(SliceOp op, llvm::ArrayRef<Tensor> operands) {
  const Tensor &input = operands[0];
  size_t rank = size_t(input.getRank());
  llvm::ArrayRef<int64_t> starts = op.getStarts();
  llvm::ArrayRef<int64_t> steps = op.getSteps();
  Shape shape(op.getSizes());
  if (starts.size() != rank || steps.size() != rank || shape.size() != rank)
    return makeError("needs one start, size and step per dimension");
  Shape strides = getStrides(input.getShape());
  int64_t offset = 0;
  for (size_t d = 0; d < rank; ++d) {
    int64_t size = input.getShape()[d];
    if (shape[d] == -1)
      shape[d] = size;
    if (shape[d] < 0)
      return makeError("a size is negative");
    if (shape[d] == 0)
      continue;
    int64_t last = 0;
    bool overflow = __builtin_mul_overflow(shape[d] - 1, steps[d], &last) ||
                    __builtin_add_overflow(starts[d], last, &last);
    if (overflow || starts[d] < 0 || starts[d] >= size || last < 0 ||
        last >= size)
      return makeError("the slice of dimension " + llvm::Twine(d) +
                       " leaves the input, which has " + llvm::Twine(size) +
                       " elements there");
    offset += starts[d] * strides[d];
    strides[d] *= steps[d];
  }
  return copyStrided(resultElementType(op), input, shape, strides, offset);
}

llvm::Expected<Tensor> gather(GatherOp op, llvm::ArrayRef<Tensor> operands) {
  const Tensor &data = operands[0];
  const Tensor &indices = operands[1];
  llvm::Expected<int64_t> axis = checkAxis(int64_t(op.getAxis()), data);
  if (!axis)
    return axis.takeError();
  auto split = size_t(*axis);
  Shape shape(data.getShape().take_front(split));
  shape.append(indices.getShape().begin(), indices.getShape().end());
  llvm::ArrayRef<int64_t> behind = data.getShape().drop_front(split + 1);
  shape.append(behind.begin(), behind.end());
  llvm::Expected<Tensor> result = Tensor::create(resultElementType(op), shape);
  if (!result)
    return result;
  if (result->getKind() != data.getKind())
    return makeError("the result differs in element type");
  if (indices.isFloat() || indices.isCoded())
    return makeError("the indices must be integers");
  int64_t size = data.getDimension(*axis);
  if (size == 0 && result->getElementCount() > 0)
    return makeError("picks from an empty dimension");
  int64_t outer = product(data.getShape(), 0, split);
  int64_t run =
      product(behind, 0, behind.size()) * int64_t(getByteWidth(data.getKind()));
  char *to = result->getMutableBytes().data();
  if (result->getElementCount() == 0)
    return result;
  for (int64_t i = 0; i < outer; ++i)
    for (int64_t j = 0, e = indices.getElementCount(); j < e; ++j) {
      int64_t index = indices.getInteger(j);
      if (index < 0)
        index += size;
      index = std::clamp<int64_t>(index, 0, size - 1);
      std::memcpy(to, data.getBytes().data() + (i * size + index) * run,
                  size_t(run));
      to += run;
    }
  return result;
}

llvm::Expected<Tensor> broadcast(BroadcastOp op,
                                 llvm::ArrayRef<Tensor> operands) {
  const Tensor &input = operands[0];
  Shape shape(op.getShape());
  if (shape.size() < size_t(input.getRank()))
    return makeError("the result has fewer dimensions than the input");
  if (!shape.empty() && shape[0] == -1) {
    if (shape.size() != size_t(input.getRank()))
      return makeError("the size of the free batch is unknown: the input does "
                       "not have it");
    shape[0] = input.getDimension(0);
  }
  size_t lead = shape.size() - size_t(input.getRank());
  for (auto [d, size] : llvm::enumerate(input.getShape()))
    if (size != 1 && size != shape[lead + d])
      return makeError("a dimension of size " + llvm::Twine(size) +
                       " does not stretch to " + llvm::Twine(shape[lead + d]));
  return copyStrided(resultElementType(op), input, shape,
                     getBroadcastStrides(input.getShape(), shape), 0);
}

/// Repeats are strided copies under twice the dimensions: [repeat, size] with
/// the repeats standing still.
llvm::Expected<Tensor> tile(TileOp op, llvm::ArrayRef<Tensor> operands) {
  const Tensor &input = operands[0];
  size_t rank = size_t(input.getRank());
  llvm::ArrayRef<int64_t> repeats = op.getRepeats();
  if (repeats.size() != rank)
    return makeError("needs one repeat count per dimension");
  Shape own = getStrides(input.getShape());
  Shape split;
  Shape strides;
  Shape shape;
  for (size_t d = 0; d < rank; ++d) {
    split.append({repeats[d], input.getShape()[d]});
    strides.append({0, own[d]});
    int64_t size = 0;
    if (__builtin_mul_overflow(repeats[d], input.getShape()[d], &size))
      return makeError("a repeat count is too large");
    shape.push_back(size);
  }
  llvm::Expected<Tensor> result =
      copyStrided(resultElementType(op), input, split, strides, 0);
  if (!result)
    return result;
  return result->withShape(shape);
}

} // namespace

void addMovement(EvaluatorTable &table) {
  table.add<TransposeOp>(transpose);
  table.add<ReshapeOp>(reshape);
  table.add<PadOp>(pad);
  table.add<ConcatOp>(concat);
  table.add<SliceOp>(slice);
  table.add<GatherOp>(gather);
  table.add<BroadcastOp>(broadcast);
  table.add<TileOp>(tile);
}

} // namespace shiftadd::ref
