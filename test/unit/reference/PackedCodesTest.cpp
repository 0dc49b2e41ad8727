//===- PackedCodesTest.cpp - Codes of odd widths in bytes -*- C++ -*-===//
//
// Part of the shiftadd project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
#include "dialects/Support/PackedCodes.h"

#include <gtest/gtest.h>

#include <cstring>
#include <random>

namespace shiftadd::num {

TEST(PackedCodesTest, LowBitsComeFirstAndRowsEndOnBytes) {
  // Two rows of three 5-bit codes: 15 bits, hence two bytes a row.
  const uint8_t codes[] = {0b00001, 0b10010, 0b11111, 0b10000, 0, 0b00011};
  std::vector<uint8_t> packed = packCodes(codes, 1, 2, 3, 5);
  EXPECT_EQ(packed, (std::vector<uint8_t>{0b01000001, 0b01111110, 0b00010000,
                                          0b00001100}));
}

TEST(PackedCodesTest, EveryWidthComesBack) {
  std::mt19937_64 engine(1);
  for (unsigned bits = 1; bits <= 64; ++bits)
    for (int64_t columns : {1, 2, 3, 7, 8, 17}) {
      int64_t rows = 3;
      std::vector<uint64_t> codes(rows * columns);
      for (uint64_t &code : codes)
        code = engine() & (~uint64_t(0) >> (64 - bits));
      auto *bytes = reinterpret_cast<const uint8_t *>(codes.data());
      std::vector<uint8_t> packed = packCodes(bytes, 8, rows, columns, bits);
      ASSERT_EQ(int64_t(packed.size()), rows * packedRowBytes(columns, bits));
      std::vector<uint64_t> back(codes.size());
      unpackCodes({packed.data(), rows, columns, bits}, 8, /*isSigned=*/false,
                  reinterpret_cast<uint8_t *>(back.data()));
      EXPECT_EQ(back, codes) << bits << " bits, " << columns << " columns";
    }
}

TEST(PackedCodesTest, SignedCodesAreExtended) {
  const int8_t codes[] = {-8, 7, -1, 0, 3};
  std::vector<uint8_t> packed =
      packCodes(reinterpret_cast<const uint8_t *>(codes), 1, 1, 5, 4);
  EXPECT_EQ(packed.size(), 3u);
  int16_t back[5];
  unpackCodes({packed.data(), 1, 5, 4}, 2, /*isSigned=*/true,
              reinterpret_cast<uint8_t *>(back));
  for (int i = 0; i < 5; ++i)
    EXPECT_EQ(back[i], codes[i]);
}

} // namespace shiftadd::num
