//===- Arguments.cpp - Inputs and the options that concern them -----------===//
//
// Part of the shiftadd project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Which dimensions of the inputs are known: from the file, from the options, or
// from another input that uses the same name.
//
//===----------------------------------------------------------------------===//

#include "frontend/Onnx/GraphImporter.h"

#include "llvm/ADT/STLExtras.h"
#include "llvm/Support/raw_ostream.h"

#include <cmath>

namespace shiftadd::onnx_import {

using mlir::ShapedType;

static std::string toText(llvm::ArrayRef<int64_t> shape) {
  std::string text;
  llvm::raw_string_ostream stream(text);
  stream << "[";
  llvm::interleave(shape, stream, ",");
  stream << "]";
  return text;
}

/// The shape as the file declares it, with names of symbolic dimensions.
static std::string declaredText(const ValueInfo &input) {
  std::string text = "[";
  for (const Dimension &dimension : input.shape)
    text += (text.size() == 1 ? "" : ",") +
            (dimension.size           ? std::to_string(*dimension.size)
             : dimension.name.empty() ? "?"
                                      : dimension.name);
  return text + "]";
}

static bool isArgument(const Model &model, const std::string &name) {
  auto hasName = [&](const auto &item) { return item.name == name; };
  return llvm::any_of(model.graph.inputs, hasName) &&
         llvm::none_of(model.graph.initializers, hasName);
}

bool GraphImporter::checkOptions() {
  auto check = [&](const std::string &name, llvm::StringRef option) {
    if (isArgument(model, name))
      return true;
    std::string names;
    for (const ValueInfo &input : model.graph.inputs)
      if (isArgument(model, input.name))
        names += (names.empty() ? "" : ", ") + input.name;
    return fail(ImportError::InvalidInput,
                option + " " + name + ": the model has no such input (it has " +
                    (names.empty() ? "none" : names) + ")");
  };
  for (const auto &[name, shape] : options.shapes) {
    if (!check(name, "--shape"))
      return false;
    int64_t count = 1;
    for (int64_t size : shape) {
      if (size < 0 || size > INT32_MAX || count > INT64_MAX / 64 / (size + 1))
        return fail(ImportError::InvalidInput, "--shape " + name + ": " +
                                                   toText(shape) +
                                                   " is not a shape");
      count *= size;
    }
  }
  for (const auto &[name, value] : options.values)
    if (!check(name, "--value"))
      return false;
  return bindDimensions();
}

/// A name stands for one size in all inputs: what the options say of one input
/// holds for the others.
bool GraphImporter::bindDimensions() {
  for (const ValueInfo &input : model.graph.inputs) {
    const std::vector<int64_t> *shape = nullptr;
    if (auto found = options.shapes.find(input.name);
        found != options.shapes.end())
      shape = &found->second;
    else if (auto fixed = options.values.find(input.name);
             fixed != options.values.end())
      shape = &fixed->second.shape;
    if (!shape || !input.hasShape || shape->size() != input.shape.size())
      continue;
    for (auto [size, dimension] : llvm::zip_equal(*shape, input.shape)) {
      if (dimension.size || dimension.name.empty())
        continue;
      auto [entry, isNew] = dimensions.try_emplace(dimension.name, size);
      if (!isNew && entry->second != size)
        return fail(ImportError::InvalidInput,
                    "input '" + input.name + "': dimension '" + dimension.name +
                        "' is " + llvm::Twine(size) + " here and " +
                        llvm::Twine(entry->second) + " in another input");
    }
  }
  return true;
}

std::optional<mlir::RankedTensorType>
GraphImporter::argumentType(const ValueInfo &input) {
  mlir::Type element = toElementType(&context, input.type);
  if (!element) {
    fail(ImportError::Unsupported,
         "input '" + input.name + "' has type " + dataTypeName(input.type));
    return std::nullopt;
  }
  auto mismatch = [&](llvm::ArrayRef<int64_t> shape) {
    fail(ImportError::InvalidInput, "input '" + input.name + "' is declared " +
                                        declaredText(input) + ", not " +
                                        toText(shape));
    return std::nullopt;
  };
  if (auto found = options.shapes.find(input.name);
      found != options.shapes.end()) {
    const std::vector<int64_t> &shape = found->second;
    if (input.hasShape) {
      if (shape.size() != input.shape.size())
        return mismatch(shape);
      for (auto [size, dimension] : llvm::zip_equal(shape, input.shape))
        if (dimension.size && *dimension.size != size)
          return mismatch(shape);
    }
    return mlir::RankedTensorType::get(shape, element);
  }
  bool isFixed = options.values.count(input.name);
  if (!input.hasShape) {
    if (isFixed)
      return mlir::RankedTensorType::get(options.values.at(input.name).shape,
                                         element);
    fail(ImportError::InvalidInput, "input '" + input.name +
                                        "' has no declared shape; give it with "
                                        "--shape " +
                                        input.name + "=...");
    return std::nullopt;
  }
  Shape shape;
  for (auto [index, dimension] : llvm::enumerate(input.shape)) {
    if (dimension.size) {
      shape.push_back(*dimension.size);
      continue;
    }
    auto known = dimensions.find(dimension.name);
    if (!dimension.name.empty() && known != dimensions.end()) {
      shape.push_back(known->second);
    } else if (isFixed) {
      const std::vector<int64_t> &fixed = options.values.at(input.name).shape;
      shape.push_back(index < fixed.size() ? fixed[index] : 1);
    } else if (index == 0) {
      shape.push_back(ShapedType::kDynamic);
    } else {
      fail(ImportError::InvalidInput,
           "input '" + input.name + "' " + declaredText(input) +
               ": dimension " + llvm::Twine(index) +
               (dimension.name.empty() ? "" : " ('" + dimension.name + "')") +
               " has no size; give the shape with --shape " + input.name +
               "=...");
      return std::nullopt;
    }
  }
  return mlir::RankedTensorType::get(shape, element);
}

/// Converts the elements; integers must keep their value.
static std::optional<ref::Tensor> convert(const ref::Tensor &from,
                                          mlir::RankedTensorType type) {
  auto to = ref::Tensor::create(type.getElementType(), type.getShape());
  if (!to) {
    llvm::consumeError(to.takeError());
    return std::nullopt;
  }
  for (int64_t i = 0; i < from.getElementCount(); ++i) {
    if (!from.isFloat() && !to->isFloat()) {
      to->setInteger(i, from.getInteger(i));
      if (to->getInteger(i) != from.getInteger(i))
        return std::nullopt;
      continue;
    }
    double value = from.getDouble(i);
    to->setDouble(i, value);
    if (!to->isFloat() && to->getDouble(i) != value)
      return std::nullopt;
  }
  return std::move(*to);
}

bool GraphImporter::fixArgument(const ValueInfo &input,
                                mlir::BlockArgument argument,
                                const FixedValue &value) {
  auto type = llvm::cast<mlir::RankedTensorType>(argument.getType());
  mlir::Type given = toElementType(&context, value.type);
  auto bad = [&](const llvm::Twine &text) {
    return fail(ImportError::InvalidInput,
                "--value " + input.name + ": " + text);
  };
  if (!given)
    return bad("type " + dataTypeName(value.type) + " is not supported");
  auto tensor = ref::Tensor::fromBytes(given, value.shape, value.bytes);
  if (!tensor)
    return bad(llvm::toString(tensor.takeError()));
  // One number may stand for a scalar.
  bool fits = llvm::ArrayRef<int64_t>(value.shape) == type.getShape() ||
              (tensor->getElementCount() == 1 && type.hasStaticShape() &&
               type.getNumElements() == 1);
  if (!fits)
    return bad("has shape " + toText(value.shape) + ", the input " +
               declaredText(input));
  std::optional<ref::Tensor> converted = convert(*tensor, type);
  if (!converted)
    return bad("the input's type " + dataTypeName(input.type) +
               " cannot hold it");
  function.setArgAttr(argument.getArgNumber(), kRequiredValueAttribute,
                      makeElements(type, converted->getBytes(), input.name));
  define(input.name).value = makeConstant(builder, argument.getLoc(), type,
                                          converted->getBytes(), input.name);
  return true;
}

bool GraphImporter::createFunction(mlir::ModuleOp module) {
  llvm::SmallVector<mlir::Type> types;
  llvm::SmallVector<const ValueInfo *> inputs;
  bool good = true;
  for (const ValueInfo &input : model.graph.inputs) {
    if (!isArgument(model, input.name))
      continue;
    if (llvm::any_of(inputs, [&](const ValueInfo *other) {
          return other->name == input.name;
        }))
      return fail(ImportError::InvalidInput,
                  "input '" + input.name + "' is declared twice");
    std::optional<mlir::RankedTensorType> type = argumentType(input);
    // All bad inputs are reported, not the first one only.
    good &= type.has_value();
    if (!type)
      continue;
    types.push_back(*type);
    inputs.push_back(&input);
  }
  if (!good)
    return false;

  mlir::Location fileLocation =
      mlir::FileLineColLoc::get(&context, model.path, /*line=*/0, /*column=*/0);
  builder.setInsertionPointToStart(module.getBody());
  function = mlir::func::FuncOp::create(builder, fileLocation, "main",
                                        builder.getFunctionType(types, {}));
  mlir::Block *block = function.addEntryBlock();
  builder.setInsertionPointToStart(block);
  for (auto [argument, input] :
       llvm::zip_equal(block->getArguments(), inputs)) {
    argument.setLoc(mlir::NameLoc::get(
        mlir::StringAttr::get(&context, input->name), fileLocation));
    function.setArgAttr(argument.getArgNumber(), kNameAttribute,
                        builder.getStringAttr(input->name));
    auto fixed = options.values.find(input->name);
    if (fixed == options.values.end())
      define(input->name).value = argument;
    else if (!fixArgument(*input, argument, fixed->second))
      return false;
  }
  return true;
}

} // namespace shiftadd::onnx_import
