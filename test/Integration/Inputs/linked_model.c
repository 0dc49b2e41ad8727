/* Runs a model that is linked into the program, without the runtime. */
#include <math.h>
#include <shiftadd/model_abi.h>
#include <stdio.h>

SHIFTADD_DECLARE_MODEL(model);

int main(void) {
  const shiftadd_tensor_info *in = &model.description->inputs[0];
  const shiftadd_tensor_info *out = &model.description->outputs[0];
  float x[64], logits[10];
  printf("%s %d %s %d\n", in->name, (int)(in->bytes / sizeof(float)), out->name,
         (int)(out->bytes / sizeof(float)));
  for (int i = 0; i < 64; ++i)
    x[i] = (float)(i % 17) / 16;
  shiftadd_context *context;
  if (model.create(&context))
    return 1;
  const void *inputs[] = {x};
  void *outputs[] = {logits};
  if (model.run(context, inputs, outputs, 1)) {
    printf("%s\n", model.last_error(context));
    return 1;
  }
  model.destroy(context);
  double sum = 0;
  for (int i = 0; i < 10; ++i)
    sum += fabs(logits[i]);
  printf("%s, sum of magnitudes %s\n",
         isfinite(sum) ? "all finite" : "infinite", sum > 0 ? "not 0" : "0");
  return 0;
}
