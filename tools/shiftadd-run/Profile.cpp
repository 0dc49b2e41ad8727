//===- Profile.cpp - A table of layer times -------------------------------===//
//
// Part of the shiftadd project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// In execution order: the table is read along the network.
//
//===----------------------------------------------------------------------===//

#include "tools/shiftadd-run/Profile.h"

#include "llvm/Support/Format.h"
#include "llvm/Support/FormatVariadic.h"

#include <algorithm>
#include <numeric>

namespace shiftadd::tools {

void printProfile(const LoadedModel &model, const Execution &execution,
                  llvm::raw_ostream &os) {
  llvm::ArrayRef<uint64_t> times = execution.layerNanoseconds();
  uint64_t total = std::accumulate(times.begin(), times.end(), uint64_t(0));
  size_t width = 5;
  for (size_t i = 0; i < times.size(); ++i)
    width = std::max(width, model.layerName(uint32_t(i)).size());
  auto row = [&](llvm::StringRef name, uint64_t nanoseconds) {
    double share = total ? 100.0 * double(nanoseconds) / double(total) : 0.0;
    os << llvm::formatv("{0}  ", llvm::left_justify(name, unsigned(width)))
       << llvm::format("%10.3f  %6.1f %%\n", double(nanoseconds) / 1e6, share);
  };
  os << llvm::formatv("{0}  {1,10}  {2,8}\n",
                      llvm::left_justify("layer", unsigned(width)), "ms",
                      "share");
  for (size_t i = 0; i < times.size(); ++i)
    row(model.layerName(uint32_t(i)), times[i]);
  row("total", total);
}

} // namespace shiftadd::tools
