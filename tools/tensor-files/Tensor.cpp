//===- Tensor.cpp - A named tensor as plain bytes -------------------------===//
//
// Part of the shiftadd project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Sizes come from files that may be hostile, so they are computed with checks
// here and nowhere else.
//
//===----------------------------------------------------------------------===//

#include "tools/tensor-files/Tensor.h"

#include <new>
#include <unistd.h>

namespace shiftadd::tools {

unsigned elementBytes(int32_t type) {
  switch (type) {
  case SHIFTADD_BOOL:
  case SHIFTADD_INT8:
  case SHIFTADD_UINT8:
    return 1;
  case SHIFTADD_INT16:
  case SHIFTADD_UINT16:
  case SHIFTADD_FLOAT16:
  case SHIFTADD_BFLOAT16:
    return 2;
  case SHIFTADD_INT32:
  case SHIFTADD_UINT32:
  case SHIFTADD_FLOAT32:
    return 4;
  case SHIFTADD_INT64:
  case SHIFTADD_UINT64:
  case SHIFTADD_FLOAT64:
    return 8;
  default:
    return 0;
  }
}

std::string typeName(int32_t type) {
  switch (type) {
  case SHIFTADD_BOOL:
    return "bool";
  case SHIFTADD_INT8:
    return "int8";
  case SHIFTADD_INT16:
    return "int16";
  case SHIFTADD_INT32:
    return "int32";
  case SHIFTADD_INT64:
    return "int64";
  case SHIFTADD_UINT8:
    return "uint8";
  case SHIFTADD_UINT16:
    return "uint16";
  case SHIFTADD_UINT32:
    return "uint32";
  case SHIFTADD_UINT64:
    return "uint64";
  case SHIFTADD_FLOAT16:
    return "float16";
  case SHIFTADD_BFLOAT16:
    return "bfloat16";
  case SHIFTADD_FLOAT32:
    return "float32";
  case SHIFTADD_FLOAT64:
    return "float64";
  default:
    return "type " + std::to_string(type);
  }
}

std::string describe(int32_t type, const std::vector<int64_t> &shape) {
  std::string text = typeName(type) + "[";
  for (size_t i = 0; i < shape.size(); ++i) {
    if (i)
      text += ",";
    text += shape[i] == -1 ? "?" : std::to_string(shape[i]);
  }
  return text + "]";
}

bool tensorBytes(int32_t type, const std::vector<int64_t> &shape,
                 uint64_t &bytes, std::string &error) {
  constexpr uint64_t limit = uint64_t(1) << 62;
  uint64_t product = elementBytes(type);
  if (!product) {
    error = "unknown element " + typeName(type);
    return false;
  }
  bool empty = false;
  for (int64_t dimension : shape) {
    if (dimension < 0) {
      error = "negative dimension " + std::to_string(dimension);
      return false;
    }
    if (dimension == 0) {
      empty = true;
      continue;
    }
    if (uint64_t(dimension) > limit / product) {
      error = "the shape's size overflows";
      return false;
    }
    product *= uint64_t(dimension);
  }
  bytes = empty ? 0 : product;
  return true;
}

bool fitsMemory(uint64_t bytes) {
  return bytes / uint64_t(::sysconf(_SC_PAGESIZE)) <
         uint64_t(::sysconf(_SC_PHYS_PAGES));
}

bool allocate(Tensor &tensor, std::string &error) {
  uint64_t bytes;
  if (!tensorBytes(tensor.type, tensor.shape, bytes, error))
    return false;
  try {
    if (fitsMemory(bytes)) {
      tensor.bytes.assign(bytes, 0);
      return true;
    }
  } catch (const std::bad_alloc &) {
    // Reported below.
  }
  error = describe(tensor) + " is too large for the memory";
  return false;
}

} // namespace shiftadd::tools
