//===- CoordinateDescent.h - Codes improved one at a time -------*- C++ -*-===//
//
// Part of the shiftadd project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// After rounding, each code in turn takes its best value for what the others
// are (Q10). The error never increases.
//
//===----------------------------------------------------------------------===//
#ifndef SHIFTADD_PASSES_CALIBRATION_COORDINATEDESCENT_H
#define SHIFTADD_PASSES_CALIBRATION_COORDINATEDESCENT_H

#include "passes/Calibration/FeedbackRounding.h"

namespace shiftadd::calibration {

/// Improves codes [rows, taps] in at most four sweeps and writes the errors
/// (q - w) H' transpose(q - w).
void descend(const RoundingMetric &metric, const RowsToRound &rows,
             const CodeSet &codes, int16_t *result, double *errors,
             unsigned threads);

} // namespace shiftadd::calibration

#endif // SHIFTADD_PASSES_CALIBRATION_COORDINATEDESCENT_H
