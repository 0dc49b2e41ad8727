/*===- shiftadd/model_abi.h - What a compiled model library exports -*- C -*-===
 *
 * Part of the shiftadd project, under the Apache License v2.0 with LLVM
 * Exceptions. See LICENSE for license information.
 * SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
 *
 *===----------------------------------------------------------------------===
 *
 * A compiled library exports exactly one symbol, `shiftadd_model_v1`, of type
 * `struct shiftadd_model_v1`. Programs normally use it through
 * shiftadd/runtime.h, which adds loading, checks and error texts; the table is
 * public so that a program can also link a model directly
 * (SHIFTADD_DECLARE_MODEL). The table and all it points to are constant data.
 *
 * Tensors are dense, row-major and in the shapes of the ONNX model. Buffers
 * belong to the caller and need only their element type's alignment.
 *
 *===--------------------------------------------------------------------===*/
#ifndef SHIFTADD_MODEL_ABI_H
#define SHIFTADD_MODEL_ABI_H

#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

#define SHIFTADD_MODEL_ABI_VERSION 1u

/* Element types; the numbers are part of the ABI. */
typedef enum shiftadd_type {
  SHIFTADD_BOOL = 0, /* one byte, 0 or 1 */
  SHIFTADD_INT8 = 1,
  SHIFTADD_INT16 = 2,
  SHIFTADD_INT32 = 3,
  SHIFTADD_INT64 = 4,
  SHIFTADD_UINT8 = 5,
  SHIFTADD_UINT16 = 6,
  SHIFTADD_UINT32 = 7,
  SHIFTADD_UINT64 = 8,
  SHIFTADD_FLOAT16 = 9,
  SHIFTADD_BFLOAT16 = 10,
  SHIFTADD_FLOAT32 = 11,
  SHIFTADD_FLOAT64 = 12
} shiftadd_type;

/* Status codes of every function that returns int. */
typedef enum shiftadd_status {
  SHIFTADD_OK = 0,
  SHIFTADD_INVALID_ARGUMENT = 1, /* the caller's input is wrong */
  SHIFTADD_OUT_OF_MEMORY = 2,
  SHIFTADD_NO_TARGET = 3, /* no kernel set of the library fits this CPU */
  SHIFTADD_INTERNAL = 4
} shiftadd_status;

typedef struct shiftadd_tensor_info {
  const char *name;
  int32_t type; /* shiftadd_type */
  int32_t rank;
  /* With a free batch, shape[0] is -1 and `bytes` counts one sample. */
  const int64_t *shape;
  uint64_t bytes;
  /* Inputs only: the bytes this input was fixed to at compile time, or NULL.
   * run() refuses any other value. */
  const void *required_value;
} shiftadd_tensor_info;

/* A parallel loop: calls body(closure, i) for every i in [0, count), returns
 * when all are done: 0, or the first nonzero value that a body returned. */
typedef int (*shiftadd_loop_body)(void *closure, int index);
typedef int (*shiftadd_parallel_for)(void *pool, shiftadd_loop_body body,
                                     int count, void *closure);

typedef struct shiftadd_context shiftadd_context;

/* What a model is made of. The compiler writes one into every library. */
typedef struct shiftadd_model_description {
  const char *json;    /* the text of LIB.json */
  uint32_t free_batch; /* nonzero: dimension 0 of every input and output is the
                          batch and is chosen at run() */
  uint32_t input_count;
  uint32_t output_count;
  uint32_t layer_count;
  uint32_t target_count;
  uint32_t reserved;
  const shiftadd_tensor_info *inputs;
  const shiftadd_tensor_info *outputs;
  const char *const *layer_names;
  /* The kernel sets, best first; their type is the library's own matter. */
  const struct shiftadd_target_description *targets;
  uint64_t arena_bytes; /* memory of one context besides the buffers given */
} shiftadd_model_description;

typedef struct shiftadd_model_v1 {
  uint32_t struct_size; /* sizeof(struct shiftadd_model_v1) */
  uint32_t abi_version; /* SHIFTADD_MODEL_ABI_VERSION */
  const shiftadd_model_description *description;

  /* Name of the kernel set that fits this CPU and OS best, e.g. "zen4"; NULL
   * if none fits. */
  const char *(*target)(void);
  /* Creates an execution context with one thread. Contexts are independent:
   * different threads may run different contexts at once. */
  int (*create)(shiftadd_context **context);
  void (*destroy)(shiftadd_context *context);
  /* Sets the number of threads of the context's own pool (1 = none). */
  int (*set_threads)(shiftadd_context *context, int threads);
  /* Makes the context use the host program's pool instead of its own; NULL
   * returns to its own. `threads` is the number of threads that `loop` uses. */
  int (*set_parallel_for)(shiftadd_context *context, shiftadd_parallel_for loop,
                          void *pool, int threads);
  /* Runs the model. `batch` must be 1 unless free_batch is set. */
  int (*run)(shiftadd_context *context, const void *const *inputs,
             void *const *outputs, int64_t batch);
  /* Switches per-layer timing on or off; layer_nanoseconds returns the sums of
   * the last run, layer_count entries, or NULL when off. */
  int (*set_profiling)(shiftadd_context *context, int enabled);
  const uint64_t *(*layer_nanoseconds)(const shiftadd_context *context);
  /* Text of the context's last error; never NULL. */
  const char *(*last_error)(const shiftadd_context *context);
} shiftadd_model_v1;

/* Declares `name` as the table of a model that the program links directly. */
#define SHIFTADD_DECLARE_MODEL(name)                                           \
  extern const shiftadd_model_v1 name __asm__("shiftadd_model_v1")

#ifdef __cplusplus
}
#endif
#endif /* SHIFTADD_MODEL_ABI_H */
