//===- NodeImporter.cpp - What a handler of an operator works with --------===//
//
// Part of the shiftadd project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Access to attributes and operands. What the file may get wrong is checked
// here once, so that handlers see sound values or stop.
//
//===----------------------------------------------------------------------===//

#include "frontend/Onnx/NodeImporter.h"

#include "mlir/Dialect/Func/IR/FuncOps.h"
#include "llvm/ADT/STLExtras.h"
#include "llvm/ADT/SetVector.h"

namespace shiftadd::onnx_import {

using mlir::ShapedType;

mlir::Type toElementType(mlir::MLIRContext *context, int32_t type) {
  mlir::Builder builder(context);
  switch (type) {
  case kBool:
    return builder.getI1Type();
  case kInt8:
    return builder.getIntegerType(8);
  case kInt16:
    return builder.getIntegerType(16);
  case kInt32:
    return builder.getIntegerType(32);
  case kInt64:
    return builder.getIntegerType(64);
  case kUInt8:
    return builder.getIntegerType(8, /*isSigned=*/false);
  case kUInt16:
    return builder.getIntegerType(16, /*isSigned=*/false);
  case kUInt32:
    return builder.getIntegerType(32, /*isSigned=*/false);
  case kUInt64:
    return builder.getIntegerType(64, /*isSigned=*/false);
  case kFloat16:
    return builder.getF16Type();
  case kBFloat16:
    return builder.getBF16Type();
  case kFloat:
    return builder.getF32Type();
  case kDouble:
    return builder.getF64Type();
  default:
    return {};
  }
}

int32_t toDataType(mlir::Type elementType) {
  for (int32_t type = 0; type <= kBFloat16; ++type)
    if (toElementType(elementType.getContext(), type) == elementType)
      return type;
  return kUndefined;
}

bool Symbol::isConstant() const {
  return data || (value && value.getDefiningOp<ConstantOp>());
}

//===----------------------------------------------------------------------===//
// Errors
//===----------------------------------------------------------------------===//

bool NodeImporter::invalid(const llvm::Twine &message) {
  failed = true;
  if (!problem)
    problem = Problem{false, message.str(), {}};
  return false;
}

bool NodeImporter::unsupported(const llvm::Twine &message) {
  failed = true;
  if (!problem)
    problem = Problem{true, message.str(), {}};
  return false;
}

std::vector<std::string> findSources(mlir::Value value) {
  llvm::SetVector<mlir::Value> seen;
  if (value)
    seen.insert(value);
  std::vector<std::string> names;
  for (size_t i = 0; i < seen.size(); ++i) {
    mlir::Value current = seen[i];
    if (auto argument = llvm::dyn_cast<mlir::BlockArgument>(current)) {
      auto function = llvm::dyn_cast_if_present<mlir::func::FuncOp>(
          argument.getOwner()->getParentOp());
      mlir::StringAttr name;
      if (function)
        name = function.getArgAttrOfType<mlir::StringAttr>(
            argument.getArgNumber(), kNameAttribute);
      if (name)
        names.push_back(name.str());
      continue;
    }
    for (mlir::Value operand : current.getDefiningOp()->getOperands())
      seen.insert(operand);
  }
  return names;
}

bool NodeImporter::needsConstant(size_t index, llvm::StringRef what) {
  if (failed)
    return false;
  std::string text = ("its " + what + " must be known at compile time").str();
  if (dependsOnBatch(index))
    return unsupported(text + " and depends on the free batch; fix the batch "
                              "with --shape");
  // Whoever fixes this operand has to fix those beside it, too.
  std::vector<std::string> names;
  for (size_t i = index ? 1 : 0; i < operands.size(); ++i)
    if (hasInput(i) && !isConstant(i))
      for (std::string &name : findSources(operands[i]->value))
        if (!llvm::is_contained(names, name))
          names.push_back(std::move(name));
  for (const std::string &name : names)
    text +=
        (&name == names.data() ? "; fix the input with --value " : " and ") +
        name + "=1,2,3|FILE.npy|FILE.pb";
  unsupported(text);
  problem->inputsToFix = std::move(names);
  return false;
}

//===----------------------------------------------------------------------===//
// Attributes
//===----------------------------------------------------------------------===//

const Attribute *NodeImporter::find(llvm::StringRef name) const {
  auto found = node.attributes.find(name.str());
  return found == node.attributes.end() ? nullptr : &found->second;
}

bool NodeImporter::hasAttribute(llvm::StringRef name) const {
  return find(name) != nullptr;
}

template <typename T>
const T *NodeImporter::getAttribute(llvm::StringRef name,
                                    llvm::StringRef kind) {
  const Attribute *attribute = find(name);
  if (!attribute)
    return nullptr;
  const T *value = std::get_if<T>(&attribute->value);
  if (!value)
    invalid("attribute '" + name + "' is of kind " + attribute->kind +
            ", not " + kind);
  return value;
}

int64_t NodeImporter::getInt(llvm::StringRef name, int64_t otherwise) {
  const int64_t *value = getAttribute<int64_t>(name, "int");
  return value ? *value : otherwise;
}

double NodeImporter::getFloat(llvm::StringRef name, double otherwise) {
  const float *value = getAttribute<float>(name, "float");
  return value ? *value : otherwise;
}

std::string NodeImporter::getString(llvm::StringRef name,
                                    llvm::StringRef otherwise) {
  const std::string *value = getAttribute<std::string>(name, "string");
  return value ? *value : otherwise.str();
}

Shape NodeImporter::getInts(llvm::StringRef name) {
  const auto *value = getAttribute<std::vector<int64_t>>(name, "ints");
  // A bound that no real model reaches keeps later sums from overflowing.
  for (int64_t number : value ? *value : std::vector<int64_t>())
    if (number > (int64_t(1) << 40) || number < -(int64_t(1) << 40))
      if (number != INT64_MAX && number != INT64_MIN && number != INT32_MAX) {
        invalid("attribute '" + name + "' holds the absurd number " +
                llvm::Twine(number));
        return {};
      }
  return value ? Shape(value->begin(), value->end()) : Shape();
}

llvm::SmallVector<float> NodeImporter::getFloats(llvm::StringRef name) {
  const auto *value = getAttribute<std::vector<float>>(name, "floats");
  return value ? llvm::SmallVector<float>(value->begin(), value->end())
               : llvm::SmallVector<float>();
}

//===----------------------------------------------------------------------===//
// Operands
//===----------------------------------------------------------------------===//

bool NodeImporter::requireInputs(size_t count) {
  for (size_t i = 0; i < count; ++i) {
    if (!hasInput(i))
      return invalid("operand " + llvm::Twine(i + 1) + " is missing");
    Symbol &symbol = *operands[i];
    // Constants become ops when a handler asks for them.
    bool isData = symbol.data && !symbol.value &&
                  toElementType(builder.getContext(), symbol.data->type);
    if (!isData && !codedInput(i))
      return false;
  }
  return true;
}

Shape NodeImporter::inputShape(size_t index) {
  if (!hasInput(index))
    return {};
  const Symbol &symbol = *operands[index];
  if (!symbol.value && symbol.data)
    return Shape(symbol.data->shape.begin(), symbol.data->shape.end());
  return shapeOf(symbol.value);
}

mlir::Value NodeImporter::materialize(Symbol &symbol) {
  if (symbol.value || !symbol.data)
    return symbol.value;
  mlir::Type element = toElementType(builder.getContext(), symbol.data->type);
  if (!element) {
    unsupported("reads tensor '" + symbol.data->name + "' of type " +
                dataTypeName(symbol.data->type));
    return {};
  }
  std::string_view bytes = symbol.data->view();
  symbol.value = makeConstant(
      builder, location,
      mlir::RankedTensorType::get(symbol.data->shape, element),
      llvm::ArrayRef<char>(bytes.data(), bytes.size()), symbol.data->name);
  return symbol.value;
}

mlir::Value NodeImporter::codedInput(size_t index) {
  if (!hasInput(index))
    return {};
  if (operands[index]->batch) {
    unsupported("computes with the size of the free batch ('" +
                node.inputs[index] + "'); fix the batch with --shape");
    return {};
  }
  return materialize(*operands[index]);
}

mlir::Value NodeImporter::input(size_t index) {
  mlir::Value value = codedInput(index);
  return value ? cast(value, getStorageType(elementType(value))) : value;
}

mlir::Value NodeImporter::movedInput(size_t index) {
  mlir::Value value = codedInput(index);
  if (llvm::isa_and_present<mlir::quant::UniformQuantizedPerAxisType>(
          elementType(value)))
    return input(index);
  return value;
}

std::optional<ref::Tensor> NodeImporter::constant(size_t index) {
  if (!isConstant(index))
    return std::nullopt;
  Symbol &symbol = *operands[index];
  llvm::Expected<ref::Tensor> tensor = [&]() -> llvm::Expected<ref::Tensor> {
    if (symbol.value) {
      auto op = symbol.value.getDefiningOp<ConstantOp>();
      auto type = tensorType(symbol.value);
      return ref::Tensor::fromAttribute(
          op.getValue(),
          mlir::RankedTensorType::get(type.getShape(),
                                      getStorageType(type.getElementType())));
    }
    mlir::Type element = toElementType(builder.getContext(), symbol.data->type);
    if (!element)
      return ref::makeError("has the type " + dataTypeName(symbol.data->type));
    std::string_view bytes = symbol.data->view();
    return ref::Tensor::fromBytes(
        element, symbol.data->shape,
        llvm::ArrayRef<char>(bytes.data(), bytes.size()));
  }();
  if (!tensor) {
    unsupported("operand '" + node.inputs[index] +
                "': " + llvm::toString(tensor.takeError()));
    return std::nullopt;
  }
  return std::move(*tensor);
}

std::optional<Shape> NodeImporter::constantInts(size_t index,
                                                llvm::StringRef what) {
  if (!hasInput(index)) {
    invalid("operand '" + what + "' is missing");
    return std::nullopt;
  }
  std::optional<ref::Tensor> tensor = constant(index);
  if (!tensor) {
    needsConstant(index, what);
    return std::nullopt;
  }
  return tensor->toIntegers();
}

std::optional<double> NodeImporter::constantFloat(size_t index,
                                                  llvm::StringRef what) {
  std::optional<ref::Tensor> tensor = constant(index);
  if (!tensor) {
    needsConstant(index, what);
    return std::nullopt;
  }
  if (tensor->getElementCount() != 1) {
    invalid("operand '" + what + "' is no single number");
    return std::nullopt;
  }
  return tensor->getDouble(0);
}

std::optional<BatchNumbers> NodeImporter::batchNumbers(size_t index) {
  if (dependsOnBatch(index))
    return *operands[index]->batch;
  std::optional<ref::Tensor> tensor = constant(index);
  if (!tensor || tensor->getRank() > 1)
    return std::nullopt;
  BatchNumbers numbers;
  numbers.isScalar = tensor->getRank() == 0;
  for (int64_t value : tensor->toIntegers())
    numbers.elements.push_back({value, false});
  return numbers;
}

//===----------------------------------------------------------------------===//
// Types
//===----------------------------------------------------------------------===//

mlir::Type NodeImporter::elementType(mlir::Value value) {
  return value ? tensorType(value).getElementType() : mlir::Type();
}

Shape NodeImporter::shapeOf(mlir::Value value) {
  return value ? Shape(tensorType(value).getShape()) : Shape();
}

bool NodeImporter::isFloat(mlir::Value value) {
  return llvm::isa_and_present<mlir::FloatType>(elementType(value));
}

bool NodeImporter::isNarrowFloat(mlir::Value value) {
  return isFloat(value) && elementType(value).getIntOrFloatBitWidth() == 16;
}

bool NodeImporter::isUnsigned(mlir::Value value) {
  mlir::Type type = elementType(value);
  return type && type.isUnsignedInteger();
}

bool NodeImporter::isBool(mlir::Value value) {
  mlir::Type type = elementType(value);
  return type && type.isInteger(1);
}

std::optional<int64_t> NodeImporter::normalizeAxis(int64_t axis, int64_t rank) {
  if (axis < -rank || axis >= rank) {
    invalid("axis " + llvm::Twine(axis) + " is outside the " +
            llvm::Twine(rank) + " dimensions");
    return std::nullopt;
  }
  return axis < 0 ? axis + rank : axis;
}

std::optional<Shape> NodeImporter::normalizeAxes(llvm::ArrayRef<int64_t> axes,
                                                 int64_t rank) {
  Shape result;
  for (int64_t axis : axes) {
    std::optional<int64_t> normalized = normalizeAxis(axis, rank);
    if (!normalized)
      return std::nullopt;
    result.push_back(*normalized);
  }
  llvm::sort(result);
  result.erase(llvm::unique(result), result.end());
  return result;
}

//===----------------------------------------------------------------------===//
// Results
//===----------------------------------------------------------------------===//

bool NodeImporter::set(size_t index, mlir::Value value) {
  if (failed || !value) {
    failed = true;
    return false;
  }
  if (index < results.size())
    results[index].value = value;
  return true;
}

bool NodeImporter::set(size_t index, BatchNumbers numbers) {
  if (failed)
    return false;
  if (index < results.size())
    results[index].batch = std::move(numbers);
  return true;
}

} // namespace shiftadd::onnx_import
