//===- KernelSpec.h - One kernel, described without MLIR --------*- C++ -*-===//
//
// Part of the shiftadd project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// The wall between MLIR (no exceptions, no RTTI) and Halide (both): a kernel as
// plain data. A KernelSpec is a small single-assignment graph of the dialect's
// ops: `op` is the mnemonic of the `shiftadd` op without its prefix and the
// attributes carry the names and the meaning that dialects/ShiftAdd/IR gives
// them, so this file adds no second vocabulary.
//
// print() gives the text that identifies a kernel: equal text, equal code. It
// is the key of the kernel cache.
//
//===----------------------------------------------------------------------===//
#ifndef SHIFTADD_CODEGEN_HALIDE_KERNELSPEC_H
#define SHIFTADD_CODEGEN_HALIDE_KERNELSPEC_H

#include <cstdint>
#include <map>
#include <string>
#include <variant>
#include <vector>

namespace shiftadd::halide_gen {

/// Element types as stored; the numbers are those of enum shiftadd_type.
enum class ScalarType : uint8_t {
  Bool = 0,
  Int8 = 1,
  Int16 = 2,
  Int32 = 3,
  Int64 = 4,
  UInt8 = 5,
  UInt16 = 6,
  UInt32 = 7,
  UInt64 = 8,
  Float16 = 9,
  BFloat16 = 10,
  Float32 = 11,
  Float64 = 12
};

/// What the integers of a quantised value mean: real = (q - zeroPoint) * scale,
/// q saturates to [minimum, maximum]. One scale, or one per index of `axis`.
struct Quantization {
  std::vector<double> scales; ///< each exactly a float32
  std::vector<int64_t> zeroPoints;
  int64_t axis = -1; ///< -1: per tensor
  int64_t minimum = 0;
  int64_t maximum = 0;
};

/// The type of one value of the graph. All dimensions are static (a free batch
/// is 1 here: the executor loops over samples).
struct ValueType {
  ScalarType scalar = ScalarType::Float32;
  std::vector<int64_t> shape; ///< row-major, spatial values channels-last
  bool quantized = false;
  Quantization quantization; ///< meaningful when `quantized`
};

using Attribute = std::variant<int64_t, double, std::string,
                               std::vector<int64_t>, std::vector<double>>;

/// One op. Values are numbered: first the arguments, then each op's results in
/// order. Booleans are int64_t 0 or 1; enums are their spelling; nested arrays
/// (padding = [[l, h], ...]) are flattened to l, h, l, h...
struct Op {
  std::string op;
  std::vector<int> operands; ///< value numbers; absent optionals are -1
  std::map<std::string, Attribute> attributes;
  std::vector<ValueType> results;
};

/// How a value lies in memory. Strides are in elements, one per dimension.
/// The stored box of dimension d is [-low[d], shape[d] + high[d]); the buffer's
/// address is that of the box's first element. Reading the halo of an input is
/// allowed and finds the padding value there; an output's halo is not written.
struct Layout {
  std::vector<int64_t> strides;
  std::vector<int64_t> low;
  std::vector<int64_t> high;
};

struct Argument {
  ValueType type;
  /// Constants are given to packConstants() at compile time as dense row-major
  /// bytes and reach the kernel packed; the others are run-time buffers.
  bool constant = false;
  /// Of a constant of a kernel with `shiftAdd`: every element is a sum of at
  /// most this many signed powers of two. 0: nothing is known.
  int64_t terms = 0;
  Layout layout; ///< of run-time buffers
};

struct Output {
  int value = 0; ///< value number
  Layout layout;
};

struct KernelSpec {
  /// Multiplications by constants are made of shifts and additions: the kernel
  /// of a shift op and all scaling of integers has no multiply instruction.
  bool shiftAdd = false;
  std::vector<Argument> arguments;
  std::vector<Op> ops;
  std::vector<Output> outputs;

  const ValueType &typeOf(int value) const;
  /// Stable text of the whole spec; the identity of the kernel.
  std::string print() const;
};

} // namespace shiftadd::halide_gen

#endif // SHIFTADD_CODEGEN_HALIDE_KERNELSPEC_H
