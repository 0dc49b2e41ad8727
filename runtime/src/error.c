/*===- error.c - Errors without a session -----------------------------------===
 *
 * Part of the shiftadd project, under the Apache License v2.0 with LLVM
 * Exceptions. See LICENSE for license information.
 * SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
 *
 *===----------------------------------------------------------------------===
 *
 * Opening and creating have no object yet that could hold the error's text, so
 * each thread has one.
 *
 *===--------------------------------------------------------------------===*/
#include "runtime/src/model.h"

#include <stdarg.h>
#include <stdio.h>

static _Thread_local char last_error[1024];

int shiftadd_set_thread_error(int status, const char *format, ...) {
  va_list arguments;
  va_start(arguments, format);
  vsnprintf(last_error, sizeof(last_error), format, arguments);
  va_end(arguments);
  return status;
}

const char *shiftadd_thread_error(void) { return last_error; }
