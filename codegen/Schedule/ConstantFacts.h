//===- ConstantFacts.h - What kernels may know of constants -----*- C++ -*-===//
//
// Part of the shiftadd project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Kernels are shared by layers of equal form, so their code must not depend on
// the values of constants, except on facts that are part of the form: those are
// attributes of the ops in the kernel, proven here from the real values.
//
//===----------------------------------------------------------------------===//
#ifndef SHIFTADD_CODEGEN_SCHEDULE_CONSTANTFACTS_H
#define SHIFTADD_CODEGEN_SCHEDULE_CONSTANTFACTS_H

#include "dialects/ShiftAdd/IR/ShiftAdd.h"

namespace shiftadd {

/// Sets the attributes on the ops of the layer's body. Without one a kernel
/// assumes nothing.
///
/// On `requantize` and `requantize_residual` with arithmetic = int32 and
/// rounding half up or down, what holds for all channels: powers_of_two (the
/// multipliers are), left_shift and residual_shift (with that, the shifts that
/// replace the multipliers once the common factor is out), right_shift, and
/// zero_folded (the zero point can be added in 32 bits before the shift). With
/// arithmetic = double and rounding half up: real_offset (bias, half a unit and
/// zero point make up one number that float64 holds).
///
/// On convolutions and dense ops of 8-bit codes: chunk and chunk_run, the
/// elements of a run whose products, in pairs, add up in 16 bits, and the
/// length of the runs (what lies together in memory in the window of a pixel).
void stateConstantFacts(LayerOp layer);

} // namespace shiftadd

#endif // SHIFTADD_CODEGEN_SCHEDULE_CONSTANTFACTS_H
