//===- IntegerLayer.cpp - Random layers of codes for tests ------*- C++ -*-===//
//
// Part of the shiftadd project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Plain loops and kernels of layers of codes.
//
//===----------------------------------------------------------------------===//
#include "test/unit/halide/IntegerLayer.h"

#include <gtest/gtest.h>

#include <cstdlib>
#include <map>
#include <regex>
#include <set>
#include <sstream>

namespace shiftadd::halide_gen::test {

namespace {

struct Range {
  int64_t low, high;
};

Range rangeOf(ScalarType scalar) {
  switch (scalar) {
  case ScalarType::UInt8:
    return {0, 255};
  case ScalarType::Int8:
    return {-128, 127};
  case ScalarType::UInt16:
    return {0, 65535};
  default:
    return {-32768, 32767};
  }
}

} // namespace

ValueType IntegerLayer::inputType() const {
  if (inputScalar == ScalarType::Float32)
    return type(inputScalar, input);
  Range range = rangeOf(inputScalar);
  return quantized(inputScalar, input, 0.5, zeroPoint, range.low, range.high);
}

Tensor IntegerLayer::randomInput(uint32_t seed) const {
  Range range = rangeOf(inputScalar);
  return random(input, double(range.low), double(range.high), true, seed);
}

Tensor IntegerLayer::sums(const Tensor &x, const Tensor &w) const {
  Shape shape = input;
  for (size_t d = 1; d + 1 < input.size(); ++d)
    shape[d] =
        (input[d] + 2 * padding - dilation * (filter[d] - 1) - 1) / stride + 1;
  shape.back() = filter[0];
  Shape window = filter;
  window[0] = 1;
  Tensor result{shape, {}};
  forEach(shape, [&](const Shape &at) {
    int64_t sum = 0;
    forEach(window, [&](const Shape &tap) {
      Shape from = at, weight = tap;
      bool inside = true;
      for (size_t d = 1; d + 1 < input.size(); ++d) {
        from[d] = at[d] * stride + tap[d] * dilation - padding;
        inside = inside && from[d] >= 0 && from[d] < input[d];
      }
      from.back() =
          at.back() / (filter[0] / groups) * filter.back() + tap.back();
      weight[0] = at.back();
      int64_t code = inside ? int64_t(x.at(from)) : zeroPoint;
      int64_t factor = int64_t(w.at(weight));
      sum += distances ? -std::abs(code - factor) : code * factor;
    });
    result.data.push_back(double(sum));
  });
  return result;
}

int IntegerLayer::add(Kernel &kernel, const Tensor &x, const Tensor &w,
                      const std::string &prefix,
                      std::map<std::string, Attribute> attributes) const {
  Shape halo(input.size(), 0);
  for (size_t d = 1; d + 1 < input.size(); ++d)
    halo[d] = padding;
  int in = kernel.input(inputType(), x, withHalo(input, halo, halo),
                        double(zeroPoint));
  int weights = kernel.constant(type(filterScalar, filter), w);
  ValueType result = type(sumScalar, sums(x, w).shape);
  if (dense())
    return kernel.op(prefix + "dense", {in, weights}, {result}, attributes);
  size_t spatial = input.size() - 2;
  attributes["strides"] = Shape(spatial, stride);
  attributes["dilations"] = Shape(spatial, dilation);
  attributes["padding"] = Shape(2 * spatial, padding);
  attributes["groups"] = groups;
  return kernel.op(prefix + "conv", {in, weights}, {result}, attributes);
}

std::vector<std::string> instructions(const std::string &assembly,
                                      const std::string &pattern) {
  std::regex mnemonic("^\\s+(" + pattern + ")\\s.*");
  std::vector<std::string> found;
  std::istringstream lines(assembly);
  for (std::string line; std::getline(lines, line);)
    if (std::regex_match(line, mnemonic))
      found.push_back(line);
  return found;
}

std::vector<std::string> spillsAround(const std::string &assembly,
                                      const std::string &pattern) {
  std::regex mnemonic("^\\s+(" + pattern + ")\\s.*");
  std::regex label("^(\\.L[A-Za-z0-9_]+):.*"),
      jump("^\\s+j[a-z]+\\s+(\\.L[A-Za-z0-9_]+).*");
  std::vector<std::string> lines;
  std::istringstream stream(assembly);
  for (std::string line; std::getline(stream, line);)
    lines.push_back(line);
  // Loops end with a jump backwards.
  std::map<std::string, size_t> labels;
  std::vector<std::pair<size_t, size_t>> loops;
  std::smatch match;
  for (size_t i = 0; i < lines.size(); ++i) {
    if (std::regex_match(lines[i], match, label))
      labels[match[1]] = i;
    else if (std::regex_match(lines[i], match, jump) && labels.count(match[1]))
      loops.emplace_back(labels[match[1]], i);
  }
  std::set<std::pair<size_t, size_t>> innermost;
  for (size_t i = 0; i < lines.size(); ++i) {
    if (!std::regex_match(lines[i], mnemonic))
      continue;
    const std::pair<size_t, size_t> *smallest = nullptr;
    for (const auto &loop : loops)
      if (loop.first < i && i < loop.second &&
          (!smallest ||
           loop.second - loop.first < smallest->second - smallest->first))
        smallest = &loop;
    if (smallest)
      innermost.insert(*smallest);
  }
  if (innermost.empty())
    return {"no loop with " + pattern};
  std::vector<std::string> spills;
  for (const auto &[first, last] : innermost)
    for (size_t i = first; i < last; ++i)
      if (lines[i].find("Spill") != std::string::npos ||
          lines[i].find("Reload") != std::string::npos)
        spills.push_back(lines[i]);
  return spills;
}

std::string assemblyOf(const KernelSpec &spec, CpuLevel level) {
  CompiledKernel kernel;
  std::string error;
  EXPECT_TRUE(compileKernel(spec, "kernel", level, true, kernel, error))
      << error << "\n"
      << spec.print();
  return kernel.assembly;
}

} // namespace shiftadd::halide_gen::test
