/*===- ConvolutionKernel.c - A convolution that calls libm ---------*- C -*-===*
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

#include <math.h>

/* A 3x3 convolution with 8-bit weights and tanh. */
int KERNEL(_convolution)(void *context, buffer *padded, buffer *weights,
                         buffer *output) {
  (void)context;
  const int8_t *filter = (const int8_t *)weights->host;
  float *result = (float *)output->host;
  for (int y = 0; y < IMAGE; ++y)
    for (int x = 0; x < IMAGE; ++x) {
      int sum = 0;
      for (int i = 0; i < 3; ++i)
        for (int j = 0; j < 3; ++j)
          sum += filter[i * 3 + j] *
                 ((const int8_t *)padded->host)[(y + i) * PADDED + x + j];
      result[y * IMAGE + x] = tanhf(sum * CONVOLUTION_SCALE);
    }
  return 0;
}
