//===- ExternalData.h - Tensors in files beside the model -------*- C++ -*-===//
//
// Part of the shiftadd project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// A model may name any path as the home of a tensor. Only files inside the
// model's own folder are opened: no absolute path, no step upward, no symbolic
// link, and no second name of a file elsewhere.
//
//===----------------------------------------------------------------------===//
#ifndef SHIFTADD_FRONTEND_ONNX_EXTERNALDATA_H
#define SHIFTADD_FRONTEND_ONNX_EXTERNALDATA_H

#include <cstdint>
#include <string>

namespace shiftadd::onnx_import {

/// Reads `length` bytes at `offset` of `location`, which is relative to the
/// folder of `modelPath`. A length of -1 reads to the end.
bool readExternalData(const std::string &modelPath, const std::string &location,
                      int64_t offset, int64_t length, std::string &bytes,
                      std::string &error);

} // namespace shiftadd::onnx_import

#endif // SHIFTADD_FRONTEND_ONNX_EXTERNALDATA_H
