/*===- model.h - A loaded model library -----------------------------*- C -*-===
 *
 * Part of the shiftadd project, under the Apache License v2.0 with LLVM
 * Exceptions. See LICENSE for license information.
 * SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
 *
 *===----------------------------------------------------------------------===
 *
 * Shared by the files of libshiftadd_runtime. They are C, so that the library
 * needs no C++ runtime and no exception can cross its boundary.
 *
 *===--------------------------------------------------------------------===*/
#ifndef SHIFTADD_RUNTIME_SRC_MODEL_H
#define SHIFTADD_RUNTIME_SRC_MODEL_H

#include "shiftadd/runtime.h"

#include <stdatomic.h>

struct shiftadd_model {
  void *library;
  const shiftadd_model_v1 *table;
  /* The handle itself, until it is closed, and every session. */
  atomic_uint references;
};

/* Unloads the library with the last reference. */
void shiftadd_release(shiftadd_model *model);

/* Whether the file is an ELF library with all its bytes; sets the error. */
int shiftadd_check_library_file(const char *path);

/* Sets the calling thread's error text and returns `status`. */
int shiftadd_set_thread_error(int status, const char *format, ...)
    __attribute__((format(printf, 2, 3)));
const char *shiftadd_thread_error(void);

#endif /* SHIFTADD_RUNTIME_SRC_MODEL_H */
