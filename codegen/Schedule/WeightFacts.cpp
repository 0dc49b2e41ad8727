//===- WeightFacts.cpp - Pruned blocks and narrow weights -*- C++ -*-===//
//
// Part of the shiftadd project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Counts blocks and looks at the range of weights. The thresholds are where the
// special kernels are faster on the slowest CPU level.
//
//===----------------------------------------------------------------------===//
#include "codegen/Schedule/WeightFacts.h"

#include "dialects/ShiftAdd/IR/WeightView.h"

#include "mlir/IR/Builders.h"

namespace shiftadd {

/// Outputs that share a list of blocks, and elements of a block of codes.
constexpr int64_t panelOutputs = 16, codesInBlock = 4;

/// Blocks of the panel with the most that are not zero.
static int64_t countKeptBlocks(llvm::ArrayRef<bool> isZero, int64_t outputs,
                               int64_t blockElements) {
  int64_t elements = int64_t(isZero.size()) / outputs, most = 0;
  for (int64_t first = 0; first < outputs; first += panelOutputs) {
    int64_t last = std::min(outputs, first + panelOutputs), kept = 0;
    for (int64_t start = 0; start < elements; start += blockElements) {
      bool zero = true;
      for (int64_t o = first; o < last && zero; ++o)
        for (int64_t k = start; k < std::min(elements, start + blockElements);
             ++k)
          zero = zero && isZero[o * elements + k];
      kept += !zero;
    }
    most = std::max(most, kept);
  }
  return most;
}

static void state(mlir::Operation *op, llvm::StringRef name, int64_t value) {
  mlir::Builder builder(op->getContext());
  op->setAttr(name, builder.getI64IntegerAttr(value));
}

static void stateKeptBlocks(mlir::Operation *op, llvm::ArrayRef<bool> isZero,
                            int64_t blockElements) {
  int64_t outputs = tensorType(op->getOperand(1)).getDimSize(0);
  int64_t blocks =
      llvm::divideCeil(int64_t(isZero.size()) / outputs, blockElements);
  int64_t kept = countKeptBlocks(isZero, outputs, blockElements);
  // Below this share the lists of blocks cost less than the zeros.
  if (blocks >= 8 && kept > 0 && 4 * kept <= 3 * blocks)
    state(op, "shiftadd.kept_blocks", kept);
}

static void stateNarrowWeights(mlir::Operation *op,
                               llvm::ArrayRef<int64_t> weights) {
  // Weights that stay in the first caches are not waited for.
  constexpr int64_t leastWeights = 128 * 1024, leastPowers = 8 * 1024 * 1024;
  auto result = tensorType(op->getResult(0));
  for (int64_t size : result.getShape().drop_back())
    if (size != 1 && !mlir::ShapedType::isDynamic(size))
      return;
  if (int64_t(weights.size()) < leastWeights)
    return;
  auto [low, high] = std::minmax_element(weights.begin(), weights.end());
  if (*high - *low <= 15)
    return state(op, "shiftadd.narrow_lowest",
                 *low >= -8 && *high <= 7 ? -8 : *low);
  if (int64_t(weights.size()) >= leastPowers &&
      llvm::all_of(weights, [](int64_t weight) {
        uint64_t magnitude = uint64_t(std::abs(weight));
        return magnitude <= 8 && (magnitude & (magnitude - 1)) == 0;
      }))
    state(op, "shiftadd.narrow_powers", 1);
}

void stateWeightFacts(mlir::Operation *op, mlir::Value filter) {
  // The mask that pruning leaves for training: the values tell as much, and no
  // kernel reads it.
  op->removeAttr("shiftadd.pruned");
  auto input = tensorType(op->getOperand(0)).getElementType();
  auto type = tensorType(op->getOperand(1));
  if (type.getNumElements() == 0)
    return;
  auto geometry = llvm::dyn_cast<ConvolutionGeometryOpInterface>(op);
  if (geometry && geometry.getGroups() != 1)
    return;
  if (input.isF32()) {
    auto view = WeightView::get(filter);
    if (!view || !type.getElementType().isF32())
      return;
    llvm::SmallVector<bool> isZero;
    for (int64_t i = 0; i < view->size(); ++i)
      isZero.push_back(view->getDouble(i) == 0);
    return stateKeptBlocks(op, isZero, 1);
  }
  auto codes = llvm::dyn_cast<mlir::quant::QuantizedType>(input);
  auto weights = readCodedIntegers(filter);
  if (!codes || codes.getStorageTypeIntegralWidth() != 8 || !weights ||
      !llvm::all_of(*weights,
                    [](int64_t weight) { return llvm::isInt<8>(weight); }))
    return;
  llvm::SmallVector<bool> isZero;
  for (int64_t weight : *weights)
    isZero.push_back(weight == 0);
  stateKeptBlocks(op, isZero, codesInBlock);
  if (!op->hasAttr("shiftadd.kept_blocks") && !geometry)
    stateNarrowWeights(op, *weights);
}

} // namespace shiftadd
