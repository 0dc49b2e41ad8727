//===- Link.cpp - lld inside this process ---------------------------------===//
//
// Part of the shiftadd project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// lld keeps its state in globals: two links at once in one process crash, so a
// mutex lets one through at a time.
//
// lld writes a regular file through a sparse mapping, and a disk that fills up
// then kills the process with SIGBUS. Into a pipe it writes with plain calls,
// so the output goes through one to code that checks.
//
//===----------------------------------------------------------------------===//
#include "codegen/Native/Link.h"

#include "codegen/Native/OutputFile.h"

#include "lld/Common/Driver.h"
#include "llvm/ADT/StringExtras.h"
#include "llvm/ObjCopy/ConfigManager.h"
#include "llvm/ObjCopy/ObjCopy.h"
#include "llvm/Object/Binary.h"
#include "llvm/Support/Path.h"
#include "llvm/Support/raw_ostream.h"

#include <cerrno>
#include <fcntl.h>
#include <mutex>
#include <thread>
#include <unistd.h>

LLD_HAS_DRIVER(elf)

namespace shiftadd::native {
namespace {

using Replacements = std::vector<std::pair<std::string, std::string>>;

/// The first error among lld's messages, with the line that says where from,
/// and with names that mean something to the user.
std::string firstError(llvm::StringRef messages, Replacements names) {
  llvm::SmallVector<llvm::StringRef> lines;
  messages.split(lines, '\n', -1, false);
  std::string text = "the linker failed without a message";
  for (size_t i = 0; i < lines.size(); ++i) {
    size_t start = lines[i].find("error: ");
    if (start == llvm::StringRef::npos)
      continue;
    text = lines[i].drop_front(start + strlen("error: ")).str();
    if (i + 1 < lines.size() && lines[i + 1].starts_with(">>> "))
      text += " (" + lines[i + 1].drop_front(strlen(">>> ")).str() + ")";
    break;
  }
  // The longest first: one descriptor's number may begin another's.
  llvm::sort(names, [](const auto &a, const auto &b) {
    return a.first.size() > b.first.size();
  });
  for (const auto &[from, to] : names)
    for (size_t at = text.find(from); at != std::string::npos;
         at = text.find(from, at + to.size()))
      text.replace(at, from.size(), to);
  return text;
}

/// Both ends of a pipe.
class Pipe {
public:
  Pipe() {
    if (pipe2(ends, O_CLOEXEC) != 0)
      ends[0] = ends[1] = -1;
  }
  ~Pipe() {
    for (int end : ends)
      if (end >= 0)
        close(end);
  }
  bool valid() const { return ends[0] >= 0; }
  std::string inputPath() const {
    return "/proc/self/fd/" + std::to_string(ends[1]);
  }
  void closeInput() { close(std::exchange(ends[1], -1)); }

  /// Copies until no one has the input end open any more.
  void drainTo(llvm::raw_ostream &stream) {
    std::vector<char> chunk(1 << 16);
    for (;;) {
      ssize_t count = read(ends[0], chunk.data(), chunk.size());
      if (count > 0)
        stream.write(chunk.data(), count);
      else if (count == 0 || errno != EINTR)
        return;
    }
  }

private:
  int ends[2];
};

/// Runs lld and sends what it links to `output`.
llvm::Error runLinker(const LinkInputs &inputs,
                      std::vector<std::string> arguments,
                      llvm::raw_ostream &output) {
  static std::mutex mutex;
  static bool usable = true;

  Pipe pipe;
  if (!pipe.valid())
    return llvm::createStringError(
        std::error_code(errno, std::generic_category()),
        "creating a pipe for the linker failed");
  Replacements names = {{pipe.inputPath(), "output"}};
  arguments.insert(arguments.begin(), "ld.lld");
  arguments.insert(arguments.end(), {"-m", "elf_x86_64", "-o", pipe.inputPath(),
                                     "--whole-archive"});
  auto addInputs = [&](const std::vector<MemoryFile> &files) {
    for (const MemoryFile &file : files) {
      arguments.push_back(file.path());
      names.emplace_back(file.path(), file.getName().str());
    }
  };
  addInputs(inputs.objects);
  arguments.push_back("--as-needed");
  addInputs(inputs.libraries);
  std::vector<const char *> pointers;
  for (const std::string &argument : arguments)
    pointers.push_back(argument.c_str());

  std::lock_guard<std::mutex> lock(mutex);
  if (!usable)
    return llvm::createStringError(
        "an earlier crash of the linker left this process unable to link");
  std::thread reader([&] { pipe.drainTo(output); });
  std::string messages;
  llvm::raw_string_ostream stream(messages);
  lld::Result result =
      lld::lldMain(pointers, stream, stream, {{lld::Gnu, &lld::elf::link}});
  pipe.closeInput();
  reader.join();
  usable = result.canRunAgain;
  if (result.retCode != 0)
    return llvm::createStringError(firstError(messages, names));
  return llvm::Error::success();
}

/// Copies an object and turns every global definition but one into a local one.
llvm::Error localize(llvm::StringRef object, llvm::StringRef exported,
                     llvm::raw_ostream &output) {
  llvm::Expected<std::unique_ptr<llvm::object::Binary>> binary =
      llvm::object::createBinary(
          llvm::MemoryBufferRef(object, "linked object"));
  if (!binary)
    return binary.takeError();
  llvm::objcopy::ConfigManager config;
  if (llvm::Error error = config.Common.SymbolsToKeepGlobal.addMatcher(
          llvm::objcopy::NameOrPattern::create(
              exported, llvm::objcopy::MatchStyle::Literal,
              [](llvm::Error error) { return error; })))
    return error;
  return llvm::objcopy::executeObjcopyOnBinary(config, **binary, output);
}

} // namespace

llvm::Error linkShared(const LinkInputs &inputs, llvm::StringRef exported,
                       llvm::StringRef path) {
  std::string versions = ("{ global: " + exported + "; local: *; };\n").str();
  llvm::Expected<MemoryFile> versionScript = MemoryFile::create(
      "version script", llvm::arrayRefFromStringRef(versions));
  if (!versionScript)
    return versionScript.takeError();
  // The exported symbol is the only root of --gc-sections; -z now and -z relro
  // make everything but the code's own data read-only after loading.
  std::vector<std::string> arguments = {
      "-shared",
      "--gc-sections",
      "-s",
      "-z",
      "defs",
      "-z",
      "now",
      "-z",
      "relro",
      "-z",
      "noexecstack",
      "--build-id=none",
      "--hash-style=gnu",
      "--version-script=" + versionScript->path(),
      "-soname=" + llvm::sys::path::filename(path).str()};
  return writeOutputFile(path, OutputKind::Executable,
                         [&](llvm::raw_ostream &stream) {
                           return runLinker(inputs, arguments, stream);
                         });
}

llvm::Error linkRelocatable(const LinkInputs &inputs, llvm::StringRef exported,
                            llvm::StringRef path) {
  return writeOutputFile(
      path, OutputKind::Data, [&](llvm::raw_ostream &stream) -> llvm::Error {
        llvm::SmallVector<char, 0> object;
        llvm::raw_svector_ostream objectStream(object);
        if (llvm::Error error = runLinker(inputs, {"-r"}, objectStream))
          return error;
        return localize({object.data(), object.size()}, exported, stream);
      });
}

} // namespace shiftadd::native
