//===- Interpretation.cpp - Model inputs for the interpreter --------------===//
//
// Part of the shiftadd project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
#include "tools/compiler/Interpretation.h"

#include "codegen/Emit/KernelSpecs.h"
#include "dialects/ShiftAdd/IR/ShiftAdd.h"

namespace shiftadd::tools {

TensorSpec getSpec(mlir::Type type, mlir::Attribute name) {
  auto tensor = llvm::cast<mlir::RankedTensorType>(type);
  TensorSpec spec;
  if (auto text = llvm::dyn_cast_or_null<mlir::StringAttr>(name))
    spec.name = text.str();
  if (auto scalar = getScalarType(tensor.getElementType()))
    spec.type = int32_t(*scalar);
  for (int64_t size : tensor.getShape())
    spec.shape.push_back(mlir::ShapedType::isDynamic(size) ? -1 : size);
  return spec;
}

std::vector<TensorSpec> getInputSpecs(mlir::func::FuncOp function) {
  std::vector<TensorSpec> specs;
  for (unsigned i = 0; i < function.getNumArguments(); ++i) {
    specs.push_back(getSpec(function.getArgumentTypes()[i],
                            function.getArgAttr(i, kNameAttribute)));
    // The interpreter takes fixed inputs like others: the graph ignores them.
    if (auto value = function.getArgAttrOfType<mlir::ElementsAttr>(
            i, kRequiredValueAttribute))
      if (auto tensor = ref::Tensor::fromAttribute(
              value,
              llvm::cast<mlir::RankedTensorType>(value.getShapedType()))) {
        specs.back().isFixed = true;
        specs.back().fixedValue.assign(tensor->getBytes().begin(),
                                       tensor->getBytes().end());
      }
  }
  return specs;
}

llvm::Expected<llvm::SmallVector<ref::Tensor>>
getArguments(mlir::func::FuncOp function, const std::vector<Tensor> &inputs,
             const std::vector<bool> &shared, int64_t part, int64_t parts) {
  llvm::SmallVector<ref::Tensor> arguments;
  for (auto [index, tensor] : llvm::enumerate(inputs)) {
    int64_t pieces = shared[index] ? 1 : parts;
    std::vector<int64_t> shape = tensor.shape;
    if (pieces > 1)
      shape.front() /= pieces;
    size_t bytes = tensor.bytes.size() / size_t(pieces);
    llvm::ArrayRef<char> data(
        reinterpret_cast<const char *>(tensor.bytes.data()) +
            (pieces > 1 ? size_t(part) * bytes : 0),
        bytes);
    auto argument = ref::Tensor::fromBytes(
        tensorType(function.getArgument(unsigned(index))).getElementType(),
        shape, data);
    if (!argument)
      return argument.takeError();
    arguments.push_back(*argument);
  }
  return arguments;
}

} // namespace shiftadd::tools
