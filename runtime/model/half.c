/*===- half.c - float64 to float16 ------------------------------------------===
 *
 * Part of the shiftadd project, under the Apache License v2.0 with LLVM
 * Exceptions. See LICENSE for license information.
 * SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
 *
 *===----------------------------------------------------------------------===
 *
 * The one conversion for which LLVM calls a helper of its own support library
 * on every CPU level: no instruction before AVX512-FP16 rounds a float64 to
 * float16, and going through float32 would round twice.
 *
 *===--------------------------------------------------------------------===*/
#include <stdint.h>
#include <string.h>

__attribute__((visibility("hidden"))) _Float16 __truncdfhf2(double value);

/* Rounds to nearest even, as the instructions for float32 do. */
static uint16_t to_half(double value) {
  uint64_t bits;
  memcpy(&bits, &value, sizeof(bits));
  const uint16_t sign = (uint16_t)(bits >> 48 & 0x8000);
  const int exponent = (int)(bits >> 52 & 0x7ff);
  uint64_t fraction = bits & 0xfffffffffffffull;
  if (exponent == 0x7ff) {
    if (!fraction)
      return sign | 0x7c00;
    return sign | 0x7e00 | (uint16_t)(fraction >> 42);
  }
  const int half_exponent = exponent - 1023 + 15;
  if (half_exponent >= 31)
    return sign | 0x7c00;
  /* Bits of the fraction that do not fit; more of them for a denormal. */
  int dropped = 42;
  uint64_t kept_exponent = 0;
  if (half_exponent > 0) {
    kept_exponent = (uint64_t)half_exponent << 10;
  } else {
    dropped += 1 - half_exponent;
    if (dropped > 53)
      return sign;
    fraction |= 1ull << 52;
  }
  uint64_t result = kept_exponent + (fraction >> dropped);
  const uint64_t rest = fraction & ((1ull << dropped) - 1);
  const uint64_t tie = 1ull << (dropped - 1);
  /* A carry out of the fraction raises the exponent, up to infinity. */
  if (rest > tie || (rest == tie && (result & 1)))
    ++result;
  return sign | (uint16_t)result;
}

_Float16 __truncdfhf2(double value) {
  const uint16_t bits = to_half(value);
  _Float16 result;
  memcpy(&result, &bits, sizeof(result));
  return result;
}
