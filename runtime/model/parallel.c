/*===- parallel.c - Parallel loops of kernels -------------------------------===
 *
 * Part of the shiftadd project, under the Apache License v2.0 with LLVM
 * Exceptions. See LICENSE for license information.
 * SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
 *
 *===----------------------------------------------------------------------===
 *
 * halide_do_par_for: what Halide's `parallel` schedules call. Each iteration
 * writes its own part of the output, so the result does not depend on which
 * thread runs it.
 *
 *===--------------------------------------------------------------------===*/
#include "runtime/model/context.h"

static int run_serially(const shiftadd_loop *loop) {
  for (int i = 0; i < loop->count; ++i) {
    int status = loop->task(loop->context, loop->first + i, loop->closure);
    if (status)
      return status;
  }
  return 0;
}

static int run_iteration(void *closure, int index) {
  const shiftadd_loop *loop = closure;
  return loop->task(loop->context, loop->first + index, loop->closure);
}

/* What the host program's pool calls, on its own threads. */
static int run_on_host_thread(void *closure, int index) {
  const shiftadd_loop *loop = closure;
  unsigned control = shiftadd_enter_float_environment();
  int status =
      shiftadd_call_guarded(loop->context, run_iteration, closure, index);
  shiftadd_restore_float_environment(control);
  return status;
}

int halide_do_par_for(void *user_context, shiftadd_halide_task task, int min,
                      int size, uint8_t *closure) {
  shiftadd_context *context = user_context;
  shiftadd_loop loop = {context, task, closure, min, size};
  const bool host = context->host_loop && context->host_threads > 1;
  const bool own = !context->host_loop && context->pool;
  int status;
  if (size < 2 || context->in_loop || !(host || own)) {
    status = run_serially(&loop);
  } else {
    context->in_loop = true;
    status = host ? context->host_loop(context->host_pool, run_on_host_thread,
                                       size, &loop)
                  : shiftadd_pool_run(context->pool, &loop);
    context->in_loop = false;
  }
  if (status)
    shiftadd_leave_kernel(context, status);
  return status;
}
