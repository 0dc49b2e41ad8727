//===- Interfaces.cpp - Interfaces of the dialect's ops -*- C++ -*-===//
//
// Part of the shiftadd project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
#include "dialects/Interfaces/Interfaces.h"

#include "mlir/IR/BuiltinTypes.h"
#include "llvm/ADT/STLExtras.h"
#include "llvm/ADT/SmallVector.h"

#include <tuple>

#include "dialects/Interfaces/ConvolutionGeometry.cpp.inc"
#include "dialects/Interfaces/CostModel.cpp.inc"
#include "dialects/Interfaces/ShapeInference.cpp.inc"

namespace shiftadd {

/// The order of OperationCounts::getEntries().
static auto orderOf(const OperationCounts::Entry &entry) {
  return std::make_tuple(entry.kind, !entry.format.isFloat, entry.format.bits);
}

void OperationCounts::add(OperationKind kind, NumberFormat format,
                          int64_t count) {
  if (count == 0)
    return;
  Entry entry{kind, format, count};
  auto *place =
      llvm::lower_bound(entries, entry, [](const Entry &lhs, const Entry &rhs) {
        return orderOf(lhs) < orderOf(rhs);
      });
  if (place != entries.end() && orderOf(*place) == orderOf(entry))
    place->count += count;
  else
    entries.insert(place, entry);
}

OperationCounts &OperationCounts::operator+=(const OperationCounts &other) {
  for (const Entry &entry : other.getEntries())
    add(entry.kind, entry.format, entry.count);
  return *this;
}

int64_t OperationCounts::getTotal(OperationKind kind) const {
  int64_t total = 0;
  for (const Entry &entry : entries)
    if (entry.kind == kind)
      total += entry.count;
  return total;
}

int64_t OperationCounts::getTotal() const {
  int64_t total = 0;
  for (const Entry &entry : entries)
    total += entry.count;
  return total;
}

} // namespace shiftadd

namespace shiftadd::detail {

llvm::LogicalResult verifyInferredShapes(mlir::Operation *op) {
  llvm::SmallVector<llvm::SmallVector<int64_t>> shapes;
  if (llvm::failed(
          llvm::cast<ShapeInferenceOpInterface>(op).inferResultShapes(shapes)))
    return llvm::failure();
  for (auto [index, shape] : llvm::enumerate(shapes)) {
    auto type =
        llvm::dyn_cast<mlir::RankedTensorType>(op->getResult(index).getType());
    bool agrees = type && type.getShape().size() == shape.size();
    if (agrees)
      for (auto [have, want] : llvm::zip_equal(type.getShape(), shape))
        agrees &= have == want || mlir::ShapedType::isDynamic(have) ||
                  mlir::ShapedType::isDynamic(want);
    if (agrees)
      continue;
    auto diagnostic = op->emitOpError("result ")
                      << index << " has type " << op->getResult(index).getType()
                      << " but its shape must be [";
    llvm::interleaveComma(shape, diagnostic, [&](int64_t dimension) {
      if (mlir::ShapedType::isDynamic(dimension))
        diagnostic << "?";
      else
        diagnostic << dimension;
    });
    return diagnostic << "]";
  }
  return llvm::success();
}

} // namespace shiftadd::detail
