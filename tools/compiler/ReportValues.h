//===- ReportValues.h - What the forms of the report read from it -*- C++
//-*-===//
//
// Part of the shiftadd project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Reading of the report's JSON that the text table and the page share. Members
// that are missing read as zeros and empty texts.
//
//===----------------------------------------------------------------------===//
#ifndef SHIFTADD_TOOLS_COMPILER_REPORTVALUES_H
#define SHIFTADD_TOOLS_COMPILER_REPORTVALUES_H

#include "llvm/ADT/StringRef.h"
#include "llvm/Support/JSON.h"

#include <string>
#include <vector>

namespace shiftadd::tools {

/// A network that a report compares: its key in the JSON and its heading.
struct ComparedNetwork {
  llvm::StringRef key, heading;
};

class ReportValues {
public:
  explicit ReportValues(const llvm::json::Object &object) : object(object) {}

  std::string text(llvm::StringRef key) const;
  int64_t count(llvm::StringRef key) const;
  /// The member of a nested object.
  int64_t count(llvm::StringRef outer, llvm::StringRef key) const;
  double number(llvm::StringRef key) const;
  bool has(llvm::StringRef key) const { return object.get(key); }
  /// Strings of an array.
  std::vector<std::string> texts(llvm::StringRef key) const;
  std::vector<ReportValues> objects(llvm::StringRef key) const;
  ReportValues nested(llvm::StringRef key) const;

  /// "1x32x32x16 int8"; a free batch is "?".
  std::string output() const;
  /// "int8 x int5", or nothing.
  std::string formats() const;
  /// Operations of one kind in one form of a layer.
  int64_t operations(llvm::StringRef form, llvm::StringRef operation) const;
  /// Microjoules of one part in one form of a layer.
  double energy(llvm::StringRef form, llvm::StringRef part) const;

  /// What the intervals of the integer sums prove.
  std::string sumsNote() const;
  /// The networks that a report has, in the order in which they are shown.
  std::vector<ComparedNetwork> networks() const;

private:
  const llvm::json::Object &object;
};

} // namespace shiftadd::tools

#endif // SHIFTADD_TOOLS_COMPILER_REPORTVALUES_H
