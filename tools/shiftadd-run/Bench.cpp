//===- Bench.cpp - Measuring the latency of a model -----------------------===//
//
// Part of the shiftadd project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Nothing is printed before the last measurement, so that output does not
// disturb it.
//
//===----------------------------------------------------------------------===//

#include "tools/shiftadd-run/Bench.h"
#include "tools/shiftadd-run/ExitStatus.h"

#include "llvm/ADT/StringExtras.h"
#include "llvm/Support/Format.h"
#include "llvm/Support/MemoryBuffer.h"

#include <chrono>
#include <sys/resource.h>

namespace shiftadd::tools {
namespace {

using Clock = std::chrono::steady_clock;

llvm::Expected<double> timedRun(Execution &execution) {
  Clock::time_point start = Clock::now();
  if (llvm::Error error = execution.run())
    return error;
  return std::chrono::duration<double, std::milli>(Clock::now() - start)
      .count();
}

/// The peak of this program's own memory. getrusage would also count a larger
/// parent from before exec, for example a Python interpreter.
double peakMebibytes() {
  auto status = llvm::MemoryBuffer::getFileAsStream("/proc/self/status");
  if (status) {
    llvm::StringRef text = (*status)->getBuffer();
    size_t at = text.find("\nVmHWM:");
    uint64_t kibibytes;
    if (at != llvm::StringRef::npos &&
        !text.substr(at + 7).ltrim().consumeInteger(10, kibibytes))
      return double(kibibytes) / 1024;
  }
  rusage usage;
  getrusage(RUSAGE_SELF, &usage);
  return double(usage.ru_maxrss) / 1024;
}

} // namespace

llvm::Error runBench(Execution &execution, const LoadedModel &model,
                     const BenchSettings &settings, llvm::raw_ostream &os) {
  std::vector<double> latencies;
  latencies.reserve(settings.runs);
  std::vector<uint64_t> layerTotals(model.layerCount(), 0);
  double firstRun = 0;
  for (uint64_t i = 0; i < uint64_t(settings.warmup) + settings.runs; ++i) {
    llvm::Expected<double> latency = timedRun(execution);
    if (!latency)
      return latency.takeError();
    if (i == 0)
      firstRun = *latency;
    if (i < settings.warmup)
      continue;
    latencies.push_back(*latency);
    llvm::ArrayRef<uint64_t> times = execution.layerNanoseconds();
    for (size_t layer = 0; layer < times.size(); ++layer)
      layerTotals[layer] += times[layer];
  }
  double peak = peakMebibytes();

  for (double latency : latencies)
    os << llvm::format("%.6f\n", latency);
  os << llvm::format("# load_ms %.3f\n", model.loadMilliseconds())
     << llvm::format("# first_run_ms %.3f\n", firstRun)
     << llvm::format("# peak_rss_mb %.1f\n", peak);
  if (settings.profile)
    for (uint32_t layer = 0; layer < model.layerCount(); ++layer)
      os << "# layer " << model.layerName(layer) << " "
         << llvm::format("%.6f\n",
                         double(layerTotals[layer]) / settings.runs / 1e6);
  return llvm::Error::success();
}

} // namespace shiftadd::tools
