//===- ChannelSpaces.h - Channels that belong together ----------*- C++ -*-===//
//
// Part of the shiftadd project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// A channel that one layer gives runs through clamps, pools, depthwise layers
// and additions until layers read it: it can only be removed from all of them
// at once. Values whose last dimensions correspond in this way share a space.
//
//===----------------------------------------------------------------------===//
#ifndef SHIFTADD_PASSES_PRUNE_CHANNELSPACES_H
#define SHIFTADD_PASSES_PRUNE_CHANNELSPACES_H

#include "passes/Prune/WeightLayers.h"

#include "llvm/ADT/DenseMap.h"
#include "llvm/ADT/EquivalenceClasses.h"

namespace shiftadd {

/// What the last dimension of a value is: element i is channel i % size of a
/// space, as behind a flattening.
struct Channels {
  size_t space;
  int64_t size;
};

/// A set of channels.
struct ChannelSpace {
  int64_t size = 0;
  bool isFrozen = false;            ///< must stay as it is
  std::vector<WeightLayer> sources; ///< the layers that give the channels
};

class ChannelSpaces {
public:
  explicit ChannelSpaces(mlir::func::FuncOp function);

  /// By index; indices are those that lookup() returns.
  const std::vector<ChannelSpace> &get() const { return spaces; }

  /// The channels of a value that is not constant.
  Channels lookup(mlir::Value value) const;

private:
  void addOp(mlir::Operation *op);
  bool addLayer(mlir::Operation *op);
  bool addFollower(mlir::Operation *op);
  bool addReshape(mlir::Value from, mlir::Value to);
  /// Gives all results of an op new spaces that stay as they are, and freezes
  /// those of its operands.
  void freeze(mlir::Operation *op);
  void freeze(mlir::Value value);
  void define(mlir::Value value, bool frozen);
  void join(mlir::Value a, mlir::Value b);
  void resolve();

  llvm::DenseMap<mlir::Operation *, WeightLayer> layers;
  llvm::DenseMap<mlir::Value, Channels> channelsOf;
  llvm::EquivalenceClasses<size_t> joined;
  std::vector<ChannelSpace> spaces;
};

/// Whether a value is a constant, maybe behind a `dequantize`.
bool isConstant(mlir::Value value);

/// A depthwise layer that gives as many channels as it reads.
bool keepsChannels(const WeightLayer &layer);

/// A layer each of whose outputs depends on all channels of its input; others
/// freeze them.
bool readsChannels(const WeightLayer &layer);

/// Removes channels: `kept` has for every space the indices of those that stay,
/// rising.
void shrinkChannels(mlir::func::FuncOp function, const ChannelSpaces &spaces,
                    llvm::ArrayRef<std::vector<int64_t>> kept);

} // namespace shiftadd

#endif // SHIFTADD_PASSES_PRUNE_CHANNELSPACES_H
