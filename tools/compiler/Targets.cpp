//===- Targets.cpp - CPU kernel sets by name -*- C++ -*-===//
//
// Part of the shiftadd project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
#include "tools/compiler/Targets.h"

#include "llvm/ADT/ArrayRef.h"
#include "llvm/ADT/StringMap.h"
#include "llvm/TargetParser/Host.h"

namespace shiftadd::tools {

using halide_gen::CpuLevel;

static bool hasAll(const llvm::StringMap<bool> &features,
                   llvm::ArrayRef<llvm::StringRef> names) {
  for (llvm::StringRef name : names)
    if (!features.lookup(name))
      return false;
  return true;
}

llvm::Expected<std::vector<CpuLevel>> getCpuLevels(Target target) {
  switch (target) {
  case Target::X86_64_V3:
    return std::vector<CpuLevel>{CpuLevel::X86_64_V3};
  case Target::X86_64_V4:
    return std::vector<CpuLevel>{CpuLevel::X86_64_V4};
  case Target::Zen4:
    return std::vector<CpuLevel>{CpuLevel::Zen4};
  case Target::Multi:
    return std::vector<CpuLevel>{CpuLevel::Zen4, CpuLevel::X86_64_V4,
                                 CpuLevel::X86_64_V3};
  case Target::Host:
    break;
  }
  llvm::StringMap<bool> features = llvm::sys::getHostCPUFeatures();
  if (!hasAll(features, {"avx2", "fma", "f16c", "bmi", "bmi2", "lzcnt", "movbe",
                         "popcnt"}))
    return llvm::createStringError(
        "this CPU has no AVX2 (x86-64-v3), which compiled models need; name "
        "another machine's level with --target");
  if (!hasAll(features,
              {"avx512f", "avx512bw", "avx512cd", "avx512dq", "avx512vl"}))
    return std::vector<CpuLevel>{CpuLevel::X86_64_V3};
  if (!hasAll(features,
              {"avx512vnni", "avx512bf16", "avx512vbmi", "avx512vbmi2",
               "avx512ifma", "avx512bitalg", "avx512vpopcntdq", "gfni", "vaes",
               "vpclmulqdq", "sse4a"}))
    return std::vector<CpuLevel>{CpuLevel::X86_64_V4};
  return std::vector<CpuLevel>{CpuLevel::Zen4};
}

} // namespace shiftadd::tools
