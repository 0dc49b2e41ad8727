//===- Tensor.h - Values of the reference interpreter -----------*- C++ -*-===//
//
// Part of the shiftadd project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// A dense tensor in memory whose element type is any that the dialect knows,
// coded types included. Elements lie in row-major order, little-endian, each in
// its storage width, as they do in ONNX files, in `shiftadd.constant` and in
// the buffers of compiled code. Copies share their bytes until one of them is
// written, and constants are read where they lie in the context.
//
//===----------------------------------------------------------------------===//
#ifndef SHIFTADD_REFERENCE_TENSOR_H
#define SHIFTADD_REFERENCE_TENSOR_H

#include "mlir/IR/BuiltinAttributeInterfaces.h"
#include "mlir/IR/BuiltinTypes.h"
#include "llvm/ADT/ArrayRef.h"
#include "llvm/ADT/SmallVector.h"
#include "llvm/Support/Error.h"

#include <cstdint>
#include <memory>
#include <optional>
#include <string>

namespace shiftadd::ref {

/// How one element is stored. A coded type has the kind of its codes.
enum class ElementKind : uint8_t {
  Bool, ///< one byte, 0 or 1
  Int8,
  Int16,
  Int32,
  Int64,
  UInt8,
  UInt16,
  UInt32,
  UInt64,
  Float16,
  BFloat16,
  Float32,
  Float64
};

/// The storage of an element type; nothing when tensors of it do not exist.
/// Codes narrower than a byte, or of a width between two storage widths, take
/// the next wider one.
std::optional<ElementKind> getElementKind(mlir::Type elementType);

unsigned getByteWidth(ElementKind kind);
bool isFloatKind(ElementKind kind);
bool isUnsignedKind(ElementKind kind); ///< Bool counts as unsigned.

/// An error with this text, for the callers of the interpreter.
llvm::Error makeError(const llvm::Twine &message);

class Tensor {
public:
  /// Without elements and without a type; only good to be assigned to.
  Tensor() = default;

  /// Filled with zero bytes. Fails on an unsupported element type, a negative
  /// dimension or a size that cannot be allocated.
  static llvm::Expected<Tensor> create(mlir::Type elementType,
                                       llvm::ArrayRef<int64_t> shape);

  /// A copy of `bytes`, which must have exactly the tensor's size.
  static llvm::Expected<Tensor> fromBytes(mlir::Type elementType,
                                          llvm::ArrayRef<int64_t> shape,
                                          llvm::ArrayRef<char> bytes);

  /// The tensor of a constant: `type` is the type of the constant's result and
  /// may be coded while `value` holds plain integers. Bytes that already have
  /// the storage form stay where the context holds them.
  static llvm::Expected<Tensor> fromAttribute(mlir::ElementsAttr value,
                                              mlir::RankedTensorType type);

  /// A tensor of plain values, mostly for tests and for shape arithmetic.
  static llvm::Expected<Tensor> fromIntegers(mlir::Type elementType,
                                             llvm::ArrayRef<int64_t> shape,
                                             llvm::ArrayRef<int64_t> values);
  static llvm::Expected<Tensor> fromDoubles(mlir::Type elementType,
                                            llvm::ArrayRef<int64_t> shape,
                                            llvm::ArrayRef<double> values);

  mlir::Type getElementType() const { return elementType; }
  ElementKind getKind() const { return kind; }
  llvm::ArrayRef<int64_t> getShape() const { return shape; }
  int64_t getRank() const { return int64_t(shape.size()); }
  int64_t getDimension(int64_t index) const { return shape[index]; }
  int64_t getElementCount() const { return count; }
  mlir::RankedTensorType getType() const {
    return mlir::RankedTensorType::get(shape, elementType);
  }
  bool isFloat() const { return isFloatKind(kind); }
  bool isUnsigned() const { return isUnsignedKind(kind); }
  /// Whether the elements are codes (`!quant.uniform`, `!shiftadd.pot`) and
  /// not the values themselves.
  bool isCoded() const;

  /// The same elements under another shape of as many elements, or as another
  /// type of the same storage.
  llvm::Expected<Tensor> withShape(llvm::ArrayRef<int64_t> newShape) const;
  llvm::Expected<Tensor> withElementType(mlir::Type type) const;

  llvm::ArrayRef<char> getBytes() const {
    return {bytes.get(), size_t(count) * getByteWidth(kind)};
  }
  /// Copies the bytes first if they are shared.
  llvm::MutableArrayRef<char> getMutableBytes();

  template <typename T> const T *data() const {
    return reinterpret_cast<const T *>(bytes.get());
  }
  template <typename T> T *mutableData() {
    return reinterpret_cast<T *>(getMutableBytes().data());
  }

  /// Element `index` in row-major order. Of a coded tensor: the code.
  /// Integers as they are (a uint64 above INT64_MAX as its bit pattern);
  /// floats truncate toward zero and saturate, NaN gives 0.
  int64_t getInteger(int64_t index) const;
  uint64_t getUnsigned(int64_t index) const {
    return static_cast<uint64_t>(getInteger(index));
  }
  /// The element as a double; of 64-bit integers the nearest one.
  double getDouble(int64_t index) const;

  /// Writing to a tensor that shares its bytes copies them first; kernels that
  /// write many elements hold a Writer instead.
  void setInteger(int64_t index, int64_t value);
  void setDouble(int64_t index, double value);

  /// All elements, converted as the accessors do.
  llvm::SmallVector<int64_t> toIntegers() const;

  /// The constant that yields this tensor: plain integers or floats (codes on
  /// coded tensors), dense up to 1 KiB and a resource of the context above.
  /// `name` is the wanted key of the resource.
  mlir::ElementsAttr toAttribute(llvm::StringRef name = "constant") const;

  /// Element `index` as text, e.g. "-3" or "0.25".
  std::string elementToString(int64_t index) const;
  /// A row-major index as text, e.g. "[0, 2, 1]".
  std::string indexToString(int64_t index) const;

private:
  mlir::Type elementType;
  llvm::SmallVector<int64_t, 4> shape;
  ElementKind kind = ElementKind::Bool;
  bool borrowed = false; ///< the bytes belong to the MLIR context
  int64_t count = 0;
  std::shared_ptr<char> bytes;
};

/// Writes the elements of a tensor that nothing else shares.
class Writer {
public:
  explicit Writer(Tensor &tensor)
      : kind(tensor.getKind()), bytes(tensor.getMutableBytes().data()) {}
  /// Integers keep their low bits (Bool: whether any is set); floats round to
  /// nearest even, once.
  void setInteger(int64_t index, int64_t value) const;
  void setUnsigned(int64_t index, uint64_t value) const;
  /// Floats round to nearest even, once; integers truncate toward zero and
  /// saturate, NaN gives 0; Bool is value != 0.
  void setDouble(int64_t index, double value) const;

private:
  ElementKind kind;
  char *bytes;
};

} // namespace shiftadd::ref

#endif // SHIFTADD_REFERENCE_TENSOR_H
