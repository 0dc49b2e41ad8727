//===- Parallel.cpp - Work items over a few threads -----------------------===//
//
// Part of the shiftadd project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Threads live as long as the loop: its items take milliseconds, starting a
// thread takes microseconds.
//
//===----------------------------------------------------------------------===//
#include "passes/Calibration/Parallel.h"

#include <algorithm>
#include <atomic>
#include <exception>
#include <mutex>
#include <system_error>
#include <thread>
#include <vector>

namespace shiftadd::calibration {

void parallelFor(unsigned threads, int64_t count,
                 const std::function<void(int64_t, unsigned)> &body) {
  std::atomic<int64_t> next{0};
  std::exception_ptr failure;
  std::mutex failureMutex;
  auto work = [&](unsigned worker) {
    try {
      for (int64_t item = next++; item < count; item = next++)
        body(item, worker);
    } catch (...) {
      next = count;
      std::lock_guard<std::mutex> lock(failureMutex);
      failure = std::current_exception();
    }
  };
  std::vector<std::thread> others;
  int64_t wanted = std::min<int64_t>(threads, count);
  try {
    for (int64_t worker = 1; worker < wanted; ++worker)
      others.emplace_back(work, unsigned(worker));
  } catch (const std::system_error &) {
    // The system gives no more threads; those that run do all the work.
  }
  work(0);
  for (std::thread &other : others)
    other.join();
  if (failure)
    std::rethrow_exception(failure);
}

} // namespace shiftadd::calibration
