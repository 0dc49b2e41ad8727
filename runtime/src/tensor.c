/*===- tensor.c - Element types and sizes -----------------------------------===
 *
 * Part of the shiftadd project, under the Apache License v2.0 with LLVM
 * Exceptions. See LICENSE for license information.
 * SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
 *
 *===----------------------------------------------------------------------===
 *
 * What a program needs to know of a tensor to make a buffer for it.
 *
 *===--------------------------------------------------------------------===*/
#include "runtime/src/model.h"

static const struct {
  const char *name;
  size_t bytes;
} types[] = {
    [SHIFTADD_BOOL] = {"bool", 1},         [SHIFTADD_INT8] = {"int8", 1},
    [SHIFTADD_INT16] = {"int16", 2},       [SHIFTADD_INT32] = {"int32", 4},
    [SHIFTADD_INT64] = {"int64", 8},       [SHIFTADD_UINT8] = {"uint8", 1},
    [SHIFTADD_UINT16] = {"uint16", 2},     [SHIFTADD_UINT32] = {"uint32", 4},
    [SHIFTADD_UINT64] = {"uint64", 8},     [SHIFTADD_FLOAT16] = {"float16", 2},
    [SHIFTADD_BFLOAT16] = {"bfloat16", 2}, [SHIFTADD_FLOAT32] = {"float32", 4},
    [SHIFTADD_FLOAT64] = {"float64", 8},
};

static int is_type(int32_t type) {
  return type >= 0 && (size_t)type < sizeof(types) / sizeof(*types);
}

size_t shiftadd_type_bytes(int32_t type) {
  return is_type(type) ? types[type].bytes : 0;
}

const char *shiftadd_type_name(int32_t type) {
  return is_type(type) ? types[type].name : NULL;
}

uint64_t shiftadd_tensor_bytes(const shiftadd_tensor_info *tensor,
                               int64_t batch) {
  const int batched = tensor->rank > 0 && tensor->shape[0] < 0;
  return batched ? tensor->bytes * (uint64_t)batch : tensor->bytes;
}
