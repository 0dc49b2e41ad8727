/*===- model.c - The one exported symbol ------------------------------------===
 *
 * Part of the shiftadd project, under the Apache License v2.0 with LLVM
 * Exceptions. See LICENSE for license information.
 * SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
 *
 *===----------------------------------------------------------------------===
 *
 * The table shiftadd_model_v1, constant like all it points to.
 *
 *===--------------------------------------------------------------------===*/
#include "runtime/model/context.h"

/* In C a variable cannot have the name of a type of its scope, so the symbol is
 * named apart from the identifier. */
extern const shiftadd_model_v1 shiftadd_model_table __asm__("shiftadd_model_v1")
    __attribute__((visibility("default")));

const shiftadd_model_v1 shiftadd_model_table = {
    .struct_size = sizeof(shiftadd_model_v1),
    .abi_version = SHIFTADD_MODEL_ABI_VERSION,
    .description = &shiftadd_description,
    .target = shiftadd_target_name,
    .create = shiftadd_create_context,
    .destroy = shiftadd_destroy_context,
    .set_threads = shiftadd_set_context_threads,
    .set_parallel_for = shiftadd_set_context_loop,
    .run = shiftadd_run_context,
    .set_profiling = shiftadd_set_context_profiling,
    .layer_nanoseconds = shiftadd_context_nanoseconds,
    .last_error = shiftadd_context_error,
};
