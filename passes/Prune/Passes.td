//===- Passes.td - Weights that are left out -*- tablegen -*-===//
//
// Part of the shiftadd project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
#ifndef SHIFTADD_PASSES_PRUNE_PASSES_TD
#define SHIFTADD_PASSES_PRUNE_PASSES_TD

include "mlir/Pass/PassBase.td"

def PruneMagnitudePass
    : Pass<"shiftadd-prune-magnitude", "::mlir::func::FuncOp"> {
  let summary = "set the smallest weights to zero";
  let description = [{
    Ranks weights by the magnitude of the values they stand for, of codes of
    powers of two |S * 2^P| and not |P| (N60), and sets the given share of them
    to zero: one ranking for the whole network, or one per layer. A code whose
    format has no zero gets a format that has one. Adder layers are ranked each
    on its own: their weights are on another scale, and only
    `shiftadd-sparse-adder` makes a zero there worth anything (N58).

    The first layer and depthwise layers keep their weights: they have few. The
    layer gets the attribute `shiftadd.pruned`: weights that are exactly zero
    stay zero whatever fits the others. With `mark` the weights stay as they
    are, and the attribute holds a true for each that is to go, for passes that
    look at the whole network before `shiftadd-finish-pruning`.
  }];
  let options = [
    Option<"fraction", "fraction", "double", "0.5",
           "Share of the weights to remove, at least 0 and below 1">,
    Option<"perLayer", "per-layer", "bool", "false",
           "Remove the share from every layer instead of the whole network">,
    Option<"mark", "mark", "bool", "false",
           "Only mark the weights, for shiftadd-finish-pruning">
  ];
  let statistics = [
    Statistic<"removed", "removed", "Weights that are zero afterwards">,
    Statistic<"considered", "considered", "Weights of the layers pruned">
  ];
}

def PruneBlocksPass : Pass<"shiftadd-prune-blocks", "::mlir::func::FuncOp"> {
  let summary = "set balanced blocks of weights to zero";
  let description = [{
    A block is 16 output channels times 4 consecutive inputs of the filter's
    order [kernel..., C], the unit that integer kernels load at once. Of every
    16 output channels the blocks with the least sum of squares become zero,
    the same number in all, so that the kernel's loop has one length (N59).

    The first layer, depthwise and grouped layers and adder layers keep their
    weights. Marks layers as `shiftadd-prune-magnitude` does.
  }];
  let options = [
    Option<"fraction", "fraction", "double", "0.5",
           "Share of the blocks to remove, at least 0 and below 1">,
    Option<"mark", "mark", "bool", "false",
           "Only mark the weights, for shiftadd-finish-pruning">
  ];
  let statistics = [
    Statistic<"removed", "removed", "Blocks that are zero afterwards">,
    Statistic<"considered", "considered", "Blocks of the layers pruned">
  ];
}

def PruneChannelsPass
    : Pass<"shiftadd-prune-channels", "::mlir::func::FuncOp"> {
  let summary = "remove whole output channels";
  let description = [{
    Removes from convolutions and dense layers the given share of output
    channels, those whose weights have the least sum of squares. Shapes shrink:
    everything element-wise, pools, batch normalisations, depthwise layers and
    reductions over other dimensions follow, and the layers that read the
    channels lose those inputs. Channels that an addition joins are ranked by
    the sum over all layers that give them, each relative to its own weights,
    and removed from all of them.

    The outputs of the graph keep their channels, as do the first layer and
    everything that meets an op of another kind. What a removed channel
    contributed is gone; channels with weights and bias of zero are removed
    exactly.
  }];
  let options = [
    Option<"fraction", "fraction", "double", "0.3",
           "Share of the channels to remove, at least 0 and below 1">,
    Option<"mark", "mark", "bool", "false",
           "Only mark the weights that read the channels, for "
           "shiftadd-finish-pruning">
  ];
  let statistics = [
    Statistic<"removed", "removed", "Output channels removed">,
    Statistic<"considered", "considered", "Output channels that might be">
  ];
}

def FinishPruningPass
    : Pass<"shiftadd-finish-pruning", "::mlir::func::FuncOp"> {
  let summary = "remove the weights that pruning has marked";
  let description = [{
    Marked weights become zero, whatever codes they have got meanwhile. With
    `channels`, channels that every layer reads with weights of zero are removed
    from all layers, which changes no result.
  }];
  let options = [
    Option<"channels", "channels", "bool", "false",
           "Also remove channels that nothing reads">
  ];
  let statistics = [
    Statistic<"removed", "removed", "Output channels removed">
  ];
}

def SparseAdderPass
    : Pass<"shiftadd-sparse-adder", "::mlir::func::FuncOp"> {
  let summary = "write adder layers with many zeros without those taps";
  let description = [{
    A weight of zero saves nothing in an adder layer, whose tap still gives
    -|x|. But -sum of |x - w| = -T - sum over w != 0 of (|x - w| - |x|), with
    T the sum of |x| over the window, shared by all output channels (N58). x and
    w are taken relative to the common zero point, and padding is an operand as
    everywhere (N26). Written out with element-wise ops over the taps that are
    left; output channels with fewer than the largest number of them are filled
    up with taps that contribute zero.

    Exact on integers and codes; floats are left alone unless `floats` is set,
    for the rewrite reassociates. Layers whose share of zeros is below
    `min-sparsity` stay as they are: the identity costs more per tap.
  }];
  let options = [
    Option<"minSparsity", "min-sparsity", "double", "0.5",
           "Least share of zeros in the largest output channel">,
    Option<"floats", "floats", "bool", "false",
           "Also rewrite adder layers on floats, which reassociates">
  ];
  let statistics = [Statistic<"rewritten", "rewritten", "Layers rewritten">];
}

#endif // SHIFTADD_PASSES_PRUNE_PASSES_TD
