//===- ThreadTest.cpp - Runs on several threads ---------------------------===//
//
// Part of the shiftadd project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// A session's own threads, the host program's pool, several sessions at once
// and fork.
//
//===----------------------------------------------------------------------===//
#include "test/unit/runtime/Fixture.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <atomic>
#include <cfenv>
#include <cstring>
#include <sys/wait.h>
#include <thread>
#include <unistd.h>

using namespace shiftadd::runtime_test;
using testing::HasSubstr;

namespace {

/// A host program's parallel loop on two threads; counts its calls.
struct HostPool {
  std::atomic<int> loops = 0;
  std::atomic<int> bodies = 0;
  int status = 0; ///< what the loop reports by itself
  int rounding = FE_TONEAREST;

  static int loop(void *self, shiftadd_loop_body body, int count,
                  void *closure) {
    auto *pool = static_cast<HostPool *>(self);
    ++pool->loops;
    std::atomic<int> next = 0, status = pool->status;
    auto work = [&] {
      std::fesetround(pool->rounding);
      for (int i = next++; i < count; i = next++) {
        ++pool->bodies;
        if (int result = body(closure, i))
          status = result;
      }
    };
    std::thread other(work);
    work();
    other.join();
    return status;
  }
};

class Threads : public testing::TestWithParam<int> {};

TEST_P(Threads, SameResult) {
  Session s("batch");
  ASSERT_EQ(shiftadd_set_threads(s, GetParam()), 0) << s.error();
  for (int32_t seed = 0; seed < 500; ++seed) {
    Buffers buffers(2, seed);
    ASSERT_EQ(buffers.run(s), 0) << s.error();
    ASSERT_EQ(buffers.y, buffers.expected()) << "run " << seed;
  }
}

TEST_P(Threads, AllTakePart) {
  Session s("fixed");
  ASSERT_EQ(shiftadd_set_threads(s, GetParam()), 0) << s.error();
  for (int repeat = 0; repeat < 5; ++repeat) {
    Buffers buffers;
    buffers.x[0] = FAKE_MEET;
    buffers.x[1] = GetParam();
    ASSERT_EQ(buffers.run(s), 0) << s.error();
    EXPECT_EQ(buffers.y[0], GetParam());
    // Long enough for the threads to fall asleep.
    usleep(5000);
  }
}

TEST_P(Threads, FailuresLeaveTheSessionUsable) {
  Session s("fixed");
  ASSERT_EQ(shiftadd_set_threads(s, GetParam()), 0) << s.error();
  for (int repeat = 0; repeat < 100; ++repeat) {
    Buffers buffers;
    buffers.x[0] = FAKE_FAIL_IN_TASK;
    ASSERT_EQ(buffers.run(s), SHIFTADD_INTERNAL);
    buffers.x[0] = FAKE_OUT_OF_MEMORY;
    ASSERT_EQ(buffers.run(s), SHIFTADD_OUT_OF_MEMORY);
    buffers.x[0] = repeat;
    ASSERT_EQ(buffers.run(s), 0) << s.error();
    ASSERT_EQ(buffers.y, buffers.expected());
  }
}

/// Runs under another rounding mode with `threads` threads; true if no thread
/// computed in it.
bool ignoresRoundingMode(shiftadd_session *session, int threads) {
  const float third = 1.0f / 3.0f;
  int32_t bits;
  std::memcpy(&bits, &third, sizeof(bits));
  Buffers buffers;
  buffers.x[0] = FAKE_DIVIDE;
  buffers.x[1] = threads;
  std::fesetround(FE_DOWNWARD);
  const int status = buffers.run(session);
  std::fesetround(FE_TONEAREST);
  return status == 0 && buffers.y == std::vector<int32_t>(FAKE_SIZE, bits);
}

TEST_P(Threads, IgnoreTheHostsRoundingMode) {
  Session s("fixed");
  // The session's threads start in this mode.
  std::fesetround(FE_DOWNWARD);
  const int status = shiftadd_set_threads(s, GetParam());
  std::fesetround(FE_TONEAREST);
  ASSERT_EQ(status, 0);
  EXPECT_TRUE(ignoresRoundingMode(s, GetParam()));
}

INSTANTIATE_TEST_SUITE_P(Counts, Threads, testing::Values(1, 2, 4));

TEST(SetThreads, RefusesBadNumbers) {
  Session s("fixed");
  EXPECT_EQ(shiftadd_set_threads(s, 0), SHIFTADD_INVALID_ARGUMENT);
  EXPECT_THAT(s.error(), HasSubstr("not 0"));
  EXPECT_EQ(shiftadd_set_threads(s, 1 << 20), SHIFTADD_INVALID_ARGUMENT);
  EXPECT_EQ(shiftadd_set_threads(nullptr, 2), SHIFTADD_INVALID_ARGUMENT);
}

TEST(SetThreads, CanChangeBetweenRuns) {
  Session s("fixed");
  for (int threads : {3, 1, 4, 4, 2}) {
    ASSERT_EQ(shiftadd_set_threads(s, threads), 0) << s.error();
    Buffers buffers;
    ASSERT_EQ(buffers.run(s), 0) << s.error();
    EXPECT_EQ(buffers.y, buffers.expected());
  }
}

TEST(HostPool, RunsTheLoops) {
  Session s("fixed");
  HostPool pool;
  ASSERT_EQ(shiftadd_set_parallel_for(s, HostPool::loop, &pool, 2), 0);
  Buffers buffers;
  ASSERT_EQ(buffers.run(s), 0) << s.error();
  EXPECT_EQ(buffers.y, buffers.expected());
  // Loops inside loops do not reach the pool.
  EXPECT_EQ(pool.loops, 4);
  EXPECT_EQ(pool.bodies, 3 * FAKE_SIZE + FAKE_ROW - 1);

  buffers.x[0] = FAKE_OUT_OF_MEMORY;
  EXPECT_EQ(buffers.run(s), SHIFTADD_OUT_OF_MEMORY);
  buffers.x[0] = FAKE_FAIL_IN_TASK;
  EXPECT_EQ(buffers.run(s), SHIFTADD_INTERNAL);
  buffers.x[0] = 1;
  pool.status = 55;
  EXPECT_EQ(buffers.run(s), SHIFTADD_INTERNAL);
  EXPECT_THAT(s.error(), HasSubstr("55"));
}

TEST(HostPool, ComputesInTheDefaultRoundingMode) {
  Session s("fixed");
  HostPool pool;
  pool.rounding = FE_DOWNWARD;
  ASSERT_EQ(shiftadd_set_parallel_for(s, HostPool::loop, &pool, 2), 0);
  EXPECT_TRUE(ignoresRoundingMode(s, 2));
}

TEST(HostPool, IsNotUsedForOneThreadOrAfterRemoval) {
  Session s("fixed");
  HostPool pool;
  Buffers buffers;
  ASSERT_EQ(shiftadd_set_parallel_for(s, HostPool::loop, &pool, 1), 0);
  ASSERT_EQ(buffers.run(s), 0);
  ASSERT_EQ(shiftadd_set_parallel_for(s, nullptr, nullptr, 0), 0);
  ASSERT_EQ(buffers.run(s), 0);
  EXPECT_EQ(pool.loops, 0);
  EXPECT_EQ(shiftadd_set_parallel_for(s, HostPool::loop, &pool, 0),
            SHIFTADD_INVALID_ARGUMENT);
}

TEST(Concurrency, SessionsRunAtOnce) {
  std::atomic<int> wrong = 0;
  auto work = [&](int32_t thread) {
    // Each opens the library itself, too.
    Session s("batch");
    if (!s.session || shiftadd_set_threads(s, 1 + thread % 3)) {
      ++wrong;
      return;
    }
    for (int32_t i = 0; i < 200; ++i) {
      Buffers buffers(1 + i % 3, 1000 * thread + i);
      wrong += buffers.run(s) != 0 || buffers.y != buffers.expected();
    }
  };
  std::vector<std::thread> threads;
  for (int32_t i = 0; i < 4; ++i)
    threads.emplace_back(work, i);
  for (std::thread &thread : threads)
    thread.join();
  EXPECT_EQ(wrong, 0);
}

TEST(Concurrency, ErrorTextsBelongToThreads) {
  shiftadd_model *model;
  ASSERT_NE(shiftadd_open("/no/such/first.so", &model), 0);
  std::thread([] {
    EXPECT_STREQ(shiftadd_last_error(nullptr), "");
    shiftadd_model *other;
    EXPECT_NE(shiftadd_open("/no/such/second.so", &other), 0);
  }).join();
  EXPECT_THAT(shiftadd_last_error(nullptr), HasSubstr("first.so"));
}

TEST(Fork, ChildStartsItsOwnThreads) {
  Session s("fixed");
  ASSERT_EQ(shiftadd_set_threads(s, 3), 0);
  Buffers before;
  ASSERT_EQ(before.run(s), 0);
  const pid_t child = fork();
  ASSERT_GE(child, 0);
  if (child == 0) {
    alarm(20);
    Buffers meeting;
    meeting.x[0] = FAKE_MEET;
    meeting.x[1] = 3;
    const bool good = meeting.run(s) == 0 && meeting.y[0] == 3;
    shiftadd_destroy(s.session);
    _exit(good ? 0 : 1);
  }
  int status = -1;
  ASSERT_EQ(waitpid(child, &status, 0), child);
  EXPECT_TRUE(WIFEXITED(status) && WEXITSTATUS(status) == 0) << status;
  Buffers after;
  ASSERT_EQ(after.run(s), 0);
  EXPECT_EQ(after.y, after.expected());
}

TEST(Fork, ChildDestroysASessionItNeverRan) {
  Session s("fixed");
  ASSERT_EQ(shiftadd_set_threads(s, 2), 0);
  const pid_t child = fork();
  ASSERT_GE(child, 0);
  if (child == 0) {
    alarm(20);
    shiftadd_destroy(s.session);
    _exit(0);
  }
  int status = -1;
  ASSERT_EQ(waitpid(child, &status, 0), child);
  EXPECT_TRUE(WIFEXITED(status) && WEXITSTATUS(status) == 0) << status;
}

} // namespace
