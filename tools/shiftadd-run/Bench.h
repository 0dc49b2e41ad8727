//===- Bench.h - Measuring the latency of a model ---------------*- C++ -*-===//
//
// Part of the shiftadd project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Prints what benchmark scripts parse; the form is part of the interface.
//
//===----------------------------------------------------------------------===//
#ifndef SHIFTADD_TOOLS_SHIFTADDRUN_BENCH_H
#define SHIFTADD_TOOLS_SHIFTADDRUN_BENCH_H

#include "tools/shiftadd-run/LoadedModel.h"

#include "llvm/Support/raw_ostream.h"

namespace shiftadd::tools {

struct BenchSettings {
  unsigned warmup = 0;
  unsigned runs = 1;
  bool profile = false;
};

/// Runs `execution` warmup + runs times. Prints the latency in ms of each of
/// the last `runs` inferences, one a line, then "# load_ms", "# first_run_ms"
/// (the very first inference, warm-up included) and "# peak_rss_mb" (MiB), and
/// with profiling one "# layer NAME MS" per layer, the mean of the measured
/// inferences.
llvm::Error runBench(Execution &execution, const LoadedModel &model,
                     const BenchSettings &settings, llvm::raw_ostream &os);

} // namespace shiftadd::tools

#endif // SHIFTADD_TOOLS_SHIFTADDRUN_BENCH_H
