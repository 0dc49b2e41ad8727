//===- KernelCache.h - Compiled kernels on disk -*- C++ -*-===//
//
// Part of the shiftadd project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Kernels are named by a hash of everything that decides their code, so a
// cached object is valid for ever and for every network. Files are written
// beside their place and renamed: concurrent compilers share a folder safely.
//
//===----------------------------------------------------------------------===//
#ifndef SHIFTADD_CODEGEN_EMIT_KERNELCACHE_H
#define SHIFTADD_CODEGEN_EMIT_KERNELCACHE_H

#include "llvm/ADT/StringRef.h"

#include <optional>
#include <string>
#include <vector>

namespace shiftadd {

class KernelCache {
public:
  /// An empty folder name switches the cache off. The folder is made when first
  /// written; a folder that cannot be written just keeps the cache empty.
  explicit KernelCache(std::string folder) : folder(std::move(folder)) {}

  std::optional<std::vector<char>> load(llvm::StringRef key) const;
  void store(llvm::StringRef key, const std::vector<char> &object) const;

  /// $XDG_CACHE_HOME/shiftadd/kernels, or the same below ~/.cache; empty when
  /// there is no home.
  static std::string getDefaultFolder();

private:
  std::string getPath(llvm::StringRef key) const;
  std::string folder;
};

} // namespace shiftadd

#endif // SHIFTADD_CODEGEN_EMIT_KERNELCACHE_H
