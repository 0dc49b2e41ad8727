//===- HandlersElementwise.cpp - Element by element -----------------------===//
//
// Part of the shiftadd project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Operators that map one to one on ops; the shape of a result is the business
// of the op.
//
//===----------------------------------------------------------------------===//

#include "frontend/Onnx/Handlers.h"

namespace shiftadd::onnx_import {
namespace {

template <typename OpTy> bool importUnary(NodeImporter &n) {
  return n.requireInputs(1) && n.set(0, n.unary<OpTy>(n.input(0)));
}

template <typename OpTy> bool importBinary(NodeImporter &n) {
  return n.requireInputs(2) && n.set(0, n.binary<OpTy>(n.input(0), n.input(1)));
}

template <typename OpTy> bool importCompare(NodeImporter &n) {
  return n.requireInputs(2) &&
         n.set(0, n.make<OpTy>(n.builder.getI1Type(), n.input(0), n.input(1)));
}

/// Any number of operands, joined pairwise.
template <typename OpTy> mlir::Value joinInputs(NodeImporter &n) {
  if (!n.requireInputs(std::max<size_t>(n.inputCount(), 1)))
    return {};
  mlir::Value result = n.input(0);
  for (size_t i = 1; i < n.inputCount(); ++i)
    result = n.binary<OpTy>(result, n.input(i));
  return result;
}

} // namespace

bool importAdd(NodeImporter &n) { return importBinary<AddOp>(n); }
bool importSub(NodeImporter &n) { return importBinary<SubOp>(n); }
bool importMul(NodeImporter &n) { return importBinary<MulOp>(n); }
bool importDiv(NodeImporter &n) { return importBinary<DivOp>(n); }
bool importPow(NodeImporter &n) { return importBinary<PowOp>(n); }
bool importEqual(NodeImporter &n) { return importCompare<EqualOp>(n); }
bool importLess(NodeImporter &n) { return importCompare<LessOp>(n); }
bool importLessOrEqual(NodeImporter &n) {
  return importCompare<LessEqualOp>(n);
}
bool importGreater(NodeImporter &n) { return importCompare<GreaterOp>(n); }
bool importGreaterOrEqual(NodeImporter &n) {
  return importCompare<GreaterEqualOp>(n);
}
bool importAnd(NodeImporter &n) { return importBinary<AndOp>(n); }
bool importOr(NodeImporter &n) { return importBinary<OrOp>(n); }
bool importXor(NodeImporter &n) { return importBinary<XorOp>(n); }
bool importNot(NodeImporter &n) { return importUnary<NotOp>(n); }
bool importAbs(NodeImporter &n) { return importUnary<AbsOp>(n); }
bool importNeg(NodeImporter &n) { return importUnary<NegOp>(n); }
bool importSign(NodeImporter &n) { return importUnary<SignOp>(n); }
bool importSqrt(NodeImporter &n) { return importUnary<SqrtOp>(n); }
bool importExp(NodeImporter &n) { return importUnary<ExpOp>(n); }
bool importLog(NodeImporter &n) { return importUnary<LogOp>(n); }
bool importReciprocal(NodeImporter &n) { return importUnary<ReciprocalOp>(n); }
bool importRound(NodeImporter &n) { return importUnary<RoundOp>(n); }
bool importFloor(NodeImporter &n) { return importUnary<FloorOp>(n); }
bool importCeil(NodeImporter &n) { return importUnary<CeilOp>(n); }
bool importSin(NodeImporter &n) { return importUnary<SinOp>(n); }
bool importCos(NodeImporter &n) { return importUnary<CosOp>(n); }
bool importErf(NodeImporter &n) { return importUnary<ErfOp>(n); }

bool importMin(NodeImporter &n) { return n.set(0, joinInputs<MinOp>(n)); }
bool importMax(NodeImporter &n) { return n.set(0, joinInputs<MaxOp>(n)); }
bool importSum(NodeImporter &n) { return n.set(0, joinInputs<AddOp>(n)); }

bool importMean(NodeImporter &n) {
  mlir::Value sum = joinInputs<AddOp>(n);
  return n.set(
      0, n.div(sum, n.scalar(n.elementType(sum), double(n.inputCount()))));
}

bool importMod(NodeImporter &n) {
  if (!n.requireInputs(2))
    return false;
  bool fmod = n.getInt("fmod", 0) != 0;
  return n.set(
      0, n.make<ModOp>(n.elementType(n.input(0)), n.input(0), n.input(1),
                       fmod ? n.builder.getUnitAttr() : mlir::UnitAttr()));
}

bool importBitShift(NodeImporter &n) {
  if (!n.requireInputs(2))
    return false;
  std::string direction = n.getString("direction", "");
  if (direction != "LEFT" && direction != "RIGHT")
    return n.invalid("direction must be LEFT or RIGHT");
  mlir::Value x = n.input(0), amount = n.input(1);
  mlir::Type element = n.elementType(x);
  if (!element.isInteger() || element.isInteger(1))
    return n.invalid("shifts integers only");
  auto attribute = ShiftDirectionAttr::get(
      n.builder.getContext(),
      direction == "LEFT" ? ShiftDirection::Left : ShiftDirection::Right);
  if (element.isUnsignedInteger())
    return n.set(0, n.make<BitShiftOp>(element, x, amount, attribute));
  // As unsigned numbers, negative amounts are beyond the width. Of a negative
  // number, the complement shifted right is the complement of the result.
  mlir::Type bits = n.builder.getIntegerType(element.getIntOrFloatBitWidth(),
                                             /*isSigned=*/false);
  amount = n.cast(amount, bits);
  auto shift = [&](mlir::Value value) {
    return n.cast(
        n.make<BitShiftOp>(bits, n.cast(value, bits), amount, attribute),
        element);
  };
  if (direction == "LEFT")
    return n.set(0, shift(x));
  mlir::Value isNegative =
      n.make<LessOp>(n.builder.getI1Type(), x, n.scalar(element, 0));
  mlir::Value shifted =
      shift(n.make<WhereOp>(element, isNegative, n.unary<NotOp>(x), x));
  return n.set(0, n.make<WhereOp>(element, isNegative, n.unary<NotOp>(shifted),
                                  shifted));
}

bool importWhere(NodeImporter &n) {
  return n.requireInputs(3) &&
         n.set(0, n.make<WhereOp>(n.elementType(n.input(1)), n.input(0),
                                  n.input(1), n.input(2)));
}

bool importCast(NodeImporter &n) {
  if (!n.requireInputs(1))
    return false;
  if (!n.hasAttribute("to"))
    return n.invalid("attribute 'to' is missing");
  mlir::Type element =
      toElementType(n.builder.getContext(), int32_t(n.getInt("to", 0)));
  if (!element)
    return n.unsupported("the type to cast to");
  return n.set(0, n.cast(n.input(0), element));
}

bool importCastLike(NodeImporter &n) {
  return n.requireInputs(2) &&
         n.set(0, n.cast(n.input(0), n.elementType(n.input(1))));
}

} // namespace shiftadd::onnx_import
