//===- Costs.cpp - Scalar operations of every op -*- C++ -*-===//
//
// Part of the shiftadd project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// One execution, per sample when the batch is free. A multiply-accumulate is
// one multiplication and one addition; movement costs nothing; functions such
// as exp count as one multiplication, the least they can be.
//
//===----------------------------------------------------------------------===//
#include "dialects/ShiftAdd/IR/Shapes.h"
#include "dialects/ShiftAdd/IR/ShiftAdd.h"

namespace shiftadd {

static int64_t resultElements(mlir::Operation *op) {
  return elementsPerSample(shapeOf(op->getResult(0)));
}
static int64_t operandElements(mlir::Operation *op) {
  return elementsPerSample(shapeOf(op->getOperand(0)));
}

namespace {
enum class Kind { None, Multiply, Add, Compare };
} // namespace

static OperationCounts perElement(int64_t elements, Kind kind) {
  OperationCounts counts;
  switch (kind) {
  case Kind::None:
    break;
  case Kind::Multiply:
    counts.multiplications = elements;
    break;
  case Kind::Add:
    counts.additions = elements;
    break;
  case Kind::Compare:
    counts.comparisons = elements;
    break;
  }
  return counts;
}

#define SHIFTADD_COST(OpTy, KIND)                                              \
  OperationCounts OpTy::getOperationCounts() {                                 \
    return perElement(resultElements(*this), Kind::KIND);                      \
  }
#define SHIFTADD_INPUT_COST(OpTy, KIND)                                        \
  OperationCounts OpTy::getOperationCounts() {                                 \
    return perElement(operandElements(*this), Kind::KIND);                     \
  }
SHIFTADD_COST(AddOp, Add)
SHIFTADD_COST(SubOp, Add)
SHIFTADD_COST(MulOp, Multiply)
SHIFTADD_COST(DivOp, Multiply)
SHIFTADD_COST(PowOp, Multiply)
SHIFTADD_COST(ModOp, Multiply)
SHIFTADD_COST(MinOp, Compare)
SHIFTADD_COST(MaxOp, Compare)
SHIFTADD_COST(PreluOp, Multiply)
SHIFTADD_COST(EqualOp, Compare)
SHIFTADD_COST(LessOp, Compare)
SHIFTADD_COST(LessEqualOp, Compare)
SHIFTADD_COST(GreaterOp, Compare)
SHIFTADD_COST(GreaterEqualOp, Compare)
SHIFTADD_COST(AndOp, None)
SHIFTADD_COST(OrOp, None)
SHIFTADD_COST(XorOp, None)
SHIFTADD_COST(WhereOp, None)
SHIFTADD_COST(AbsOp, Add)
SHIFTADD_COST(NegOp, Add)
SHIFTADD_COST(SignOp, Compare)
SHIFTADD_COST(SqrtOp, Multiply)
SHIFTADD_COST(ExpOp, Multiply)
SHIFTADD_COST(LogOp, Multiply)
SHIFTADD_COST(ReciprocalOp, Multiply)
SHIFTADD_COST(RoundOp, Add)
SHIFTADD_COST(FloorOp, Add)
SHIFTADD_COST(CeilOp, Add)
SHIFTADD_COST(NotOp, None)
SHIFTADD_COST(SinOp, Multiply)
SHIFTADD_COST(CosOp, Multiply)
SHIFTADD_COST(ErfOp, Multiply)
SHIFTADD_COST(SigmoidOp, Multiply)
SHIFTADD_COST(TanhOp, Multiply)
SHIFTADD_COST(SoftplusOp, Multiply)
SHIFTADD_COST(ReluOp, Compare)
SHIFTADD_COST(LeakyReluOp, Multiply)
SHIFTADD_COST(EluOp, Multiply)
SHIFTADD_COST(HardSigmoidOp, Multiply)
SHIFTADD_COST(ClampOp, Compare)
SHIFTADD_COST(CastOp, None)
SHIFTADD_COST(TransposeOp, None)
SHIFTADD_COST(ReshapeOp, None)
SHIFTADD_COST(PadOp, None)
SHIFTADD_COST(ConcatOp, None)
SHIFTADD_COST(SliceOp, None)
SHIFTADD_COST(GatherOp, None)
SHIFTADD_COST(BroadcastOp, None)
SHIFTADD_COST(TileOp, None)
SHIFTADD_INPUT_COST(ReduceSumOp, Add)
SHIFTADD_INPUT_COST(ReduceMaxOp, Compare)
SHIFTADD_INPUT_COST(ReduceMinOp, Compare)
SHIFTADD_INPUT_COST(ReduceProdOp, Multiply)
SHIFTADD_INPUT_COST(ArgMaxOp, Compare)
SHIFTADD_INPUT_COST(ArgMinOp, Compare)
SHIFTADD_INPUT_COST(TopKOp, Compare)
SHIFTADD_COST(QuantizeOp, Multiply)
SHIFTADD_COST(DequantizeOp, Multiply)
#undef SHIFTADD_COST
#undef SHIFTADD_INPUT_COST

OperationCounts BitShiftOp::getOperationCounts() {
  OperationCounts counts;
  counts.shifts = resultElements(*this);
  return counts;
}

OperationCounts ReduceMeanOp::getOperationCounts() {
  OperationCounts counts = perElement(operandElements(*this), Kind::Add);
  counts.multiplications = resultElements(*this);
  return counts;
}

static OperationCounts softmaxCounts(mlir::Operation *op) {
  int64_t elements = resultElements(op);
  OperationCounts counts;
  counts.multiplications = 2 * elements;
  counts.additions = 2 * elements;
  counts.comparisons = elements;
  return counts;
}
OperationCounts SoftmaxOp::getOperationCounts() { return softmaxCounts(*this); }
OperationCounts LogSoftmaxOp::getOperationCounts() {
  return softmaxCounts(*this);
}

OperationCounts RequantizeOp::getOperationCounts() {
  OperationCounts counts;
  int64_t elements = resultElements(*this);
  counts.multiplications = elements;
  counts.shifts = elements;
  counts.comparisons = 2 * elements;
  counts.additions = (getBias() ? 2 : 1) * elements;
  return counts;
}

OperationCounts RequantizeAddOp::getOperationCounts() {
  OperationCounts counts;
  int64_t elements = resultElements(*this);
  counts.multiplications = 2 * elements;
  counts.additions = 2 * elements;
  counts.shifts = elements;
  counts.comparisons = 2 * elements;
  return counts;
}

/// Taps of a layer: (outputs) x (weights that reach one output).
template <typename OpTy> static int64_t taps(OpTy op) {
  auto filter = shapeOf(op.getFilter());
  return resultElements(op) * elementsPerSample(filter.drop_front());
}

static OperationCounts multiplyAccumulates(int64_t count) {
  OperationCounts counts;
  counts.multiplications = count;
  counts.additions = count;
  return counts;
}

/// One shift and one addition per term (N43).
template <typename OpTy> static OperationCounts shiftTaps(OpTy op) {
  auto code =
      llvm::cast<PowerOfTwoType>(tensorType(op.getFilter()).getElementType());
  OperationCounts counts;
  counts.shifts = taps(op) * code.getTerms();
  counts.additions = counts.shifts;
  return counts;
}

/// Two additions per tap; the absolute value is not counted (N29).
template <typename OpTy> static OperationCounts distanceTaps(OpTy op) {
  OperationCounts counts;
  counts.additions = 2 * taps(op);
  return counts;
}

OperationCounts ConvOp::getOperationCounts() {
  return multiplyAccumulates(taps(*this));
}
OperationCounts DenseOp::getOperationCounts() {
  return multiplyAccumulates(taps(*this));
}
OperationCounts ConvTransposeOp::getOperationCounts() {
  // Every input position reaches each weight of its group once.
  auto input = shapeOf(getInput());
  return multiplyAccumulates(elementsPerSample(input.drop_back()) *
                             elementsPerSample(shapeOf(getFilter())));
}
OperationCounts MatmulOp::getOperationCounts() {
  return multiplyAccumulates(resultElements(*this) * shapeOf(getLhs()).back());
}
OperationCounts ShiftConvOp::getOperationCounts() { return shiftTaps(*this); }
OperationCounts ShiftDenseOp::getOperationCounts() { return shiftTaps(*this); }
OperationCounts AdderConvOp::getOperationCounts() {
  return distanceTaps(*this);
}
OperationCounts AdderDenseOp::getOperationCounts() {
  return distanceTaps(*this);
}

template <typename OpTy> static int64_t windowElements(OpTy op) {
  return resultElements(op) * elementsPerSample(op.getKernel());
}
OperationCounts MaxPoolOp::getOperationCounts() {
  return perElement(windowElements(*this), Kind::Compare);
}
OperationCounts MaxPoolWithIndicesOp::getOperationCounts() {
  return perElement(windowElements(*this), Kind::Compare);
}
OperationCounts AvgPoolOp::getOperationCounts() {
  OperationCounts counts = perElement(windowElements(*this), Kind::Add);
  counts.multiplications = resultElements(*this);
  return counts;
}
OperationCounts SumPoolOp::getOperationCounts() {
  return perElement(windowElements(*this), Kind::Add);
}
OperationCounts LpPoolOp::getOperationCounts() {
  return multiplyAccumulates(windowElements(*this));
}
OperationCounts LrnOp::getOperationCounts() {
  return multiplyAccumulates(resultElements(*this) * getSize());
}
OperationCounts BatchNormOp::getOperationCounts() {
  return multiplyAccumulates(resultElements(*this));
}

} // namespace shiftadd
