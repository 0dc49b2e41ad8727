/*===- context.h - The execution context and its parts --------------*- C -*-===
 *
 * Part of the shiftadd project, under the Apache License v2.0 with LLVM
 * Exceptions. See LICENSE for license information.
 * SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
 *
 *===----------------------------------------------------------------------===
 *
 * The files of this folder share one state, the context, which is also what the
 * kernels receive as Halide's user_context. A model library has no writable
 * globals: everything that changes during a run lives here.
 *
 *===--------------------------------------------------------------------===*/
#ifndef SHIFTADD_MODEL_CONTEXT_H
#define SHIFTADD_MODEL_CONTEXT_H

#include "runtime/model/description.h"

#include <pthread.h>
#include <setjmp.h>
#include <stdbool.h>
#include <stddef.h>

#pragma GCC visibility push(hidden)

enum { SHIFTADD_BUFFER_ALIGNMENT = 64 };

/* --- cpu.c --------------------------------------------------------------- */

/* The best kernel set that this CPU and operating system can run, or NULL. */
const shiftadd_target_description *shiftadd_select_target(void);
const char *shiftadd_target_name(void);

/* --- guard.c ------------------------------------------------------------- */

/* Kernels are compiled without checks of what the support code returns, so a
 * failure inside one cannot be a return value: it leaves the kernel by a jump
 * to the guard that the same thread set last. */
typedef struct shiftadd_guard {
  jmp_buf jump;
  pthread_t thread;
  struct shiftadd_guard *outer;
  volatile int status; /* read after the jump */
} shiftadd_guard;

/* Calls body(closure, index) under a guard. Returns its result, or the status
 * given to shiftadd_leave_kernel. */
int shiftadd_call_guarded(shiftadd_context *context, shiftadd_loop_body body,
                          void *closure, int index);
/* Jumps to the calling thread's innermost guard. Returns only if there is
 * none. `status` must not be 0. */
void shiftadd_leave_kernel(shiftadd_context *context, int status);

/* Kernels compute in the default floating-point environment, whatever the host
 * program has set. Returns the old control word for restore. */
unsigned shiftadd_enter_float_environment(void);
void shiftadd_restore_float_environment(unsigned control);

/* --- scratch.c ----------------------------------------------------------- */

/* Memory that kernels allocate while they run. Blocks are kept for the next
 * layer or run, which would otherwise map and fault the same pages again. */
typedef struct shiftadd_scratch {
  pthread_mutex_t mutex;
  struct shiftadd_scratch_block *used;
  struct shiftadd_scratch_block *cached; /* last freed first */
  int cached_count;
} shiftadd_scratch;

int shiftadd_scratch_initialize(shiftadd_scratch *scratch);
/* Frees the blocks that a failed run has left behind. */
void shiftadd_scratch_reclaim(shiftadd_scratch *scratch);
void shiftadd_scratch_finish(shiftadd_scratch *scratch);

/* --- pool.c -------------------------------------------------------------- */

typedef int (*shiftadd_halide_task)(void *user_context, int index,
                                    uint8_t *closure);

/* A loop over [first, first + count) of a kernel. */
typedef struct shiftadd_loop {
  shiftadd_context *context;
  shiftadd_halide_task task;
  uint8_t *closure;
  int first;
  int count;
} shiftadd_loop;

typedef struct shiftadd_pool shiftadd_pool;

/* Starts threads - 1 workers; the caller of the loop is the last thread. NULL
 * if the system gives no memory or no threads. */
shiftadd_pool *shiftadd_pool_create(int threads);
/* Stops and joins the workers; in a child process of fork, where they do not
 * exist, it only frees the pool. */
void shiftadd_pool_destroy(shiftadd_pool *pool);
/* False in a child process of fork. */
bool shiftadd_pool_is_alive(const shiftadd_pool *pool);
int shiftadd_pool_threads(const shiftadd_pool *pool);
/* Returns 0 or the first failure's status. */
int shiftadd_pool_run(shiftadd_pool *pool, const shiftadd_loop *loop);

/* --- profile.c ----------------------------------------------------------- */

typedef struct shiftadd_profile {
  uint64_t *nanoseconds; /* one per layer; NULL: profiling is off */
  uint64_t last;
} shiftadd_profile;

void shiftadd_profile_start(shiftadd_profile *profile);
int shiftadd_set_context_profiling(shiftadd_context *context, int enabled);
const uint64_t *shiftadd_context_nanoseconds(const shiftadd_context *context);

/* --- context.c, run.c ---------------------------------------------------- */

struct shiftadd_context {
  const shiftadd_target_description *target;
  uint8_t *arena;
  /* The buffers of the sample that is being run. */
  const uint8_t **sample_inputs;
  uint8_t **sample_outputs;

  shiftadd_pool *pool; /* NULL: one thread */
  shiftadd_parallel_for host_loop;
  void *host_pool;
  int host_threads;
  /* Set while a loop of a kernel runs on several threads; a loop inside it
   * runs serially. Written only while no other thread works. */
  bool in_loop;

  pthread_mutex_t guard_mutex;
  shiftadd_guard *guards; /* of all threads, last set first */
  shiftadd_scratch scratch;
  shiftadd_profile profile;
  char error[512];
};

/* Stores the error text and returns `status`. */
int shiftadd_fail(shiftadd_context *context, int status, const char *format,
                  ...) __attribute__((format(printf, 3, 4)));

int shiftadd_create_context(shiftadd_context **context);
void shiftadd_destroy_context(shiftadd_context *context);
int shiftadd_set_context_threads(shiftadd_context *context, int threads);
int shiftadd_set_context_loop(shiftadd_context *context,
                              shiftadd_parallel_for loop, void *pool,
                              int threads);
const char *shiftadd_context_error(const shiftadd_context *context);
int shiftadd_run_context(shiftadd_context *context, const void *const *inputs,
                         void *const *outputs, int64_t batch);

/* --- What kernels call --------------------------------------------------- */

void *halide_malloc(void *user_context, size_t size);
void halide_free(void *user_context, void *pointer);
int halide_do_par_for(void *user_context, shiftadd_halide_task task, int min,
                      int size, uint8_t *closure);

#pragma GCC visibility pop

#endif /* SHIFTADD_MODEL_CONTEXT_H */
