/*===- scratch.c - Memory that kernels ask for ------------------------------===
 *
 * Part of the shiftadd project, under the Apache License v2.0 with LLVM
 * Exceptions. See LICENSE for license information.
 * SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
 *
 *===----------------------------------------------------------------------===
 *
 * halide_malloc and halide_free. Every block starts with a header that links it
 * into one of the context's two lists.
 *
 *===--------------------------------------------------------------------===*/
#include "runtime/model/context.h"

#include <stdlib.h>

typedef struct shiftadd_scratch_block {
  struct shiftadd_scratch_block *previous;
  struct shiftadd_scratch_block *next;
  size_t size; /* without the header */
} shiftadd_scratch_block;

enum {
  HEADER_BYTES = SHIFTADD_BUFFER_ALIGNMENT,
  /* More than the blocks that a kernel's stages have alive on the threads of a
   * usual machine. */
  CACHED_BLOCKS = 64,
  SMALL_BYTES = 4096
};

_Static_assert(sizeof(shiftadd_scratch_block) <= HEADER_BYTES,
               "the header fits in front of an aligned block");

static void push(shiftadd_scratch_block **list, shiftadd_scratch_block *block) {
  block->previous = NULL;
  block->next = *list;
  if (*list)
    (*list)->previous = block;
  *list = block;
}

static void unlink_block(shiftadd_scratch_block **list,
                         shiftadd_scratch_block *block) {
  if (block->previous)
    block->previous->next = block->next;
  else
    *list = block->next;
  if (block->next)
    block->next->previous = block->previous;
}

static void free_list(shiftadd_scratch_block **list) {
  while (*list) {
    shiftadd_scratch_block *block = *list;
    *list = block->next;
    free(block);
  }
}

/* The smallest cached block that holds `size` bytes without wasting more than
 * half of itself. */
static shiftadd_scratch_block *find_cached(const shiftadd_scratch *scratch,
                                           size_t size) {
  shiftadd_scratch_block *best = NULL;
  size_t limit = size < SMALL_BYTES / 2 ? SMALL_BYTES : 2 * size;
  for (shiftadd_scratch_block *b = scratch->cached; b; b = b->next)
    if (b->size >= size && b->size <= limit && (!best || b->size < best->size))
      best = b;
  return best;
}

int shiftadd_scratch_initialize(shiftadd_scratch *scratch) {
  scratch->used = NULL;
  scratch->cached = NULL;
  scratch->cached_count = 0;
  return pthread_mutex_init(&scratch->mutex, NULL);
}

void shiftadd_scratch_reclaim(shiftadd_scratch *scratch) {
  free_list(&scratch->used);
}

void shiftadd_scratch_finish(shiftadd_scratch *scratch) {
  free_list(&scratch->used);
  free_list(&scratch->cached);
  pthread_mutex_destroy(&scratch->mutex);
}

void *halide_malloc(void *user_context, size_t size) {
  shiftadd_context *context = user_context;
  shiftadd_scratch *scratch = &context->scratch;
  shiftadd_scratch_block *block = NULL;
  const size_t mask = SHIFTADD_BUFFER_ALIGNMENT - 1;
  if (size <= PTRDIFF_MAX - HEADER_BYTES - mask) {
    size = (size + mask) & ~mask;
    pthread_mutex_lock(&scratch->mutex);
    block = find_cached(scratch, size);
    if (block) {
      unlink_block(&scratch->cached, block);
      --scratch->cached_count;
    } else {
      block = aligned_alloc(SHIFTADD_BUFFER_ALIGNMENT, HEADER_BYTES + size);
      if (!block) {
        free_list(&scratch->cached);
        scratch->cached_count = 0;
        block = aligned_alloc(SHIFTADD_BUFFER_ALIGNMENT, HEADER_BYTES + size);
      }
      if (block)
        block->size = size;
    }
    if (block)
      push(&scratch->used, block);
    pthread_mutex_unlock(&scratch->mutex);
  }
  if (!block) {
    shiftadd_leave_kernel(context, SHIFTADD_OUT_OF_MEMORY);
    return NULL;
  }
  return (char *)block + HEADER_BYTES;
}

void halide_free(void *user_context, void *pointer) {
  if (!pointer)
    return;
  shiftadd_context *context = user_context;
  shiftadd_scratch *scratch = &context->scratch;
  shiftadd_scratch_block *block =
      (shiftadd_scratch_block *)((char *)pointer - HEADER_BYTES);
  shiftadd_scratch_block *oldest = NULL;
  pthread_mutex_lock(&scratch->mutex);
  unlink_block(&scratch->used, block);
  push(&scratch->cached, block);
  if (++scratch->cached_count > CACHED_BLOCKS) {
    for (oldest = scratch->cached; oldest->next;)
      oldest = oldest->next;
    unlink_block(&scratch->cached, oldest);
    --scratch->cached_count;
  }
  pthread_mutex_unlock(&scratch->mutex);
  free(oldest);
}
