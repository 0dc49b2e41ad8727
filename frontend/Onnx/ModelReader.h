//===- ModelReader.h - Reads ONNX files -------------------------*- C++ -*-===//
//
// Part of the shiftadd project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// The facade around protobuf: a file in, plain structs out. Nothing is thrown
// out of it and nothing is printed.
//
//===----------------------------------------------------------------------===//
#ifndef SHIFTADD_FRONTEND_ONNX_MODELREADER_H
#define SHIFTADD_FRONTEND_ONNX_MODELREADER_H

#include "frontend/Onnx/Model.h"

namespace shiftadd::onnx_import {

/// The IR versions that are read.
inline constexpr int64_t kMinIrVersion = 3;
inline constexpr int64_t kMaxIrVersion = 14;

/// Reads a model with its external data. On failure `error` is one line that
/// does not name the model's own file. `unsupported` is set when the file is
/// sound but newer or older than what is read.
bool readModel(const std::string &path, Model &model, std::string &error,
               bool &unsupported);

/// Replaces every call of a model-local function by its body and writes the
/// version of its operator set into every node. Fails on recursive functions.
bool inlineFunctions(Model &model, std::string &error);

} // namespace shiftadd::onnx_import

#endif // SHIFTADD_FRONTEND_ONNX_MODELREADER_H
