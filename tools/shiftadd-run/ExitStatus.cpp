//===- ExitStatus.cpp - Errors that carry an exit code --------------------===//
//
// Part of the shiftadd project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// The last station of every error.
//
//===----------------------------------------------------------------------===//

#include "tools/shiftadd-run/ExitStatus.h"

#include "llvm/Support/raw_ostream.h"

namespace shiftadd::tools {

char ExitError::ID = 0;

void ExitError::log(llvm::raw_ostream &os) const { os << text; }

std::error_code ExitError::convertToErrorCode() const {
  return llvm::inconvertibleErrorCode();
}

llvm::Error wrongInput(const llvm::Twine &text) {
  return llvm::make_error<ExitError>(WrongInput, text);
}

llvm::Error failure(int status, const llvm::Twine &text) {
  return llvm::make_error<ExitError>(status, text);
}

llvm::Error flushOutput() {
  llvm::outs().flush();
  std::error_code code = llvm::outs().error();
  if (!code)
    return llvm::Error::success();
  llvm::outs().clear_error();
  return wrongInput("cannot write to the standard output: " + code.message());
}

int reportAndGetStatus(llvm::Error error) {
  int status = Success;
  llvm::handleAllErrors(std::move(error), [&](const ExitError &exit) {
    status = exit.getStatus();
    if (!exit.message().empty())
      llvm::errs() << "shiftadd-run: error: " << exit.message() << "\n";
  });
  return status;
}

} // namespace shiftadd::tools
