//===- Costs.cpp - Scalar operations of every op -*- C++ -*-===//
//
// Part of the shiftadd project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// One execution, per sample when the batch is free. A multiply-accumulate is
// one multiplication and one addition, both in the format of the operands;
// data movement, absolute values inside adder layers, logic on bits, and biases
// that a sum starts from cost nothing (E7, E31).
//
//===----------------------------------------------------------------------===//
#include "dialects/ShiftAdd/IR/Costs.h"

#include "dialects/ShiftAdd/IR/Shapes.h"
#include "dialects/ShiftAdd/IR/WeightView.h"

#include "llvm/ADT/TypeSwitch.h"
#include "llvm/ADT/bit.h"
#include "llvm/Support/MathExtras.h"

namespace shiftadd {

using Kind = OperationKind;

static int64_t resultElements(mlir::Operation *op) {
  return elementsPerSample(shapeOf(op->getResult(0)));
}
static int64_t operandElements(mlir::Operation *op) {
  return elementsPerSample(shapeOf(op->getOperand(0)));
}

NumberFormat getNumberFormat(mlir::Type type) {
  if (auto quantized = llvm::dyn_cast<mlir::quant::QuantizedType>(type)) {
    int64_t low = quantized.getStorageTypeMin();
    int64_t high = quantized.getStorageTypeMax();
    // Two's complement when there are negative codes.
    uint64_t magnitude = std::max<int64_t>(low < 0 ? -(low + 1) : 0, high);
    unsigned bits = llvm::bit_width(magnitude) + (low < 0);
    return {false, std::max(1u, bits)};
  }
  if (auto code = llvm::dyn_cast<PowerOfTwoType>(type))
    return {false, code.getBits()};
  if (type.isIntOrFloat())
    return {llvm::isa<mlir::FloatType>(type), type.getIntOrFloatBitWidth()};
  return {};
}

static NumberFormat formatOf(mlir::Value value) {
  return getNumberFormat(tensorType(value).getElementType());
}

static NumberFormat wider(NumberFormat lhs, NumberFormat rhs) {
  return {lhs.isFloat || rhs.isFloat, std::max(lhs.bits, rhs.bits)};
}

mlir::Value getLayerOperand(mlir::Value value) {
  auto argument = llvm::dyn_cast<mlir::BlockArgument>(value);
  auto layer =
      argument
          ? llvm::dyn_cast_or_null<LayerOp>(argument.getOwner()->getParentOp())
          : nullptr;
  if (!layer || argument.getArgNumber() >= layer.getInputs().size())
    return value;
  return layer.getInputs()[argument.getArgNumber()];
}

OperationCounts countOperations(mlir::Operation *op) {
  auto model = llvm::dyn_cast<CostModelOpInterface>(op);
  return model ? model.getOperationCounts(getLayerOperand) : OperationCounts();
}

OperationCounts countOperations(LaunchOp launch, KernelOp kernel) {
  mlir::Block &body = kernel.getBody().front();
  auto source = [&](mlir::Value value) -> mlir::Value {
    auto argument = llvm::dyn_cast<mlir::BlockArgument>(value);
    if (!argument || argument.getOwner() != &body ||
        argument.getArgNumber() >= launch.getInputs().size())
      return value;
    return launch.getInputs()[argument.getArgNumber()];
  };
  OperationCounts counts;
  for (mlir::Operation &op : body.without_terminator())
    if (auto model = llvm::dyn_cast<CostModelOpInterface>(op))
      counts += model.getOperationCounts(source);
  return counts;
}

//===----------------------------------------------------------------------===//
// One operation per element
//===----------------------------------------------------------------------===//

static OperationCounts perElement(mlir::Operation *op, int64_t elements,
                                  Kind kind) {
  OperationCounts counts;
  counts.add(kind, formatOf(op->getOperand(0)), elements);
  return counts;
}

#define SHIFTADD_FREE(OpTy)                                                    \
  OperationCounts OpTy::getOperationCounts(ValueSource) { return {}; }
#define SHIFTADD_COST(OpTy, KIND)                                              \
  OperationCounts OpTy::getOperationCounts(ValueSource) {                      \
    return perElement(*this, resultElements(*this), Kind::KIND);               \
  }
#define SHIFTADD_INPUT_COST(OpTy, KIND)                                        \
  OperationCounts OpTy::getOperationCounts(ValueSource) {                      \
    return perElement(*this, operandElements(*this), Kind::KIND);              \
  }
SHIFTADD_COST(AddOp, Add)
SHIFTADD_COST(SubOp, Add)
SHIFTADD_COST(MulOp, Multiply)
SHIFTADD_COST(DivOp, Divide)
SHIFTADD_COST(PowOp, Function)
SHIFTADD_COST(ModOp, Divide)
SHIFTADD_COST(MinOp, Compare)
SHIFTADD_COST(MaxOp, Compare)
SHIFTADD_COST(PreluOp, Multiply)
SHIFTADD_COST(EqualOp, Compare)
SHIFTADD_COST(LessOp, Compare)
SHIFTADD_COST(LessEqualOp, Compare)
SHIFTADD_COST(GreaterOp, Compare)
SHIFTADD_COST(GreaterEqualOp, Compare)
SHIFTADD_FREE(AndOp)
SHIFTADD_FREE(OrOp)
SHIFTADD_FREE(XorOp)
SHIFTADD_FREE(WhereOp)
SHIFTADD_COST(AbsOp, Add)
SHIFTADD_COST(NegOp, Add)
SHIFTADD_COST(SignOp, Compare)
SHIFTADD_COST(SqrtOp, Function)
SHIFTADD_COST(ExpOp, Function)
SHIFTADD_COST(LogOp, Function)
SHIFTADD_COST(ReciprocalOp, Divide)
SHIFTADD_COST(RoundOp, Add)
SHIFTADD_COST(FloorOp, Add)
SHIFTADD_COST(CeilOp, Add)
SHIFTADD_FREE(NotOp)
SHIFTADD_COST(SinOp, Function)
SHIFTADD_COST(CosOp, Function)
SHIFTADD_COST(ErfOp, Function)
SHIFTADD_COST(SigmoidOp, Function)
SHIFTADD_COST(TanhOp, Function)
SHIFTADD_COST(SoftplusOp, Function)
SHIFTADD_COST(ReluOp, Compare)
SHIFTADD_COST(LeakyReluOp, Multiply)
SHIFTADD_COST(EluOp, Function)
SHIFTADD_FREE(CastOp)
SHIFTADD_FREE(TransposeOp)
SHIFTADD_FREE(ReshapeOp)
SHIFTADD_FREE(PadOp)
SHIFTADD_FREE(ConcatOp)
SHIFTADD_FREE(SliceOp)
SHIFTADD_FREE(GatherOp)
SHIFTADD_FREE(BroadcastOp)
SHIFTADD_FREE(TileOp)
SHIFTADD_INPUT_COST(ReduceSumOp, Add)
SHIFTADD_INPUT_COST(ReduceMaxOp, Compare)
SHIFTADD_INPUT_COST(ReduceMinOp, Compare)
SHIFTADD_INPUT_COST(ReduceProdOp, Multiply)
SHIFTADD_INPUT_COST(ArgMaxOp, Compare)
SHIFTADD_INPUT_COST(ArgMinOp, Compare)
SHIFTADD_INPUT_COST(TopKOp, Compare)
SHIFTADD_COST(BitShiftOp, Shift)
SHIFTADD_COST(LookupOp, Lookup)
#undef SHIFTADD_FREE
#undef SHIFTADD_COST
#undef SHIFTADD_INPUT_COST

OperationCounts ClampOp::getOperationCounts(ValueSource) {
  return perElement(*this, 2 * resultElements(*this), Kind::Compare);
}

OperationCounts HardSigmoidOp::getOperationCounts(ValueSource) {
  int64_t elements = resultElements(*this);
  OperationCounts counts = perElement(*this, elements, Kind::Multiply);
  counts += perElement(*this, elements, Kind::Add);
  counts += perElement(*this, 2 * elements, Kind::Compare);
  return counts;
}

OperationCounts ReduceMeanOp::getOperationCounts(ValueSource) {
  OperationCounts counts = perElement(*this, operandElements(*this), Kind::Add);
  counts += perElement(*this, resultElements(*this), Kind::Multiply);
  return counts;
}

/// Maximum, difference, exponential, sum and quotient of every element.
static OperationCounts softmaxCounts(mlir::Operation *op) {
  int64_t elements = resultElements(op);
  OperationCounts counts = perElement(op, elements, Kind::Compare);
  counts += perElement(op, 2 * elements, Kind::Add);
  counts += perElement(op, elements, Kind::Function);
  counts += perElement(op, elements, Kind::Divide);
  return counts;
}
OperationCounts SoftmaxOp::getOperationCounts(ValueSource) {
  return softmaxCounts(*this);
}
OperationCounts LogSoftmaxOp::getOperationCounts(ValueSource) {
  return softmaxCounts(*this);
}

//===----------------------------------------------------------------------===//
// Codes and scales
//===----------------------------------------------------------------------===//

/// One division, one addition of the zero point and the two bounds (N51).
OperationCounts QuantizeOp::getOperationCounts(ValueSource) {
  int64_t elements = resultElements(*this);
  OperationCounts counts = perElement(*this, elements, Kind::Divide);
  counts += perElement(*this, elements, Kind::Add);
  counts += perElement(*this, 2 * elements, Kind::Compare);
  return counts;
}

OperationCounts DequantizeOp::getOperationCounts(ValueSource) {
  OperationCounts counts;
  NumberFormat codes = formatOf(getInput());
  counts.add(Kind::Add, codes, resultElements(*this));
  counts.add(Kind::Multiply, formatOf(getResult()), resultElements(*this));
  return counts;
}

/// Terms of a code that are not zero.
static unsigned countTerms(uint64_t code, const num::PowerOfTwoFormat &format) {
  if (!format.hasZero)
    return format.terms;
  unsigned field = format.fieldBits(), terms = 0;
  uint64_t mask = field >= 64 ? ~uint64_t(0) : (uint64_t(1) << field) - 1;
  for (unsigned term = 0; term < format.terms; ++term)
    terms += ((code >> (term * field)) & mask) != 0;
  return terms;
}

/// Terms of all elements of a tensor of codes that are not zero; all terms of
/// every code when the tensor is no constant.
static int64_t countTerms(mlir::Value codes, ValueSource source) {
  auto type = tensorType(codes);
  num::PowerOfTwoFormat format =
      getFormat(llvm::cast<PowerOfTwoType>(type.getElementType()));
  auto view = WeightView::get(source(codes));
  if (!view || view->size() != type.getNumElements())
    return elementsPerSample(type.getShape()) * format.terms;
  if (view->isSplat() && view->size())
    return view->size() * countTerms(view->getInteger(0), format);
  int64_t terms = 0;
  for (int64_t i = 0; i < view->size(); ++i)
    terms += countTerms(view->getInteger(i), format);
  return terms;
}

/// Non-zero digits of the canonical signed digit form.
static int64_t countDigits(int64_t value) {
  uint64_t magnitude = value < 0 ? -uint64_t(value) : uint64_t(value);
  return llvm::popcount(magnitude ^ (3 * magnitude));
}

/// Scaling `elements` numbers by constants, one per channel or one for all: a
/// multiplication each, nothing where the constant is a power of two (the shift
/// behind it is counted anyway), or the shifts and additions of the terms.
static void addScaling(OperationCounts &counts, mlir::Value multiplier,
                       int64_t elements, NumberFormat format,
                       ValueSource source) {
  int64_t channels = tensorType(multiplier).getNumElements();
  if (channels == 0)
    return;
  int64_t uses = elements / channels;
  if (llvm::isa<PowerOfTwoType>(tensorType(multiplier).getElementType())) {
    int64_t terms = countTerms(multiplier, source);
    counts.add(Kind::Shift, format, terms * uses);
    counts.add(Kind::Add, format,
               std::max<int64_t>(0, terms - channels) * uses);
    return;
  }
  auto view = WeightView::get(source(multiplier));
  if (!view || view->size() != channels) {
    counts.add(Kind::Multiply, format, elements);
    return;
  }
  for (int64_t i = 0; i < channels; ++i)
    if (countDigits(view->getInteger(i)) > 1)
      counts.add(Kind::Multiply, format, uses);
}

static void addScaling(OperationCounts &counts, int64_t multiplier,
                       bool shiftAdd, int64_t elements, NumberFormat format) {
  int64_t digits = countDigits(multiplier);
  if (digits <= 1)
    return;
  if (!shiftAdd) {
    counts.add(Kind::Multiply, format, elements);
    return;
  }
  counts.add(Kind::Shift, format, digits * elements);
  counts.add(Kind::Add, format, (digits - 1) * elements);
}

/// The shift, the rounded and offset sum, and the two bounds of N50.
static OperationCounts requantizeCounts(int64_t elements, NumberFormat format,
                                        int64_t additions) {
  OperationCounts counts;
  counts.add(Kind::Shift, format, elements);
  counts.add(Kind::Add, format, additions * elements);
  counts.add(Kind::Compare, format, 2 * elements);
  return counts;
}

OperationCounts RequantizeOp::getOperationCounts(ValueSource source) {
  int64_t elements = resultElements(*this);
  NumberFormat format = formatOf(getInput());
  OperationCounts counts =
      requantizeCounts(elements, format, getBias() ? 2 : 1);
  addScaling(counts, getMultiplier(), elements, format, source);
  return counts;
}

OperationCounts RequantizeResidualOp::getOperationCounts(ValueSource source) {
  int64_t elements = resultElements(*this);
  NumberFormat format = formatOf(getInput());
  OperationCounts counts =
      requantizeCounts(elements, format, getBias() ? 3 : 2);
  addScaling(counts, getMultiplier(), elements, format, source);
  addScaling(counts, getResidualMultiplier(), elements, format, source);
  return counts;
}

/// The product of scaled codes has 32 bits at most.
static constexpr NumberFormat kScaledCodes{false, 32};

OperationCounts RequantizeAddOp::getOperationCounts(ValueSource) {
  int64_t elements = resultElements(*this);
  OperationCounts counts = requantizeCounts(elements, kScaledCodes, 2);
  addScaling(counts, getLhsMultiplier(), getShiftAdd(), elements, kScaledCodes);
  addScaling(counts, getRhsMultiplier(), getShiftAdd(), elements, kScaledCodes);
  return counts;
}

OperationCounts RequantizeMulOp::getOperationCounts(ValueSource) {
  int64_t elements = resultElements(*this);
  OperationCounts counts = requantizeCounts(elements, kScaledCodes, 1);
  NumberFormat codes = wider(formatOf(getLhs()), formatOf(getRhs()));
  counts.add(Kind::Add, codes, 2 * elements);
  counts.add(Kind::Multiply, codes, elements);
  addScaling(counts, getMultiplier(), /*shiftAdd=*/false, elements,
             kScaledCodes);
  return counts;
}

OperationCounts QuantizedSoftmaxOp::getOperationCounts(ValueSource) {
  int64_t elements = resultElements(*this);
  NumberFormat codes = formatOf(getInput());
  OperationCounts counts;
  counts.add(Kind::Compare, codes, elements);
  counts.add(Kind::Add, codes, elements);
  counts.add(Kind::Lookup, codes, elements);
  counts.add(Kind::Add, kScaledCodes, 2 * elements);
  counts.add(Kind::Multiply, kScaledCodes, elements);
  counts.add(Kind::Divide, kScaledCodes, elements);
  return counts;
}

//===----------------------------------------------------------------------===//
// Layers
//===----------------------------------------------------------------------===//

/// (outputs) x (weights that reach one output).
template <typename OpTy> static int64_t taps(OpTy op) {
  auto filter = shapeOf(op.getFilter());
  return resultElements(op) * elementsPerSample(filter.drop_front());
}

static OperationCounts multiplyAccumulates(int64_t count, NumberFormat format) {
  OperationCounts counts;
  counts.add(Kind::Multiply, format, count);
  counts.add(Kind::Add, format, count);
  return counts;
}

template <typename OpTy> static NumberFormat layerFormat(OpTy op) {
  return wider(formatOf(op.getInput()), formatOf(op.getFilter()));
}

/// One shift and one addition per non-zero term (N19, N43), in the width of the
/// activations. Floats count as the fixed point numbers of their width that a
/// shifter works on (E14).
template <typename OpTy>
static OperationCounts shiftTaps(OpTy op, ValueSource source) {
  int64_t channels = shapeOf(op.getFilter()).front();
  int64_t uses = channels ? resultElements(op) / channels : 0;
  int64_t terms = uses * countTerms(op.getFilter(), source);
  NumberFormat format{false, formatOf(op.getInput()).bits};
  OperationCounts counts;
  counts.add(Kind::Shift, format, terms);
  counts.add(Kind::Add, format, terms);
  return counts;
}

/// Two additions per tap; the absolute value is not counted (N29). A zero
/// weight removes no work (N58).
template <typename OpTy> static OperationCounts distanceTaps(OpTy op) {
  OperationCounts counts;
  counts.add(Kind::Add, layerFormat(op), 2 * taps(op));
  return counts;
}

/// Every input position reaches each weight of its group once.
static int64_t transposedTaps(ConvTransposeOp op) {
  return elementsPerSample(shapeOf(op.getInput()).drop_back()) *
         elementsPerSample(shapeOf(op.getFilter()));
}
static int64_t matmulTaps(MatmulOp op) {
  return resultElements(op) * shapeOf(op.getLhs()).back();
}

int64_t countTaps(mlir::Operation *op) {
  return llvm::TypeSwitch<mlir::Operation *, int64_t>(op)
      .Case<ConvOp, DenseOp, ShiftConvOp, ShiftDenseOp, AdderConvOp,
            AdderDenseOp>([](auto layer) { return taps(layer); })
      .Case<ConvTransposeOp>(transposedTaps)
      .Case<MatmulOp>(matmulTaps)
      .Default(int64_t(0));
}

OperationCounts ConvOp::getOperationCounts(ValueSource) {
  return multiplyAccumulates(taps(*this), layerFormat(*this));
}
OperationCounts DenseOp::getOperationCounts(ValueSource) {
  return multiplyAccumulates(taps(*this), layerFormat(*this));
}
OperationCounts ConvTransposeOp::getOperationCounts(ValueSource) {
  return multiplyAccumulates(transposedTaps(*this), layerFormat(*this));
}
OperationCounts MatmulOp::getOperationCounts(ValueSource) {
  return multiplyAccumulates(matmulTaps(*this),
                             wider(formatOf(getLhs()), formatOf(getRhs())));
}
OperationCounts ShiftConvOp::getOperationCounts(ValueSource source) {
  return shiftTaps(*this, source);
}
OperationCounts ShiftDenseOp::getOperationCounts(ValueSource source) {
  return shiftTaps(*this, source);
}
OperationCounts AdderConvOp::getOperationCounts(ValueSource) {
  return distanceTaps(*this);
}
OperationCounts AdderDenseOp::getOperationCounts(ValueSource) {
  return distanceTaps(*this);
}

template <typename OpTy> static int64_t windowElements(OpTy op) {
  return resultElements(op) * elementsPerSample(op.getKernel());
}
OperationCounts MaxPoolOp::getOperationCounts(ValueSource) {
  return perElement(*this, windowElements(*this), Kind::Compare);
}
OperationCounts MaxPoolWithIndicesOp::getOperationCounts(ValueSource) {
  return perElement(*this, windowElements(*this), Kind::Compare);
}
OperationCounts AvgPoolOp::getOperationCounts(ValueSource) {
  OperationCounts counts = perElement(*this, windowElements(*this), Kind::Add);
  counts += perElement(*this, resultElements(*this), Kind::Multiply);
  return counts;
}
OperationCounts SumPoolOp::getOperationCounts(ValueSource) {
  return perElement(*this, windowElements(*this), Kind::Add);
}
OperationCounts LpPoolOp::getOperationCounts(ValueSource) {
  OperationCounts counts =
      multiplyAccumulates(windowElements(*this), formatOf(getInput()));
  counts += perElement(*this, resultElements(*this), Kind::Function);
  return counts;
}
OperationCounts LrnOp::getOperationCounts(ValueSource) {
  OperationCounts counts = multiplyAccumulates(
      resultElements(*this) * getSize(), formatOf(getInput()));
  counts += perElement(*this, resultElements(*this), Kind::Function);
  counts += perElement(*this, resultElements(*this), Kind::Divide);
  return counts;
}
OperationCounts BatchNormOp::getOperationCounts(ValueSource) {
  return multiplyAccumulates(resultElements(*this), formatOf(getInput()));
}

} // namespace shiftadd
