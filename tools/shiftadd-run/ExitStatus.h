//===- ExitStatus.h - Errors that carry an exit code ------------*- C++ -*-===//
//
// Part of the shiftadd project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Every failure of the program is an llvm::Error of the kind below: one line of
// text and the exit code that scripts rely on.
//
//===----------------------------------------------------------------------===//
#ifndef SHIFTADD_TOOLS_SHIFTADDRUN_EXITSTATUS_H
#define SHIFTADD_TOOLS_SHIFTADDRUN_EXITSTATUS_H

#include "llvm/ADT/Twine.h"
#include "llvm/Support/Error.h"

namespace shiftadd::tools {

enum ExitStatus : int {
  Success = 0,
  WrongInput = 1,    ///< what the user gave is wrong
  InternalError = 2, ///< the program or the library is
  NotSupported = 3   ///< understood, but not supported
};

class ExitError : public llvm::ErrorInfo<ExitError> {
public:
  static char ID;
  ExitError(int status, const llvm::Twine &text)
      : status(status), text(text.str()) {}

  int getStatus() const { return status; }
  void log(llvm::raw_ostream &os) const override;
  std::error_code convertToErrorCode() const override;

private:
  int status;
  std::string text;
};

llvm::Error wrongInput(const llvm::Twine &text);
llvm::Error failure(int status, const llvm::Twine &text);

/// Flushes the standard output; fails if anything was not written.
llvm::Error flushOutput();

/// Prints the error, if any, as "shiftadd-run: error: TEXT" and returns the
/// exit code. An empty text was already reported.
int reportAndGetStatus(llvm::Error error);

} // namespace shiftadd::tools

#endif // SHIFTADD_TOOLS_SHIFTADDRUN_EXITSTATUS_H
