//===- NpzFile.h - NumPy's .npz archives ------------------------*- C++ -*-===//
//
// Part of the shiftadd project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// A zip archive of .npy files; the name of an entry without the suffix is the
// tensor's name.
//
//===----------------------------------------------------------------------===//
#ifndef SHIFTADD_TOOLS_TENSORFILES_NPZFILE_H
#define SHIFTADD_TOOLS_TENSORFILES_NPZFILE_H

#include "tools/tensor-files/Tensor.h"

namespace shiftadd::tools {

/// True if the bytes start like a zip archive.
bool isZip(const std::vector<uint8_t> &file);

/// Decodes every array, compressed or not, in the archive's order. The error
/// names the entry but not the archive.
bool decodeNpz(const std::vector<uint8_t> &file, std::vector<Tensor> &tensors,
               std::string &error);

/// Stores the tensors uncompressed with a fixed date, so that equal tensors
/// give equal bytes.
bool encodeNpz(const std::vector<Tensor> &tensors, std::vector<uint8_t> &file,
               std::string &error);

} // namespace shiftadd::tools

#endif // SHIFTADD_TOOLS_TENSORFILES_NPZFILE_H
