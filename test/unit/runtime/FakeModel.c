/*===- FakeModel.c - A model library written by hand ------------------------===
 *
 * Part of the shiftadd project, under the Apache License v2.0 with LLVM
 * Exceptions. See LICENSE for license information.
 * SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
 *
 *===----------------------------------------------------------------------===
 *
 * Stands where the compiler's output stands: a description, and an executor
 * that calls the support code as kernels do. x[0] selects what happens, so that
 * tests can provoke failures inside kernels.
 *
 *===--------------------------------------------------------------------===*/
#include "FakeModel.h"
#include "runtime/model/description.h"

#include <math.h>
#include <stdbool.h>
#include <stddef.h>

void *halide_malloc(void *user_context, size_t size);
void halide_free(void *user_context, void *pointer);
int halide_do_par_for(void *user_context,
                      int (*task)(void *user_context, int index,
                                  uint8_t *closure),
                      int min, int size, uint8_t *closure);

#ifndef FAKE_ARENA_BYTES
#define FAKE_ARENA_BYTES (FAKE_SIZE * sizeof(int32_t))
#endif
#ifndef FAKE_CPU_LEVEL
#define FAKE_CPU_LEVEL SHIFTADD_CPU_X86_64_V3
#endif

typedef struct buffers {
  const int32_t *x;
  const double *d;
  int32_t *middle;
  int32_t *y;
  uint16_t *h;
  int entered;
  int row;
} buffers;

static int triple(void *context, int index, uint8_t *closure) {
  buffers *b = (buffers *)closure;
  if (b->x[0] == FAKE_FAIL_IN_TASK && index == 5)
    return FAKE_TASK_STATUS;
  b->middle[index] = b->x[index] * 3;
  return 0;
}

static int add_row(void *context, int index, uint8_t *closure) {
  buffers *b = (buffers *)closure;
  b->middle[b->row * FAKE_ROW + index] += b->row;
  return 0;
}

/* A loop in a loop. */
static int add_rows(void *context, int index, uint8_t *closure) {
  buffers row = *(buffers *)closure;
  row.row = index;
  return halide_do_par_for(context, add_row, 0, FAKE_ROW, (uint8_t *)&row);
}

/* Uses scratch blocks of many sizes; element i becomes the sum of i + 1 copies
 * of itself. */
static int sum_copies(void *context, int index, uint8_t *closure) {
  buffers *b = (buffers *)closure;
  if (b->x[0] == FAKE_OUT_OF_MEMORY && index == 7)
    halide_free(context, halide_malloc(context, (size_t)1 << 60));
  const int copies = index + 1;
  int32_t *copy =
      halide_malloc(context, (size_t)copies * 200 * sizeof(int32_t));
  if ((uintptr_t)copy % 64 != 0)
    return FAKE_MISALIGNED_STATUS;
  for (int i = 0; i < copies; ++i)
    copy[i * 199] = b->middle[index];
  int32_t sum = 0;
  for (int i = 0; i < copies; ++i)
    sum += copy[i * 199];
  halide_free(context, copy);
  b->y[index] = sum;
  return 0;
}

/* Waits until x[1] iterations have begun, which takes that many threads. */
static int meet(void *context, int index, uint8_t *closure) {
  buffers *b = (buffers *)closure;
  __atomic_add_fetch(&b->entered, 1, __ATOMIC_SEQ_CST);
  for (long spin = 0; spin < 2000000000l; ++spin)
    if (__atomic_load_n(&b->entered, __ATOMIC_SEQ_CST) >= b->x[1])
      return 0;
  return FAKE_TASK_STATUS;
}

/* 1/3 in float, whose last bit shows the rounding mode. */
static int divide(void *context, int index, uint8_t *closure) {
  int status = meet(context, index, closure);
  if (status)
    return status;
  volatile float one = 1.0f, three = 3.0f;
  union {
    float value;
    int32_t bits;
  } third = {one / three};
  ((buffers *)closure)->y[index] = third.bits;
  return 0;
}

static int to_half(void *context, int index, uint8_t *closure) {
  buffers *b = (buffers *)closure;
  union {
    _Float16 value;
    uint16_t bits;
  } half = {(_Float16)b->d[index]};
  b->h[index] = half.bits;
  return 0;
}

static int execute(void *context, uint8_t *arena, const uint8_t *const *inputs,
                   uint8_t *const *outputs) {
  buffers b = {(const int32_t *)inputs[0],
               (const double *)inputs[1],
               (int32_t *)arena,
               (int32_t *)outputs[0],
               (uint16_t *)outputs[1],
               0,
               0};
  uint8_t *closure = (uint8_t *)&b;
  if (b.x[0] == FAKE_FAIL_IN_EXECUTOR)
    return FAKE_EXECUTOR_STATUS;
  if (b.x[0] == FAKE_MEET) {
    halide_do_par_for(context, meet, 0, b.x[1], closure);
    b.y[0] = b.entered;
    return 0;
  }
  if (b.x[0] == FAKE_DIVIDE)
    return halide_do_par_for(context, divide, 0, FAKE_SIZE, closure);

  halide_do_par_for(context, triple, 0, FAKE_SIZE, closure);
  shiftadd_layer_done(context, 0);
  halide_do_par_for(context, add_rows, 1, FAKE_ROW - 1, closure);
  shiftadd_layer_done(context, 1);
  halide_do_par_for(context, sum_copies, 0, FAKE_SIZE, closure);
  halide_do_par_for(context, to_half, 0, FAKE_SIZE, closure);
  shiftadd_layer_done(context, 2);
  /* A libm call: 1. */
  volatile float zero = 0.0f;
  b.y[FAKE_SIZE - 1] += (int32_t)expf(zero);
  return 0;
}

#ifdef FAKE_FREE_BATCH
static const int64_t tensor_shape[] = {-1, FAKE_SIZE};
enum { TENSOR_RANK = 2, FREE_BATCH = 1 };
#else
static const int64_t tensor_shape[] = {FAKE_SIZE};
enum { TENSOR_RANK = 1, FREE_BATCH = 0 };
#endif
static const int64_t pair_shape[] = {2};
static const int64_t pair[] = {8, 8};

static const shiftadd_tensor_info inputs[] = {
    {"x", SHIFTADD_INT32, TENSOR_RANK, tensor_shape, FAKE_SIZE * 4, 0},
    {"d", SHIFTADD_FLOAT64, TENSOR_RANK, tensor_shape, FAKE_SIZE * 8, 0},
    {"pair", SHIFTADD_INT64, 1, pair_shape, sizeof(pair), pair},
};
static const shiftadd_tensor_info outputs[] = {
    {"y", SHIFTADD_INT32, TENSOR_RANK, tensor_shape, FAKE_SIZE * 4, 0},
    {"h", SHIFTADD_FLOAT16, TENSOR_RANK, tensor_shape, FAKE_SIZE * 2, 0},
};
static const char *const layer_names[] = {"triple", "rows", "copies"};
static const shiftadd_target_description targets[] = {
    {"impossible", 1000, 0},
#ifdef FAKE_MULTI
    {"zen4", SHIFTADD_CPU_ZEN4, execute},
    {"x86-64-v4", SHIFTADD_CPU_X86_64_V4, execute},
    {"x86-64-v3", SHIFTADD_CPU_X86_64_V3, execute},
#else
    {"fake", FAKE_CPU_LEVEL, execute},
#endif
};

const shiftadd_model_description shiftadd_description = {
    .json = "{\"name\": \"fake\"}",
    .free_batch = FREE_BATCH,
    .input_count = 3,
    .output_count = 2,
    .layer_count = 3,
    .target_count = sizeof(targets) / sizeof(*targets),
    .inputs = inputs,
    .outputs = outputs,
    .layer_names = layer_names,
    .targets = targets,
    .arena_bytes = FAKE_ARENA_BYTES,
};
