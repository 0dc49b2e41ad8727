//===- Model.cpp - An ONNX model as plain structs -------------------------===//
//
// Part of the shiftadd project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Names and widths of ONNX element types.
//
//===----------------------------------------------------------------------===//

#include "frontend/Onnx/Model.h"

namespace shiftadd::onnx_import {

unsigned dataTypeBytes(int32_t type) {
  switch (type) {
  case kBool:
  case kUInt8:
  case kInt8:
    return 1;
  case kUInt16:
  case kInt16:
  case kFloat16:
  case kBFloat16:
    return 2;
  case kFloat:
  case kInt32:
  case kUInt32:
    return 4;
  case kDouble:
  case kInt64:
  case kUInt64:
    return 8;
  default:
    return 0;
  }
}

std::string dataTypeName(int32_t type) {
  static constexpr const char *names[] = {
      "undefined",      "float32",    "uint8",
      "int8",           "uint16",     "int16",
      "int32",          "int64",      "string",
      "bool",           "float16",    "float64",
      "uint32",         "uint64",     "complex64",
      "complex128",     "bfloat16",   "float8e4m3fn",
      "float8e4m3fnuz", "float8e5m2", "float8e5m2fnuz",
      "uint4",          "int4",       "float4e2m1",
      "float8e8m0",     "uint2",      "int2"};
  if (type >= 0 && type < int32_t(std::size(names)))
    return names[type];
  return "type " + std::to_string(type);
}

std::string Node::label() const {
  if (!name.empty())
    return name;
  for (const std::string &output : outputs)
    if (!output.empty())
      return type + ":" + output;
  return type + " #" + std::to_string(index);
}

} // namespace shiftadd::onnx_import
