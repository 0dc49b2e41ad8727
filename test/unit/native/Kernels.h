/*===- Kernels.h - What kernels and tests agree on -----------------*- C -*-===*
 *
 * Part of the shiftadd project, under the Apache License v2.0 with LLVM
 * Exceptions. See LICENSE for license information.
 * SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
 *
 *===----------------------------------------------------------------------===
 *
 * Kernels have the signature and the habits of those that Halide generates:
 * fixed extents, and only the host pointers are read. They are compiled once
 * per kernel set.
 *
 *===--------------------------------------------------------------------===*/
#ifndef SHIFTADD_TEST_UNIT_NATIVE_KERNELS_H
#define SHIFTADD_TEST_UNIT_NATIVE_KERNELS_H

#include <stdint.h>

enum {
  IMAGE = 6,           /* height and width */
  PADDED = IMAGE + 2,  /* with a halo of one */
  BLOCK = 65536,       /* bytes that copy moves */
  REFUSED_VALUE = 127, /* the first input byte that pad refuses */
  REFUSED_CODE = 7
};

#define CONVOLUTION_SCALE 0.0078125f

#ifdef KERNEL_SET
/* halide_buffer_t. */
typedef struct {
  uint64_t device;
  const void *device_interface;
  uint8_t *host;
  uint64_t flags;
  uint32_t type;
  int32_t dimensions;
  void *dim;
  void *padding;
} buffer;

#define JOIN(a, b) a##b
#define NAME(set, name) JOIN(set, name)
#define KERNEL(name) NAME(KERNEL_SET, name)
#endif

#endif /* SHIFTADD_TEST_UNIT_NATIVE_KERNELS_H */
