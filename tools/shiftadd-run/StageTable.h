//===- StageTable.h - Where a network loses accuracy ------------*- C++ -*-===//
//
// Part of the shiftadd project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// The layers of a StageComparison as a table and as JSON.
//
//===----------------------------------------------------------------------===//
#ifndef SHIFTADD_TOOLS_SHIFTADDRUN_STAGETABLE_H
#define SHIFTADD_TOOLS_SHIFTADDRUN_STAGETABLE_H

#include "tools/compiler/CompareStages.h"

#include "llvm/Support/JSON.h"
#include "llvm/Support/raw_ostream.h"

#include <optional>

namespace shiftadd::tools {

/// The layer that adds the largest noise, relative to its signal, to what it
/// reads; nothing when no layer adds any.
std::optional<size_t> findLargestLoss(const StageComparison &comparison);

void printStageTable(const StageComparison &comparison, llvm::raw_ostream &os);
llvm::json::Object stageTableToJson(const StageComparison &comparison);

} // namespace shiftadd::tools

#endif // SHIFTADD_TOOLS_SHIFTADDRUN_STAGETABLE_H
