/*===- model.c - Loading model libraries ------------------------------------===
 *
 * Part of the shiftadd project, under the Apache License v2.0 with LLVM
 * Exceptions. See LICENSE for license information.
 * SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
 *
 *===----------------------------------------------------------------------===
 *
 * Opens a library with the system's loader and checks that it is a model whose
 * table this runtime understands.
 *
 *===--------------------------------------------------------------------===*/
#include "runtime/src/model.h"

#include <dlfcn.h>
#include <stdlib.h>
#include <string.h>

/* The loader's reason, without the path that it usually begins with. */
static const char *loader_error(const char *path) {
  const char *text = dlerror();
  if (!text)
    return "unknown error of the loader";
  const char *named = strstr(text, path);
  if (!named || strncmp(named + strlen(path), ": ", 2))
    return text;
  return named + strlen(path) + 2;
}

/* dlopen searches the library folders for a name without a slash; a file in the
 * current folder is meant. */
static void *load(const char *path) {
  if (strchr(path, '/'))
    return dlopen(path, RTLD_NOW | RTLD_LOCAL);
  const size_t length = strlen(path) + sizeof("./");
  char *local = malloc(length);
  if (!local)
    return NULL;
  memcpy(local, "./", 2);
  memcpy(local + 2, path, length - 2);
  void *library = dlopen(local, RTLD_NOW | RTLD_LOCAL);
  free(local);
  return library;
}

static int check_table(const char *path, const shiftadd_model_v1 *table) {
  if (!table)
    return shiftadd_set_thread_error(
        SHIFTADD_INVALID_ARGUMENT,
        "'%s' is not a model library: it does not export "
        "shiftadd_model_v1",
        path);
  if (table->abi_version != SHIFTADD_MODEL_ABI_VERSION ||
      table->struct_size < sizeof(shiftadd_model_v1))
    return shiftadd_set_thread_error(
        SHIFTADD_INVALID_ARGUMENT,
        "'%s' has model interface version %u and this runtime "
        "reads version %u; compile the model again",
        path, table->abi_version, SHIFTADD_MODEL_ABI_VERSION);
  return SHIFTADD_OK;
}

int shiftadd_open(const char *path, shiftadd_model **result) {
  if (!path || !result || !*path)
    return shiftadd_set_thread_error(
        SHIFTADD_INVALID_ARGUMENT,
        "shiftadd_open needs a path and a place for the model");
  *result = NULL;
  int complete = shiftadd_check_library_file(path);
  if (complete)
    return complete;
  shiftadd_model *model = malloc(sizeof(*model));
  if (!model)
    return shiftadd_set_thread_error(SHIFTADD_OUT_OF_MEMORY,
                                     "out of memory for '%s'", path);
  model->library = load(path);
  if (!model->library) {
    free(model);
    return shiftadd_set_thread_error(SHIFTADD_INVALID_ARGUMENT,
                                     "cannot load '%s': %s", path,
                                     loader_error(path));
  }
  model->table = dlsym(model->library, "shiftadd_model_v1");
  int status = check_table(path, model->table);
  if (status) {
    dlclose(model->library);
    free(model);
    return status;
  }
  atomic_init(&model->references, 1);
  *result = model;
  return SHIFTADD_OK;
}

void shiftadd_release(shiftadd_model *model) {
  if (atomic_fetch_sub(&model->references, 1) != 1)
    return;
  dlclose(model->library);
  free(model);
}

void shiftadd_close(shiftadd_model *model) {
  if (model)
    shiftadd_release(model);
}

const char *shiftadd_target(const shiftadd_model *model) {
  return model->table->target();
}

const char *shiftadd_json(const shiftadd_model *model) {
  return model->table->description->json;
}

uint64_t shiftadd_arena_bytes(const shiftadd_model *model) {
  return model->table->description->arena_bytes;
}

int shiftadd_has_free_batch(const shiftadd_model *model) {
  return model->table->description->free_batch != 0;
}

uint32_t shiftadd_input_count(const shiftadd_model *model) {
  return model->table->description->input_count;
}

uint32_t shiftadd_output_count(const shiftadd_model *model) {
  return model->table->description->output_count;
}

const shiftadd_tensor_info *shiftadd_input(const shiftadd_model *model,
                                           uint32_t index) {
  const shiftadd_model_description *d = model->table->description;
  return index < d->input_count ? &d->inputs[index] : NULL;
}

const shiftadd_tensor_info *shiftadd_output(const shiftadd_model *model,
                                            uint32_t index) {
  const shiftadd_model_description *d = model->table->description;
  return index < d->output_count ? &d->outputs[index] : NULL;
}

static int find(const shiftadd_tensor_info *tensors, uint32_t count,
                const char *name) {
  for (uint32_t i = 0; name && i < count; ++i)
    if (!strcmp(tensors[i].name, name))
      return (int)i;
  return -1;
}

int shiftadd_find_input(const shiftadd_model *model, const char *name) {
  const shiftadd_model_description *d = model->table->description;
  return find(d->inputs, d->input_count, name);
}

int shiftadd_find_output(const shiftadd_model *model, const char *name) {
  const shiftadd_model_description *d = model->table->description;
  return find(d->outputs, d->output_count, name);
}

uint32_t shiftadd_layer_count(const shiftadd_model *model) {
  return model->table->description->layer_count;
}

const char *shiftadd_layer_name(const shiftadd_model *model, uint32_t index) {
  const shiftadd_model_description *d = model->table->description;
  return index < d->layer_count ? d->layer_names[index] : NULL;
}
