//===- Fixture.h - A session of a fake model and its buffers ----*- C++ -*-===//
//
// Part of the shiftadd project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Opens a fake model by name, fills its inputs and knows the right outputs.
//
//===----------------------------------------------------------------------===//
#ifndef SHIFTADD_TEST_UNIT_RUNTIME_FIXTURE_H
#define SHIFTADD_TEST_UNIT_RUNTIME_FIXTURE_H

#include "shiftadd/runtime.h"
#include "test/unit/runtime/FakeModel.h"

#include <cstdint>
#include <string>
#include <vector>

namespace shiftadd::runtime_test {

/// The file of a fake model: "fixed", "batch", "huge", "no-target", ...
inline std::string modelPath(const std::string &name) {
  return std::string(SHIFTADD_FAKE_MODELS) + "/" + name + ".so";
}

struct Buffers {
  std::vector<int32_t> x;
  std::vector<double> d;
  std::vector<int64_t> pair = {8, 8};
  std::vector<int32_t> y;
  std::vector<uint16_t> h;
  int64_t batch;

  explicit Buffers(int64_t batch = 1, int32_t seed = 1) : batch(batch) {
    const int64_t size = batch * FAKE_SIZE;
    for (int64_t i = 0; i < size; ++i) {
      x.push_back(static_cast<int32_t>(seed + 7 * i));
      d.push_back(1.0 + static_cast<double>(i) / 4.0);
    }
    y.assign(size, -1);
    h.assign(size, 0);
  }

  int run(shiftadd_session *session) {
    const void *inputs[] = {x.data(), d.data(), pair.data()};
    void *outputs[] = {y.data(), h.data()};
    return shiftadd_run(session, inputs, outputs, batch);
  }

  std::vector<int32_t> expected() const {
    std::vector<int32_t> result;
    for (int64_t sample = 0; sample < batch; ++sample)
      for (int32_t i = 0; i < FAKE_SIZE; ++i)
        result.push_back((3 * x[sample * FAKE_SIZE + i] + i / FAKE_ROW) *
                             (i + 1) +
                         (i == FAKE_SIZE - 1));
    return result;
  }
};

/// An open model with one session; both are null after a failure.
struct Session {
  shiftadd_model *model = nullptr;
  shiftadd_session *session = nullptr;

  explicit Session(const std::string &name) {
    if (!shiftadd_open(modelPath(name).c_str(), &model))
      shiftadd_create(model, &session);
  }
  Session(const Session &) = delete;
  Session &operator=(const Session &) = delete;
  ~Session() {
    shiftadd_destroy(session);
    shiftadd_close(model);
  }
  operator shiftadd_session *() const { return session; }
  std::string error() const { return shiftadd_last_error(session); }
};

} // namespace shiftadd::runtime_test

#endif // SHIFTADD_TEST_UNIT_RUNTIME_FIXTURE_H
