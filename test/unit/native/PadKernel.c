/*===- PadKernel.c - Copies an image into a padded one -------------*- C -*-===*
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

/* Copies an image into the interior of a padded one; refuses images that start
 * with REFUSED_VALUE. */
int KERNEL(_pad)(void *context, buffer *input, buffer *padded) {
  (void)context;
  if (input->host[0] == REFUSED_VALUE)
    return REFUSED_CODE;
  for (int y = 0; y < IMAGE; ++y)
    memcpy(padded->host + (y + 1) * PADDED + 1, input->host + y * IMAGE, IMAGE);
  return 0;
}
