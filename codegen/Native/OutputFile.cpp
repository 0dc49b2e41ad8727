//===- OutputFile.cpp - Files that appear whole or not at all -------------===//
//
// Part of the shiftadd project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// LLVM's own writeToOutput ends the process when the disk is full; this one
// returns the error.
//
//===----------------------------------------------------------------------===//
#include "codegen/Native/OutputFile.h"

#include "llvm/Support/FileSystem.h"
#include "llvm/Support/raw_ostream.h"

namespace shiftadd::native {

static llvm::Error cannotWrite(llvm::StringRef path,
                               const llvm::Twine &reason) {
  return llvm::createStringError("cannot write '" + path + "': " + reason);
}

llvm::Error
writeOutputFile(llvm::StringRef path, OutputKind kind,
                llvm::function_ref<llvm::Error(llvm::raw_ostream &)> write) {
  if (path.empty())
    return cannotWrite(path, "the name is empty");
  // A rename would replace a device by a file.
  if (llvm::sys::fs::exists(path) && !llvm::sys::fs::is_regular_file(path))
    return cannotWrite(path, "it exists and is not a regular file");

  unsigned mode = llvm::sys::fs::all_read | llvm::sys::fs::all_write;
  if (kind == OutputKind::Executable)
    mode |= llvm::sys::fs::all_exe;
  llvm::Expected<llvm::sys::fs::TempFile> temporary =
      llvm::sys::fs::TempFile::create(path + "-%%%%%%%%.tmp", mode);
  if (!temporary)
    return cannotWrite(path, llvm::toString(temporary.takeError()));
  llvm::Error error = llvm::Error::success();
  {
    llvm::raw_fd_ostream stream(temporary->FD, /*shouldClose=*/false);
    error = write(stream);
    stream.flush();
    if (!error && stream.has_error())
      error = llvm::errorCodeToError(stream.error());
    // A stream that dies with an unseen error ends the process.
    stream.clear_error();
  }
  if (!error) {
    error = temporary->keep(path);
    if (!error)
      return error;
  }
  llvm::consumeError(temporary->discard());
  return cannotWrite(path, llvm::toString(std::move(error)));
}

} // namespace shiftadd::native
