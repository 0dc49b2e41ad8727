//===- IntegerForms.h - Integer forms of ops between codes -*- C++ -*-===//
//
// Part of the shiftadd project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// What the patterns of shiftadd-integer-layers share. Each reads an op between
// `dequantize` and `quantize` as an exact integer sum per output channel and
// the real numbers that the sum stands for:
//
//   value = factor * (sum + bias) * grid + offset
//
// and states it in codes of the result with one rounding (N50).
//
//===----------------------------------------------------------------------===//
#ifndef SHIFTADD_PASSES_QUANTIZE_INTEGERFORMS_H
#define SHIFTADD_PASSES_QUANTIZE_INTEGERFORMS_H

#include "dialects/ShiftAdd/IR/ShiftAdd.h"
#include "passes/Quantize/AccumulatorRange.h"
#include "passes/Quantize/Scaling.h"

#include "mlir/Pass/Pass.h"

#include <functional>
#include <optional>
#include <vector>

namespace shiftadd {

struct PatternOptions {
  ScalingOptions scaling;
  mlir::Pass::Statistic *converted;
};

/// Per-tensor codes, or null.
mlir::quant::UniformQuantizedType getUniform(mlir::Value value);

/// The codes of a type less their zero point.
Interval getCentredRange(mlir::quant::UniformQuantizedType type);

/// The per-tensor codes of at most `bits` bits that a value is read from, or
/// null.
mlir::Value getCodes(mlir::Value value, unsigned bits = 16);

/// A constant as real numbers, in its own order: floats, or codes behind
/// `dequantize`. Nothing for other values.
std::optional<std::vector<double>> readReals(mlir::Value value);

/// A constant that has one value, or one per index of the last dimension of a
/// tensor that it broadcasts to.
std::optional<std::vector<double>> readChannels(mlir::Value constant,
                                                mlir::Value tensor);

/// y = factor * x + offset, one element for all channels or one per channel.
struct Affine {
  std::vector<double> factor{1.0}, offset{0.0};
  bool isIdentity() const;
};

/// Element `channel` of a vector that may have one element for all.
template <typename T> T pick(const std::vector<T> &values, int64_t channel) {
  return values[values.size() == 1 ? 0 : size_t(channel)];
}

/// Walks from `value` up through additions of and multiplications by constants
/// per channel (the last dimension), as batch normalisation leaves them (N53),
/// to the value that they scale.
mlir::Value peelAffine(mlir::Value value, Affine &affine);

/// An exact integer sum per channel and what it stands for.
struct IntegerSum {
  /// Builds the sum; called once, when everything else has been found to fit.
  std::function<mlir::Value(mlir::OpBuilder &)> build;
  mlir::Location location;
  int64_t channels = 1;
  /// What the sum can reach, without the bias: one element or one per channel.
  std::vector<Interval> range{};
  /// The real value of one step of the sum.
  std::vector<double> grid{};
  /// To be added to the sum: the layer's own bias, in steps but perhaps no
  /// integer, and the constant that a zero point contributes.
  std::vector<double> bias{0.0};
  std::vector<__int128> zeroPointTerm{0};
};

/// The sum behind a layer that reads codes. Nothing for any other op.
std::optional<IntegerSum> matchProduct(mlir::Operation *op);
std::optional<IntegerSum> matchDistance(mlir::Operation *op);
std::optional<IntegerSum> matchMatmul(mlir::Operation *op);
std::optional<IntegerSum> matchAverage(mlir::Operation *op);

/// Any of them.
std::optional<IntegerSum> matchSum(mlir::Operation *op);

/// The codes themselves as a sum of one term.
IntegerSum makeCodeSum(mlir::Value codes);

/// The largest magnitude of the values that a sum stands for.
double getReach(const IntegerSum &sum, const Affine &affine);

/// requantize of the sum, or requantize_residual with the codes `residual`
/// added; `type` has per-tensor codes. Null, and nothing built, when scales or
/// biases do not fit the format.
mlir::Value buildRequantize(mlir::OpBuilder &builder, mlir::Type type,
                            IntegerSum sum, const Affine &affine,
                            mlir::Value residual,
                            const ScalingOptions &options);

/// `value` under the shape of `type`, which has as many elements.
mlir::Value reshapeTo(mlir::OpBuilder &builder, mlir::Value value,
                      mlir::RankedTensorType type);

/// The patterns, by theme.
void addSumPatterns(mlir::RewritePatternSet &patterns, PatternOptions options);
void addElementwisePatterns(mlir::RewritePatternSet &patterns,
                            PatternOptions options);
void addTablePatterns(mlir::RewritePatternSet &patterns,
                      PatternOptions options);

/// Layers on codes whose result stays real: 32-bit codes between them and
/// `dequantize`. Works on the whole function behind the other patterns.
void convertOutputs(mlir::func::FuncOp function, PatternOptions options);

/// A vector constant, `i32` where all values fit, else `i64`.
mlir::Value makeVector(mlir::OpBuilder &builder, mlir::Location location,
                       const std::vector<int64_t> &values);

} // namespace shiftadd

#endif // SHIFTADD_PASSES_QUANTIZE_INTEGERFORMS_H
