/*===- session.c - Running models -------------------------------------------===
 *
 * Part of the shiftadd project, under the Apache License v2.0 with LLVM
 * Exceptions. See LICENSE for license information.
 * SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
 *
 *===----------------------------------------------------------------------===
 *
 * A session is a context of the model library together with a reference that
 * keeps the library loaded.
 *
 *===--------------------------------------------------------------------===*/
#include "runtime/src/model.h"

#include <stdlib.h>

struct shiftadd_session {
  shiftadd_model *model;
  const shiftadd_model_v1 *table;
  shiftadd_context *context;
};

static int create_error(const shiftadd_model *model, int status) {
  const shiftadd_model_description *d = model->table->description;
  switch (status) {
  case SHIFTADD_NO_TARGET:
    return shiftadd_set_thread_error(
        status, "this CPU or operating system lacks what the "
                "library's kernels need; compile the model "
                "with --target=multi or x86-64-v3");
  case SHIFTADD_OUT_OF_MEMORY:
    return shiftadd_set_thread_error(
        status,
        "out of memory: a session of this model needs %llu "
        "bytes",
        (unsigned long long)d->arena_bytes);
  default:
    return shiftadd_set_thread_error(
        status, "the model library failed with status %d", status);
  }
}

int shiftadd_create(shiftadd_model *model, shiftadd_session **result) {
  if (!model || !result)
    return shiftadd_set_thread_error(
        SHIFTADD_INVALID_ARGUMENT,
        "shiftadd_create needs a model and a place for the session");
  *result = NULL;
  shiftadd_session *session = malloc(sizeof(*session));
  if (!session)
    return create_error(model, SHIFTADD_OUT_OF_MEMORY);
  session->model = model;
  session->table = model->table;
  int status = model->table->create(&session->context);
  if (status) {
    free(session);
    return create_error(model, status);
  }
  atomic_fetch_add(&model->references, 1);
  *result = session;
  return SHIFTADD_OK;
}

void shiftadd_destroy(shiftadd_session *session) {
  if (!session)
    return;
  session->table->destroy(session->context);
  shiftadd_release(session->model);
  free(session);
}

const char *shiftadd_last_error(const shiftadd_session *session) {
  return session ? session->table->last_error(session->context)
                 : shiftadd_thread_error();
}

static int no_session(void) {
  return shiftadd_set_thread_error(SHIFTADD_INVALID_ARGUMENT,
                                   "the session is null");
}

int shiftadd_set_threads(shiftadd_session *session, int threads) {
  return session ? session->table->set_threads(session->context, threads)
                 : no_session();
}

int shiftadd_set_parallel_for(shiftadd_session *session,
                              shiftadd_parallel_for loop, void *pool,
                              int threads) {
  return session ? session->table->set_parallel_for(session->context, loop,
                                                    pool, threads)
                 : no_session();
}

int shiftadd_run(shiftadd_session *session, const void *const *inputs,
                 void *const *outputs, int64_t batch) {
  return session ? session->table->run(session->context, inputs, outputs, batch)
                 : no_session();
}

int shiftadd_set_profiling(shiftadd_session *session, int enabled) {
  return session ? session->table->set_profiling(session->context, enabled)
                 : no_session();
}

const uint64_t *shiftadd_layer_nanoseconds(const shiftadd_session *session) {
  return session ? session->table->layer_nanoseconds(session->context) : NULL;
}
