//===- LibraryTest.cpp - Whole libraries, linked and run ------------------===//
//
// Part of the shiftadd project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Links small models, loads them and looks into the files.
//
//===----------------------------------------------------------------------===//
#include "codegen/Native/Library.h"
#include "codegen/Native/Link.h"
#include "runtime/model/support_object.h"
#include "test/unit/native/Kernels.h"
#include "test/unit/native/TestModel.h"

#include "llvm/ADT/StringExtras.h"
#include "llvm/Object/ELF.h"
#include "llvm/Object/ELFObjectFile.h"

#include "gtest/gtest.h"

#include <csignal>
#include <cstring>
#include <fcntl.h>
#include <set>
#include <sys/resource.h>
#include <thread>
#include <unistd.h>

using namespace shiftadd::native;
using namespace shiftadd::native::test;

namespace {

std::string messageOf(llvm::Error error) {
  return error ? llvm::toString(std::move(error)) : "";
}

std::vector<int8_t> someImage(int seed) {
  std::vector<int8_t> image(IMAGE * IMAGE);
  for (size_t i = 0; i < image.size(); ++i)
    image[i] = int8_t(i * 7 + seed);
  return image;
}

void expectRuns(LoadedModel &loaded, int seed) {
  ASSERT_EQ(loaded.error, "");
  std::vector<int8_t> image = someImage(seed);
  std::vector<float> scores(image.size(), -5);
  const void *inputs[] = {image.data()};
  void *outputs[] = {scores.data()};
  ASSERT_EQ(loaded.model->run(loaded.context, inputs, outputs, 1), 0)
      << loaded.model->last_error(loaded.context);
  EXPECT_EQ(scores, expectedScores(image));
}

TEST(Library, RunsALinkedModel) {
  TemporaryFolder folder;
  std::string path = folder.file("model.so");
  ASSERT_EQ(messageOf(writeLibrary(makeConvolutionModel(), path)), "");
  EXPECT_EQ(folder.fileCount(), 1u);
  LoadedModel loaded(path);
  expectRuns(loaded, 0);
  expectRuns(loaded, 11);
}

TEST(Library, PicksAKernelSetOfSeveral) {
  ModelImage model = makeConvolutionModel();
  model.targets = {makeTarget("zen4", 2, "second"),
                   makeTarget("x86-64-v3", 0, "first")};
  TemporaryFolder folder;
  std::string path = folder.file("model.so");
  ASSERT_EQ(messageOf(writeLibrary(model, path)), "");
  LoadedModel loaded(path);
  expectRuns(loaded, 3);
}

TEST(Library, TheTableDescribesTheModel) {
  ModelImage model = makeConvolutionModel();
  model.inputs.push_back({"fixed", SHIFTADD_INT16, {2}, 4, {1, 2, 3, 4}});
  model.inputs.push_back({"scalar", SHIFTADD_FLOAT64, {}, 8, {}});
  TemporaryFolder folder;
  std::string path = folder.file("model.so");
  ASSERT_EQ(messageOf(writeLibrary(model, path)), "");
  LoadedModel loaded(path);
  ASSERT_EQ(loaded.error, "");
  EXPECT_EQ(loaded.model->struct_size, sizeof(shiftadd_model_v1));
  EXPECT_EQ(loaded.model->abi_version, SHIFTADD_MODEL_ABI_VERSION);
  const shiftadd_model_description &table = *loaded.model->description;
  EXPECT_EQ(table.json, model.json);
  EXPECT_EQ(table.free_batch, 0u);
  ASSERT_EQ(table.input_count, 3u);
  ASSERT_EQ(table.output_count, 1u);
  ASSERT_EQ(table.layer_count, 2u);
  EXPECT_STREQ(table.layer_names[1], "convolution");
  EXPECT_EQ(table.arena_bytes, model.arenaBytes);
  EXPECT_STREQ(table.inputs[0].name, "image");
  EXPECT_EQ(table.inputs[0].type, SHIFTADD_INT8);
  EXPECT_EQ(table.inputs[0].rank, 2);
  EXPECT_EQ(table.inputs[0].shape[1], IMAGE);
  EXPECT_EQ(table.inputs[0].bytes, uint64_t(IMAGE * IMAGE));
  EXPECT_EQ(table.inputs[0].required_value, nullptr);
  ASSERT_NE(table.inputs[1].required_value, nullptr);
  EXPECT_EQ(std::memcmp(table.inputs[1].required_value, "\1\2\3\4", 4), 0);
  EXPECT_EQ(table.inputs[2].rank, 0);
  EXPECT_STREQ(table.outputs[0].name, "scores");
}

TEST(Library, AKernelsErrorEndsTheRun) {
  TemporaryFolder folder;
  std::string path = folder.file("model.so");
  ASSERT_EQ(messageOf(writeLibrary(makeConvolutionModel(), path)), "");
  LoadedModel loaded(path);
  ASSERT_EQ(loaded.error, "");
  std::vector<int8_t> image(IMAGE * IMAGE, REFUSED_VALUE);
  std::vector<float> scores(image.size(), -5);
  const void *inputs[] = {image.data()};
  void *outputs[] = {scores.data()};
  EXPECT_NE(loaded.model->run(loaded.context, inputs, outputs, 1), 0);
  EXPECT_EQ(scores, std::vector<float>(image.size(), -5));
}

TEST(Library, ModelWithoutWeightsAndManyLaunches) {
  ModelImage model;
  model.outputs = {{"block", SHIFTADD_UINT8, {BLOCK}, BLOCK, {}}};
  model.targets = {makeTarget("x86-64-v3", 0, "first")};
  constexpr int launches = 600;
  model.arenaBytes = 2 * BLOCK;
  for (int i = 0; i < launches; ++i) {
    model.layerNames.push_back("layer " + std::to_string(i));
    Launch launch;
    launch.layer = i;
    launch.kernel = Copy;
    uint64_t from = i % 2 * BLOCK;
    launch.arguments = {{Place::Arena, 0, from},
                        {Place::Arena, 0, BLOCK - from}};
    launch.fills.push_back({{Place::Arena, 0, from + 64u * i},
                            32,
                            0,
                            1,
                            {uint8_t(i), uint8_t(i / 256)}});
    model.launches.push_back(launch);
  }
  model.launches.back().arguments[1] = {Place::Output, 0, 0};
  TemporaryFolder folder;
  std::string path = folder.file("model.so");
  ASSERT_EQ(messageOf(writeLibrary(model, path)), "");
  LoadedModel loaded(path);
  ASSERT_EQ(loaded.error, "");
  std::vector<uint8_t> block(BLOCK);
  void *outputs[] = {block.data()};
  ASSERT_EQ(loaded.model->run(loaded.context, nullptr, outputs, 1), 0);
  for (int i = 0; i < launches; ++i) {
    EXPECT_EQ(block[64 * i + 30], uint8_t(i));
    EXPECT_EQ(block[64 * i + 31], uint8_t(i / 256));
  }
}

using ElfFile = llvm::object::ELF64LEObjectFile;

std::unique_ptr<llvm::MemoryBuffer> load(const std::string &path) {
  auto buffer = llvm::MemoryBuffer::getFile(path);
  return buffer ? std::move(*buffer) : nullptr;
}

/// Name -> version of the undefined dynamic symbols, "" without one. Reads
/// .gnu.version and .gnu.version_r.
std::vector<std::pair<std::string, std::string>>
importsOf(const ElfFile &object) {
  std::vector<std::pair<std::string, std::string>> imports;
  auto versions = object.readDynsymVersions();
  if (!versions) {
    ADD_FAILURE() << llvm::toString(versions.takeError());
    return imports;
  }
  size_t index = 0;
  for (llvm::object::ELFSymbolRef symbol : object.getDynamicSymbolIterators()) {
    const llvm::object::VersionEntry &version = (*versions)[index++];
    if (llvm::cantFail(symbol.getFlags()) &
        llvm::object::SymbolRef::SF_Undefined)
      imports.emplace_back(llvm::cantFail(symbol.getName()).str(),
                           version.Name);
  }
  return imports;
}

TEST(Library, ExportsOneSymbolAndImportsVersions) {
  TemporaryFolder folder;
  std::string path = folder.file("model.so");
  ASSERT_EQ(messageOf(writeLibrary(makeConvolutionModel(), path)), "");
  auto buffer = load(path);
  ASSERT_TRUE(buffer);
  auto object = ElfFile::create(buffer->getMemBufferRef());
  ASSERT_TRUE(bool(object)) << llvm::toString(object.takeError());

  std::vector<std::string> exported;
  for (llvm::object::ELFSymbolRef symbol : object->getDynamicSymbolIterators())
    if (!(llvm::cantFail(symbol.getFlags()) &
          llvm::object::SymbolRef::SF_Undefined))
      exported.push_back(llvm::cantFail(symbol.getName()).str());
  EXPECT_EQ(exported, std::vector<std::string>{"shiftadd_model_v1"});
  EXPECT_TRUE(object->symbols().empty()) << "not stripped";

  bool tanhImported = false;
  for (const auto &[name, version] : importsOf(*object)) {
    EXPECT_EQ(version.substr(0, 6), "GLIBC_") << name;
    tanhImported |= name == "tanhf";
  }
  EXPECT_TRUE(tanhImported);

  std::set<std::string> needed;
  std::string soname;
  const auto &elf = object->getELFFile();
  uint64_t strings = 0;
  auto entries = llvm::cantFail(elf.dynamicEntries());
  for (const auto &entry : entries)
    if (entry.d_tag == llvm::ELF::DT_STRTAB)
      strings = entry.d_un.d_val;
  for (const auto &entry : entries) {
    if (entry.d_tag != llvm::ELF::DT_NEEDED &&
        entry.d_tag != llvm::ELF::DT_SONAME)
      continue;
    const char *name = reinterpret_cast<const char *>(
        llvm::cantFail(elf.toMappedAddr(strings + entry.d_un.d_val)));
    if (entry.d_tag == llvm::ELF::DT_NEEDED)
      needed.insert(name);
    else
      soname = name;
  }
  EXPECT_EQ(needed, (std::set<std::string>{"libc.so.6", "libm.so.6"}));
  EXPECT_EQ(soname, "model.so");
}

TEST(Library, EqualModelsGiveEqualBytes) {
  TemporaryFolder first, second;
  std::string library, object;
  // Other open files must not show: their numbers are in the inputs' paths.
  for (const TemporaryFolder *folder : {&first, &second}) {
    ASSERT_EQ(messageOf(writeLibrary(makeConvolutionModel(),
                                     folder->file("model.so"))),
              "");
    ASSERT_EQ(
        messageOf(writeObject(makeConvolutionModel(), folder->file("model.o"))),
        "");
    EXPECT_NE(open("/dev/null", O_RDONLY | O_CLOEXEC), -1);
  }
  EXPECT_EQ(readFile(first.file("model.so")),
            readFile(second.file("model.so")));
  EXPECT_EQ(readFile(first.file("model.o")), readFile(second.file("model.o")));
}

TEST(Library, SeveralThreadsMayLink) {
  TemporaryFolder folder;
  constexpr int links = 10;
  std::vector<std::thread> threads;
  std::vector<std::string> messages(4);
  for (size_t i = 0; i < messages.size(); ++i)
    threads.emplace_back([&, i] {
      std::string path = folder.file("model" + std::to_string(i) + ".so");
      for (int link = 0; link < links && messages[i].empty(); ++link)
        messages[i] = messageOf(writeLibrary(makeConvolutionModel(), path));
    });
  for (std::thread &thread : threads)
    thread.join();
  for (size_t i = 0; i < messages.size(); ++i) {
    EXPECT_EQ(messages[i], "");
    LoadedModel loaded(folder.file("model" + std::to_string(i) + ".so"));
    expectRuns(loaded, i);
  }
}

TEST(Library, ObjectHasOneGlobalDefinition) {
  TemporaryFolder folder;
  std::string path = folder.file("model.o");
  ASSERT_EQ(messageOf(writeObject(makeConvolutionModel(), path)), "");
  EXPECT_EQ(folder.fileCount(), 1u);
  auto buffer = load(path);
  ASSERT_TRUE(buffer);
  auto object = ElfFile::create(buffer->getMemBufferRef());
  ASSERT_TRUE(bool(object)) << llvm::toString(object.takeError());
  std::vector<std::string> globals;
  for (llvm::object::ELFSymbolRef symbol : object->symbols()) {
    uint32_t flags = llvm::cantFail(symbol.getFlags());
    if ((flags & llvm::object::SymbolRef::SF_Global) &&
        !(flags & llvm::object::SymbolRef::SF_Undefined))
      globals.push_back(llvm::cantFail(symbol.getName()).str());
  }
  EXPECT_EQ(globals, std::vector<std::string>{"shiftadd_model_v1"});
  bool stackNote = false, weights = false;
  for (llvm::object::ELFSectionRef section : object->sections()) {
    stackNote |= llvm::cantFail(section.getName()) == ".note.GNU-stack";
    weights |= llvm::cantFail(section.getName()) == ".lrodata.weights" &&
               section.getAlignment().value() == 64;
  }
  EXPECT_TRUE(stackNote);
  EXPECT_TRUE(weights);
}

TEST(Library, ObjectIsACompleteModel) {
  TemporaryFolder folder;
  ASSERT_EQ(
      messageOf(writeObject(makeConvolutionModel(), folder.file("model.o"))),
      "");
  std::string bytes = readFile(folder.file("model.o"));
  LinkInputs inputs;
  inputs.objects.push_back(llvm::cantFail(
      MemoryFile::create("object", llvm::arrayRefFromStringRef(bytes))));
  std::string path = folder.file("model.so");
  std::string message =
      messageOf(linkShared(inputs, "shiftadd_model_v1", path));
  EXPECT_NE(message.find("undefined symbol: "), std::string::npos) << message;
  inputs.libraries.push_back(llvm::cantFail(MemoryFile::create(
      "libc", {shiftadd_libc_stub, shiftadd_libc_stub_size})));
  inputs.libraries.push_back(llvm::cantFail(MemoryFile::create(
      "libm", {shiftadd_libm_stub, shiftadd_libm_stub_size})));
  ASSERT_EQ(messageOf(linkShared(inputs, "shiftadd_model_v1", path)), "");
  LoadedModel loaded(path);
  expectRuns(loaded, 5);
}

TEST(Library, BadPathIsAnErrorAndLeavesNothing) {
  EXPECT_EQ(messageOf(writeLibrary(makeConvolutionModel(), "/nowhere/x.so")),
            "cannot write '/nowhere/x.so': No such file or directory");
  EXPECT_EQ(messageOf(writeObject(makeConvolutionModel(), "/nowhere/x.o")),
            "cannot write '/nowhere/x.o': No such file or directory");
  EXPECT_EQ(messageOf(writeLibrary(makeConvolutionModel(), "")),
            "cannot write '': the name is empty");
  for (const char *path : {"/", "/dev/null"})
    EXPECT_EQ(messageOf(writeLibrary(makeConvolutionModel(), path)),
              "cannot write '" + std::string(path) +
                  "': it exists and is not a regular file");
}

TEST(Library, MissingFunctionIsAnErrorAndKeepsTheOldFile) {
  TemporaryFolder folder;
  std::string path = folder.file("model.so");
  ASSERT_EQ(messageOf(writeLibrary(makeConvolutionModel(), path)), "");
  std::string before = readFile(path);
  ModelImage model = makeConvolutionModel();
  model.targets[0].kernels[Convolution].symbol = "missing_kernel";
  std::string message = messageOf(writeLibrary(model, path));
  EXPECT_NE(message.find("undefined hidden symbol: missing_kernel"),
            std::string::npos)
      << message;
  EXPECT_EQ(message.find("/proc/self"), std::string::npos) << message;
  EXPECT_EQ(message.find('\n'), std::string::npos) << message;
  EXPECT_EQ(readFile(path), before);
  EXPECT_EQ(folder.fileCount(), 1u);
  // The linker still works.
  EXPECT_EQ(messageOf(writeLibrary(makeConvolutionModel(), path)), "");
}

/// No file of this process may grow beyond a limit: a full disk.
class FileSizeLimit {
public:
  explicit FileSizeLimit(rlim_t bytes) {
    previousHandler = std::signal(SIGXFSZ, SIG_IGN);
    getrlimit(RLIMIT_FSIZE, &previous);
    rlimit limit = {bytes, previous.rlim_max};
    setrlimit(RLIMIT_FSIZE, &limit);
  }
  ~FileSizeLimit() {
    setrlimit(RLIMIT_FSIZE, &previous);
    std::signal(SIGXFSZ, previousHandler);
  }

private:
  rlimit previous;
  void (*previousHandler)(int);
};

TEST(Library, FullDiskIsAnErrorAndLeavesNothing) {
  TemporaryFolder folder;
  ModelImage model = makeConvolutionModel();
  // The result is larger than each of its parts, and so is the only file that
  // exceeds the limit.
  model.weights.resize(100000);
  FileSizeLimit full(105000);
  EXPECT_EQ(messageOf(writeLibrary(model, folder.file("x.so"))),
            "cannot write '" + folder.file("x.so") + "': File too large");
  EXPECT_EQ(messageOf(writeObject(model, folder.file("x.o"))),
            "cannot write '" + folder.file("x.o") + "': File too large");
  EXPECT_EQ(folder.fileCount(), 0u);
}

TEST(Library, FullMemoryIsAnErrorAndLeavesNothing) {
  TemporaryFolder folder;
  FileSizeLimit full(600);
  ModelImage model = makeConvolutionModel();
  std::string message = messageOf(writeLibrary(model, folder.file("x.so")));
  EXPECT_NE(message.find("in-memory file"), std::string::npos) << message;
  message = messageOf(writeObject(model, folder.file("x.o")));
  EXPECT_NE(message.find("in-memory file"), std::string::npos) << message;
  EXPECT_EQ(folder.fileCount(), 0u);
}

TEST(Library, ContradictoryImagesAreErrors) {
  TemporaryFolder folder;
  auto expectRefused = [&](const char *part, auto change) {
    ModelImage model = makeConvolutionModel();
    change(model);
    std::string message = messageOf(writeLibrary(model, folder.file("x.so")));
    EXPECT_NE(message.find(part), std::string::npos) << message;
    EXPECT_EQ(folder.fileCount(), 0u);
  };
  expectRefused("no target", [](ModelImage &m) { m.targets.clear(); });
  expectRefused("given twice",
                [](ModelImage &m) { m.targets.push_back(m.targets[0]); });
  expectRefused("no layer", [](ModelImage &m) { m.launches[1].layer = 9; });
  expectRefused("no kernel", [](ModelImage &m) { m.launches[1].kernel = 9; });
  expectRefused("no tensor",
                [](ModelImage &m) { m.launches[0].arguments[0].index = 1; });
  expectRefused("exceed", [](ModelImage &m) {
    m.launches[1].arguments[1].offset = 1000;
  });
  expectRefused("exceed", [](ModelImage &m) { m.arenaBytes -= 1; });
  expectRefused("read-only", [](ModelImage &m) {
    m.launches[0].fills[0].start = {Place::Input, 0, 0};
  });
  expectRefused("wrong size",
                [](ModelImage &m) { m.inputs[0].requiredValue = {1}; });
  expectRefused("not known", [](ModelImage &m) { m.inputs[0].shape[0] = -1; });
  expectRefused("batch", [](ModelImage &m) { m.freeBatch = true; });
}

} // namespace
