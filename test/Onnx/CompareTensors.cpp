//===- CompareTensors.cpp - Whether two outputs agree ------*- C++ -*- -===//
//
// Part of the shiftadd project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
#include "test/Onnx/CompareTensors.h"

#include "llvm/ADT/APFloat.h"
#include "llvm/ADT/APInt.h"

#include <cmath>
#include <cstring>

namespace shiftadd::test {
namespace {

using tools::Tensor;

template <typename T> T load(const Tensor &tensor, size_t index) {
  T value;
  std::memcpy(&value, tensor.bytes.data() + index * sizeof(T), sizeof(T));
  return value;
}

double loadSmallFloat(const Tensor &tensor, size_t index,
                      const llvm::fltSemantics &semantics) {
  llvm::APFloat value(semantics,
                      llvm::APInt(16, load<uint16_t>(tensor, index)));
  bool losesInfo;
  value.convert(llvm::APFloat::IEEEdouble(), llvm::APFloat::rmNearestTiesToEven,
                &losesInfo);
  return value.convertToDouble();
}

double loadFloat(const Tensor &tensor, size_t index) {
  switch (tensor.type) {
  case SHIFTADD_FLOAT16:
    return loadSmallFloat(tensor, index, llvm::APFloat::IEEEhalf());
  case SHIFTADD_BFLOAT16:
    return loadSmallFloat(tensor, index, llvm::APFloat::BFloat());
  case SHIFTADD_FLOAT32:
    return load<float>(tensor, index);
  default:
    return load<double>(tensor, index);
  }
}

/// Wide enough for the values of every integer type.
__int128 loadInteger(const Tensor &tensor, size_t index) {
  switch (tensor.type) {
  case SHIFTADD_INT8:
    return load<int8_t>(tensor, index);
  case SHIFTADD_INT16:
    return load<int16_t>(tensor, index);
  case SHIFTADD_INT32:
    return load<int32_t>(tensor, index);
  case SHIFTADD_INT64:
    return load<int64_t>(tensor, index);
  case SHIFTADD_UINT16:
    return load<uint16_t>(tensor, index);
  case SHIFTADD_UINT32:
    return load<uint32_t>(tensor, index);
  case SHIFTADD_UINT64:
    return load<uint64_t>(tensor, index);
  default:
    return load<uint8_t>(tensor, index);
  }
}

/// Counts wrong elements and remembers the first.
struct Differences {
  size_t count = 0;
  std::string first;

  void add(size_t index, const std::string &actual,
           const std::string &expected) {
    if (count++ == 0)
      first = "element " + std::to_string(index) + " is " + actual +
              ", expected " + expected;
  }
};

std::string print(double value) {
  char text[40];
  std::snprintf(text, sizeof(text), "%.9g", value);
  return text;
}

double largestFinite(const Tensor &tensor, size_t count) {
  double largest = 0;
  for (size_t i = 0; i < count; ++i) {
    double value = std::fabs(loadFloat(tensor, i));
    if (std::isfinite(value))
      largest = std::max(largest, value);
  }
  return largest;
}

void compareFloats(const Tensor &actual, const Tensor &expected, size_t count,
                   const Tolerance &tolerance, double &largest,
                   Differences &differences) {
  double scale = largestFinite(expected, count);
  for (size_t i = 0; i < count; ++i) {
    double a = loadFloat(actual, i), e = loadFloat(expected, i);
    if (a == e || (std::isnan(a) && std::isnan(e)))
      continue;
    double allowed = tolerance.absolute + tolerance.relative * std::fabs(e) +
                     tolerance.ofLargest * scale;
    // Written so that a NaN on one side is a difference.
    if (!std::isfinite(e) || !(std::fabs(a - e) <= allowed))
      differences.add(i, print(a), print(e));
    else if (scale > 0)
      largest = std::max(largest, std::fabs(a - e) / scale);
  }
}

void compareIntegers(const Tensor &actual, const Tensor &expected, size_t count,
                     const Tolerance &tolerance, Differences &differences) {
  int64_t steps = actual.type == SHIFTADD_BOOL ? 0 : tolerance.steps;
  for (size_t i = 0; i < count; ++i) {
    __int128 a = loadInteger(actual, i), e = loadInteger(expected, i);
    __int128 difference = a < e ? e - a : a - e;
    if (difference > steps)
      differences.add(i, print(double(a)), print(double(e)));
  }
}

} // namespace

double floatStep(shiftadd_type type) {
  switch (type) {
  case SHIFTADD_FLOAT16:
    return 0x1p-10;
  case SHIFTADD_BFLOAT16:
    return 0x1p-7;
  case SHIFTADD_FLOAT32:
    return 0x1p-23;
  case SHIFTADD_FLOAT64:
    return 0x1p-52;
  default:
    return 0;
  }
}

bool compareOutputs(const std::vector<Tensor> &actual,
                    const std::vector<Tensor> &expected,
                    const Tolerance &tolerance, double &largest,
                    std::string &error) {
  largest = 0;
  if (actual.size() != expected.size()) {
    error = std::to_string(actual.size()) + " outputs, expected " +
            std::to_string(expected.size());
    return false;
  }
  for (size_t k = 0; k < actual.size(); ++k) {
    const Tensor &a = actual[k], &e = expected[k];
    error = "output " + std::to_string(k) + ": ";
    if (a.type != e.type || a.shape != e.shape ||
        a.bytes.size() != e.bytes.size()) {
      error += describe(a) + ", expected " + describe(e);
      return false;
    }
    size_t count = a.bytes.size() / tools::elementBytes(a.type);
    Differences differences;
    if (floatStep(a.type) > 0)
      compareFloats(a, e, count, tolerance, largest, differences);
    else
      compareIntegers(a, e, count, tolerance, differences);
    if (differences.count) {
      error += differences.first + " (" + std::to_string(differences.count) +
               " of " + std::to_string(count) + " elements of " + describe(a) +
               " differ)";
      return false;
    }
  }
  error.clear();
  return true;
}

} // namespace shiftadd::test
