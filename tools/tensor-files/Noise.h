//===- Noise.h - How far values are from their reference --------*- C++ -*-===//
//
// Part of the shiftadd project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// The measure of quantisation: everything that compares a network with its
// float form uses this one.
//
//===----------------------------------------------------------------------===//
#ifndef SHIFTADD_TOOLS_TENSORFILES_NOISE_H
#define SHIFTADD_TOOLS_TENSORFILES_NOISE_H

#include <cstdint>
#include <string>

namespace shiftadd::tools {

/// Sums over elements f of a reference and q of what is compared with it.
struct Noise {
  double signal = 0;       ///< sum of f^2
  double noise = 0;        ///< sum of (f - q)^2
  double largestError = 0; ///< max |f - q|
  uint64_t elements = 0;
  uint64_t notFinite = 0; ///< elements left out of the sums

  void add(double reference, double value);
  void add(const Noise &other);
  /// 10 * log10(mean f^2 / mean (f - q)^2); infinite without noise, NaN when
  /// elements were left out or there are none.
  double decibels() const;
};

/// "29.16 dB", or what stands instead of a number.
std::string describeDecibels(double decibels);

} // namespace shiftadd::tools

#endif // SHIFTADD_TOOLS_TENSORFILES_NOISE_H
