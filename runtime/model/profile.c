/*===- profile.c - Time per layer -------------------------------------------===
 *
 * Part of the shiftadd project, under the Apache License v2.0 with LLVM
 * Exceptions. See LICENSE for license information.
 * SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
 *
 *===----------------------------------------------------------------------===
 *
 * The executor reports the end of every layer; a layer's time is what has
 * passed since the report before it.
 *
 *===--------------------------------------------------------------------===*/
#include "runtime/model/context.h"

#include <stdlib.h>
#include <string.h>
#include <time.h>

static uint64_t now(void) {
  struct timespec time;
  clock_gettime(CLOCK_MONOTONIC, &time);
  return (uint64_t)time.tv_sec * 1000000000u + (uint64_t)time.tv_nsec;
}

void shiftadd_profile_start(shiftadd_profile *profile) {
  if (!profile->nanoseconds)
    return;
  memset(profile->nanoseconds, 0,
         shiftadd_description.layer_count * sizeof(uint64_t));
  profile->last = now();
}

void shiftadd_layer_done(void *user_context, uint32_t layer) {
  shiftadd_context *context = user_context;
  shiftadd_profile *profile = &context->profile;
  if (!profile->nanoseconds || layer >= shiftadd_description.layer_count)
    return;
  uint64_t time = now();
  profile->nanoseconds[layer] += time - profile->last;
  profile->last = time;
}

int shiftadd_set_context_profiling(shiftadd_context *context, int enabled) {
  if (!context)
    return SHIFTADD_INVALID_ARGUMENT;
  shiftadd_profile *profile = &context->profile;
  if (!enabled) {
    free(profile->nanoseconds);
    profile->nanoseconds = NULL;
    return SHIFTADD_OK;
  }
  if (profile->nanoseconds)
    return SHIFTADD_OK;
  /* One more, so that a model without layers gets a pointer, too. */
  profile->nanoseconds =
      calloc((size_t)shiftadd_description.layer_count + 1, sizeof(uint64_t));
  if (!profile->nanoseconds)
    return shiftadd_fail(context, SHIFTADD_OUT_OF_MEMORY,
                         "out of memory for the layers' times");
  return SHIFTADD_OK;
}

const uint64_t *shiftadd_context_nanoseconds(const shiftadd_context *context) {
  return context ? context->profile.nanoseconds : NULL;
}
