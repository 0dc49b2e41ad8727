//===- PackedCodes.cpp - Codes of odd widths in bytes -*- C++ -*-===//
//
// Part of the shiftadd project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
#include "dialects/Support/PackedCodes.h"

#include <cstring>

namespace shiftadd::num {

int64_t packedRowBytes(int64_t columns, unsigned bits) {
  return (columns * bits + 7) / 8;
}

static uint64_t lowBits(unsigned bits) { return ~uint64_t(0) >> (64 - bits); }

std::vector<uint8_t> packCodes(const uint8_t *codes, unsigned width,
                               int64_t rows, int64_t columns, unsigned bits) {
  int64_t rowBytes = packedRowBytes(columns, bits);
  std::vector<uint8_t> packed(rows * rowBytes, 0);
  for (int64_t row = 0; row < rows; ++row) {
    uint8_t *out = packed.data() + row * rowBytes;
    // Fewer than 8 bits wait between two codes, so 64 more always fit.
    unsigned __int128 pending = 0;
    unsigned count = 0;
    for (int64_t column = 0; column < columns; ++column) {
      uint64_t code = 0;
      std::memcpy(&code, codes, width);
      codes += width;
      pending |= static_cast<unsigned __int128>(code & lowBits(bits)) << count;
      for (count += bits; count >= 8; count -= 8) {
        *out++ = static_cast<uint8_t>(pending);
        pending >>= 8;
      }
    }
    if (count > 0)
      *out = static_cast<uint8_t>(pending);
  }
  return packed;
}

void unpackCodes(const PackedCodes &packed, unsigned width, bool isSigned,
                 uint8_t *codes) {
  unsigned bits = packed.bits;
  int64_t rowBytes = packedRowBytes(packed.columns, bits);
  for (int64_t row = 0; row < packed.rows; ++row) {
    const uint8_t *in = packed.bytes + row * rowBytes;
    unsigned __int128 pending = 0;
    unsigned count = 0;
    for (int64_t column = 0; column < packed.columns; ++column) {
      for (; count < bits; count += 8)
        pending |= static_cast<unsigned __int128>(*in++) << count;
      uint64_t code = static_cast<uint64_t>(pending) & lowBits(bits);
      pending >>= bits;
      count -= bits;
      if (isSigned && (code >> (bits - 1)) != 0)
        code |= ~lowBits(bits);
      std::memcpy(codes, &code, width);
      codes += width;
    }
  }
}

} // namespace shiftadd::num
