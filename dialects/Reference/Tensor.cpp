//===- Tensor.cpp - Values of the reference interpreter -------------------===//
//
// Part of the shiftadd project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
#include "dialects/Reference/Tensor.h"

#include "dialects/ShiftAdd/IR/Build.h"
#include "dialects/ShiftAdd/IR/ShiftAdd.h"
#include "dialects/ShiftAdd/IR/WeightView.h"

#include "mlir/IR/BuiltinAttributes.h"
#include "llvm/ADT/APFloat.h"
#include "llvm/ADT/STLExtras.h"
#include "llvm/Support/Format.h"
#include "llvm/Support/raw_ostream.h"

#include <cmath>
#include <cstdlib>
#include <cstring>
#include <limits>

namespace shiftadd::ref {

//===----------------------------------------------------------------------===//
// Element kinds
//===----------------------------------------------------------------------===//

static std::optional<ElementKind> getIntegerKind(unsigned width,
                                                 bool isUnsigned) {
  if (width == 0 || width > 64)
    return std::nullopt;
  unsigned step = width <= 8 ? 0 : width <= 16 ? 1 : width <= 32 ? 2 : 3;
  ElementKind first = isUnsigned ? ElementKind::UInt8 : ElementKind::Int8;
  return static_cast<ElementKind>(static_cast<unsigned>(first) + step);
}

std::optional<ElementKind> getElementKind(mlir::Type elementType) {
  if (!elementType)
    return std::nullopt;
  if (auto integer = llvm::dyn_cast<mlir::IntegerType>(elementType)) {
    unsigned width = integer.getWidth();
    if (width == 1)
      return ElementKind::Bool;
    if (width != 8 && width != 16 && width != 32 && width != 64)
      return std::nullopt;
    return getIntegerKind(width, integer.isUnsigned());
  }
  if (elementType.isF16())
    return ElementKind::Float16;
  if (elementType.isBF16())
    return ElementKind::BFloat16;
  if (elementType.isF32())
    return ElementKind::Float32;
  if (elementType.isF64())
    return ElementKind::Float64;
  if (llvm::isa<mlir::quant::UniformQuantizedType,
                mlir::quant::UniformQuantizedPerAxisType>(elementType)) {
    auto quantized = llvm::cast<mlir::quant::QuantizedType>(elementType);
    return getElementKind(getStorageType(quantized));
  }
  if (auto code = llvm::dyn_cast<PowerOfTwoType>(elementType))
    return getElementKind(getStorageType(code));
  return std::nullopt;
}

unsigned getByteWidth(ElementKind kind) {
  switch (kind) {
  case ElementKind::Bool:
  case ElementKind::Int8:
  case ElementKind::UInt8:
    return 1;
  case ElementKind::Int16:
  case ElementKind::UInt16:
  case ElementKind::Float16:
  case ElementKind::BFloat16:
    return 2;
  case ElementKind::Int32:
  case ElementKind::UInt32:
  case ElementKind::Float32:
    return 4;
  case ElementKind::Int64:
  case ElementKind::UInt64:
  case ElementKind::Float64:
    return 8;
  }
  return 1;
}

bool isFloatKind(ElementKind kind) { return kind >= ElementKind::Float16; }

bool isUnsignedKind(ElementKind kind) {
  return kind == ElementKind::Bool ||
         (kind >= ElementKind::UInt8 && kind <= ElementKind::UInt64);
}

llvm::Error makeError(const llvm::Twine &message) {
  return llvm::createStringError(message);
}

//===----------------------------------------------------------------------===//
// 16-bit floats
//===----------------------------------------------------------------------===//

static const llvm::fltSemantics &getHalfSemantics(ElementKind kind) {
  return kind == ElementKind::Float16 ? llvm::APFloat::IEEEhalf()
                                      : llvm::APFloat::BFloat();
}

static double halfToDouble(ElementKind kind, uint16_t bits) {
  llvm::APFloat value(getHalfSemantics(kind), llvm::APInt(16, bits));
  bool losesInformation = false;
  value.convert(llvm::APFloat::IEEEdouble(), llvm::APFloat::rmNearestTiesToEven,
                &losesInformation);
  return value.convertToDouble();
}

/// One rounding straight from double; by way of f32 there would be two.
static uint16_t doubleToHalf(ElementKind kind, double number) {
  llvm::APFloat value(number);
  bool losesInformation = false;
  value.convert(getHalfSemantics(kind), llvm::APFloat::rmNearestTiesToEven,
                &losesInformation);
  return static_cast<uint16_t>(value.bitcastToAPInt().getZExtValue());
}

template <typename T> static T saturate(double value) {
  if (std::isnan(value))
    return 0;
  // 2^digits is the first value above the range and exact in a double.
  double end = std::ldexp(1.0, std::numeric_limits<T>::digits);
  if (value >= end)
    return std::numeric_limits<T>::max();
  if (value <= static_cast<double>(std::numeric_limits<T>::min()))
    return std::numeric_limits<T>::min();
  return static_cast<T>(value);
}

//===----------------------------------------------------------------------===//
// Construction
//===----------------------------------------------------------------------===//

static std::string shapeToString(llvm::ArrayRef<int64_t> shape) {
  std::string text;
  llvm::raw_string_ostream stream(text);
  stream << "[";
  llvm::interleaveComma(shape, stream);
  stream << "]";
  return text;
}

llvm::Expected<Tensor> Tensor::create(mlir::Type elementType,
                                      llvm::ArrayRef<int64_t> shape) {
  std::optional<ElementKind> kind = ref::getElementKind(elementType);
  if (!kind) {
    std::string type;
    llvm::raw_string_ostream(type) << elementType;
    return makeError("tensors of " + type + " are not supported");
  }
  Tensor tensor;
  tensor.elementType = elementType;
  tensor.shape.assign(shape.begin(), shape.end());
  tensor.kind = *kind;
  int64_t count = 1;
  int64_t size = 0;
  bool overflow = false;
  for (int64_t dimension : shape) {
    if (dimension < 0)
      return makeError("a tensor cannot have the shape " +
                       shapeToString(shape));
    overflow |= __builtin_mul_overflow(count, dimension, &count);
  }
  // A product with a zero behind an overflow is still empty.
  if (llvm::is_contained(shape, 0)) {
    count = 0;
    overflow = false;
  }
  overflow |=
      __builtin_mul_overflow(count, int64_t(getByteWidth(*kind)), &size);
  char *memory = nullptr;
  if (!overflow)
    memory = static_cast<char *>(
        std::calloc(static_cast<size_t>(std::max<int64_t>(size, 1)), 1));
  if (!memory)
    return makeError("not enough memory for a tensor of shape " +
                     shapeToString(shape));
  tensor.count = count;
  tensor.bytes = std::shared_ptr<char>(memory, std::free);
  return tensor;
}

llvm::Expected<Tensor> Tensor::fromBytes(mlir::Type elementType,
                                         llvm::ArrayRef<int64_t> shape,
                                         llvm::ArrayRef<char> bytes) {
  llvm::Expected<Tensor> tensor = create(elementType, shape);
  if (!tensor)
    return tensor;
  llvm::MutableArrayRef<char> target = tensor->getMutableBytes();
  if (target.size() != bytes.size())
    return makeError("a tensor of shape " + shapeToString(shape) + " has " +
                     llvm::Twine(target.size()) + " bytes, not " +
                     llvm::Twine(bytes.size()));
  if (!bytes.empty())
    std::memcpy(target.data(), bytes.data(), bytes.size());
  return tensor;
}

llvm::Expected<Tensor> Tensor::fromAttribute(mlir::ElementsAttr value,
                                             mlir::RankedTensorType type) {
  if (!type.hasStaticShape())
    return makeError("a constant's value does not fit its type");
  std::optional<ElementKind> kind = ref::getElementKind(type.getElementType());
  std::optional<WeightView> view = WeightView::get(value, type);
  if (view && view->size() != type.getNumElements())
    return makeError("a constant's value does not fit its type");
  if (view && kind &&
      getElementBytes(view->getElementType()) == getByteWidth(*kind)) {
    std::optional<llvm::ArrayRef<char>> dense = view->getDenseBytes();
    if (!dense)
      return fromBytes(type.getElementType(), type.getShape(), view->toBytes());
    bool aligned =
        reinterpret_cast<uintptr_t>(dense->data()) % getByteWidth(*kind) == 0;
    // A view that owns its bytes dies here.
    if (view->ownsBytes() || dense->empty() || !aligned)
      return fromBytes(type.getElementType(), type.getShape(), *dense);
    Tensor tensor;
    tensor.elementType = type.getElementType();
    tensor.shape.assign(type.getShape().begin(), type.getShape().end());
    tensor.kind = *kind;
    tensor.count = type.getNumElements();
    tensor.borrowed = true;
    tensor.bytes =
        std::shared_ptr<char>(const_cast<char *>(dense->data()), [](char *) {});
    return tensor;
  }
  return makeError("a constant's data is missing, has the wrong size or a type "
                   "that is not supported");
}

llvm::Expected<Tensor> Tensor::fromIntegers(mlir::Type elementType,
                                            llvm::ArrayRef<int64_t> shape,
                                            llvm::ArrayRef<int64_t> values) {
  llvm::Expected<Tensor> tensor = create(elementType, shape);
  if (!tensor)
    return tensor;
  if (tensor->count != int64_t(values.size()))
    return makeError("wrong number of values for a tensor of shape " +
                     shapeToString(shape));
  Writer writer(*tensor);
  for (auto [i, value] : llvm::enumerate(values))
    writer.setInteger(int64_t(i), value);
  return tensor;
}

llvm::Expected<Tensor> Tensor::fromDoubles(mlir::Type elementType,
                                           llvm::ArrayRef<int64_t> shape,
                                           llvm::ArrayRef<double> values) {
  llvm::Expected<Tensor> tensor = create(elementType, shape);
  if (!tensor)
    return tensor;
  if (tensor->count != int64_t(values.size()))
    return makeError("wrong number of values for a tensor of shape " +
                     shapeToString(shape));
  Writer writer(*tensor);
  for (auto [i, value] : llvm::enumerate(values))
    writer.setDouble(int64_t(i), value);
  return tensor;
}

bool Tensor::isCoded() const {
  return llvm::isa_and_present<mlir::quant::QuantizedType, PowerOfTwoType>(
      elementType);
}

llvm::Expected<Tensor>
Tensor::withShape(llvm::ArrayRef<int64_t> newShape) const {
  int64_t newCount = 1;
  bool valid = llvm::all_of(newShape, [](int64_t size) { return size >= 0; });
  for (int64_t dimension : newShape)
    valid &= !__builtin_mul_overflow(newCount, dimension, &newCount);
  if (!valid || newCount != count)
    return makeError("a tensor of shape " + shapeToString(shape) +
                     " cannot be reshaped to " + shapeToString(newShape));
  Tensor result = *this;
  result.shape.assign(newShape.begin(), newShape.end());
  return result;
}

llvm::Expected<Tensor> Tensor::withElementType(mlir::Type type) const {
  std::optional<ElementKind> newKind = ref::getElementKind(type);
  if (!newKind || getByteWidth(*newKind) != getByteWidth(kind))
    return makeError("the element types differ in storage");
  Tensor result = *this;
  result.elementType = type;
  result.kind = *newKind;
  return result;
}

llvm::MutableArrayRef<char> Tensor::getMutableBytes() {
  size_t size = size_t(count) * getByteWidth(kind);
  if (bytes && (borrowed || bytes.use_count() > 1)) {
    char *copy =
        static_cast<char *>(llvm::safe_malloc(std::max<size_t>(size, 1)));
    std::memcpy(copy, bytes.get(), size);
    bytes = std::shared_ptr<char>(copy, std::free);
    borrowed = false;
  }
  return {bytes.get(), size};
}

//===----------------------------------------------------------------------===//
// Elements
//===----------------------------------------------------------------------===//

int64_t Tensor::getInteger(int64_t index) const {
  switch (kind) {
  case ElementKind::Bool:
    return data<uint8_t>()[index] != 0;
  case ElementKind::Int8:
    return data<int8_t>()[index];
  case ElementKind::Int16:
    return data<int16_t>()[index];
  case ElementKind::Int32:
    return data<int32_t>()[index];
  case ElementKind::Int64:
  case ElementKind::UInt64:
    return data<int64_t>()[index];
  case ElementKind::UInt8:
    return data<uint8_t>()[index];
  case ElementKind::UInt16:
    return data<uint16_t>()[index];
  case ElementKind::UInt32:
    return data<uint32_t>()[index];
  default:
    return saturate<int64_t>(getDouble(index));
  }
}

double Tensor::getDouble(int64_t index) const {
  switch (kind) {
  case ElementKind::Float16:
  case ElementKind::BFloat16:
    return halfToDouble(kind, data<uint16_t>()[index]);
  case ElementKind::Float32:
    return data<float>()[index];
  case ElementKind::Float64:
    return data<double>()[index];
  case ElementKind::UInt64:
    return static_cast<double>(data<uint64_t>()[index]);
  default:
    return static_cast<double>(getInteger(index));
  }
}

void Tensor::setInteger(int64_t index, int64_t value) {
  Writer(*this).setInteger(index, value);
}

void Tensor::setDouble(int64_t index, double value) {
  Writer(*this).setDouble(index, value);
}

llvm::SmallVector<int64_t> Tensor::toIntegers() const {
  llvm::SmallVector<int64_t> values(count);
  for (int64_t i = 0; i < count; ++i)
    values[i] = getInteger(i);
  return values;
}

template <typename T> static void store(char *bytes, int64_t index, T value) {
  std::memcpy(bytes + index * int64_t(sizeof(T)), &value, sizeof(T));
}

/// An integer becomes a 16-bit float by one rounding, also above 2^53.
static uint16_t integerToHalf(ElementKind kind, uint64_t value, bool isSigned) {
  llvm::APFloat result(getHalfSemantics(kind));
  result.convertFromAPInt(llvm::APInt(64, value), isSigned,
                          llvm::APFloat::rmNearestTiesToEven);
  return static_cast<uint16_t>(result.bitcastToAPInt().getZExtValue());
}

void Writer::setUnsigned(int64_t index, uint64_t value) const {
  switch (kind) {
  case ElementKind::Float16:
  case ElementKind::BFloat16:
    return store(bytes, index, integerToHalf(kind, value, /*isSigned=*/false));
  case ElementKind::Float32:
    return store(bytes, index, static_cast<float>(value));
  case ElementKind::Float64:
    return store(bytes, index, static_cast<double>(value));
  default:
    return setInteger(index, static_cast<int64_t>(value));
  }
}

void Writer::setInteger(int64_t index, int64_t value) const {
  switch (kind) {
  case ElementKind::Bool:
    return store(bytes, index, uint8_t(value != 0));
  case ElementKind::Int8:
  case ElementKind::UInt8:
    return store(bytes, index, static_cast<uint8_t>(value));
  case ElementKind::Int16:
  case ElementKind::UInt16:
    return store(bytes, index, static_cast<uint16_t>(value));
  case ElementKind::Int32:
  case ElementKind::UInt32:
    return store(bytes, index, static_cast<uint32_t>(value));
  case ElementKind::Int64:
  case ElementKind::UInt64:
    return store(bytes, index, value);
  case ElementKind::Float16:
  case ElementKind::BFloat16:
    return store(bytes, index,
                 integerToHalf(kind, uint64_t(value), /*isSigned=*/true));
  case ElementKind::Float32:
    return store(bytes, index, static_cast<float>(value));
  case ElementKind::Float64:
    return store(bytes, index, static_cast<double>(value));
  }
}

void Writer::setDouble(int64_t index, double value) const {
  switch (kind) {
  case ElementKind::Bool:
    return store(bytes, index, uint8_t(value != 0));
  case ElementKind::Int8:
    return store(bytes, index, saturate<int8_t>(value));
  case ElementKind::Int16:
    return store(bytes, index, saturate<int16_t>(value));
  case ElementKind::Int32:
    return store(bytes, index, saturate<int32_t>(value));
  case ElementKind::Int64:
    return store(bytes, index, saturate<int64_t>(value));
  case ElementKind::UInt8:
    return store(bytes, index, saturate<uint8_t>(value));
  case ElementKind::UInt16:
    return store(bytes, index, saturate<uint16_t>(value));
  case ElementKind::UInt32:
    return store(bytes, index, saturate<uint32_t>(value));
  case ElementKind::UInt64:
    return store(bytes, index, saturate<uint64_t>(value));
  case ElementKind::Float16:
  case ElementKind::BFloat16:
    return store(bytes, index, doubleToHalf(kind, value));
  case ElementKind::Float32:
    return store(bytes, index, static_cast<float>(value));
  case ElementKind::Float64:
    return store(bytes, index, value);
  }
}

//===----------------------------------------------------------------------===//
// Out of the interpreter
//===----------------------------------------------------------------------===//

mlir::ElementsAttr Tensor::toAttribute(llvm::StringRef name) const {
  return makeStoredElements(mlir::RankedTensorType::get(shape, elementType),
                            getBytes(), name);
}

std::string Tensor::elementToString(int64_t index) const {
  std::string text;
  llvm::raw_string_ostream stream(text);
  if (kind == ElementKind::Float64)
    stream << llvm::format("%.17g", getDouble(index));
  else if (isFloat())
    stream << llvm::format("%.9g", getDouble(index));
  else if (kind == ElementKind::UInt64)
    stream << getUnsigned(index);
  else
    stream << getInteger(index);
  return text;
}

std::string Tensor::indexToString(int64_t index) const {
  llvm::SmallVector<int64_t> indices(shape.size());
  for (size_t d = shape.size(); d-- > 0;) {
    int64_t size = std::max<int64_t>(shape[d], 1);
    indices[d] = index % size;
    index /= size;
  }
  return shapeToString(indices);
}

} // namespace shiftadd::ref
