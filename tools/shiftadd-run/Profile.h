//===- Profile.h - A table of layer times -----------------------*- C++ -*-===//
//
// Part of the shiftadd project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// For people; scripts use the lines of --bench --profile.
//
//===----------------------------------------------------------------------===//
#ifndef SHIFTADD_TOOLS_SHIFTADDRUN_PROFILE_H
#define SHIFTADD_TOOLS_SHIFTADDRUN_PROFILE_H

#include "tools/shiftadd-run/LoadedModel.h"

#include "llvm/Support/raw_ostream.h"

namespace shiftadd::tools {

/// Prints layer, milliseconds and share of the last run, and the sum.
void printProfile(const LoadedModel &model, const Execution &execution,
                  llvm::raw_ostream &os);

} // namespace shiftadd::tools

#endif // SHIFTADD_TOOLS_SHIFTADDRUN_PROFILE_H
