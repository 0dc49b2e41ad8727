//===- ModelSource.cpp - From the model argument to a loaded model --------===//
//
// Part of the shiftadd project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// The only file that calls the compiler.
//
//===----------------------------------------------------------------------===//

#include "tools/shiftadd-run/ModelSource.h"
#include "tools/compiler/RunModel.h"
#include "tools/shiftadd-run/ExitStatus.h"

#include "llvm/BinaryFormat/Magic.h"
#include "llvm/Support/FileSystem.h"
#include "llvm/Support/FileUtilities.h"
#include "llvm/Support/Path.h"

namespace shiftadd::tools {

llvm::Expected<bool> isLibrary(const std::string &path) {
  llvm::sys::fs::file_status status;
  std::error_code code = llvm::sys::fs::status(path, status);
  if (!code && status.type() == llvm::sys::fs::file_type::directory_file)
    code = std::make_error_code(std::errc::is_a_directory);
  llvm::file_magic magic;
  if (!code)
    code = llvm::identify_magic(path, magic);
  if (code)
    return wrongInput(path + ": cannot open: " + code.message());
  if (magic == llvm::file_magic::elf_shared_object ||
      llvm::sys::path::extension(path) == ".so")
    return true;
  return false;
}

llvm::Expected<LoadedModel> compileAndLoad(const std::string &path,
                                           const std::vector<Tensor> &inputs,
                                           int threads,
                                           std::optional<PruneRequest> prune) {
  CompileForInputs request{path, inputs, /*interpret=*/false, prune};
  std::vector<Tensor> outputs;
  std::string library, error;
  if (int status = compileOrInterpret(request, outputs, library, error))
    return failure(status, error);
  // A loaded library needs its file no longer.
  llvm::FileRemover remover(library);
  return LoadedModel::open(library, threads);
}

llvm::Expected<std::vector<Tensor>>
interpret(const std::string &path, const std::vector<Tensor> &inputs) {
  CompileForInputs request{path, inputs, /*interpret=*/true, std::nullopt};
  std::vector<Tensor> outputs;
  std::string library, error;
  if (int status = compileOrInterpret(request, outputs, library, error))
    return failure(status, error);
  return outputs;
}

llvm::Expected<StageComparison> compare(const CompareStagesRequest &request) {
  StageComparison comparison;
  std::string error;
  if (int status = compareStages(request, comparison, error))
    return failure(status, error);
  return comparison;
}

} // namespace shiftadd::tools
