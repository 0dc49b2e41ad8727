//===- MaskedRegression.cpp - Regression over some of the weights ---------===//
//
// Part of the shiftadd project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// With x the solution over all places, P the whole inverse and R the places
// that a row does not keep, x - x_R inverse(P_RR) P_R: is 0 at R and solves the
// equations of the others. That takes a factorisation of the size of R; the
// direct way takes one of the size of the rest.
//
//===----------------------------------------------------------------------===//
#include "passes/Calibration/MaskedRegression.h"
#include "passes/Calibration/LinearAlgebra.h"

#include <algorithm>

namespace shiftadd::calibration {
namespace {

/// The places at which the mask has `value`.
std::vector<int64_t> findPlaces(const uint8_t *mask, int64_t taps, bool value) {
  std::vector<int64_t> places;
  for (int64_t i = 0; i < taps; ++i)
    if ((mask[i] != 0) == value)
      places.push_back(i);
  return places;
}

std::vector<double> gatherBoth(const double *matrix, int64_t taps,
                               const std::vector<int64_t> &places) {
  std::vector<double> inner;
  inner.reserve(places.size() * places.size());
  for (int64_t i : places)
    for (int64_t j : places)
      inner.push_back(matrix[i * taps + j]);
  return inner;
}

std::vector<double> gatherColumns(const double *values, int64_t count,
                                  int64_t taps,
                                  const std::vector<int64_t> &places) {
  std::vector<double> columns;
  columns.reserve(count * places.size());
  for (int64_t row = 0; row < count; ++row)
    for (int64_t place : places)
      columns.push_back(values[row * taps + place]);
  return columns;
}

} // namespace

MaskedRegression::MaskedRegression(const double *matrix, int64_t taps,
                                   double damping, const uint8_t *kept,
                                   int64_t rows)
    : matrix(matrix), taps(taps), damping(damping), kept(kept) {
  bool keepsMost = false;
  for (int64_t row = 0; row < rows; ++row) {
    const uint8_t *mask = kept + row * taps;
    keepsMost |= 2 * std::count(mask, mask + taps, 0) < taps;
  }
  if (!keepsMost)
    return;
  std::vector<double> factor = choleskyLower(
      std::vector<double>(matrix, matrix + taps * taps), taps, this->damping);
  inverse.resize(taps * taps);
  for (int64_t i = 0; i < taps; ++i)
    inverse[i * taps + i] = 1.0;
  solveRows(factor, taps, inverse.data(), taps);
}

void MaskedRegression::solveKept(const std::vector<int64_t> &places,
                                 int64_t count, double *values) const {
  const auto size = int64_t(places.size());
  std::vector<double> rows = gatherColumns(values, count, taps, places);
  double used = damping;
  if (size > 0)
    solveRows(choleskyLower(gatherBoth(matrix, taps, places), size, used), size,
              rows.data(), count);
  std::fill_n(values, count * taps, 0.0);
  for (int64_t row = 0; row < count; ++row)
    for (int64_t i = 0; i < size; ++i)
      values[row * taps + places[i]] = rows[row * size + i];
}

void MaskedRegression::solveWithoutRemoved(const std::vector<int64_t> &places,
                                           int64_t count,
                                           double *values) const {
  const auto size = int64_t(places.size());
  std::vector<double> all(count * taps);
  accumulateProduct(count, taps, taps, 1.0, values, taps, inverse.data(), taps,
                    all.data(), taps);
  std::copy(all.begin(), all.end(), values);
  if (size == 0)
    return;
  std::vector<double> removed = gatherColumns(values, count, taps, places);
  double none = 0.0;
  solveRows(choleskyLower(gatherBoth(inverse.data(), taps, places), size, none),
            size, removed.data(), count);
  std::vector<double> inverseRows(size * taps);
  for (int64_t i = 0; i < size; ++i)
    std::copy_n(&inverse[places[i] * taps], taps, &inverseRows[i * taps]);
  accumulateProduct(count, taps, size, -1.0, removed.data(), size,
                    inverseRows.data(), taps, values, taps);
  for (int64_t row = 0; row < count; ++row)
    for (int64_t place : places)
      values[row * taps + place] = 0.0;
}

void MaskedRegression::solveAlike(const uint8_t *mask, int64_t count,
                                  double *values) const {
  std::vector<int64_t> removed = findPlaces(mask, taps, false);
  if (2 * int64_t(removed.size()) < taps)
    solveWithoutRemoved(removed, count, values);
  else
    solveKept(findPlaces(mask, taps, true), count, values);
}

void MaskedRegression::solve(int64_t first, int64_t count,
                             double *values) const {
  for (int64_t row = 0, end = 0; row < count; row = end) {
    const uint8_t *mask = kept + (first + row) * taps;
    for (end = row + 1; end < count; ++end)
      if (!std::equal(mask, mask + taps, kept + (first + end) * taps))
        break;
    solveAlike(mask, end - row, values + row * taps);
  }
}

} // namespace shiftadd::calibration
