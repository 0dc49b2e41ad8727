/*===- FakeTable.c - Libraries that are no usable models --------------------===
 *
 * Part of the shiftadd project, under the Apache License v2.0 with LLVM
 * Exceptions. See LICENSE for license information.
 * SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
 *
 *===----------------------------------------------------------------------===
 *
 * With FAKE_ABI_VERSION, a table of another version of the interface; without
 * it, a shared library that exports something else.
 *
 *===--------------------------------------------------------------------===*/
#include "shiftadd/model_abi.h"

#ifdef FAKE_ABI_VERSION
SHIFTADD_DECLARE_MODEL(table);
const shiftadd_model_v1 table = {.struct_size = sizeof(shiftadd_model_v1),
                                 .abi_version = FAKE_ABI_VERSION};
#else
const int something_else = 1;
#endif
