//===- Compile.h - From a KernelSpec to object code -------------*- C++ -*-===//
//
// Part of the shiftadd project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// The no-throw facade of the Halide backend. Every exception of Halide stops
// here and becomes a text. All functions are safe to call from several threads.
//
//===----------------------------------------------------------------------===//
#ifndef SHIFTADD_CODEGEN_HALIDE_COMPILE_H
#define SHIFTADD_CODEGEN_HALIDE_COMPILE_H

#include "codegen/Halide/KernelSpec.h"

#include <string>
#include <vector>

namespace shiftadd::halide_gen {

/// CPU levels; the numbers are those of enum shiftadd_cpu_level.
enum class CpuLevel { X86_64_V3 = 0, X86_64_V4 = 1, Zen4 = 2 };

/// The packed form of the constants of one launch, in the order in which the
/// kernel takes them. One packing serves every CPU level.
using PackedConstants = std::vector<std::vector<uint8_t>>;

/// Packs the constants: `data[i]` holds the dense row-major bytes of argument i
/// of the spec (ignored for run-time arguments). Returns false and sets `error`
/// when the spec is not one that the backend can compile.
bool packConstants(const KernelSpec &spec,
                   const std::vector<const uint8_t *> &data,
                   PackedConstants &packed, std::string &error);

struct CompiledKernel {
  std::vector<char> object; ///< ELF relocatable
  std::string assembly;     ///< when asked for
  std::string statement;    ///< Halide's lowered form, when asked for
};

/// Compiles the kernel to `int symbol(void *context, halide_buffer_t *...)`.
/// Its buffers are: the run-time arguments in order, the packed constants in
/// order, the outputs in order. Returns false and sets `error` on failure.
/// Equal spec, symbol and level give equal bytes. A kernel with a convolution
/// or a dense op may read up to 64 bytes past the end of its run-time inputs.
bool compileKernel(const KernelSpec &spec, const std::string &symbol,
                   CpuLevel level, bool withText, CompiledKernel &kernel,
                   std::string &error);

/// What the kernel's heaviest op runs on: "vnni", "madd", "fma", "shift-add",
/// "sad" and the like; "vector" for kernels without sums of products.
std::string arithmeticUnit(const KernelSpec &spec, CpuLevel level);

/// Version text that enters the kernel cache's key besides KernelSpec::print():
/// it changes whenever the generated code may.
std::string backendVersion();

} // namespace shiftadd::halide_gen

#endif // SHIFTADD_CODEGEN_HALIDE_COMPILE_H
