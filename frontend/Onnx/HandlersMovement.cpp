//===- HandlersMovement.cpp - Moving elements without computing -*- C++ -*-===//
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

namespace {

/// Axes as an attribute or, from version 13 on, as an operand.
std::optional<Shape> readAxes(NodeImporter &n) {
  if (n.hasInput(1))
    return n.constantInts(1, "axes");
  return n.getInts("axes");
}

/// The result of reshaping to numbers of which some may be the free batch.
bool reshapeTo(NodeImporter &n, const BatchNumbers &numbers, bool allowZero) {
  mlir::Value x = n.movedInput();
  Shape from = n.shapeOf(x);
  bool isFree = !from.empty() && ShapedType::isDynamic(from.front());
  Shape to;
  std::optional<size_t> inferred;
  int64_t known = 1;
  for (auto [d, number] : llvm::enumerate(numbers.elements)) {
    int64_t size = number.value;
    if (number.isBatch) {
      size = ShapedType::kDynamic;
    } else if (size == 0 && !allowZero) {
      if (d >= from.size())
        return n.invalid("copies dimension " + llvm::Twine(d) + " of a " +
                         llvm::Twine(from.size()) + "-dimensional tensor");
      size = from[d];
    } else if (size == -1) {
      if (inferred)
        return n.invalid("infers more than one dimension");
      inferred = d;
    } else if (size < 0) {
      return n.invalid("has the negative size " + llvm::Twine(size));
    }
    if (size > (int64_t(1) << 40) / std::max<int64_t>(known, 1))
      return n.invalid("its result is too large");
    if (size >= 0)
      known *= size;
    to.push_back(size);
  }
  if (inferred) {
    int64_t count = 1;
    for (int64_t size : from)
      count *= ShapedType::isDynamic(size) ? 1 : size;
    bool hasBatch = !to.empty() && ShapedType::isDynamic(to.front());
    if (isFree && !hasBatch && *inferred == 0 && known == count) {
      to[0] = ShapedType::kDynamic;
    } else {
      if (known == 0 ? count != 0 : count % known != 0)
        return n.invalid("cannot divide " + llvm::Twine(count) +
                         " elements by " + llvm::Twine(known));
      to[*inferred] = known == 0 ? 0 : count / known;
    }
  }
  return n.set(0, n.reshape(x, to));
}

} // namespace

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

bool importReshape(NodeImporter &n) {
  if (!n.requireInputs(1))
    return false;
  std::optional<BatchNumbers> numbers = n.batchNumbers(1);
  if (!numbers)
    return n.hasInput(1) ? n.needsConstant(1, "shape")
                         : n.invalid("operand 'shape' is missing");
  return reshapeTo(n, *numbers, n.getInt("allowzero", 0) != 0);
}

bool importFlatten(NodeImporter &n) {
  if (!n.requireInputs(1))
    return false;
  mlir::Value x = n.movedInput();
  Shape shape = n.shapeOf(x);
  int64_t axis = n.getInt("axis", 1), rank = shape.size();
  if (axis < -rank || axis > rank)
    return n.invalid("axis " + llvm::Twine(axis) + " is outside the " +
                     llvm::Twine(rank) + " dimensions");
  if (axis < 0)
    axis += rank;
  Shape flat{1, 1};
  for (auto [d, size] : llvm::enumerate(shape)) {
    int64_t &target = flat[int64_t(d) < axis ? 0 : 1];
    if (ShapedType::isDynamic(size) || ShapedType::isDynamic(target)) {
      if (size != 1 && target != 1)
        return n.unsupported("mixes the samples of the free batch; fix the "
                             "batch with --shape");
      target = ShapedType::kDynamic;
    } else {
      target *= size;
    }
  }
  return n.set(0, n.reshape(x, flat));
}

bool importSqueeze(NodeImporter &n) {
  if (!n.requireInputs(1))
    return false;
  mlir::Value x = n.movedInput();
  std::optional<Shape> given = readAxes(n);
  if (!given)
    return false;
  Shape shape = n.shapeOf(x), result;
  std::optional<Shape> axes = n.normalizeAxes(*given, shape.size());
  if (!axes)
    return false;
  bool all = !n.hasInput(1) && !n.hasAttribute("axes");
  for (auto [d, size] : llvm::enumerate(shape)) {
    bool named = llvm::is_contained(*axes, int64_t(d));
    if (named && size != 1)
      return n.invalid("removes dimension " + llvm::Twine(d) +
                       ", whose size is not 1");
    if (!named && !(all && size == 1))
      result.push_back(size);
  }
  return n.set(0, n.reshape(x, result));
}

bool importUnsqueeze(NodeImporter &n) {
  if (!n.requireInputs(1))
    return false;
  mlir::Value x = n.movedInput();
  std::optional<Shape> given = readAxes(n);
  if (!given)
    return false;
  Shape shape = n.shapeOf(x), result;
  int64_t rank = int64_t(shape.size() + given->size());
  std::optional<Shape> axes = n.normalizeAxes(*given, rank);
  if (!axes)
    return false;
  if (axes->size() != given->size())
    return n.invalid("names an axis twice");
  auto next = shape.begin();
  for (int64_t d = 0; d < rank; ++d)
    result.push_back(llvm::is_contained(*axes, d) ? 1 : *next++);
  return n.set(0, n.reshape(x, result));
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

namespace {

/// [N, C, H, W] of one of the two depth operators, and its block size.
bool readDepth(NodeImporter &n, Shape &shape, int64_t &block, bool &isDcr) {
  if (!n.requireInputs(1))
    return false;
  shape = n.shapeOf(n.codedInput(0));
  block = n.getInt("blocksize", 0);
  if (shape.size() != 4 || block < 1 || block > INT32_MAX)
    return n.invalid("needs a tensor [N, C, H, W] and a positive block size");
  std::string mode = n.getString("mode", "DCR");
  isDcr = mode == "DCR";
  return isDcr || mode == "CRD" || n.invalid("mode must be DCR or CRD");
}

} // namespace

bool importDepthToSpace(NodeImporter &n) {
  Shape shape;
  int64_t block;
  bool isDcr;
  if (!readDepth(n, shape, block, isDcr))
    return false;
  if (shape[1] % (block * block) != 0)
    return n.invalid("its channels do not divide into blocks");
  int64_t depth = shape[1] / (block * block);
  Shape split = isDcr
                    ? Shape{shape[0], block, block, depth, shape[2], shape[3]}
                    : Shape{shape[0], depth, block, block, shape[2], shape[3]};
  Shape order = isDcr ? Shape{0, 3, 4, 1, 5, 2} : Shape{0, 1, 4, 2, 5, 3};
  mlir::Value y = n.transpose(n.reshape(n.movedInput(), split), order);
  return n.set(
      0, n.reshape(y, {shape[0], depth, shape[2] * block, shape[3] * block}));
}

bool importSpaceToDepth(NodeImporter &n) {
  Shape shape;
  int64_t block;
  bool isDcr;
  if (!readDepth(n, shape, block, isDcr))
    return false;
  if (shape[2] % block != 0 || shape[3] % block != 0)
    return n.invalid("its rows or columns do not divide into blocks");
  mlir::Value y =
      n.reshape(n.movedInput(), {shape[0], shape[1], shape[2] / block, block,
                                 shape[3] / block, block});
  y = n.transpose(y, isDcr ? Shape{0, 3, 5, 1, 2, 4} : Shape{0, 1, 3, 5, 2, 4});
  return n.set(0, n.reshape(y, {shape[0], shape[1] * block * block,
                                shape[2] / block, shape[3] / block}));
}

} // namespace shiftadd::onnx_import
