//===- Import.h - From an ONNX file to the shiftadd dialect -----*- C++ -*-===//
//
// Part of the shiftadd project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// The entrance of the frontend. Whatever the file holds, the answer is a module
// or lines of text for the user.
//
//===----------------------------------------------------------------------===//
#ifndef SHIFTADD_FRONTEND_ONNX_IMPORT_H
#define SHIFTADD_FRONTEND_ONNX_IMPORT_H

#include "mlir/IR/BuiltinOps.h"
#include "mlir/IR/MLIRContext.h"
#include "mlir/IR/OwningOpRef.h"

#include <cstdint>
#include <map>
#include <string>
#include <vector>

namespace shiftadd::onnx_import {

/// The value that an input is fixed to.
struct FixedValue {
  int32_t type = 7; ///< a number of onnx.TensorProto.DataType; 7 is int64
  std::vector<int64_t> shape;
  std::vector<char> bytes; ///< dense, little-endian, one byte per boolean
};

struct ImportOptions {
  /// Shapes of inputs by name; they must agree with what the file declares.
  std::map<std::string, std::vector<int64_t>> shapes;
  /// Inputs that become constants. The function keeps the argument, with the
  /// value as an attribute, and the library refuses any other. The value is
  /// converted to the input's type, which must hold it exactly.
  std::map<std::string, FixedValue> values;
  /// Keeps nodes that have no meaning here as `shiftadd.onnx_node`.
  bool allowUnsupported = false;
};

struct ImportError {
  /// The numbers are the exit codes of the tools.
  enum Kind { InvalidInput = 1, Internal = 2, Unsupported = 3 };
  Kind kind = Internal;
  /// Complete lines, ready to be printed.
  std::vector<std::string> lines;
  /// Inputs whose values decide a shape or an axis and that have to be fixed
  /// before the model can be imported.
  std::vector<std::string> inputsToFix;
};

/// Reads the model and builds a module of the stage `import`. On failure the
/// module is left alone and `error` is filled.
bool importOnnx(const std::string &path, const ImportOptions &options,
                mlir::MLIRContext &context,
                mlir::OwningOpRef<mlir::ModuleOp> &module, ImportError &error);

/// One supported operator, for documentation.
struct SupportedOperator {
  std::string domain;
  std::string name;
  int64_t sinceVersion;
};
std::vector<SupportedOperator> listSupportedOperators();

} // namespace shiftadd::onnx_import

#endif // SHIFTADD_FRONTEND_ONNX_IMPORT_H
