/*===- HandWrittenModel.c - A model library without a compiler ------*- C -*-===
 *
 * Part of the shiftadd project, under the Apache License v2.0 with LLVM
 * Exceptions. See LICENSE for license information.
 * SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
 *
 *===----------------------------------------------------------------------===
 *
 * A model with a known function, so that the tests of shiftadd-run depend on
 * nothing else: image float32 [N,3,2,2] -> logits float32 [N,3], the sum of
 * every channel. N is 1, or free with FREE_BATCH. With FIXED_INPUT there is a
 * second input that takes only one value.
 *
 *===--------------------------------------------------------------------===*/
#include "shiftadd/model_abi.h"

#include <stddef.h>
#include <stdlib.h>
#include <string.h>

#ifdef FREE_BATCH
#define BATCH -1
#else
#define BATCH 1
#endif

struct shiftadd_context {
  int profiling;
};

static const int64_t image_shape[] = {BATCH, 3, 2, 2};
static const int64_t logits_shape[] = {BATCH, 3};
static const shiftadd_tensor_info inputs[] = {
    {"image", SHIFTADD_FLOAT32, 4, image_shape, 48, NULL},
#ifdef FIXED_INPUT
#define INPUT_COUNT 2
    {"steps", SHIFTADD_INT64, 1, (const int64_t[]){2}, 16,
     (const int64_t[]){7, 8}},
#else
#define INPUT_COUNT 1
#endif
};
static const shiftadd_tensor_info outputs[] = {
    {"logits", SHIFTADD_FLOAT32, 2, logits_shape, 12, NULL}};
static const char *const layers[] = {"sum"};

static const char *target(void) { return "any"; }

static int create(shiftadd_context **context) {
  *context = calloc(1, sizeof(**context));
  return *context ? SHIFTADD_OK : SHIFTADD_OUT_OF_MEMORY;
}

static void destroy(shiftadd_context *context) { free(context); }

static int set_threads(shiftadd_context *context, int threads) {
  (void)context;
  return threads > 0 ? SHIFTADD_OK : SHIFTADD_INVALID_ARGUMENT;
}

static int set_parallel_for(shiftadd_context *context,
                            shiftadd_parallel_for loop, void *pool,
                            int threads) {
  (void)context, (void)loop, (void)pool, (void)threads;
  return SHIFTADD_OK;
}

static int run(shiftadd_context *context, const void *const *in,
               void *const *out, int64_t batch) {
  (void)context;
#ifdef FIXED_INPUT
  if (memcmp(in[1], inputs[1].required_value, 16) != 0)
    return SHIFTADD_INVALID_ARGUMENT;
#endif
  const float *image = in[0];
  float *logits = out[0];
  for (int64_t i = 0; i < batch * 3; ++i)
    logits[i] =
        image[4 * i] + image[4 * i + 1] + image[4 * i + 2] + image[4 * i + 3];
  return SHIFTADD_OK;
}

static int set_profiling(shiftadd_context *context, int enabled) {
  context->profiling = enabled;
  return SHIFTADD_OK;
}

static const uint64_t *layer_nanoseconds(const shiftadd_context *context) {
  static const uint64_t times[] = {1500000};
  return context->profiling ? times : NULL;
}

static const char *last_error(const shiftadd_context *context) {
  (void)context;
  return "the value of input 'steps' differs";
}

static const shiftadd_model_description description = {
    .json = "{\"preprocessing\": {\"mean\": [1, 2, 3], \"scale\": [0.5]}}",
    .free_batch = BATCH < 0,
    .input_count = INPUT_COUNT,
    .output_count = 1,
    .layer_count = 1,
    .inputs = inputs,
    .outputs = outputs,
    .layer_names = layers};

SHIFTADD_DECLARE_MODEL(table);
__attribute__((visibility("default")))
const shiftadd_model_v1 table = {.struct_size = sizeof(shiftadd_model_v1),
                                 .abi_version = SHIFTADD_MODEL_ABI_VERSION,
                                 .description = &description,
                                 .target = target,
                                 .create = create,
                                 .destroy = destroy,
                                 .set_threads = set_threads,
                                 .set_parallel_for = set_parallel_for,
                                 .run = run,
                                 .set_profiling = set_profiling,
                                 .layer_nanoseconds = layer_nanoseconds,
                                 .last_error = last_error};
