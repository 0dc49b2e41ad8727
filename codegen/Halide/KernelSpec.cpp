//===- KernelSpec.cpp - The text of a kernel --------------------*- C++ -*-===//
//
// Part of the shiftadd project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Everything that can change the generated code is in the text, numbers in a
// form that reads back exactly: the text is the key of the kernel cache.
//
//===----------------------------------------------------------------------===//
#include "codegen/Halide/KernelSpec.h"

#include <charconv>
#include <stdexcept>

using namespace shiftadd::halide_gen;

namespace {

const char *const scalarNames[] = {"bool", "i8",  "i16", "i32", "i64",
                                   "u8",   "u16", "u32", "u64", "f16",
                                   "bf16", "f32", "f64"};

std::string text(int64_t number) { return std::to_string(number); }

std::string text(double number) {
  char buffer[64];
  auto [end, error] = std::to_chars(buffer, buffer + sizeof buffer, number);
  (void)error;
  std::string digits(buffer, end);
  // A double stays distinct from the integer of the same value.
  if (digits.find_first_of(".en") == std::string::npos)
    digits += ".0";
  return digits;
}

template <typename T> std::string list(const std::vector<T> &values) {
  std::string result = "[";
  for (const T &value : values)
    result += (result.size() > 1 ? "," : "") + text(value);
  return result + "]";
}

std::string quoted(const std::string &value) {
  std::string result = "\"";
  for (char c : value) {
    if (c == '"' || c == '\\')
      result += '\\';
    result += c;
  }
  return result + "\"";
}

std::string text(const Attribute &attribute) {
  switch (attribute.index()) {
  case 0:
    return text(std::get<0>(attribute));
  case 1:
    return text(std::get<1>(attribute));
  case 2:
    return quoted(std::get<2>(attribute));
  case 3:
    return list(std::get<3>(attribute));
  default:
    // An empty list of doubles differs from one of integers.
    return "f64" + list(std::get<4>(attribute));
  }
}

std::string text(const ValueType &type) {
  size_t index = static_cast<size_t>(type.scalar);
  std::string result = index < std::size(scalarNames)
                           ? scalarNames[index]
                           : "type" + std::to_string(index);
  result += list(type.shape);
  if (type.quantized) {
    const Quantization &q = type.quantization;
    result += " quantized{scales=" + list(q.scales) +
              " zero_points=" + list(q.zeroPoints) + " axis=" + text(q.axis) +
              " range=[" + text(q.minimum) + "," + text(q.maximum) + "]}";
  }
  return result;
}

std::string text(const Layout &layout) {
  return " strides=" + list(layout.strides) + " low=" + list(layout.low) +
         " high=" + list(layout.high);
}

} // namespace

const ValueType &KernelSpec::typeOf(int value) const {
  if (value >= 0) {
    size_t index = static_cast<size_t>(value);
    if (index < arguments.size())
      return arguments[index].type;
    index -= arguments.size();
    for (const Op &op : ops) {
      if (index < op.results.size())
        return op.results[index];
      index -= op.results.size();
    }
  }
  throw std::out_of_range("the kernel has no value number " +
                          std::to_string(value));
}

std::string KernelSpec::print() const {
  std::string result =
      shiftAdd ? "kernel of shifts and additions\n" : "kernel\n";
  int64_t number = 0;
  for (const Argument &argument : arguments) {
    result += "%" + text(number++) + " = argument " + text(argument.type);
    result +=
        argument.constant ? std::string(" constant") : text(argument.layout);
    if (shiftAdd && argument.terms > 0)
      result += " terms=" + text(argument.terms);
    result += "\n";
  }
  for (const Op &op : ops) {
    for (size_t i = 0; i < op.results.size(); ++i)
      result += (i ? ", %" : "%") + text(number++);
    result += " = " + op.op + "(";
    for (size_t i = 0; i < op.operands.size(); ++i) {
      result += i ? ", " : "";
      result += op.operands[i] < 0
                    ? std::string("none")
                    : "%" + text(static_cast<int64_t>(op.operands[i]));
    }
    result += ")";
    const char *separator = " {";
    for (const auto &[name, attribute] : op.attributes) {
      result += separator + name + " = " + text(attribute);
      separator = ", ";
    }
    result += op.attributes.empty() ? " :" : "} :";
    for (const ValueType &type : op.results)
      result += " " + text(type);
    result += "\n";
  }
  for (const Output &output : outputs)
    result += "output %" + text(static_cast<int64_t>(output.value)) +
              text(output.layout) + "\n";
  return result;
}
