//===- SamplesTest.cpp - Many samples of a network's inputs ---------------===//
//
// Part of the shiftadd project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Samples for calibration and evaluation from every kind of file, and what is
// said of files that do not fit the network.
//
//===----------------------------------------------------------------------===//

#include "tools/tensor-files/Samples.h"
#include "test/unit/tools/TestFiles.h"
#include "tools/tensor-files/TensorFiles.h"

#include <cmath>
#include <cstring>

using namespace shiftadd::tools;
using namespace shiftadd::tools::test;

namespace {

TensorSpec spec(const std::string &name, std::vector<int64_t> shape) {
  return {name, SHIFTADD_FLOAT32, std::move(shape), false, {}};
}

std::vector<float> counting(size_t size) {
  std::vector<float> values(size);
  for (size_t i = 0; i < size; ++i)
    values[i] = float(i);
  return values;
}

std::vector<float> floats(const Tensor &tensor) {
  std::vector<float> values(tensor.bytes.size() / sizeof(float));
  std::memcpy(values.data(), tensor.bytes.data(), tensor.bytes.size());
  return values;
}

class SamplesTest : public ScratchTest {
protected:
  std::string write(const std::string &name,
                    const std::vector<Tensor> &tensors) {
    std::string error;
    EXPECT_TRUE(writeTensors(scratch(name), tensors, error)) << error;
    return scratch(name);
  }
  Samples load(const std::string &path, const std::vector<TensorSpec> &inputs,
               int64_t limit = 0, const Normalisation &normalisation = {}) {
    Samples samples;
    std::string error;
    EXPECT_TRUE(loadSamples(path, inputs, normalisation, limit, samples, error))
        << error;
    return samples;
  }
  std::string errorOf(const std::string &path,
                      const std::vector<TensorSpec> &inputs,
                      const Normalisation &normalisation = {}) {
    Samples samples;
    std::string error;
    EXPECT_FALSE(loadSamples(path, inputs, normalisation, 0, samples, error));
    EXPECT_EQ(error.find('\n'), std::string::npos) << error;
    EXPECT_EQ(error.substr(0, folder.size()), folder);
    return error.substr(std::min(error.size(), folder.size() + 1));
  }
};

TEST_F(SamplesTest, ArraysByName) {
  std::string path =
      write("d.npz", {makeTensor("b", SHIFTADD_FLOAT32, {3, 2}, counting(6)),
                      makeTensor("a", SHIFTADD_FLOAT32, {3, 4}, counting(12)),
                      makeTensor("labels", SHIFTADD_UINT8, {3},
                                 std::vector<uint8_t>{5, 250, 7})});
  // A batch fixed to 1 and a free one count samples alike.
  for (int64_t batch : {1, -1}) {
    std::vector<TensorSpec> inputs{spec("a", {batch, 4}),
                                   spec("b", {batch, 2})};
    Samples samples = load(path, inputs);
    EXPECT_EQ(samples.count, 3);
    ASSERT_EQ(samples.inputs.size(), 2u);
    EXPECT_EQ(samples.inputs[0].name, "a");
    EXPECT_EQ(floats(samples.inputs[0]), counting(12));
    EXPECT_EQ(samples.labels, (std::vector<int64_t>{5, 250, 7}));
    samples = load(path, inputs, 2);
    EXPECT_EQ(samples.count, 2);
    EXPECT_EQ(describe(samples.inputs[0]), "float32[2,4]");
    EXPECT_EQ(floats(samples.inputs[1]), counting(4));
    EXPECT_EQ(samples.labels.size(), 2u);
    EXPECT_EQ(load(path, inputs, 9).count, 3);
  }
}

TEST_F(SamplesTest, BatchOfSeveralAndSharedValues) {
  TensorSpec fixed{
      "size", SHIFTADD_INT64, {1}, true, std::vector<uint8_t>(8, 1)};
  std::string path = write(
      "d.npz", {makeTensor("x", SHIFTADD_FLOAT32, {6, 1}, counting(6)),
                makeTensor("t", SHIFTADD_FLOAT32, {}, std::vector<float>{9})});
  Samples samples = load(path, {spec("x", {2, 1}), spec("t", {}), fixed});
  EXPECT_EQ(samples.count, 3);
  EXPECT_EQ(samples.plan.shared, (std::vector<bool>{false, true, true}));
  samples = load(path, {spec("x", {2, 1}), spec("t", {}), fixed}, 2);
  EXPECT_EQ(describe(samples.inputs[0]), "float32[4,1]");
  EXPECT_EQ(describe(samples.inputs[1]), "float32[]");
}

TEST_F(SamplesTest, Pictures) {
  std::vector<uint8_t> pixels(2 * 2 * 3 * 3);
  for (size_t i = 0; i < pixels.size(); ++i)
    pixels[i] = uint8_t(7 * i);
  std::string colours = write(
      "c.npz", {makeTensor("images", SHIFTADD_UINT8, {2, 2, 3, 3}, pixels)});
  Normalisation normalisation{{1, 2, 3}, {0.5, 1, 2}};
  Samples first = load(colours, {spec("x", {1, 3, 2, 3})}, 0, normalisation);
  Samples last = load(colours, {spec("x", {-1, 2, 3, 3})}, 0, normalisation);
  EXPECT_EQ(describe(first.inputs[0]), "float32[2,3,2,3]");
  EXPECT_EQ(describe(last.inputs[0]), "float32[2,2,3,3]");
  auto planar = floats(first.inputs[0]), interleaved = floats(last.inputs[0]);
  for (size_t n = 0; n < 2; ++n)
    for (size_t p = 0; p < 6; ++p)
      for (size_t c = 0; c < 3; ++c) {
        size_t i = (n * 6 + p) * 3 + c;
        float expected =
            float((pixels[i] - normalisation.mean[c]) * normalisation.scale[c]);
        EXPECT_EQ(interleaved[i], expected);
        EXPECT_EQ(planar[(n * 3 + c) * 6 + p], expected);
      }

  // Grey pictures serve for colours, and sizes are brought to the input's.
  std::string grey =
      write("g.npz", {makeTensor("images", SHIFTADD_UINT8, {1, 4, 4},
                                 std::vector<uint8_t>(16, 100))});
  auto values = floats(load(grey, {spec("x", {1, 3, 2, 2})}).inputs[0]);
  EXPECT_EQ(values, std::vector<float>(12, 100.0f));
  EXPECT_EQ(errorOf(colours, {spec("x", {1, 1, 2, 3})}),
            "c.npz: 'images' is uint8[2,2,3,3], expected uint8[n,H,W] or "
            "uint8[n,H,W,1]");
  std::string start = "c.npz: holds no array 'x', and of 'images' input 'x' "
                      "(float32[1,5]) takes no picture";
  EXPECT_EQ(errorOf(colours, {spec("x", {1, 5})}).substr(0, start.size()),
            start);
}

TEST_F(SamplesTest, Folders) {
  std::filesystem::create_directory(scratch("p"));
  for (const char *name : {"b.png", "a.png"})
    std::filesystem::copy_file(dataFile("picture.png"),
                               scratch(std::string("p/") + name));
  Samples samples = load(scratch("p"), {spec("x", {1, 3, 5, 7})});
  EXPECT_EQ(describe(samples.inputs[0]), "float32[2,3,5,7]");
  EXPECT_EQ(load(scratch("p"), {spec("x", {1, 3, 5, 7})}, 1).count, 1);

  std::filesystem::create_directory(scratch("a"));
  write("a/1.npy", {makeTensor("", SHIFTADD_FLOAT32, {1, 2}, counting(2))});
  write("a/2.npy", {makeTensor("", SHIFTADD_FLOAT32, {2}, counting(2))});
  samples = load(scratch("a"), {spec("x", {-1, 2})});
  EXPECT_EQ(floats(samples.inputs[0]), (std::vector<float>{0, 1, 0, 1}));
  EXPECT_EQ(errorOf(scratch("a"), {spec("x", {1, 3})}),
            "a/1.npy: input 'x': expected float32[1,3], found float32[1,2]");
  std::string start = "a: a folder of samples is for a network with one input";
  EXPECT_EQ(errorOf(scratch("a"), {spec("x", {1, 2}), spec("y", {1, 2})})
                .substr(0, start.size()),
            start);
}

TEST_F(SamplesTest, Refusals) {
  std::string few = write(
      "l.npz",
      {makeTensor("x", SHIFTADD_FLOAT32, {3, 1}, counting(3)),
       makeTensor("labels", SHIFTADD_INT32, {2}, std::vector<int32_t>{1, 2})});
  EXPECT_EQ(errorOf(few, {spec("x", {1, 1})}),
            "l.npz: 'labels' has 2 elements for 3 samples");
  std::string kind = write(
      "k.npz", {makeTensor("x", SHIFTADD_FLOAT32, {1, 1}, counting(1)),
                makeTensor("labels", SHIFTADD_FLOAT32, {1}, counting(1))});
  EXPECT_EQ(errorOf(kind, {spec("x", {1, 1})}),
            "k.npz: 'labels' is float32[1], expected one integer for each "
            "sample");
  std::string infinite =
      write("i.npz", {makeTensor("x", SHIFTADD_FLOAT32, {2, 2},
                                 std::vector<float>{1, 2, 3, HUGE_VALF})});
  EXPECT_EQ(errorOf(infinite, {spec("x", {1, 2})}),
            "i.npz: input 'x': sample 1 holds a number that is not finite");
  std::string none =
      write("n.npz", {makeTensor("x", SHIFTADD_FLOAT32, {0, 2}, counting(0))});
  EXPECT_EQ(errorOf(none, {spec("x", {-1, 2})}),
            "n.npz: input 'x': expected float32[?,2] with any batch of at "
            "least 1, given float32[0,2]");
}

} // namespace
