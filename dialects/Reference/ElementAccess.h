//===- ElementAccess.h - Elements as numbers --------------------*- C++ -*-===//
//
// Part of the shiftadd project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Inside the reference interpreter only: ops are written once as generic
// functions of a double, an int64_t or a uint64_t, whichever has the element's
// meaning.
//
//===----------------------------------------------------------------------===//
#ifndef SHIFTADD_REFERENCE_ELEMENTACCESS_H
#define SHIFTADD_REFERENCE_ELEMENTACCESS_H

#include "dialects/Reference/Tensor.h"

#include <cmath>
#include <type_traits>

namespace shiftadd::ref {

/// An arithmetic type with the element's meaning, for generic operations.
template <typename Function>
void withElementType(const Tensor &tensor, Function function) {
  if (tensor.isFloat())
    return function(double());
  if (tensor.isUnsigned())
    return function(uint64_t());
  return function(int64_t());
}

template <typename T> T load(const Tensor &tensor, int64_t index) {
  if constexpr (std::is_floating_point_v<T>)
    return tensor.getDouble(index);
  else
    return static_cast<T>(tensor.getInteger(index));
}

template <typename T> void store(const Writer &writer, int64_t index, T value) {
  if constexpr (std::is_floating_point_v<T>)
    writer.setDouble(index, value);
  else if constexpr (std::is_signed_v<T>)
    writer.setInteger(index, value);
  else
    writer.setUnsigned(index, value);
}

inline llvm::Error refuseCodes(const Tensor &tensor) {
  if (tensor.isCoded())
    return makeError("is not defined on quantised tensors");
  return llvm::Error::success();
}

/// Signed overflow is undefined in C++; its wrap is that of unsigned numbers.
template <typename T, typename Function>
T wrapping(T a, T b, Function function) {
  if constexpr (std::is_floating_point_v<T>)
    return function(a, b);
  else
    return static_cast<T>(
        function(static_cast<uint64_t>(a), static_cast<uint64_t>(b)));
}

template <typename T> bool isNan(T value) {
  if constexpr (std::is_floating_point_v<T>)
    return std::isnan(value);
  else
    return false;
}

template <typename T> T minimum(T a, T b) {
  return isNan(a) ? a : isNan(b) ? b : b < a ? b : a;
}
template <typename T> T maximum(T a, T b) {
  return isNan(a) ? a : isNan(b) ? b : a < b ? b : a;
}

} // namespace shiftadd::ref

#endif // SHIFTADD_REFERENCE_ELEMENTACCESS_H
