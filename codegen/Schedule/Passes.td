//===- Passes.td - Kernels, buffers, order -*- tablegen -*-===//
//
// Part of the shiftadd project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
#ifndef SHIFTADD_CODEGEN_SCHEDULE_PASSES_TD
#define SHIFTADD_CODEGEN_SCHEDULE_PASSES_TD

include "mlir/Pass/PassBase.td"

def CheckSamplesPass
    : Pass<"shiftadd-check-samples", "::mlir::func::FuncOp"> {
  let summary = "prove that samples of a free batch do not mix";
  let description = [{
    A compiled library computes one sample and loops over a free batch. That is
    the network's function only if every op treats the samples by themselves;
    an op that reduces, sorts or joins along the free dimension is an error that
    names it.
  }];
}

def OutlineKernelsPass
    : Pass<"shiftadd-outline-kernels", "::mlir::ModuleOp"> {
  let summary = "turn layers into kernels and launches";
  let description = [{
    Layers whose regions are equal share one `kernel`; their weights are
    arguments. Shapes become static (a free batch is one sample). A tensor that
    a convolution reads with padding gets a halo in memory; where it cannot
    have one (an argument, or a view), a copying layer is put in front. So are
    the caller's buffers copied that a kernel would read past the end.
  }];
  let statistics = [
    Statistic<"kernels", "kernels", "Distinct kernels">,
    Statistic<"launches", "launches", "Launches">
  ];
}

def PlanArenaPass : Pass<"shiftadd-plan-arena", "::mlir::func::FuncOp"> {
  let summary = "place every intermediate tensor in one arena";
  let description = [{
    Sets the arena offsets of all launches and the function attributes
    `shiftadd.arena_bytes` and `shiftadd.live_bytes` (the largest sum of tensors
    that live at once: the lower bound of the arena).
  }];
}

#endif // SHIFTADD_CODEGEN_SCHEDULE_PASSES_TD
