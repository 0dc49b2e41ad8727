//===- StructureOps.cpp - Constants, layers, kernels -*- C++ -*-===//
//
// Part of the shiftadd project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
#include "dialects/ShiftAdd/IR/Shapes.h"
#include "dialects/ShiftAdd/IR/ShiftAdd.h"
#include "dialects/ShiftAdd/IR/WeightView.h"

#include "mlir/IR/Builders.h"

#include <limits>

using llvm::LogicalResult;

namespace shiftadd {

mlir::OpFoldResult ConstantOp::fold(FoldAdaptor) { return getValue(); }

/// The first element outside [low, high], or nothing. Runs after every pass
/// over all weights of a network, hence over the bytes themselves.
template <typename T>
static std::optional<int64_t> findOutside(llvm::ArrayRef<char> bytes,
                                          int64_t low, int64_t high) {
  if (low <= int64_t(std::numeric_limits<T>::min()) &&
      high >= int64_t(std::numeric_limits<T>::max()))
    return std::nullopt;
  llvm::ArrayRef<T> codes(reinterpret_cast<const T *>(bytes.data()),
                          bytes.size() / sizeof(T));
  T smallest = codes.empty() ? T(0) : codes.front(), largest = smallest;
  for (T code : codes) {
    smallest = std::min(smallest, code);
    largest = std::max(largest, code);
  }
  if (codes.empty() || (smallest >= low && largest <= high))
    return std::nullopt;
  for (auto [i, code] : llvm::enumerate(codes))
    if (code < low || code > high)
      return int64_t(i);
  return std::nullopt;
}

/// The same for any storage; splats and 64-bit codes are read one by one.
static std::optional<int64_t> findOutside(const WeightView &view, int64_t low,
                                          int64_t high) {
  auto bytes = view.getDenseBytes();
  mlir::Type type = view.getElementType();
  bool isUnsigned = type.isUnsignedInteger();
  switch (bytes ? getElementBytes(type) : 0) {
  case 1:
    return isUnsigned ? findOutside<uint8_t>(*bytes, low, high)
                      : findOutside<int8_t>(*bytes, low, high);
  case 2:
    return isUnsigned ? findOutside<uint16_t>(*bytes, low, high)
                      : findOutside<int16_t>(*bytes, low, high);
  case 4:
    return isUnsigned ? findOutside<uint32_t>(*bytes, low, high)
                      : findOutside<int32_t>(*bytes, low, high);
  default:
    for (int64_t i = 0, e = view.isSplat() ? 1 : view.size(); i < e; ++i)
      if (view.getInteger(i) < low || view.getInteger(i) > high)
        return i;
    return std::nullopt;
  }
}

/// Every code of a constant stands for a value of its type (N105).
static LogicalResult verifyStoredCodes(ConstantOp op, const WeightView &view) {
  mlir::Type element = op.getType().getElementType();
  if (auto code = llvm::dyn_cast<PowerOfTwoType>(element)) {
    num::PowerOfTwoFormat format = getFormat(code);
    for (int64_t i = 0, e = view.isSplat() ? 1 : view.size(); i < e; ++i)
      if (!format.isValid(uint64_t(view.getInteger(i))))
        return op.emitOpError("element ")
               << i << " (" << view.getInteger(i) << ") is no code of " << code
               << " (N105)";
  }
  if (auto quantized = llvm::dyn_cast<mlir::quant::QuantizedType>(element)) {
    int64_t low = quantized.getStorageTypeMin();
    int64_t high = quantized.getStorageTypeMax();
    // Most formats use every value of their bytes, and weights are many.
    if (!quantized.hasStorageTypeBounds() &&
        quantized.getStorageTypeIntegralWidth() ==
            8 * getElementBytes(view.getElementType()))
      return llvm::success();
    if (auto i = findOutside(view, low, high))
      return op.emitOpError("element ")
             << *i << " (" << view.getInteger(*i) << ") is outside [" << low
             << ", " << high << "]";
  }
  return llvm::success();
}

LogicalResult ConstantOp::verify() {
  auto type = llvm::dyn_cast<mlir::RankedTensorType>(getType());
  auto stored = llvm::dyn_cast<mlir::RankedTensorType>(getValue().getType());
  if (!type || !stored)
    return emitOpError("needs a tensor, got ") << getValue().getType();
  auto expected = getStoredType(type);
  if (expected.getShape() != stored.getShape())
    return emitOpError("value and result differ in shape: ")
           << getValue().getType() << " and " << getType() << ", stored as "
           << expected;
  if (expected.getElementType() != stored.getElementType())
    return emitOpError("stores ")
           << expected.getElementType() << " elements, got "
           << stored.getElementType();
  if (auto perAxis = llvm::dyn_cast<mlir::quant::UniformQuantizedPerAxisType>(
          type.getElementType()))
    if (perAxis.getQuantizedDimension() >= type.getRank() ||
        int64_t(perAxis.getScales().size()) !=
            type.getDimSize(perAxis.getQuantizedDimension()))
      return emitOpError("needs one scale per index of its axis");
  auto view = WeightView::get(getValue(), type);
  if (!view)
    return emitOpError("has no readable data of type ") << stored;
  return verifyStoredCodes(*this, *view);
}

static LogicalResult verifyRegion(mlir::Operation *op,
                                  mlir::TypeRange arguments,
                                  mlir::TypeRange results) {
  mlir::Block &body = op->getRegion(0).front();
  if (body.getArgumentTypes() != arguments)
    return op->emitOpError("region takes ")
           << body.getArgumentTypes() << " but is given " << arguments;
  auto yield = llvm::dyn_cast<YieldOp>(body.getTerminator());
  if (!yield || yield.getValues().getTypes() != results)
    return op->emitOpError("region does not yield ") << results;
  return llvm::success();
}

LogicalResult LayerOp::verify() {
  return verifyRegion(*this, getInputs().getTypes(), getResultTypes());
}

LogicalResult KernelOp::verify() {
  mlir::Block &body = getBody().front();
  auto yield = llvm::dyn_cast<YieldOp>(body.getTerminator());
  if (!yield)
    return emitOpError("needs a yield");
  auto check = [&](mlir::ArrayAttr layouts, mlir::ValueRange values,
                   llvm::StringRef what) -> LogicalResult {
    if (layouts.size() != values.size())
      return emitOpError("needs one layout per ") << what;
    for (auto [layout, value] : llvm::zip_equal(layouts, values)) {
      auto type = tensorType(value);
      if (!type.hasStaticShape())
        return emitOpError("needs static shapes, got ") << type;
      if (llvm::cast<LayoutAttr>(layout).getLow().size() != type.getRank())
        return emitOpError("layout ") << layout << " does not fit " << type;
    }
    return llvm::success();
  };
  if (failed(check(getArgumentLayouts(), body.getArguments(), "argument")) ||
      failed(check(getResultLayouts(), yield.getValues(), "result")))
    return llvm::failure();
  if (getConstants().size() != int64_t(body.getNumArguments()))
    return emitOpError("needs one `constants` entry per argument");
  return llvm::success();
}

LogicalResult LaunchOp::verifySymbolUses(mlir::SymbolTableCollection &symbols) {
  auto kernel =
      symbols.lookupNearestSymbolFrom<KernelOp>(*this, getKernelAttr());
  if (!kernel)
    return emitOpError("names no kernel: ") << getKernelAttr();
  mlir::Block &body = kernel.getBody().front();
  auto yield = llvm::cast<YieldOp>(body.getTerminator());
  // A kernel sees one sample where the function has a free batch.
  auto fits = [](mlir::TypeRange outer, mlir::TypeRange inner) {
    if (outer.size() != inner.size())
      return false;
    for (auto [a, b] : llvm::zip_equal(outer, inner))
      if (mlir::failed(mlir::verifyCompatibleShape(a, b)) &&
          elementsPerSample(llvm::cast<mlir::RankedTensorType>(a).getShape()) !=
              elementsPerSample(
                  llvm::cast<mlir::RankedTensorType>(b).getShape()))
        return false;
      else if (mlir::getElementTypeOrSelf(a) != mlir::getElementTypeOrSelf(b))
        return false;
    return true;
  };
  if (!fits(getInputs().getTypes(), body.getArgumentTypes()) ||
      !fits(getResultTypes(), yield.getValues().getTypes()))
    return emitOpError("does not fit the signature of kernel ")
           << getKernelAttr();
  if (getArenaOffsets().size() != getNumResults())
    return emitOpError("needs one arena offset per result");
  return llvm::success();
}

} // namespace shiftadd
