//===- LayerValues.cpp - Numbers of a layer -------------------------------===//
//
// Part of the shiftadd project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
#include "passes/Calibration/LayerValues.h"

#include "dialects/ShiftAdd/IR/WeightView.h"
#include "passes/Calibration/FixedWeights.h"
#include "passes/Prune/WeightLayers.h"

#include <cmath>

namespace shiftadd::calibration {

llvm::Error layerError(mlir::Operation *layer, const llvm::Twine &text) {
  return llvm::createStringError("layer '" + getLayerName(layer) +
                                 "': " + text);
}

llvm::Expected<std::vector<float>> readFloats(mlir::Operation *layer,
                                              mlir::Value value) {
  std::vector<float> values;
  auto view = WeightView::get(value);
  if (!view)
    return layerError(layer, "its weights are not readable");
  bool coded = llvm::isa<PowerOfTwoType>(tensorType(value).getElementType());
  auto integers = coded ? readCodedIntegers(value) : std::nullopt;
  if (coded && !integers)
    return layerError(layer, "its codes are not readable");
  double unit = 1.0;
  if (coded)
    unit = std::ldexp(
        1.0, llvm::cast<PowerOfTwoType>(tensorType(value).getElementType())
                 .getMinExponent());
  values.reserve(size_t(view->size()));
  for (int64_t i = 0; i < view->size(); ++i) {
    values.push_back(coded ? float(double((*integers)[size_t(i)]) * unit)
                           : float(view->getDouble(i)));
    if (!std::isfinite(values.back()))
      return layerError(layer, "holds a weight that is not a finite number");
  }
  return values;
}

double getMeanDigits(const std::vector<int16_t> &codes) {
  int64_t digits = 0;
  for (int16_t code : codes)
    digits += countSignedDigits(code);
  return codes.empty() ? 0.0 : double(digits) / double(codes.size());
}

std::vector<uint8_t> findKeptWeights(mlir::Operation *layer,
                                     llvm::ArrayRef<float> weights) {
  std::vector<bool> marks = readMarks(layer, int64_t(weights.size()));
  std::vector<uint8_t> kept;
  for (bool mark : marks)
    kept.push_back(!mark);
  bool cameSparse =
      llvm::count(weights, 0.0f) * 4 >= std::ptrdiff_t(weights.size());
  if (marks.empty() && (cameSparse || layer->hasAttr(kPrunedAttribute)))
    for (float weight : weights)
      kept.push_back(weight != 0.0f);
  return kept;
}

llvm::SmallVector<int64_t> getResultShape(const LayerGroup &group) {
  llvm::SmallVector<int64_t> shape(
      tensorType(group.layer->getResult(0)).getShape());
  for (int64_t &size : shape)
    if (mlir::ShapedType::isDynamic(size))
      size = 1;
  return shape;
}

} // namespace shiftadd::calibration
