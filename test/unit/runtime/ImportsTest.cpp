//===- ImportsTest.cpp - What a model library exports and imports ---------===//
//
// Part of the shiftadd project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Reads the dynamic symbols of a fake model, which is linked as the compiler
// links models: one export, and only default versions of libc's and libm's
// functions. A version that is not the default would bind to a function kept
// for programs of decades ago.
//
//===----------------------------------------------------------------------===//
#include "test/unit/runtime/Fixture.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cstring>
#include <dlfcn.h>
#include <elf.h>
#include <fstream>
#include <gnu/libc-version.h>
#include <iterator>
#include <map>
#include <set>

using namespace shiftadd::runtime_test;

namespace {

struct Import {
  std::string symbol;
  std::string version; ///< empty: none
  std::string library;
};

/// The dynamic symbols of an ELF shared object.
class DynamicSymbols {
public:
  explicit DynamicSymbols(const std::string &path) {
    std::ifstream stream(path, std::ios::binary);
    bytes.assign(std::istreambuf_iterator<char>(stream), {});
    if (bytes.size() < sizeof(Elf64_Ehdr))
      return;
    const auto *header = at<Elf64_Ehdr>(0);
    sections = at<Elf64_Shdr>(header->e_shoff);
    sectionCount = header->e_shnum;
    readVersions();
    readSymbols();
    readNeeded();
  }

  std::vector<Import> imports;
  std::vector<std::string> exports;
  std::set<std::string> needed;

private:
  template <typename T> const T *at(uint64_t offset) const {
    return reinterpret_cast<const T *>(bytes.data() + offset);
  }

  const Elf64_Shdr *find(uint32_t type) const {
    for (unsigned i = 0; i < sectionCount; ++i)
      if (sections[i].sh_type == type)
        return &sections[i];
    return nullptr;
  }

  const char *string(const Elf64_Shdr *user, uint64_t offset) const {
    return at<char>(sections[user->sh_link].sh_offset + offset);
  }

  void readVersions() {
    const Elf64_Shdr *section = find(SHT_GNU_verneed);
    if (!section)
      return;
    uint64_t offset = section->sh_offset;
    for (unsigned i = 0; i < section->sh_info; ++i) {
      const auto *library = at<Elf64_Verneed>(offset);
      uint64_t entry = offset + library->vn_aux;
      for (unsigned k = 0; k < library->vn_cnt; ++k) {
        const auto *version = at<Elf64_Vernaux>(entry);
        versions[version->vna_other] = {string(section, version->vna_name),
                                        string(section, library->vn_file)};
        entry += version->vna_next;
      }
      offset += library->vn_next;
    }
  }

  void readSymbols() {
    const Elf64_Shdr *table = find(SHT_DYNSYM);
    const Elf64_Shdr *versionTable = find(SHT_GNU_versym);
    if (!table || !versionTable)
      return;
    const auto *symbols = at<Elf64_Sym>(table->sh_offset);
    const auto *indices = at<Elf64_Half>(versionTable->sh_offset);
    for (uint64_t i = 1; i < table->sh_size / sizeof(Elf64_Sym); ++i) {
      const std::string name = string(table, symbols[i].st_name);
      if (symbols[i].st_shndx != SHN_UNDEF) {
        exports.push_back(name);
        continue;
      }
      auto version = versions.find(indices[i] & 0x7fff);
      imports.push_back(
          version == versions.end()
              ? Import{name, "", ""}
              : Import{name, version->second.first, version->second.second});
    }
  }

  void readNeeded() {
    const Elf64_Shdr *dynamic = find(SHT_DYNAMIC);
    if (!dynamic)
      return;
    const auto *entries = at<Elf64_Dyn>(dynamic->sh_offset);
    for (uint64_t i = 0; entries[i].d_tag != DT_NULL; ++i)
      if (entries[i].d_tag == DT_NEEDED)
        needed.insert(string(dynamic, entries[i].d_un.d_val));
  }

  std::vector<char> bytes;
  const Elf64_Shdr *sections = nullptr;
  unsigned sectionCount = 0;
  std::map<unsigned, std::pair<std::string, std::string>> versions;
};

/// The default may move on in later versions of glibc; the old one stays.
bool isReferenceLibc() { return std::string(gnu_get_libc_version()) == "2.36"; }

void expectDefaultVersion(const std::string &library, const std::string &symbol,
                          const std::string &version) {
  void *handle = dlopen(library.c_str(), RTLD_NOW);
  ASSERT_NE(handle, nullptr) << library;
  void *versioned = dlvsym(handle, symbol.c_str(), version.c_str());
  EXPECT_NE(versioned, nullptr) << symbol << "@" << version;
  if (isReferenceLibc()) {
    EXPECT_EQ(versioned, dlsym(handle, symbol.c_str()))
        << symbol << "@" << version << " is not the default";
  }
  dlclose(handle);
}

TEST(Imports, ModelLibraryBindsToDefaultVersions) {
  const DynamicSymbols model(modelPath("fixed"));
  ASSERT_GT(model.imports.size(), 10u);
  for (const Import &import : model.imports)
    expectDefaultVersion(import.library, import.symbol, import.version);
  EXPECT_EQ(model.needed, (std::set<std::string>{"libc.so.6", "libm.so.6"}));
}

TEST(Imports, ModelLibraryExportsOnlyItsTable) {
  const DynamicSymbols model(modelPath("fixed"));
  EXPECT_EQ(model.exports, std::vector<std::string>{"shiftadd_model_v1"});
}

TEST(Imports, ListHoldsDefaultVersions) {
  std::ifstream list(SHIFTADD_IMPORTS_LIST);
  int count = 0;
  for (std::string line; std::getline(list, line);) {
    if (line.empty() || line[0] == '#')
      continue;
    const size_t first = line.find(' '), second = line.find(' ', first + 1);
    expectDefaultVersion(line.substr(0, first),
                         line.substr(first + 1, second - first - 1),
                         line.substr(second + 1));
    ++count;
  }
  EXPECT_GT(count, 50);
}

} // namespace
