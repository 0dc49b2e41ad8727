//===- LayerResults.h - Where the layers of a network end -------*- C++ -*-===//
//
// Part of the shiftadd project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// A layer of the user's network is one op in one stage and several in another:
// a convolution and its clamp, or a sum of codes and its requantisation. What
// stays is the value that the rest of the network reads, and the nodes' names
// that locations carry.
//
//===----------------------------------------------------------------------===//
#ifndef SHIFTADD_TOOLS_COMPILER_LAYERRESULTS_H
#define SHIFTADD_TOOLS_COMPILER_LAYERRESULTS_H

#include "mlir/Dialect/Func/IR/FuncOps.h"
#include "llvm/ADT/DenseMap.h"
#include "llvm/ADT/StringMap.h"

#include <string>
#include <vector>

namespace shiftadd::tools {

/// An op, or an argument of the function, and the element-wise ops that alone
/// read it, one behind the other.
struct LayerResult {
  mlir::Value value;              ///< what the last of the ops gives
  std::vector<std::string> names; ///< of the nodes, first to last
  std::string operation;          ///< mnemonic of the first op, or "input"
  /// A residual is part of it that other stages add in a layer of its own.
  bool addsResidual = false;
  /// The layers whose results it reads, by index.
  std::vector<size_t> producers;
};

/// The layers of a function in its order.
class LayerResults {
public:
  explicit LayerResults(mlir::func::FuncOp function);

  const std::vector<LayerResult> &get() const { return layers; }
  const LayerResult &operator[](size_t index) const { return layers[index]; }
  size_t size() const { return layers.size(); }

  /// The last layer in which a node takes part.
  std::optional<size_t> find(llvm::StringRef name) const;
  /// The addition that alone reads the result of layer `index`.
  std::optional<size_t> findAddition(size_t index) const;

private:
  void addBlock(mlir::Block &block);
  void addLayer(mlir::Value head, mlir::Operation *op);
  void findProducers(mlir::Value value, std::vector<size_t> &producers) const;

  std::vector<LayerResult> layers;
  /// Which layer an op's result or an argument belongs to.
  llvm::DenseMap<mlir::Value, size_t> layerOf;
  llvm::StringMap<size_t> byName;
};

} // namespace shiftadd::tools

#endif // SHIFTADD_TOOLS_COMPILER_LAYERRESULTS_H
