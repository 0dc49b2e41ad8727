//===- KernelSpecs.cpp - From kernel ops to kernel specs -*- C++ -*-===//
//
// Part of the shiftadd project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
#include "codegen/Emit/KernelSpecs.h"

#include "dialects/ShiftAdd/IR/WeightView.h"

#include "codegen/Halide/Templates/ShiftAddTerms.h"
#include "codegen/Schedule/Layouts.h"

#include "mlir/Support/DebugStringHelper.h"
#include "llvm/ADT/TypeSwitch.h"

namespace shiftadd {

using halide_gen::Attribute;
using halide_gen::KernelSpec;
using halide_gen::ScalarType;
using halide_gen::ValueType;

std::optional<ScalarType> getScalarType(mlir::Type elementType) {
  mlir::Type type = getStorageType(elementType);
  if (type.isF16())
    return ScalarType::Float16;
  if (type.isBF16())
    return ScalarType::BFloat16;
  if (type.isF32())
    return ScalarType::Float32;
  if (type.isF64())
    return ScalarType::Float64;
  auto integer = llvm::dyn_cast<mlir::IntegerType>(type);
  if (!integer)
    return std::nullopt;
  bool isUnsigned = integer.isUnsigned();
  switch (integer.getWidth()) {
  case 1:
    return ScalarType::Bool;
  case 8:
    return isUnsigned ? ScalarType::UInt8 : ScalarType::Int8;
  case 16:
    return isUnsigned ? ScalarType::UInt16 : ScalarType::Int16;
  case 32:
    return isUnsigned ? ScalarType::UInt32 : ScalarType::Int32;
  case 64:
    return isUnsigned ? ScalarType::UInt64 : ScalarType::Int64;
  default:
    return std::nullopt;
  }
}

std::optional<DecodedAs> getDecodedForm(KernelOp kernel, unsigned index) {
  mlir::BlockArgument argument = kernel.getBody().getArgument(index);
  if (!llvm::isa<PowerOfTwoType>(tensorType(argument).getElementType()))
    return std::nullopt;
  for (mlir::Operation *user : argument.getUsers())
    if (llvm::isa<mlir::FloatType>(
            tensorType(user->getOperand(0)).getElementType()))
      return DecodedAs::Float;
  return DecodedAs::Integer;
}

static bool isMultiplier(mlir::BlockArgument argument) {
  return llvm::any_of(argument.getUses(), [](mlir::OpOperand &use) {
    return llvm::isa<RequantizeOp, RequantizeResidualOp>(use.getOwner());
  });
}

ScalarType getDecodedInteger(KernelOp kernel, unsigned index) {
  if (isMultiplier(kernel.getBody().getArgument(index)))
    return ScalarType::Int32;
  // A format's own bounds are far wider than weights that came from 8 bits.
  int64_t low = 0, high = 0;
  kernel->getParentOp()->walk([&](LaunchOp launch) {
    if (launch.getKernel() != kernel.getSymName())
      return;
    if (auto integers = readCodedIntegers(launch.getInputs()[index]))
      for (int64_t integer : *integers) {
        low = std::min(low, integer);
        high = std::max(high, integer);
      }
  });
  auto fits = [&](unsigned bits) {
    return llvm::isIntN(bits, low) && llvm::isIntN(bits, high);
  };
  return fits(8)    ? ScalarType::Int8
         : fits(16) ? ScalarType::Int16
         : fits(32) ? ScalarType::Int32
                    : ScalarType::Int64;
}

/// Scales matter to the ops that cross between codes and real values; elsewhere
/// they are set to 1, so that layers of equal form share a kernel.
static bool readsScale(mlir::Value value) {
  auto reads = [](mlir::Operation *op) {
    return llvm::isa_and_nonnull<QuantizeOp, DequantizeOp, ClampOp, PadOp>(op);
  };
  return reads(value.getDefiningOp()) || llvm::any_of(value.getUsers(), reads);
}

static llvm::Expected<ValueType> getValueType(mlir::Value value) {
  auto tensor = tensorType(value);
  mlir::Type element = tensor.getElementType();
  auto scalar = getScalarType(element);
  if (!scalar)
    return llvm::createStringError("no kernel computes with " +
                                   mlir::debugString(element));
  ValueType type;
  type.scalar = *scalar;
  type.shape = tensor.getShape().vec();
  auto quantized = llvm::dyn_cast<mlir::quant::QuantizedType>(element);
  if (!quantized)
    return type;
  type.quantized = true;
  type.quantization.minimum = quantized.getStorageTypeMin();
  type.quantization.maximum = quantized.getStorageTypeMax();
  if (auto uniform =
          llvm::dyn_cast<mlir::quant::UniformQuantizedType>(element)) {
    type.quantization.scales = {uniform.getScale()};
    type.quantization.zeroPoints = {uniform.getZeroPoint()};
  } else if (auto perAxis =
                 llvm::dyn_cast<mlir::quant::UniformQuantizedPerAxisType>(
                     element)) {
    type.quantization.axis = perAxis.getQuantizedDimension();
    type.quantization.scales = perAxis.getScales().vec();
    type.quantization.zeroPoints = perAxis.getZeroPoints().vec();
  }
  if (!readsScale(value)) {
    auto &scales = type.quantization.scales;
    std::fill(scales.begin(), scales.end(), 1.0);
  }
  return type;
}

static std::optional<Attribute> getAttribute(mlir::Attribute attribute) {
  using Result = std::optional<Attribute>;
  return llvm::TypeSwitch<mlir::Attribute, Result>(attribute)
      .Case([](mlir::UnitAttr) { return Attribute(int64_t(1)); })
      .Case([](mlir::BoolAttr flag) {
        return Attribute(int64_t(flag.getValue()));
      })
      .Case([](mlir::IntegerAttr number) { return Attribute(number.getInt()); })
      .Case([](mlir::FloatAttr number) {
        return Attribute(number.getValueAsDouble());
      })
      .Case([](mlir::StringAttr text) { return Attribute(text.str()); })
      .Case([](mlir::DenseI64ArrayAttr array) {
        return Attribute(array.asArrayRef().vec());
      })
      .Case<RoundingAttr, PadModeAttr, ShiftDirectionAttr, ArithmeticAttr>(
          [](auto choice) {
            return Attribute(stringifyEnum(choice.getValue()).str());
          })
      .Default([](mlir::Attribute) { return std::nullopt; });
}

static halide_gen::Layout getLayout(mlir::Attribute attribute,
                                    mlir::Value value) {
  auto layout = llvm::cast<LayoutAttr>(attribute);
  halide_gen::Layout result;
  result.low = layout.getLow().asArrayRef().vec();
  result.high = layout.getHigh().asArrayRef().vec();
  auto stored = getStoredShape(tensorType(value), layout);
  result.strides.assign(stored.size(), 1);
  for (size_t d = stored.size(); d-- > 1;)
    result.strides[d - 1] = result.strides[d] * stored[d];
  return result;
}

llvm::Expected<KernelSpec> getKernelSpec(KernelOp kernel) {
  KernelSpec spec;
  llvm::DenseMap<mlir::Value, int> numbers;
  mlir::Block &body = kernel.getBody().front();
  for (auto [index, value] : llvm::enumerate(body.getArguments())) {
    auto type = getValueType(value);
    if (!type)
      return type.takeError();
    if (auto form = getDecodedForm(kernel, index))
      type->scalar = *form == DecodedAs::Float
                         ? ScalarType::Float32
                         : getDecodedInteger(kernel, index);
    halide_gen::Argument argument;
    argument.type = *type;
    argument.constant = kernel.getConstants()[index];
    argument.layout = getLayout(kernel.getArgumentLayouts()[index], value);
    spec.arguments.push_back(argument);
    numbers.try_emplace(value, numbers.size());
  }
  for (mlir::Operation &op : body.without_terminator()) {
    halide_gen::Op described;
    described.op = op.getName().stripDialect().str();
    for (mlir::Value operand : op.getOperands())
      described.operands.push_back(numbers.lookup(operand));
    // Optional operands keep their place.
    if (auto requantize = llvm::dyn_cast<RequantizeOp>(op);
        requantize && !requantize.getBias())
      described.operands.insert(described.operands.begin() + 1, -1);
    if (auto residual = llvm::dyn_cast<RequantizeResidualOp>(op);
        residual && !residual.getBias())
      described.operands.insert(described.operands.begin() + 1, -1);
    for (mlir::NamedAttribute named : op.getAttrDictionary()) {
      auto attribute = getAttribute(named.getValue());
      if (!attribute)
        return llvm::createStringError(
            "attribute " + named.getName().str() + " of " +
            op.getName().getStringRef().str() + " has no kernel form");
      described.attributes.emplace(named.getName().str(), *attribute);
    }
    for (mlir::Value result : op.getResults()) {
      auto type = getValueType(result);
      if (!type)
        return type.takeError();
      described.results.push_back(*type);
      numbers.try_emplace(result, numbers.size());
    }
    spec.ops.push_back(std::move(described));
  }
  auto yield = llvm::cast<YieldOp>(body.getTerminator());
  for (auto [index, value] : llvm::enumerate(yield.getValues()))
    spec.outputs.push_back(
        {numbers.lookup(value),
         getLayout(kernel.getResultLayouts()[index], value)});
  return spec;
}

void useShiftAdd(KernelOp kernel, KernelSpec &spec) {
  spec.shiftAdd = true;
  for (mlir::BlockArgument argument : kernel.getBody().getArguments()) {
    unsigned index = argument.getArgNumber();
    if (!kernel.getConstants()[index] || !isMultiplier(argument))
      continue;
    int64_t &terms = spec.arguments[index].terms;
    kernel->getParentOp()->walk([&](LaunchOp launch) {
      if (launch.getKernel() != kernel.getSymName())
        return;
      if (auto integers = readCodedIntegers(launch.getInputs()[index]))
        for (int64_t integer : *integers)
          terms = std::max(terms, halide_gen::exactTermCount(integer));
    });
  }
}

} // namespace shiftadd
