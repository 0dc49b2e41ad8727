/*===- cpu.h - What CPUID says of the CPU -----------------------*- C -*-===
 *
 * Part of the shiftadd project, under the Apache License v2.0 with LLVM
 * Exceptions. See LICENSE for license information.
 * SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
 *
 *===----------------------------------------------------------------------===
 *
 * Reading the CPU and judging what was read are apart, so that a test can judge
 * CPUs other than its own.
 *
 *===--------------------------------------------------------------------===*/
#ifndef SHIFTADD_MODEL_CPU_H
#define SHIFTADD_MODEL_CPU_H

#include <stdbool.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

/* The registers of the CPUID leaves that matter. */
typedef struct shiftadd_cpu_features {
  uint32_t leaf1_ecx;
  uint32_t leaf7_ebx;
  uint32_t leaf7_ecx;
  uint32_t leaf7_1_eax;
  uint32_t extended1_ecx; /* leaf 0x80000001 */
  uint64_t saved_state;   /* XCR0; 0 if the system saves no AVX state */
} shiftadd_cpu_features;

/* `level` is enum shiftadd_cpu_level; any other number never fits. */
__attribute__((visibility("hidden"))) bool
shiftadd_level_fits(const shiftadd_cpu_features *features, int32_t level);

#ifdef __cplusplus
}
#endif

#endif /* SHIFTADD_MODEL_CPU_H */
