/*===- CopyKernel.c - Copies a block of bytes ----------------------*- C -*-===*
 *
 * Part of the shiftadd project, under the Apache License v2.0 with LLVM
 * Exceptions. See LICENSE for license information.
 * SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
 *
 *===----------------------------------------------------------------------===
 *
 * One of the kernels that stand in for what Halide generates.
 *
 *===--------------------------------------------------------------------===*/
#include "test/unit/native/Kernels.h"

#include <string.h>

/* Copies a block; the other members of the buffers must be zero. */
int KERNEL(_copy)(void *context, buffer *input, buffer *output) {
  (void)context;
  if (input->device || input->flags || input->type || input->dim ||
      output->device || output->flags || output->type || output->dim)
    return REFUSED_CODE;
  memcpy(output->host, input->host, BLOCK);
  return 0;
}
