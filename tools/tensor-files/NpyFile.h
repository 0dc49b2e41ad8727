//===- NpyFile.h - NumPy's .npy format --------------------------*- C++ -*-===//
//
// Part of the shiftadd project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Format versions 1 to 3, C and Fortran order, either byte order. NumPy has no
// bfloat16: it is stored as a two-byte void ('<V2'), which is what numpy.save
// writes for arrays of the ml_dtypes package; without that package,
// `array.view('uint16')` gives the bits.
//
//===----------------------------------------------------------------------===//
#ifndef SHIFTADD_TOOLS_TENSORFILES_NPYFILE_H
#define SHIFTADD_TOOLS_TENSORFILES_NPYFILE_H

#include "tools/tensor-files/Tensor.h"

namespace shiftadd::tools {

/// True if the bytes start like an .npy file.
bool isNpy(const std::vector<uint8_t> &file);

/// Decodes a whole .npy file; the name of `tensor` stays as it is. The error
/// says what is wrong but not where: the caller knows the file.
bool decodeNpy(std::vector<uint8_t> file, Tensor &tensor, std::string &error);

/// Version 1, C order, little endian. numpy.load reads it, and numpy.save
/// would have written the same bytes.
std::vector<uint8_t> encodeNpy(const Tensor &tensor);

} // namespace shiftadd::tools

#endif // SHIFTADD_TOOLS_TENSORFILES_NPYFILE_H
