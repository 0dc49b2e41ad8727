//===- Build.cpp - Building ops whose shapes are inferred -*- C++ -*-===//
//
// Part of the shiftadd project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
#include "dialects/ShiftAdd/IR/Build.h"

#include "dialects/ShiftAdd/IR/WeightView.h"
#include "dialects/Support/PackedCodes.h"

#include "mlir/IR/Builders.h"
#include "mlir/IR/BuiltinAttributes.h"
#include "mlir/IR/DialectResourceBlobManager.h"

namespace shiftadd {

mlir::Operation *detail::refineOrErase(mlir::Operation *op) {
  llvm::SmallVector<llvm::SmallVector<int64_t>> shapes;
  auto inference = llvm::cast<ShapeInferenceOpInterface>(op);
  if (llvm::failed(inference.inferResultShapes(shapes))) {
    op->erase();
    return nullptr;
  }
  for (auto [result, shape] : llvm::zip_equal(op->getResults(), shapes))
    result.setType(mlir::RankedTensorType::get(
        shape, tensorType(result).getElementType()));
  return op;
}

mlir::ElementsAttr makeElements(mlir::RankedTensorType type,
                                llvm::ArrayRef<char> bytes,
                                llvm::StringRef name) {
  mlir::Type element = type.getElementType();
  if (element.isInteger(1)) {
    llvm::SmallVector<bool> bits(bytes.size());
    for (auto [bit, byte] : llvm::zip_equal(bits, bytes))
      bit = byte != 0;
    return mlir::DenseElementsAttr::get(type, llvm::ArrayRef<bool>(bits));
  }
  unsigned width = getElementBytes(element);
  // A repeated element is stored once, however large the tensor is.
  bool splat =
      bytes.size() > width && bytes.drop_front(width) == bytes.drop_back(width);
  if (splat)
    return mlir::DenseElementsAttr::getFromRawBuffer(type,
                                                     bytes.take_front(width));
  if (bytes.size() < 1024)
    return mlir::DenseElementsAttr::getFromRawBuffer(type, bytes);
  return mlir::DenseResourceElementsAttr::get(
      type, name,
      mlir::HeapAsmResourceBlob::allocateAndCopyWithAlign(
          bytes, /*align=*/64, /*dataIsMutable=*/false));
}

mlir::ElementsAttr makeStoredElements(mlir::RankedTensorType type,
                                      llvm::ArrayRef<char> bytes,
                                      llvm::StringRef name) {
  auto stored = getStoredType(type);
  unsigned bits = getPackedBits(type.getElementType());
  if (!bits || type.getRank() == 0)
    return makeElements(stored, bytes, name);
  int64_t columns = type.getShape().back();
  int64_t rows = columns ? type.getNumElements() / columns : 0;
  unsigned width = getElementBytes(getStorageType(type.getElementType()));
  std::vector<uint8_t> packed =
      num::packCodes(reinterpret_cast<const uint8_t *>(bytes.data()), width,
                     rows, columns, bits);
  return makeElements(
      stored, {reinterpret_cast<const char *>(packed.data()), packed.size()},
      name);
}

ConstantOp makeConstant(mlir::OpBuilder &builder, mlir::Location location,
                        mlir::RankedTensorType type, llvm::ArrayRef<char> bytes,
                        llvm::StringRef name) {
  return ConstantOp::create(builder, location, type,
                            makeStoredElements(type, bytes, name));
}

template <typename T>
static ConstantOp makeTyped(mlir::OpBuilder &builder, mlir::Location location,
                            llvm::ArrayRef<int64_t> shape, mlir::Type element,
                            llvm::ArrayRef<T> values) {
  llvm::ArrayRef<char> bytes(reinterpret_cast<const char *>(values.data()),
                             values.size() * sizeof(T));
  return makeConstant(builder, location,
                      mlir::RankedTensorType::get(shape, element), bytes);
}

ConstantOp makeConstant(mlir::OpBuilder &builder, mlir::Location location,
                        llvm::ArrayRef<int64_t> shape,
                        llvm::ArrayRef<float> values) {
  return makeTyped(builder, location, shape, builder.getF32Type(), values);
}

ConstantOp makeConstant(mlir::OpBuilder &builder, mlir::Location location,
                        llvm::ArrayRef<int64_t> shape,
                        llvm::ArrayRef<int32_t> values) {
  return makeTyped(builder, location, shape, builder.getI32Type(), values);
}

ConstantOp makeConstant(mlir::OpBuilder &builder, mlir::Location location,
                        llvm::ArrayRef<int64_t> shape,
                        llvm::ArrayRef<int64_t> values) {
  return makeTyped(builder, location, shape, builder.getI64Type(), values);
}

} // namespace shiftadd
