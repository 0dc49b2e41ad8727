//===- Prune.cpp - Pruning as an option of a compilation ------------------===//
//
// Part of the shiftadd project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
#include "tools/compiler/Prune.h"

#include "passes/Prune/Passes.h"

#include "mlir/Pass/PassManager.h"
#include "mlir/Transforms/Passes.h"
#include "llvm/ADT/StringSwitch.h"

namespace shiftadd::tools {

bool parsePruneKind(const std::string &text, PruneKind &kind,
                    std::string &error) {
  auto found = llvm::StringSwitch<std::optional<PruneKind>>(text)
                   .Case("magnitude", PruneKind::Magnitude)
                   .Case("magnitude-layer", PruneKind::MagnitudeLayer)
                   .Case("block", PruneKind::Block)
                   .Case("channel", PruneKind::Channel)
                   .Default(std::nullopt);
  if (found)
    kind = *found;
  else
    error = "--prune knows magnitude, magnitude-layer, block and channel, not "
            "'" +
            text + "'";
  return found.has_value();
}

bool parsePruneRequest(const std::string &text, PruneRequest &request,
                       std::string &error) {
  auto [kind, share] = llvm::StringRef(text).split(':');
  if (!parsePruneKind(kind.str(), request.kind, error))
    return false;
  if (!share.empty() && !share.getAsDouble(request.share) &&
      request.share >= 0 && request.share < 1)
    return true;
  error = "--prune takes a kind and a share of at least 0 and below 1, such as "
          "magnitude:0.5, not '" +
          text + "'";
  return false;
}

void addPrunePasses(mlir::OpPassManager &manager, const PruneRequest &request,
                    bool mark) {
  auto &function = manager.nest<mlir::func::FuncOp>();
  switch (request.kind) {
  case PruneKind::Magnitude:
  case PruneKind::MagnitudeLayer: {
    PruneMagnitudePassOptions options;
    options.fraction = request.share;
    options.mark = mark;
    options.perLayer = request.kind == PruneKind::MagnitudeLayer;
    function.addPass(createPruneMagnitudePass(options));
    break;
  }
  case PruneKind::Block: {
    PruneBlocksPassOptions options;
    options.fraction = request.share;
    options.mark = mark;
    function.addPass(createPruneBlocksPass(options));
    break;
  }
  case PruneKind::Channel: {
    PruneChannelsPassOptions options;
    options.fraction = request.share;
    options.mark = mark;
    function.addPass(createPruneChannelsPass(options));
    break;
  }
  }
  // The constants that were replaced.
  function.addPass(mlir::createCanonicalizerPass());
}

void addFinishPruningPasses(mlir::OpPassManager &manager,
                            const PruneRequest &request) {
  auto &function = manager.nest<mlir::func::FuncOp>();
  FinishPruningPassOptions options;
  options.channels = request.kind == PruneKind::Channel;
  function.addPass(createFinishPruningPass(options));
  function.addPass(mlir::createCanonicalizerPass());
}

} // namespace shiftadd::tools
