//===- UnsupportedList.h - What of a model is out of scope ------*- C++ -*-===//
//
// Part of the shiftadd project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// A user wants to know at once all that stands between a model and its library,
// not one operator per attempt.
//
//===----------------------------------------------------------------------===//
#ifndef SHIFTADD_FRONTEND_ONNX_UNSUPPORTEDLIST_H
#define SHIFTADD_FRONTEND_ONNX_UNSUPPORTEDLIST_H

#include "frontend/Onnx/Model.h"

#include <string>
#include <vector>

namespace shiftadd::onnx_import {

class UnsupportedList {
public:
  /// A node whose operator is unknown (no reason) or is used in a way that is
  /// out of scope.
  void add(const Node &node, const std::string &reason = "");
  /// Anything that is not a node.
  void add(const std::string &text);

  bool empty() const { return entries.empty(); }
  /// A headline and one line per kind of problem.
  std::vector<std::string> lines(const std::string &path) const;

private:
  struct Entry {
    std::string text, reason, firstNode;
    int64_t count = 0;
  };
  std::vector<Entry> entries;
};

/// Looks through the whole model, without building anything.
void scanModel(const Model &model, UnsupportedList &list);

} // namespace shiftadd::onnx_import

#endif // SHIFTADD_FRONTEND_ONNX_UNSUPPORTEDLIST_H
