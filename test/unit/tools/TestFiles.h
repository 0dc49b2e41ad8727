//===- TestFiles.h - What the tests of the tools share ----------*- C++ -*-===//
//
// Part of the shiftadd project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Checked-in files and a scratch folder per test.
//
//===----------------------------------------------------------------------===//
#ifndef SHIFTADD_TEST_UNIT_TOOLS_TESTFILES_H
#define SHIFTADD_TEST_UNIT_TOOLS_TESTFILES_H

#include "tools/tensor-files/FileBytes.h"
#include "tools/tensor-files/Tensor.h"

#include "gtest/gtest.h"

#include <filesystem>
#include <fstream>
#include <string>
#include <unistd.h>
#include <vector>

namespace shiftadd::tools::test {

/// Path of a file in data/.
inline std::string dataFile(const std::string &name) {
  return std::string(SHIFTADD_TEST_DATA) + "/" + name;
}

inline std::vector<uint8_t> dataBytes(const std::string &name) {
  std::vector<uint8_t> bytes;
  std::string error;
  EXPECT_TRUE(readFile(dataFile(name), bytes, error)) << error;
  return bytes;
}

inline std::vector<uint8_t> toBytes(const std::string &text) {
  return {text.begin(), text.end()};
}

template <typename T>
Tensor makeTensor(const std::string &name, shiftadd_type type,
                  std::vector<int64_t> shape, const std::vector<T> &values) {
  Tensor tensor{name, type, std::move(shape), {}};
  auto *begin = reinterpret_cast<const uint8_t *>(values.data());
  tensor.bytes.assign(begin, begin + values.size() * sizeof(T));
  return tensor;
}

inline void expectEqual(const Tensor &a, const Tensor &b) {
  EXPECT_EQ(describe(a), describe(b));
  EXPECT_EQ(a.bytes, b.bytes);
}

/// One line that starts with the text, as every error must be.
inline void expectErrorLine(const std::string &error,
                            const std::string &start) {
  EXPECT_EQ(error.substr(0, start.size()), start);
  EXPECT_EQ(error.find('\n'), std::string::npos) << error;
}

/// A folder that lives as long as the test.
class ScratchTest : public testing::Test {
protected:
  ScratchTest() {
    std::string pattern = testing::TempDir() + "shiftadd-tools-XXXXXX";
    folder = ::mkdtemp(pattern.data());
  }
  ~ScratchTest() override {
    std::error_code code;
    std::filesystem::remove_all(folder, code);
  }

  std::string scratch(const std::string &name) const {
    return folder + "/" + name;
  }
  void writeScratch(const std::string &name, const std::string &text) const {
    std::ofstream(scratch(name), std::ios::binary) << text;
  }
  std::string readScratch(const std::string &name) const {
    std::ifstream file(scratch(name), std::ios::binary);
    return {std::istreambuf_iterator<char>(file), {}};
  }
  size_t fileCount() const {
    std::filesystem::directory_iterator files(folder);
    return size_t(std::distance(begin(files), end(files)));
  }

  std::string folder;
};

} // namespace shiftadd::tools::test

#endif // SHIFTADD_TEST_UNIT_TOOLS_TESTFILES_H
