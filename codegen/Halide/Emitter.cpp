//===- Emitter.cpp - From a KernelSpec to a Halide pipeline -----*- C++ -*-===//
//
// Part of the shiftadd project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Buffers, reading and defining values, and the outputs.
//
//===----------------------------------------------------------------------===//
#include "codegen/Halide/Emitter.h"

#include "codegen/Halide/Types.h"

#include <algorithm>
#include <cstdio>

using namespace Halide;

namespace shiftadd::halide_gen {

static std::vector<Expr> reversed(const Coordinates &at) {
  return std::vector<Expr>(at.rbegin(), at.rend());
}

/// Fixed-width numbers keep the order of names the order of values, whatever
/// suffix Halide adds to make a name unique.
static std::string numbered(const char *prefix, size_t number) {
  char text[32];
  std::snprintf(text, sizeof text, "%s%04zu", prefix, number);
  return text;
}

Emitter::Emitter(const KernelSpec &spec, const ConstantPlan &plan,
                 const Target &target, CpuLevel level)
    : spec(spec), plan(plan), target(target), level(level) {
  int widest = 8;
  for (size_t i = 0; i < spec.arguments.size(); ++i) {
    const shiftadd::halide_gen::Argument &argument = spec.arguments[i];
    ImageParam buffer;
    if (!argument.constant) {
      buffer = ImageParam(storageType(argument.type.scalar), 1,
                          numbered("argument", i));
      int64_t elements = 1;
      for (size_t d = 0; d < argument.type.shape.size(); ++d)
        elements += (argument.layout.low[d] + argument.type.shape[d] +
                     argument.layout.high[d] - 1) *
                    argument.layout.strides[d];
      buffer.dim(0).set_bounds(
          0, static_cast<int32_t>(std::min<int64_t>(elements, INT32_MAX)));
    }
    buffers.push_back(buffer);
    values.emplace_back();
    widest = std::max(widest, computeType(argument.type.scalar).bits());
  }
  for (size_t i = 0; i < plan.blobs.size(); ++i) {
    blobs.emplace_back(plan.blobs[i].type, 1, numbered("constant", i));
    // The extent is unknown for a template's own blobs, and never read.
    blobs.back().dim(0).set_min(0);
  }
  for (size_t i = 0; i < spec.ops.size(); ++i) {
    firstResult.push_back(static_cast<int>(values.size()));
    for (const ValueType &type : spec.ops[i].results) {
      values.emplace_back();
      values.back().op = static_cast<int>(i);
      widest = std::max(widest, computeType(type.scalar).bits());
    }
  }
  lanes = target.natural_vector_size(Int(8)) * 8 / std::min(widest, 64);
}

std::vector<Halide::Argument> Emitter::parameters() const {
  std::vector<Halide::Argument> result;
  for (size_t i = 0; i < buffers.size(); ++i)
    if (!spec.arguments[i].constant)
      result.push_back(buffers[i]);
  for (const ImageParam &blob : blobs)
    result.push_back(blob);
  return result;
}

std::vector<Var> Emitter::variables(size_t rank) {
  std::vector<Var> result;
  for (size_t d = 0; d < rank; ++d)
    result.emplace_back("d" + std::to_string(d));
  return result;
}

std::string Emitter::nameOf(int value, const std::string &suffix) const {
  return numbered("v", static_cast<size_t>(value)) + suffix;
}

Expr Emitter::bufferIndex(int argument, const Coordinates &at) const {
  const Layout &layout = spec.arguments[argument].layout;
  int64_t origin = 0;
  Expr index = 0;
  for (size_t d = 0; d < at.size(); ++d) {
    origin += layout.low[d] * layout.strides[d];
    index = index + at[d] * static_cast<int32_t>(layout.strides[d]);
  }
  return index + static_cast<int32_t>(origin);
}

Expr Emitter::readBlob(BlobKind kind, int source, int second,
                       const Expr &index) const {
  int blob = plan.find(kind, source, second);
  if (blob < 0)
    throw SpecError("a constant is used in a form that was not packed");
  return blobs[blob](index);
}

Expr Emitter::read(int value, const Coordinates &at) const {
  if (value < 0)
    throw SpecError("an absent operand is read");
  if (!isArgument(value)) {
    // Calling a Func without arguments by an empty list means something else
    // for vectors of Var and of Expr alike; both forms agree here.
    return values[value].func(reversed(at));
  }
  const ValueType &type = typeOf(value);
  if (!spec.arguments[value].constant)
    return fromStorage(type.scalar, buffers[value](bufferIndex(value, at)));
  Expr index = 0;
  for (size_t d = 0; d < at.size(); ++d)
    index = index * static_cast<int32_t>(type.shape[d]) + at[d];
  return fromStorage(type.scalar, readBlob(BlobKind::Dense, value, -1, index));
}

Expr Emitter::readBroadcast(int value, const Coordinates &at) const {
  const std::vector<int64_t> &shape = typeOf(value).shape;
  if (shape.size() > at.size())
    throw SpecError("an operand has more dimensions than the result");
  Coordinates own;
  for (size_t d = 0; d < shape.size(); ++d)
    own.push_back(shape[d] == 1 ? Expr(0) : at[at.size() - shape.size() + d]);
  return read(value, own);
}

Expr Emitter::readPadded(int value, const Coordinates &at,
                         const std::vector<int64_t> &first,
                         const std::vector<int64_t> &last, const Expr &outside,
                         bool useHalo) const {
  const std::vector<int64_t> &shape = typeOf(value).shape;
  bool stored = useHalo && isArgument(value) && !spec.arguments[value].constant;
  if (stored) {
    const Layout &layout = spec.arguments[value].layout;
    for (size_t d = 0; d < shape.size(); ++d)
      stored = stored && first[d] >= -layout.low[d] &&
               last[d] < shape[d] + layout.high[d];
  }
  Coordinates inside = at;
  Expr isOutside;
  for (size_t d = 0; d < shape.size() && !stored; ++d) {
    int32_t size = static_cast<int32_t>(shape[d]);
    if (size == 0)
      return outside;
    if (first[d] >= 0 && last[d] < size)
      continue;
    Expr test = at[d] < 0 || at[d] >= size;
    isOutside = isOutside.defined() ? isOutside || test : test;
    inside[d] = clamp(likely(at[d]), 0, size - 1);
  }
  Expr element = read(value, inside);
  return isOutside.defined() ? select(isOutside, outside, likely(element))
                             : element;
}

void Emitter::define(int value, const ExpressionAt &at) {
  const ValueType &type = typeOf(value);
  std::vector<Var> vars = variables(type.shape.size());
  Coordinates coordinates(vars.begin(), vars.end());
  Func func(nameOf(value));
  func(std::vector<Var>(vars.rbegin(), vars.rend())) =
      cast(computeType(type.scalar), at(coordinates));
  values[value].func = func;
}

void Emitter::store(int value) {
  if (value >= 0 && !isArgument(value))
    values[value].stored = true;
}

void Emitter::emitOp(int number) {
  const Op &op = spec.ops[number];
  int result = firstResult[number];
  if (isElementwise(op)) {
    if (op.results.size() != 1)
      throw SpecError(op.op + ": one result is expected");
    define(result, [&](const Coordinates &at) {
      return element(
          number,
          [&](int i) {
            if (i >= static_cast<int>(op.operands.size()) || op.operands[i] < 0)
              throw SpecError(op.op + ": an operand is missing");
            return readBroadcast(op.operands[i], at);
          },
          at);
    });
    return;
  }
  if (op.op == "quantized_softmax") {
    emitQuantizedSoftmax(number, result);
    return;
  }
  if (emitMovement(number, result) || emitReduction(number, result) ||
      emitSpatial(number, result))
    return;
  throw SpecError("op '" + op.op + "' has no implementation in this backend");
}

void Emitter::bind(Func func, int tupleElement,
                   const std::vector<int64_t> &shape, const Layout &layout) {
  std::vector<OutputImageParam> images = func.output_buffers();
  OutputImageParam image = images[static_cast<size_t>(tupleElement)];
  int64_t offset = 0;
  for (size_t d = 0; d < shape.size(); ++d) {
    int dimension = static_cast<int>(shape.size() - 1 - d);
    // The elements of a Tuple share the bounds of the first.
    if (tupleElement == 0)
      image.dim(dimension).set_bounds(0, static_cast<int32_t>(shape[d]));
    image.dim(dimension).set_stride(static_cast<int32_t>(layout.strides[d]));
    offset += layout.low[d] * layout.strides[d];
  }
  std::string name = func.name();
  if (images.size() > 1)
    name += "." + std::to_string(tupleElement);
  places.push_back({name, offset});
}

void Emitter::defineOutput(size_t number) {
  const Output &output = spec.outputs[number];
  const ValueType &type = typeOf(output.value);
  std::vector<Var> vars = variables(type.shape.size());
  Coordinates coordinates(vars.begin(), vars.end());
  std::vector<Var> halideVars(vars.rbegin(), vars.rend());
  Func func(numbered("output", number));
  int definer = values[output.value].op;
  if (definer >= 0 && spec.ops[definer].op == "concat") {
    // Parts copied one after the other, each with its own full vectors.
    const Op &op = spec.ops[definer];
    size_t axis = static_cast<size_t>(integerAttribute(op, "axis"));
    func(halideVars) = undef(storageType(type.scalar));
    int32_t start = 0;
    for (size_t i = 0; i < op.operands.size(); ++i) {
      int32_t size = static_cast<int32_t>(typeOf(op.operands[i]).shape[axis]);
      if (size == 0)
        continue;
      RDom part(0, size, "part" + std::to_string(i));
      Coordinates from = coordinates, to = coordinates;
      from[axis] = part;
      to[axis] = part + start;
      func(reversed(to)) = toStorage(type.scalar, read(op.operands[i], from));
      start += size;
    }
  } else {
    func(halideVars) = toStorage(type.scalar, read(output.value, coordinates));
  }
  bind(func, 0, type.shape, output.layout);
  outputs.push_back(func);
}

Pipeline Emitter::emit() {
  parallel = totalWork() > 1e5;
  if (plan.anchorTemplate)
    return emitAnchored();
  for (size_t i = 0; i < spec.ops.size(); ++i)
    emitOp(static_cast<int>(i));
  for (size_t i = 0; i < spec.outputs.size(); ++i)
    defineOutput(i);
  scheduleAll();
  return Pipeline(outputs);
}

} // namespace shiftadd::halide_gen
