//===- Artifacts.cpp - Files that a compilation leaves -*- C++ -*-===//
//
// Part of the shiftadd project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
#include "tools/compiler/Artifacts.h"

#include "codegen/Native/Library.h"
#include "codegen/Native/OutputFile.h"

#include "mlir/Bytecode/BytecodeWriter.h"
#include "llvm/Support/FileSystem.h"
#include "llvm/Support/Path.h"

namespace shiftadd::tools {

static llvm::Error nameFile(llvm::StringRef path, llvm::Error error) {
  return llvm::createStringError("cannot write '" + path.str() +
                                 "': " + llvm::toString(std::move(error)));
}

static llvm::Error write(llvm::StringRef path,
                         llvm::function_ref<void(llvm::raw_ostream &)> print) {
  if (path == "-") {
    print(llvm::outs());
    llvm::outs().flush();
    if (std::error_code problem = llvm::outs().error()) {
      // A stream that dies with an unseen error ends the process.
      llvm::outs().clear_error();
      return nameFile("standard output", llvm::errorCodeToError(problem));
    }
    return llvm::Error::success();
  }
  return native::writeOutputFile(path, native::OutputKind::Data,
                                 [&](llvm::raw_ostream &stream) {
                                   print(stream);
                                   return llvm::Error::success();
                                 });
}

llvm::Error writeText(llvm::StringRef path, llvm::StringRef text) {
  return write(path, [&](llvm::raw_ostream &stream) { stream << text; });
}

llvm::Error writeModule(mlir::ModuleOp module, llvm::StringRef path) {
  return write(path, [&](llvm::raw_ostream &stream) {
    if (path.ends_with(".mlirbc")) {
      (void)mlir::writeBytecodeToFile(module, stream);
      return;
    }
    mlir::OpPrintingFlags flags;
    flags.enableDebugInfo(/*enable=*/true, /*prettyForm=*/false);
    module->print(stream, flags);
    stream << "\n";
  });
}

static llvm::Error writeTexts(const EmittedModel &model,
                              const CompilerOptions &options) {
  if (std::error_code problem = llvm::sys::fs::create_directories(
          options.output, true, llvm::sys::fs::all_all))
    return nameFile(options.output, llvm::errorCodeToError(problem));
  for (const KernelText &text : model.texts) {
    bool assembly = options.artifact == Artifact::Assembly;
    llvm::SmallString<128> path(options.output);
    llvm::sys::path::append(path, text.name + (assembly ? ".s" : ".stmt"));
    if (auto error = writeText(path, assembly ? text.assembly : text.statement))
      return error;
  }
  return llvm::Error::success();
}

/// LIB.h or LIB.json of LIB.so.
static std::string getBeside(const CompilerOptions &options,
                             llvm::StringRef extension) {
  llvm::SmallString<128> path(options.output);
  llvm::sys::path::replace_extension(path, extension);
  return path.str().str();
}

static void removeDescription(const CompilerOptions &options) {
  llvm::sys::fs::remove(getBeside(options, "h"));
  llvm::sys::fs::remove(getBeside(options, "json"));
}

llvm::Error writeArtifact(const EmittedModel &model,
                          const CompilerOptions &options) {
  if (options.artifact == Artifact::Assembly ||
      options.artifact == Artifact::HalideStatements)
    return writeTexts(model, options);
  if (options.artifact == Artifact::Object)
    return native::writeObject(model.image, options.output);

  if (!options.describe)
    return native::writeLibrary(model.image, options.output);
  std::string header = getBeside(options, "h");
  std::string json = getBeside(options, "json");
  // An output that cannot be written is better named than the files beside it.
  llvm::StringRef folder = llvm::sys::path::parent_path(options.output);
  if (!folder.empty() && !llvm::sys::fs::is_directory(folder))
    return nameFile(options.output, llvm::createStringError(
                                        "there is no folder '" + folder + "'"));
  auto writeAll = [&]() -> llvm::Error {
    if (auto error = writeText(json, model.image.json))
      return error;
    if (auto error = native::writeCHeader(
            model.image, header, llvm::sys::path::stem(options.output)))
      return error;
    return native::writeLibrary(model.image, options.output);
  };
  auto error = writeAll();
  if (error)
    removeDescription(options);
  return error;
}

void removeArtifact(const CompilerOptions &options) {
  // A folder of texts may hold files of others.
  if (options.artifact != Artifact::Object &&
      options.artifact != Artifact::Library)
    return;
  llvm::sys::fs::remove(options.output);
  if (options.artifact == Artifact::Library && options.describe)
    removeDescription(options);
}

} // namespace shiftadd::tools
