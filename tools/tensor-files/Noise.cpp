//===- Noise.cpp - How far values are from their reference ----------------===//
//
// Part of the shiftadd project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "tools/tensor-files/Noise.h"

#include <algorithm>
#include <cmath>
#include <cstdio>
#include <limits>

namespace shiftadd::tools {

void Noise::add(double reference, double value) {
  ++elements;
  if (!std::isfinite(reference) || !std::isfinite(value)) {
    ++notFinite;
    return;
  }
  double difference = reference - value;
  signal += reference * reference;
  noise += difference * difference;
  largestError = std::max(largestError, std::fabs(difference));
}

void Noise::add(const Noise &other) {
  signal += other.signal;
  noise += other.noise;
  largestError = std::max(largestError, other.largestError);
  elements += other.elements;
  notFinite += other.notFinite;
}

double Noise::decibels() const {
  if (!elements || notFinite)
    return std::numeric_limits<double>::quiet_NaN();
  if (noise == 0)
    return std::numeric_limits<double>::infinity();
  return 10 * std::log10(signal / noise);
}

std::string describeDecibels(double decibels) {
  if (std::isnan(decibels))
    return "undefined";
  if (std::isinf(decibels))
    return decibels > 0 ? "no noise" : "no signal";
  char text[32];
  std::snprintf(text, sizeof text, "%.2f dB", decibels);
  return text;
}

} // namespace shiftadd::tools
