//===- TensorFile.h - TensorProto files as plain bytes ----------*- C++ -*-===//
//
// Part of the shiftadd project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// The ONNX tests and many exporters store a single tensor as a serialised
// onnx.TensorProto. This facade turns such a file into bytes and back for
// programs that do not see protobuf; nothing is thrown out of it.
//
//===----------------------------------------------------------------------===//
#ifndef SHIFTADD_FRONTEND_ONNX_TENSORFILE_H
#define SHIFTADD_FRONTEND_ONNX_TENSORFILE_H

#include <cstdint>
#include <string>
#include <vector>

namespace shiftadd::onnx_import {

/// A dense row-major tensor. `dataType` is a number of
/// onnx.TensorProto.DataType and one of those that tensorElementBytes knows.
struct PlainTensor {
  std::string name;
  int32_t dataType = 0;
  std::vector<int64_t> shape;
  std::vector<uint8_t> bytes; ///< little endian; bools are 0 or 1
};

/// Bytes of one element of an onnx.TensorProto.DataType: bool, integers of 8 to
/// 64 bits, float16, bfloat16, float and double; 0 for all others.
unsigned tensorElementBytes(int32_t dataType);

/// Decodes the bytes of a TensorProto file, whose elements may be in raw_data
/// or in a typed field. The error does not name the file.
bool decodeTensorFile(const std::vector<uint8_t> &file, PlainTensor &tensor,
                      std::string &error);

/// Encodes with raw_data. Fails on an unknown type or when the message would
/// exceed protobuf's limit of 2 GiB.
bool encodeTensorFile(const PlainTensor &tensor, std::vector<uint8_t> &file,
                      std::string &error);

} // namespace shiftadd::onnx_import

#endif // SHIFTADD_FRONTEND_ONNX_TENSORFILE_H
