//===- Vectorize.h - Code for the vectors of the machine at hand *- C++ -*-===//
//
// Part of the shiftadd project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// The compiler runs on any x86-64 machine, its hot loops should use the vectors
// of the one it runs on. A function marked here is compiled for three levels
// and chosen when the program is loaded.
//
//===----------------------------------------------------------------------===//
#ifndef SHIFTADD_PASSES_CALIBRATION_VECTORIZE_H
#define SHIFTADD_PASSES_CALIBRATION_VECTORIZE_H

// The choice at load time runs before the sanitizers are ready.
#if defined(__has_feature)
#if __has_feature(address_sanitizer)
#define SHIFTADD_NO_TARGET_CLONES
#endif
#endif
#if defined(__SANITIZE_ADDRESS__) || !defined(__x86_64__)
#define SHIFTADD_NO_TARGET_CLONES
#endif

#ifdef SHIFTADD_NO_TARGET_CLONES
#define SHIFTADD_TARGET_CLONES
#else
#define SHIFTADD_TARGET_CLONES                                                 \
  __attribute__((target_clones("arch=x86-64-v4", "arch=x86-64-v3", "default")))
#endif

namespace shiftadd::calibration {

/// How many floats the hand-vectorised loops take at once.
constexpr int vectorLanes = 16;

/// Sixteen floats at any address.
typedef float FloatVector
    __attribute__((vector_size(4 * vectorLanes), aligned(4), may_alias));

} // namespace shiftadd::calibration

#endif // SHIFTADD_PASSES_CALIBRATION_VECTORIZE_H
