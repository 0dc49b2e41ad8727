/*===- shiftadd/runtime.h - Loading and running compiled models -*- C -*-===
 *
 * Part of the shiftadd project, under the Apache License v2.0 with LLVM
 * Exceptions. See LICENSE for license information.
 * SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
 *
 *===----------------------------------------------------------------------===
 *
 * The C interface of libshiftadd_runtime. A program opens a model library,
 * makes a session and runs it:
 *
 *   shiftadd_model *model;
 *   shiftadd_session *session;
 *   if (shiftadd_open("./digits.so", &model) ||
 *       shiftadd_create(model, &session)) {
 *     fprintf(stderr, "%s\n", shiftadd_last_error(NULL));
 *     exit(1);
 *   }
 *   const void *inputs[] = {image};
 *   void *outputs[] = {scores};
 *   if (shiftadd_run(session, inputs, outputs, 1))
 *     fprintf(stderr, "%s\n", shiftadd_last_error(session));
 *   shiftadd_destroy(session);
 *   shiftadd_close(model);
 *
 * Status. Functions that can fail return enum shiftadd_status: 0, or an error
 * whose text shiftadd_last_error gives. On failure nothing is created.
 *
 * Buffers. Tensors are dense and row-major, in the element types and shapes of
 * the ONNX model; shiftadd_tensor_info describes each. Input and output buffers
 * belong to the caller, are used only during shiftadd_run and need only their
 * element type's alignment. Outputs must not overlap inputs or each other.
 * Strings and tensor descriptions belong to the model and live as long as it.
 *
 * Batch. If shiftadd_has_free_batch is true, the first dimension of the tensors
 * is the batch, -1 in their shapes, and is chosen at every run. Otherwise
 * shapes are fixed and the batch given to shiftadd_run is 1.
 *
 * Threads. A model may be used by several threads at once. A session belongs to
 * one thread at a time; different sessions, of one model or of several, may run
 * at the same time. Results do not depend on the number of threads.
 *
 *===--------------------------------------------------------------------===*/
#ifndef SHIFTADD_RUNTIME_H
#define SHIFTADD_RUNTIME_H

#include "shiftadd/model_abi.h"

#include <stddef.h>

#ifdef SHIFTADD_RUNTIME_BUILD
#define SHIFTADD_API __attribute__((visibility("default")))
#else
#define SHIFTADD_API
#endif

#ifdef __cplusplus
extern "C" {
#endif

/* A loaded model library. */
typedef struct shiftadd_model shiftadd_model;

/* What one run needs: memory for intermediate values, and threads. */
typedef struct shiftadd_session shiftadd_session;

/* --- Errors -------------------------------------------------------------- */

/* The text of the session's last error; with NULL, that of the calling thread's
 * last failed shiftadd_open or shiftadd_create. Never NULL. Valid until the
 * next call with the same session, or on the same thread for NULL. */
SHIFTADD_API const char *shiftadd_last_error(const shiftadd_session *session);

/* --- Models -------------------------------------------------------------- */

/* Loads a model library. `path` names a file; the system's library folders are
 * not searched. The same file may be opened several times. */
SHIFTADD_API int shiftadd_open(const char *path, shiftadd_model **model);

/* Gives the model up; the library is unloaded when its last session is
 * destroyed. NULL is ignored. */
SHIFTADD_API void shiftadd_close(shiftadd_model *model);

/* Name of the kernel set chosen for this CPU, e.g. "zen4"; NULL if the library
 * has none that fits, in which case shiftadd_create fails. */
SHIFTADD_API const char *shiftadd_target(const shiftadd_model *model);

/* The model's description in JSON: tensors, preprocessing, layers. */
SHIFTADD_API const char *shiftadd_json(const shiftadd_model *model);

/* Bytes of intermediate values that each session allocates. */
SHIFTADD_API uint64_t shiftadd_arena_bytes(const shiftadd_model *model);

/* 1 if the batch is chosen at run time, else 0. */
SHIFTADD_API int shiftadd_has_free_batch(const shiftadd_model *model);

SHIFTADD_API uint32_t shiftadd_input_count(const shiftadd_model *model);
SHIFTADD_API uint32_t shiftadd_output_count(const shiftadd_model *model);

/* Descriptions in the order in which shiftadd_run takes the buffers; NULL if
 * `index` is not less than the count. */
SHIFTADD_API const shiftadd_tensor_info *
shiftadd_input(const shiftadd_model *model, uint32_t index);
SHIFTADD_API const shiftadd_tensor_info *
shiftadd_output(const shiftadd_model *model, uint32_t index);

/* The index of the tensor with this name, or -1. */
SHIFTADD_API int shiftadd_find_input(const shiftadd_model *model,
                                     const char *name);
SHIFTADD_API int shiftadd_find_output(const shiftadd_model *model,
                                      const char *name);

/* Layers as shiftadd_layer_nanoseconds counts them. */
SHIFTADD_API uint32_t shiftadd_layer_count(const shiftadd_model *model);
SHIFTADD_API const char *shiftadd_layer_name(const shiftadd_model *model,
                                             uint32_t index);

/* --- Tensors ------------------------------------------------------------- */

/* Bytes of one element, 0 if `type` is not a shiftadd_type. */
SHIFTADD_API size_t shiftadd_type_bytes(int32_t type);

/* "bool", "int8", "float32" and so on, NULL if `type` is not a shiftadd_type.
 */
SHIFTADD_API const char *shiftadd_type_name(int32_t type);

/* The size of the tensor's buffer for a run with this batch. */
SHIFTADD_API uint64_t shiftadd_tensor_bytes(const shiftadd_tensor_info *tensor,
                                            int64_t batch);

/* --- Sessions ------------------------------------------------------------ */

/* Makes a session with one thread. */
SHIFTADD_API int shiftadd_create(shiftadd_model *model,
                                 shiftadd_session **session);

/* Stops the session's threads and frees its memory. NULL is ignored. */
SHIFTADD_API void shiftadd_destroy(shiftadd_session *session);

/* Sets how many threads a run uses, the calling thread included. The session
 * keeps threads - 1 threads of its own. */
SHIFTADD_API int shiftadd_set_threads(shiftadd_session *session, int threads);

/* Makes the session run its parallel loops through the host program's own pool:
 * `loop(pool, body, count, closure)` must call body(closure, i) once for every
 * i in [0, count), on any threads, return when all calls have returned, and
 * give back 0 or a nonzero value that a body returned. `threads` is the number
 * of threads it uses. A NULL `loop` returns to the session's own threads. */
SHIFTADD_API int shiftadd_set_parallel_for(shiftadd_session *session,
                                           shiftadd_parallel_for loop,
                                           void *pool, int threads);

/* Runs the model. `inputs` and `outputs` hold one buffer per tensor, in the
 * model's order, each of shiftadd_tensor_bytes(tensor, batch) bytes. An input
 * with a required_value must hold exactly that. After an error the outputs are
 * undefined and the session can be used again. */
SHIFTADD_API int shiftadd_run(shiftadd_session *session,
                              const void *const *inputs, void *const *outputs,
                              int64_t batch);

/* Switches the timing of layers on or off. */
SHIFTADD_API int shiftadd_set_profiling(shiftadd_session *session, int enabled);

/* Nanoseconds that the last run spent in each layer, shiftadd_layer_count of
 * them, summed over the batch; NULL if profiling is off. */
SHIFTADD_API const uint64_t *
shiftadd_layer_nanoseconds(const shiftadd_session *session);

#ifdef __cplusplus
}
#endif
#endif /* SHIFTADD_RUNTIME_H */
