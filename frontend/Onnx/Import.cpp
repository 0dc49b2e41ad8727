//===- Import.cpp - From an ONNX file to the shiftadd dialect -*- C++ -*-===//
//
// Part of the shiftadd project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "frontend/Onnx/Import.h"

#include "frontend/Onnx/GraphImporter.h"
#include "frontend/Onnx/ModelReader.h"
#include "frontend/Onnx/OperatorTable.h"

namespace shiftadd::onnx_import {

bool importOnnx(const std::string &path, const ImportOptions &options,
                mlir::MLIRContext &context,
                mlir::OwningOpRef<mlir::ModuleOp> &module, ImportError &error) {
  error = ImportError();
  Model model;
  std::string text;
  bool unsupported = false;
  if (!readModel(path, model, text, unsupported) ||
      !inlineFunctions(model, text)) {
    error.kind =
        unsupported ? ImportError::Unsupported : ImportError::InvalidInput;
    error.lines = {path + ": error: " + text};
    return false;
  }
  mlir::OwningOpRef<mlir::ModuleOp> result =
      GraphImporter(model, options, context, error).run();
  if (!result)
    return false;
  module = std::move(result);
  return true;
}

std::vector<SupportedOperator> listSupportedOperators() {
  std::vector<SupportedOperator> list;
  for (const Operator &entry : getOperatorTable())
    if (entry.handler)
      list.push_back({entry.domain, entry.name, entry.sinceVersion});
  return list;
}

} // namespace shiftadd::onnx_import
