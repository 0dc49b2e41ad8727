//===- Prune.h - Pruning as an option of a compilation ----------*- C++ -*-===//
//
// Part of the shiftadd project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// What --prune=KIND:SHARE means. Pruning chooses on the normalized network. It
// also removes there what it has chosen, unless the network is to be
// calibrated: calibration fits what stays to what the whole network gives, and
// the removal follows it.
//
//===----------------------------------------------------------------------===//
#ifndef SHIFTADD_TOOLS_COMPILER_PRUNE_H
#define SHIFTADD_TOOLS_COMPILER_PRUNE_H

#include <string>

namespace mlir {
class OpPassManager;
} // namespace mlir

namespace shiftadd::tools {

enum class PruneKind { Magnitude, MagnitudeLayer, Block, Channel };

struct PruneRequest {
  PruneKind kind = PruneKind::Magnitude;
  double share = 0; ///< of weights, blocks or channels; 0 <= share < 1
};

/// "magnitude", "magnitude-layer", "block" or "channel".
bool parsePruneKind(const std::string &text, PruneKind &kind,
                    std::string &error);

/// A kind and a share: "magnitude:0.5".
bool parsePruneRequest(const std::string &text, PruneRequest &request,
                       std::string &error);

/// Passes that choose what to leave out and, unless they are only to `mark` it,
/// leave it out.
void addPrunePasses(mlir::OpPassManager &manager, const PruneRequest &request,
                    bool mark);

/// Passes that leave out what is marked.
void addFinishPruningPasses(mlir::OpPassManager &manager,
                            const PruneRequest &request);

} // namespace shiftadd::tools

#endif // SHIFTADD_TOOLS_COMPILER_PRUNE_H
