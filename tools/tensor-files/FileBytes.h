//===- FileBytes.h - Whole files in and out ---------------------*- C++ -*-===//
//
// Part of the shiftadd project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Reading files into memory and replacing files as a whole: a reader of an
// output never sees half of it, and a failed write leaves what was there.
//
//===----------------------------------------------------------------------===//
#ifndef SHIFTADD_TOOLS_TENSORFILES_FILEBYTES_H
#define SHIFTADD_TOOLS_TENSORFILES_FILEBYTES_H

#include <cstdint>
#include <string>
#include <utility>
#include <vector>

namespace shiftadd::tools {

/// Reads a regular file or a pipe. The error names the file.
bool readFile(const std::string &path, std::vector<uint8_t> &bytes,
              std::string &error);

struct OutputFile {
  std::string path;
  std::vector<uint8_t> bytes;
};

/// Writes every file beside its destination and renames all of them only when
/// the last one is complete. Destinations that are no regular files (a pipe,
/// /dev/stdout) are written directly; symbolic links are followed.
bool writeFiles(const std::vector<OutputFile> &files, std::string &error);

} // namespace shiftadd::tools

#endif // SHIFTADD_TOOLS_TENSORFILES_FILEBYTES_H
