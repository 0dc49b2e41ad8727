//===- FunctionInlining.cpp - Replaces calls by function bodies -----------===//
//
// Part of the shiftadd project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Model-local functions are a form of the file, not of the network: after this
// the graph holds operators only. A function brings its own operator sets, so
// every node carries the version that it was written for.
//
//===----------------------------------------------------------------------===//

#include "frontend/Onnx/ModelReader.h"

#include <tuple>

namespace shiftadd::onnx_import {
namespace {

using Names = std::map<std::string, std::string>;
using Attributes = std::map<std::string, Attribute>;

/// Nested calls may multiply a small file into an endless graph.
constexpr int kMaxDepth = 64;
constexpr size_t kMaxNodes = 1000000;

class Inliner {
public:
  Inliner(Model &model, std::string &error) : model(model), error(error) {
    for (const Function &function : model.functions)
      functions[{function.domain, function.name, function.overload}] =
          &function;
  }

  bool expand(std::vector<Node> &nodes,
              const std::map<std::string, int64_t> &operatorSets, int depth);

private:
  bool expandCall(const Node &call, const Function &function, int depth,
                  std::vector<Node> &result);
  void substitute(Node &node, Names &names, const std::string &prefix,
                  const Attributes &attributes);
  const Function *find(const Node &node) const {
    auto found = functions.find({node.domain, node.type, node.overload});
    return found == functions.end() ? nullptr : found->second;
  }

  Model &model;
  std::string &error;
  std::map<std::tuple<std::string, std::string, std::string>, const Function *>
      functions;
  size_t nodeCount = 0;
  int64_t callCount = 0;
};

/// Renames what the node reads and defines and resolves the references to the
/// caller's attributes. Names that stem from outside the function keep their
/// entry in `names`; a nested graph sees a copy of them.
void Inliner::substitute(Node &node, Names &names, const std::string &prefix,
                         const Attributes &attributes) {
  auto rename = [&](std::string &name) {
    if (name.empty())
      return;
    auto [entry, isNew] = names.try_emplace(name, prefix + name);
    name = entry->second;
  };
  for (std::string &input : node.inputs)
    rename(input);
  for (auto it = node.attributes.begin(); it != node.attributes.end();) {
    Attribute &attribute = it->second;
    if (!attribute.reference.empty()) {
      auto given = attributes.find(attribute.reference);
      if (given == attributes.end()) {
        it = node.attributes.erase(it);
        continue;
      }
      attribute = given->second;
    } else if (auto *graph =
                   std::get_if<std::shared_ptr<Graph>>(&attribute.value)) {
      // The body may be inlined many times: each call has its own copy.
      auto copy = std::make_shared<Graph>(**graph);
      Names inner = names;
      for (TensorData &tensor : copy->initializers) {
        inner[tensor.name] = prefix + tensor.name;
        tensor.name = prefix + tensor.name;
      }
      for (ValueInfo &value : copy->inputs) {
        inner[value.name] = prefix + value.name;
        value.name = prefix + value.name;
      }
      for (Node &child : copy->nodes)
        substitute(child, inner, prefix, attributes);
      for (ValueInfo &value : copy->outputs)
        value.name =
            inner.try_emplace(value.name, prefix + value.name).first->second;
      *graph = std::move(copy);
    }
    ++it;
  }
  for (std::string &output : node.outputs)
    rename(output);
}

bool Inliner::expandCall(const Node &call, const Function &function, int depth,
                         std::vector<Node> &result) {
  if (depth > kMaxDepth) {
    error = "function '" + function.name + "' is recursive";
    return false;
  }
  if (call.inputs.size() > function.inputs.size() ||
      call.outputs.size() > function.outputs.size()) {
    error = "node '" + call.label() + "' does not fit the function '" +
            function.name + "' that it calls";
    return false;
  }
  Names names;
  for (size_t i = 0; i < function.inputs.size(); ++i)
    names[function.inputs[i]] = i < call.inputs.size() ? call.inputs[i] : "";
  std::vector<std::pair<std::string, std::string>> forwarded;
  for (size_t i = 0; i < call.outputs.size(); ++i) {
    if (call.outputs[i].empty())
      continue;
    auto [entry, isNew] =
        names.try_emplace(function.outputs[i], call.outputs[i]);
    // An output that is an input, or is named twice, needs a node of its own.
    if (!isNew)
      forwarded.emplace_back(entry->second, call.outputs[i]);
  }
  Attributes attributes = function.defaults;
  for (const auto &[name, attribute] : call.attributes)
    attributes[name] = attribute;

  std::string prefix = call.label() + "/" + std::to_string(callCount++) + "/";
  std::vector<Node> body = function.nodes;
  for (Node &node : body) {
    substitute(node, names, prefix, attributes);
    node.name = node.name.empty() ? "" : call.label() + "/" + node.name;
    node.index = call.index;
  }
  for (auto &[from, to] : forwarded) {
    Node node;
    node.type = "Identity";
    node.inputs = {from};
    node.outputs = {to};
    node.index = call.index;
    body.push_back(std::move(node));
  }
  std::map<std::string, int64_t> sets = function.operatorSets;
  sets.insert(model.operatorSets.begin(), model.operatorSets.end());
  if (!expand(body, sets, depth + 1))
    return false;
  for (Node &node : body)
    result.push_back(std::move(node));
  return true;
}

bool Inliner::expand(std::vector<Node> &nodes,
                     const std::map<std::string, int64_t> &operatorSets,
                     int depth) {
  std::vector<Node> result;
  for (Node &node : nodes) {
    if (++nodeCount > kMaxNodes) {
      error = "has more than " + std::to_string(kMaxNodes) +
              " nodes once its functions are expanded";
      return false;
    }
    for (auto &[name, attribute] : node.attributes)
      if (auto *graph = std::get_if<std::shared_ptr<Graph>>(&attribute.value))
        if (!expand((*graph)->nodes, operatorSets, depth))
          return false;
    if (const Function *function = find(node)) {
      if (!expandCall(node, *function, depth, result))
        return false;
      continue;
    }
    auto set = operatorSets.find(node.domain);
    node.version = set == operatorSets.end() ? 0 : set->second;
    result.push_back(std::move(node));
  }
  nodes = std::move(result);
  return true;
}

} // namespace

bool inlineFunctions(Model &model, std::string &error) {
  return Inliner(model, error).expand(model.graph.nodes, model.operatorSets, 0);
}

} // namespace shiftadd::onnx_import
