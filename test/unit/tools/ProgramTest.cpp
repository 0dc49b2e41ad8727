//===- ProgramTest.cpp - shiftadd-run as scripts call it ------------------===//
//
// Part of the shiftadd project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Runs the program on hand-written model libraries and checks what it prints,
// writes and returns.
//
//===----------------------------------------------------------------------===//

#include "test/unit/tools/TestFiles.h"
#include "tools/tensor-files/TensorFiles.h"

#include "llvm/ADT/StringRef.h"
#include "llvm/Support/Regex.h"

#include <sys/wait.h>

using namespace shiftadd::tools;
using namespace shiftadd::tools::test;
namespace fs = std::filesystem;

namespace {

class ProgramTest : public ScratchTest {
protected:
  ProgramTest() {
    std::string error;
    EXPECT_TRUE(writeTensors(scratch("image.npy"), {images(1)}, error));
    EXPECT_TRUE(writeTensors(scratch("images.npz"), {images(3)}, error));
  }

  /// 0, 1, 2, ... in [count,3,2,2].
  static Tensor images(int64_t count) {
    std::vector<float> values(size_t(count * 12));
    for (size_t i = 0; i < values.size(); ++i)
      values[i] = float(i);
    return makeTensor("image", SHIFTADD_FLOAT32, {count, 3, 2, 2}, values);
  }

  /// What the hand-written models compute from images().
  static Tensor sums(int64_t count) {
    std::vector<float> values(size_t(count * 3));
    for (size_t i = 0; i < values.size(); ++i)
      values[i] = float(16 * i + 6);
    return makeTensor("logits", SHIFTADD_FLOAT32, {count, 3}, values);
  }

  /// Runs the program in the scratch folder; fills `out` and `err`.
  int run(const std::string &arguments) {
    std::string command = "cd " + folder + " && " SHIFTADD_RUN " " + arguments +
                          " >stdout.txt 2>stderr.txt";
    int status = std::system(command.c_str());
    out = readScratch("stdout.txt");
    err = readScratch("stderr.txt");
    return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
  }

  /// Expects exit code 1, nothing printed but this line, and no output.
  void expectError(const std::string &arguments, const std::string &line) {
    EXPECT_EQ(run(arguments), 1) << arguments;
    EXPECT_EQ(err, "shiftadd-run: error: " + line + "\n") << arguments;
    EXPECT_EQ(out, "") << arguments;
    EXPECT_FALSE(fs::exists(scratch("out.npz"))) << arguments;
  }

  Tensor result(const std::string &file) {
    TensorSet set;
    std::string error;
    EXPECT_TRUE(readTensorSet(scratch(file), set, error)) << error;
    return set.tensors.empty() ? Tensor() : set.tensors[0];
  }

  std::string out, err;
};

constexpr char fixedModel[] = SHIFTADD_TEST_MODELS "/fixed.so";
constexpr char batchModel[] = SHIFTADD_TEST_MODELS "/batch.so";
constexpr char valueModel[] = SHIFTADD_TEST_MODELS "/value.so";

std::string with(const char *model, const std::string &rest) {
  return std::string(model) + " " + rest;
}

TEST_F(ProgramTest, FilesIn) {
  ASSERT_EQ(run(with(fixedModel, "--inputs image.npy --outputs out.npz")), 0)
      << err;
  EXPECT_EQ(out, "");
  Tensor tensor = result("out.npz");
  EXPECT_EQ(tensor.name, "logits");
  expectEqual(tensor, sums(1));
}

TEST_F(ProgramTest, SeveralSamples) {
  for (const char *model : {fixedModel, batchModel, valueModel}) {
    ASSERT_EQ(run(with(model, "--inputs images.npz --outputs out.npz")), 0)
        << err;
    expectEqual(result("out.npz"), sums(3));
  }
}

TEST_F(ProgramTest, Folders) {
  std::string error;
  fs::create_directory(scratch("in"));
  ASSERT_TRUE(writeTensors(scratch("in"), {images(1)}, error)) << error;
  fs::rename(scratch("in/output_0.pb"), scratch("in/input_0.pb"));
  ASSERT_EQ(run(with(fixedModel, "--inputs in --outputs in")), 0) << err;
  Tensor tensor;
  ASSERT_TRUE(readTensor(scratch("in/output_0.pb"), tensor, error)) << error;
  EXPECT_EQ(tensor.name, "logits");
  expectEqual(tensor, sums(1));
}

TEST_F(ProgramTest, BenchPrintsItsFixedForm) {
  std::string model = fixedModel;
  for (std::string start : {"--bench " + model, model + " --bench"}) {
    ASSERT_EQ(run(start + " --threads 1 --warmup 2 --runs 3 --input image.npy "
                          "--output out.npy --profile"),
              0)
        << err;
    llvm::Regex form("^([0-9]+\\.[0-9]{6}\n){3}"
                     "# load_ms [0-9]+\\.[0-9]+\n"
                     "# first_run_ms [0-9]+\\.[0-9]+\n"
                     "# peak_rss_mb [0-9]+\\.[0-9]+\n"
                     "# layer sum 1\\.500000\n$");
    EXPECT_TRUE(form.match(out)) << out;
    expectEqual(result("out.npy"), sums(1));
  }
}

TEST_F(ProgramTest, Profile) {
  ASSERT_EQ(run(with(fixedModel, "--inputs images.npz --profile")), 0) << err;
  EXPECT_EQ(out, "layer          ms     share\n"
                 "sum         4.500   100.0 %\n"
                 "total       4.500   100.0 %\n");
}

TEST_F(ProgramTest, ImageWithStoredAndGivenNormalisation) {
  // A uniform picture, 4 pixels of each channel: (v - mean) * 0.5 * 4.
  writeScratch("labels", "red\ngreen\nblue\n");
  std::string picture = dataFile("uniform.png"); // 10, 200, 30
  ASSERT_EQ(
      run(with(fixedModel, "--image " + picture + " --labels labels --top 2")),
      0)
      << err;
  EXPECT_EQ(out, "rank  class  label         score\n"
                 "   1      1  green           396\n"
                 "   2      2  blue             54\n");
  ASSERT_EQ(run(with(batchModel, "--image " + picture +
                                     " --image-mean 0,200,0 "
                                     "--image-scale=-1 --top 1")),
            0)
      << err;
  EXPECT_EQ(out, "rank  class  label         score\n"
                 "   1      1  -                -0\n");
}

TEST_F(ProgramTest, WrongTensors) {
  std::string error;
  Tensor tensor = images(1);
  tensor.name = "img";
  ASSERT_TRUE(writeTensors(scratch("name.npz"), {tensor}, error));
  expectError(with(fixedModel, "--inputs name.npz --outputs out.npz"),
              "name.npz: holds no array 'image'; the model's inputs are "
              "'image' (float32[1,3,2,2]), the file holds 'img'");
  tensor.type = SHIFTADD_INT32;
  ASSERT_TRUE(writeTensors(scratch("type.npy"), {tensor}, error));
  expectError(with(fixedModel, "--inputs type.npy --outputs out.npz"),
              "input 'image': expected float32[1,3,2,2], given "
              "int32[1,3,2,2]");
  tensor = images(1);
  tensor.shape = {1, 3, 4, 1};
  ASSERT_TRUE(writeTensors(scratch("shape.npy"), {tensor}, error));
  expectError(with(fixedModel, "--inputs shape.npy --outputs out.npz"),
              "input 'image': expected float32[1,3,2,2] or a multiple of its "
              "first dimension, given float32[1,3,4,1]");
  expectError(with(fixedModel, "--inputs none.npy --outputs out.npz"),
              "none.npy: cannot open: No such file or directory");
}

TEST_F(ProgramTest, WrongFixedValue) {
  Tensor steps =
      makeTensor("steps", SHIFTADD_INT64, {2}, std::vector<int64_t>{7, 9});
  std::string error;
  ASSERT_TRUE(writeTensors(scratch("in.npz"), {images(1), steps}, error));
  expectError(with(valueModel, "--inputs in.npz --outputs out.npz"),
              "input 'steps': the model was compiled for one value of it and "
              "takes no other");
}

TEST_F(ProgramTest, WrongFiles) {
  expectError("none.so --inputs image.npy --outputs out.npz",
              "none.so: cannot open: No such file or directory");
  expectError(". --inputs image.npy --outputs out.npz",
              ".: cannot open: Is a directory");
  writeScratch("text.so", "no library");
  EXPECT_EQ(run("text.so --inputs image.npy --outputs out.npz"), 1);
  EXPECT_NE(err.find("text.so"), std::string::npos);
  EXPECT_EQ(std::count(err.begin(), err.end(), '\n'), 1) << err;
  expectError(with(fixedModel, "--inputs image.npy --outputs none/out.npz"),
              "none/out.npz: cannot write: No such file or directory");
  expectError(with(fixedModel, "--image image.npy"),
              "image.npy: is not a readable PNG or JPEG picture: Image not of "
              "any known type, or corrupt");
  writeScratch("labels", "one\n");
  expectError(with(fixedModel, "--image " + dataFile("uniform.png") +
                                   " --labels labels --outputs out.npz"),
              "labels: has 1 labels, but output 'logits' has 3 classes");
}

TEST_F(ProgramTest, AFullDiskIsAnError) {
  fs::create_symlink("/dev/full", scratch("full.npz"));
  expectError(with(fixedModel, "--inputs image.npy --outputs full.npz"),
              "full.npz: cannot write: No space left on device");
}

TEST_F(ProgramTest, WrongOptions) {
  expectError("--inputs image.npy",
              "no model: give a LIB.so, a MODEL.onnx or a STAGE.mlir (see "
              "--help)");
  expectError(fixedModel, "nothing to run on: give --inputs or --image");
  expectError(with(fixedModel, "--inputs image.npy"),
              "nothing to do with the results: give --outputs");
  expectError(with(fixedModel, "--inputs image.npy --top 3"),
              "--top needs --image");
  expectError(with(fixedModel, "--inputs image.npy --runs 3"),
              "--runs needs --bench");
  expectError(with(fixedModel, "--inputs image.npy --image x.png"),
              "--image and --inputs exclude each other");
  expectError(with(fixedModel, "--bench"), "--bench needs --inputs");
  expectError(with(fixedModel, "--inputs a.npy --inputs b.npy --outputs x"),
              "--inputs is given more than once");
  expectError(with(fixedModel, "--image x.png --image-mean 1,2"),
              "--image-mean takes 1 or 3 numbers, not 2");
  expectError(with(fixedModel, "--inputs image.npy --profile --threads 0"),
              "--threads takes 1 to 1024");
  expectError(with(fixedModel, "--interpret --inputs image.npy --outputs x"),
              std::string(fixedModel) +
                  ": --interpret takes a model, not a library");
  EXPECT_EQ(run(with(fixedModel, "--unknown")), 1);
  EXPECT_EQ(std::count(err.begin(), err.end(), '\n'), 1) << err;
  EXPECT_EQ(run(with(fixedModel, "--threads=x --inputs image.npy")), 1);
  EXPECT_EQ(std::count(err.begin(), err.end(), '\n'), 1) << err;
}

TEST_F(ProgramTest, HelpShowsOnlyItsOwnOptions) {
  ASSERT_EQ(run("--help"), 0);
  EXPECT_NE(out.find("--image-mean"), std::string::npos);
  EXPECT_EQ(out.find("--debug"), std::string::npos);
  EXPECT_EQ(out.find("mlir-"), std::string::npos);
}

} // namespace
