//===- WeightView.cpp - Typed reading of constant data -*- C++ -*-===//
//
// Part of the shiftadd project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
#include "dialects/ShiftAdd/IR/WeightView.h"

#include "dialects/ShiftAdd/IR/ShiftAdd.h"
#include "dialects/Support/PackedCodes.h"

#include "mlir/IR/BuiltinAttributes.h"
#include "mlir/IR/DialectResourceBlobManager.h"
#include "llvm/ADT/APFloat.h"
#include "llvm/Support/MathExtras.h"

#include <cstring>

namespace shiftadd {

unsigned getElementBytes(mlir::Type type) {
  if (!type.isInteger() && !type.isF16() && !type.isBF16() && !type.isF32() &&
      !type.isF64())
    return 0;
  unsigned bits = type.getIntOrFloatBitWidth();
  if (bits == 1)
    return 1;
  return bits >= 8 && bits <= 64 && llvm::isPowerOf2_32(bits) ? bits / 8 : 0;
}

std::optional<WeightView> WeightView::get(mlir::ElementsAttr attribute) {
  WeightView view;
  view.elementType = attribute.getElementType();
  view.count = attribute.getNumElements();
  view.width = getElementBytes(view.elementType);
  if (view.width == 0)
    return std::nullopt;
  if (auto dense = llvm::dyn_cast<mlir::DenseElementsAttr>(attribute)) {
    if (view.elementType.isInteger(1)) {
      view.owned.reserve(view.count);
      for (bool bit : dense.getValues<bool>())
        view.owned.push_back(bit);
      return view;
    }
    view.raw = dense.getRawData();
    view.splat = dense.isSplat();
    return view;
  }
  if (auto resource =
          llvm::dyn_cast<mlir::DenseResourceElementsAttr>(attribute)) {
    mlir::AsmResourceBlob *blob = resource.getRawHandle().getBlob();
    if (!blob || blob->getData().size() != size_t(view.count) * view.width)
      return std::nullopt;
    view.raw = blob->getData();
    return view;
  }
  return std::nullopt;
}

std::optional<WeightView> WeightView::get(mlir::Value value) {
  auto constant = value.getDefiningOp<ConstantOp>();
  if (!constant)
    return std::nullopt;
  return get(constant.getValue(),
             llvm::cast<mlir::RankedTensorType>(constant.getType()));
}

std::optional<WeightView> WeightView::get(mlir::ElementsAttr attribute,
                                          mlir::RankedTensorType type) {
  auto stored = get(attribute);
  unsigned bits = getPackedBits(type.getElementType());
  if (!stored || !bits || type.getRank() == 0)
    return stored;
  WeightView view;
  view.elementType = getStorageType(type.getElementType());
  view.count = type.getNumElements();
  view.width = getElementBytes(view.elementType);
  int64_t columns = type.getShape().back();
  int64_t rows = columns ? view.count / columns : 0;
  if (stored->size() != rows * num::packedRowBytes(columns, bits))
    return std::nullopt;
  auto packed = stored->toBytes();
  view.owned.resize_for_overwrite(view.count * view.width);
  num::unpackCodes(
      {reinterpret_cast<const uint8_t *>(packed.data()), rows, columns, bits},
      view.width, !view.elementType.isUnsignedInteger(),
      reinterpret_cast<uint8_t *>(view.owned.data()));
  return view;
}

template <typename T> static T load(const char *bytes) {
  T value;
  std::memcpy(&value, bytes, sizeof(T));
  return value;
}

int64_t WeightView::getInteger(int64_t i) const {
  auto integer = llvm::dyn_cast<mlir::IntegerType>(elementType);
  if (!integer)
    return static_cast<int64_t>(getDouble(i));
  const char *bytes = element(i);
  bool isUnsigned = integer.isUnsigned() || integer.getWidth() == 1;
  switch (width) {
  case 1:
    return isUnsigned ? load<uint8_t>(bytes) : load<int8_t>(bytes);
  case 2:
    return isUnsigned ? load<uint16_t>(bytes) : load<int16_t>(bytes);
  case 4:
    return isUnsigned ? int64_t(load<uint32_t>(bytes)) : load<int32_t>(bytes);
  default:
    return load<int64_t>(bytes);
  }
}

double WeightView::getDouble(int64_t i) const {
  auto floatType = llvm::dyn_cast<mlir::FloatType>(elementType);
  if (!floatType) {
    int64_t value = getInteger(i);
    return elementType.isUnsignedInteger(64) ? double(uint64_t(value))
                                             : double(value);
  }
  const char *bytes = element(i);
  if (floatType.isF32())
    return load<float>(bytes);
  if (floatType.isF64())
    return load<double>(bytes);
  llvm::APFloat value(floatType.getFloatSemantics(),
                      llvm::APInt(16, load<uint16_t>(bytes)));
  bool losesInformation = false;
  value.convert(llvm::APFloat::IEEEdouble(), llvm::APFloat::rmNearestTiesToEven,
                &losesInformation);
  return value.convertToDouble();
}

std::optional<llvm::ArrayRef<char>> WeightView::getDenseBytes() const {
  if (splat && count != 1)
    return std::nullopt;
  return owned.empty() ? raw : llvm::ArrayRef<char>(owned);
}

llvm::SmallVector<char, 0> WeightView::toBytes() const {
  llvm::SmallVector<char, 0> bytes;
  bytes.resize_for_overwrite(count * width);
  for (int64_t i = 0; splat && i < count; ++i)
    std::memcpy(bytes.data() + i * width, element(i), width);
  if (!splat && count)
    std::memcpy(bytes.data(), element(0), bytes.size());
  return bytes;
}

std::optional<std::vector<int64_t>> readCodedIntegers(mlir::Value value) {
  auto view = WeightView::get(value);
  if (!view || !llvm::isa<mlir::IntegerType>(view->getElementType()))
    return std::nullopt;
  auto type = llvm::cast<mlir::RankedTensorType>(value.getType());
  auto code = llvm::dyn_cast<PowerOfTwoType>(type.getElementType());
  std::vector<int64_t> integers(view->size());
  for (auto [i, integer] : llvm::enumerate(integers)) {
    integer = view->getInteger(i);
    if (code)
      integer = getFormat(code).decodeInteger(uint64_t(integer));
  }
  return integers;
}

} // namespace shiftadd
