//===- Multiplications.h - The multiplications of a function -*- C++ -*-===//
//
// Part of the shiftadd project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Multiplier-free is a property of the IR: what still multiplies, and why.
//
//===----------------------------------------------------------------------===//
#ifndef SHIFTADD_PASSES_REWRITE_MULTIPLICATIONS_H
#define SHIFTADD_PASSES_REWRITE_MULTIPLICATIONS_H

#include "dialects/ShiftAdd/IR/ShiftAdd.h"

#include <string>
#include <vector>

namespace shiftadd {

enum class MultiplicationReason {
  Variables,    ///< both factors are known only at run time
  Constant,     ///< a constant factor that is no sum of powers of two here
  Division,     ///< divides by what is known only at run time
  Float,        ///< arithmetic or a function on floats
  BorderFormat, ///< converts the network's inputs or outputs
};

/// A word for reports, such as "float".
llvm::StringRef getName(MultiplicationReason reason);

struct Multiplication {
  mlir::Operation *op = nullptr;
  std::string layer; ///< the node's name, or the place in a file
  MultiplicationReason reason = MultiplicationReason::Constant;
  std::string explanation; ///< a phrase

  /// The caller's format, not the network's arithmetic.
  bool isExempt() const { return reason == MultiplicationReason::BorderFormat; }
};

/// Every op of the function that multiplies or divides, in order (N108).
std::vector<Multiplication> listMultiplications(mlir::func::FuncOp function);

} // namespace shiftadd

#endif // SHIFTADD_PASSES_REWRITE_MULTIPLICATIONS_H
