//===- Collapse.h - Fewer dimensions for elementwise kernels ----*- C++ -*-===//
//
// Part of the shiftadd project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// A kernel whose ops all work element by element need not know of rows and
// channels where its tensors lie contiguously: joining such dimensions gives
// vectors their full width whatever the number of channels.
//
//===----------------------------------------------------------------------===//
#ifndef SHIFTADD_CODEGEN_HALIDE_COLLAPSE_H
#define SHIFTADD_CODEGEN_HALIDE_COLLAPSE_H

#include "codegen/Halide/KernelSpec.h"

namespace shiftadd::halide_gen {

/// The same kernel over joined dimensions; value numbers and constants do not
/// change. Other kernels come back as they are.
KernelSpec collapseDimensions(const KernelSpec &spec);

} // namespace shiftadd::halide_gen

#endif // SHIFTADD_CODEGEN_HALIDE_COLLAPSE_H
