//===- RuntimeTest.cpp - Opening, describing and running models -----------===//
//
// Part of the shiftadd project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// The runtime library on one thread: what it tells of a model, what it computes
// and what it refuses.
//
//===----------------------------------------------------------------------===//
#include "test/unit/runtime/Fixture.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cfenv>
#include <cmath>
#include <cstring>
#include <fstream>
#include <iterator>
#include <random>

using namespace shiftadd::runtime_test;
using testing::HasSubstr;

namespace {

std::string openError(const std::string &path, int expectedStatus) {
  auto *model = reinterpret_cast<shiftadd_model *>(1);
  EXPECT_EQ(shiftadd_open(path.c_str(), &model), expectedStatus);
  EXPECT_EQ(model, nullptr);
  return shiftadd_last_error(nullptr);
}

std::string createError(const std::string &name, int expectedStatus) {
  shiftadd_model *model = nullptr;
  EXPECT_EQ(shiftadd_open(modelPath(name).c_str(), &model), 0);
  auto *session = reinterpret_cast<shiftadd_session *>(1);
  EXPECT_EQ(shiftadd_create(model, &session), expectedStatus);
  EXPECT_EQ(session, nullptr);
  shiftadd_close(model);
  return shiftadd_last_error(nullptr);
}

TEST(Open, MissingFile) {
  EXPECT_THAT(openError("/no/such/model.so", SHIFTADD_INVALID_ARGUMENT),
              HasSubstr("'/no/such/model.so'"));
}

TEST(Open, DoesNotSearchLibraryFolders) {
  EXPECT_THAT(openError("libm.so.6", SHIFTADD_INVALID_ARGUMENT),
              HasSubstr("No such file"));
}

TEST(Open, NotALibrary) {
  const std::string path = testing::TempDir() + "shiftadd-text.so";
  std::ofstream(path) << "not a library\n";
  EXPECT_THAT(openError(path, SHIFTADD_INVALID_ARGUMENT),
              HasSubstr("shiftadd-text.so"));
  std::remove(path.c_str());
}

/// The loader would end the process with a bus error.
TEST(Open, IncompleteLibrary) {
  std::ifstream whole(modelPath("multi"), std::ios::binary);
  const std::string bytes((std::istreambuf_iterator<char>(whole)),
                          std::istreambuf_iterator<char>());
  ASSERT_GT(bytes.size(), 5000u);
  const std::string path = testing::TempDir() + "shiftadd-cut.so";
  for (size_t length : {size_t(0), size_t(10), size_t(100), bytes.size() / 4,
                        bytes.size() / 2}) {
    std::ofstream(path, std::ios::binary).write(bytes.data(), length);
    EXPECT_THAT(openError(path, SHIFTADD_INVALID_ARGUMENT),
                HasSubstr("shiftadd-cut.so"));
  }
  std::remove(path.c_str());
}

TEST(Open, NotAModel) {
  EXPECT_THAT(openError(modelPath("no-model"), SHIFTADD_INVALID_ARGUMENT),
              HasSubstr("is not a model library"));
}

TEST(Open, OtherAbiVersion) {
  EXPECT_THAT(openError(modelPath("other-version"), SHIFTADD_INVALID_ARGUMENT),
              HasSubstr("version 2"));
}

TEST(Open, NullArguments) {
  shiftadd_model *model = nullptr;
  EXPECT_EQ(shiftadd_open(nullptr, &model), SHIFTADD_INVALID_ARGUMENT);
  EXPECT_EQ(shiftadd_open("x", nullptr), SHIFTADD_INVALID_ARGUMENT);
  shiftadd_session *session = nullptr;
  EXPECT_EQ(shiftadd_create(nullptr, &session), SHIFTADD_INVALID_ARGUMENT);
  shiftadd_close(nullptr);
  shiftadd_destroy(nullptr);
}

TEST(Create, NoFittingTarget) {
  EXPECT_THAT(createError("no-target", SHIFTADD_NO_TARGET),
              HasSubstr("--target=multi"));
}

TEST(Create, OutOfMemory) {
  EXPECT_THAT(createError("huge", SHIFTADD_OUT_OF_MEMORY),
              HasSubstr("1152921504606846976 bytes"));
}

TEST(Model, Description) {
  Session s("fixed");
  ASSERT_NE(s.session, nullptr) << shiftadd_last_error(nullptr);
  EXPECT_STREQ(shiftadd_target(s.model), "fake");
  EXPECT_STREQ(shiftadd_json(s.model), "{\"name\": \"fake\"}");
  EXPECT_EQ(shiftadd_arena_bytes(s.model), FAKE_SIZE * 4u);
  EXPECT_EQ(shiftadd_has_free_batch(s.model), 0);
  ASSERT_EQ(shiftadd_input_count(s.model), 3u);
  ASSERT_EQ(shiftadd_output_count(s.model), 2u);
  const shiftadd_tensor_info *d = shiftadd_input(s.model, 1);
  EXPECT_STREQ(d->name, "d");
  EXPECT_EQ(d->type, SHIFTADD_FLOAT64);
  ASSERT_EQ(d->rank, 1);
  EXPECT_EQ(d->shape[0], FAKE_SIZE);
  EXPECT_EQ(shiftadd_tensor_bytes(d, 1), FAKE_SIZE * 8u);
  EXPECT_EQ(shiftadd_input(s.model, 3), nullptr);
  EXPECT_EQ(shiftadd_output(s.model, 2), nullptr);
  EXPECT_EQ(shiftadd_find_input(s.model, "pair"), 2);
  EXPECT_EQ(shiftadd_find_input(s.model, "y"), -1);
  EXPECT_EQ(shiftadd_find_output(s.model, "h"), 1);
  EXPECT_EQ(shiftadd_layer_count(s.model), 3u);
  EXPECT_STREQ(shiftadd_layer_name(s.model, 1), "rows");
  EXPECT_EQ(shiftadd_layer_name(s.model, 3), nullptr);
}

TEST(Model, TypeNamesAndSizes) {
  EXPECT_STREQ(shiftadd_type_name(SHIFTADD_BFLOAT16), "bfloat16");
  EXPECT_STREQ(shiftadd_type_name(SHIFTADD_UINT64), "uint64");
  EXPECT_EQ(shiftadd_type_bytes(SHIFTADD_FLOAT64), 8u);
  EXPECT_EQ(shiftadd_type_bytes(SHIFTADD_BOOL), 1u);
  EXPECT_EQ(shiftadd_type_bytes(13), 0u);
  EXPECT_EQ(shiftadd_type_name(-1), nullptr);
}

TEST(Model, SessionKeepsClosedModelLoaded) {
  Session s("fixed");
  shiftadd_close(s.model);
  s.model = nullptr;
  Buffers buffers;
  EXPECT_EQ(buffers.run(s), 0) << s.error();
  EXPECT_EQ(buffers.y, buffers.expected());
}

TEST(Run, FixedBatch) {
  Session s("fixed");
  for (int32_t seed = 0; seed < 5; ++seed) {
    Buffers buffers(1, seed);
    ASSERT_EQ(buffers.run(s), 0) << s.error();
    EXPECT_EQ(buffers.y, buffers.expected());
  }
}

TEST(Run, FreeBatch) {
  Session s("batch");
  ASSERT_NE(s.session, nullptr);
  EXPECT_EQ(shiftadd_has_free_batch(s.model), 1);
  EXPECT_EQ(shiftadd_tensor_bytes(shiftadd_input(s.model, 0), 5),
            5u * FAKE_SIZE * 4u);
  EXPECT_EQ(shiftadd_tensor_bytes(shiftadd_input(s.model, 2), 5), 16u);
  for (int64_t batch : {1, 2, 7}) {
    Buffers buffers(batch);
    ASSERT_EQ(buffers.run(s), 0) << s.error();
    EXPECT_EQ(buffers.y, buffers.expected());
  }
}

TEST(Run, WrongBatch) {
  Session fixed("fixed"), batch("batch");
  Buffers buffers(2);
  EXPECT_EQ(buffers.run(fixed), SHIFTADD_INVALID_ARGUMENT);
  EXPECT_THAT(fixed.error(), HasSubstr("batch 1, not 2"));
  buffers.batch = 0;
  EXPECT_EQ(buffers.run(batch), SHIFTADD_INVALID_ARGUMENT);
  EXPECT_THAT(batch.error(), HasSubstr("at least 1, not 0"));
}

TEST(Run, NullBuffers) {
  Session s("fixed");
  Buffers b;
  const void *inputs[] = {b.x.data(), nullptr, b.pair.data()};
  void *outputs[] = {b.y.data(), nullptr};
  EXPECT_EQ(shiftadd_run(s, inputs, outputs, 1), SHIFTADD_INVALID_ARGUMENT);
  EXPECT_THAT(s.error(), HasSubstr("input 1 ('d') is null"));
  inputs[1] = b.d.data();
  EXPECT_EQ(shiftadd_run(s, inputs, outputs, 1), SHIFTADD_INVALID_ARGUMENT);
  EXPECT_THAT(s.error(), HasSubstr("output 1 ('h') is null"));
  EXPECT_EQ(shiftadd_run(s, nullptr, outputs, 1), SHIFTADD_INVALID_ARGUMENT);
  EXPECT_EQ(shiftadd_run(s, inputs, nullptr, 1), SHIFTADD_INVALID_ARGUMENT);
  EXPECT_EQ(shiftadd_run(nullptr, inputs, outputs, 1),
            SHIFTADD_INVALID_ARGUMENT);
}

TEST(Run, RequiredValue) {
  Session s("fixed");
  Buffers buffers;
  buffers.pair[1] = 9;
  EXPECT_EQ(buffers.run(s), SHIFTADD_INVALID_ARGUMENT);
  EXPECT_THAT(s.error(), HasSubstr("input 2 ('pair')"));
  EXPECT_THAT(s.error(), HasSubstr("--value pair="));
}

TEST(Run, KernelFailures) {
  Session s("fixed");
  Buffers buffers;
  buffers.x[0] = FAKE_FAIL_IN_TASK;
  EXPECT_EQ(buffers.run(s), SHIFTADD_INTERNAL);
  EXPECT_THAT(s.error(), HasSubstr("77"));
  buffers.x[0] = FAKE_FAIL_IN_EXECUTOR;
  EXPECT_EQ(buffers.run(s), SHIFTADD_INTERNAL);
  EXPECT_THAT(s.error(), HasSubstr("99"));
  buffers.x[0] = FAKE_OUT_OF_MEMORY;
  EXPECT_EQ(buffers.run(s), SHIFTADD_OUT_OF_MEMORY);
  EXPECT_THAT(s.error(), HasSubstr("out of memory"));
  buffers.x[0] = 1;
  EXPECT_EQ(buffers.run(s), 0) << s.error();
  EXPECT_EQ(buffers.y, buffers.expected());
}

TEST(Run, IgnoresTheHostsRoundingMode) {
  const float third = 1.0f / 3.0f;
  int32_t bits;
  std::memcpy(&bits, &third, sizeof(bits));
  Session s("fixed");
  Buffers buffers;
  buffers.x[0] = FAKE_DIVIDE;
  buffers.x[1] = 1;
  std::fesetround(FE_DOWNWARD);
  const int status = buffers.run(s);
  const int mode = std::fegetround();
  std::fesetround(FE_TONEAREST);
  EXPECT_EQ(status, 0);
  EXPECT_EQ(mode, FE_DOWNWARD);
  EXPECT_EQ(buffers.y, std::vector<int32_t>(FAKE_SIZE, bits));
}

double halfToDouble(uint16_t half) {
  const int exponent = half >> 10 & 31;
  const int fraction = half & 1023;
  const double magnitude = exponent == 0
                               ? std::ldexp(fraction, -24)
                               : std::ldexp(1024 + fraction, exponent - 25);
  return half & 0x8000 ? -magnitude : magnitude;
}

/// The nearest float16, found by looking at all of one sign.
uint16_t nearestHalf(double value) {
  const uint16_t sign = std::signbit(value) ? 0x8000 : 0;
  if (std::fabs(value) >= 65520.0)
    return sign | 0x7c00;
  uint16_t best = 0;
  double bestDistance = INFINITY;
  for (uint16_t half = 0; half < 0x7c00; ++half) {
    const double distance = std::fabs(halfToDouble(half) - std::fabs(value));
    if (distance < bestDistance ||
        (distance == bestDistance && half % 2 == 0)) {
      best = half;
      bestDistance = distance;
    }
  }
  return sign | best;
}

TEST(Run, Float64ToFloat16RoundsOnce) {
  std::vector<double> values = {
      0.0, -0.0, 1.0, 65504.0, 65519.99, 65520.0, -1e300, INFINITY, 5e-324,
      0x1p-24, 0x1p-25, 0x1.000001p-25, 0x1p-26, 0x1.8p-24, 0x1p-14,
      0x1.ffcp-15, 0x1.ffep-15, -0x1.ffdp-15,
      // Halfway in float16 after rounding to float32, not before.
      1.0 + 0x1p-11 + 0x1p-40, 1.0 + 0x1p-11 - 0x1p-40, 1.0 + 0x1p-11,
      1.0 + 0x1.8p-10};
  std::mt19937_64 random(5);
  std::uniform_real_distribution<double> mantissa(-2.0, 2.0);
  std::uniform_int_distribution<int> exponent(-28, 16);
  while (values.size() % FAKE_SIZE || values.size() < 640)
    values.push_back(std::ldexp(mantissa(random), exponent(random)));
  Session s("fixed");
  for (size_t start = 0; start < values.size(); start += FAKE_SIZE) {
    Buffers buffers;
    std::copy_n(values.begin() + start, FAKE_SIZE, buffers.d.begin());
    ASSERT_EQ(buffers.run(s), 0) << s.error();
    for (int i = 0; i < FAKE_SIZE; ++i)
      EXPECT_EQ(buffers.h[i], nearestHalf(buffers.d[i])) << buffers.d[i];
  }
  Buffers buffers;
  buffers.d[0] = NAN;
  ASSERT_EQ(buffers.run(s), 0);
  EXPECT_EQ(buffers.h[0] & 0x7e00, 0x7e00);
}

TEST(Profiling, TimesLayersOfTheLastRun) {
  Session s("batch");
  EXPECT_EQ(shiftadd_layer_nanoseconds(s), nullptr);
  Buffers buffers(3);
  ASSERT_EQ(shiftadd_set_profiling(s, 1), 0);
  const uint64_t *times = shiftadd_layer_nanoseconds(s);
  ASSERT_NE(times, nullptr);
  ASSERT_EQ(buffers.run(s), 0);
  for (int layer = 0; layer < 3; ++layer) {
    EXPECT_GT(times[layer], 0u);
    EXPECT_LT(times[layer], 1000000000u);
  }
  // A run that stops in its first layer leaves only zeros.
  buffers.x[0] = FAKE_FAIL_IN_EXECUTOR;
  ASSERT_NE(buffers.run(s), 0);
  EXPECT_EQ(times[0] + times[1] + times[2], 0u);
  ASSERT_EQ(shiftadd_set_profiling(s, 0), 0);
  EXPECT_EQ(shiftadd_layer_nanoseconds(s), nullptr);
}

} // namespace
