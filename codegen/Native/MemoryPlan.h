//===- MemoryPlan.h - Offsets of the tensors in one arena -------*- C++ -*-===//
//
// Part of the shiftadd project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// A static planner: every buffer of the model gets a fixed offset in one arena,
// so that running a model allocates nothing. Buffers that are live at the same
// launch never overlap.
//
//===----------------------------------------------------------------------===//
#ifndef SHIFTADD_CODEGEN_NATIVE_MEMORYPLAN_H
#define SHIFTADD_CODEGEN_NATIVE_MEMORYPLAN_H

#include "llvm/ADT/ArrayRef.h"

#include <cstdint>
#include <vector>

namespace shiftadd::native {

/// Offsets and sizes are multiples of this: a cache line, and the widest
/// vector.
constexpr uint64_t kArenaAlignment = 64;

/// A buffer is live from the launch that writes it through the last launch that
/// reads it, both included.
struct LiveBuffer {
  uint64_t bytes = 0;
  uint32_t firstUse = 0;
  uint32_t lastUse = 0;
};

struct MemoryPlan {
  std::vector<uint64_t> offsets; ///< one per buffer
  uint64_t arenaBytes = 0;
  /// The largest sum of simultaneously live bytes; no plan can need less.
  uint64_t lowerBound = 0;
};

/// Places the buffers. Equal input gives equal output.
MemoryPlan planMemory(llvm::ArrayRef<LiveBuffer> buffers);

} // namespace shiftadd::native

#endif // SHIFTADD_CODEGEN_NATIVE_MEMORYPLAN_H
