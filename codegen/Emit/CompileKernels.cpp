//===- CompileKernels.cpp - All kernels of a model, on all cores -*- C++
//-*-===//
//
// Part of the shiftadd project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
#include "codegen/Emit/CompileKernels.h"

#include "llvm/ADT/StringExtras.h"
#include "llvm/Support/SHA256.h"

#include <atomic>
#include <mutex>
#include <thread>

namespace shiftadd {

static std::string getIdentity(const KernelJob &job) {
  llvm::SHA256 hash;
  hash.update(halide_gen::backendVersion());
  hash.update(std::to_string(int(job.level)));
  hash.update(job.spec.print());
  return llvm::toHex(hash.final(), /*LowerCase=*/true);
}

llvm::Expected<std::vector<KernelResult>>
compileKernels(const std::vector<KernelJob> &jobs, const KernelCache &cache,
               unsigned threads, bool withText,
               const std::function<void(size_t, size_t)> &progress) {
  std::vector<KernelResult> results(jobs.size());
  std::vector<std::string> errors(jobs.size());
  std::atomic<size_t> next{0};
  std::mutex progressMutex;
  size_t done = 0;

  auto compileOne = [&](size_t index) {
    const KernelJob &job = jobs[index];
    KernelResult &result = results[index];
    std::string identity = getIdentity(job);
    // Half the hash is plenty for a symbol, and keeps assembly readable.
    result.symbol = "kernel_" + identity.substr(0, 32);
    if (!withText)
      if (auto object = cache.load(identity)) {
        result.kernel.object = std::move(*object);
        return;
      }
    if (!halide_gen::compileKernel(job.spec, result.symbol, job.level, withText,
                                   result.kernel, errors[index])) {
      if (errors[index].empty())
        errors[index] = "unknown error";
      return;
    }
    cache.store(identity, result.kernel.object);
  };
  auto work = [&] {
    for (size_t index = next++; index < jobs.size(); index = next++) {
      compileOne(index);
      std::lock_guard<std::mutex> lock(progressMutex);
      ++done;
      if (progress)
        progress(done, jobs.size());
    }
  };
  size_t count = std::min<size_t>(std::max(1u, threads), jobs.size());
  std::vector<std::thread> pool;
  for (size_t i = 1; i < count; ++i)
    pool.emplace_back(work);
  work();
  for (std::thread &thread : pool)
    thread.join();

  for (auto [job, error] : llvm::zip_equal(jobs, errors))
    if (!error.empty())
      return llvm::createStringError("kernel " + job.name + ": " + error);
  return results;
}

} // namespace shiftadd
