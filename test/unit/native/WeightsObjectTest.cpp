//===- WeightsObjectTest.cpp - The object with the weights ----------------===//
//
// Part of the shiftadd project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Reads the written object back with LLVM's own ELF reader.
//
//===----------------------------------------------------------------------===//
#include "codegen/Native/WeightsObject.h"

#include "llvm/Object/ELFObjectFile.h"
#include "llvm/Support/MemoryBuffer.h"

#include "gtest/gtest.h"

using namespace shiftadd::native;

namespace {

void expectHolds(const std::vector<uint8_t> &weights) {
  llvm::Expected<MemoryFile> file = writeWeightsObject(weights);
  ASSERT_TRUE(bool(file)) << llvm::toString(file.takeError());
  auto buffer = llvm::MemoryBuffer::getFile(file->path());
  ASSERT_TRUE(bool(buffer));
  auto object = llvm::object::ObjectFile::createELFObjectFile(
      (*buffer)->getMemBufferRef());
  ASSERT_TRUE(bool(object)) << llvm::toString(object.takeError());

  bool found = false;
  for (llvm::object::ELFSectionRef section : (*object)->sections()) {
    if (llvm::cantFail(section.getName()) != ".lrodata.weights")
      continue;
    found = true;
    EXPECT_EQ(section.getAlignment().value(), 64u);
    EXPECT_EQ(section.getFlags(),
              uint64_t(llvm::ELF::SHF_ALLOC | llvm::ELF::SHF_X86_64_LARGE));
    llvm::StringRef contents = llvm::cantFail(section.getContents());
    ASSERT_EQ(contents.size(), weights.size());
    EXPECT_TRUE(std::equal(contents.bytes_begin(), contents.bytes_end(),
                           weights.begin()));
    EXPECT_EQ((contents.bytes_begin() -
               reinterpret_cast<const uint8_t *>((*buffer)->getBufferStart())) %
                  64,
              0);
  }
  EXPECT_TRUE(found);

  size_t symbols = 0;
  for (llvm::object::ELFSymbolRef symbol : (*object)->symbols()) {
    ++symbols;
    EXPECT_EQ(llvm::cantFail(symbol.getName()), kWeightsSymbol);
    EXPECT_EQ(symbol.getBinding(), llvm::ELF::STB_GLOBAL);
    EXPECT_EQ(symbol.getOther(), llvm::ELF::STV_HIDDEN);
    EXPECT_EQ(symbol.getSize(), weights.size());
    EXPECT_EQ(llvm::cantFail(symbol.getValue()), 0u);
  }
  EXPECT_EQ(symbols, 1u);
}

TEST(WeightsObject, HoldsTheWeights) {
  for (size_t count : {size_t(0), size_t(1), size_t(64), size_t(1000003)}) {
    std::vector<uint8_t> weights(count);
    for (size_t i = 0; i < count; ++i)
      weights[i] = uint8_t(i * 37 + i / 251);
    expectHolds(weights);
  }
}

} // namespace
