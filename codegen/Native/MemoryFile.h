//===- MemoryFile.h - A file that exists in memory only ---------*- C++ -*-===//
//
// Part of the shiftadd project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// The linker reads its inputs by path. Anonymous files give it paths without
// touching a disk, and vanish when the process ends, however it ends.
//
//===----------------------------------------------------------------------===//
#ifndef SHIFTADD_CODEGEN_NATIVE_MEMORYFILE_H
#define SHIFTADD_CODEGEN_NATIVE_MEMORYFILE_H

#include "llvm/ADT/ArrayRef.h"
#include "llvm/ADT/StringRef.h"
#include "llvm/Support/Error.h"

#include <cstdint>
#include <string>
#include <utility>

namespace shiftadd::native {

class MemoryFile {
public:
  /// `name` appears in error messages.
  static llvm::Expected<MemoryFile> create(llvm::StringRef name);
  static llvm::Expected<MemoryFile> create(llvm::StringRef name,
                                           llvm::ArrayRef<uint8_t> bytes);

  MemoryFile(MemoryFile &&other)
      : descriptor(std::exchange(other.descriptor, -1)),
        name(std::move(other.name)) {}
  MemoryFile &operator=(MemoryFile &&other) {
    std::swap(descriptor, other.descriptor);
    std::swap(name, other.name);
    return *this;
  }
  ~MemoryFile();

  /// Appends bytes, with a short count of memory as an error.
  llvm::Error append(llvm::ArrayRef<uint8_t> bytes);

  /// A path under which this process can open the file.
  std::string path() const;
  llvm::StringRef getName() const { return name; }

private:
  MemoryFile(int descriptor, llvm::StringRef name)
      : descriptor(descriptor), name(name) {}

  int descriptor;
  std::string name;
};

} // namespace shiftadd::native

#endif // SHIFTADD_CODEGEN_NATIVE_MEMORYFILE_H
