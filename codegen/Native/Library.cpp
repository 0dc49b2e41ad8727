//===- Library.cpp - Writes the files of a compiled model -----------------===//
//
// Part of the shiftadd project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Collects the parts of a model: its own code and description, the kernels, the
// weights and the support code that is the same for all models.
//
//===----------------------------------------------------------------------===//
#include "codegen/Native/Library.h"

#include "codegen/Native/Executor.h"
#include "codegen/Native/HostCode.h"
#include "codegen/Native/Link.h"
#include "codegen/Native/ModelDescription.h"
#include "codegen/Native/WeightsObject.h"
#include "runtime/model/support_object.h"

#include "llvm/ADT/StringExtras.h"
#include "llvm/IR/LLVMContext.h"
#include "llvm/IR/Module.h"
#include "llvm/Object/ArchiveWriter.h"

namespace shiftadd::native {

constexpr const char *modelSymbol = "shiftadd_model_v1";

static llvm::Expected<MemoryFile> compileModelCode(const ModelImage &model) {
  llvm::LLVMContext context;
  llvm::Module module("shiftadd model", context);
  std::vector<llvm::Function *> executors;
  for (const TargetImage &target : model.targets)
    executors.push_back(buildExecutor(module, model, target));
  buildDescription(module, model, executors);
  return compileModule(module);
}

/// All kernels as one archive: a file each would exhaust the descriptors that a
/// process may have.
static llvm::Expected<MemoryFile> archiveKernels(const ModelImage &model) {
  std::vector<llvm::NewArchiveMember> members;
  for (const TargetImage &target : model.targets)
    for (const KernelObject &kernel : target.kernels) {
      llvm::StringRef object(kernel.object.data(), kernel.object.size());
      members.emplace_back(llvm::MemoryBufferRef(object, kernel.symbol));
    }
  llvm::Expected<std::unique_ptr<llvm::MemoryBuffer>> archive =
      llvm::writeArchiveToBuffer(members, llvm::SymtabWritingMode::NoSymtab,
                                 llvm::object::Archive::K_GNU,
                                 /*Deterministic=*/true, /*Thin=*/false);
  if (!archive)
    return archive.takeError();
  return MemoryFile::create(
      "kernels", llvm::arrayRefFromStringRef((*archive)->getBuffer()));
}

static llvm::Expected<LinkInputs> collectInputs(const ModelImage &model) {
  if (llvm::Error error = checkDescription(model))
    return error;
  if (llvm::Error error = checkLaunches(model))
    return error;

  LinkInputs inputs;
  auto add = [](std::vector<MemoryFile> &list,
                llvm::Expected<MemoryFile> file) -> llvm::Error {
    if (!file)
      return file.takeError();
    list.push_back(std::move(*file));
    return llvm::Error::success();
  };
  if (llvm::Error error = add(inputs.objects, compileModelCode(model)))
    return error;
  if (llvm::Error error = add(inputs.objects, archiveKernels(model)))
    return error;
  if (!model.weights.empty())
    if (llvm::Error error =
            add(inputs.objects, writeWeightsObject(model.weights)))
      return error;
  struct Part {
    std::vector<MemoryFile> &list;
    const char *name;
    llvm::ArrayRef<uint8_t> bytes;
  };
  const Part parts[] = {
      {inputs.objects,
       "support code",
       {shiftadd_model_support_object, shiftadd_model_support_object_size}},
      {inputs.libraries,
       "libc.so.6",
       {shiftadd_libc_stub, shiftadd_libc_stub_size}},
      {inputs.libraries,
       "libm.so.6",
       {shiftadd_libm_stub, shiftadd_libm_stub_size}}};
  for (const Part &part : parts)
    if (llvm::Error error =
            add(part.list, MemoryFile::create(part.name, part.bytes)))
      return error;
  return inputs;
}

/// Names the file in errors that do not already do so.
static llvm::Error describe(llvm::StringRef path, llvm::Error error) {
  return llvm::createStringError("cannot write '" + path +
                                 "': " + llvm::toString(std::move(error)));
}

llvm::Error writeLibrary(const ModelImage &model, llvm::StringRef path) {
  llvm::Expected<LinkInputs> inputs = collectInputs(model);
  if (!inputs)
    return describe(path, inputs.takeError());
  return linkShared(*inputs, modelSymbol, path);
}

llvm::Error writeObject(const ModelImage &model, llvm::StringRef path) {
  llvm::Expected<LinkInputs> inputs = collectInputs(model);
  if (!inputs)
    return describe(path, inputs.takeError());
  // Whoever links the object brings the C library.
  inputs->libraries.clear();
  return linkRelocatable(*inputs, modelSymbol, path);
}

} // namespace shiftadd::native
