//===- OperatorTable.h - Which handler reads which operator -----*- C++ -*-===//
//
// Part of the shiftadd project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// The list of what is supported: an operator by domain, name and the version of
// the operator set from which on a handler applies, and what of it is out of
// scope as far as its attributes tell.
//
//===----------------------------------------------------------------------===//
#ifndef SHIFTADD_FRONTEND_ONNX_OPERATORTABLE_H
#define SHIFTADD_FRONTEND_ONNX_OPERATORTABLE_H

#include "frontend/Onnx/Model.h"

#include "llvm/ADT/ArrayRef.h"

namespace shiftadd::onnx_import {

class NodeImporter;

/// Operator sets of the default domain that are read.
inline constexpr int64_t kMinOperatorSet = 7;
inline constexpr int64_t kMaxOperatorSet = 28;
inline constexpr const char *kOwnDomain = "ai.shiftadd";
/// onnxruntime.
inline constexpr const char *kMicrosoftDomain = "com.microsoft";
/// QONNX, and the exporter that it comes from.
inline constexpr const char *kQonnxDomain = "qonnx.custom_op.general";
inline constexpr const char *kBrevitasDomain = "onnx.brevitas";

struct Operator {
  const char *domain;
  const char *name;
  int64_t sinceVersion;
  bool (*handler)(NodeImporter &); ///< null: removed in this version
  /// Why a node is out of scope, or an empty text; null when all are in scope.
  std::string (*check)(const Node &) = nullptr;
};

llvm::ArrayRef<Operator> getOperatorTable();

/// The entry that holds for a version; null when the operator is unknown or
/// does not exist in that version.
const Operator *findOperator(const std::string &domain, const std::string &name,
                             int64_t version);

} // namespace shiftadd::onnx_import

#endif // SHIFTADD_FRONTEND_ONNX_OPERATORTABLE_H
