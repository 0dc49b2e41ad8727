//===- OutputFiles.cpp - Where shiftadd-compile writes -*- C++ -*-===//
//
// Part of the shiftadd project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
#include "tools/shiftadd-compile/OutputFiles.h"

#include "llvm/Support/FileSystem.h"
#include "llvm/Support/Path.h"

namespace shiftadd::tools {

bool writesIr(const CompilerOptions &options) {
  return options.lastStage != Stage::Emit || options.artifact == Artifact::Mlir;
}

std::string getDefaultOutput(const CompilerOptions &options) {
  if (writesIr(options))
    return "-";
  llvm::SmallString<128> path(llvm::sys::path::filename(options.input));
  llvm::StringRef suffix = options.artifact == Artifact::Library  ? "so"
                           : options.artifact == Artifact::Object ? "o"
                                                                  : "kernels";
  llvm::sys::path::replace_extension(path, suffix);
  return path.str().str();
}

static bool writesFolder(const CompilerOptions &options) {
  return !writesIr(options) && (options.artifact == Artifact::Assembly ||
                                options.artifact == Artifact::HalideStatements);
}

static std::string getBeside(llvm::StringRef output, const char *extension) {
  llvm::SmallString<128> path(output);
  llvm::sys::path::replace_extension(path, extension);
  return path.str().str();
}

/// All files that the options write.
static std::vector<std::string> getOutputFiles(const CompilerOptions &options) {
  std::vector<std::string> files;
  if (options.output != "-" && !writesFolder(options))
    files.push_back(options.output);
  if (options.artifact == Artifact::Library && !writesIr(options) &&
      options.describe)
    for (const char *extension : {"h", "json"})
      files.push_back(getBeside(options.output, extension));
  for (const ReportRequest &report : options.reports)
    if (!report.file.empty())
      files.push_back(report.file);
  return files;
}

static bool areSame(llvm::StringRef a, llvm::StringRef b) {
  if (llvm::sys::fs::equivalent(a, b))
    return true;
  llvm::SmallString<128> first(a), second(b);
  for (auto *path : {&first, &second}) {
    (void)llvm::sys::fs::make_absolute(*path);
    llvm::sys::path::remove_dots(*path, /*remove_dot_dot=*/true);
  }
  return first == second;
}

/// What would fail only after all the work.
static llvm::Error checkPlace(llvm::StringRef file) {
  auto wrong = [&](const llvm::Twine &reason) {
    return llvm::createStringError("cannot write '" + file + "': " + reason);
  };
  llvm::StringRef folder = llvm::sys::path::parent_path(file);
  if (!folder.empty() && !llvm::sys::fs::is_directory(folder))
    return wrong("there is no folder '" + folder + "'");
  if (llvm::sys::fs::exists(file) && !llvm::sys::fs::is_regular_file(file))
    return wrong("it exists and is not a regular file");
  if (llvm::sys::fs::access(folder.empty() ? "." : folder,
                            llvm::sys::fs::AccessMode::Write))
    return wrong("the folder cannot be written to");
  return llvm::Error::success();
}

llvm::Error checkOutputs(const CompilerOptions &options) {
  llvm::StringRef output = options.output;
  if (output == "-" && !writesIr(options))
    return llvm::createStringError("only IR can be written to the standard "
                                   "output; name a file with -o");
  int toStandardOutput = output == "-";
  for (const ReportRequest &report : options.reports)
    toStandardOutput += report.file.empty();
  if (toStandardOutput > 1)
    return llvm::createStringError(
        output == "-" ? "the IR and the report cannot both go to the standard "
                        "output; name a file with -o or --report=FORM:FILE"
                      : "two reports cannot both go to the standard output; "
                        "name a file with --report=FORM:FILE");
  llvm::StringRef extension = llvm::sys::path::extension(output);
  if (options.artifact == Artifact::Library && !writesIr(options) &&
      (extension == ".h" || extension == ".json"))
    return llvm::createStringError("'" + output +
                                   "' is the name of a file beside the "
                                   "library; give the library another one");
  std::vector<std::string> files = getOutputFiles(options);
  for (auto file = files.begin(); file != files.end(); ++file) {
    for (const std::string &input :
         {options.input, options.calibration.data, options.priceTable})
      if (!input.empty() && llvm::sys::fs::equivalent(input, *file))
        return llvm::createStringError(
            "'" + *file + "' is " +
            (input == options.input ? "the input" : "an input") +
            "; name another output");
    for (auto earlier = files.begin(); earlier != file; ++earlier)
      if (areSame(*earlier, *file))
        return llvm::createStringError(
            "'" + *file + "' would be written twice; name another output");
    if (auto error = checkPlace(*file))
      return error;
  }
  return llvm::Error::success();
}

} // namespace shiftadd::tools
