//===- HandlersMovement.cpp - Moving elements without computing -----------===//
//
// Part of the shiftadd project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Codes of per-tensor quantised tensors move as they are, so that a layer
// behind still sees what they mean.
//
//===----------------------------------------------------------------------===//

#include "frontend/Onnx/Handlers.h"

#include <numeric>

namespace shiftadd::onnx_import {

using mlir::ShapedType;

bool importTranspose(NodeImporter &n) {
  if (!n.requireInputs(1))
    return false;
  mlir::Value x = n.movedInput();
  Shape permutation = n.getInts("perm");
  if (!n.hasAttribute("perm"))
    for (int64_t d = n.rank(x) - 1; d >= 0; --d)
      permutation.push_back(d);
  return n.set(0, n.transpose(x, permutation));
}

bool importConcat(NodeImporter &n) {
  size_t count = std::max<size_t>(n.inputCount(), 1);
  if (!n.requireInputs(count))
    return false;
  if (!n.hasAttribute("axis"))
    return n.invalid("attribute 'axis' is missing");
  llvm::SmallVector<mlir::Value> inputs;
  bool sameType = true;
  for (size_t i = 0; i < count; ++i) {
    inputs.push_back(n.movedInput(i));
    sameType &= n.elementType(inputs.back()) == n.elementType(inputs.front());
  }
  if (!sameType)
    for (size_t i = 0; i < count; ++i)
      inputs[i] = n.input(i);
  for (mlir::Value input : inputs)
    if (!input || n.elementType(input) != n.elementType(inputs.front()))
      return n.invalid("joins tensors of different types");
  auto axis = n.normalizeAxis(n.getInt("axis", 0), n.rank(inputs.front()));
  if (!axis)
    return false;
  if (n.rank(inputs.front()) > 0 && *axis == 0)
    for (mlir::Value input : inputs)
      if (n.rank(input) > 0 && count > 1 &&
          ShapedType::isDynamic(n.shapeOf(input).front()))
        return n.unsupported("joins along the free batch; fix the batch with "
                             "--shape");
  return n.set(0, n.make<ConcatOp>(n.elementType(inputs.front()),
                                   mlir::ValueRange(inputs),
                                   n.builder.getI64IntegerAttr(*axis)));
}

bool importSplit(NodeImporter &n) {
  if (!n.requireInputs(1))
    return false;
  mlir::Value x = n.movedInput();
  auto axis = n.normalizeAxis(n.getInt("axis", 0), n.rank(x));
  if (!axis)
    return false;
  int64_t size = n.shapeOf(x)[*axis];
  if (ShapedType::isDynamic(size))
    return n.unsupported("splits the free batch; fix the batch with --shape");
  Shape sizes = n.getInts("split");
  if (n.hasInput(1)) {
    std::optional<Shape> given = n.constantInts(1, "split");
    if (!given)
      return false;
    sizes = *given;
  }
  int64_t parts = n.node.outputs.size();
  if (sizes.empty()) {
    parts = n.getInt("num_outputs", parts);
    if (parts < 1 || parts != int64_t(n.node.outputs.size()))
      return n.invalid("has " + llvm::Twine(n.node.outputs.size()) +
                       " outputs for " + llvm::Twine(parts) + " parts");
    // The last part is smaller when the size does not divide.
    int64_t chunk = (size + parts - 1) / parts;
    for (int64_t i = 0; i < parts; ++i)
      sizes.push_back(std::max<int64_t>(0, std::min(chunk, size - i * chunk)));
  }
  if (int64_t(sizes.size()) != parts)
    return n.invalid("has " + llvm::Twine(parts) + " outputs for " +
                     llvm::Twine(sizes.size()) + " parts");
  int64_t start = 0;
  for (auto [i, part] : llvm::enumerate(sizes)) {
    if (part < 0 || part > size - start)
      return n.invalid("its parts do not fit into " + llvm::Twine(size));
    if (n.hasOutput(i) && !n.set(i, n.slice(x, *axis, start, part)))
      return false;
    start += part;
  }
  if (start != size)
    return n.invalid("its parts do not add up to " + llvm::Twine(size));
  return true;
}

bool importSlice(NodeImporter &n) {
  if (!n.requireInputs(1))
    return false;
  mlir::Value x = n.movedInput();
  Shape starts, ends, axes, steps;
  if (n.version() < 10) {
    starts = n.getInts("starts");
    ends = n.getInts("ends");
    axes = n.getInts("axes");
  } else {
    Shape *lists[] = {&starts, &ends, &axes, &steps};
    const char *names[] = {"starts", "ends", "axes", "steps"};
    for (size_t i = 0; i < 4; ++i) {
      if (i >= 2 && !n.hasInput(i + 1))
        continue;
      std::optional<Shape> given = n.constantInts(i + 1, names[i]);
      if (!given)
        return false;
      *lists[i] = *given;
    }
  }
  if (axes.empty()) {
    axes.resize(starts.size());
    std::iota(axes.begin(), axes.end(), 0);
  }
  if (steps.empty())
    steps.assign(starts.size(), 1);
  if (ends.size() != starts.size() || axes.size() != starts.size() ||
      steps.size() != starts.size())
    return n.invalid("starts, ends, axes and steps differ in length");

  Shape sizes = n.shapeOf(x);
  Shape from(sizes.size(), 0), stride(sizes.size(), 1);
  for (int64_t &size : sizes)
    if (ShapedType::isDynamic(size))
      size = -1;
  for (auto [start, end, axis, step] :
       llvm::zip_equal(starts, ends, axes, steps)) {
    auto d = n.normalizeAxis(axis, sizes.size());
    if (!d)
      return false;
    if (step == 0 || step == INT64_MIN)
      return n.invalid("has a step of 0");
    int64_t size = n.shapeOf(x)[*d];
    if (ShapedType::isDynamic(size)) {
      if (start != 0 || step != 1 || end < INT32_MAX)
        return n.unsupported("takes a part of the free batch; fix the batch "
                             "with --shape");
      continue;
    }
    auto wrap = [&](int64_t index, int64_t low, int64_t high) {
      if (index < 0)
        index = index < -size ? -1 - size : index + size;
      return std::clamp(index, low, high);
    };
    int64_t first = step > 0 ? wrap(start, 0, size) : wrap(start, -1, size - 1);
    int64_t last = step > 0 ? wrap(end, 0, size) : wrap(end, -1, size - 1);
    int64_t span = step > 0 ? last - first : first - last;
    int64_t magnitude = step > 0 ? step : -step;
    sizes[*d] = span <= 0 ? 0 : (span - 1) / magnitude + 1;
    // A single element needs no step, and an empty result no start.
    stride[*d] = sizes[*d] > 1 ? step : 1;
    from[*d] = sizes[*d] > 0 ? first : 0;
  }
  return n.set(0, n.make<SliceOp>(n.elementType(x), x,
                                  llvm::ArrayRef<int64_t>(from),
                                  llvm::ArrayRef<int64_t>(sizes),
                                  llvm::ArrayRef<int64_t>(stride)));
}

bool importGather(NodeImporter &n) {
  if (!n.requireInputs(2))
    return false;
  mlir::Value x = n.movedInput();
  auto axis = n.normalizeAxis(n.getInt("axis", 0), n.rank(x));
  if (!axis)
    return false;
  if (ShapedType::isDynamic(n.shapeOf(x)[*axis]))
    return n.unsupported("picks from the free batch; fix the batch with "
                         "--shape");
  return n.set(0, n.make<GatherOp>(n.elementType(x), x, n.input(1),
                                   n.builder.getI64IntegerAttr(*axis)));
}

bool importExpand(NodeImporter &n) {
  if (!n.requireInputs(1))
    return false;
  mlir::Value x = n.movedInput();
  std::optional<BatchNumbers> numbers = n.batchNumbers(1);
  if (!numbers)
    return n.hasInput(1) ? n.needsConstant(1, "shape")
                         : n.invalid("operand 'shape' is missing");
  Shape from = n.shapeOf(x);
  size_t rank = std::max(from.size(), numbers->elements.size());
  Shape shape(rank, 1);
  for (size_t d = 0; d < rank; ++d) {
    size_t ownSkip = rank - from.size();
    size_t givenSkip = rank - numbers->elements.size();
    int64_t own = d < ownSkip ? 1 : from[d - ownSkip];
    ShapeNumber given =
        d < givenSkip ? ShapeNumber{1} : numbers->elements[d - givenSkip];
    if (!given.isBatch && given.value < 0)
      return n.invalid("has the negative size " + llvm::Twine(given.value));
    bool isFree = ShapedType::isDynamic(own) || given.isBatch;
    if (isFree && d != 0)
      return n.unsupported("moves the free batch away from the first "
                           "dimension; fix the batch with --shape");
    if (isFree && !ShapedType::isDynamic(own) && own != 1)
      return n.invalid("cannot stretch " + llvm::Twine(own) +
                       " to the free batch");
    if (isFree && !given.isBatch && given.value != 1)
      return n.unsupported("stretches the free batch; fix the batch with "
                           "--shape");
    shape[d] = isFree ? -1 : own == 1 ? given.value : own;
    if (!isFree && own != 1 && given.value != 1 && own != given.value)
      return n.invalid("cannot stretch " + llvm::Twine(own) + " to " +
                       llvm::Twine(given.value));
  }
  return n.set(0, n.make<BroadcastOp>(n.elementType(x), x,
                                      llvm::ArrayRef<int64_t>(shape)));
}

bool importTile(NodeImporter &n) {
  if (!n.requireInputs(1))
    return false;
  std::optional<Shape> repeats = n.constantInts(1, "repeats");
  if (!repeats)
    return false;
  mlir::Value x = n.movedInput();
  if (repeats->size() == n.shapeOf(x).size())
    for (auto [size, count] : llvm::zip_equal(n.shapeOf(x), *repeats))
      if (!ShapedType::isDynamic(size) && count > 0 &&
          count > (int64_t(1) << 40) / std::max<int64_t>(size, 1))
        return n.invalid("its result is too large");
  return n.set(0, n.make<TileOp>(n.elementType(x), x,
                                 llvm::ArrayRef<int64_t>(*repeats)));
}

bool importPad(NodeImporter &n) {
  if (!n.requireInputs(1))
    return false;
  mlir::Value x = n.input(0);
  int64_t rank = n.rank(x);
  Shape amounts = n.getInts("pads");
  double value = n.getFloat("value", 0);
  if (n.version() >= 11) {
    std::optional<Shape> given = n.constantInts(1, "pads");
    if (!given)
      return false;
    amounts = *given;
    value = 0;
    if (n.hasInput(2)) {
      auto constant = n.constantFloat(2, "constant_value");
      if (!constant)
        return false;
      value = *constant;
    }
  }
  Shape axes(rank);
  std::iota(axes.begin(), axes.end(), 0);
  if (n.hasInput(3)) {
    std::optional<Shape> given = n.constantInts(3, "axes");
    if (!given)
      return false;
    axes.clear();
    for (int64_t axis : *given) {
      auto normalized = n.normalizeAxis(axis, rank);
      if (!normalized)
        return false;
      axes.push_back(*normalized);
    }
  }
  if (amounts.size() != 2 * axes.size())
    return n.invalid("has " + llvm::Twine(amounts.size()) + " amounts for " +
                     llvm::Twine(axes.size()) + " dimensions");
  Shape low(rank, 0), high(rank, 0);
  for (auto [i, axis] : llvm::enumerate(axes)) {
    low[axis] = amounts[i];
    high[axis] = amounts[i + axes.size()];
    if (std::max(low[axis], high[axis]) > INT32_MAX ||
        std::min(low[axis], high[axis]) < -int64_t(INT32_MAX))
      return n.invalid("its result is too large");
  }
  std::string name = n.getString("mode", "constant");
  auto mode = symbolizePadMode(name);
  if (!mode)
    return n.unsupported("mode '" + name + "'");
  auto attribute = PadModeAttr::get(n.builder.getContext(), *mode);
  return n.set(0,
               n.make<PadOp>(n.elementType(x), x, llvm::ArrayRef<int64_t>(low),
                             llvm::ArrayRef<int64_t>(high), attribute,
                             n.builder.getF64FloatAttr(value)));
}

bool importIdentity(NodeImporter &n) {
  return n.requireInputs(1) && n.set(0, n.codedInput(0));
}

bool importDropout(NodeImporter &n) {
  if (!n.requireInputs(1))
    return false;
  if (n.hasInput(2)) {
    std::optional<Shape> training = n.constantInts(2, "training_mode");
    if (!training)
      return false;
    if (!training->empty() && training->front() != 0)
      return n.unsupported("training mode");
  }
  if (n.hasOutput(1)) {
    mlir::Value x = n.input(0);
    mlir::Type element =
        n.version() >= 10 ? n.builder.getI1Type() : n.elementType(x);
    mlir::Value mask = n.scalar(element, 1);
    Shape shape = n.shapeOf(x);
    for (int64_t &size : shape)
      if (ShapedType::isDynamic(size))
        size = -1;
    mask = n.make<BroadcastOp>(element, mask, llvm::ArrayRef<int64_t>(shape));
    if (!n.set(1, mask))
      return false;
  }
  return n.set(0, n.codedInput(0));
}

} // namespace shiftadd::onnx_import
