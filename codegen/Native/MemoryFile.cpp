//===- MemoryFile.cpp - A file that exists in memory only -----------------===//
//
// Part of the shiftadd project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// memfd_create, reached through /proc/self/fd.
//
//===----------------------------------------------------------------------===//
#include "codegen/Native/MemoryFile.h"

#include "llvm/ADT/Twine.h"

#include <algorithm>
#include <cerrno>
#include <sys/mman.h>
#include <unistd.h>

namespace shiftadd::native {

static llvm::Error systemError(const llvm::Twine &what) {
  std::error_code code(errno, std::generic_category());
  return llvm::createStringError(code, what + ": " + code.message());
}

llvm::Expected<MemoryFile> MemoryFile::create(llvm::StringRef name) {
  int descriptor = memfd_create(name.str().c_str(), MFD_CLOEXEC);
  if (descriptor < 0)
    return systemError("creating an in-memory file for the linker");
  return MemoryFile(descriptor, name);
}

llvm::Expected<MemoryFile> MemoryFile::create(llvm::StringRef name,
                                              llvm::ArrayRef<uint8_t> bytes) {
  llvm::Expected<MemoryFile> file = create(name);
  if (!file)
    return file.takeError();
  if (llvm::Error error = file->append(bytes))
    return error;
  return file;
}

MemoryFile::~MemoryFile() {
  if (descriptor >= 0)
    close(descriptor);
}

llvm::Error MemoryFile::append(llvm::ArrayRef<uint8_t> bytes) {
  // One write call takes less than 2 GiB.
  constexpr size_t chunk = size_t(1) << 30;
  while (!bytes.empty()) {
    ssize_t written =
        write(descriptor, bytes.data(), std::min(bytes.size(), chunk));
    if (written < 0 && errno == EINTR)
      continue;
    if (written <= 0)
      return systemError("writing an in-memory file for the linker");
    bytes = bytes.drop_front(written);
  }
  return llvm::Error::success();
}

std::string MemoryFile::path() const {
  return "/proc/self/fd/" + std::to_string(descriptor);
}

} // namespace shiftadd::native
