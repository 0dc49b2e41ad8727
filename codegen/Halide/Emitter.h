//===- Emitter.h - From a KernelSpec to a Halide pipeline -------*- C++ -*-===//
//
// Part of the shiftadd project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// The generic emitter: one Func per value. Element-by-element and movement ops
// are expressions that Halide inlines; ops that sum or compare have stages,
// Funcs with an update, which are computed either with a tile of the one Func
// that reads them or as a whole before it.
//
// Buffers are one-dimensional inside: an index is formed from the layout, so
// that only the address of a buffer is ever read at run time.
//
//===----------------------------------------------------------------------===//
#ifndef SHIFTADD_CODEGEN_HALIDE_EMITTER_H
#define SHIFTADD_CODEGEN_HALIDE_EMITTER_H

#include "codegen/Halide/Pack.h"
#include "codegen/Halide/Scaling.h"

#include <Halide.h>

#include <functional>
#include <map>
#include <string>
#include <vector>

namespace shiftadd::halide_gen {

using ExpressionAt = std::function<Halide::Expr(const Coordinates &)>;

/// A Func with an update definition; `shape` are its pure dimensions row-major.
struct Stage {
  Halide::Func func;
  std::vector<int64_t> shape;
  bool whole = false;   ///< computed entirely before its reader
  bool blocked = false; ///< worth a register tile over two dimensions
  double work = 0;      ///< scalar operations
};

/// What is known of one value of the spec.
struct ValueState {
  Halide::Func func; ///< undefined for arguments
  std::vector<Stage> stages;
  bool stored = false; ///< computed into a buffer of its own
  int op = -1;         ///< number of the op that defines it
};

/// The stored elements of an output lie `offset` elements behind the address.
struct OutputPlace {
  std::string func;
  int64_t offset = 0;
};

class Emitter {
public:
  Emitter(const KernelSpec &spec, const ConstantPlan &plan,
          const Halide::Target &target, CpuLevel level);

  /// Builds and schedules everything.
  Halide::Pipeline emit();

  /// Buffers in the order of the kernel's parameters (without outputs).
  std::vector<Halide::Argument> parameters() const;
  const std::vector<OutputPlace> &outputPlaces() const { return places; }

private:
  // Reading (Emitter.cpp).
  Halide::Expr read(int value, const Coordinates &at) const;
  Halide::Expr readBroadcast(int value, const Coordinates &at) const;
  Halide::Expr bufferIndex(int argument, const Coordinates &at) const;
  Halide::Expr readBlob(BlobKind kind, int source, int second,
                        const Halide::Expr &index) const;
  /// The element at coordinates of which all lie in [first, last] but maybe
  /// outside of the tensor, where it is `outside`. With `useHalo` a stored halo
  /// is known to hold just that.
  Halide::Expr readPadded(int value, const Coordinates &at,
                          const std::vector<int64_t> &first,
                          const std::vector<int64_t> &last,
                          const Halide::Expr &outside, bool useHalo) const;
  const ValueType &typeOf(int value) const { return spec.typeOf(value); }
  bool isArgument(int value) const {
    return value < static_cast<int>(spec.arguments.size());
  }

  // Defining (Emitter.cpp).
  void emitOp(int number);
  void define(int value, const ExpressionAt &at);
  static std::vector<Halide::Var> variables(size_t rank);
  std::string nameOf(int value, const std::string &suffix = "") const;
  void store(int value);
  void defineOutput(size_t number);
  void bind(Halide::Func func, int tupleElement,
            const std::vector<int64_t> &shape, const Layout &layout);

  // Element by element (Elementwise.cpp, Quantized.cpp, Requantize.cpp).
  using OperandAt = std::function<Halide::Expr(int operand)>;
  Halide::Expr element(int number, const OperandAt &operand,
                       const Coordinates &at) const;
  Halide::Expr quantizedElement(int number, const OperandAt &operand,
                                const Coordinates &at) const;
  Halide::Expr requantize(int number, const OperandAt &operand,
                          const Coordinates &at) const;
  Halide::Expr requantizeFolded(int number, const FoldedScaling &folded,
                                const OperandAt &operand,
                                const Coordinates &at) const;
  Halide::Expr requantizePair(int number, const OperandAt &operand) const;
  /// Undefined for other ops.
  Halide::Expr requantizedElement(int number, const OperandAt &operand,
                                  const Coordinates &at) const;
  /// `value` times a constant, modulo 2^width, by shifts and additions.
  Halide::Expr termProduct(const Halide::Expr &value, int constant,
                           const Coordinates &at) const;
  /// A blob with one element, or one per index of the last dimension.
  Halide::Expr readChannel(int blob, const Coordinates &at) const;

  // Tables (Lookup.cpp).
  Halide::Expr tableElement(int table, const Halide::Expr &index) const;
  Halide::Expr lookup(int number, const OperandAt &operand) const;
  void emitQuantizedSoftmax(int number, int result);

  // Movement (Movement.cpp).
  bool emitMovement(int number, int result);
  void emitPad(const Op &op, int result);
  void emitConcat(const Op &op, int result);
  void emitReshape(const Op &op, int result);
  void emitGather(const Op &op, int result);

  // Reductions (Reduce.cpp).
  bool emitReduction(int number, int result);
  using Combine =
      std::function<Halide::Expr(const Halide::Expr &, const Halide::Expr &)>;
  /// Folds `element` over the axes; the result's coordinates are those of the
  /// input with the reduced ones left out.
  Halide::Func fold(int result, const std::string &suffix,
                    const std::vector<int64_t> &shape,
                    const std::vector<int64_t> &axes,
                    const Halide::Expr &identity, const Combine &combine,
                    const ExpressionAt &element);
  void emitReduce(const Op &op, int result);
  void emitArgument(const Op &op, int result);
  void emitTopK(const Op &op, int result);
  void emitSoftmax(const Op &op, int result);
  void emitLrn(const Op &op, int result);
  void emitBatchNorm(const Op &op, int result);

  // Windows and products (Spatial.cpp, Pool.cpp).
  bool emitSpatial(int number, int result);
  void emitFilter(const Op &op, int result);
  void emitConvTranspose(const Op &op, int result);
  void emitMatmul(const Op &op, int result);
  void emitPool(const Op &op, int result);
  /// Adds a stage over the result's coordinates and returns its value there.
  Halide::Func
  addStage(int result, const std::string &suffix, const Halide::Tuple &initial,
           const std::function<Halide::Tuple(const Halide::Tuple &,
                                             const Coordinates &)> &update,
           double work, bool blocked);
  Halide::Expr filterAt(int filter, const Halide::Expr &output,
                        const Coordinates &rest) const;
  Halide::Expr biased(const Op &op, const Halide::Expr &sum,
                      const Coordinates &at) const;

  // Scheduling (Schedule.cpp).
  void placeStages();
  /// The one stored value or output that reads `value` element by element; -1
  /// if there is no such one. Outputs count from the number of values on.
  int onlyReader(int value) const;
  void scheduleAll();
  void scheduleRoot(Halide::Func func, const std::vector<int64_t> &shape,
                    std::vector<Stage> &attached);
  void scheduleStage(const Stage &stage);
  double totalWork() const;

  // Anchored kernels (AnchorBuild.cpp).
  Halide::Pipeline emitAnchored();
  std::vector<Halide::Expr> epilogue(const Halide::Expr &accumulator,
                                     const Coordinates &at) const;

  const KernelSpec &spec;
  const ConstantPlan &plan;
  Halide::Target target;
  CpuLevel level;
  std::vector<Halide::ImageParam> buffers; ///< per argument; run-time only
  std::vector<Halide::ImageParam> blobs;
  std::vector<ValueState> values;
  std::vector<int> firstResult; ///< per op
  std::vector<Halide::Func> outputs;
  std::vector<OutputPlace> places;
  int lanes = 8;
  bool parallel = false;
};

} // namespace shiftadd::halide_gen

#endif // SHIFTADD_CODEGEN_HALIDE_EMITTER_H
