//===- CHeaderTest.cpp - The C header of a model --------------------------===//
//
// Part of the shiftadd project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// The header names every tensor and stays valid C whatever the names are.
//
//===----------------------------------------------------------------------===//
#include "codegen/Native/Library.h"
#include "test/unit/native/TestModel.h"

#include "gtest/gtest.h"

using namespace shiftadd::native;
using namespace shiftadd::native::test;

namespace {

std::string header(const ModelImage &model, const std::string &name) {
  TemporaryFolder folder;
  llvm::Error error = writeCHeader(model, folder.file("model.h"), name);
  EXPECT_FALSE(bool(error)) << llvm::toString(std::move(error));
  return readFile(folder.file("model.h"));
}

size_t occurrences(const std::string &text, const std::string &part) {
  size_t count = 0;
  for (size_t at = text.find(part); at != std::string::npos;
       at = text.find(part, at + 1))
    ++count;
  return count;
}

TEST(CHeader, NamesTheTensors) {
  std::string text = header(makeConvolutionModel(), "tiny");
  for (const char *part :
       {"#ifndef TINY_MODEL_H", "#define TINY_INPUT_COUNT 1",
        "#define TINY_INPUT_IMAGE_INDEX 0", "#define TINY_INPUT_IMAGE_BYTES 36",
        "#define TINY_OUTPUT_SCORES_ELEMENTS 36",
        "output 0: \"scores\", float [6, 6], 144 bytes"})
    EXPECT_EQ(occurrences(text, part), 1u) << part << " in\n" << text;
}

TEST(CHeader, SurvivesOddNames) {
  ModelImage model = makeConvolutionModel();
  model.inputs = {{"a.b", SHIFTADD_INT8, {-1, 4}, 4, {}},
                  {"a/b", SHIFTADD_INT8, {-1, 4}, 4, {1, 2, 3, 4}},
                  {"*/ int x; /*\n\\", SHIFTADD_INT8, {-1, 4}, 4, {}}};
  model.freeBatch = true;
  std::string text = header(model, "2 models-or*/more");
  EXPECT_EQ(occurrences(text, "_INPUT_A_B_INDEX 0"), 1u) << text;
  EXPECT_EQ(occurrences(text, "_INPUT_A_B_1_INDEX 1"), 1u) << text;
  EXPECT_EQ(occurrences(text, "*/"), 2u) << text;
  EXPECT_EQ(occurrences(text, "/*"), 2u) << text;
  EXPECT_EQ(occurrences(text, "[N, 4], 4 bytes per sample, fixed"), 1u) << text;
  EXPECT_EQ(occurrences(text, "#ifndef M_2_MODELS_OR__MORE_MODEL_H"), 1u)
      << text;
}

TEST(CHeader, BadPathIsAnError) {
  llvm::Error error =
      writeCHeader(makeConvolutionModel(), "/nowhere/at/all.h", "x");
  EXPECT_EQ(llvm::toString(std::move(error)),
            "cannot write '/nowhere/at/all.h': No such file or directory");
}

} // namespace
