//===- Multiplications.cpp - The multiplications of a function -*- C++ -*-===//
//
// Part of the shiftadd project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// The cost model says which ops multiply, so an op that is added later cannot
// be forgotten here; only ops whose constants decide are looked at one by one.
//
//===----------------------------------------------------------------------===//
#include "passes/Rewrite/Multiplications.h"

#include "dialects/ShiftAdd/IR/Costs.h"
#include "dialects/ShiftAdd/IR/WeightView.h"

#include "llvm/ADT/TypeSwitch.h"
#include "llvm/Support/FormatVariadic.h"

#include <cmath>

namespace shiftadd {

llvm::StringRef getName(MultiplicationReason reason) {
  switch (reason) {
  case MultiplicationReason::Variables:
    return "variables";
  case MultiplicationReason::Constant:
    return "constant";
  case MultiplicationReason::Division:
    return "division";
  case MultiplicationReason::Float:
    return "float";
  case MultiplicationReason::BorderFormat:
    return "border";
  }
  return "";
}

namespace {

using Reason = MultiplicationReason;
using Finding = std::optional<std::pair<Reason, std::string>>;

std::string getLayerName(mlir::Operation *op) {
  std::string name, place;
  op->getLoc()->walk([&](mlir::Location location) {
    if (auto named = llvm::dyn_cast<mlir::NameLoc>(location);
        named && name.empty())
      name = named.getName().str();
    if (auto line = llvm::dyn_cast<mlir::FileLineColLoc>(location);
        line && place.empty())
      place =
          llvm::formatv("{0}:{1}", line.getFilename().str(), line.getLine());
    return mlir::WalkResult::advance();
  });
  return name.empty() ? place : name;
}

bool isFloat(mlir::Value value) {
  return llvm::isa<mlir::FloatType>(mlir::getElementTypeOrSelf(value));
}

bool isPowerOfTwo(double number) {
  int exponent = 0;
  return number == 0 || std::fabs(std::frexp(number, &exponent)) == 0.5;
}

/// The constant that a value is, seen through the arguments of a layer.
std::optional<WeightView> getConstant(mlir::Value value) {
  return WeightView::get(getLayerOperand(value));
}

/// Whether a product with the value is a sum of shifts as it stands.
bool isDecomposed(mlir::Value value) {
  if (llvm::isa<PowerOfTwoType>(mlir::getElementTypeOrSelf(value)))
    return true;
  auto view = getConstant(value);
  if (!view)
    return false;
  for (int64_t i = 0, e = view->isSplat() ? 1 : view->size(); i < e; ++i)
    if (!isPowerOfTwo(view->getDouble(i)))
      return false;
  return true;
}

Finding describeFactors(mlir::Value lhs, mlir::Value rhs) {
  if (isDecomposed(lhs) || isDecomposed(rhs))
    return std::nullopt;
  if (isFloat(lhs))
    return {{Reason::Float, "multiplies floats"}};
  if (getConstant(lhs) || getConstant(rhs))
    return {{Reason::Constant, "multiplies by constants that are not "
                               "decomposed into powers of two"}};
  return {{Reason::Variables, "multiplies two values of the run"}};
}

/// `shift_add` names the digits of integer attributes; powers of two are
/// shifts anyway.
Finding describeScale(bool shiftAdd, llvm::ArrayRef<uint64_t> multipliers) {
  if (shiftAdd || llvm::all_of(multipliers, [](uint64_t multiplier) {
        return isPowerOfTwo(double(multiplier));
      }))
    return std::nullopt;
  return {{Reason::Constant, "scales by a multiplier that is not decomposed "
                             "into powers of two"}};
}

Finding describeScale(llvm::ArrayRef<mlir::Value> multipliers) {
  for (mlir::Value multiplier : multipliers)
    if (!isDecomposed(multiplier))
      return {{Reason::Constant,
               getConstant(multiplier)
                   ? "scales by multipliers that are not decomposed into "
                     "powers of two"
                   : "scales by a multiplier of the run"}};
  return std::nullopt;
}

bool movesOnly(mlir::Operation *op) {
  return llvm::isa<TransposeOp, ReshapeOp, SliceOp, ConcatOp, PadOp,
                   BroadcastOp>(op);
}

/// Whether the network's inputs reach the op without arithmetic.
bool readsInput(mlir::Value value) {
  value = getLayerOperand(value);
  mlir::Operation *op = value.getDefiningOp();
  if (!op)
    return true;
  return movesOnly(op) && op->getNumOperands() > 0 &&
         readsInput(op->getOperand(0));
}

/// Whether nothing but the network's outputs reads the op's result.
bool writesOutput(mlir::Value value) {
  return llvm::all_of(value.getUses(), [](mlir::OpOperand &use) {
    mlir::Operation *user = use.getOwner();
    if (llvm::isa<mlir::func::ReturnOp>(user))
      return true;
    if (llvm::isa<YieldOp>(user))
      return writesOutput(
          user->getParentOp()->getResult(use.getOperandNumber()));
    return movesOnly(user) && writesOutput(user->getResult(0));
  });
}

Finding describeConversion(bool atBorder) {
  if (atBorder)
    return {{Reason::BorderFormat,
             "converts between floats and codes at the network's border"}};
  return {{Reason::Float, "converts between floats and codes"}};
}

/// Ops whose cost does not depend on constants: by what the cost model counts.
Finding describeByCost(mlir::Operation *op) {
  OperationCounts counts = countOperations(op);
  bool onFloats = op->getNumOperands() ? isFloat(op->getOperand(0))
                                       : isFloat(op->getResult(0));
  if (counts.getTotal(OperationKind::Function) > 0)
    return {{Reason::Float, "computes a function of floats"}};
  if (counts.getTotal(OperationKind::Divide) > 0)
    return {onFloats ? std::pair(Reason::Float, std::string("divides floats"))
                     : std::pair(Reason::Division,
                                 std::string("divides by a value of the run"))};
  if (counts.getTotal(OperationKind::Multiply) > 0)
    return {onFloats
                ? std::pair(Reason::Float, std::string("multiplies floats"))
                : std::pair(Reason::Variables,
                            std::string("multiplies values of the run"))};
  return std::nullopt;
}

Finding describe(mlir::Operation *op) {
  return llvm::TypeSwitch<mlir::Operation *, Finding>(op)
      .Case<ConvOp, DenseOp, ConvTransposeOp>([](auto layer) {
        return describeFactors(layer.getInput(), layer.getFilter());
      })
      .Case<ShiftConvOp, ShiftDenseOp>(
          [](auto) -> Finding { return std::nullopt; })
      .Case<MatmulOp, MulOp>([](auto product) {
        return describeFactors(product.getLhs(), product.getRhs());
      })
      .Case([](DivOp quotient) -> Finding {
        if (isFloat(quotient.getLhs()))
          return isDecomposed(quotient.getRhs())
                     ? Finding()
                     : Finding({Reason::Float, "divides floats"});
        if (getConstant(quotient.getRhs()))
          return {{Reason::Constant, "divides by a constant"}};
        return {{Reason::Division, "divides by a value of the run"}};
      })
      .Case([](QuantizeOp op) {
        return describeConversion(readsInput(op.getInput()) ||
                                  writesOutput(op.getResult()));
      })
      .Case([](DequantizeOp op) {
        return describeConversion(readsInput(op.getInput()) ||
                                  writesOutput(op.getResult()));
      })
      .Case([](RequantizeOp op) { return describeScale({op.getMultiplier()}); })
      .Case([](RequantizeResidualOp op) {
        return describeScale({op.getMultiplier(), op.getResidualMultiplier()});
      })
      .Case([](RequantizeAddOp op) {
        return describeScale(op.getShiftAdd(),
                             {op.getLhsMultiplier(), op.getRhsMultiplier()});
      })
      .Case([](RequantizeMulOp op) -> Finding {
        return {{Reason::Variables, "multiplies two values of the run"}};
      })
      .Case([](QuantizedSoftmaxOp op) -> Finding {
        return {{Reason::Division, "divides by a sum of the run"}};
      })
      .Default([](mlir::Operation *op) { return describeByCost(op); });
}

} // namespace

std::vector<Multiplication> listMultiplications(mlir::func::FuncOp function) {
  std::vector<Multiplication> list;
  function.walk([&](mlir::Operation *op) {
    // A layer costs what its ops cost.
    if (op->getNumRegions() || op->hasTrait<mlir::OpTrait::IsTerminator>())
      return;
    if (auto finding = describe(op))
      list.push_back({op, getLayerName(op), finding->first, finding->second});
  });
  return list;
}

} // namespace shiftadd
