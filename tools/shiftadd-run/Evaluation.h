//===- Evaluation.h - How good the results of a network are -----*- C++ -*-===//
//
// Part of the shiftadd project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Accuracy, agreement and signal-to-noise, from tensors of results: nothing
// here knows how a network runs. The text and the JSON are interfaces that
// scripts parse.
//
//===----------------------------------------------------------------------===//
#ifndef SHIFTADD_TOOLS_SHIFTADDRUN_EVALUATION_H
#define SHIFTADD_TOOLS_SHIFTADDRUN_EVALUATION_H

#include "tools/tensor-files/Noise.h"
#include "tools/tensor-files/Tensor.h"

#include "llvm/ADT/ArrayRef.h"
#include "llvm/Support/Error.h"
#include "llvm/Support/JSON.h"
#include "llvm/Support/raw_ostream.h"

#include <optional>
#include <string>
#include <vector>

namespace shiftadd::tools {

/// A number, or null where describeDecibels() has none.
llvm::json::Value decibelsToJson(double decibels);

/// What evaluate() found.
struct Evaluation {
  int64_t samples = 0;
  /// Of the labels, when there are any.
  std::optional<int64_t> correct, referenceCorrect;
  /// Samples of the same class as the reference's, when there is one.
  std::optional<int64_t> agreeing;
  /// Over all outputs, and by output when there are several.
  std::optional<Noise> noise;
  std::vector<std::pair<std::string, Noise>> outputs;
};

/// Compares outputs with labels (one per sample, or none) and with the outputs
/// of a reference (the same number of tensors, or none). The class of a sample
/// is the index of the largest element of its part of the first output. Errors
/// in the labels name `source`.
llvm::Expected<Evaluation> evaluate(llvm::ArrayRef<Tensor> outputs,
                                    llvm::ArrayRef<Tensor> reference,
                                    llvm::ArrayRef<int64_t> labels,
                                    int64_t samples, llvm::StringRef source);

/// One line per figure.
void printEvaluation(const Evaluation &evaluation, llvm::raw_ostream &os);
llvm::json::Object evaluationToJson(const Evaluation &evaluation);

} // namespace shiftadd::tools

#endif // SHIFTADD_TOOLS_SHIFTADDRUN_EVALUATION_H
