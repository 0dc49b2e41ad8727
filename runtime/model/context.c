/*===- context.c - Making and configuring a context -------------------------===
 *
 * Part of the shiftadd project, under the Apache License v2.0 with LLVM
 * Exceptions. See LICENSE for license information.
 * SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
 *
 *===----------------------------------------------------------------------===
 *
 * A context owns all memory of its runs: the arena, the threads and the scratch
 * blocks.
 *
 *===--------------------------------------------------------------------===*/
#include "runtime/model/context.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

int shiftadd_fail(shiftadd_context *context, int status, const char *format,
                  ...) {
  va_list arguments;
  va_start(arguments, format);
  vsnprintf(context->error, sizeof(context->error), format, arguments);
  va_end(arguments);
  return status;
}

static bool allocate_buffers(shiftadd_context *context) {
  const shiftadd_model_description *model = &shiftadd_description;
  const uint64_t alignment = SHIFTADD_BUFFER_ALIGNMENT;
  if (model->arena_bytes > PTRDIFF_MAX - alignment)
    return false;
  /* At least one unit, because an empty allocation may be NULL. */
  uint64_t units = model->arena_bytes / alignment + 1;
  context->arena = aligned_alloc(alignment, units * alignment);
  context->sample_inputs =
      calloc((size_t)model->input_count + 1, sizeof(*context->sample_inputs));
  context->sample_outputs =
      calloc((size_t)model->output_count + 1, sizeof(*context->sample_outputs));
  return context->arena && context->sample_inputs && context->sample_outputs;
}

static void free_buffers(shiftadd_context *context) {
  free(context->arena);
  free(context->sample_inputs);
  free(context->sample_outputs);
}

int shiftadd_create_context(shiftadd_context **result) {
  if (!result)
    return SHIFTADD_INVALID_ARGUMENT;
  *result = NULL;
  const shiftadd_target_description *target = shiftadd_select_target();
  if (!target)
    return SHIFTADD_NO_TARGET;
  shiftadd_context *context = calloc(1, sizeof(*context));
  if (!context)
    return SHIFTADD_OUT_OF_MEMORY;
  context->target = target;
  if (allocate_buffers(context) &&
      !pthread_mutex_init(&context->guard_mutex, NULL)) {
    if (!shiftadd_scratch_initialize(&context->scratch)) {
      *result = context;
      return SHIFTADD_OK;
    }
    pthread_mutex_destroy(&context->guard_mutex);
  }
  free_buffers(context);
  free(context);
  return SHIFTADD_OUT_OF_MEMORY;
}

void shiftadd_destroy_context(shiftadd_context *context) {
  if (!context)
    return;
  shiftadd_pool_destroy(context->pool);
  shiftadd_scratch_finish(&context->scratch);
  pthread_mutex_destroy(&context->guard_mutex);
  free(context->profile.nanoseconds);
  free_buffers(context);
  free(context);
}

int shiftadd_set_context_threads(shiftadd_context *context, int threads) {
  const int most = 1024;
  if (!context)
    return SHIFTADD_INVALID_ARGUMENT;
  if (threads < 1 || threads > most)
    return shiftadd_fail(context, SHIFTADD_INVALID_ARGUMENT,
                         "the number of threads must be 1 to %d, not %d", most,
                         threads);
  int current = context->pool ? shiftadd_pool_threads(context->pool) : 1;
  if (threads == current)
    return SHIFTADD_OK;
  shiftadd_pool *pool = NULL;
  if (threads > 1) {
    pool = shiftadd_pool_create(threads);
    if (!pool)
      return shiftadd_fail(context, SHIFTADD_OUT_OF_MEMORY,
                           "the system does not allow %d more threads",
                           threads - 1);
  }
  shiftadd_pool_destroy(context->pool);
  context->pool = pool;
  return SHIFTADD_OK;
}

int shiftadd_set_context_loop(shiftadd_context *context,
                              shiftadd_parallel_for loop, void *pool,
                              int threads) {
  if (!context)
    return SHIFTADD_INVALID_ARGUMENT;
  if (loop && threads < 1)
    return shiftadd_fail(
        context, SHIFTADD_INVALID_ARGUMENT,
        "the host program's parallel loop must have at least 1 thread, not %d",
        threads);
  context->host_loop = loop;
  context->host_pool = pool;
  context->host_threads = threads;
  return SHIFTADD_OK;
}

const char *shiftadd_context_error(const shiftadd_context *context) {
  return context ? context->error : "no context";
}
