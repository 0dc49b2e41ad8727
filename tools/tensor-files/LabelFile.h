//===- LabelFile.h - Class names, one a line --------------------*- C++ -*-===//
//
// Part of the shiftadd project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// A label file says what the classes of a network are called.
//
//===----------------------------------------------------------------------===//
#ifndef SHIFTADD_TOOLS_TENSORFILES_LABELFILE_H
#define SHIFTADD_TOOLS_TENSORFILES_LABELFILE_H

#include <string>
#include <vector>

namespace shiftadd::tools {

/// Reads one name per line; line 0 is class 0. Empty lines at the end are
/// ignored, those in between are classes without a name. The error names the
/// file.
bool readLabels(const std::string &path, std::vector<std::string> &labels,
                std::string &error);

} // namespace shiftadd::tools

#endif // SHIFTADD_TOOLS_TENSORFILES_LABELFILE_H
