//===- Diagnostics.cpp - MLIR diagnostics for users -*- C++ -*-===//
//
// Part of the shiftadd project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
#include "tools/compiler/Diagnostics.h"

#include "mlir/IR/Location.h"
#include "llvm/Support/FormatVariadic.h"
#include "llvm/Support/raw_ostream.h"

namespace shiftadd::tools {

static std::string toLine(mlir::Diagnostic &diagnostic) {
  std::string file, node;
  diagnostic.getLocation()->walk([&](mlir::Location location) {
    if (auto named = llvm::dyn_cast<mlir::NameLoc>(location);
        named && node.empty())
      node = named.getName().str();
    if (auto line = llvm::dyn_cast<mlir::FileLineColLoc>(location);
        line && file.empty()) {
      file = line.getFilename().str();
      // Column 0 marks a node number, which the node's name says better.
      if (line.getColumn() != 0)
        file = llvm::formatv("{0}:{1}:{2}", file, line.getLine(),
                             line.getColumn());
    }
    return mlir::WalkResult::advance();
  });
  std::string text;
  llvm::raw_string_ostream stream(text);
  if (!file.empty())
    stream << file << ": ";
  stream << "error: ";
  if (!node.empty())
    stream << "node '" << node << "': ";
  stream << diagnostic;
  for (char &character : text)
    if (character == '\n')
      character = ' ';
  return text;
}

DiagnosticCollector::DiagnosticCollector(mlir::MLIRContext *context)
    : handler(context, [this](mlir::Diagnostic &diagnostic) {
        if (diagnostic.getSeverity() == mlir::DiagnosticSeverity::Error)
          lines.push_back(toLine(diagnostic));
        return mlir::success();
      }) {}

} // namespace shiftadd::tools
