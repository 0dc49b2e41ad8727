//===- BatchArithmetic.cpp - Shape arithmetic with a free batch -----------===//
//
// Part of the shiftadd project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// A network with a free batch computes with its size, mostly to put it first
// into the operand of a Reshape. The size has no value at compile time; these
// numbers carry it as a symbol through the operators that such chains consist
// of.
//
//===----------------------------------------------------------------------===//

#include "frontend/Onnx/Handlers.h"

namespace shiftadd::onnx_import {
namespace {

bool refuse(NodeImporter &n) {
  return n.unsupported("computes with the size of the free batch; fix the "
                       "batch with --shape");
}

/// A result without the batch is an ordinary constant again.
bool setNumbers(NodeImporter &n, BatchNumbers numbers) {
  bool hasBatch = llvm::any_of(numbers.elements,
                               [](const ShapeNumber &e) { return e.isBatch; });
  if (hasBatch)
    return n.set(0, std::move(numbers));
  Shape values;
  for (const ShapeNumber &element : numbers.elements)
    values.push_back(element.value);
  if (numbers.isScalar)
    return n.set(0, makeConstant(n.builder, n.location, {},
                                 llvm::ArrayRef<int64_t>(values)));
  return n.set(0, n.ints(values));
}

bool gather(NodeImporter &n, const BatchNumbers &data) {
  if (!n.hasInput(1) || data.isScalar)
    return refuse(n);
  std::optional<BatchNumbers> indices = n.batchNumbers(1);
  if (!indices)
    return refuse(n);
  BatchNumbers result;
  result.isScalar = indices->isScalar;
  int64_t size = data.elements.size();
  for (const ShapeNumber &index : indices->elements) {
    int64_t i = index.value < 0 ? index.value + size : index.value;
    if (index.isBatch || i < 0 || i >= size)
      return n.invalid("picks element " + llvm::Twine(index.value) + " of " +
                       llvm::Twine(size));
    result.elements.push_back(data.elements[i]);
  }
  return setNumbers(n, std::move(result));
}

bool slice(NodeImporter &n, const BatchNumbers &data) {
  Shape lists[4];
  const char *names[] = {"starts", "ends", "axes", "steps"};
  for (size_t i = 0; i < 4; ++i) {
    if (n.version() < 10) {
      lists[i] = n.getInts(names[i]);
    } else if (n.hasInput(i + 1)) {
      std::optional<Shape> given = n.constantInts(i + 1, names[i]);
      if (!given)
        return false;
      lists[i] = *given;
    }
  }
  if (lists[0].size() != 1 || lists[1].size() != 1 || data.isScalar ||
      (lists[3].size() == 1 && lists[3].front() != 1))
    return refuse(n);
  int64_t size = data.elements.size();
  auto clip = [&](int64_t index) {
    if (index < 0)
      index = index < -size ? 0 : index + size;
    return std::min(index, size);
  };
  BatchNumbers result;
  for (int64_t i = clip(lists[0].front()); i < clip(lists[1].front()); ++i)
    result.elements.push_back(data.elements[i]);
  return setNumbers(n, std::move(result));
}

bool concat(NodeImporter &n) {
  BatchNumbers result;
  for (size_t i = 0; i < n.inputCount(); ++i) {
    std::optional<BatchNumbers> part = n.batchNumbers(i);
    if (!part || part->isScalar)
      return refuse(n);
    llvm::append_range(result.elements, part->elements);
  }
  return setNumbers(n, std::move(result));
}

/// Between a scalar and a vector of one element.
bool reshape(NodeImporter &n, BatchNumbers data) {
  const std::string &type = n.node.type;
  if (type == "Squeeze") {
    if (data.elements.size() != 1)
      return refuse(n);
    data.isScalar = true;
  } else if (type == "Unsqueeze") {
    if (!data.isScalar)
      return refuse(n);
    data.isScalar = false;
  } else {
    std::optional<Shape> shape = n.constantInts(1, "shape");
    if (!shape)
      return false;
    if (shape->size() > 1 || (shape->empty() && data.elements.size() != 1) ||
        (shape->size() == 1 && shape->front() > 0 &&
         shape->front() != int64_t(data.elements.size())))
      return refuse(n);
    data.isScalar = shape->empty();
  }
  return setNumbers(n, std::move(data));
}

/// Element i of an operand that may be a scalar.
const ShapeNumber &at(const BatchNumbers &numbers, size_t i) {
  return numbers.elements.size() == 1 ? numbers.elements.front()
                                      : numbers.elements[i];
}

/// Reads `count` operands of equal length, scalars stretched.
bool readAligned(NodeImporter &n, llvm::SmallVector<BatchNumbers> &operands,
                 size_t count, size_t &length) {
  length = 1;
  for (size_t i = 0; i < count; ++i) {
    std::optional<BatchNumbers> numbers = n.batchNumbers(i);
    if (!numbers || numbers->elements.empty())
      return refuse(n);
    size_t size = numbers->elements.size();
    if (size != 1 && length != 1 && size != length)
      return refuse(n);
    length = std::max(length, size);
    operands.push_back(std::move(*numbers));
  }
  return true;
}

bool allScalar(llvm::ArrayRef<BatchNumbers> operands) {
  return llvm::all_of(operands,
                      [](const BatchNumbers &b) { return b.isScalar; });
}

/// The batch differs from every number below 1; else nobody knows.
bool equal(NodeImporter &n) {
  llvm::SmallVector<BatchNumbers> operands;
  size_t length;
  if (!readAligned(n, operands, 2, length))
    return false;
  llvm::SmallVector<char> bytes;
  for (size_t i = 0; i < length; ++i) {
    ShapeNumber a = at(operands[0], i), b = at(operands[1], i);
    if (a.isBatch != b.isBatch && (a.isBatch ? b : a).value > 0)
      return refuse(n);
    bytes.push_back(a == b);
  }
  Shape shape;
  if (!allScalar(operands))
    shape.push_back(int64_t(length));
  return n.set(
      0, n.constant(mlir::RankedTensorType::get(shape, n.builder.getI1Type()),
                    bytes, "equal"));
}

bool where(NodeImporter &n) {
  llvm::SmallVector<BatchNumbers> operands;
  size_t length;
  if (!readAligned(n, operands, 3, length))
    return false;
  BatchNumbers result;
  result.isScalar = allScalar(operands);
  for (size_t i = 0; i < length; ++i) {
    ShapeNumber condition = at(operands[0], i);
    if (condition.isBatch)
      return refuse(n);
    result.elements.push_back(at(operands[condition.value ? 1 : 2], i));
  }
  return setNumbers(n, std::move(result));
}

/// Only what leaves the batch as it is, or cancels it.
bool arithmetic(NodeImporter &n) {
  llvm::SmallVector<BatchNumbers> operands;
  size_t length;
  if (!readAligned(n, operands, 2, length))
    return false;
  const std::string &type = n.node.type;
  BatchNumbers result;
  result.isScalar = allScalar(operands);
  for (size_t i = 0; i < length; ++i) {
    ShapeNumber a = at(operands[0], i), b = at(operands[1], i);
    uint64_t x = uint64_t(a.value), y = uint64_t(b.value);
    if (!a.isBatch && !b.isBatch) {
      if (type == "Div" && (b.value == 0 || b.value == -1))
        return refuse(n);
      result.elements.push_back({type == "Mul"   ? int64_t(x * y)
                                 : type == "Add" ? int64_t(x + y)
                                 : type == "Sub" ? int64_t(x - y)
                                                 : a.value / b.value,
                                 false});
    } else if (type == "Mul" && (a.value == 1 || b.value == 1)) {
      result.elements.push_back({0, true});
    } else if (type == "Div" && a.isBatch && !b.isBatch && b.value == 1) {
      result.elements.push_back(a);
    } else if (type == "Div" && a.isBatch && b.isBatch) {
      result.elements.push_back({1, false});
    } else if (type == "Add" &&
               ((!a.isBatch && a.value == 0) || (!b.isBatch && b.value == 0))) {
      result.elements.push_back({0, true});
    } else if (type == "Sub" && a.isBatch && !b.isBatch && b.value == 0) {
      result.elements.push_back(a);
    } else if (type == "Sub" && a.isBatch && b.isBatch) {
      result.elements.push_back({0, false});
    } else {
      return refuse(n);
    }
  }
  return setNumbers(n, std::move(result));
}

} // namespace

bool importBatchArithmetic(NodeImporter &n) {
  const std::string &type = n.node.type;
  if (!n.node.domain.empty())
    return refuse(n);
  if (type == "Concat")
    return concat(n);
  if (type == "Equal")
    return equal(n);
  if (type == "Where")
    return where(n);
  if (type == "Add" || type == "Sub" || type == "Mul" || type == "Div")
    return arithmetic(n);
  if (!n.dependsOnBatch(0))
    return refuse(n);
  BatchNumbers data = *n.batchNumbers(0);
  if (type == "Gather")
    return gather(n, data);
  if (type == "Slice")
    return slice(n, data);
  if (type == "Squeeze" || type == "Unsqueeze" || type == "Reshape")
    return reshape(n, std::move(data));
  if (type == "Cast") {
    int64_t to = n.getInt("to", 0);
    return to == kInt64 || to == kInt32 ? setNumbers(n, std::move(data))
                                        : refuse(n);
  }
  if (type == "Identity")
    return setNumbers(n, std::move(data));
  return refuse(n);
}

} // namespace shiftadd::onnx_import
