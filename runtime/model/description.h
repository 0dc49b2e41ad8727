/*===- description.h - What the compiler tells the model support code -*- C
 * -*-===
 *
 * Part of the shiftadd project, under the Apache License v2.0 with LLVM
 * Exceptions. See LICENSE for license information.
 * SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
 *
 *===----------------------------------------------------------------------===
 *
 * The support code in this folder is compiled once, when shiftadd is built, and
 * its object is linked into every model library. The compiler emits one
 * constant `shiftadd_description` (its type is in shiftadd/model_abi.h) and one
 * executor function per target. codegen/Native/ModelDescription.cpp writes this
 * layout: keep both in step.
 *
 *===--------------------------------------------------------------------===*/
#ifndef SHIFTADD_MODEL_DESCRIPTION_H
#define SHIFTADD_MODEL_DESCRIPTION_H

#include "shiftadd/model_abi.h"

/* Runs every layer once for one sample (or one fixed batch). `context` is
 * handed to the kernels as Halide's user_context. Returns 0 or an error. */
typedef int (*shiftadd_execute)(void *context, uint8_t *arena,
                                const uint8_t *const *inputs,
                                uint8_t *const *outputs);

/* CPU levels; the numbers are shared with codegen/Native. */
enum shiftadd_cpu_level {
  SHIFTADD_CPU_X86_64_V3 = 0,
  SHIFTADD_CPU_X86_64_V4 = 1,
  SHIFTADD_CPU_ZEN4 = 2
};

typedef struct shiftadd_target_description {
  const char *name;
  int32_t cpu_level; /* enum shiftadd_cpu_level */
  shiftadd_execute execute;
} shiftadd_target_description;

extern const shiftadd_model_description shiftadd_description
    __attribute__((visibility("hidden")));

/* Called by the executor after each layer with the layer's index; adds the time
 * since the previous call to the layer when profiling is on. */
__attribute__((visibility("hidden"))) void shiftadd_layer_done(void *context,
                                                               uint32_t layer);

#endif /* SHIFTADD_MODEL_DESCRIPTION_H */
