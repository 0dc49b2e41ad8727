/*===- cpu.c - Which kernel set the CPU can run -----------------------------===
 *
 * Part of the shiftadd project, under the Apache License v2.0 with LLVM
 * Exceptions. See LICENSE for license information.
 * SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
 *
 *===----------------------------------------------------------------------===
 *
 * Asks the CPU itself: the compiler's own helper for this is in libgcc, which a
 * model library does not link. Each level lists every instruction set that code
 * generated for it may use, and the register state that the operating system
 * must save for it.
 *
 *===--------------------------------------------------------------------===*/
#include "runtime/model/cpu.h"
#include "runtime/model/context.h"

#include <cpuid.h>

#define BIT(n) (1u << (n))

enum {
  /* Leaf 1, ECX. */
  SSE3 = BIT(0),
  SSSE3 = BIT(9),
  FMA = BIT(12),
  CMPXCHG16B = BIT(13),
  SSE4_1 = BIT(19),
  SSE4_2 = BIT(20),
  MOVBE = BIT(22),
  POPCNT = BIT(23),
  OSXSAVE = BIT(27),
  AVX = BIT(28),
  F16C = BIT(29),
  V3_LEAF1_ECX = SSE3 | SSSE3 | FMA | CMPXCHG16B | SSE4_1 | SSE4_2 | MOVBE |
                 POPCNT | OSXSAVE | AVX | F16C,

  /* Leaf 7, EBX. AVX512VL is bit 31 and does not fit an enumerator. */
  BMI1 = BIT(3),
  AVX2 = BIT(5),
  BMI2 = BIT(8),
  V3_LEAF7_EBX = BMI1 | AVX2 | BMI2,
  AVX512F = BIT(16),
  AVX512DQ = BIT(17),
  AVX512IFMA = BIT(21),
  AVX512CD = BIT(28),
  AVX512BW = BIT(30),

  /* Leaf 7, ECX. */
  AVX512VBMI = BIT(1),
  AVX512VBMI2 = BIT(6),
  GFNI = BIT(8),
  VAES = BIT(9),
  VPCLMULQDQ = BIT(10),
  AVX512VNNI = BIT(11),
  AVX512BITALG = BIT(12),
  AVX512VPOPCNTDQ = BIT(14),
  ZEN4_LEAF7_ECX = AVX512VBMI | AVX512VBMI2 | GFNI | VAES | VPCLMULQDQ |
                   AVX512VNNI | AVX512BITALG | AVX512VPOPCNTDQ,

  /* Leaf 7, subleaf 1, EAX. */
  AVX512BF16 = BIT(5),

  /* Leaf 0x80000001, ECX. */
  LAHF = BIT(0),
  LZCNT = BIT(5),
  SSE4A = BIT(6),
  V3_EXTENDED1_ECX = LAHF | LZCNT,

  /* XCR0: xmm and ymm; opmask, upper halves of zmm, zmm16 to zmm31. */
  YMM_STATE = BIT(1) | BIT(2),
  ZMM_STATE = YMM_STATE | BIT(5) | BIT(6) | BIT(7)
};
static const uint32_t V4_LEAF7_EBX =
    (uint32_t)AVX512F | AVX512DQ | AVX512CD | AVX512BW | BIT(31) /* AVX512VL */;

static shiftadd_cpu_features read_features(void) {
  shiftadd_cpu_features f = {0, 0, 0, 0, 0, 0};
  uint32_t eax, ebx, ecx, edx;
  if (__get_cpuid(1, &eax, &ebx, &ecx, &edx))
    f.leaf1_ecx = ecx;
  uint32_t last_subleaf = 0;
  if (__get_cpuid_count(7, 0, &eax, &ebx, &ecx, &edx)) {
    last_subleaf = eax;
    f.leaf7_ebx = ebx;
    f.leaf7_ecx = ecx;
  }
  if (last_subleaf >= 1 && __get_cpuid_count(7, 1, &eax, &ebx, &ecx, &edx))
    f.leaf7_1_eax = eax;
  if (__get_cpuid(0x80000001u, &eax, &ebx, &ecx, &edx))
    f.extended1_ecx = ecx;
  if (f.leaf1_ecx & OSXSAVE) {
    uint32_t low, high;
    __asm__ volatile("xgetbv" : "=a"(low), "=d"(high) : "c"(0));
    f.saved_state = (uint64_t)high << 32 | low;
  }
  return f;
}

static bool has_all(uint64_t value, uint64_t bits) {
  return (value & bits) == bits;
}

static bool has_v3(const shiftadd_cpu_features *f) {
  return has_all(f->leaf1_ecx, V3_LEAF1_ECX) &&
         has_all(f->leaf7_ebx, V3_LEAF7_EBX) &&
         has_all(f->extended1_ecx, V3_EXTENDED1_ECX) &&
         has_all(f->saved_state, YMM_STATE);
}

static bool has_v4(const shiftadd_cpu_features *f) {
  return has_v3(f) && has_all(f->leaf7_ebx, V4_LEAF7_EBX) &&
         has_all(f->saved_state, ZMM_STATE);
}

/* Halide compiles this level for LLVM's CPU "znver4", which lets LLVM use more
 * than AVX-512: byte shuffles become SSE4A's extrq and insertq, and shifts of
 * bytes GFNI's gf2p8affineqb. CPUs without SSE4A (all of Intel's) must
 * therefore take the level below. */
static bool has_zen4(const shiftadd_cpu_features *f) {
  return has_v4(f) && has_all(f->leaf7_ebx, AVX512IFMA) &&
         has_all(f->leaf7_ecx, ZEN4_LEAF7_ECX) &&
         has_all(f->leaf7_1_eax, AVX512BF16) &&
         has_all(f->extended1_ecx, SSE4A);
}

bool shiftadd_level_fits(const shiftadd_cpu_features *f, int32_t level) {
  switch (level) {
  case SHIFTADD_CPU_X86_64_V3:
    return has_v3(f);
  case SHIFTADD_CPU_X86_64_V4:
    return has_v4(f);
  case SHIFTADD_CPU_ZEN4:
    return has_zen4(f);
  default:
    return false;
  }
}

const shiftadd_target_description *shiftadd_select_target(void) {
  const shiftadd_cpu_features features = read_features();
  for (uint32_t i = 0; i < shiftadd_description.target_count; ++i)
    if (shiftadd_level_fits(&features,
                            shiftadd_description.targets[i].cpu_level))
      return &shiftadd_description.targets[i];
  return NULL;
}

const char *shiftadd_target_name(void) {
  const shiftadd_target_description *target = shiftadd_select_target();
  return target ? target->name : NULL;
}
