/*===- FakeModel.h - What tests know of the fake model ----------------------===
 *
 * Part of the shiftadd project, under the Apache License v2.0 with LLVM
 * Exceptions. See LICENSE for license information.
 * SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
 *
 *===----------------------------------------------------------------------===
 *
 * With ordinary inputs: y[i] = (3 x[i] + (i / 8)) (i + 1), and y[63] has 1
 * added; h is d as float16. Other values of x[0] make it do something special.
 *
 *===--------------------------------------------------------------------===*/
#ifndef SHIFTADD_TEST_UNIT_RUNTIME_FAKEMODEL_H
#define SHIFTADD_TEST_UNIT_RUNTIME_FAKEMODEL_H

enum {
  FAKE_SIZE = 64,
  FAKE_ROW = 8,

  /* Values of x[0]. */
  FAKE_FAIL_IN_TASK = -1,
  FAKE_OUT_OF_MEMORY = -2,
  FAKE_FAIL_IN_EXECUTOR = -3,
  /* x[1] iterations wait for each other; y[0] is how many began. */
  FAKE_MEET = -4,
  /* Iterations wait until x[1] have begun; y[i] = the bits of 1.0f / 3.0f. */
  FAKE_DIVIDE = -5,

  FAKE_TASK_STATUS = 77,
  FAKE_EXECUTOR_STATUS = 99,
  FAKE_MISALIGNED_STATUS = 111
};

#endif /* SHIFTADD_TEST_UNIT_RUNTIME_FAKEMODEL_H */
