//===- FilesTest.cpp - Files, folders and labels --------------------------===//
//
// Part of the shiftadd project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// What is read from where, and that a failed write leaves nothing behind.
//
//===----------------------------------------------------------------------===//

#include "test/unit/tools/TestFiles.h"
#include "tools/tensor-files/LabelFile.h"
#include "tools/tensor-files/TensorFiles.h"

#include <sys/stat.h>
#include <thread>

using namespace shiftadd::tools;
using namespace shiftadd::tools::test;
namespace fs = std::filesystem;

namespace {

using FilesTest = ScratchTest;

Tensor twoFloats(const std::string &name) {
  return makeTensor(name, SHIFTADD_FLOAT32, {2}, std::vector<float>{1, 2});
}

TEST_F(FilesTest, ReadErrorsNameTheFile) {
  std::vector<uint8_t> bytes;
  std::string error;
  EXPECT_FALSE(readFile(scratch("none"), bytes, error));
  EXPECT_EQ(error,
            scratch("none") + ": cannot open: No such file or directory");
  EXPECT_FALSE(readFile(folder, bytes, error));
  EXPECT_EQ(error, folder + ": is not a file");
  EXPECT_FALSE(readFile("/dev/zero", bytes, error));
  EXPECT_EQ(error, "/dev/zero: is not a file");
  // A file of 2^43 bytes that takes no space, where the file system has such.
  writeScratch("sparse", "x");
  std::error_code code;
  fs::resize_file(scratch("sparse"), uint64_t(1) << 43, code);
  if (!code) {
    EXPECT_FALSE(readFile(scratch("sparse"), bytes, error));
    EXPECT_EQ(error, scratch("sparse") + ": is too large for the memory");
  }
}

TEST_F(FilesTest, ReadsPipes) {
  ASSERT_EQ(::mkfifo(scratch("pipe").c_str(), 0600), 0);
  std::string text(200000, 'x');
  std::thread writer([&] { writeScratch("pipe", text); });
  std::vector<uint8_t> bytes;
  std::string error;
  bool good = readFile(scratch("pipe"), bytes, error);
  writer.join();
  ASSERT_TRUE(good) << error;
  EXPECT_EQ(bytes, toBytes(text));
}

TEST_F(FilesTest, WritesAllFilesOrNone) {
  writeScratch("a", "old");
  std::string error;
  EXPECT_FALSE(writeFiles(
      {{scratch("a"), toBytes("new")}, {scratch("none/b"), toBytes("new")}},
      error));
  EXPECT_EQ(error, scratch("none/b") + ": cannot write: No such file or "
                                       "directory");
  EXPECT_EQ(readScratch("a"), "old");
  EXPECT_EQ(fileCount(), 1u);

  ASSERT_TRUE(writeFiles(
      {{scratch("a"), toBytes("new")}, {scratch("b"), toBytes("")}}, error))
      << error;
  EXPECT_EQ(readScratch("a"), "new");
  EXPECT_EQ(fileCount(), 2u);
}

TEST_F(FilesTest, AFullDiskIsAnError) {
  fs::create_symlink("/dev/full", scratch("full.npy"));
  std::string error;
  EXPECT_FALSE(writeTensors(scratch("full.npy"), {twoFloats("x")}, error));
  EXPECT_EQ(error,
            scratch("full.npy") + ": cannot write: No space left on device");
  EXPECT_TRUE(fs::is_symlink(scratch("full.npy")));
}

TEST_F(FilesTest, WritesThroughLinksAndKeepsThem) {
  writeScratch("target", "old");
  fs::create_symlink("target", scratch("link"));
  std::string error;
  ASSERT_TRUE(writeFiles({{scratch("link"), toBytes("new")}}, error)) << error;
  EXPECT_EQ(readScratch("target"), "new");
  EXPECT_TRUE(fs::is_symlink(scratch("link")));
}

TEST_F(FilesTest, FolderOfInputs) {
  for (int i = 0; i < 11; ++i)
    fs::copy_file(dataFile(i == 10 ? "int8-raw.pb" : "float32-typed.pb"),
                  scratch("input_" + std::to_string(i) + ".pb"));
  writeScratch("output_0.pb", "ignored");
  writeScratch("input_x.pb", "ignored");
  TensorSet set;
  std::string error;
  ASSERT_TRUE(readTensorSet(folder, set, error)) << error;
  EXPECT_FALSE(set.named);
  // In numerical order, where 10 comes after 9.
  ASSERT_EQ(set.tensors.size(), 11u);
  EXPECT_EQ(set.tensors[1].type, SHIFTADD_FLOAT32);
  EXPECT_EQ(set.tensors[10].type, SHIFTADD_INT8);
  EXPECT_EQ(set.tensors[10].name, "");

  fs::remove(scratch("input_3.pb"));
  EXPECT_FALSE(readTensorSet(folder, set, error));
  EXPECT_EQ(error, folder + ": input_3.pb is missing");

  writeScratch("input_3.pb", "junk");
  EXPECT_FALSE(readTensorSet(folder, set, error));
  expectErrorLine(error, scratch("input_3.pb") + ": not an onnx.TensorProto");

  EXPECT_FALSE(readTensorSet(SHIFTADD_TEST_DATA, set, error));
  EXPECT_EQ(error, SHIFTADD_TEST_DATA ": the folder holds no input_0.pb");
}

TEST_F(FilesTest, TellsFormatsByContents) {
  fs::copy_file(dataFile("stored.npz"), scratch("archive.npy"));
  TensorSet set;
  std::string error;
  ASSERT_TRUE(readTensorSet(scratch("archive.npy"), set, error)) << error;
  EXPECT_TRUE(set.named);
  EXPECT_EQ(set.tensors.size(), 2u);

  writeScratch("text.txt", "hello");
  EXPECT_FALSE(readTensorSet(scratch("text.txt"), set, error));
  EXPECT_EQ(error, scratch("text.txt") + ": is neither .npy, .npz nor .pb");
  writeScratch("x.npy", "");
  EXPECT_FALSE(readTensorSet(scratch("x.npy"), set, error));
  EXPECT_EQ(error, scratch("x.npy") + ": is not a NumPy file, or truncated");
  writeScratch("x.npz", "PK");
  EXPECT_FALSE(readTensorSet(scratch("x.npz"), set, error));
  expectErrorLine(error, scratch("x.npz") + ": not a readable zip archive: ");
}

TEST_F(FilesTest, WritesEveryForm) {
  std::vector<Tensor> tensors = {twoFloats("x"), twoFloats("y/z")};
  std::string error;
  ASSERT_TRUE(writeTensors(scratch("o.npz"), tensors, error)) << error;
  TensorSet set;
  ASSERT_TRUE(readTensorSet(scratch("o.npz"), set, error)) << error;
  ASSERT_EQ(set.tensors.size(), 2u);
  EXPECT_EQ(set.tensors[1].name, "y/z");
  expectEqual(set.tensors[1], tensors[1]);

  ASSERT_TRUE(writeTensors(scratch("folder"), tensors, error)) << error;
  Tensor tensor;
  ASSERT_TRUE(readTensor(scratch("folder/output_1.pb"), tensor, error));
  EXPECT_EQ(tensor.name, "y/z");
  expectEqual(tensor, tensors[1]);

  EXPECT_FALSE(writeTensors(scratch("o.npy"), tensors, error));
  EXPECT_EQ(error, scratch("o.npy") + ": an .npy file holds one tensor, the "
                                      "model has 2 outputs; use .npz");
  EXPECT_FALSE(fs::exists(scratch("o.npy")));
  tensors.pop_back();
  ASSERT_TRUE(writeTensors(scratch("o.npy"), tensors, error)) << error;
  ASSERT_TRUE(readTensor(scratch("o.npy"), tensor, error));
  expectEqual(tensor, tensors[0]);
}

TEST_F(FilesTest, Labels) {
  std::vector<std::string> labels;
  std::string error;
  writeScratch("labels", "cat\r\n\ngreat white shark\nlast\n\n");
  ASSERT_TRUE(readLabels(scratch("labels"), labels, error)) << error;
  EXPECT_EQ(labels,
            (std::vector<std::string>{"cat", "", "great white shark", "last"}));
  writeScratch("labels", "\n\n");
  EXPECT_FALSE(readLabels(scratch("labels"), labels, error));
  EXPECT_EQ(error, scratch("labels") + ": holds no labels");
  EXPECT_FALSE(readLabels(dataFile("picture.png"), labels, error));
  EXPECT_EQ(error, dataFile("picture.png") + ": is not a text file");
}

} // namespace
