//===- Import.cpp - From an ONNX file to the shiftadd dialect -------------===//
//
// Part of the shiftadd project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Reading, inlining and importing, one after the other.
//
//===----------------------------------------------------------------------===//

#include "frontend/Onnx/Import.h"

#include "frontend/Onnx/GraphImporter.h"
#include "frontend/Onnx/ModelReader.h"
#include "frontend/Onnx/OperatorTable.h"

namespace shiftadd::onnx_import {

/// Names come from the file: none of them breaks a line or a terminal.
static void makePrintable(std::vector<std::string> &lines) {
  for (std::string &line : lines)
    for (char &character : line)
      if (static_cast<unsigned char>(character) < 0x20 || character == 0x7f)
        character = '?';
}

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
    makePrintable(error.lines);
    return false;
  }
  mlir::OwningOpRef<mlir::ModuleOp> result =
      GraphImporter(model, options, context, error).run();
  if (!result) {
    makePrintable(error.lines);
    return false;
  }
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
