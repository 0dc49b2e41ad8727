//===- Passes.td - What runs together stands together -*- tablegen -*-===//
//
// Part of the shiftadd project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
#ifndef SHIFTADD_PASSES_FUSION_PASSES_TD
#define SHIFTADD_PASSES_FUSION_PASSES_TD

include "mlir/Pass/PassBase.td"

def FuseLayersPass : Pass<"shiftadd-fuse-layers", "::mlir::func::FuncOp"> {
  let summary = "group ops into layers";
  let description = [{
    Every op of the function ends up in one `layer` region, except constants and
    reshapes, which stay views between layers. A layer starts with any op and
    takes in the elementwise ops behind it (bias, activation, residual addition,
    requantisation, batch normalisation) as long as the intermediate value has
    no other use. Each result of the function gets a layer of its own, which
    writes into the caller's buffer.
  }];
  let statistics = [Statistic<"layers", "layers", "Layers formed">];
}

#endif // SHIFTADD_PASSES_FUSION_PASSES_TD
