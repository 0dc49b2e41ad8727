//===- PackedCodes.h - Codes of odd widths in bytes -*- C++ -*-===//
//
// Part of the shiftadd project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// The one place where codes whose width is no whole machine integer are packed
// and unpacked: along the last axis, low bits first, each row padded to a byte.
//
//===----------------------------------------------------------------------===//
#ifndef SHIFTADD_SUPPORT_PACKEDCODES_H
#define SHIFTADD_SUPPORT_PACKEDCODES_H

#include <cstdint>
#include <vector>

namespace shiftadd::num {

/// Bytes of one row of `columns` codes of `bits` bits each.
int64_t packedRowBytes(int64_t columns, unsigned bits);

/// `rows` x `columns` codes of `bits` bits (1 to 64), given as little-endian
/// integers of `width` bytes each (1, 2, 4 or 8); surplus high bits are
/// dropped.
std::vector<uint8_t> packCodes(const uint8_t *codes, unsigned width,
                               int64_t rows, int64_t columns, unsigned bits);

struct PackedCodes {
  const uint8_t *bytes; ///< rows * packedRowBytes(columns, bits)
  int64_t rows, columns;
  unsigned bits;
};

/// The inverse: rows * columns integers of `width` bytes, sign-extended from
/// `bits` bits when `isSigned`.
void unpackCodes(const PackedCodes &packed, unsigned width, bool isSigned,
                 uint8_t *codes);

} // namespace shiftadd::num

#endif // SHIFTADD_SUPPORT_PACKEDCODES_H
