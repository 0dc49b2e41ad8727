/*===- guard.c - Leaving a kernel that cannot go on -------------------------===
 *
 * Part of the shiftadd project, under the Apache License v2.0 with LLVM
 * Exceptions. See LICENSE for license information.
 * SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
 *
 *===----------------------------------------------------------------------===
 *
 * Kernels and the executor own no resources besides scratch blocks, which the
 * context can find again, so jumping over their frames is safe. The host
 * program's frames are never jumped over: every function that its pool calls
 * sets a guard of its own.
 *
 *===--------------------------------------------------------------------===*/
#include "runtime/model/context.h"

#include <xmmintrin.h>

int shiftadd_call_guarded(shiftadd_context *context, shiftadd_loop_body body,
                          void *closure, int index) {
  shiftadd_guard guard;
  guard.thread = pthread_self();
  guard.status = SHIFTADD_INTERNAL;
  /* shiftadd_leave_kernel has removed the guard from the list. */
  if (setjmp(guard.jump))
    return guard.status;

  pthread_mutex_lock(&context->guard_mutex);
  guard.outer = context->guards;
  context->guards = &guard;
  pthread_mutex_unlock(&context->guard_mutex);

  int result = body(closure, index);

  pthread_mutex_lock(&context->guard_mutex);
  shiftadd_guard **link = &context->guards;
  while (*link != &guard)
    link = &(*link)->outer;
  *link = guard.outer;
  pthread_mutex_unlock(&context->guard_mutex);
  return result;
}

void shiftadd_leave_kernel(shiftadd_context *context, int status) {
  pthread_t self = pthread_self();
  pthread_mutex_lock(&context->guard_mutex);
  shiftadd_guard **link = &context->guards;
  while (*link && !pthread_equal((*link)->thread, self))
    link = &(*link)->outer;
  shiftadd_guard *guard = *link;
  if (guard)
    *link = guard->outer;
  pthread_mutex_unlock(&context->guard_mutex);
  if (!guard)
    return;
  guard->status = status;
  longjmp(guard->jump, 1);
}

unsigned shiftadd_enter_float_environment(void) {
  /* Round to nearest even, denormals kept, no traps. */
  const unsigned standard = 0x1f80;
  unsigned old = _mm_getcsr();
  _mm_setcsr(standard);
  return old;
}

void shiftadd_restore_float_environment(unsigned control) {
  _mm_setcsr(control);
}
