//===- ShiftAddOps.td - All ops of the dialect -*- tablegen -*-===//
//
// Part of the shiftadd project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
#ifndef SHIFTADD_IR_SHIFTADDOPS_TD
#define SHIFTADD_IR_SHIFTADDOPS_TD

include "dialects/ShiftAdd/IR/ShiftAddBase.td"

include "dialects/ShiftAdd/IR/ShiftAddElementwiseOps.td"
include "dialects/ShiftAdd/IR/ShiftAddMovementOps.td"
include "dialects/ShiftAdd/IR/ShiftAddNetworkOps.td"
include "dialects/ShiftAdd/IR/ShiftAddQuantizedOps.td"
include "dialects/ShiftAdd/IR/ShiftAddReductionOps.td"
include "dialects/ShiftAdd/IR/ShiftAddStructureOps.td"

#endif // SHIFTADD_IR_SHIFTADDOPS_TD
