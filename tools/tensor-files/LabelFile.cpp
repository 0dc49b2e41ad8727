//===- LabelFile.cpp - Class names, one a line ----------------------------===//
//
// Part of the shiftadd project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Accepts the line ends of every system.
//
//===----------------------------------------------------------------------===//

#include "tools/tensor-files/LabelFile.h"
#include "tools/tensor-files/FileBytes.h"

#include <algorithm>

namespace shiftadd::tools {

bool readLabels(const std::string &path, std::vector<std::string> &labels,
                std::string &error) {
  std::vector<uint8_t> file;
  if (!readFile(path, file, error))
    return false;
  if (std::find(file.begin(), file.end(), 0) != file.end()) {
    error = path + ": is not a text file";
    return false;
  }
  labels.assign(1, "");
  for (uint8_t c : file) {
    if (c == '\n')
      labels.emplace_back();
    else if (c != '\r')
      labels.back() += char(c);
  }
  while (!labels.empty() && labels.back().empty())
    labels.pop_back();
  if (labels.empty()) {
    error = path + ": holds no labels";
    return false;
  }
  return true;
}

} // namespace shiftadd::tools
