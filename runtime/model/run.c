/*===- run.c - Running a model ----------------------------------------------===
 *
 * Part of the shiftadd project, under the Apache License v2.0 with LLVM
 * Exceptions. See LICENSE for license information.
 * SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
 *
 *===----------------------------------------------------------------------===
 *
 * Checks the caller's buffers and runs the executor once per sample: with a
 * free batch the compiled code is built for one sample and the batch is a loop
 * here.
 *
 *===--------------------------------------------------------------------===*/
#include "runtime/model/context.h"

#include <string.h>

typedef struct run_request {
  shiftadd_context *context;
  const void *const *inputs;
  void *const *outputs;
  int64_t batch;
} run_request;

/* The distance between two samples of a tensor: 0 if all samples share it. */
static uint64_t sample_stride(const shiftadd_tensor_info *tensor) {
  const bool batched = tensor->rank > 0 && tensor->shape[0] < 0;
  return batched ? tensor->bytes : 0;
}

static int check_buffers(shiftadd_context *context, const char *kind,
                         const void *const *buffers, uint32_t count,
                         const shiftadd_tensor_info *tensors) {
  if (!buffers && count)
    return shiftadd_fail(context, SHIFTADD_INVALID_ARGUMENT,
                         "the list of %s buffers is null", kind);
  for (uint32_t i = 0; i < count; ++i)
    if (!buffers[i] && tensors[i].bytes)
      return shiftadd_fail(context, SHIFTADD_INVALID_ARGUMENT,
                           "the buffer of %s %u ('%s') is null", kind, i,
                           tensors[i].name);
  return SHIFTADD_OK;
}

static int check_required_values(const run_request *request) {
  for (uint32_t i = 0; i < shiftadd_description.input_count; ++i) {
    const shiftadd_tensor_info *tensor = &shiftadd_description.inputs[i];
    if (!tensor->required_value || !tensor->bytes)
      continue;
    const uint64_t stride = sample_stride(tensor);
    const int64_t samples = stride ? request->batch : 1;
    const char *data = request->inputs[i];
    for (int64_t s = 0; s < samples; ++s, data += stride)
      if (memcmp(data, tensor->required_value, tensor->bytes))
        return shiftadd_fail(
            request->context, SHIFTADD_INVALID_ARGUMENT,
            "input %u ('%s') differs from the value that the model was "
            "compiled for; compile it again with --value %s=...",
            i, tensor->name, tensor->name);
  }
  return SHIFTADD_OK;
}

static int check_request(const run_request *request) {
  shiftadd_context *context = request->context;
  const shiftadd_model_description *model = &shiftadd_description;
  if (request->batch < 1)
    return shiftadd_fail(context, SHIFTADD_INVALID_ARGUMENT,
                         "the batch must be at least 1, not %lld",
                         (long long)request->batch);
  if (request->batch != 1 && !model->free_batch)
    return shiftadd_fail(context, SHIFTADD_INVALID_ARGUMENT,
                         "the model's batch is fixed: run it with batch 1, not "
                         "%lld",
                         (long long)request->batch);
  int status = check_buffers(context, "input", request->inputs,
                             model->input_count, model->inputs);
  if (!status)
    status =
        check_buffers(context, "output", (const void *const *)request->outputs,
                      model->output_count, model->outputs);
  return status ? status : check_required_values(request);
}

/* The threads of a pool do not survive fork: the child starts new ones. */
static int renew_pool(shiftadd_context *context) {
  if (!context->pool || shiftadd_pool_is_alive(context->pool))
    return SHIFTADD_OK;
  const int threads = shiftadd_pool_threads(context->pool);
  shiftadd_pool *pool = shiftadd_pool_create(threads);
  if (!pool)
    return shiftadd_fail(context, SHIFTADD_OUT_OF_MEMORY,
                         "the system does not allow %d more threads",
                         threads - 1);
  shiftadd_pool_destroy(context->pool);
  context->pool = pool;
  return SHIFTADD_OK;
}

/* A loop body for shiftadd_call_guarded. */
static int run_samples(void *closure, int index) {
  (void)index;
  const run_request *request = closure;
  shiftadd_context *context = request->context;
  const shiftadd_model_description *model = &shiftadd_description;
  for (int64_t sample = 0; sample < request->batch; ++sample) {
    const uint64_t s = (uint64_t)sample;
    for (uint32_t i = 0; i < model->input_count; ++i)
      context->sample_inputs[i] = (const uint8_t *)request->inputs[i] +
                                  s * sample_stride(&model->inputs[i]);
    for (uint32_t i = 0; i < model->output_count; ++i)
      context->sample_outputs[i] = (uint8_t *)request->outputs[i] +
                                   s * sample_stride(&model->outputs[i]);
    int status = context->target->execute(context, context->arena,
                                          context->sample_inputs,
                                          context->sample_outputs);
    if (status)
      return status;
  }
  return 0;
}

int shiftadd_run_context(shiftadd_context *context, const void *const *inputs,
                         void *const *outputs, int64_t batch) {
  if (!context)
    return SHIFTADD_INVALID_ARGUMENT;
  run_request request = {context, inputs, outputs, batch};
  int status = check_request(&request);
  if (!status)
    status = renew_pool(context);
  if (status)
    return status;

  shiftadd_profile_start(&context->profile);
  const unsigned control = shiftadd_enter_float_environment();
  status = shiftadd_call_guarded(context, run_samples, &request, 0);
  shiftadd_restore_float_environment(control);
  if (!status)
    return SHIFTADD_OK;

  shiftadd_scratch_reclaim(&context->scratch);
  if (status == SHIFTADD_OUT_OF_MEMORY)
    return shiftadd_fail(context, status,
                         "out of memory for a kernel's intermediate values");
  if (context->host_loop)
    return shiftadd_fail(context, SHIFTADD_INTERNAL,
                         "a kernel or the host program's parallel loop failed "
                         "with code %d",
                         status);
  return shiftadd_fail(context, SHIFTADD_INTERNAL,
                       "a kernel failed with code %d", status);
}
