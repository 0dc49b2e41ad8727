//===- classify.c - A program outside the project that runs a model -------===//
//
// Part of the shiftadd project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Opens the digits network that is named on the command line, classifies one
// digit and compares the scores. It knows of shiftadd what is installed.
//
//===----------------------------------------------------------------------===//
#include "digit.h"

#include <shiftadd/runtime.h>

#include <math.h>
#include <stdio.h>

static int fail(const char *what, const char *why) {
  fprintf(stderr, "%s: %s\n", what, why);
  return 1;
}

int main(int argc, char **argv) {
  if (argc != 2)
    return fail("usage", "classify MODEL.so");

  shiftadd_model *model;
  shiftadd_session *session;
  if (shiftadd_open(argv[1], &model))
    return fail(argv[1], shiftadd_last_error(NULL));
  if (shiftadd_create(model, &session))
    return fail(argv[1], shiftadd_last_error(NULL));

  float image[28 * 28], scores[10];
  if (shiftadd_input_count(model) != 1 || shiftadd_output_count(model) != 1 ||
      shiftadd_tensor_bytes(shiftadd_input(model, 0), 1) != sizeof(image) ||
      shiftadd_tensor_bytes(shiftadd_output(model, 0), 1) != sizeof(scores))
    return fail(argv[1], "is not the digits network");
  for (int i = 0; i < 28 * 28; ++i)
    image[i] = digit_image[i] / 255.0f;

  const void *inputs[] = {image};
  void *outputs[] = {scores};
  if (shiftadd_run(session, inputs, outputs, 1))
    return fail("run", shiftadd_last_error(session));

  float largest = 0, difference = 0;
  for (int i = 0; i < 10; ++i) {
    largest = fmaxf(largest, fabsf(digit_scores[i]));
    // Written so that a NaN counts as a difference.
    float error = fabsf(scores[i] - digit_scores[i]);
    if (!(error <= difference))
      difference = error;
  }
  printf("%s kernels, largest difference %g of %g\n", shiftadd_target(model),
         difference, largest);
  shiftadd_destroy(session);
  shiftadd_close(model);
  if (!(difference <= 1e-4f * largest))
    return fail(argv[1], "the scores are wrong");
  return 0;
}
