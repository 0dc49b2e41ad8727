//===- Pack.cpp - In which form each constant reaches a kernel --*- C++ -*-===//
//
// Part of the shiftadd project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// The one walk over the spec that decides the blobs, and the data work for each
// kind of blob.
//
//===----------------------------------------------------------------------===//
#include "codegen/Halide/Pack.h"

#include "codegen/Halide/Scaling.h"
#include "codegen/Halide/Templates/ShiftAddTerms.h"
#include "codegen/Halide/Types.h"

#include <algorithm>
#include <cmath>
#include <cstring>
#include <functional>
#include <set>

using namespace Halide;

namespace shiftadd::halide_gen {

bool isElementwise(const Op &op) {
  static const std::set<std::string> names = {"add",
                                              "sub",
                                              "mul",
                                              "div",
                                              "pow",
                                              "mod",
                                              "min",
                                              "max",
                                              "prelu",
                                              "equal",
                                              "not_equal",
                                              "less",
                                              "less_equal",
                                              "greater",
                                              "greater_equal",
                                              "and",
                                              "or",
                                              "xor",
                                              "bit_shift",
                                              "where",
                                              "abs",
                                              "neg",
                                              "sign",
                                              "sqrt",
                                              "exp",
                                              "log",
                                              "reciprocal",
                                              "round",
                                              "floor",
                                              "ceil",
                                              "not",
                                              "sin",
                                              "cos",
                                              "erf",
                                              "sigmoid",
                                              "tanh",
                                              "softplus",
                                              "relu",
                                              "leaky_relu",
                                              "elu",
                                              "hard_sigmoid",
                                              "clamp",
                                              "cast",
                                              "quantize",
                                              "dequantize",
                                              "requantize",
                                              "requantize_add",
                                              "requantize_mul",
                                              "requantize_residual",
                                              "lookup",
                                              "broadcast"};
  return names.count(op.op) != 0;
}

bool isFilterOp(const Op &op) {
  static const std::set<std::string> names = {
      "conv",  "shift_conv",  "adder_conv", "conv_transpose",
      "dense", "shift_dense", "adder_dense"};
  return names.count(op.op) != 0;
}

int64_t termPlanes(const KernelSpec &spec, int argument) {
  // What the canonical digits of a 20-bit multiplier need at most.
  constexpr int64_t mostTerms = 11;
  int64_t known = spec.arguments[static_cast<size_t>(argument)].terms;
  return known > 0 ? known : mostTerms;
}

int64_t termPlaneElements(const KernelSpec &spec, int argument) {
  int64_t count = elementCount(spec.typeOf(argument).shape);
  return count == 1 ? 1
                    : (count + blobMultiple - 1) / blobMultiple * blobMultiple;
}

int ConstantPlan::find(BlobKind kind, int source, int second) const {
  for (size_t i = 0; i < blobs.size(); ++i)
    if (blobs[i].kind == kind && blobs[i].source == source &&
        blobs[i].second == second)
      return static_cast<int>(i);
  return -1;
}

namespace {

class Planner {
public:
  explicit Planner(const KernelSpec &spec) : spec(spec) {}

  ConstantPlan run() {
    plan.anchor = matchAnchor(spec);
    if (plan.anchor)
      for (const AnchorTemplate *candidate : anchorTemplates())
        if (candidate->matches(*plan.anchor)) {
          plan.anchorTemplate = candidate;
          break;
        }
    refuseMultiplication();
    if (plan.anchorTemplate) {
      std::vector<Type> types = plan.anchorTemplate->packedTypes(*plan.anchor);
      for (size_t i = 0; i < types.size(); ++i)
        plan.blobs.push_back(
            {BlobKind::Template, static_cast<int>(i), -1, types[i], 0});
    }
    int value = static_cast<int>(spec.arguments.size());
    for (size_t i = 0; i < spec.ops.size(); ++i) {
      planOp(static_cast<int>(i), value);
      value += static_cast<int>(spec.ops[i].results.size());
    }
    for (const Output &output : spec.outputs)
      planDense(output.value);
    return std::move(plan);
  }

private:
  /// The generic emitter would multiply.
  void refuseMultiplication() const {
    if (!spec.shiftAdd || plan.anchorTemplate)
      return;
    for (const Op &op : spec.ops)
      if ((op.op == "shift_conv" || op.op == "shift_dense") &&
          !isFloat(op.results[0].scalar))
        throw SpecError(op.op + " of these types and padding has no kernel of "
                                "shifts and additions; compile it with the "
                                "CPU's multipliers");
  }

  bool isConstant(int value) const {
    return value >= 0 && value < static_cast<int>(spec.arguments.size()) &&
           spec.arguments[value].constant;
  }

  void add(BlobKind kind, int source, int second, Type type, int64_t count) {
    if (plan.find(kind, source, second) < 0)
      plan.blobs.push_back({kind, source, second, type, count});
  }

  void planDense(int value) {
    if (isConstant(value)) {
      const ValueType &type = spec.arguments[value].type;
      add(BlobKind::Dense, value, -1, storageType(type.scalar),
          elementCount(type.shape));
    }
  }

  void planQuantization(int value) {
    const ValueType &type = spec.typeOf(value);
    if (type.quantized && type.quantization.axis >= 0) {
      int64_t count = static_cast<int64_t>(type.quantization.scales.size());
      add(BlobKind::Scales, value, -1, Float(32), count);
      add(BlobKind::ZeroPoints, value, -1, Int(32), count);
    }
  }

  void planTerms(int value) {
    add(BlobKind::Terms, value, -1, Int(8),
        termPlanes(spec, value) * termPlaneElements(spec, value));
  }

  /// Returns the operands that the plan serves in a form of its own.
  std::set<int> planRequantize(int number) {
    const Op &op = spec.ops[number];
    auto count = [&](std::initializer_list<size_t> operands) {
      int64_t most = 1;
      for (size_t i : operands)
        if (i < op.operands.size() && op.operands[i] >= 0)
          most =
              std::max(most, elementCount(spec.typeOf(op.operands[i]).shape));
      return most;
    };
    if (auto folded = getFoldedScaling(spec, number)) {
      int64_t channels = count({1, 2, 3, 5});
      for (int part = 0; part < (folded->residual ? 2 : 1); ++part)
        if (!folded->powersOfTwo && spec.shiftAdd)
          planTerms(op.operands[part == 0 ? 2 : 5]);
        else if (!folded->powersOfTwo)
          add(BlobKind::FoldedMultiplier, number, part, Int(32), channels);
        else if (!(part == 0 ? folded->leftShift : folded->residualShift))
          add(BlobKind::FoldedLeftShift, number, part, UInt(32), channels);
      if (!folded->rightShift)
        add(BlobKind::FoldedRightShift, number, -1, UInt(32), channels);
      add(BlobKind::FoldedOffset, number, -1, UInt(32), channels);
      return {1, 2, 3, 5};
    }
    if (spec.shiftAdd) {
      std::set<int> done;
      for (size_t i : {2, 5})
        if (i < op.operands.size() && isConstant(op.operands[i])) {
          planTerms(op.operands[i]);
          done.insert(static_cast<int>(i));
        }
      return done;
    }
    if (textAttribute(op, "arithmetic", "int64") != "double" ||
        op.operands.size() < 4 || !isConstant(op.operands[2]) ||
        !isConstant(op.operands[3]))
      return {};
    std::set<int> done = {2, 3};
    add(BlobKind::RequantizeScale, op.operands[2], op.operands[3], Float(64),
        count({2, 3}));
    if (isConstant(op.operands[1]) && !getRealScaling(spec, number)) {
      add(BlobKind::RequantizeBias, op.operands[1], -1, Float(64), count({1}));
      done.insert(1);
    }
    if (op.operands.size() > 5 && isConstant(op.operands[5])) {
      add(BlobKind::RequantizeScale, op.operands[5], op.operands[3], Float(64),
          count({3, 5}));
      done.insert(5);
    } else if (op.operands.size() > 5) {
      done.erase(3);
    }
    if (getRealScaling(spec, number)) {
      add(BlobKind::RealOffset, number, -1, Float(64), count({1, 2, 3, 5}));
      done.insert(1);
    }
    return done;
  }

  void planOp(int number, int firstResult) {
    const Op &op = spec.ops[number];
    bool anchored = plan.anchorTemplate && plan.anchor->opNumber == number;
    std::set<int> done;
    auto operand = [&](size_t i) {
      return i < op.operands.size() ? op.operands[i] : -1;
    };
    if (op.op == "requantize" || op.op == "requantize_residual")
      done = planRequantize(number);
    if (isFilterOp(op) && isConstant(operand(1))) {
      done.insert(1);
      const ValueType &filter = spec.typeOf(operand(1));
      if (!anchored)
        add(BlobKind::OutputInnermost, operand(1), -1,
            storageType(filter.scalar), elementCount(filter.shape));
    }
    if (op.op == "quantize")
      planQuantization(firstResult);
    if (op.op == "dequantize")
      planQuantization(operand(0));
    for (size_t i = 0; i < op.operands.size(); ++i)
      if (!done.count(static_cast<int>(i)))
        planDense(op.operands[i]);
  }

  const KernelSpec &spec;
  ConstantPlan plan;
};

/// Element i of dense bytes as an integer; multipliers, shifts and biases.
int64_t integerAt(ScalarType scalar, const uint8_t *data, int64_t i) {
  auto read = [&](auto sample) {
    std::memcpy(&sample, data + i * static_cast<int64_t>(sizeof sample),
                sizeof sample);
    return static_cast<int64_t>(sample);
  };
  switch (scalar) {
  case ScalarType::Int8:
    return read(int8_t());
  case ScalarType::Int16:
    return read(int16_t());
  case ScalarType::Int32:
    return read(int32_t());
  case ScalarType::Int64:
    return read(int64_t());
  case ScalarType::Bool:
  case ScalarType::UInt8:
    return read(uint8_t());
  case ScalarType::UInt16:
    return read(uint16_t());
  case ScalarType::UInt32:
    return read(uint32_t());
  case ScalarType::UInt64:
    return read(uint64_t());
  default:
    throw SpecError("requantize: an integer operand is expected");
  }
}

std::vector<uint8_t> room(const Blob &blob) {
  int64_t count = (blob.count + blobMultiple - 1) / blobMultiple * blobMultiple;
  return std::vector<uint8_t>(static_cast<size_t>(count * blob.type.bytes()));
}

template <typename T>
void put(std::vector<uint8_t> &bytes, int64_t index, T value) {
  std::memcpy(bytes.data() + index * static_cast<int64_t>(sizeof(T)), &value,
              sizeof(T));
}

void packFolded(const KernelSpec &spec, const Blob &blob,
                const std::function<const uint8_t *(int)> &bytesOf,
                std::vector<uint8_t> &bytes) {
  auto folded = getFoldedScaling(spec, blob.source);
  auto real = getRealScaling(spec, blob.source);
  const Op &op = spec.ops[static_cast<size_t>(blob.source)];
  auto parameter = [&](size_t operand, int64_t channel) -> int64_t {
    if (operand >= op.operands.size() || op.operands[operand] < 0)
      return 0;
    const ValueType &type = spec.typeOf(op.operands[operand]);
    return integerAt(type.scalar, bytesOf(op.operands[operand]),
                     std::min(channel, elementCount(type.shape) - 1));
  };
  for (int64_t i = 0; i < blob.count; ++i) {
    ChannelScaling given = {parameter(2, i), parameter(3, i), parameter(1, i),
                            parameter(5, i)};
    if (blob.kind == BlobKind::RealOffset) {
      put(bytes, i, real->offset(given));
      continue;
    }
    FoldedChannel channel = folded->fold(given);
    bool main = blob.second <= 0;
    switch (blob.kind) {
    case BlobKind::FoldedMultiplier:
      put(bytes, i, main ? channel.multiplier : channel.residualMultiplier);
      break;
    case BlobKind::FoldedLeftShift:
      put(bytes, i, main ? channel.leftShift : channel.residualShift);
      break;
    case BlobKind::FoldedRightShift:
      put(bytes, i, channel.rightShift);
      break;
    default:
      put(bytes, i, channel.offset);
    }
  }
}

void packTerms(const KernelSpec &spec, int argument, const uint8_t *data,
               std::vector<uint8_t> &bytes) {
  const ValueType &type = spec.typeOf(argument);
  int64_t planes = termPlanes(spec, argument);
  int64_t stride = termPlaneElements(spec, argument);
  for (int64_t i = 0; i < elementCount(type.shape); ++i) {
    std::vector<Term> terms;
    if (!exactTerms(integerAt(type.scalar, data, i), static_cast<int>(planes),
                    terms))
      throw SpecError("a multiplier is not the sum of " +
                      std::to_string(planes) + " powers of two");
    for (int64_t plane = 0; plane < planes; ++plane)
      bytes[plane * stride + i] =
          termCode(terms[plane].negative, terms[plane].exponent);
  }
}

std::vector<uint8_t> packBlob(const KernelSpec &spec, const Blob &blob,
                              const std::vector<const uint8_t *> &data) {
  std::vector<uint8_t> bytes = room(blob);
  auto bytesOf = [&](int argument) {
    if (argument < 0 || argument >= static_cast<int>(data.size()) ||
        !data[argument])
      throw SpecError("no data for constant argument " +
                      std::to_string(argument));
    return data[argument];
  };
  switch (blob.kind) {
  case BlobKind::Template:
    break;
  case BlobKind::Dense:
    if (blob.count)
      std::memcpy(bytes.data(), bytesOf(blob.source),
                  static_cast<size_t>(blob.count * blob.type.bytes()));
    break;
  case BlobKind::OutputInnermost: {
    if (!blob.count)
      break;
    const uint8_t *filter = bytesOf(blob.source);
    int64_t outputs = spec.typeOf(blob.source).shape[0];
    int64_t rest = blob.count / outputs;
    size_t size = static_cast<size_t>(blob.type.bytes());
    for (int64_t o = 0; o < outputs; ++o)
      for (int64_t k = 0; k < rest; ++k)
        std::memcpy(bytes.data() + static_cast<size_t>(k * outputs + o) * size,
                    filter + static_cast<size_t>(o * rest + k) * size, size);
    break;
  }
  case BlobKind::RequantizeScale: {
    const ValueType &m = spec.typeOf(blob.source);
    const ValueType &s = spec.typeOf(blob.second);
    int64_t multipliers = elementCount(m.shape), shifts = elementCount(s.shape);
    for (int64_t i = 0; i < blob.count; ++i) {
      int64_t multiplier = integerAt(m.scalar, bytesOf(blob.source),
                                     std::min(i, multipliers - 1));
      int64_t shift =
          integerAt(s.scalar, bytesOf(blob.second), std::min(i, shifts - 1));
      put(bytes, i,
          std::ldexp(static_cast<double>(multiplier),
                     -static_cast<int>(shift)));
    }
    break;
  }
  case BlobKind::RequantizeBias:
    for (int64_t i = 0; i < blob.count; ++i)
      put(bytes, i,
          static_cast<double>(integerAt(spec.typeOf(blob.source).scalar,
                                        bytesOf(blob.source), i)));
    break;
  case BlobKind::Terms:
    packTerms(spec, blob.source, bytesOf(blob.source), bytes);
    break;
  case BlobKind::FoldedMultiplier:
  case BlobKind::FoldedLeftShift:
  case BlobKind::FoldedRightShift:
  case BlobKind::FoldedOffset:
  case BlobKind::RealOffset:
    packFolded(spec, blob, bytesOf, bytes);
    break;
  case BlobKind::Scales:
  case BlobKind::ZeroPoints: {
    const Quantization &q = spec.typeOf(blob.source).quantization;
    for (int64_t i = 0; i < blob.count; ++i)
      if (blob.kind == BlobKind::Scales)
        put(bytes, i, static_cast<float>(q.scales[i]));
      else
        put(bytes, i,
            static_cast<int32_t>(
                q.zeroPoints[q.zeroPoints.size() == 1 ? 0 : i]));
    break;
  }
  }
  return bytes;
}

} // namespace

static void checkLayout(const ValueType &type, const Layout &layout,
                        const char *what) {
  size_t rank = type.shape.size();
  if (layout.strides.size() != rank || layout.low.size() != rank ||
      layout.high.size() != rank)
    throw SpecError(std::string("the layout of ") + what +
                    " does not have the rank of its shape");
}

void checkForm(const KernelSpec &spec) {
  int values = static_cast<int>(spec.arguments.size());
  for (const Argument &argument : spec.arguments) {
    storageType(argument.type.scalar);
    if (!argument.constant)
      checkLayout(argument.type, argument.layout, "an argument");
  }
  for (const Op &op : spec.ops) {
    if (op.results.empty())
      throw SpecError(op.op + ": no result");
    for (int operand : op.operands)
      if (operand >= values)
        throw SpecError(op.op + ": an operand is used before its definition");
    values += static_cast<int>(op.results.size());
    for (const ValueType &result : op.results) {
      storageType(result.scalar);
      for (int64_t size : result.shape)
        if (size < 0)
          throw SpecError(op.op + ": a dimension is not static");
    }
  }
  if (spec.outputs.empty())
    throw SpecError("the kernel has no output");
  for (const Output &output : spec.outputs) {
    if (output.value < 0 || output.value >= values)
      throw SpecError("an output names no value");
    checkLayout(spec.typeOf(output.value), output.layout, "an output");
  }
}

ConstantPlan planConstants(const KernelSpec &spec) {
  return Planner(spec).run();
}

PackedConstants packPlan(const KernelSpec &spec, const ConstantPlan &plan,
                         const std::vector<const uint8_t *> &data) {
  PackedConstants packed;
  size_t first = 0;
  if (plan.anchorTemplate) {
    int filter = plan.anchor->filter;
    if (filter >= static_cast<int>(data.size()) || !data[filter])
      throw SpecError("no data for constant argument " +
                      std::to_string(filter));
    packed = plan.anchorTemplate->pack(*plan.anchor, data[filter]);
    while (first < plan.blobs.size() &&
           plan.blobs[first].kind == BlobKind::Template)
      ++first;
    if (packed.size() != first)
      throw SpecError("template " + plan.anchorTemplate->name() +
                      " packs another number of blobs than it names");
  }
  for (size_t i = first; i < plan.blobs.size(); ++i)
    packed.push_back(packBlob(spec, plan.blobs[i], data));
  return packed;
}

} // namespace shiftadd::halide_gen
