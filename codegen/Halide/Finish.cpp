//===- Finish.cpp - Last changes to a lowered kernel ------------*- C++ -*-===//
//
// Part of the shiftadd project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Runs behind all of Halide's own passes but before parallel loops become
// functions.
//
//===----------------------------------------------------------------------===//
#include "codegen/Halide/Finish.h"

#include <cstdio>

using namespace Halide;
using namespace Halide::Internal;

namespace shiftadd::halide_gen {

Finish::Finish(const std::vector<OutputPlace> &places) {
  for (const OutputPlace &place : places)
    if (place.offset != 0)
      offsets[place.func] = place.offset;
}

std::string Finish::fresh(const char *prefix) {
  // Fixed width: the order by name is the order of numbers.
  char text[32];
  std::snprintf(text, sizeof text, "%s%06u", prefix, counter++);
  return text;
}

Expr Finish::moved(const std::string &buffer, const Expr &index) const {
  auto found = offsets.find(buffer);
  if (found == offsets.end())
    return index;
  Expr offset = make_const(index.type().element_of(), found->second);
  if (const Ramp *ramp = index.as<Ramp>())
    return Ramp::make(moved(buffer, ramp->base), ramp->stride, ramp->lanes);
  if (index.type().is_vector())
    offset = Broadcast::make(offset, index.type().lanes());
  return simplify(index + offset);
}

Stmt Finish::visit(const Store *op) {
  Expr predicate = mutate(op->predicate), value = mutate(op->value);
  Expr index = mutate(op->index);
  bool moves = offsets.count(op->name) != 0;
  return Store::make(op->name, value, moved(op->name, index), op->param,
                     predicate, moves ? ModulusRemainder() : op->alignment);
}

Expr Finish::visit(const Load *op) {
  Expr predicate = mutate(op->predicate), index = mutate(op->index);
  bool moves = offsets.count(op->name) != 0;
  return Load::make(op->type, op->name, moved(op->name, index), op->image,
                    op->param, predicate,
                    moves ? ModulusRemainder() : op->alignment);
}

Stmt Finish::visit(const For *op) {
  Expr min = mutate(op->min), extent = mutate(op->extent);
  std::string name = fresh("loop");
  ScopedBinding<std::string> bind(names, op->name, name);
  return For::make(name, min, extent, op->for_type, op->partition_policy,
                   op->device_api, mutate(op->body));
}

Stmt Finish::visit(const LetStmt *op) {
  Expr value = mutate(op->value);
  // Names with a dot may stand for parts of buffers that code generation looks
  // up by name.
  if (op->value.type().is_handle()) {
    return LetStmt::make(op->name, value, mutate(op->body));
  }
  std::string name = fresh("let");
  ScopedBinding<std::string> bind(names, op->name, name);
  return LetStmt::make(name, value, mutate(op->body));
}

Expr Finish::visit(const Let *op) {
  Expr value = mutate(op->value);
  if (op->value.type().is_handle())
    return Let::make(op->name, value, mutate(op->body));
  std::string name = fresh("let");
  ScopedBinding<std::string> bind(names, op->name, name);
  return Let::make(name, value, mutate(op->body));
}

Expr Finish::visit(const Variable *op) {
  if (const std::string *name = names.find(op->name))
    return Variable::make(op->type, *name, op->image, op->param,
                          op->reduction_domain);
  return op;
}

namespace {

/// Code refers to a function by a variable named "::" and its name.
class RenameFunctions : public IRMutator {
public:
  explicit RenameFunctions(std::map<std::string, std::string> names)
      : names(std::move(names)) {}

protected:
  using IRMutator::visit;
  Expr visit(const Variable *op) override {
    if (op->name.rfind("::", 0) == 0)
      if (auto found = names.find(op->name.substr(2)); found != names.end())
        return Variable::make(op->type, "::" + found->second, op->image,
                              op->param, op->reduction_domain);
    return op;
  }

private:
  std::map<std::string, std::string> names;
};

} // namespace

Module withStableNames(const Module &module) {
  std::map<std::string, std::string> names;
  for (const LoweredFunc &function : module.functions())
    if (function.linkage == LinkageType::Internal)
      names[function.name] =
          module.name() + "_task" + std::to_string(names.size());
  RenameFunctions rename(names);
  Module result(module.name(), module.target());
  result.set_any_strict_float(module.any_strict_float());
  for (const Buffer<> &buffer : module.buffers())
    result.append(buffer);
  for (LoweredFunc function : module.functions()) {
    if (auto found = names.find(function.name); found != names.end())
      function.name = found->second;
    function.body = rename.mutate(function.body);
    result.append(function);
  }
  return result;
}

} // namespace shiftadd::halide_gen
