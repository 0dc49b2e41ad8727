//===- FormatTest.cpp - Tensor formats against NumPy and ONNX -------------===//
//
// Part of the shiftadd project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Every element type as NumPy and ONNX store it, and what happens to files that
// are cut, changed or made to hurt.
//
//===----------------------------------------------------------------------===//

#include "frontend/Onnx/TensorFile.h"
#include "test/unit/tools/TestFiles.h"
#include "tools/shiftadd-run/TopClasses.h"
#include "tools/tensor-files/NpyFile.h"
#include "tools/tensor-files/NpzFile.h"
#include "tools/tensor-files/TensorFiles.h"

using namespace shiftadd::tools;
using namespace shiftadd::tools::test;

namespace {

class ElementTypes : public testing::TestWithParam<shiftadd_type> {};

INSTANTIATE_TEST_SUITE_P(All, ElementTypes,
                         testing::Values(SHIFTADD_BOOL, SHIFTADD_INT8,
                                         SHIFTADD_INT16, SHIFTADD_INT32,
                                         SHIFTADD_INT64, SHIFTADD_UINT8,
                                         SHIFTADD_UINT16, SHIFTADD_UINT32,
                                         SHIFTADD_UINT64, SHIFTADD_FLOAT16,
                                         SHIFTADD_BFLOAT16, SHIFTADD_FLOAT32,
                                         SHIFTADD_FLOAT64),
                         [](const auto &info) { return typeName(info.param); });

TEST_P(ElementTypes, EveryStorageFormGivesTheSameTensor) {
  std::string name = typeName(GetParam());
  Tensor tensor;
  std::string error;
  ASSERT_TRUE(readTensor(dataFile(name + ".npy"), tensor, error)) << error;
  EXPECT_EQ(describe(tensor), name + "[2,3]");
  std::vector<double> expected = {1, -2, 3, -4, 5, -100};
  if (name == "bool")
    expected = {0, 1, 1, 0, 0, 1};
  else if (name[0] == 'u')
    expected = {1, 2, 3, 4, 5, 100};
  EXPECT_EQ(toDoubles(tensor), expected);

  for (std::string form :
       {"-fortran.npy", "-big.npy", "-raw.pb", "-typed.pb"}) {
    if (!std::filesystem::exists(dataFile(name + form))) {
      // Single bytes have no order, and NumPy cannot swap bfloat16.
      EXPECT_EQ(form, "-big.npy");
      EXPECT_TRUE(elementBytes(GetParam()) == 1 || name == "bfloat16");
      continue;
    }
    SCOPED_TRACE(form);
    Tensor other;
    ASSERT_TRUE(readTensor(dataFile(name + form), other, error)) << error;
    expectEqual(tensor, other);
  }
}

TEST_P(ElementTypes, WritesWhatNumpySaves) {
  std::string file = typeName(GetParam()) + ".npy";
  Tensor tensor;
  std::string error;
  ASSERT_TRUE(decodeNpy(dataBytes(file), tensor, error)) << error;
  EXPECT_EQ(encodeNpy(tensor), dataBytes(file));
}

TEST_P(ElementTypes, SurvivesOnnxAndNpz) {
  Tensor tensor;
  std::string error;
  std::string name = typeName(GetParam());
  ASSERT_TRUE(readTensor(dataFile(name + "-raw.pb"), tensor, error));
  EXPECT_EQ(tensor.name, "t");

  shiftadd::onnx_import::PlainTensor plain, again;
  std::vector<uint8_t> file;
  ASSERT_TRUE(shiftadd::onnx_import::decodeTensorFile(
      dataBytes(name + "-raw.pb"), plain, error));
  ASSERT_TRUE(shiftadd::onnx_import::encodeTensorFile(plain, file, error));
  ASSERT_TRUE(shiftadd::onnx_import::decodeTensorFile(file, again, error));
  EXPECT_EQ(again.name, "t");
  EXPECT_EQ(again.dataType, plain.dataType);
  EXPECT_EQ(again.shape, plain.shape);
  EXPECT_EQ(again.bytes, plain.bytes);

  std::vector<Tensor> read;
  ASSERT_TRUE(encodeNpz({tensor}, file, error)) << error;
  ASSERT_TRUE(decodeNpz(file, read, error)) << error;
  ASSERT_EQ(read.size(), 1u);
  EXPECT_EQ(read[0].name, "t");
  expectEqual(read[0], tensor);
}

std::vector<float> iota(size_t count) {
  std::vector<float> values(count);
  for (size_t i = 0; i < count; ++i)
    values[i] = float(i);
  return values;
}

TEST(Npy, VersionsOrdersAndRanks) {
  Tensor cube = makeTensor("", SHIFTADD_FLOAT32, {2, 3, 4}, iota(24));
  std::string error;
  for (const char *file :
       {"version2.npy", "version3.npy", "cube-fortran.npy"}) {
    SCOPED_TRACE(file);
    Tensor tensor;
    ASSERT_TRUE(decodeNpy(dataBytes(file), tensor, error)) << error;
    expectEqual(tensor, cube);
  }
  Tensor tensor;
  ASSERT_TRUE(decodeNpy(dataBytes("scalar.npy"), tensor, error)) << error;
  expectEqual(tensor,
              makeTensor("", SHIFTADD_FLOAT32, {}, std::vector<float>{2.5f}));
  EXPECT_EQ(encodeNpy(tensor), dataBytes("scalar.npy"));
  ASSERT_TRUE(decodeNpy(dataBytes("empty.npy"), tensor, error)) << error;
  EXPECT_EQ(describe(tensor), "float32[0,3]");
  EXPECT_EQ(encodeNpy(tensor), dataBytes("empty.npy"));
}

/// An .npy file of version 1 with any header and `bytes` zero bytes of data.
std::vector<uint8_t> npyWith(const std::string &header, size_t bytes = 0) {
  std::string file("\x93NUMPY\x01\x00", 8);
  file += char(header.size() & 255);
  file += char(header.size() >> 8);
  return toBytes(file + header + std::string(bytes, '\0'));
}

TEST(Npy, RefusesWhatIsNoTensor) {
  auto errorOf = [](std::vector<uint8_t> file) {
    Tensor tensor;
    std::string error;
    EXPECT_FALSE(decodeNpy(std::move(file), tensor, error));
    EXPECT_NE(error, "");
    return error;
  };
  EXPECT_EQ(errorOf(dataBytes("strings.npy")),
            "arrays of dtype '<U1' are not supported");
  EXPECT_EQ(errorOf(dataBytes("complex.npy")),
            "arrays of dtype '<c8' are not supported");
  EXPECT_EQ(errorOf(dataBytes("objects.npy")),
            "arrays of dtype '|O' are not supported");
  EXPECT_EQ(errorOf(dataBytes("structured.npy")),
            "structured arrays are not tensors");
  auto shaped = [&](const std::string &shape) {
    return errorOf(
        npyWith("{'descr': '<f4', 'fortran_order': False, 'shape': " + shape +
                ", }\n"));
  };
  EXPECT_EQ(shaped("(-1,)"), "negative dimension -1");
  EXPECT_EQ(shaped("(4611686018427387904, 4)"), "the shape's size overflows");
  EXPECT_EQ(shaped("(0, 4611686018427387904, 8)"),
            "the shape's size overflows");
  EXPECT_EQ(shaped("(99999999999999999999,)"), "malformed .npy header");
  EXPECT_EQ(shaped("(1000000000000,)"),
            "truncated: float32[1000000000000] needs 4000000000000 bytes, the "
            "file has 0");
  EXPECT_EQ(shaped("(1, 2"), "malformed .npy header");
  EXPECT_EQ(shaped("[1, 2]"), "malformed .npy header");
  EXPECT_EQ(errorOf(npyWith("")), "malformed .npy header");
  EXPECT_EQ(errorOf(npyWith("{}")),
            "the .npy header lacks descr, fortran_order or shape");
  EXPECT_EQ(errorOf(npyWith(
                "{'descr': '<f4', 'fortran_order': False, 'shape': ()}", 5)),
            "overlong: float32[] needs 4 bytes, the file has 5");
  std::vector<uint8_t> future = dataBytes("scalar.npy");
  future[6] = 4;
  EXPECT_EQ(errorOf(future),
            ".npy format version 4 is not supported (1 to 3 are)");
}

/// Decodes by contents; a success must be consistent, a failure must have a
/// text.
bool decodeAny(const std::string &name, const std::vector<uint8_t> &file) {
  std::vector<Tensor> tensors(1);
  std::string error;
  bool good;
  if (name.ends_with(".npz")) {
    tensors.clear();
    good = decodeNpz(file, tensors, error);
  } else if (name.ends_with(".npy")) {
    good = decodeNpy(file, tensors[0], error);
  } else {
    shiftadd::onnx_import::PlainTensor plain;
    good = shiftadd::onnx_import::decodeTensorFile(file, plain, error);
    uint64_t size = shiftadd::onnx_import::tensorElementBytes(plain.dataType);
    for (int64_t dimension : plain.shape)
      size *= uint64_t(dimension);
    EXPECT_TRUE(!good || size == plain.bytes.size());
    return good;
  }
  EXPECT_EQ(good, error.empty());
  for (const Tensor &tensor : tensors) {
    uint64_t size = 0;
    if (good) {
      EXPECT_TRUE(tensorBytes(tensor.type, tensor.shape, size, error));
      EXPECT_EQ(size, tensor.bytes.size());
    }
  }
  return good;
}

class Damaged : public testing::TestWithParam<const char *> {};

INSTANTIATE_TEST_SUITE_P(Files, Damaged,
                         testing::Values("float32.npy", "bool.npy",
                                         "cube-fortran.npy", "stored.npz",
                                         "deflated.npz", "float32-raw.pb",
                                         "float16-typed.pb", "int64-typed.pb"));

TEST_P(Damaged, EveryTruncationIsRefused) {
  std::string name = GetParam();
  std::vector<uint8_t> file = dataBytes(name);
  for (size_t size = 0; size < file.size(); ++size) {
    // These end in the tensor's name, three bytes that may be missing.
    bool complete = name.ends_with("typed.pb") && size + 3 == file.size();
    EXPECT_EQ(decodeAny(name, {file.begin(), file.begin() + long(size)}),
              complete)
        << "cut to " << size << " bytes";
  }
}

TEST_P(Damaged, NoChangedByteDoesHarm) {
  std::string name = GetParam();
  std::vector<uint8_t> file = dataBytes(name);
  for (size_t at = 0; at < file.size(); ++at) {
    for (int change : {1, 0x80, 0xff}) {
      uint8_t old = std::exchange(file[at], uint8_t(file[at] ^ change));
      decodeAny(name, file);
      file[at] = old;
    }
  }
}

TEST(Npz, ReadsNumpyArchives) {
  for (const char *file : {"stored.npz", "deflated.npz"}) {
    SCOPED_TRACE(file);
    std::vector<Tensor> tensors;
    std::string error;
    ASSERT_TRUE(decodeNpz(dataBytes(file), tensors, error)) << error;
    ASSERT_EQ(tensors.size(), 2u);
    EXPECT_EQ(tensors[0].name, "a");
    expectEqual(tensors[0],
                makeTensor("", SHIFTADD_FLOAT32, {2, 3, 4}, iota(24)));
    EXPECT_EQ(tensors[1].name, "b/c");
    expectEqual(tensors[1], makeTensor("", SHIFTADD_INT64, {2},
                                       std::vector<int64_t>{7, 8}));
  }
}

TEST(Npz, NoticesAWrongChecksum) {
  std::vector<uint8_t> file = dataBytes("stored.npz");
  // The last float of the first array.
  float last = 23;
  auto at = std::search(file.begin(), file.end(), (uint8_t *)&last,
                        (uint8_t *)(&last + 1));
  ASSERT_NE(at, file.end());
  *at ^= 1;
  std::vector<Tensor> tensors;
  std::string error;
  EXPECT_FALSE(decodeNpz(file, tensors, error));
  expectErrorLine(error, "array 'a': CRC error");
}

TEST(Npz, EqualTensorsGiveEqualBytes) {
  std::vector<Tensor> tensors = {
      makeTensor("x", SHIFTADD_FLOAT32, {2}, iota(2)),
      makeTensor("y", SHIFTADD_FLOAT32, {3}, iota(3))};
  std::vector<uint8_t> first, second;
  std::string error;
  ASSERT_TRUE(encodeNpz(tensors, first, error)) << error;
  ASSERT_TRUE(encodeNpz(tensors, second, error)) << error;
  EXPECT_EQ(first, second);
  // 1980-01-01 00:00, in the first local header.
  EXPECT_EQ(std::vector<uint8_t>(first.begin() + 10, first.begin() + 14),
            (std::vector<uint8_t>{0, 0, 0x21, 0}));
  tensors[1].name = "x";
  EXPECT_FALSE(encodeNpz(tensors, first, error));
  expectErrorLine(error, "array 'x': ");
}

TEST(TensorProtoFile, RefusesWhatItDoesNotRead) {
  auto errorOf = [](const std::vector<uint8_t> &file) {
    shiftadd::onnx_import::PlainTensor tensor;
    std::string error;
    EXPECT_FALSE(shiftadd::onnx_import::decodeTensorFile(file, tensor, error));
    return error;
  };
  EXPECT_EQ(errorOf(dataBytes("strings.pb")),
            "element type STRING is not supported");
  EXPECT_EQ(errorOf({}), "element type UNDEFINED is not supported");
  EXPECT_EQ(errorOf(toBytes("hello")), "not an onnx.TensorProto, or truncated");
  // dims 2^62 and 2^62, float, no data; fields 1, 1 and 2.
  std::string huge = "\x08\x80\x80\x80\x80\x80\x80\x80\x80\x40";
  EXPECT_EQ(errorOf(toBytes(huge + huge + "\x10\x01")),
            "the shape is larger than the file");
  // dims -1.
  EXPECT_EQ(errorOf(toBytes("\x08\xff\xff\xff\xff\xff\xff\xff\xff\xff\x01"
                            "\x10\x01")),
            "negative dimension -1");
  // int8 with int32_data (field 5) 300.
  EXPECT_EQ(errorOf(toBytes("\x08\x01\x10\x03\x28\xac\x02")),
            "element 0 (300) does not fit its type");
  // data_location (field 14) EXTERNAL.
  EXPECT_EQ(errorOf(toBytes("\x08\x01\x10\x01\x70\x01")),
            "tensors with external data are only read as part of a model");
}

} // namespace
