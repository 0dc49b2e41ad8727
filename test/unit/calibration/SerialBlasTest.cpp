//===- SerialBlasTest.cpp - OpenBLAS without threads ----------------------===//
//
// Part of the shiftadd project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// This program's own functions stand in for a build of OpenBLAS that must not
// be called from two threads at once.
//
//===----------------------------------------------------------------------===//
#include "passes/Calibration/LinearAlgebra.h"
#include "passes/Calibration/Parallel.h"

#include <gtest/gtest.h>

#include <atomic>
#include <cblas.h>
#include <chrono>
#include <thread>

using namespace shiftadd::calibration;

namespace {

std::atomic<int> inside{0}, most{0}, calls{0};

/// What every function of the stand-in does.
void compute() {
  int now = ++inside;
  int seen = most;
  while (now > seen && !most.compare_exchange_weak(seen, now)) {
  }
  ++calls;
  std::this_thread::sleep_for(std::chrono::milliseconds(2));
  --inside;
}

} // namespace

extern "C" {
int openblas_get_parallel() { return OPENBLAS_SEQUENTIAL; }
void cblas_sgemm(CBLAS_ORDER, CBLAS_TRANSPOSE, CBLAS_TRANSPOSE, blasint,
                 blasint, blasint, float, const float *, blasint, const float *,
                 blasint, float, float *, blasint) {
  compute();
}
void cblas_ssyrk(CBLAS_ORDER, CBLAS_UPLO, CBLAS_TRANSPOSE, blasint, blasint,
                 float, const float *, blasint, float, float *, blasint) {
  compute();
}
void cblas_dgemm(CBLAS_ORDER, CBLAS_TRANSPOSE, CBLAS_TRANSPOSE, blasint,
                 blasint, blasint, double, const double *, blasint,
                 const double *, blasint, double, double *, blasint) {
  compute();
}
void cblas_dtrsm(CBLAS_ORDER, CBLAS_SIDE, CBLAS_UPLO, CBLAS_TRANSPOSE,
                 CBLAS_DIAG, blasint, blasint, double, const double *, blasint,
                 double *, blasint) {
  compute();
}
void dpotrf_(const char *, const blasint *, double *, const blasint *,
             blasint *info) {
  compute();
  *info = 0;
}
void dtrtri_(const char *, const char *, const blasint *, double *,
             const blasint *, blasint *info) {
  compute();
  *info = 0;
}
}

TEST(SerialBlas, IsCalledByOneThreadAtATime) {
  EXPECT_TRUE(callsWaitForEachOther());
  parallelFor(4, 16, [](int64_t, unsigned) {
    std::vector<float> a(4, 1.0f), b(4, 1.0f), c(4);
    std::vector<double> x(4, 1.0), y(4);
    double damping = 0.1;
    multiplyByTransposed(2, 2, 2, a.data(), 2, b.data(), 2, c.data(), 2);
    multiplyTransposed(2, 2, 2, a.data(), 2, b.data(), 2, c.data(), 2);
    gramUpper(2, 2, a.data(), 2, c.data());
    accumulateProduct(2, 2, 2, 1.0, x.data(), 2, x.data(), 2, y.data(), 2);
    solveRows(choleskyLower(x, 2, damping), 2, y.data(), 2);
    inverseUpperFactor(x, 2, damping);
  });
  EXPECT_EQ(calls, 16 * 9);
  EXPECT_EQ(most, 1);
}
