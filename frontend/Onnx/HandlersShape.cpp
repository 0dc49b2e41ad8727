//===- HandlersShape.cpp - Shapes and constants ---------------------------===//
//
// Part of the shiftadd project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// What is known at compile time becomes a constant at once: shapes, ranges and
// filled tensors never reach the program.
//
//===----------------------------------------------------------------------===//

#include "frontend/Onnx/Handlers.h"

#include <cmath>

namespace shiftadd::onnx_import {

using mlir::ShapedType;

bool importShape(NodeImporter &n) {
  if (!n.requireInputs(1))
    return false;
  Shape shape = n.shapeOf(n.codedInput(0));
  int64_t rank = shape.size();
  auto bound = [&](llvm::StringRef name, int64_t otherwise) {
    int64_t value = n.getInt(name, otherwise);
    if (value < 0)
      value = value < -rank ? 0 : value + rank;
    return std::min(value, rank);
  };
  int64_t start = bound("start", 0), end = bound("end", rank);
  Shape part;
  if (start < end)
    part.assign(shape.begin() + start, shape.begin() + end);
  if (llvm::none_of(part, ShapedType::isDynamic))
    return n.set(0, n.ints(part));
  BatchNumbers numbers;
  for (int64_t size : part)
    numbers.elements.push_back(ShapedType::isDynamic(size)
                                   ? ShapeNumber{0, true}
                                   : ShapeNumber{size, false});
  return n.set(0, std::move(numbers));
}

bool importSize(NodeImporter &n) {
  if (!n.requireInputs(1))
    return false;
  int64_t count = 1;
  for (int64_t size : n.shapeOf(n.codedInput(0))) {
    if (ShapedType::isDynamic(size))
      return n.unsupported("counts the elements of the free batch; fix the "
                           "batch with --shape");
    count *= size;
  }
  return n.set(0, makeConstant(n.builder, n.location, {},
                               llvm::ArrayRef<int64_t>(count)));
}

namespace {

mlir::Value build(NodeImporter &n, const TensorData &data) {
  mlir::Type element = toElementType(n.builder.getContext(), data.type);
  if (!element) {
    n.unsupported("type " + dataTypeName(data.type));
    return {};
  }
  std::string_view bytes = data.view();
  return n.constant(mlir::RankedTensorType::get(data.shape, element),
                    {bytes.data(), bytes.size()},
                    data.name.empty() ? n.node.outputs.front() : data.name);
}

const TensorData *findTensor(NodeImporter &n, const char *name) {
  auto found = n.node.attributes.find(name);
  if (found == n.node.attributes.end())
    return nullptr;
  const auto *tensor = std::get_if<TensorData>(&found->second.value);
  if (!tensor)
    n.invalid(llvm::Twine("attribute '") + name + "' is no tensor");
  return tensor;
}

} // namespace

bool importConstant(NodeImporter &n) {
  if (n.node.outputs.empty())
    return n.invalid("has no output");
  if (n.hasAttribute("value")) {
    const TensorData *tensor = findTensor(n, "value");
    return tensor && n.set(0, build(n, *tensor));
  }
  if (n.hasAttribute("value_int"))
    return n.set(
        0, makeConstant(n.builder, n.location, {},
                        llvm::ArrayRef<int64_t>(n.getInt("value_int", 0))));
  if (n.hasAttribute("value_float"))
    return n.set(
        0, n.scalar(n.builder.getF32Type(), n.getFloat("value_float", 0)));
  if (n.hasAttribute("value_ints"))
    return n.set(0, n.ints(n.getInts("value_ints")));
  if (n.hasAttribute("value_floats")) {
    llvm::SmallVector<float> values = n.getFloats("value_floats");
    return n.set(0,
                 makeConstant(n.builder, n.location, {int64_t(values.size())},
                              llvm::ArrayRef<float>(values)));
  }
  return n.invalid("has no value");
}

bool importConstantOfShape(NodeImporter &n) {
  std::optional<Shape> shape = n.constantInts(0, "shape");
  if (!shape)
    return false;
  int64_t count = 1;
  for (int64_t size : *shape) {
    if (size < 0)
      return n.invalid("has the negative size " + llvm::Twine(size));
    if (size > (int64_t(1) << 40) / std::max<int64_t>(count, 1))
      return n.invalid("its result is too large");
    count *= size;
  }
  if (!n.hasAttribute("value"))
    return n.set(0, n.splat(n.builder.getF32Type(), *shape, 0));
  const TensorData *tensor = findTensor(n, "value");
  if (!tensor)
    return false;
  mlir::Type element = toElementType(n.builder.getContext(), tensor->type);
  if (!element || tensor->view().size() != dataTypeBytes(tensor->type))
    return n.invalid("its value must be one element");
  // The one element, bit by bit, as a splat.
  auto type = mlir::RankedTensorType::get(*shape, element);
  std::string_view bytes = tensor->view();
  mlir::DenseElementsAttr attribute =
      element.isInteger(1)
          ? mlir::DenseElementsAttr::get(type, bytes.front() != 0)
          : mlir::DenseElementsAttr::getFromRawBuffer(
                type, llvm::ArrayRef<char>(bytes.data(), bytes.size()));
  return n.set(
      0, ConstantOp::create(n.builder, n.location, attribute).getResult());
}

bool importRange(NodeImporter &n) {
  const char *names[] = {"start", "limit", "delta"};
  std::optional<ref::Tensor> tensors[3];
  for (size_t i = 0; i < 3; ++i) {
    if (!n.hasInput(i))
      return n.invalid(llvm::Twine("operand '") + names[i] + "' is missing");
    tensors[i] = n.constant(i);
    if (!tensors[i])
      return n.needsConstant(i, names[i]);
    if (tensors[i]->getElementCount() != 1)
      return n.invalid(llvm::Twine("operand '") + names[i] +
                       "' is no single number");
    if (tensors[i]->getElementType() != tensors[0]->getElementType())
      return n.invalid("its operands differ in type");
  }
  double start = tensors[0]->getDouble(0), limit = tensors[1]->getDouble(0);
  double delta = tensors[2]->getDouble(0);
  double count = std::ceil((limit - start) / delta);
  if (delta == 0 || std::isnan(count) || count > double(1 << 28))
    return n.invalid("has no sensible number of elements");
  int64_t size = std::max<int64_t>(0, int64_t(count));
  mlir::Type element = tensors[0]->getElementType();
  auto result = ref::Tensor::create(element, {size});
  if (!result)
    return n.invalid(llvm::toString(result.takeError()));
  for (int64_t i = 0; i < size; ++i) {
    if (result->isFloat())
      result->setDouble(i, start + double(i) * delta);
    else
      result->setInteger(
          i, int64_t(uint64_t(tensors[0]->getInteger(0)) +
                     uint64_t(i) * uint64_t(tensors[2]->getInteger(0))));
  }
  return n.set(0, n.constant(*result, "range"));
}

} // namespace shiftadd::onnx_import
