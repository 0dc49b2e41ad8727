//===- Unit.cpp - What a kernel's arithmetic runs on ------------*- C++ -*-===//
//
// Part of the shiftadd project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Names for reports. A template knows best; without one the kind of the op and
// its element types decide.
//
//===----------------------------------------------------------------------===//
#include "codegen/Halide/Pack.h"
#include "codegen/Halide/Types.h"

#include <Halide.h>

namespace shiftadd::halide_gen {

std::string AnchorTemplate::unit(const Anchor &anchor, CpuLevel level) const {
  bool adder = anchor.arithmetic == Anchor::Arithmetic::AbsoluteDifference;
  if (isFloat(anchor.resultType.scalar))
    return adder ? "abs-diff" : "fma";
  if (adder)
    return elementBytes(anchor.inputType.scalar) == 1 ? "sad" : "abs-diff";
  return level == CpuLevel::Zen4 ? "vnni" : "madd";
}

/// Of ops that the generic emitter compiles.
static std::string genericUnit(const KernelSpec &spec) {
  for (const Op &op : spec.ops) {
    bool adder = op.op == "adder_conv" || op.op == "adder_dense";
    if (adder)
      return "abs-diff";
    if (isFilterOp(op) || op.op == "matmul")
      return isFloat(op.results[0].scalar) ? "fma" : "multiply";
  }
  return "vector";
}

std::string arithmeticUnit(const KernelSpec &spec, CpuLevel level) {
  try {
    ConstantPlan plan = planConstants(spec);
    return plan.anchorTemplate ? plan.anchorTemplate->unit(*plan.anchor, level)
                               : genericUnit(spec);
  } catch (const Halide::Error &) {
    return "";
  } catch (const std::exception &) {
    return "";
  }
}

} // namespace shiftadd::halide_gen
