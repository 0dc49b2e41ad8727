//===- ModuleCheck.cpp - Is IR from a file what a stage leaves? -*- C++ -*-===//
//
// Part of the shiftadd project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// The verifier checks ops one by one. A module written or changed by hand may
// still not be what a stage leaves; the passes behind it would then work on
// assumptions that do not hold.
//
//===----------------------------------------------------------------------===//
#include "tools/compiler/ModuleCheck.h"

#include "codegen/Schedule/Passes.h"
#include "dialects/AdderGraph/IR/AdderGraph.h"
#include "dialects/ShiftAdd/IR/ShiftAdd.h"
#include "dialects/ShiftAdd/IR/WeightView.h"

#include "mlir/Support/DebugStringHelper.h"

namespace shiftadd::tools {

/// Elements of the largest tensor: sizes in bytes stay far from 64 bits.
static constexpr int64_t kMostElements = int64_t(1) << 40;

static llvm::Error checkType(mlir::Type type) {
  auto refuse = [&](llvm::StringRef why) {
    return llvm::createStringError(mlir::debugString(type) + " " + why);
  };
  auto tensor = llvm::dyn_cast<mlir::RankedTensorType>(type);
  if (!tensor)
    return refuse("is no ranked tensor");
  if (getElementBytes(getStorageType(tensor.getElementType())) == 0)
    return refuse("has elements that nothing here computes with");
  int64_t elements = 1;
  for (auto [d, size] : llvm::enumerate(tensor.getShape())) {
    if (mlir::ShapedType::isDynamic(size)) {
      if (d != 0)
        return refuse("is free in a dimension behind the first");
      continue;
    }
    if (size != 0 && elements > kMostElements / size)
      return refuse("is too large");
    elements *= size;
  }
  return llvm::Error::success();
}

/// Tables are constants: what bounds the sums of a softmax is proven from them.
/// A layer or kernel may take one as an argument of its body.
static bool isConstantTable(mlir::Value table) {
  if (auto argument = llvm::dyn_cast<mlir::BlockArgument>(table))
    return !llvm::isa<mlir::func::FuncOp>(argument.getOwner()->getParentOp());
  return table.getDefiningOp<ConstantOp>() != nullptr;
}

static llvm::Error checkOps(mlir::func::FuncOp function) {
  for (mlir::Type type : llvm::concat<const mlir::Type>(
           function.getArgumentTypes(), function.getResultTypes()))
    if (auto error = checkType(type))
      return error;
  std::string problem;
  function.walk([&](mlir::Operation *op) {
    if (llvm::isa<mlir::func::FuncOp, mlir::func::ReturnOp>(op))
      return mlir::WalkResult::advance();
    // A graph of additions becomes a layer as a whole.
    if (op->getParentOfType<adder_graph::GraphOp>())
      return mlir::WalkResult::advance();
    if (!llvm::isa<ShiftAddDialect, adder_graph::AdderGraphDialect>(
            op->getDialect()) ||
        llvm::isa<OnnxNodeOp>(op)) {
      problem = op->getName().getStringRef().str() + " cannot be compiled";
      return mlir::WalkResult::interrupt();
    }
    if (llvm::isa<LookupOp, QuantizedSoftmaxOp>(op) &&
        !isConstantTable(op->getOperand(1))) {
      problem = op->getName().getStringRef().str() + ": its table is variable";
      return mlir::WalkResult::interrupt();
    }
    for (mlir::Type type : op->getResultTypes())
      if (auto error = checkType(type)) {
        problem = op->getName().getStringRef().str() + ": " +
                  llvm::toString(std::move(error));
        return mlir::WalkResult::interrupt();
      }
    return mlir::WalkResult::advance();
  });
  if (!problem.empty())
    return llvm::createStringError(problem);
  return llvm::Error::success();
}

/// From fuse on, `UnitOp` (layers, then launches) does all the work and writes
/// each result of the function itself.
template <typename UnitOp>
static llvm::Error checkUnits(mlir::func::FuncOp function) {
  mlir::Block &block = function.getBody().front();
  for (mlir::Operation &op : block)
    if (!llvm::isa<ConstantOp, ReshapeOp, UnitOp, mlir::func::ReturnOp>(op))
      return llvm::createStringError(op.getName().getStringRef() +
                                     " does not stand in a " +
                                     UnitOp::getOperationName());
  llvm::DenseSet<mlir::Value> written;
  for (mlir::Value result : block.getTerminator()->getOperands()) {
    mlir::Value source = result;
    while (auto view = source.getDefiningOp<ReshapeOp>())
      source = view.getInput();
    if (!source.getDefiningOp<UnitOp>() || !source.hasOneUse() ||
        !result.hasOneUse() || !written.insert(source).second)
      return llvm::createStringError("a result of @main is not written by a " +
                                     UnitOp::getOperationName() +
                                     " of its own");
  }
  return llvm::Error::success();
}

static llvm::Error checkPlan(mlir::func::FuncOp function) {
  if (!function->getAttrOfType<mlir::IntegerAttr>(kArenaBytesAttribute))
    return llvm::createStringError("@main lacks the attribute " +
                                   kArenaBytesAttribute);
  return llvm::Error::success();
}

llvm::Error checkModule(mlir::ModuleOp module, Stage stage) {
  auto function = module.lookupSymbol<mlir::func::FuncOp>("main");
  if (!function)
    return llvm::createStringError("the module has no function @main");
  if (!llvm::hasSingleElement(function.getBody()))
    return llvm::createStringError("@main must have one block");
  if (auto error = checkOps(function))
    return error;
  if (stage == Stage::Fuse)
    return checkUnits<LayerOp>(function);
  if (stage < Stage::Fuse)
    return llvm::Error::success();
  if (auto error = checkUnits<LaunchOp>(function))
    return error;
  return checkPlan(function);
}

} // namespace shiftadd::tools
