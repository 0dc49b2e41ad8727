//===- NodeBuilding.cpp - Shorthands that build ops -----------------------===//
//
// Part of the shiftadd project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// The shorthands with which handlers build ops, and the permuting of constants.
//
//===----------------------------------------------------------------------===//

#include "frontend/Onnx/NodeImporter.h"

#include "mlir/IR/BuiltinAttributes.h"
#include "mlir/IR/DialectResourceBlobManager.h"
#include "llvm/ADT/APFloat.h"
#include "llvm/ADT/STLExtras.h"

#include <cstring>

namespace shiftadd::onnx_import {

using mlir::ShapedType;

mlir::Value NodeImporter::cast(mlir::Value x, mlir::Type element) {
  if (!x || elementType(x) == element)
    return x;
  return make<CastOp>(element, x);
}

mlir::Value NodeImporter::transpose(mlir::Value x,
                                    llvm::ArrayRef<int64_t> permutation) {
  bool identity = true;
  for (auto [to, from] : llvm::enumerate(permutation))
    identity &= int64_t(to) == from;
  if (identity && int64_t(permutation.size()) == rank(x))
    return x;
  return make<TransposeOp>(elementType(x), x, permutation);
}

mlir::Value NodeImporter::reshape(mlir::Value x,
                                  llvm::ArrayRef<int64_t> shape) {
  if (!x || shapeOf(x) == shape)
    return x;
  Shape attribute(shape);
  for (auto [d, size] : llvm::enumerate(attribute)) {
    if (!ShapedType::isDynamic(size))
      continue;
    if (d != 0) {
      unsupported("moves the free batch away from the first dimension; fix the "
                  "batch with --shape");
      return {};
    }
    size = -1;
  }
  bool freeIn = rank(x) > 0 && ShapedType::isDynamic(shapeOf(x).front());
  if (freeIn && (shape.empty() || !ShapedType::isDynamic(shape.front()))) {
    unsupported("mixes the samples of the free batch; fix the batch with "
                "--shape");
    return {};
  }
  return make<ReshapeOp>(elementType(x), x, llvm::ArrayRef<int64_t>(attribute));
}

mlir::Value NodeImporter::slice(mlir::Value x, int64_t axis, int64_t start,
                                int64_t size) {
  Shape sizes = shapeOf(x);
  if (axis >= int64_t(sizes.size()))
    return {};
  Shape starts(sizes.size(), 0), steps(sizes.size(), 1);
  for (int64_t &entry : sizes)
    if (ShapedType::isDynamic(entry))
      entry = -1;
  starts[axis] = start;
  sizes[axis] = size;
  return make<SliceOp>(elementType(x), x, llvm::ArrayRef<int64_t>(starts),
                       llvm::ArrayRef<int64_t>(sizes),
                       llvm::ArrayRef<int64_t>(steps));
}

mlir::Value NodeImporter::gather(mlir::Value x, llvm::ArrayRef<int64_t> indices,
                                 int64_t axis) {
  return make<GatherOp>(elementType(x), x, ints(indices),
                        builder.getI64IntegerAttr(axis));
}

mlir::Value NodeImporter::clamp(mlir::Value x, std::optional<double> minimum,
                                std::optional<double> maximum) {
  auto attribute = [&](std::optional<double> bound) {
    return bound ? builder.getF64FloatAttr(*bound) : mlir::FloatAttr();
  };
  return make<ClampOp>(elementType(x), x, attribute(minimum),
                       attribute(maximum));
}

mlir::Value NodeImporter::splat(mlir::Type element,
                                llvm::ArrayRef<int64_t> shape, double value) {
  if (failed || !element)
    return {};
  auto type = mlir::RankedTensorType::get(shape, element);
  mlir::Attribute attribute;
  if (llvm::isa<mlir::FloatType>(element))
    attribute = builder.getFloatAttr(element, value);
  else if (element.isUnsignedInteger())
    attribute = builder.getIntegerAttr(
        element, llvm::APInt(element.getIntOrFloatBitWidth(),
                             static_cast<uint64_t>(value), false, true));
  else
    attribute = builder.getIntegerAttr(
        element, llvm::APInt(element.getIntOrFloatBitWidth(),
                             static_cast<uint64_t>(static_cast<int64_t>(value)),
                             true, true));
  return ConstantOp::create(builder, location,
                            mlir::DenseElementsAttr::get(type, attribute));
}

mlir::Value NodeImporter::scalar(mlir::Type element, double value) {
  return splat(element, {}, value);
}

mlir::Value NodeImporter::ints(llvm::ArrayRef<int64_t> values) {
  if (failed)
    return {};
  return makeConstant(builder, location, {int64_t(values.size())}, values);
}

mlir::Value NodeImporter::constant(mlir::RankedTensorType type,
                                   llvm::ArrayRef<char> bytes,
                                   llvm::StringRef name) {
  if (failed)
    return {};
  return makeConstant(builder, location, type, bytes, name);
}

mlir::Value NodeImporter::constant(const ref::Tensor &tensor,
                                   llvm::StringRef name) {
  return constant(tensor.getType(), tensor.getBytes(), name);
}

mlir::Value NodeImporter::alongAxis(mlir::Value vector, int64_t axis,
                                    int64_t rank) {
  if (!vector || shapeOf(vector).size() != 1)
    return vector;
  Shape shape(rank, 1);
  if (axis >= 0 && axis < rank)
    shape[axis] = shapeOf(vector).front();
  return reshape(vector, shape);
}

//===----------------------------------------------------------------------===//
// Permuting
//===----------------------------------------------------------------------===//

/// Copies elements of `width` bytes into the order of the permuted tensor.
static llvm::SmallVector<char, 0>
permuteBytes(llvm::ArrayRef<char> bytes, llvm::ArrayRef<int64_t> shape,
             llvm::ArrayRef<int64_t> permutation, size_t width) {
  llvm::SmallVector<char, 0> result(bytes.size());
  if (bytes.empty())
    return result;
  Shape strides(shape.size(), int64_t(width));
  for (int64_t d = int64_t(shape.size()) - 2; d >= 0; --d)
    strides[d] = strides[d + 1] * shape[d + 1];
  Shape index(shape.size(), 0);
  const char *from = bytes.data();
  for (size_t to = 0; to < bytes.size(); to += width) {
    std::memcpy(result.data() + to, from, width);
    for (int64_t d = int64_t(permutation.size()) - 1; d >= 0; --d) {
      int64_t source = permutation[d];
      from += strides[source];
      if (++index[d] < shape[source])
        break;
      from -= strides[source] * shape[source];
      index[d] = 0;
    }
  }
  return result;
}

/// The key of a constant's blob, so that its permuted copy is recognised.
static llvm::StringRef resourceName(mlir::ElementsAttr value) {
  auto resource = llvm::dyn_cast<mlir::DenseResourceElementsAttr>(value);
  return resource ? resource.getRawHandle().getKey() : "constant";
}

/// The element type of a tensor whose dimensions are permuted: per-axis
/// quantisation follows its axis.
static mlir::Type permutedElement(mlir::Type element,
                                  llvm::ArrayRef<int64_t> permutation) {
  auto perAxis =
      llvm::dyn_cast<mlir::quant::UniformQuantizedPerAxisType>(element);
  if (!perAxis)
    return element;
  auto axis = llvm::find(permutation, perAxis.getQuantizedDimension()) -
              permutation.begin();
  return mlir::quant::UniformQuantizedPerAxisType::get(
      perAxis.getFlags(), perAxis.getStorageType(), perAxis.getExpressedType(),
      perAxis.getScales(), perAxis.getZeroPoints(), int32_t(axis),
      perAxis.getStorageTypeMin(), perAxis.getStorageTypeMax());
}

static Shape permutedShape(llvm::ArrayRef<int64_t> shape,
                           llvm::ArrayRef<int64_t> permutation) {
  Shape result;
  for (int64_t from : permutation)
    result.push_back(shape[from]);
  return result;
}

mlir::Value NodeImporter::permuted(mlir::Value x,
                                   llvm::ArrayRef<int64_t> permutation) {
  if (!x || int64_t(permutation.size()) != rank(x))
    return transpose(x, permutation);
  if (auto dequantize = x.getDefiningOp<DequantizeOp>())
    if (dequantize.getInput().getDefiningOp<ConstantOp>())
      return make<DequantizeOp>(elementType(x),
                                permuted(dequantize.getInput(), permutation));
  auto op = x.getDefiningOp<ConstantOp>();
  // MLIR packs booleans into bits; the interpreter unpacks them.
  if (!op || isBool(x))
    return transpose(x, permutation);
  mlir::Type element = elementType(x);
  auto storage = mlir::RankedTensorType::get(tensorType(x).getShape(),
                                             getStorageType(element));
  auto tensor = ref::Tensor::fromAttribute(op.getValue(), storage);
  if (!tensor) {
    llvm::consumeError(tensor.takeError());
    return transpose(x, permutation);
  }
  llvm::ArrayRef<int64_t> shape = tensor->getShape();
  return constant(
      mlir::RankedTensorType::get(permutedShape(shape, permutation),
                                  permutedElement(element, permutation)),
      permuteBytes(tensor->getBytes(), shape, permutation,
                   ref::getByteWidth(tensor->getKind())),
      resourceName(op.getValue()));
}

mlir::Value NodeImporter::permutedInput(size_t index,
                                        llvm::ArrayRef<int64_t> permutation) {
  if (!hasInput(index))
    return {};
  Symbol &symbol = *operands[index];
  if (symbol.value || !symbol.data || failed ||
      symbol.data->shape.size() != permutation.size())
    return permuted(input(index), permutation);
  const TensorData &data = *symbol.data;
  mlir::Type element = toElementType(builder.getContext(), data.type);
  if (!element)
    return input(index);
  std::string_view bytes = data.view();
  return constant(mlir::RankedTensorType::get(
                      permutedShape(data.shape, permutation), element),
                  permuteBytes({bytes.data(), bytes.size()}, data.shape,
                               permutation, dataTypeBytes(data.type)),
                  data.name);
}

mlir::Value NodeImporter::toChannelsLast(mlir::Value x) {
  Shape permutation{0};
  for (int64_t d = 2; d < rank(x); ++d)
    permutation.push_back(d);
  permutation.push_back(1);
  return transpose(x, permutation);
}

mlir::Value NodeImporter::toChannelsFirst(mlir::Value x) {
  Shape permutation{0, rank(x) - 1};
  for (int64_t d = 1; d + 1 < rank(x); ++d)
    permutation.push_back(d);
  return transpose(x, permutation);
}

} // namespace shiftadd::onnx_import
