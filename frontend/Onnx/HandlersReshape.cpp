//===- HandlersReshape.cpp - The same elements in another shape -----------===//
//
// Part of the shiftadd project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// A reshape keeps the free batch where it can tell it: as the size that Shape
// gave, as a copied dimension, or as what is left of the elements of a sample.
//
//===----------------------------------------------------------------------===//

#include "frontend/Onnx/Handlers.h"

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
