//===- ModelDescription.cpp - The constant that describes a model ---------===//
//
// Part of the shiftadd project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// The C structs are written as LLVM constants with the same members; both sides
// use the natural x86-64 layout, which the assertions below pin down.
//
//===----------------------------------------------------------------------===//
#include "codegen/Native/ModelDescription.h"

#include "runtime/model/description.h"

#include "llvm/ADT/StringSet.h"
#include "llvm/IR/Constants.h"
#include "llvm/IR/Module.h"

#include <cstddef>

namespace shiftadd::native {
namespace {

static_assert(sizeof(shiftadd_tensor_info) == 40 &&
              offsetof(shiftadd_tensor_info, shape) == 16 &&
              offsetof(shiftadd_tensor_info, required_value) == 32);
static_assert(sizeof(shiftadd_target_description) == 24 &&
              offsetof(shiftadd_target_description, execute) == 16);
static_assert(sizeof(shiftadd_model_description) == 72 &&
              offsetof(shiftadd_model_description, free_batch) == 8 &&
              offsetof(shiftadd_model_description, inputs) == 32 &&
              offsetof(shiftadd_model_description, arena_bytes) == 64);

class DescriptionBuilder {
public:
  explicit DescriptionBuilder(llvm::Module &module)
      : module(module), context(module.getContext()) {}
  void build(const ModelImage &model,
             llvm::ArrayRef<llvm::Function *> executors);

private:
  llvm::Constant *number(uint64_t value, unsigned bits) {
    return llvm::ConstantInt::get(llvm::IntegerType::get(context, bits), value);
  }
  llvm::PointerType *pointerType() {
    return llvm::PointerType::getUnqual(context);
  }
  llvm::GlobalVariable *global(llvm::Constant *value);
  llvm::Constant *text(llvm::StringRef value);
  llvm::Constant *record(llvm::ArrayRef<llvm::Constant *> members);
  llvm::Constant *list(llvm::ArrayRef<llvm::Constant *> elements);
  llvm::Constant *tensors(const std::vector<TensorImage> &images);
  llvm::Constant *targets(const std::vector<TargetImage> &images,
                          llvm::ArrayRef<llvm::Function *> executors);

  llvm::Module &module;
  llvm::LLVMContext &context;
};

llvm::GlobalVariable *DescriptionBuilder::global(llvm::Constant *value) {
  auto *variable = new llvm::GlobalVariable(
      module, value->getType(), true, llvm::GlobalValue::PrivateLinkage, value);
  variable->setUnnamedAddr(llvm::GlobalValue::UnnamedAddr::Global);
  return variable;
}

llvm::Constant *DescriptionBuilder::text(llvm::StringRef value) {
  return global(llvm::ConstantDataArray::getString(context, value));
}

llvm::Constant *
DescriptionBuilder::record(llvm::ArrayRef<llvm::Constant *> members) {
  return llvm::ConstantStruct::getAnon(context, members);
}

/// The address of an array with these elements.
llvm::Constant *
DescriptionBuilder::list(llvm::ArrayRef<llvm::Constant *> elements) {
  if (elements.empty())
    return llvm::ConstantPointerNull::get(pointerType());
  auto *type =
      llvm::ArrayType::get(elements.front()->getType(), elements.size());
  return global(llvm::ConstantArray::get(type, elements));
}

llvm::Constant *
DescriptionBuilder::tensors(const std::vector<TensorImage> &images) {
  std::vector<llvm::Constant *> elements;
  for (const TensorImage &image : images) {
    std::vector<llvm::Constant *> shape;
    for (int64_t extent : image.shape)
      shape.push_back(number(extent, 64));
    llvm::Constant *required = llvm::ConstantPointerNull::get(pointerType());
    if (!image.requiredValue.empty()) {
      llvm::GlobalVariable *value =
          global(llvm::ConstantDataArray::get(context, image.requiredValue));
      value->setAlignment(llvm::Align(8));
      required = value;
    }
    elements.push_back(record({text(image.name), number(image.type, 32),
                               number(image.shape.size(), 32), list(shape),
                               number(image.bytes, 64), required}));
  }
  return list(elements);
}

llvm::Constant *
DescriptionBuilder::targets(const std::vector<TargetImage> &images,
                            llvm::ArrayRef<llvm::Function *> executors) {
  std::vector<llvm::Constant *> elements;
  for (size_t i = 0; i < images.size(); ++i)
    elements.push_back(record(
        {text(images[i].name), number(images[i].cpuLevel, 32), executors[i]}));
  return list(elements);
}

void DescriptionBuilder::build(const ModelImage &model,
                               llvm::ArrayRef<llvm::Function *> executors) {
  std::vector<llvm::Constant *> layers;
  for (const std::string &name : model.layerNames)
    layers.push_back(text(name));
  llvm::Constant *value =
      record({text(model.json), number(model.freeBatch, 32),
              number(model.inputs.size(), 32), number(model.outputs.size(), 32),
              number(model.layerNames.size(), 32),
              number(model.targets.size(), 32), number(0, 32),
              tensors(model.inputs), tensors(model.outputs), list(layers),
              targets(model.targets, executors), number(model.arenaBytes, 64)});
  auto *description = new llvm::GlobalVariable(
      module, value->getType(), true, llvm::GlobalValue::ExternalLinkage, value,
      "shiftadd_description");
  description->setVisibility(llvm::GlobalValue::HiddenVisibility);
  description->setDSOLocal(true);
}

llvm::Error checkTensors(const std::vector<TensorImage> &tensors,
                         bool freeBatch) {
  for (const TensorImage &tensor : tensors) {
    const char *name = tensor.name.c_str();
    if (!tensor.requiredValue.empty() &&
        tensor.requiredValue.size() != tensor.bytes)
      return llvm::createStringError(
          "the required value of '%s' has the wrong size", name);
    for (auto [dimension, extent] : llvm::enumerate(tensor.shape))
      if (extent < 0 && !(dimension == 0 && freeBatch && extent == -1))
        return llvm::createStringError("dimension %zu of '%s' is not known",
                                       size_t(dimension), name);
    if (freeBatch && (tensor.shape.empty() || tensor.shape[0] != -1))
      return llvm::createStringError(
          "'%s' has no batch dimension, but the model's batch is free", name);
  }
  return llvm::Error::success();
}

} // namespace

llvm::Error checkDescription(const ModelImage &model) {
  if (model.targets.empty())
    return llvm::createStringError("no target to build kernels for");
  llvm::StringSet<> names;
  for (const TargetImage &target : model.targets) {
    if (!names.insert(target.name).second)
      return llvm::createStringError("target %s is given twice",
                                     target.name.c_str());
    if (target.kernels.size() != model.targets.front().kernels.size())
      return llvm::createStringError("target %s has %zu kernels, but %s has "
                                     "%zu",
                                     target.name.c_str(), target.kernels.size(),
                                     model.targets.front().name.c_str(),
                                     model.targets.front().kernels.size());
  }
  if (llvm::Error error = checkTensors(model.inputs, model.freeBatch))
    return error;
  return checkTensors(model.outputs, model.freeBatch);
}

void buildDescription(llvm::Module &module, const ModelImage &model,
                      llvm::ArrayRef<llvm::Function *> executors) {
  DescriptionBuilder(module).build(model, executors);
}

} // namespace shiftadd::native
