//===- support_object.h - What the compiler links models with ---*- C++ -*-===//
//
// Part of the shiftadd project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Bytes that are made when shiftadd is built, so that writing a model library
// needs no C compiler, no linker and no libc-dev on the user's machine.
//
//===----------------------------------------------------------------------===//
#ifndef SHIFTADD_RUNTIME_MODEL_SUPPORT_OBJECT_H
#define SHIFTADD_RUNTIME_MODEL_SUPPORT_OBJECT_H

#ifdef __cplusplus
extern "C" {
#endif

/* The code of this folder, one ELF relocatable. It needs the symbol
 * `shiftadd_description` and defines `shiftadd_model_v1`, which the version
 * script must export, and the hidden functions that kernels and the executor
 * call: halide_malloc, halide_free, halide_do_par_for, __truncdfhf2 and
 * shiftadd_layer_done. Every function has a section of its own. */
extern const unsigned char shiftadd_model_support_object[];
extern const unsigned long shiftadd_model_support_object_size;

/* Shared objects with the sonames libc.so.6 and libm.so.6 and the symbols of
 * imports.txt in their versions: linking against them gives a library that
 * asks the real ones for exactly these versions. Use --as-needed. */
extern const unsigned char shiftadd_libc_stub[];
extern const unsigned long shiftadd_libc_stub_size;
extern const unsigned char shiftadd_libm_stub[];
extern const unsigned long shiftadd_libm_stub_size;

#ifdef __cplusplus
}
#endif

#endif // SHIFTADD_RUNTIME_MODEL_SUPPORT_OBJECT_H
