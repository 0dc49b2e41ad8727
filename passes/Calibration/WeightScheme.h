//===- WeightScheme.h - Which codes the weights get -*- C++ -*-===//
//
// Part of the shiftadd project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// The names that users give to code sets, and which layer gets which (Q2, Q14).
//
//===----------------------------------------------------------------------===//
#ifndef SHIFTADD_PASSES_CALIBRATION_WEIGHTSCHEME_H
#define SHIFTADD_PASSES_CALIBRATION_WEIGHTSCHEME_H

#include "passes/Calibration/LayerFit.h"

#include "llvm/ADT/StringRef.h"
#include "llvm/Support/Error.h"

#include <optional>

namespace shiftadd::calibration {

/// The codes of one layer's weights.
struct WeightCode {
  enum class Kind { Integer, TermSum, Ternary };
  Kind kind = Kind::Integer;
  /// Of integers: 2 to 8 bits.
  int bits = 8;
  /// Of sums: at most this many powers of two.
  int terms = 1;

  /// "int8", "csd" for int8 as well; "apot3", "apot2", "pot", "ternary".
  static std::optional<WeightCode> parse(llvm::StringRef name);
  /// "int4", "apot2", ...; never "csd".
  std::string getName() const;

  /// The recipe for these codes: descent and scale trials where codes are
  /// coarse (Q8, Q10).
  FitOptions getFitOptions() const;

  bool operator==(const WeightCode &) const = default;
};

/// What the choice of a code depends on.
enum class LayerClass { Stem, Depthwise, Other };

struct WeightScheme {
  WeightCode code;
  std::optional<WeightCode> depthwise, stem;
  /// Mixed precision: the codes are chosen layer by layer.
  bool isAuto = false;

  const WeightCode &get(LayerClass layer) const {
    if (layer == LayerClass::Depthwise && depthwise)
      return *depthwise;
    if (layer == LayerClass::Stem && stem)
      return *stem;
    return code;
  }

  /// Whether no layer gets codes of few powers of two.
  bool usesIntegersOnly() const;

  /// "CODE[,depthwise:CODE][,stem:CODE]" or "auto". `weightBits` is the width
  /// of integer codes, 0 for that of their names.
  static llvm::Expected<WeightScheme> parse(llvm::StringRef text,
                                            int weightBits);
};

} // namespace shiftadd::calibration

#endif // SHIFTADD_PASSES_CALIBRATION_WEIGHTSCHEME_H
