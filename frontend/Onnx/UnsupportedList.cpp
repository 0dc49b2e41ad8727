//===- UnsupportedList.cpp - Everything of a model that is out of scope ---===//
//
// Part of the shiftadd project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Equal problems are counted, not repeated; the first node stands for all.
//
//===----------------------------------------------------------------------===//

#include "frontend/Onnx/UnsupportedList.h"

#include "frontend/Onnx/OperatorTable.h"

#include <set>

namespace shiftadd::onnx_import {

void UnsupportedList::add(const Node &node, const std::string &reason) {
  std::string text =
      node.type + " (domain " + (node.domain.empty() ? "ai.onnx" : node.domain);
  if (node.version)
    text += ", operator set " + std::to_string(node.version);
  text += ")";
  for (Entry &entry : entries)
    if (entry.text == text && entry.reason == reason) {
      ++entry.count;
      return;
    }
  entries.push_back({text, reason, node.label(), 1});
}

void UnsupportedList::add(const std::string &text) {
  entries.push_back({text, "", "", 0});
}

std::vector<std::string> UnsupportedList::lines(const std::string &path) const {
  std::vector<std::string> result;
  result.push_back(path + ": error: " +
                   (entries.size() == 1 ? "one thing is not supported:"
                                        : std::to_string(entries.size()) +
                                              " things are not supported:"));
  for (const Entry &entry : entries) {
    std::string line = "  " + entry.text;
    if (entry.count == 1)
      line += ": node '" + entry.firstNode + "'";
    else if (entry.count > 1)
      line += ": " + std::to_string(entry.count) + " nodes, first '" +
              entry.firstNode + "'";
    if (!entry.reason.empty())
      line += ": " + entry.reason;
    result.push_back(std::move(line));
  }
  return result;
}

static void scanNode(const Node &node, UnsupportedList &list) {
  if (node.type == "If" && node.domain.empty())
    return; // decided when its condition is known
  const Operator *entry = findOperator(node.domain, node.type, node.version);
  if (!entry)
    return list.add(node);
  if (entry->check) {
    std::string reason = entry->check(node);
    if (!reason.empty())
      list.add(node, reason);
  }
}

void scanModel(const Model &model, UnsupportedList &list) {
  auto set = model.operatorSets.find("");
  if (set != model.operatorSets.end() &&
      (set->second < kMinOperatorSet || set->second > kMaxOperatorSet))
    // What its nodes mean is not known.
    return list.add("operator set " + std::to_string(set->second) + " (" +
                    std::to_string(kMinOperatorSet) + " to " +
                    std::to_string(kMaxOperatorSet) + " are)");
  const Graph &graph = model.graph;
  std::set<std::string> constants;
  for (const TensorData &tensor : graph.initializers) {
    constants.insert(tensor.name);
    if (!dataTypeBytes(tensor.type))
      list.add("tensor '" + tensor.name + "' of type " +
               dataTypeName(tensor.type));
  }
  for (const std::string &name : graph.sparseInitializers)
    list.add("sparse tensor '" + name + "'");
  for (const ValueInfo &input : graph.inputs) {
    if (constants.count(input.name))
      continue;
    if (input.kind != ValueInfo::Tensor)
      list.add("input '" + input.name + "': a " + input.otherKind);
    else if (!dataTypeBytes(input.type))
      list.add("input '" + input.name + "' of type " +
               dataTypeName(input.type));
  }
  for (const ValueInfo &output : graph.outputs)
    if (output.kind == ValueInfo::Other &&
        output.otherKind != "value without a type")
      list.add("output '" + output.name + "': a " + output.otherKind);
  for (const Node &node : graph.nodes)
    scanNode(node, list);
}

} // namespace shiftadd::onnx_import
