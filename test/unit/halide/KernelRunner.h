//===- KernelRunner.h - Compiles, links and calls one kernel ----*- C++ -*-===//
//
// Part of the shiftadd project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// The tests run kernels as the compiled model does: object code from the facade
// of codegen/Halide, linked to a shared object, called with buffers of which
// only the address is set. Every buffer ends at an unmapped page, so reading
// behind it is a crash, and an output's halo is checked to stay untouched.
//
//===----------------------------------------------------------------------===//
#ifndef SHIFTADD_TEST_UNIT_HALIDE_KERNELRUNNER_H
#define SHIFTADD_TEST_UNIT_HALIDE_KERNELRUNNER_H

#include "codegen/Halide/Compile.h"

#include <cstdint>
#include <functional>
#include <random>
#include <string>
#include <vector>

namespace shiftadd::halide_gen::test {

using Shape = std::vector<int64_t>;

/// A dense row-major tensor of numbers; int64 values up to 2^53 fit.
struct Tensor {
  Shape shape;
  std::vector<double> data;

  double &at(const Shape &index) { return data[offset(index)]; }
  double at(const Shape &index) const { return data[offset(index)]; }
  size_t offset(const Shape &index) const;
};

int64_t count(const Shape &shape);
/// Calls `body` with every index of a shape.
void forEach(const Shape &shape,
             const std::function<void(const Shape &)> &body);
/// Index of an operand that broadcasts to a result.
Shape broadcastIndex(const Shape &index, const Shape &operand);

ValueType type(ScalarType scalar, Shape shape);
ValueType quantized(ScalarType scalar, Shape shape, double scale,
                    int64_t zeroPoint, int64_t minimum, int64_t maximum);
Layout dense(const Shape &shape);
/// A box with a halo around the tensor.
Layout withHalo(const Shape &shape, const Shape &low, const Shape &high);

/// Rounds a number to what the element type holds (integers are unchanged).
double rounded(ScalarType scalar, double value);

/// Builds a spec and runs it.
class Kernel {
public:
  /// Arguments come first; each returns its value number.
  int input(const ValueType &type, const Tensor &data);
  int input(const ValueType &type, const Tensor &data, const Layout &layout,
            double haloValue);
  int constant(const ValueType &type, const Tensor &data);
  /// Returns the number of the first result.
  int op(const std::string &name, std::vector<int> operands,
         std::vector<ValueType> results,
         std::map<std::string, Attribute> attributes = {});
  void output(int value);
  void output(int value, const Layout &layout);

  /// Runs on one CPU level; reports failures through gtest.
  std::vector<Tensor> run(CpuLevel level);
  /// Runs on every level that this machine has and calls `check` each time.
  void check(const std::function<void(const std::vector<Tensor> &)> &check);

  KernelSpec spec;

private:
  std::vector<Tensor> arguments;
  std::vector<double> haloValues;
};

std::vector<CpuLevel> levels();

/// Reproducible numbers in [low, high]; whole ones on request.
Tensor random(const Shape &shape, double low, double high, bool whole = false,
              uint32_t seed = 1);

/// |a - b| <= relative * |b| + absolute, element by element.
void expectNear(const Tensor &actual, const Tensor &expected, double relative,
                double absolute = 0);
void expectEqual(const Tensor &actual, const Tensor &expected);

} // namespace shiftadd::halide_gen::test

#endif // SHIFTADD_TEST_UNIT_HALIDE_KERNELRUNNER_H
