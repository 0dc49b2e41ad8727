//===- Targets.h - CPU kernel sets by name -*- C++ -*-===//
//
// Part of the shiftadd project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
#ifndef SHIFTADD_TOOLS_COMPILER_TARGETS_H
#define SHIFTADD_TOOLS_COMPILER_TARGETS_H

#include "codegen/Halide/Compile.h"

#include "llvm/Support/Error.h"

#include <vector>

namespace shiftadd::tools {

/// What --target takes.
enum class Target { Host, X86_64_V3, X86_64_V4, Zen4, Multi };

/// The CPU levels of a target, best first. The host's level is the best one
/// whose features this CPU has; an error when it has none.
llvm::Expected<std::vector<halide_gen::CpuLevel>> getCpuLevels(Target target);

} // namespace shiftadd::tools

#endif // SHIFTADD_TOOLS_COMPILER_TARGETS_H
