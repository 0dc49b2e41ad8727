//===- Diagnostics.h - MLIR diagnostics for users -*- C++ -*-===//
//
// Part of the shiftadd project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Locations of imported ops name the ONNX node inside the file's location;
// MLIR's own printing drops one of the two. This prints both on one line.
//
//===----------------------------------------------------------------------===//
#ifndef SHIFTADD_TOOLS_COMPILER_DIAGNOSTICS_H
#define SHIFTADD_TOOLS_COMPILER_DIAGNOSTICS_H

#include "mlir/IR/Diagnostics.h"

#include <string>
#include <vector>

namespace shiftadd::tools {

/// Collects errors as complete lines: "FILE: error: node 'NAME': TEXT".
class DiagnosticCollector {
public:
  explicit DiagnosticCollector(mlir::MLIRContext *context);

  bool empty() const { return lines.empty(); }
  std::vector<std::string> take() { return std::move(lines); }

private:
  std::vector<std::string> lines;
  mlir::ScopedDiagnosticHandler handler;
};

} // namespace shiftadd::tools

#endif // SHIFTADD_TOOLS_COMPILER_DIAGNOSTICS_H
