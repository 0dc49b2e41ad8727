//===- Parallel.h - Work items over a few threads ---------------*- C++ -*-===//
//
// Part of the shiftadd project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Runs independent work items on threads. Which thread runs an item is not
// determined, so items must not add into shared sums: results then do not
// depend on the number of threads (Q21g).
//
//===----------------------------------------------------------------------===//
#ifndef SHIFTADD_PASSES_CALIBRATION_PARALLEL_H
#define SHIFTADD_PASSES_CALIBRATION_PARALLEL_H

#include <cstdint>
#include <functional>

namespace shiftadd::calibration {

/// Calls body(item, worker) once for each item in [0, count). Workers are
/// numbered from 0 to the number of threads - 1, for scratch memory. An
/// exception of the body (no memory) ends the loop and is thrown to the caller.
void parallelFor(unsigned threads, int64_t count,
                 const std::function<void(int64_t, unsigned)> &body);

} // namespace shiftadd::calibration

#endif // SHIFTADD_PASSES_CALIBRATION_PARALLEL_H
