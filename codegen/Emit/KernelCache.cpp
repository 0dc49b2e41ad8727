//===- KernelCache.cpp - Compiled kernels on disk -*- C++ -*-===//
//
// Part of the shiftadd project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
#include "codegen/Emit/KernelCache.h"

#include "llvm/ADT/SmallString.h"
#include "llvm/ADT/StringExtras.h"
#include "llvm/Support/Error.h"
#include "llvm/Support/FileSystem.h"
#include "llvm/Support/MemoryBuffer.h"
#include "llvm/Support/Path.h"
#include "llvm/Support/Process.h"
#include "llvm/Support/SHA256.h"
#include "llvm/Support/raw_ostream.h"

namespace shiftadd {

// A file is the object followed by its SHA-256, so that a damaged one is seen.
static constexpr size_t kDigestBytes = 32;

static std::array<uint8_t, 32> digest(llvm::StringRef bytes) {
  return llvm::SHA256::hash(llvm::arrayRefFromStringRef(bytes));
}

std::string KernelCache::getDefaultFolder() {
  llvm::SmallString<128> path;
  if (auto base = llvm::sys::Process::GetEnv("XDG_CACHE_HOME");
      base && llvm::sys::path::is_absolute(*base))
    path = *base;
  else if (auto home = llvm::sys::Process::GetEnv("HOME"))
    llvm::sys::path::append(path, *home, ".cache");
  else
    return {};
  llvm::sys::path::append(path, "shiftadd", "kernels");
  return path.str().str();
}

std::string KernelCache::getPath(llvm::StringRef key) const {
  llvm::SmallString<128> path(folder);
  llvm::sys::path::append(path, key + ".o");
  return path.str().str();
}

std::optional<std::vector<char>> KernelCache::load(llvm::StringRef key) const {
  if (folder.empty())
    return std::nullopt;
  auto file = llvm::MemoryBuffer::getFile(getPath(key), /*IsText=*/false,
                                          /*RequiresNullTerminator=*/false);
  if (!file || (*file)->getBufferSize() < kDigestBytes)
    return std::nullopt;
  llvm::StringRef content = (*file)->getBuffer();
  llvm::StringRef object = content.drop_back(kDigestBytes);
  auto expected = digest(object);
  if (content.take_back(kDigestBytes) !=
      llvm::toStringRef(llvm::ArrayRef<uint8_t>(expected)))
    return std::nullopt;
  return std::vector<char>(object.begin(), object.end());
}

void KernelCache::store(llvm::StringRef key,
                        const std::vector<char> &object) const {
  if (folder.empty() || llvm::sys::fs::create_directories(folder))
    return;
  auto sum = digest({object.data(), object.size()});
  // A cache that cannot be written only costs time: errors are dropped.
  llvm::consumeError(
      llvm::writeToOutput(getPath(key), [&](llvm::raw_ostream &stream) {
        stream.write(object.data(), object.size());
        stream << llvm::toStringRef(llvm::ArrayRef<uint8_t>(sum));
        return llvm::Error::success();
      }));
}

} // namespace shiftadd
