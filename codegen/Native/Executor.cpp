//===- Executor.cpp - The function that runs all layers -------------------===//
//
// Part of the shiftadd project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// One array of halide_buffer_t on the stack serves all launches: the kernels
// read nothing of a buffer but `host`, so the rest is zeroed once.
//
//===----------------------------------------------------------------------===//
#include "codegen/Native/Executor.h"

#include "codegen/Native/HaloFillCode.h"
#include "codegen/Native/WeightsObject.h"
#include "runtime/model/description.h"

#include "llvm/IR/IRBuilder.h"
#include "llvm/IR/Module.h"

namespace shiftadd::native {
namespace {

/// sizeof(halide_buffer_t) and the offset of its member `host` on x86-64.
constexpr uint64_t bufferBytes = 56;
constexpr uint64_t hostOffset = 16;

uint64_t placeBytes(const ModelImage &model, const BufferReference &reference,
                    bool &exists) {
  auto tensorBytes = [&](const std::vector<TensorImage> &tensors) {
    exists = reference.index < tensors.size();
    return exists ? tensors[reference.index].bytes : 0;
  };
  exists = true;
  switch (reference.place) {
  case Place::Input:
    return tensorBytes(model.inputs);
  case Place::Output:
    return tensorBytes(model.outputs);
  case Place::Arena:
    return model.arenaBytes;
  case Place::Weights:
    return model.weights.size();
  }
  exists = false;
  return 0;
}

/// Checks that `bytes` bytes from the reference on exist.
llvm::Error checkReference(const ModelImage &model,
                           const BufferReference &reference, uint64_t bytes) {
  bool exists = false;
  uint64_t available = placeBytes(model, reference, exists);
  if (!exists)
    return llvm::createStringError("no tensor number %u", reference.index);
  if (reference.offset > available || bytes > available - reference.offset)
    return llvm::createStringError(
        "%llu bytes at offset %llu exceed the %llu bytes there",
        (unsigned long long)bytes, (unsigned long long)reference.offset,
        (unsigned long long)available);
  return llvm::Error::success();
}

llvm::Error checkLaunch(const ModelImage &model, const Launch &launch) {
  if (launch.layer >= model.layerNames.size())
    return llvm::createStringError("no layer number %u", launch.layer);
  for (const TargetImage &target : model.targets)
    if (launch.kernel >= target.kernels.size())
      return llvm::createStringError("target %s has no kernel number %u",
                                     target.name.c_str(), launch.kernel);
  for (const HaloFill &fill : launch.fills) {
    if (llvm::Error error = checkHaloFill(fill))
      return error;
    if (fill.start.place == Place::Input || fill.start.place == Place::Weights)
      return llvm::createStringError("a halo in read-only memory");
    if (llvm::Error error =
            checkReference(model, fill.start, haloFillExtent(fill)))
      return error;
  }
  for (const BufferReference &argument : launch.arguments)
    if (llvm::Error error = checkReference(model, argument, 0))
      return error;
  return llvm::Error::success();
}

/// The processor whose instructions the executor of a kernel set may use.
const char *processorName(int32_t cpuLevel) {
  switch (cpuLevel) {
  case SHIFTADD_CPU_X86_64_V3:
    return "x86-64-v3";
  case SHIFTADD_CPU_X86_64_V4:
    return "x86-64-v4";
  case SHIFTADD_CPU_ZEN4:
    return "znver4";
  default:
    return "x86-64";
  }
}

/// Launches that share one function of machine code. The code generator's time
/// grows faster than a function does, so long models are cut into parts.
constexpr size_t launchesPerPart = 16;

class ExecutorBuilder {
public:
  ExecutorBuilder(llvm::Module &module, const ModelImage &model,
                  const TargetImage &target)
      : module(module), model(model), target(target),
        builder(module.getContext()), pointer(builder.getPtrTy()),
        i32(builder.getInt32Ty()) {}
  llvm::Function *build();

private:
  /// Parameters of a part: those of the executor, then two of its own.
  enum Parameter { Context, Arena, Inputs, Outputs, Buffers, Weights, Count };

  llvm::FunctionCallee declare(llvm::StringRef name, llvm::Type *result,
                               llvm::ArrayRef<llvm::Type *> parameters);
  void startFunction(llvm::Function *created);
  void returnIfNonzero(llvm::Value *code);
  void finishFunction();
  llvm::Value *loadWeightsAddress();
  llvm::Value *address(const BufferReference &reference);
  void emitLaunch(const Launch &launch);
  llvm::Function *buildPart(llvm::ArrayRef<Launch> launches);

  llvm::Module &module;
  const ModelImage &model;
  const TargetImage &target;
  llvm::IRBuilder<> builder;
  llvm::Type *pointer;
  llvm::Type *i32;
  /// The function under construction, and its block that returns an error.
  llvm::Function *function = nullptr;
  llvm::BasicBlock *failed = nullptr;
  llvm::PHINode *failedCode = nullptr;
};

llvm::FunctionCallee
ExecutorBuilder::declare(llvm::StringRef name, llvm::Type *result,
                         llvm::ArrayRef<llvm::Type *> parameters) {
  auto *type = llvm::FunctionType::get(result, parameters, false);
  llvm::Function *callee = module.getFunction(name);
  if (!callee) {
    callee = llvm::Function::Create(type, llvm::Function::ExternalLinkage, name,
                                    module);
    callee->setVisibility(llvm::GlobalValue::HiddenVisibility);
    callee->setDSOLocal(true);
  }
  return {type, callee};
}

void ExecutorBuilder::startFunction(llvm::Function *created) {
  function = created;
  function->addFnAttr("target-cpu", processorName(target.cpuLevel));
  function->addFnAttr(llvm::Attribute::NoUnwind);
  auto *entry = llvm::BasicBlock::Create(module.getContext(), "", function);
  failed = llvm::BasicBlock::Create(module.getContext(), "", function);
  builder.SetInsertPoint(failed);
  failedCode = builder.CreatePHI(i32, 1);
  builder.CreateRet(failedCode);
  builder.SetInsertPoint(entry);
}

void ExecutorBuilder::returnIfNonzero(llvm::Value *code) {
  auto *next =
      llvm::BasicBlock::Create(module.getContext(), "", function, failed);
  failedCode->addIncoming(code, builder.GetInsertBlock());
  builder.CreateCondBr(builder.CreateIsNull(code), next, failed);
  builder.SetInsertPoint(next);
}

void ExecutorBuilder::finishFunction() {
  builder.CreateRet(builder.getInt32(0));
  if (failedCode->getNumIncomingValues() == 0)
    failed->eraseFromParent();
}

/// The weights may lie more than 2 GB away, beyond the reach of an address
/// relative to the program counter. A pointer variable costs one 64-bit
/// relocation and reaches everything; it is no constant, so that its load is
/// not folded into the direct reference that it avoids.
llvm::Value *ExecutorBuilder::loadWeightsAddress() {
  if (model.weights.empty())
    return llvm::ConstantPointerNull::get(builder.getPtrTy());
  llvm::GlobalVariable *variable =
      module.getGlobalVariable("weights_pointer", true);
  if (!variable) {
    auto *section = new llvm::GlobalVariable(
        module, llvm::ArrayType::get(builder.getInt8Ty(), 0), true,
        llvm::GlobalValue::ExternalLinkage, nullptr, kWeightsSymbol);
    section->setVisibility(llvm::GlobalValue::HiddenVisibility);
    section->setDSOLocal(true);
    variable = new llvm::GlobalVariable(module, pointer, false,
                                        llvm::GlobalValue::InternalLinkage,
                                        section, "weights_pointer");
    // Read-only once it is relocated.
    variable->setSection(".data.rel.ro");
  }
  return builder.CreateLoad(pointer, variable);
}

llvm::Value *ExecutorBuilder::address(const BufferReference &reference) {
  auto tensor = [&](Parameter list) {
    return builder.CreateLoad(
        pointer, builder.CreateConstInBoundsGEP1_64(
                     pointer, function->getArg(list), reference.index));
  };
  llvm::Value *base = nullptr;
  switch (reference.place) {
  case Place::Input:
    base = tensor(Inputs);
    break;
  case Place::Output:
    base = tensor(Outputs);
    break;
  case Place::Arena:
    base = function->getArg(Arena);
    break;
  case Place::Weights:
    base = function->getArg(Weights);
    break;
  }
  return builder.CreatePtrAdd(base, builder.getInt64(reference.offset));
}

void ExecutorBuilder::emitLaunch(const Launch &launch) {
  for (const HaloFill &fill : launch.fills)
    emitHaloFill(builder, address(fill.start), fill);

  std::vector<llvm::Value *> arguments = {function->getArg(Context)};
  for (auto [index, argument] : llvm::enumerate(launch.arguments)) {
    llvm::Value *buffer = builder.CreatePtrAdd(
        function->getArg(Buffers), builder.getInt64(index * bufferBytes));
    builder.CreateStore(
        address(argument),
        builder.CreatePtrAdd(buffer, builder.getInt64(hostOffset)));
    arguments.push_back(buffer);
  }
  std::vector<llvm::Type *> types(arguments.size(), pointer);
  returnIfNonzero(builder.CreateCall(
      declare(target.kernels[launch.kernel].symbol, i32, types), arguments));
  builder.CreateCall(
      declare("shiftadd_layer_done", builder.getVoidTy(), {pointer, i32}),
      {function->getArg(Context), builder.getInt32(launch.layer)});
}

llvm::Function *ExecutorBuilder::buildPart(llvm::ArrayRef<Launch> launches) {
  std::vector<llvm::Type *> parameters(Count, pointer);
  startFunction(llvm::Function::Create(
      llvm::FunctionType::get(i32, parameters, false),
      llvm::Function::InternalLinkage, "execute_part", module));
  for (const Launch &launch : launches)
    emitLaunch(launch);
  finishFunction();
  return function;
}

llvm::Function *ExecutorBuilder::build() {
  std::vector<llvm::Function *> parts;
  size_t bufferCount = 1;
  for (llvm::ArrayRef<Launch> rest = model.launches; !rest.empty();
       rest = rest.drop_front(std::min(launchesPerPart, rest.size())))
    parts.push_back(buildPart(rest.take_front(launchesPerPart)));
  for (const Launch &launch : model.launches)
    bufferCount = std::max(bufferCount, launch.arguments.size());

  startFunction(
      llvm::cast<llvm::Function>(declare("shiftadd_execute_" + target.name, i32,
                                         {pointer, pointer, pointer, pointer})
                                     .getCallee()));
  llvm::AllocaInst *buffers = builder.CreateAlloca(
      llvm::ArrayType::get(builder.getInt8Ty(), bufferCount * bufferBytes));
  buffers->setAlignment(llvm::Align(16));
  builder.CreateMemSet(buffers, builder.getInt8(0), bufferCount * bufferBytes,
                       buffers->getAlign());
  llvm::Value *weights = loadWeightsAddress();
  for (llvm::Function *part : parts)
    returnIfNonzero(builder.CreateCall(
        part, {function->getArg(Context), function->getArg(Arena),
               function->getArg(Inputs), function->getArg(Outputs), buffers,
               weights}));
  finishFunction();
  return function;
}

} // namespace

llvm::Error checkLaunches(const ModelImage &model) {
  for (auto [index, launch] : llvm::enumerate(model.launches))
    if (llvm::Error error = checkLaunch(model, launch))
      return llvm::createStringError("launch %zu: %s", size_t(index),
                                     llvm::toString(std::move(error)).c_str());
  return llvm::Error::success();
}

llvm::Function *buildExecutor(llvm::Module &module, const ModelImage &model,
                              const TargetImage &target) {
  return ExecutorBuilder(module, model, target).build();
}

} // namespace shiftadd::native
