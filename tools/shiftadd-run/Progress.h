//===- Progress.h - Progress of long work on a terminal ---------*- C++ -*-===//
//
// Part of the shiftadd project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// A line that counts on stderr. Nothing is printed when stderr is no terminal,
// or for work of less than two seconds.
//
//===----------------------------------------------------------------------===//
#ifndef SHIFTADD_TOOLS_SHIFTADDRUN_PROGRESS_H
#define SHIFTADD_TOOLS_SHIFTADDRUN_PROGRESS_H

#include "llvm/ADT/StringRef.h"
#include "llvm/Support/Process.h"
#include "llvm/Support/raw_ostream.h"

#include <chrono>

namespace shiftadd::tools {

class Progress {
public:
  explicit Progress(llvm::StringRef what)
      : what(what), terminal(llvm::sys::Process::StandardErrIsDisplayed()) {}

  void operator()(int64_t done, int64_t total) {
    std::chrono::duration<double> elapsed =
        std::chrono::steady_clock::now() - start;
    if (!terminal || (!shown && elapsed.count() < 2))
      return;
    shown = done != total;
    llvm::errs() << "\r" << what << " " << done << "/" << total
                 << (done == total ? "\n" : "");
  }

private:
  llvm::StringRef what;
  bool terminal;
  std::chrono::steady_clock::time_point start =
      std::chrono::steady_clock::now();
  bool shown = false;
};

} // namespace shiftadd::tools

#endif // SHIFTADD_TOOLS_SHIFTADDRUN_PROGRESS_H
