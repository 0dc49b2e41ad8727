//===- TopClasses.cpp - The best classes of an output ---------------------===//
//
// Part of the shiftadd project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Scores are printed as the network gives them: whether a softmax belongs on
// top is not known here.
//
//===----------------------------------------------------------------------===//

#include "tools/shiftadd-run/TopClasses.h"
#include "tools/shiftadd-run/ExitStatus.h"

#include "llvm/ADT/APFloat.h"
#include "llvm/Support/Format.h"
#include "llvm/Support/FormatVariadic.h"

#include <algorithm>
#include <cmath>
#include <cstring>
#include <numeric>

namespace shiftadd::tools {
namespace {

template <typename T> std::vector<double> elements(const Tensor &tensor) {
  std::vector<double> values(tensor.bytes.size() / sizeof(T));
  for (size_t i = 0; i < values.size(); ++i) {
    T value;
    std::memcpy(&value, tensor.bytes.data() + i * sizeof(T), sizeof(T));
    values[i] = double(value);
  }
  return values;
}

std::vector<double> halves(const Tensor &tensor,
                           const llvm::fltSemantics &semantics) {
  std::vector<double> values(tensor.bytes.size() / 2);
  for (size_t i = 0; i < values.size(); ++i) {
    uint16_t bits;
    std::memcpy(&bits, tensor.bytes.data() + i * 2, 2);
    values[i] =
        llvm::APFloat(semantics, llvm::APInt(16, bits)).convertToDouble();
  }
  return values;
}

} // namespace

std::vector<double> toDoubles(const Tensor &tensor) {
  switch (tensor.type) {
  case SHIFTADD_BOOL:
  case SHIFTADD_UINT8:
    return elements<uint8_t>(tensor);
  case SHIFTADD_INT8:
    return elements<int8_t>(tensor);
  case SHIFTADD_INT16:
    return elements<int16_t>(tensor);
  case SHIFTADD_INT32:
    return elements<int32_t>(tensor);
  case SHIFTADD_INT64:
    return elements<int64_t>(tensor);
  case SHIFTADD_UINT16:
    return elements<uint16_t>(tensor);
  case SHIFTADD_UINT32:
    return elements<uint32_t>(tensor);
  case SHIFTADD_UINT64:
    return elements<uint64_t>(tensor);
  case SHIFTADD_FLOAT16:
    return halves(tensor, llvm::APFloat::IEEEhalf());
  case SHIFTADD_BFLOAT16:
    return halves(tensor, llvm::APFloat::BFloat());
  case SHIFTADD_FLOAT32:
    return elements<float>(tensor);
  case SHIFTADD_FLOAT64:
    return elements<double>(tensor);
  }
  return {};
}

llvm::Error printTopClasses(const Tensor &scores,
                            const std::vector<std::string> &labels,
                            const std::string &labelsPath, unsigned top,
                            llvm::raw_ostream &os) {
  std::vector<double> values = toDoubles(scores);
  if (!labels.empty() && labels.size() != values.size())
    return wrongInput(labelsPath + ": has " + llvm::Twine(labels.size()) +
                      " labels, but output '" + scores.name + "' has " +
                      llvm::Twine(values.size()) + " classes");
  std::vector<size_t> order(values.size());
  std::iota(order.begin(), order.end(), size_t(0));
  // NaN would break the order; it ranks last.
  std::stable_sort(order.begin(), order.end(), [&](size_t a, size_t b) {
    return values[a] > values[b] ||
           (std::isnan(values[b]) && !std::isnan(values[a]));
  });
  order.resize(std::min<size_t>(order.size(), top));

  size_t width = 5;
  if (!labels.empty())
    for (size_t index : order)
      width = std::max(width, labels[index].size());
  os << llvm::formatv("{0,4}  {1,5}  {2}  {3,12}\n", "rank", "class",
                      llvm::left_justify("label", unsigned(width)), "score");
  for (size_t i = 0; i < order.size(); ++i) {
    std::string label = labels.empty() ? "-" : labels[order[i]];
    os << llvm::formatv("{0,4}  {1,5}  {2}  ", i + 1, order[i],
                        llvm::left_justify(label, unsigned(width)))
       << llvm::format("%12.6g\n", values[order[i]]);
  }
  return llvm::Error::success();
}

} // namespace shiftadd::tools
