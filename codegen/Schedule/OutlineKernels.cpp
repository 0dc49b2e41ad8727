//===- OutlineKernels.cpp - Layers become kernels and launches -*- C++ -*-===//
//
// Part of the shiftadd project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// A network repeats its layers: equal regions with equal memory layouts are one
// kernel. What differs between them (weights, scales as multipliers) reaches
// the kernel through arguments.
//
//===----------------------------------------------------------------------===//
#include "codegen/Schedule/Passes.h"

#include "codegen/Schedule/ConstantFacts.h"
#include "codegen/Schedule/Layouts.h"

#include "mlir/IR/Builders.h"
#include "mlir/IR/IRMapping.h"
#include "llvm/ADT/StringMap.h"

namespace shiftadd {

#define GEN_PASS_DEF_OUTLINEKERNELSPASS
#include "codegen/Schedule/Passes.h.inc"

namespace {

mlir::RankedTensorType oneSample(mlir::Type type) {
  auto tensor = llvm::cast<mlir::RankedTensorType>(type);
  llvm::SmallVector<int64_t> shape(tensor.getShape());
  for (int64_t &size : shape)
    if (mlir::ShapedType::isDynamic(size))
      size = 1;
  return mlir::RankedTensorType::get(shape, tensor.getElementType());
}

/// Attributes that write a free batch as -1.
void fixAttributes(mlir::Operation *op) {
  auto fixed = [](llvm::ArrayRef<int64_t> shape) {
    llvm::SmallVector<int64_t> result(shape);
    for (int64_t &size : result)
      size = size == -1 ? 1 : size;
    return result;
  };
  if (auto reshape = llvm::dyn_cast<ReshapeOp>(op))
    reshape.setShape(fixed(reshape.getShape()));
  if (auto broadcast = llvm::dyn_cast<BroadcastOp>(op))
    broadcast.setShape(fixed(broadcast.getShape()));
  if (auto slice = llvm::dyn_cast<SliceOp>(op))
    slice.setSizes(fixed(slice.getSizes()));
}

/// The layer's body as text, without the names of values or nodes.
std::string getKey(KernelOp kernel) {
  std::string text;
  llvm::raw_string_ostream stream(text);
  mlir::OpPrintingFlags flags;
  flags.printGenericOpForm().useLocalScope().enableDebugInfo(false);
  kernel.getArgumentLayouts().print(stream);
  kernel.getResultLayouts().print(stream);
  kernel.getConstantsAttr().print(stream);
  for (mlir::BlockArgument argument : kernel.getBody().getArguments())
    stream << argument.getType();
  llvm::DenseMap<mlir::Value, int> numbers;
  for (mlir::BlockArgument argument : kernel.getBody().getArguments())
    numbers.try_emplace(argument, numbers.size());
  for (mlir::Operation &op : kernel.getBody().front()) {
    stream << op.getName() << '(';
    for (mlir::Value operand : op.getOperands())
      stream << numbers.lookup(operand) << ' ';
    stream << ')' << op.getAttrDictionary() << ':';
    for (mlir::Value result : op.getResults()) {
      numbers.try_emplace(result, numbers.size());
      stream << result.getType();
    }
    stream << '\n';
  }
  return text;
}

/// The op that names the kernel: the one that does the sums, else the last.
std::string describe(KernelOp kernel) {
  llvm::StringRef mnemonic;
  for (mlir::Operation &op : kernel.getBody().front()) {
    if (llvm::isa<YieldOp>(op))
      continue;
    mnemonic = op.getName().stripDialect();
    if (llvm::isa<ConvolutionGeometryOpInterface, DenseOp, ShiftDenseOp,
                  AdderDenseOp, MatmulOp>(op))
      break;
  }
  return mnemonic.str();
}

struct OutlineKernels : impl::OutlineKernelsPassBase<OutlineKernels> {
  void runOnOperation() override {
    mlir::ModuleOp module = getOperation();
    for (auto function : module.getOps<mlir::func::FuncOp>()) {
      insertArenaCopies(function);
      llvm::SmallVector<LayerOp> layers(function.getOps<LayerOp>());
      // Layouts depend on the uses in layers: decide all before replacing any.
      llvm::DenseMap<mlir::Value, LayoutAttr> layouts;
      for (LayerOp layer : layers)
        for (mlir::Value value :
             llvm::concat<mlir::Value>(layer.getInputs(), layer.getResults()))
          layouts[value] = value.getDefiningOp<LayerOp>() && isLocal(value)
                               ? getWantedLayout(value)
                               : getPlainLayout(value);
      for (LayerOp layer : layers)
        outline(layer, layouts);
    }
  }

  /// Whether the value lives in the arena as it is: not a view, not an output.
  static bool isLocal(mlir::Value value) {
    return llvm::all_of(value.getUsers(), [](mlir::Operation *user) {
      return llvm::isa<LayerOp>(user);
    });
  }

  void outline(LayerOp layer,
               llvm::DenseMap<mlir::Value, LayoutAttr> &layouts) {
    stateConstantFacts(layer);
    mlir::OpBuilder builder(layer);
    auto module = getOperation();
    llvm::SmallVector<mlir::Attribute> argumentLayouts, resultLayouts;
    llvm::SmallVector<bool> constants;
    for (mlir::Value input : layer.getInputs()) {
      argumentLayouts.push_back(layouts[input]);
      constants.push_back(input.getDefiningOp<ConstantOp>() != nullptr);
    }
    for (mlir::Value result : layer.getResults())
      resultLayouts.push_back(layouts[result]);

    builder.setInsertionPointToStart(module.getBody());
    auto kernel = KernelOp::create(builder, layer.getLoc(), "kernel",
                                   builder.getArrayAttr(argumentLayouts),
                                   builder.getArrayAttr(resultLayouts),
                                   builder.getDenseBoolArrayAttr(constants));
    kernel.getBody().takeBody(layer.getBody());
    for (mlir::BlockArgument argument : kernel.getBody().getArguments())
      argument.setType(oneSample(argument.getType()));
    for (mlir::Operation &op : kernel.getBody().front()) {
      for (mlir::Value result : op.getResults())
        result.setType(oneSample(result.getType()));
      fixAttributes(&op);
    }

    auto [entry, isNew] = byKey.try_emplace(getKey(kernel));
    if (isNew) {
      entry->second = describe(kernel) + "_" + std::to_string(byKey.size() - 1);
      kernel.setSymName(entry->second);
      ++kernels;
    } else {
      kernel.erase();
    }
    builder.setInsertionPoint(layer);
    llvm::SmallVector<int64_t> offsets(layer.getNumResults(), -1);
    auto launch = LaunchOp::create(builder, layer.getLoc(),
                                   layer.getResultTypes(), entry->second,
                                   layer.getName(), layer.getInputs(), offsets);
    for (auto [from, to] :
         llvm::zip_equal(layer.getResults(), launch.getResults())) {
      layouts[to] = layouts.lookup(from);
      from.replaceAllUsesWith(to);
    }
    layer.erase();
    ++launches;
  }

  llvm::StringMap<std::string> byKey;
};

} // namespace
} // namespace shiftadd
