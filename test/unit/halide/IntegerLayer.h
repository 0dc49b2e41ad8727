//===- IntegerLayer.h - Random layers of codes for tests --------*- C++ -*-===//
//
// Part of the shiftadd project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// A convolution or dense op of codes by plain loops, and the same as a kernel:
// what the tests of the templates for special weights have in common.
//
//===----------------------------------------------------------------------===//
#ifndef SHIFTADD_TEST_UNIT_HALIDE_INTEGERLAYER_H
#define SHIFTADD_TEST_UNIT_HALIDE_INTEGERLAYER_H

#include "test/unit/halide/KernelRunner.h"

namespace shiftadd::halide_gen::test {

struct IntegerLayer {
  Shape input;  ///< [1, H, W, C], or [N, K] of a dense op
  Shape filter; ///< [O, h, w, C / groups], or [O, K]
  int64_t stride = 1;
  int64_t dilation = 1;
  int64_t padding = 0; ///< on every side
  int64_t groups = 1;
  ScalarType inputScalar = ScalarType::UInt8;
  ScalarType filterScalar = ScalarType::Int8;
  ScalarType sumScalar = ScalarType::Int32;
  int64_t zeroPoint = 3;
  bool distances = false; ///< sums of -|x - w|, not of products

  bool dense() const { return input.size() == 2; }
  ValueType inputType() const;
  /// Codes over the whole range of the input's type.
  Tensor randomInput(uint32_t seed = 1) const;
  /// Exact sums.
  Tensor sums(const Tensor &x, const Tensor &w) const;
  /// Adds input, filter and op to a kernel; the number of the sums' value. The
  /// name of the op is `prefix` with conv or dense.
  int add(Kernel &kernel, const Tensor &x, const Tensor &w,
          const std::string &prefix = "",
          std::map<std::string, Attribute> attributes = {}) const;
};

/// Lines of an assembly text whose instruction matches a regular expression.
std::vector<std::string> instructions(const std::string &assembly,
                                      const std::string &pattern);

/// Lines that move a register to or from the stack in the innermost loops with
/// such an instruction; one line that says so when there is no such loop.
std::vector<std::string> spillsAround(const std::string &assembly,
                                      const std::string &pattern);

/// The assembly of a kernel for a level that this machine need not have.
std::string assemblyOf(const KernelSpec &spec, CpuLevel level);

} // namespace shiftadd::halide_gen::test

#endif // SHIFTADD_TEST_UNIT_HALIDE_INTEGERLAYER_H
