//===- Tensor.h - A named tensor as plain bytes -----------------*- C++ -*-===//
//
// Part of the shiftadd project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// What the file readers produce and the writers take. The element types are
// those of the model ABI, so a tensor goes to and from a model library without
// a conversion.
//
//===----------------------------------------------------------------------===//
#ifndef SHIFTADD_TOOLS_TENSORFILES_TENSOR_H
#define SHIFTADD_TOOLS_TENSORFILES_TENSOR_H

#include "shiftadd/model_abi.h"

#include <cstdint>
#include <string>
#include <vector>

namespace shiftadd::tools {

/// A dense row-major tensor. `bytes` always holds exactly the elements that
/// `type` and `shape` say, in the byte order of the machine; bools are 0 or 1.
struct Tensor {
  std::string name;
  shiftadd_type type = SHIFTADD_FLOAT32;
  std::vector<int64_t> shape;
  std::vector<uint8_t> bytes;
};

/// Bytes of one element; 0 if `type` is none of the enumerators.
unsigned elementBytes(int32_t type);

/// "float32", "bool", ...; "type 99" for a number that is no element type.
std::string typeName(int32_t type);

/// "float32[1,3,224,224]"; a free dimension (-1) is printed as `?`.
std::string describe(int32_t type, const std::vector<int64_t> &shape);
inline std::string describe(const Tensor &tensor) {
  return describe(tensor.type, tensor.shape);
}

/// Computes the size of a tensor. Fails with a text on an unknown type, a
/// negative dimension, or a size of more than 2^62 bytes (also when a zero
/// dimension hides a product that overflows).
bool tensorBytes(int32_t type, const std::vector<int64_t> &shape,
                 uint64_t &bytes, std::string &error);

/// False if a buffer of this size exceeds the machine's memory. Asked before
/// allocating what a file claims: systems that overcommit grant any size and
/// kill the process later.
bool fitsMemory(uint64_t bytes);

/// Gives `tensor` zero bytes for its type and shape; fails on a bad shape and
/// when the memory does not suffice.
bool allocate(Tensor &tensor, std::string &error);

} // namespace shiftadd::tools

#endif // SHIFTADD_TOOLS_TENSORFILES_TENSOR_H
