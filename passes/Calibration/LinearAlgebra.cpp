//===- LinearAlgebra.cpp - Matrix products and factors --------------------===//
//
// Part of the shiftadd project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// OpenBLAS counts in columns; a row-major matrix is its transpose there, so
// "lower" and "upper" change places in the LAPACK calls.
//
//===----------------------------------------------------------------------===//
#include "passes/Calibration/LinearAlgebra.h"

#include <algorithm>
#include <cblas.h>
#include <cmath>
#include <mutex>

// OpenBLAS has these without a header of its own.
extern "C" {
void dpotrf_(const char *uplo, const blasint *n, double *a, const blasint *lda,
             blasint *info);
void dtrtri_(const char *uplo, const char *diag, const blasint *n, double *a,
             const blasint *lda, blasint *info);
}

namespace shiftadd::calibration {
namespace {

/// The build of OpenBLAS that the program runs with, which need not be the one
/// that it was linked with.
struct Library {
  Library() {
    // A build with threads would divide the sums by its own count.
    openblas_set_num_threads(1);
  }
  /// A build without threads shares its work memory between all calls.
  const bool isSerial = openblas_get_parallel() == OPENBLAS_SEQUENTIAL;
  std::mutex mutex;
};

Library &getLibrary() {
  static Library library;
  return library;
}

/// To be held during a call of the library.
[[nodiscard]] std::unique_lock<std::mutex> enterLibrary() {
  Library &library = getLibrary();
  std::unique_lock<std::mutex> lock(library.mutex, std::defer_lock);
  if (library.isSerial)
    lock.lock();
  return lock;
}

blasint size(int64_t value) { return static_cast<blasint>(value); }

} // namespace

bool callsWaitForEachOther() { return getLibrary().isSerial; }

void multiplyByTransposed(int64_t m, int64_t n, int64_t k, const float *a,
                          int64_t aStride, const float *b, int64_t bStride,
                          float *c, int64_t cStride) {
  auto lock = enterLibrary();
  cblas_sgemm(CblasRowMajor, CblasNoTrans, CblasTrans, size(m), size(n),
              size(k), 1.0f, a, size(aStride), b, size(bStride), 0.0f, c,
              size(cStride));
}

void multiplyTransposed(int64_t m, int64_t n, int64_t k, const float *a,
                        int64_t aStride, const float *b, int64_t bStride,
                        float *c, int64_t cStride) {
  auto lock = enterLibrary();
  cblas_sgemm(CblasRowMajor, CblasTrans, CblasNoTrans, size(m), size(n),
              size(k), 1.0f, a, size(aStride), b, size(bStride), 0.0f, c,
              size(cStride));
}

void gramUpper(int64_t n, int64_t k, const float *a, int64_t aStride,
               float *c) {
  auto lock = enterLibrary();
  cblas_ssyrk(CblasRowMajor, CblasUpper, CblasTrans, size(n), size(k), 1.0f, a,
              size(aStride), 0.0f, c, size(n));
}

void accumulateProduct(int64_t m, int64_t n, int64_t k, double factor,
                       const double *a, int64_t aStride, const double *b,
                       int64_t bStride, double *c, int64_t cStride) {
  auto lock = enterLibrary();
  cblas_dgemm(CblasRowMajor, CblasNoTrans, CblasNoTrans, size(m), size(n),
              size(k), factor, a, size(aStride), b, size(bStride), 1.0, c,
              size(cStride));
}

std::vector<double> choleskyLower(const std::vector<double> &matrix, int64_t n,
                                  double &damping) {
  double largest = 0.0;
  for (int64_t i = 0; i < n; ++i)
    largest = std::max(largest, std::abs(matrix[i * n + i]));
  blasint order = size(n), info = 0;
  auto lock = enterLibrary();
  while (true) {
    std::vector<double> factor = matrix;
    for (int64_t i = 0; i < n; ++i)
      factor[i * n + i] += damping;
    dpotrf_("U", &order, factor.data(), &order, &info);
    if (info == 0) {
      for (int64_t i = 0; i < n; ++i)
        std::fill(&factor[i * n] + i + 1, &factor[i * n] + n, 0.0);
      return factor;
    }
    // Ends at the latest when the damping outweighs the whole matrix, unless
    // its elements have overflowed: then no direction is known to matter more.
    if (!(damping < 1e100)) {
      std::fill(factor.begin(), factor.end(), 0.0);
      for (int64_t i = 0; i < n; ++i)
        factor[i * n + i] = 1.0;
      return factor;
    }
    damping = std::max({10.0 * damping, 1e-12, 1e-12 * largest});
  }
}

void solveRows(const std::vector<double> &lowerFactor, int64_t n, double *rows,
               int64_t m) {
  auto lock = enterLibrary();
  cblas_dtrsm(CblasRowMajor, CblasRight, CblasLower, CblasTrans, CblasNonUnit,
              size(m), size(n), 1.0, lowerFactor.data(), size(n), rows,
              size(n));
  cblas_dtrsm(CblasRowMajor, CblasRight, CblasLower, CblasNoTrans, CblasNonUnit,
              size(m), size(n), 1.0, lowerFactor.data(), size(n), rows,
              size(n));
}

std::vector<double> inverseUpperFactor(const std::vector<double> &matrix,
                                       int64_t n, double &damping) {
  // With all indices reversed, the lower factor is an upper N with
  // N * transpose(N) = matrix, and U = inverse(N): no inverse of the matrix
  // itself is needed.
  std::vector<double> reversed(matrix.rbegin(), matrix.rend());
  std::vector<double> factor = choleskyLower(reversed, n, damping);
  std::reverse(factor.begin(), factor.end());
  blasint order = size(n), info = 0;
  auto lock = enterLibrary();
  dtrtri_("L", "N", &order, factor.data(), &order, &info);
  return factor;
}

} // namespace shiftadd::calibration
