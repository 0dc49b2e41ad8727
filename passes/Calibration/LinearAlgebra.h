//===- LinearAlgebra.h - Matrix products and factors ------------*- C++ -*-===//
//
// Part of the shiftadd project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// A narrow door to BLAS and LAPACK, the only one in the project. All matrices
// are row-major. The library runs on the calling thread alone: callers divide
// the work into fixed blocks, so results do not depend on the number of
// threads.
//
//===----------------------------------------------------------------------===//
#ifndef SHIFTADD_PASSES_CALIBRATION_LINEARALGEBRA_H
#define SHIFTADD_PASSES_CALIBRATION_LINEARALGEBRA_H

#include <cstdint>
#include <vector>

namespace shiftadd::calibration {

/// Whether the library was built without threads: then it computes for one
/// thread at a time, and the others wait.
bool callsWaitForEachOther();

/// c[m, n] = a[m, k] * transpose(b[n, k]), with the distances between rows.
void multiplyByTransposed(int64_t m, int64_t n, int64_t k, const float *a,
                          int64_t aStride, const float *b, int64_t bStride,
                          float *c, int64_t cStride);

/// c[m, n] = transpose(a[k, m]) * b[k, n].
void multiplyTransposed(int64_t m, int64_t n, int64_t k, const float *a,
                        int64_t aStride, const float *b, int64_t bStride,
                        float *c, int64_t cStride);

/// c[n, n] = transpose(a[k, n]) * a, the upper triangle only.
void gramUpper(int64_t n, int64_t k, const float *a, int64_t aStride, float *c);

/// c[m, n] += factor * a[m, k] * b[k, n] in double precision.
void accumulateProduct(int64_t m, int64_t n, int64_t k, double factor,
                       const double *a, int64_t aStride, const double *b,
                       int64_t bStride, double *c, int64_t cStride);

/// The lower Cholesky factor of `matrix` + damping * I, n by n, zeros above
/// the diagonal. A matrix that is not positive definite in floating point gets
/// more damping until it is; `damping` returns what was used.
std::vector<double> choleskyLower(const std::vector<double> &matrix, int64_t n,
                                  double &damping);

/// rows[m, n] = rows * inverse(factor * transpose(factor)).
void solveRows(const std::vector<double> &lowerFactor, int64_t n, double *rows,
               int64_t m);

/// The upper triangular U with transpose(U) * U = inverse(matrix + damping I),
/// zeros below the diagonal; damping as in `choleskyLower`.
std::vector<double> inverseUpperFactor(const std::vector<double> &matrix,
                                       int64_t n, double &damping);

} // namespace shiftadd::calibration

#endif // SHIFTADD_PASSES_CALIBRATION_LINEARALGEBRA_H
