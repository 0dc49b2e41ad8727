//===- Finish.h - Last changes to a lowered kernel --------------*- C++ -*-===//
//
// Part of the shiftadd project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Two things that Halide's front end has no words for: an output that starts
// behind its buffer's address, and names that do not depend on what the process
// compiled before.
//
//===----------------------------------------------------------------------===//
#ifndef SHIFTADD_CODEGEN_HALIDE_FINISH_H
#define SHIFTADD_CODEGEN_HALIDE_FINISH_H

#include "codegen/Halide/Emitter.h"

#include <Halide.h>

#include <map>
#include <string>
#include <vector>

namespace shiftadd::halide_gen {

/// A custom lowering pass. Halide lays an output out from its address on; a
/// halo in front of it is added to every index here. Loops and lets get
/// numbered names: Halide's own carry process-wide counters, which reach the
/// object through the names of parallel loop bodies and the order of their
/// captures.
class Finish : public Halide::Internal::IRMutator {
public:
  explicit Finish(const std::vector<OutputPlace> &places);

protected:
  using Halide::Internal::IRMutator::visit;
  Halide::Internal::Stmt visit(const Halide::Internal::Store *op) override;
  Halide::Expr visit(const Halide::Internal::Load *op) override;
  Halide::Internal::Stmt visit(const Halide::Internal::For *op) override;
  Halide::Internal::Stmt visit(const Halide::Internal::LetStmt *op) override;
  Halide::Expr visit(const Halide::Internal::Let *op) override;
  Halide::Expr visit(const Halide::Internal::Variable *op) override;

private:
  Halide::Expr moved(const std::string &buffer,
                     const Halide::Expr &index) const;
  std::string fresh(const char *prefix);

  std::map<std::string, int64_t> offsets;
  Halide::Internal::Scope<std::string> names;
  unsigned counter = 0;
};

/// The module with the functions of its parallel loops named by their place.
Halide::Module withStableNames(const Halide::Module &module);

} // namespace shiftadd::halide_gen

#endif // SHIFTADD_CODEGEN_HALIDE_FINISH_H
