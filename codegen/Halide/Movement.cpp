//===- Movement.cpp - Ops that move elements --------------------*- C++ -*-===//
//
// Part of the shiftadd project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Each is a map from result to operand coordinates, so that chains of them cost
// nothing until something is stored.
//
//===----------------------------------------------------------------------===//
#include "codegen/Halide/Emitter.h"
#include "codegen/Halide/Types.h"

using namespace Halide;

namespace shiftadd::halide_gen {

static Expr size32(int64_t value) { return Expr(static_cast<int32_t>(value)); }

static void requireRank(const Op &op, size_t have, size_t want) {
  if (have != want)
    throw SpecError(op.op + ": one entry per dimension is expected");
}

void Emitter::emitPad(const Op &op, int result) {
  int input = op.operands[0];
  const ValueType &type = typeOf(input);
  std::vector<int64_t> low = listAttribute(op, "low");
  std::vector<int64_t> high = listAttribute(op, "high");
  std::string mode = textAttribute(op, "mode");
  size_t rank = type.shape.size();
  requireRank(op, low.size(), rank);
  requireRank(op, high.size(), rank);
  if (mode == "constant") {
    double real = realAttribute(op, "value");
    Type compute = computeType(type.scalar);
    Expr outside = type.quantized
                       ? constant(compute, codeOf(real, type.quantization))
                       : constant(compute, real);
    std::vector<int64_t> first, last;
    for (size_t d = 0; d < rank; ++d) {
      first.push_back(-low[d]);
      last.push_back(type.shape[d] + high[d] - 1);
    }
    define(result, [&](const Coordinates &at) {
      Coordinates from = at;
      for (size_t d = 0; d < rank; ++d)
        from[d] = at[d] - size32(low[d]);
      return readPadded(input, from, first, last, roundTo(type.scalar, outside),
                        false);
    });
    return;
  }
  define(result, [&](const Coordinates &at) {
    Coordinates from = at;
    for (size_t d = 0; d < rank; ++d) {
      int64_t size = type.shape[d];
      Expr c = at[d] - size32(low[d]);
      if (low[d] <= 0 && high[d] <= 0) {
        from[d] = c;
      } else if (mode == "edge") {
        from[d] = clamp(c, 0, size32(size - 1));
      } else if (mode == "wrap") {
        from[d] = c % size32(size);
      } else if (mode == "reflect") {
        // Halide's % is not negative; a row of one element has no mirror.
        Expr turn = c % size32(size > 1 ? 2 * (size - 1) : 1);
        from[d] = min(turn, size32(2 * (size - 1)) - turn);
      } else {
        throw SpecError("pad: unknown mode '" + mode + "'");
      }
    }
    return read(input, from);
  });
}

void Emitter::emitConcat(const Op &op, int result) {
  size_t axis = static_cast<size_t>(integerAttribute(op, "axis"));
  if (axis >= op.results[0].shape.size())
    throw SpecError("concat: the axis is not a dimension");
  define(result, [&](const Coordinates &at) {
    Expr value;
    int64_t end = op.results[0].shape[axis];
    for (size_t i = op.operands.size(); i-- > 0;) {
      int64_t size = typeOf(op.operands[i]).shape[axis];
      int64_t start = end - size;
      if (size > 0) {
        Coordinates from = at;
        from[axis] = clamp(at[axis] - size32(start), 0, size32(size - 1));
        Expr part = read(op.operands[i], from);
        value = value.defined() ? select(at[axis] < size32(end), part, value)
                                : part;
      }
      end = start;
    }
    return value.defined()
               ? value
               : Internal::make_zero(computeType(op.results[0].scalar));
  });
}

void Emitter::emitReshape(const Op &op, int result) {
  int input = op.operands[0];
  const std::vector<int64_t> &from = typeOf(input).shape;
  const std::vector<int64_t> &to = op.results[0].shape;
  if (elementCount(from) != elementCount(to))
    throw SpecError("reshape: the number of elements changes");
  define(result, [&](const Coordinates &at) {
    // Matching runs of dimensions are regrouped by themselves, so that equal
    // ones keep their plain coordinate.
    Coordinates own;
    size_t i = 0, j = 0;
    while (i < from.size() || j < to.size()) {
      size_t firstFrom = i, firstTo = j;
      int64_t sizeFrom = i < from.size() ? from[i++] : 1;
      int64_t sizeTo = j < to.size() ? to[j++] : 1;
      while (sizeFrom != sizeTo) {
        if (sizeFrom < sizeTo && i < from.size())
          sizeFrom *= from[i++];
        else if (j < to.size())
          sizeTo *= to[j++];
        else
          sizeFrom *= from[i++];
      }
      Expr flat = 0;
      for (size_t d = firstTo; d < j; ++d)
        flat = flat * size32(to[d]) + at[d];
      Coordinates part(i - firstFrom);
      for (size_t d = i; d-- > firstFrom;) {
        bool outermost = d == firstFrom;
        part[d - firstFrom] =
            outermost ? flat : flat % size32(std::max<int64_t>(1, from[d]));
        flat = flat / size32(std::max<int64_t>(1, from[d]));
      }
      own.insert(own.end(), part.begin(), part.end());
    }
    return read(input, own);
  });
}

void Emitter::emitGather(const Op &op, int result) {
  int data = op.operands[0], indices = op.operands[1];
  size_t axis = static_cast<size_t>(integerAttribute(op, "axis"));
  const std::vector<int64_t> &shape = typeOf(data).shape;
  size_t indexRank = typeOf(indices).shape.size();
  if (axis >= shape.size() || shape[axis] == 0)
    throw SpecError("gather: the axis is not a dimension with elements");
  requireRank(op, op.results[0].shape.size(), shape.size() - 1 + indexRank);
  define(result, [&](const Coordinates &at) {
    Coordinates which(at.begin() + axis, at.begin() + axis + indexRank);
    Expr index = cast<int64_t>(read(indices, which));
    Expr size = cast<int64_t>(size32(shape[axis]));
    index = select(index < 0, index + size, index);
    Coordinates from(at.begin(), at.begin() + axis);
    from.push_back(cast<int32_t>(clamp(index, cast<int64_t>(0), size - 1)));
    // The bounds engine takes the clamp below; the one above stays in 64 bits.
    from.back() = clamp(from.back(), 0, size32(shape[axis] - 1));
    from.insert(from.end(), at.begin() + axis + indexRank, at.end());
    return read(data, from);
  });
}

bool Emitter::emitMovement(int number, int result) {
  const Op &op = spec.ops[number];
  const std::string &name = op.op;
  auto need = [&](size_t count) {
    if (op.operands.size() < count)
      throw SpecError(name + ": an operand is missing");
    for (size_t i = 0; i < count; ++i)
      if (op.operands[i] < 0)
        throw SpecError(name + ": an operand is missing");
  };
  if (name == "pad") {
    need(1);
    emitPad(op, result);
  } else if (name == "concat") {
    need(op.operands.size());
    emitConcat(op, result);
  } else if (name == "reshape") {
    need(1);
    emitReshape(op, result);
  } else if (name == "gather") {
    need(2);
    store(op.operands[0]);
    store(op.operands[1]);
    emitGather(op, result);
  } else if (name == "transpose") {
    need(1);
    std::vector<int64_t> permutation = listAttribute(op, "permutation");
    size_t rank = op.results[0].shape.size();
    requireRank(op, permutation.size(), rank);
    define(result, [&](const Coordinates &at) {
      Coordinates from(rank);
      for (size_t d = 0; d < rank; ++d)
        from.at(static_cast<size_t>(permutation[d])) = at[d];
      return read(op.operands[0], from);
    });
  } else if (name == "slice") {
    need(1);
    std::vector<int64_t> starts = listAttribute(op, "starts");
    std::vector<int64_t> steps = listAttribute(op, "steps");
    requireRank(op, starts.size(), op.results[0].shape.size());
    requireRank(op, steps.size(), op.results[0].shape.size());
    define(result, [&](const Coordinates &at) {
      Coordinates from;
      for (size_t d = 0; d < at.size(); ++d)
        from.push_back(at[d] * size32(steps[d]) + size32(starts[d]));
      return read(op.operands[0], from);
    });
  } else if (name == "tile") {
    need(1);
    const std::vector<int64_t> &shape = typeOf(op.operands[0]).shape;
    requireRank(op, shape.size(), op.results[0].shape.size());
    define(result, [&](const Coordinates &at) {
      Coordinates from;
      for (size_t d = 0; d < at.size(); ++d)
        from.push_back(op.results[0].shape[d] == shape[d]
                           ? at[d]
                           : at[d] % size32(std::max<int64_t>(1, shape[d])));
      return read(op.operands[0], from);
    });
  } else {
    return false;
  }
  return true;
}

} // namespace shiftadd::halide_gen
