//===- CompileKernels.h - All kernels of a model, on all cores -*- C++ -*-===//
//
// Part of the shiftadd project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
#ifndef SHIFTADD_CODEGEN_EMIT_COMPILEKERNELS_H
#define SHIFTADD_CODEGEN_EMIT_COMPILEKERNELS_H

#include "codegen/Emit/KernelCache.h"
#include "codegen/Halide/Compile.h"

#include "llvm/Support/Error.h"

#include <functional>

namespace shiftadd {

struct KernelJob {
  halide_gen::KernelSpec spec;
  halide_gen::CpuLevel level;
  std::string name; ///< for messages and text files: the kernel op's symbol
};

struct KernelResult {
  std::string symbol; ///< from the hash of spec and level
  halide_gen::CompiledKernel kernel;
};

/// Compiles every job, in order, on `threads` threads; objects come from the
/// cache where it has them. `progress(done, total)` is called from any thread,
/// one call at a time. The error names the kernel.
llvm::Expected<std::vector<KernelResult>>
compileKernels(const std::vector<KernelJob> &jobs, const KernelCache &cache,
               unsigned threads, bool withText,
               const std::function<void(size_t, size_t)> &progress);

} // namespace shiftadd

#endif // SHIFTADD_CODEGEN_EMIT_COMPILEKERNELS_H
